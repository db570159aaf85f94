"""A user's own people and ties: the same organization from every format, and every fault with its place."""

from __future__ import annotations

import random
import shutil
from dataclasses import replace
from pathlib import Path

import networkx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.errors import InputError
from sim.intake import Columns, Grievance, OrganizationSource, Trust, read_organization
from sim.run import run
from sim.scenario import Change, Scenario, read, shipped
from sim.study.experiments.experiment import Experiment, Sample
from sim.study.experiments.factors import Factor

PEOPLE = """id,department,building,tenure_years
anna,Marketing,A,2
bert,Marketing,B,
carl,Sales North,A,0.5
dora,Sales South,B,10
emil,Sales South,,1
fred,Service,A,3
gina,,A,3
"""
TIES = """from,to,relation,value
anna,bert,advice,1
anna,carl,advice,1
anna,carl,feeling,4
carl,anna,feeling,1
carl,anna,conflict,3
anna,carl,conflict,2
dora,bert,advice,1
bert,dora,feeling,5
bert,emil,advice,0
emil,bert,feeling,3
carl,dora,advice,1
fred,anna,advice,1
emil,fred,advice,1
gina,dora,advice,1
"""


def write(folder: Path, people: str | bytes = PEOPLE, ties: str | bytes = TIES, **more) -> OrganizationSource:
    for name, content in (("people.csv", people), ("ties.csv", ties)):
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return source(people=str(folder / "people.csv"), ties=str(folder / "ties.csv"), **more)


def source(**more) -> OrganizationSource:
    given = {
        "marketing": ("Marketing",), "sales": ("Sales*",), "tie": ("advice",),
        "trust": Trust("feeling", 1, 5), "grievance": Grievance("conflict", 3),
        "columns": Columns(site="building", tenure="tenure_years"),
        "distances": (("within", 15.0), ("between", 500.0)), "keep_names": True,
    }  # fmt: skip
    return OrganizationSource(**{**given, **more})


def as_graph(kind=networkx.MultiDiGraph):
    graph = kind()
    for line in PEOPLE.splitlines()[1:]:
        who, department, building, tenure = line.split(",")
        data = {"department": department, "building": building, "tenure_years": tenure}
        graph.add_node(who, **{key: value for key, value in data.items() if value})
    for line in TIES.splitlines()[1:]:
        one, other, relation, value = line.split(",")
        graph.add_edge(one, other, relation=relation, value=float(value))
    return graph


def problems_of(source: OrganizationSource) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_organization(source)
    return caught.value.problems


def same(a, b) -> bool:
    arrays = ("team", "site", "tenure_days", "mates")
    return (
        all(np.array_equal(getattr(a, n), getattr(b, n), equal_nan=n == "tenure_days") for n in arrays)
        and a.ties.dtype == b.ties.dtype
        and all(np.array_equal(a.ties[n], b.ties[n], equal_nan=True) for n in a.ties.dtype.names)
        and (a.ids, a.site_names) == (b.ids, b.site_names)
    )


# --- what is read ------------------------------------------------------------------------------


def test_what_the_columns_mean(tmp_path):
    firm = read_organization(write(tmp_path))
    assert firm.ids == ("anna", "bert", "carl", "dora", "emil")
    assert firm.team.tolist() == [0, 0, 1, 1, 1]
    assert [firm.site_names[n] for n in firm.site] == ["A", "B", "A", "B", "(unknown)"]
    assert np.array_equal(firm.tenure_days, [520, np.nan, 130, 2600, 260], equal_nan=True)
    nan = float("nan")
    expected = [(0, 2, 0.75, 0.0, 0, 1, 15, 0), (1, 3, 1.0, nan, 0, 0, 15, 0)]
    assert len(firm.ties) == 2
    for tie, wanted in zip(firm.ties.tolist(), expected, strict=True):
        assert np.array_equal(tie, wanted, equal_nan=True)
    assert firm.mates.tolist() == [[0, 1], [1, 0], [2, 3], [3, 2]]
    told = " ".join(firm.notes)
    assert "2 people in Marketing and 3 in Sales" in told and "1 person without a department left out" in told
    assert "1 person of other departments left out" in told and "1 person of the two teams kept" in told


def test_colleagues_of_other_departments_pass_talk_on(tmp_path):
    firm = read_organization(write(tmp_path, others="colleagues"))
    over = firm.ties[firm.ties["via"] == 1]
    assert [(tie["m"], tie["s"]) for tie in over] == [(0, 4)]  # anna and emil share fred
    assert len(firm.ties) == 3
    without = read_organization(write(tmp_path))
    assert np.array_equal(firm.ties[firm.ties["via"] == 0]["trust_ms"], without.ties["trust_ms"])


