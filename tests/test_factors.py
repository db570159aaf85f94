"""Factors beyond numbers: dates, years, people; conditions and constraints between factors; groups of numbers."""

from __future__ import annotations

from pathlib import Path

import networkx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim import InputError
from sim.intake import read_organization
from sim.intake.drawn import KINDS, drawn_people
from sim.study.experiments import design
from sim.study.experiments.allowed import constraints_leave
from sim.study.experiments.conditions import LONGEST, read_condition
from sim.study.experiments.file import parse
from sim.study.sensitivity.sample import axes_of, blocks, fitting, groups_of, positions_of
from sim.study.sensitivity.variance import sobol
from sim.study.sweep.sweep import lived

FILE = """claim = "x"
base = "journey"
constraints = ["workforce.salespeople >= 2 * workforce.marketers"]
[levers]
workforce.salespeople = [4, 8, 12]
workforce.marketers = [2, 4]
liaison.count = [0, 1]
liaison.trust_sales = { values = [0.2, 0.5, 0.8], where = "liaison.count > 0" }
change1.day = [65, 130]
"communication.agenda.year2" = [0.3, 0.8]
[sample]
method = "grid"
[replications]
markets = 1
"""


def read(text: str, folder: Path = Path()):
    return parse(text, folder / "file.toml")


def faults(text: str, folder: Path = Path()) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(text, folder)
    return caught.value.problems


# --- dates and years ---


def test_a_year_and_a_date_are_dated_changes():
    made = read(FILE)
    point = next(p for p in range(made.n_points) if made.levers(p)["change1.day"] == 130
                 and made.levers(p)["communication.agenda.year2"] == 0.8)  # fmt: skip
    scenario = made.scenario(point)
    first = made.base.changes[0]
    assert sim.Change(130, first.values, first.shock, first.days) in scenario.changes
    assert scenario.theory_on(259).communication.agenda == made.base.theory_on(259).communication.agenda
    assert scenario.theory_on(260).communication.agenda == 0.8
    later = [c.day for c in made.base.changes if "communication.agenda" in c.values and c.day > 260]
    assert scenario.theory_on(min(later, default=1000) - 1).communication.agenda == 0.8


def test_a_lever_for_every_year_is_set_from_its_first_day_on():
    text = 'claim = "x"\nbase = "silo"\n[levers]\nliaison.count.year1 = [0, 1]\nliaison.count.year3 = [0, 2]\n'
    made = read(text + '[sample]\nmethod = "grid"\n')
    counts = {p: [made.scenario(p).theory_on(day).liaison.count for day in (0, 519, 520, 1299)] for p in range(4)}
    assert sorted(counts.values()) == [[0, 0, 0, 0], [0, 0, 2, 2], [1, 1, 0, 0], [1, 1, 2, 2]]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("change9.day = [65, 130]", "line 9: levers.change9.day: the base has"),
        ("change1.day = [65.5, 130]", "must be a whole number from 0 to 25,999"),
        ('"liaison.count.year9" = [0, 1]', "the run ends before year 9"),
        ('"liaison.cuont.year2" = [0, 1]', 'did you mean "liaison.count"'),
        ('"liaison.count.year2" = [0, -1]', "liaison.count.year2 = -1 must be a whole number from 0 to 1000"),
        ('"trust.initial.year2" = [0.2, 0.4]', "it says how a run begins"),
    ],
)
def test_dates_and_years_that_cannot_be_are_refused_with_their_line(line, said):
    told = faults(FILE.replace("change1.day = [65, 130]", line))
    assert any(said in each and "line 9" in each for each in told), told


# --- conditions and constraints ---


def test_points_that_break_a_constraint_are_left_out_and_it_is_said():
    made = read(FILE)
    table = made.design()
    assert (table["workforce.salespeople"] >= 2 * table["workforce.marketers"]).all()
    assert list(table.index) == list(range(made.n_points)) and made.n_points == 80
    assert constraints_leave(made) == (
        'the constraints leave 80 of 96 points ("workforce.salespeople >= 2 * workforce.marketers" takes out 16)'
    )


def test_a_factor_is_moved_only_where_its_condition_holds():
    made = read(FILE)
    table = made.design()
    for point in table.index:
        there = "liaison.trust_sales" in made.levers(point)
        assert there == (table.loc[point, "liaison.count"] > 0)
        if not there:
            assert made.scenario(point).value("liaison.trust_sales") == made.base.value("liaison.trust_sales")
    assert not table.duplicated().any(), "a grid has a point once where nothing else moves"


