"""Experiment files: everything wrong is told at once with its line, and every method's points are what it promises."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim import InputError, cli
from sim.scenario.schema import NUMBERS
from sim.study.experiments import design
from sim.study.experiments.experiment import METHODS, Experiment, Sample
from sim.study.experiments.factors import Factor, factor
from sim.study.experiments.file import parse

GOOD = """title = "Trust and distance"
claim = "Distance hurts less where trust is high."
base = "silo"
days = 130
[levers]
distance.between_teams_m = [2, 20, 60]
trust.initial = { low = 0.1, high = 0.9, levels = 3, unit = "0..1" }
practices.joint_planning = ["teams decide", "forbidden"]
[levers.liaison]
count = { low = 0, high = 3 }
[uncertainties]
conflict.lapse = "bounds"
[outcomes]
names = ["net_value", "score"]
series = ["score", "revenue"]
[sample]
method = "latin-hypercube"
points = 8
seed = 5
[replications]
markets = 3
first = 7
[compare]
near = { "communication.cost_hours" = 0.1 }
both = { communication = { cost_hours = 0.1 }, "structure.kind" = "merged" }
"""
SMALL = 'claim = "x"\n[levers]\ntrust.initial = [0.1, 0.2, 0.4]\nliaison.count = { low = 0, high = 3 }\n'


def read(text: str, tmp_path=None) -> Experiment:
    return parse(text, (tmp_path or Path()) / "file.toml")


def faults(text: str, tmp_path=None) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(text, tmp_path)
    return caught.value.problems


def of(method: str, points: int = 0, seed: int = 1, factors=None, **more) -> Experiment:
    chosen = factors or (
        Factor("trust.initial", "lever", 0.1, 0.9),
        Factor("liaison.count", "lever", 0, 3),
        Factor("practices.rules", "lever", 0, 2, ("teams decide", "mandated", "forbidden")),
        Factor("distance.between_teams_m", "lever", 2.0, 200.0, scale="log"),
    )
    return Experiment("t", "c", sim.Scenario(), chosen, sample=Sample(method, points, seed, **more))


# --- reading ---


def test_a_file_is_read_as_it_is_meant():
    made = read(GOOD)
    assert made.base == sim.read("silo").but(days=130)
    assert [f.name for f in made.factors] == [
        *("distance.between_teams_m", "trust.initial", "practices.joint_planning", "liaison.count", "conflict.lapse")
    ]
    assert made.factors[0].values == (2.0, 20.0, 60.0) and made.factors[3].whole
    lapse = NUMBERS["conflict.lapse"]
    assert (made.factors[4].low, made.factors[4].high, made.factors[4].kind) == (lapse.low, lapse.high, "uncertainty")
    assert made.outcomes == ("net_value", "score") and made.series == ("score", "revenue")
    assert made.sample == Sample("latin-hypercube", 8, 5) and made.markets == (7, 8, 9)
    assert list(made.arms) == ["base", "near", "both"] and made.arms["base"] == {}
    assert made.n_runs == 8 * 3 * 3 == len(made.design()) * len(made.arms) * len(made.markets)


def test_a_point_and_its_arms_are_the_scenarios_they_say():
    made = read(GOOD)
    point = made.design().loc[5]
    scenarios = made.scenarios(5)
    assert list(scenarios) == list(made.arms)
    assert scenarios["base"] == made.base.but(point.to_dict())
    assert scenarios["both"] == scenarios["base"].but(communication__cost_hours=0.1, structure__kind="merged")


def test_every_fault_is_told_at_once_with_its_line():
    wrong = {
        6: ("distance.between_teams_m = [2, 20, 60]", 'distance.between_teams_m = { low = 9, high = 2, unit = "km" }'),
        7: ("trust.initial", "trust.inital"),
        8: ('"forbidden"', '"forbiden"'),
        10: ("high = 3", "high = 2.5"),
        12: ('"bounds"', '{ low = 0, high = 0.1, scale = "log" }'),
        14: ("net_value", "net_valu"),
        18: ("points = 8", "points = -8"),
        21: ("markets = 3", "markets = 0"),
        24: ("communication.cost_hours", "trust.cost"),
    }
    text = GOOD
    for good, bad in wrong.values():
        assert good in text
        text = text.replace(good, bad, 1)
    told = faults(text + "[extra]\n")
    for line in wrong:
        assert any(f"line {line}:" in each for each in told), line
    assert any("extra is not known" in each for each in told)
    lines = [int(each.partition("line ")[2].partition(":")[0]) for each in told]
    assert lines == sorted(lines), "in the order of the file"
    for suggestion in ("trust.initial", "forbidden", "net_value"):
        assert any(f'did you mean "{suggestion}"' in each for each in told)
    assert any("metres" in each and "km" in each for each in told), "the unit is said"


def test_an_outcome_that_was_taken_away_is_refused_with_its_successor():
    told = faults(GOOD.replace('"net_value"', '"net_value_without_equity"', 1))
    assert any("net_value_without_equity" in each and "give contribution" in each for each in told)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("trust.initial = 0.3", "must be a list of values, a range"),
        ("trust.initial = [0.3]", "at least two values"),
        ("trust.initial = [0.3, 0.3]", "twice"),
        ("trust.initial = [0.3, 1.3]", "from 0 to 1"),
        ("trust.initial = [0.3, true]", "from 0 to 1"),
        ("trust.initial = { low = 0.3 }", "high is missing"),
        ("trust.initial = { low = 0.3, high = nan }", "from 0 to 1"),
        ("trust.initial = { low = 0.5, high = 0.5 }", "must be less than"),
        ("trust.initial = { low = 0, high = 0.5, scale = 'log' }", "above 0"),
        ("trust.initial = { low = 0, high = 0.5, scale = 'lin' }", "linear"),
        ("trust.initial = { low = 0, high = 0.5, levels = 1 }", "levels"),
        ("trust.initial = { low = 0, high = 0.5, step = 1 }", "step is not known"),
        ("practices.rules = { low = 0, high = 1 }", "takes words"),
        ("practices.rules = ['mandated', 'mandated']", "twice"),
        ("trust.affect = 'bounds'", "put it under [uncertainties]"),
        ("trust = 'bounds'", "not known"),
        ("liaison.count = { low = 0, high = 2.5 }", "whole number"),
    ],
)
def test_what_a_factor_must_not_be(given, said):
    told = faults(f'claim = "x"\n[levers]\n{given}\n')
    assert len(told) == 1 and said in told[0] and "line 3" in told[0]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ('method = "grind"', '"grid"'),
        ('method = "saltelli"\npoints = 60', "power of 2"),
        ('method = "sobol"\npoints = 3', "2 or 4"),
        ('method = "morris"\npoints = 1', "from 2"),
        ('method = "latin-hypercube"', "points is missing"),
        ('method = "grid"\npoints = 3', "says nothing"),
        ('method = "sobol"\npoints = 4\nsecond_order = true', "says nothing"),
        ('method = "points"', "CSV"),
        ('method = "latin-hypercube"\npoints = 1000000000', "GB of memory"),
    ],
)
def test_a_method_and_its_keys_must_fit(given, said):
    told = faults(SMALL + "[sample]\n" + given)
    assert len(told) == 1 and said in told[0]


def test_a_grid_needs_levels_and_saltelli_two_factors():
    one = 'claim = "x"\n[levers]\ntrust.initial = { low = 0, high = 1 }\n[sample]\n'
    assert "levels = 4" in faults(one + 'method = "grid"')[0]
    assert "two factors" in faults(one + 'method = "saltelli"\npoints = 4')[0]
    wide = 'claim = "x"\n[levers]\nliaison.count = { low = 0, high = 900 }\n[sample]\nmethod = "grid"'
    assert "levels = 4" in faults(wide)[0]


def test_too_many_points_are_refused_before_they_are_made():
    names = [n for n, number in NUMBERS.items() if number.lever and not number.choices and number.type is float]
    table = "\n".join(
        f"{name} = {{ low = {NUMBERS[name].low}, high = {NUMBERS[name].high}, levels = 1000 }}" for name in names
    )
    told = faults(f'claim = "x"\n[levers]\n{table}\n[sample]\nmethod = "grid"')
    assert len(told) == 1 and "points" in told[0] and "GB" in told[0]
    told = faults(SMALL + "[replications]\nmarkets = 1_000_000\n[sample]\nmethod = 'sobol'\npoints = 65536")
    assert len(told) == 1 and "65,536,000,000 runs" in told[0]


def test_what_no_organization_can_be_is_told_when_the_file_is_read():
    people = 'claim = "x"\nbase = "company-example"\n[levers]\nworkforce.marketers = [5, 6]\n'
    assert "counted" in faults(people)[0]
    assert "drawn from" in faults(SMALL.replace("liaison.count", "liaison.hired").replace("high = 3", "high = 1")
                                  + '[compare]\nmany = { "liaison.count" = 900 }')[0]  # fmt: skip


def test_arms_may_not_set_what_is_varied_nor_be_called_base():
    told = faults(SMALL + '[compare]\na = { "liaison.count" = 1 }\nbase = { "trust.gain" = 0.1 }\nc = {}\nd = 3')
    assert len(told) == 4 and "varies already" in told[0]


def test_a_base_that_does_not_exist_and_files_that_cannot_be_read(tmp_path):
    assert any("defualt" in each and "line 1" in each for each in faults(f'base = "defualt"\n{SMALL}'))
    assert any("there is no such file" in each for each in faults(f'base = "own.toml"\n{SMALL}', tmp_path))
    for name, said in (("none.toml", "no such file"), (".", "is a folder"), ("trust-and-distanc", "no experiment")):
        with pytest.raises(InputError) as caught:
            sim.read_experiment(tmp_path if name == "." else tmp_path / name if name.endswith("toml") else name)
        assert said in caught.value.problems[0]
    (tmp_path / "bytes.toml").write_bytes(b"claim = '\xff'")
    with pytest.raises(InputError, match="UTF-8"):
        sim.read_experiment(tmp_path / "bytes.toml")


def test_a_base_beside_the_file_is_found_and_counts_in_the_hash(tmp_path):
    (tmp_path / "own.toml").write_text('based_on = "silo"\nliaison.hired = 1\n')
    (tmp_path / "file.toml").write_text('base = "own.toml"\n' + SMALL)
    first = sim.read_experiment(tmp_path / "file.toml")
    assert first.base.values["liaison.hired"] == 1
    (tmp_path / "own.toml").write_text('based_on = "silo"\n')
    assert sim.read_experiment(tmp_path / "file.toml").hash != first.hash


MUTATIONS = st.lists(
    st.tuples(
        st.sampled_from(["cut", "double", "swap", "put"]),
        st.integers(0, len(GOOD) - 1),
        st.sampled_from(
            ["0", "-1", "nan", "1e999", '"', "[", "]", "{", "}", "=", "\n", "true", "9" * 5000, '"grid"', "'morris'",
             "levels = 3", "[[compare]]", "[levers.trust]", "\0", "é", "inf", "1979-05-27", '["a", 3]', "low = 1",
             '"points"', "method", "points = 1099511627776", 'file = "."', "{}", '""']
        ),
    ),
    min_size=1, max_size=6,
)  # fmt: skip


@given(MUTATIONS)
def test_a_damaged_file_is_read_or_refused_never_anything_else(mutations):
    text = GOOD
    for how, at, what in mutations:
        at %= max(len(text), 1)
        line = text[at : text.find("\n", at) + 1 or None]
        other = {"cut": text[:at] + text[at + len(line) :], "double": text[:at] + line + text[at:]}
        other |= {"swap": text[:at] + what + text[at + len(line) :], "put": text[:at] + what + text[at:]}
        text = other[how]
    try:
        made = read(text)
    except InputError as fault:
        assert fault.problems and all(fault.problems)
    else:
        assert made.n_points == design.count(made.sample, made.factors)


WORDS = ["grid", "bounds", "mandated", "", "x"]
NAMES = ["trust.initial", "trust", "liaison.count", "practices.rules", "conflict"]
OTHERS = ["sample", "outcomes", "replications", "compare", "days", "base", "title"]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 300) | st.floats() | st.sampled_from(WORDS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["low", "high", "scale", "levels", "unit", "initial", "count", "method", "points", "file", "markets", "names"]
    ), inner, max_size=4), max_leaves=6,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(NAMES), VALUES), st.dictionaries(st.sampled_from(OTHERS), VALUES))
def test_any_tables_are_read_or_refused(levers, more):
    from sim.study.experiments.file import _Reader

    reader = _Reader({"claim": "x", "levers": levers, **more}, Path("file.toml"), None, None)
    made = reader.experiment()
    assert (made is None) == bool(reader.faults or reader.elsewhere)


# --- points from a file ---

LISTED = 'claim = "x"\n[sample]\nmethod = "points"\nfile = "p.csv"\n'


def test_listed_points_are_taken_as_they_are(tmp_path):
    (tmp_path / "p.csv").write_text(
        "point;trust.initial;practices.rules;liaison.count\n0;0.25;mandated;1\n1;1;forbidden;2\n"
    )
    made = read('claim = "x"\n[sample]\nmethod = "points"\nfile = "p.csv"', tmp_path)
    assert made.design().to_dict("list") == {
        "trust.initial": [0.25, 1.0], "practices.rules": ["mandated", "forbidden"], "liaison.count": [1, 2]
    }  # fmt: skip
    declared = (
        'claim = "x"\n[levers]\ntrust.initial = { low = 0.5, high = 1 }\n[sample]\nmethod = "points"\nfile = "p.csv"'
    )
    assert "line 2" in faults(declared, tmp_path)[1] and "0.5 to 1" in faults(declared, tmp_path)[1]


def test_faults_of_listed_points_have_their_line(tmp_path):
    (tmp_path / "p.csv").write_text("trust.initial,practices.rules\n7,mandate\nx,forbidden\n0.2\n0.3,forbidden\n")
    told = faults(LISTED, tmp_path)
    assert [each.split(":")[0].rpartition(", ")[2] for each in told[1:]] == ["line 2", "line 2", "line 3", "line 4"]
    for content, said in (("", "empty"), ("trust.inital\n1\n", "trust.initial"), ("trust.initial\n", "no lines below"),
                          ("trust.gain,trust.gain\n0,0\n", "2 times"), ("point\n1\n", "names no number"),
                          ('trust.gain\n"0.1', "CSV")):  # fmt: skip
        (tmp_path / "p.csv").write_text(content)
        assert any(said in each for each in faults(LISTED, tmp_path)), said
    assert any("there is no such file" in each for each in faults(LISTED.replace("p.csv", "q.csv"), tmp_path))


def test_the_file_of_points_counts_in_the_hash(tmp_path):
    found = set()
    for value in ("0.1", "0.2", "0.2000000000000001"):
        (tmp_path / "p.csv").write_text(f"trust.initial\n0.3\n{value}\n")
        found.add(read(LISTED, tmp_path).hash)
    assert len(found) == 3


# --- designs ---


@pytest.mark.parametrize("method", [m for m in METHODS if m not in ("points", "grid")])
def test_every_method_keeps_to_the_ranges_and_to_its_count(method):
    made = of(method, 16)
    table = made.design()
    assert list(table.index) == list(range(design.count(made.sample, made.factors)))
    for each in made.factors:
        values = each.codes(table[each.name])
        assert ((values >= each.low) & (values <= each.high)).all(), each.name
    assert table["liaison.count"].dtype == np.int64 and set(table["practices.rules"]) <= set(made.factors[2].values)
    assert table.attrs["method"] == method and table.attrs["problem"]["num_vars"] == 4
    pd.testing.assert_frame_equal(table, of(method, 16).design())
    if method not in ("one-at-a-time",):
        assert not table.equals(of(method, 16, seed=2).design()), "another seed, other points"


def test_a_grid_is_every_combination_once():
    levels = "trust.initial = { low = 0, high = 1, levels = 5 }\nliaison.count = { low = 0, high = 2 }"
    words = 'practices.rules = ["mandated", "forbidden"]'
    made = read(f'claim = "x"\n[levers]\n{levels}\n{words}\n[sample]\nmethod = "grid"')
    table = made.design()
    assert len(table) == len(table.drop_duplicates()) == 5 * 3 * 2 == made.n_points
    assert sorted(set(table["trust.initial"])) == [0.0, 0.25, 0.5, 0.75, 1.0]


def test_a_wide_range_of_whole_numbers_is_not_taken_one_by_one():
    wide = (Factor("workforce.salespeople", "lever", 4, 900), Factor("liaison.count", "lever", 0, 3))
    table = of("one-at-a-time", factors=wide).design()
    assert table["workforce.salespeople"].nunique() <= 6 and set(table["liaison.count"]) == {0, 1, 2, 3}


def test_words_may_be_given_as_their_numbers():
    made = read('claim = "x"\n[levers]\npractices.rules = [2, 0]\n[sample]\nmethod = "grid"')
    assert made.factors[0].values == ("forbidden", "teams decide")
    assert made.factors[0].codes(made.design()["practices.rules"]).tolist() == [2, 0]


def test_one_at_a_time_moves_one_and_only_one():
    made = of("one-at-a-time")
    table = made.design()
    base = table.loc[0]
    assert base["trust.initial"] == NUMBERS["trust.initial"].default and base["practices.rules"] == "teams decide"
    moved = (table != base).sum(axis=1)
    assert moved[0] == 0 and (moved <= 1).all() and moved.sum() >= 10


def test_latin_hypercube_gives_every_whole_number_and_word_its_share():
    table = of("latin-hypercube", 12).design()
    assert table["liaison.count"].value_counts().to_dict() == dict.fromkeys(range(4), 3)
    assert set(table["practices.rules"].value_counts()) == {4}
    strata = np.floor((table["trust.initial"] - 0.1) / 0.8 * 12)
    assert sorted(strata) == list(range(12))
    logarithm = np.log(table["distance.between_teams_m"] / 2) / np.log(100)
    assert sorted(np.floor(logarithm * 12)) == list(range(12)), "equal shares of the logarithm"


def test_morris_moves_one_factor_a_step():
    table = of("morris", 6).design()
    for start in range(0, len(table), 5):
        rows = table.iloc[start : start + 5]
        moved = [(rows.iloc[i] != rows.iloc[i + 1]).to_numpy() for i in range(4)]
        assert [each.sum() for each in moved] == [1] * 4 and np.sum(moved, axis=0).tolist() == [1] * 4


def test_saltelli_exchanges_one_column_at_a_time():
    k, table = 4, of("saltelli", 4).design()
    for start in range(0, len(table), 2 * k + 2):
        block = table.iloc[start : start + 2 * k + 2].reset_index(drop=True)
        for i, name in enumerate(table.columns):
            others = [c for c in table.columns if c != name]
            assert block.loc[1 + i, others].equals(block.loc[0, others])
            assert block.loc[1 + i, name] == block.loc[2 * k + 1, name]
    assert of("saltelli", 4, second_order=False).n_points == 4 * 6


@given(st.integers(0, 5), st.integers(1, 30), st.integers(1, 400))
def test_whole_numbers_have_equal_shares(low, width, n):
    each = Factor("workforce.marketers", "lever", low, low + width)
    found = each.at((np.arange(n * (width + 1)) + 0.5) / (n * (width + 1)))
    assert np.bincount(found - low).tolist() == [n] * (width + 1)
    assert each.at([0.0, 1.0]).tolist() == [low, low + width]


@given(st.floats(1e-6, 1e6), st.floats(1e-6, 1e6), st.floats(0, 1), st.sampled_from(["linear", "log"]))
def test_a_range_is_never_left(a, b, share, scale):
    low, high = sorted((a, b))
    value = Factor("money.start_cash", "lever", low, high, scale=scale).at([share])[0]
    assert low <= value <= high


def test_the_bounds_of_every_number_are_a_factor():
    for name, number in NUMBERS.items():
        made, problems = factor(name, "uncertainty", "bounds")
        assert not problems and made.low == number.low and made.high == number.high
        assert made.at([0.0])[0] == (made.words[0] if number.choices else number.low)


# --- numbers, excerpts, hashes ---


def test_run_numbers_go_market_after_market():
    made = read(GOOD)
    work = [made.run_at(n) for n in range(made.n_runs)]
    assert [made.number_of(each) for each in work] == list(range(made.n_runs))
    assert [each.seed for each in work] == sorted(each.seed for each in work)
    assert len(set(work)) == made.n_runs


def test_an_excerpt_has_the_same_points_under_the_same_numbers():
    import pickle

    made = read(GOOD)
    part = pickle.loads(pickle.dumps(made.excerpt([6, 2, 6])))
    assert part.hash == made.hash and list(part.design().index) == [2, 6]
    assert part.scenario(6, "near") == made.scenario(6, "near")


def test_the_hash_knows_all_that_matters_and_no_more():
    first = read(GOOD).hash
    for same in (
        GOOD.replace("Trust and", "Trust, and"),
        GOOD.replace("hurts less", "hurts more"),
        "# a remark\n" + GOOD,
    ):
        assert read(same).hash == first
    for good, other in (("[2, 20, 60]", "[2, 20, 61]"), ("first = 7", "first = 8"), ("seed = 5", "seed = 6"),
                        ("days = 130", "days = 131"), ('"silo"', '"default"'), ("= 0.1 }", "= 0.2 }"),
                        ('"score"]\nseries', '"revenue"]\nseries'), ("high = 3", "high = 2")):  # fmt: skip
        assert good in GOOD and read(GOOD.replace(good, other, 1)).hash != first, other


@pytest.mark.parametrize("name", [*sim.shipped_experiments(), "GOOD", "SALTELLI", "MARKETS"])
def test_an_experiment_written_again_is_the_same(name):
    more = '[sample]\nmethod = "saltelli"\npoints = 4\nsecond_order = false\n[replications]\nmarkets = [5, 2]\n'
    texts = {"GOOD": GOOD, "SALTELLI": SMALL + more, "MARKETS": SMALL + "[replications]\nmarkets = [3]"}
    made = read(texts[name]) if name in texts else sim.read_experiment(name)
    again = parse(made.to_toml(), Path("experiment.toml"), made.base, made.given)
    assert again == made and again.hash == made.hash and again.design().equals(made.design())


# --- shipped, and the command ---


def test_shipped_experiments_read_and_are_found_by_name():
    known = sim.shipped_experiments()
    assert len(known) >= 12
    for name, path in known.items():
        made = sim.read_experiment(name)
        assert made.claim == tomllib.loads(path.read_text(encoding="utf-8"))["claim"] and made.n_runs > 0


def test_the_command_lists_foretells_and_refuses(capsys, tmp_path):
    assert cli.code_of(["experiment", "--json"]) == 0
    assert {each["name"] for each in json.loads(capsys.readouterr().out)} == set(sim.shipped_experiments())
    (tmp_path / "e.toml").write_text(GOOD)
    assert cli.code_of(["experiment", str(tmp_path / "e.toml"), "--dry-run", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["runs"] == 72 and told["points"] == 8 and told["seconds"] > 0 and told["bytes_on_disk"] > 0
    assert [p.name for p in tmp_path.iterdir()] == ["e.toml"], "a dry run writes nothing"
    assert cli.code_of(["experiment", str(tmp_path / "e.toml"), "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "8 points x 3 arms x 3 markets = 72 runs" in said and "\nClaim to test: " in said and "?:" not in said
    assert cli.code_of(["experiment", str(tmp_path / "e.toml"), "-o", str(tmp_path / "begun")]) == 0
    capsys.readouterr()
    assert (
        cli.code_of(["experiment", str(tmp_path / "e.toml"), "-o", str(tmp_path / "begun"), "--dry-run", "--json"]) == 0
    )
    told = json.loads(capsys.readouterr().out)
    assert told["done"] == told["runs"] and told["seconds"] == 0.0, "what is there already takes no time"
    assert cli.code_of(["experiment", str(tmp_path / "e.toml")]) == 2
    (tmp_path / "e.toml").write_text(GOOD.replace("low = 0.1", "low = -1"))
    assert cli.code_of(["experiment", str(tmp_path / "e.toml"), "-o", str(tmp_path / "s")]) == 3
    assert not (tmp_path / "s").exists()
    assert cli.code_of(["experiment", "nonesuch", "--dry-run"]) == 3
    assert "trust-and-distance" in capsys.readouterr().err