def test_those_without_a_department_pass_nothing_on(tmp_path):
    people = PEOPLE.replace("fred,Service", "fred,")
    firm = read_organization(write(tmp_path, people, others="colleagues"))
    assert not firm.ties["via"].any() and "2 people without a department" in " ".join(firm.notes)


def test_distances_by_site(tmp_path):
    ties = TIES + "anna,dora,advice,1\nanna,emil,advice,1\n"
    firm = read_organization(write(tmp_path, ties=ties))
    assert firm.ties["distance"].tolist() == [15, 500, 15, 15]
    firm = read_organization(write(tmp_path, ties=ties, distances=(("B - A", 80.0),)), 7.0, 900.0)
    assert firm.ties["distance"].tolist() == [7, 80, 7, 7]


def test_marketing_wins_where_both_match_and_case_does_not_count(tmp_path):
    people = PEOPLE.replace("Marketing", "Sales & Marketing")
    firm = read_organization(write(tmp_path, people, marketing=("sales & marketing",), sales=("SALES*",)))
    assert firm.team.tolist() == [0, 0, 1, 1, 1]


def test_an_answer_given_twice_counts_once_as_its_mean(tmp_path):
    firm = read_organization(write(tmp_path, ties=TIES + "anna,carl,feeling,5\nanna,carl,feeling,3\n"))
    assert firm.ties["trust_ms"][0] == 0.75 and "2 answers given twice" in " ".join(firm.notes)


def test_every_format_gives_the_same_organization(tmp_path):
    plain = write(tmp_path)
    wanted = read_organization(plain)
    graph = as_graph()
    networkx.write_graphml(graph, tmp_path / "firm.graphml")
    for other in (source(graph=graph), source(graphml=str(tmp_path / "firm.graphml"))):
        assert same(read_organization(other), wanted)
    for people, ties in (
        (b"\xef\xbb\xbf" + PEOPLE.encode(), TIES.replace("\n", "\r\n")),
        (PEOPLE.replace(",", ";"), TIES.replace(",", "\t")),
        (PEOPLE.replace("id,dep", " id ,dep"), TIES.replace("carl", " carl ") + "\n , ,\n,,,\n"),
        (PEOPLE.replace("Marketing", '"Marketing"'), TIES),
    ):
        assert same(read_organization(write(tmp_path, people, ties)), wanted)
    assert read_organization(plain).digest == read_organization(plain).digest


def test_an_attribute_for_each_relation_and_edges_without_direction():
    graph = networkx.Graph()
    graph.add_node(1, department="Marketing")
    graph.add_node(2, department="Sales")
    graph.add_edge(1, 2, advice=1, feeling=4, conflict=4)
    firm = read_organization(source(graph=graph, columns=Columns()))
    assert firm.ids == ("1", "2") and firm.ties[["trust_ms", "trust_sm", "complaint_ms"]].tolist() == [(0.75, 0.75, 1)]


@given(seed=st.integers(0, 999))
def test_the_order_of_answers_does_not_matter_and_ties_are_lawful(tmp_path_factory, seed):
    dice, folder = random.Random(seed), tmp_path_factory.mktemp("firm")
    names = [f"p{n}" for n in range(dice.randint(2, 14))]
    team = {who: dice.choice(["Marketing", "Sales A", "Sales B", "Service", ""]) for who in names}
    team |= {"p0": "Marketing", "p1": "Sales A"}
    people = "id,department\n" + "".join(f"{who},{team[who]}\n" for who in names)
    rows = [f"{a},{b},{relation},{dice.randint(1, 5)}"
            for a in names for b in names if a != b for relation in ("advice", "feeling", "conflict") if dice.random() < 0.4]  # fmt: skip  # noqa: E501
    rows += ["p0,p1,advice,1", "p0,p1,feeling,1", "p0,p1,conflict,1"]
    head = "from,to,relation,value\n"
    options = {"columns": Columns(), "others": dice.choice(["left out", "colleagues"])}
    one = read_organization(write(folder, people, head + "\n".join(rows), **options))
    dice.shuffle(rows)
    other = read_organization(write(folder, people, head + "\n".join(rows), **options))
    assert same(one, other)
    pairs = list(zip(one.ties["m"].tolist(), one.ties["s"].tolist(), strict=True))
    assert pairs == sorted(set(pairs))
    assert (one.team[one.ties["m"]] == 0).all() and (one.team[one.ties["s"]] == 1).all()
    for name in ("trust_ms", "trust_sm"):
        assert all(np.isnan(x) or 0 <= x <= 1 for x in one.ties[name])
    assert (one.team[one.mates[:, 0]] == one.team[one.mates[:, 1]]).all() and (one.mates[:, 0] != one.mates[:, 1]).all()