def test_constraints_see_what_is_run_and_not_what_was_drawn():
    text = FILE.replace("[levers]\n", "[levers]\nliaison.hired = [0, 1]\n", 1)
    text = text.replace(
        'constraints = ["workforce', 'constraints = ["liaison.trust_sales < 0.7 or liaison.hired == 1", "workforce'
    )
    made = read(text)
    for point in range(made.n_points):
        run = made.scenario(point)
        assert run.value("liaison.trust_sales") < 0.7 or run.value("liaison.hired") == 1


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("workforce.salespeopel >= 2", 'did you mean "workforce.salespeople"'),
        ("workforce.salespeople", "is no comparison"),
        ("__import__('os').system('x') > 0", "is no amount"),
        ("workforce.salespeople ** 9 > 1", "is no amount"),
        ("(lambda: 1)() > 0", "is no amount"),
        ("workforce.salespeople > 'many'", "takes words is compared"),
        ("practices.rules == 'mandatd'", 'did you mean "mandated"'),
        ("practices.rules > 1", "takes words"),
        ("1 < 2", "names no number"),
        ("workforce.salespeople > 1e300", "too large"),
        ("workforce.salespeople > " + "9" * 300, "too large"),
        ("(" * 90 + "1" + ")" * 90 + " >", "cannot be read"),
        ("-" * 390 + "1 > workforce.salespeople", ""),
        ("workforce.salespeople >\x00 1", "cannot be read"),
        ("x" * (LONGEST + 1), "at most 400 characters"),
        ("", "must be a condition"),
    ],
)
def test_conditions_are_refused_or_read_but_never_run(condition, said):
    found, told = read_condition(condition)
    assert (not said and found) or any(said in each for each in told), told


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="abw.(){}[]<>=!+-*/%'\" 0123456789,:@~|&^not", max_size=60))
def test_whatever_stands_in_a_condition_is_told_in_sentences(text):
    found, told = read_condition(text)
    assert (found is None) == bool(told) or told
    if found and not told:
        assert found.holds(dict.fromkeys(found.names, np.array([1.0])), 3).shape == (3,)


@given(st.integers(0, 9), st.integers(0, 9), st.booleans())
def test_a_condition_says_what_python_says(a, b, c):
    text = "not (liaison.count + 1 < 2 * workforce.mates) or workforce.mates / 2 == 1 and liaison.hired != 1"
    found, _ = read_condition(text)
    assert found is not None
    held = found.holds({"liaison.count": np.array([a]), "workforce.mates": np.array([b]), "liaison.hired": int(c)}, 1)
    assert held[0] == (not (a + 1 < 2 * b) or b / 2 == 1 and int(c) != 1)


@pytest.mark.parametrize(
    ("old", "new", "said", "line"),
    [
        ('["workforce.salespeople >= 2', '["workforce.salespeople >= 9', "there is nothing to run", 3),
        ('["workforce.salespeople >= 2 * workforce.marketers"]', '["trust.gain > 0"]', "is about no factor", 3),
        ('["workforce.salespeople >= 2 * workforce.marketers"]', '"x"', "must be a list of conditions", 3),
        ("liaison.count > 0", "liaison.trust_sales > 0", "asks for liaison.trust_sales itself", 8),
        ("liaison.count > 0", "liaison.cuont > 0", 'did you mean "liaison.count"', 8),
    ],
)
def test_a_wrong_condition_is_told_with_its_line(old, new, said, line):
    told = faults(FILE.replace(old, new))
    assert any(said in each and f"line {line}:" in each for each in told), told


@pytest.mark.parametrize("method", ["saltelli", "morris"])
def test_blocks_with_gaps_are_refused_before_any_run(method):
    text = FILE[: FILE.index("liaison.count")] + f'[sample]\nmethod = "{method}"\npoints = 8\n'
    (told,) = faults(text)
    assert "line 3: the constraints leave" in told and f'method = "{method}" needs every point' in told


def test_what_is_kept_of_a_file_reads_back_to_the_same(tmp_path):
    made = read(FILE)
    (tmp_path / "base.toml").write_text(made.base.to_toml())
    again = read(made.to_toml(), tmp_path)
    assert again.design().equals(made.design()) and again.factors == made.factors
    assert again.hash == made.hash and again.constraints == made.constraints
    assert read(FILE.replace("2 *", "3 *")).hash != made.hash


def test_a_store_of_such_factors_runs_and_opens(tmp_path):
    text = FILE.replace('base = "journey"', 'base = "silo"\ndays = 265').replace("change1.day = [65, 130]\n", "")
    made = read(text.replace("[4, 8, 12]", "[4, 8]").replace("[0.2, 0.5, 0.8]", "[0.2, 0.8]"))
    with pytest.warns(sim.errors.Told, match="the constraints leave 18 of 24"):
        store = sim.sweep(made, tmp_path / "store")
    assert store.is_complete and not len(store.failed) and sim.open_store(tmp_path / "store").experiment == made
    again = sim.open_store(tmp_path / "store").experiment
    assert again.hash == made.hash and [again.levers(p) for p in range(18)] == [made.levers(p) for p in range(18)]


# --- people ---


def graph(marketers: int, salespeople: int) -> networkx.Graph:
    return drawn_people("random", marketers, salespeople, 2, 2).graph


@pytest.fixture
def nets(tmp_path):
    (tmp_path / "nets").mkdir()
    for name, sizes in (("small", (2, 4)), ("large", (4, 8))):
        networkx.write_graphml(graph(*sizes), tmp_path / "nets" / f"{name}.graphml")
    return tmp_path


OF_PEOPLE = 'claim = "x"\nbase = "silo"\ndays = 5\n[levers]\norganization.people = {}\n{}\n[sample]\nmethod = "grid"\n'


def test_networks_and_organizations_are_a_factor(nets, baton, tmp_path):
    text = OF_PEOPLE.format('["base", "nets", "hubs", "islands"]', "workforce.ties_per_rep = [1, 3]")
    text = text.replace("[sample]", "[replications]\nmarkets = 1\n[sample]")
    text = text.replace(
        "ties_per_rep = [1, 3]", "ties_per_rep = { values = [1, 3], where = 'organization.people == \"hubs\"' }"
    )
    made = read(text, nets)
    assert list(made.design()["organization.people"]) == ["base", "large", "small", "hubs", "hubs", "islands"]
    sizes = [lived(made.scenario(p), 1).firm.people["team"].size for p in range(made.n_points)]
    assert sizes[1] > sizes[2] and len(made.scenario(2).load_organization().team) == 6
    ties = [len(made.scenario(p).load_organization().ties) for p in (3, 4)]
    assert ties[1] == 3 * ties[0]
    store = sim.sweep(made, tmp_path / "store")
    assert store.is_complete and not len(store.failed)
    assert str(nets) not in (tmp_path / "store" / "experiment.toml").read_text()
    kept = sim.open_store(tmp_path / "store").experiment
    assert kept.hash == made.hash and "run the experiment's own file" in possible(kept, 1)
    code, out, _ = baton("export", "bundle", tmp_path / "store", "-o", tmp_path / "paper.zip")
    assert code == 0 and "The people of large, small are not in it" in out
    code, out, _ = baton("export", "csv", tmp_path / "store", "-o", tmp_path / "csv")
    assert code == 0 and "whose people the firm has" in (tmp_path / "csv" / "columns.csv").read_text()
    code, _, err = baton("experiment", tmp_path / "store", "--markets", 50)
    assert code == 2 and "by its experiment's file" in err
    with pytest.raises(InputError, match="the people of large, small are not in the store"):
        sim.sweep(kept, tmp_path / "again")
    before = {path: path.read_bytes() for path in (tmp_path / "store").rglob("*") if path.is_file()}
    code, _, err = baton("experiment", tmp_path / "store", "--until-known", "score", "--most", 10)
    assert code == 3 and "the people of large, small are not in the store" in " ".join(err.split())
    assert before == {path: path.read_bytes() for path in before}, "refused before anything was written"
    (nets / "again.toml").write_text(text)
    line = ("experiment", nets / "again.toml", "-o", tmp_path / "store", "--until-known", "score", "--most", 10)
    for _ in range(2):  # by its own file it goes on, and a second time from where it has grown to
        code, out, _ = baton(*line)
        said = " ".join(out.split())
        assert code == 4 and "no look is at fewer than 40 markets of each point" in said
        assert sim.open_store(tmp_path / "store").is_complete and "to point 0: 5 open" in said
    assert sim.open_store(tmp_path / "store").experiment.counts.tolist() == [8] * 6
    (nets / "nets" / "small.graphml").write_bytes((nets / "nets" / "large.graphml").read_bytes())
    assert read(text, nets).hash != made.hash, "other people are another experiment"