def test_a_tie_that_is_only_listed_is_a_tie(tmp_path):
    """Two columns are enough; a person's tie to oneself is left out and told."""
    bare = {"trust": None, "grievance": None}
    valued = TIES.replace("emil,advice,0", "emil,advice,1").splitlines()
    said = [line.rpartition(",")[0] for line in valued if "advice" in line or line.startswith("from")]
    pairs = [line.rpartition(",")[0] for line in said]
    wanted = read_organization(write(tmp_path, ties="\n".join(valued), **bare))
    for ties, tie in ((said, ("advice",)), (said, ()), (pairs, ()), (pairs, ("advice",))):
        firm = read_organization(write(tmp_path, ties="\n".join([*ties, ties[-1].replace("gina,dora", "dora,dora")]),
                                       tie=tie, **bare))  # fmt: skip
        assert same(firm, wanted) and "1 answer of a person about oneself left out." in firm.notes
    graph = networkx.Graph([tuple(pair.split(",")) for pair in pairs[1:]])
    for node, data in as_graph().nodes(data=True):
        graph.add_node(node, **data)
    assert same(read_organization(source(graph=graph, tie=(), **bare)), wanted)


def test_people_alone_get_ties_as_a_generated_firm_has_them(tmp_path):
    """HR's list is what most have: ties by lot, told, the same in every market, and ties_per_rep acts on them."""
    write(tmp_path, PEOPLE + "".join(f"x{n},Marketing,A,1\n" for n in range(4)))
    alone = {"people": str(tmp_path / "people.csv"), "tie": (), "trust": None, "grievance": None}
    scenario = Scenario(organization=source(**alone))
    firm = scenario.load_organization()
    assert np.bincount(firm.ties["s"], minlength=9)[6:].tolist() == [3, 3, 3] and len(firm.mates)
    assert set(firm.ties["distance"]) == {15.0, 500.0} and "drawn by lot" in " ".join(firm.notes)
    more = scenario.but(workforce__ties_per_rep=5).load_organization()
    assert np.bincount(more.ties["s"], minlength=9)[6:].tolist() == [5, 5, 5]
    with pytest.raises(InputError, match="organization.tie is about ties, and no ties file"):
        source(**{**alone, "tie": ("advice",)})


# --- what is wrong -----------------------------------------------------------------------------

WRONG = {
    "duplicate id": (PEOPLE + "anna,Sales North,A,1\n", TIES, {}, ["people.csv, line 9", "line 2 already"]),
    "empty id": (PEOPLE + ",Sales North,A,1\n", TIES, {}, ["line 9", '"id" is empty']),
    "tenure": (PEOPLE + "hans,Sales North,A,long\n", TIES, {}, ["line 9", "tenure_years", '"long"', "from 0 to 80"]),
    "negative tenure": (PEOPLE + "hans,Sales North,A,-1\n", TIES, {}, ["from 0 to 80"]),
    "value's column nearly": (PEOPLE, TIES.replace("value", "valeu"), {}, ['"value"; did you mean "valeu"']),
    "own value's column": (PEOPLE, TIES, {"columns": Columns(value="weight")}, ['column "weight"']),
    "no relation's column, trust": (PEOPLE, "from,to\nanna,carl\n", {"tie": ()}, ['organization.trust: no tie has']),
    "stranger": (PEOPLE, TIES + "anna,carla,advice,1\n", {}, ["line 16", '"carla"', 'did you mean "carl"?']),
    "no number": (PEOPLE, TIES + "anna,carl,advice,much\n", {}, ["line 16", '"much" is not a number']),
    "nan": (PEOPLE, TIES + "anna,carl,advice,nan\n", {}, ['"nan" is not a number']),
    "underscore": (PEOPLE, TIES + "anna,carl,advice,1_0\n", {}, ['"1_0" is not a number']),
    "off the scale": (PEOPLE, TIES + "anna,dora,feeling,7\n", {}, ["is 7", "1 to 5"]),
    "no relation": (PEOPLE, TIES + "anna,dora,,7\n", {}, ["the relation is not named"]),
    "missing column": (PEOPLE.replace("building", "bilding"), TIES, {}, ['"building"; did you mean "bilding"']),
    "missing columns": (PEOPLE, TIES.replace("from,to", "a,b"), {}, ['column "from"', 'column "to"', 'has "a"']),
    "column twice": ("id,id,department,building,tenure_years\n", TIES, {}, ["there 2 times"]),
    "short line": (PEOPLE + "hans\n", TIES, {}, ["line 9: has 1 field, the first line has 4"]),
    "empty people": ("", TIES, {}, ["people.csv: is empty", '"department"']),
    "only a head": (PEOPLE.splitlines()[0], TIES, {}, ["people.csv: has no lines"]),
    "empty ties": (PEOPLE, " \n", {}, ["ties.csv: is empty"]),
    "latin": (PEOPLE.encode() + "jörg,Sales North,A,1\n".encode("latin-1"), TIES, {}, ["line 9: byte 0xF6", "UTF-8"]),
    "utf-16": (PEOPLE.encode("utf-16"), TIES, {}, ["UTF-16"]),
    "open quotation": (PEOPLE + '"hans,Sales North', TIES, {}, ["not valid CSV"]),
    "huge field": (PEOPLE + '"' + "x" * 200_000 + '",Sales North,A,1\n', TIES, {}, ["line 9", "not valid CSV"]),
    "no such department": (PEOPLE, TIES, {"sales": ("Salse North",)}, ["organization.sales", '"Sales North"?']),
    "empty team": (PEOPLE, TIES, {"sales": ("Marketing",)}, ["organization.sales: this team is empty"]),
    "no such relation": (PEOPLE, TIES, {"tie": ("advise",)}, ["organization.tie", 'did you mean "advice"?']),
    "no such site": (PEOPLE, TIES, {"distances": (("A - C", 3.0),)}, ['nobody is at the site "C"']),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_a_fault_is_told_with_its_place(case, tmp_path):
    people, ties, options, fragments = WRONG[case]
    problems = problems_of(write(tmp_path, people, ties, **options))
    for fragment in fragments:
        assert any(fragment in problem for problem in problems), problems


def test_all_faults_of_both_files_at_once_and_no_flood(tmp_path):
    problems = problems_of(write(tmp_path, PEOPLE + "anna,X,A,1\n", TIES + "anna,anno,advice,x\nzoe,anna,advice,1\n"))
    assert len(problems) == 4
    flood = TIES + "anna,anna,advice,x\n" * 5000
    problems = problems_of(write(tmp_path, PEOPLE, flood))
    assert len(problems) == 21 and "4,980 more" in problems[-1]


def test_files_that_are_not_there(tmp_path):
    problems = problems_of(source(people=str(tmp_path / "a.csv"), ties=str(tmp_path)))
    assert len(problems) == 2 and "no such file" in problems[0] and "is a folder" in problems[1]


@pytest.mark.parametrize("options", [
    {}, {"people": "a.csv"}, {"people": "a", "ties": "b", "graphml": "c"}, {"graphml": "a", "marketing": ()},
    {"graphml": "a", "others": "friends"}, {"graphml": "a", "trust": Trust("feeling", 5, 1)},
    {"graphml": "a", "distances": (("near", 3.0),)}, {"graphml": "a", "distances": (("within", -3.0),)},
    {"graphml": "a", "distances": (("within", float("nan")),)},
])  # fmt: skip
def test_a_mapping_that_means_nothing_is_refused(options):
    with pytest.raises(InputError):
        source(**options)


@pytest.mark.parametrize("content", [
    b"", b"no xml", b"<graphml/>", b"<a></a>", "<graphml".encode("utf-16"), b'<?xml version="1.0"?><graphml><graph>',
])  # fmt: skip
def test_a_file_that_is_no_graphml_is_refused(tmp_path, content):
    (tmp_path / "a.graphml").write_bytes(content)
    assert "a.graphml" in problems_of(source(graphml=str(tmp_path / "a.graphml")))[0]


def test_a_graphml_edge_to_a_stranger_and_a_node_twice_are_refused(tmp_path):
    path = tmp_path / "a.graphml"
    networkx.write_graphml(as_graph(), path)
    whole = path.read_text()
    path.write_text(whole.replace('target="dora"', 'target="dara"', 1))
    assert '"dara"' in problems_of(source(graphml=str(path)))[0]
    path.write_text(whole.replace('node id="bert"', 'node id="anna"', 1))
    assert any('"anna" is there twice' in problem for problem in problems_of(source(graphml=str(path))))


def test_faults_of_a_graph():
    graph = as_graph()
    graph.add_edge("anna", "bert", relation="", value=1)
    graph.add_edge("anna", "carl", relation="advice", value="x")
    problems = problems_of(source(graph=graph, columns=Columns(site="bilding")))
    assert len(problems) == 3 and 'did you mean "building"?' in problems[0]
    assert problems_of(source(graph=networkx.Graph()))


# --- within a scenario -------------------------------------------------------------------------


def test_the_sizes_of_the_teams_are_counted_and_may_not_be_set(tmp_path):
    scenario = Scenario(organization=write(tmp_path))
    assert (scenario.theory.workforce.marketers, scenario.theory.workforce.salespeople) == (2, 3)
    assert scenario.hash != Scenario().hash
    with pytest.raises(InputError, match="are counted"):
        scenario.but(workforce__marketers=3)
    later = scenario.but(changes=[Change(9, {"workforce.salespeople": 4})])
    assert [theory.workforce.salespeople for _, theory, _ in later.steps()] == [4]
    with pytest.raises(InputError, match="less than the 2 marketers"):
        _ = scenario.but(liaison__count=2).theory
    assert read_organization(write(tmp_path)).digest == scenario.load_organization().digest


def test_the_distance_lever_is_metres_on_own_people_too(tmp_path):
    """At the start and dated, with sites and without; what was measured is what a change is held against."""
    lever = "distance.between_teams_m"
    ties = TIES + "anna,dora,advice,1\nanna,emil,advice,1\n"
    for distances in ((), (("within", 15.0), ("between", 500.0))):
        today = Scenario(days=20, organization=write(tmp_path, ties=ties, distances=distances))
        mean = today.load_organization().ties["distance"].mean()
        assert today.value(lever) == pytest.approx(mean)
        for metres in (5.0, 30.0, mean):
            moved = today.but(distance__between_teams_m=metres)
            assert set(moved.load_organization().ties["distance"]) == {metres}
            assert today.differs(moved) == [(lever, today.value(lever), metres)]
            for day in (0, 9):
                plan = today.but(changes=[Change(day, {lever: metres})])
                assert set(run(plan, 3).state.firm.ties["distance"]) == {metres}
    with pytest.raises(InputError, match="cannot go back"):
        today.but(changes=[Change(9, {lever: 5.0}, days=5)])


def test_a_graph_in_python_and_the_text_it_leaves(tmp_path):
    scenario = Scenario(organization=source(graph=as_graph()))
    assert scenario.theory.workforce.salespeople == 3
    (tmp_path / "run.toml").write_text(scenario.to_toml())
    with pytest.raises(InputError, match="save it as GraphML"):
        _ = read(tmp_path / "run.toml").theory


def test_the_example_lives_beside_its_file_and_the_template_says_what_is_missing(tmp_path):
    example = read("company-example")
    assert example.theory.workforce.marketers >= 4 and example.load_organization().ties["complaint_sm"].any()
    with pytest.raises(InputError, match=r"people\.csv: there is no such file"):
        _ = read(shutil.copy(shipped()["company"], tmp_path)).theory


def test_the_template_on_real_data(tmp_path, shared_data):
    shutil.copytree(shared_data / "company", tmp_path / "company")
    scenario = read(shutil.copy(shipped()["company"], tmp_path))
    assert (scenario.theory.workforce.marketers, scenario.theory.workforce.salespeople) == (4, 28)
    firm = scenario.load_organization()
    told = " ".join(firm.notes)
    assert "32 people without a department left out" in told and "43 people of other departments left out" in told
    assert len(firm.ties) == 40 and len(firm.ids) == 32
    more = read_organization(replace(scenario.organization, others="colleagues"))
    assert (more.ties["via"] == 0).sum() == 40 and (more.ties["via"] == 1).any()


def test_a_store_on_a_networkx_graph_is_refused_when_it_is_made(tmp_path):
    """No file holds the graph, so the store could not be opened again; as GraphML it can."""
    graph = as_graph()
    networkx.write_graphml(graph, tmp_path / "firm.graphml")
    vary = (Factor("trust.gain", "lever", 0.1, 0.2, (0.1, 0.2)),)

    def made(organization):
        base = sim.Scenario(days=5, organization=organization)
        return Experiment("Own", "It matters.", base, vary, ("revenue",), sample=Sample("grid"), markets=(1,))

    with pytest.raises(InputError, match="networkx graph, which no file holds.*write_graphml"):
        sim.sweep(made(source(graph=graph)), tmp_path / "no")
    assert not (tmp_path / "no").exists()
    sim.sweep(made(source(graphml=str(tmp_path / "firm.graphml"))), tmp_path / "store")
    assert sim.open_store(tmp_path / "store").is_complete