def possible(experiment, point: int) -> str:
    with pytest.raises(InputError) as caught:
        experiment.scenario(point)
    return str(caught.value)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ('["base", "nots"]', 'there is no file, folder or scenario "nots"'),
        ('["base", "hub"]', 'did you mean "hubs"'),
        ('["base"]', "give from 2"),
        ('["nets", "nets/small.graphml"]', 'two are called "small"'),
        ("3", "must be a list of texts"),
        ('["base", "silo"]', "has no people of its own"),
        ('["base", "broken.graphml"]', "is not a GraphML file"),
    ],
)
def test_people_that_cannot_be_are_refused(given, said, nets):
    (nets / "broken.graphml").write_text("<graphml")
    assert any(said in each for each in faults(OF_PEOPLE.format(given, ""), nets))


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(KINDS),
    st.integers(1, 12),
    st.integers(1, 20),
    st.integers(1, 6),
    st.integers(0, 6),
    st.integers(0, 5),
)
def test_drawn_networks_have_the_people_and_ties_that_were_asked_for(kind, marketers, salespeople, ties, mates, draw):
    source = drawn_people(kind, marketers, salespeople, ties, mates, draw)
    found = read_organization(source)
    assert len(found.team) == marketers + salespeople
    assert len(found.ties) <= min(ties * salespeople, marketers * salespeople)
    if kind != "islands":
        assert len(found.ties) == min(ties * salespeople, marketers * salespeople)
    assert networkx.utils.graphs_equal(
        source.graph, drawn_people(kind, marketers, salespeople, ties, mates, draw).graph
    )


def test_kinds_of_networks_are_what_they_are_called():
    def most(kind: str) -> float:
        shares = []
        for draw in range(10):
            ties = read_organization(drawn_people(kind, 10, 20, 3, 2, draw)).ties
            shares.append(np.bincount(ties["m"], minlength=10).max() / len(ties))
        return float(np.mean(shares))

    assert most("hubs") > 1.4 * most("random")
    gap = networkx.Graph((a, b) for a, b in drawn_people("islands", 10, 20, 3, 0).graph.edges)
    assert networkx.number_connected_components(gap) >= 5


# --- groups ---


GROUPED = """claim = "x"
[levers]
trust.initial = { low = 0.1, high = 0.6, group = "trust" }
liaison.count = { low = 0, high = 2 }
trust.gain = { range = "plausible", group = "trust" }
trust.loss = "plausible"
[sample]
method = "saltelli"
points = 16
second_order = false
"""


def test_groups_of_numbers_are_moved_together():
    made = read(GROUPED)
    table = made.design()
    assert made.n_points == 16 * (3 + 2) == design.count(made.sample, made.factors)
    axes = axes_of(made.factors, table)
    P, (merged, inside) = positions_of(axes, table), groups_of(axes)
    assert [axis.name for axis in merged] == ["trust", "trust.loss", "liaison.count"]
    assert blocks(P) is None and blocks(P, inside).count == 16 and fitting(P, "saltelli", inside) == ["sobol"]


def test_a_group_has_the_share_that_its_numbers_have_together():
    made = read(GROUPED.replace("points = 16", "points = 1024").replace("high = 2 }", "high = 2, group = 'other' }"))
    table = made.design()
    axes = axes_of(made.factors, table)
    P = positions_of(axes, table)
    Y = np.column_stack([P[:, :3].sum(1)] * 2)  # trust.initial and trust.gain, of one group, and trust.loss
    found = sobol(axes, P, Y, table).table
    assert set(found.index) == {"trust", "other", "trust.loss"}
    assert found.loc["trust", "total"] == pytest.approx(2 / 3, abs=0.05)
    assert found.loc["trust.loss", "total"] == pytest.approx(1 / 3, abs=0.05)
    assert found.loc["other", "total"] == pytest.approx(0, abs=0.01)


def test_a_group_that_says_nothing_is_refused():
    told = faults(
        GROUPED.replace('method = "saltelli"', 'method = "latin-hypercube"').replace("second_order = false\n", "")
    )
    assert len(told) == 2 and all('belongs to "saltelli"' in each for each in told)


def test_other_libraries_samplers_are_not_given_what_they_know_nothing_of():
    with pytest.raises(InputError, match="which other libraries' samplers know nothing of"):
        sim.salib_problem(read(FILE))


def test_the_files_that_the_guide_shows_are_read(nets):
    """The first asks for a firm of the reader's own, which is a scenario with people here."""
    guide = (Path(__file__).parents[1] / "docs/guides/experiments.md").read_text(encoding="utf-8")
    first, second = [part.partition("```")[0] for part in guide.split("```toml\n")[1:]]
    firm = '[organization]\ngraphml = "nets/small.graphml"\nmarketing = ["Marketing"]\nsales = ["Sales"]\n'
    (nets / "firm.toml").write_text(firm)
    made = read(first, nets)
    assert [f.name for f in made.factors][2:] == ["organization.people", "organization.draw"]
    assert made.factors[2].values == ("base", "large", "small", "hubs", "firm")
    made = read(second)
    assert 0 < made.n_points < 100 and constraints_leave(made)
