"""Scenario files: what is read is what was written, and what is wrong is told in full."""

from __future__ import annotations

import pickle
import random
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.errors import InputError
from sim.model.theory import SHOCKS, Kind, Mode, Theory, numbers
from sim.scenario import Change, Scenario, read, shipped
from sim.scenario.faces import FACES
from sim.scenario.refusals import AT_THE_START
from sim.scenario.schema import WENT, in_speech, in_words, spoken, words

NUMBERS = numbers()
SILO = shipped()["silo"].read_text()


def written(tmp_path: Path, toml: str | bytes, name: str = "mine.toml") -> Path:
    path = tmp_path / name
    path.write_bytes(toml if isinstance(toml, bytes) else toml.encode())
    return path


def problems_of(path: Path | str) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(path)
    return caught.value.problems


# --- what is right -----------------------------------------------------------------------------


def test_nothing_given_is_the_default_firm():
    scenario = read()
    assert scenario.theory == Theory() and not scenario.values and not scenario.changes
    assert scenario.title and scenario.question and scenario.days == 1300


def test_at_least_the_promised_scenarios_are_shipped():
    promised = """default silo liaison liaison-distrusted liaison-distrusted-by-marketing near-cheap
        near-distrust-mandated far-dear remote small-simple small-simple-integrated growth
        growth-integrated marketing-under-sales sales-under-marketing merged one-chief pure-pull
        pure-push bad-leads liaison-leaves reorganization mandated silo-mandated forbidden
        twenty-years company company-example"""
    assert set(promised.split()) <= set(shipped())


@pytest.mark.parametrize("name", sorted(shipped()))
def test_every_shipped_scenario_reads_asks_and_comes_back_from_its_text(name, tmp_path):
    scenario = read(name)
    assert scenario.title and scenario.question.endswith("?")
    again = read(written(tmp_path, scenario.to_toml()))
    assert again == scenario and hash(again) == hash(scenario)
    assert again.to_toml() == scenario.to_toml()
    if name != "company":  # a template: its files are the user's own
        assert again.hash == scenario.hash and len(scenario.hash) == 16
        assert pickle.loads(pickle.dumps(scenario)) == scenario


@pytest.mark.parametrize("name", sorted(shipped()))
def test_every_choice_in_a_shipped_file_says_why(name):
    lines = shipped()[name].read_text().splitlines()
    bare = [line for line in lines if "=" in line and "#" not in line]
    face = ("title", "question", "based_on", "columns")
    mandates = "practices]  #" in "\n".join(lines)  # one reason for all eight
    assert all(line.startswith(face) or (mandates and line.endswith(('"mandated"', '"forbidden"'))) for line in bare)


def values_of(name: str) -> st.SearchStrategy:
    number = NUMBERS[name]
    if number.type is int:
        return st.integers(int(number.low), int(number.high))
    return st.floats(number.low, number.high, allow_nan=False)


GROUPS = ("workforce", "liaison")
HARMLESS = [n for n, x in NUMBERS.items() if not x.fixed and n.split(".")[0] not in GROUPS and n not in AT_THE_START]
LEVERS = st.lists(st.sampled_from(HARMLESS), max_size=6, unique=True).flatmap(
    lambda names: st.fixed_dictionaries({name: values_of(name) for name in names})
)
CHANGES = st.lists(
    st.builds(
        lambda day, values, days, shock: Change(day, values, None if values else shock, days if values else None),
        st.integers(0, 1299), LEVERS, st.none() | st.integers(1, 2000), st.sampled_from(SHOCKS),
    ),
    max_size=3,
)  # fmt: skip


@given(values=LEVERS, changes=CHANGES, title=st.text(st.characters(exclude_categories=["Cs"])))
def test_any_scenario_comes_back_from_its_text(tmp_path_factory, values, changes, title):
    scenario = Scenario(title=title, values=values, changes=tuple(changes))
    again = read(written(tmp_path_factory.mktemp("toml"), scenario.to_toml()))
    assert again == scenario
    assert again.hash == scenario.hash
    assert again.theory == scenario.theory and again.steps() == scenario.steps()
    assert not scenario.differs(again)


@given(values=LEVERS)
def test_the_theory_holds_what_was_set_and_the_default_elsewhere(values):
    theory = Scenario(values=values).theory
    for name, number in NUMBERS.items():
        group, key = name.split(".")
        assert getattr(getattr(theory, group), key) == values.get(name, number.default)
        assert type(getattr(getattr(theory, group), key)) is number.type


def test_words_stand_for_the_choices(tmp_path):
    scenario = read(written(tmp_path, '[structure]\nkind = "marketing under sales"\n[practices]\nrules = "forbidden"'))
    assert scenario.theory.structure.kind == Kind.MARKETING_UNDER_SALES
    assert scenario.theory.practices.rules == Mode.FORBIDDEN
    assert Scenario().but(practices__rules=2, structure__kind=Kind.MARKETING_UNDER_SALES) == Scenario().but(
        scenario.values
    )
    for name, number in NUMBERS.items():
        if number.choices:
            assert [in_words(name, value) for value in number.choices] == list(words(number))


def test_a_practice_with_a_day_is_a_dated_change(tmp_path):
    scenario = read(written(tmp_path, '[practices]\nrules = {mode = "mandated", day = 260}\nevents = "mandated"'))
    assert scenario.changes == (Change(260, {"practices.rules": 1}),)
    assert dict(scenario.values) == {"practices.events": 1}


def test_a_file_takes_over_what_it_is_based_on(tmp_path):
    written(
        tmp_path, 'days = 900\n[trust]\ngain = 0.1\nloss = 0.2\n[[changes]]\nday = 5\nshock = "training"', "base.toml"
    )
    child = read(written(tmp_path, 'based_on = "base.toml"\n[trust]\ngain = 0.2'))
    assert dict(child.values) == {"trust.gain": 0.2, "trust.loss": 0.2}
    assert (child.title, child.question, child.days) == ("mine", "", 900)
    assert child.changes == (Change(5, shock="training"),)
    assert read(written(tmp_path, 'based_on = "base.toml"\nchanges = []')).changes == ()
    assert read("liaison-leaves").values == read("liaison").values


def test_setting_a_number_to_its_default_says_nothing():
    scenario = Scenario().but(trust__gain=NUMBERS["trust.gain"].default)
    assert scenario == Scenario() and scenario.to_toml() == Scenario().to_toml()
    assert read("silo").but(read().values) == read("silo")


def test_content_decides_equality_and_only_content_of_the_run_its_hash():
    silo = read("silo")
    assert silo.but() == silo and silo.but(title="Other") != silo
    assert silo.but(title="Other", question="?").hash == silo.hash
    assert len({read(name).hash for name in shipped() if name != "company"}) == len(shipped()) - 1
    assert silo.but(days=1301).hash != silo.hash
    assert silo.but(changes=[Change(3, {"trust.gain": 0.5})]).hash != silo.hash
    with pytest.raises(AttributeError):
        silo.days = 5  # type: ignore[misc]


def test_differences_have_names_and_words():
    a, b = Scenario(), Scenario().but(practices__rules=1, days=260, changes=[Change(9, {"trust.gain": 0.5}, days=2)])
    assert a.differs(b) == [
        ("days", 1300, 260),
        ("practices.rules", "teams decide", "mandated"),
        ("changes", "", "day 9 for 2 days: trust.gain = 0.5"),
    ]
    assert [(name, y, x) for name, x, y in b.differs(a)] == a.differs(b)


# --- time --------------------------------------------------------------------------------------


def test_numbers_go_back_when_a_change_ends():
    scenario = read("bad-leads")
    assert [(day, theory.shock.bad_leads) for day, theory, _ in scenario.steps()] == [(520, 0.7), (585, 0.0)]


def test_the_later_of_two_changes_counts_and_what_lies_under_it_comes_back():
    scenario = Scenario().but(changes=[
        Change(300, {"trust.gain": 0.3}, days=100),
        Change(200, {"trust.gain": 0.2}, days=150),
        Change(100, {"trust.gain": 0.1}),
    ])  # fmt: skip
    assert [(day, theory.trust.gain) for day, theory, _ in scenario.steps()] == [
        (100, 0.1),
        (200, 0.2),
        (300, 0.3),
        (400, 0.1),
    ]


def test_day_0_is_in_the_theory_and_a_shock_is_a_step_of_its_own():
    scenario = Scenario().but(changes=[
        Change(0, {"trust.gain": 0.3}, days=10), Change(0, shock="training"),
        Change(10, shock="deception"), Change(10, shock="training"),
    ])  # fmt: skip
    assert scenario.theory.trust.gain == 0.3
    usual = Scenario().theory.trust.gain
    assert [(day, theory.trust.gain, shock) for day, theory, shock in scenario.steps()] == [
        (0, 0.3, "training"), (10, usual, "deception"), (10, usual, "training"),
    ]  # fmt: skip


@given(changes=CHANGES, day=st.integers(0, 1299))
def test_steps_tell_what_is_in_force_on_any_day(changes, day):
    scenario = Scenario(changes=tuple(changes))
    steps = scenario.steps()
    assert [s[0] for s in steps] == sorted(s[0] for s in steps) and all(s[0] < scenario.days for s in steps)
    told = [scenario.theory] + [theory for begin, theory, _ in steps if begin <= day]
    assert told[-1] == scenario.theory_on(day)


# --- what is wrong -----------------------------------------------------------------------------

WRONG = {
    "[trust]\ngian = 0.3": ["line 2", "trust.gian", 'did you mean "trust.gain"?'],
    "[trsut]\ngain = 0.3": ["line 1", "trsut", 'did you mean "trust"?'],
    "gain = 0.3": ["line 1", 'did you mean "trust.gain"?'],
    "[trust]\ncount = 3": ['did you mean "liaison.count"?'],
    "[trust]\ngain = 1.01": ["trust.gain = 1.01", "from 0 to 1", "0..1 per kept promise"],
    "[trust]\ngain = nan": ["trust.gain = nan"],
    "[trust]\ngain = inf": ["trust.gain = inf"],
    "[trust]\ngain = true": ["trust.gain = true"],
    '[trust]\ngain = "0.3"': ['trust.gain = "0.3"'],
    "[trust]\ngain = [0.3]": ["trust.gain"],
    "[trust]\ngain = 2020-01-01": ["trust.gain"],
    f"[trust]\ngain = 0x{'f' * 9000}": ["a number of thousands of digits"],
    f"[trust]\ngain = {'9' * 9000}": ["not valid TOML"],
    "trust = 3": ["trust = 3 must be a table"],
    "[liaison]\ncount = 1.0": ["a whole number from 0 to 1000 (people)"],
    "[liaison]\ncount = true": ["a whole number"],
    "[liaison]\ncount = 12": ["less than the 12 marketers"],
    "[[changes]]\nday = 3\nliaison.count = 12": ["liaison.count = 12 on day 3"],
    "[workforce]\nmarketers = 0": ["from 1 to 1000000"],
    "[workforce]\nmarketers = 1_000_000_000": ["from 1 to 1000000"],
    "[workforce]\nmarketers = 1_000_000\nsalespeople = 1_000_000\n[[changes]]\nday = 1\nshock = 'training'": [
        "GB of memory"
    ],
    '[practices]\nrules = "mandate"': ['"teams decide", "mandated", "forbidden"', 'did you mean "mandated"?'],
    "[practices]\nrules = 1": ['one of "teams decide"'],
    '[practices]\nrules = {mode = "mandated"}': ["day = 260"],
    '[practices]\nrules = {mode = "mandated", day = -1}': ["practices.rules: day = -1"],
    '[practices]\nrules = {mode = "mandated", day = 1300}': ["after the end"],
    "days = 0": ["from 1 to 26000"],
    "days = 26001": ["from 1 to 26000"],
    "days = 1300.0": ["a whole number"],
    "title = 3": ["a text"],
    "based_on = 3": ["name or path"],
    'based_on = "sillo"': ['did you mean "silo"?'],
    'based_on = "mine.toml"': ["in a circle"],
    "changes = 3": ["[[changes]]"],
    "[changes]\nday = 3": ["[[changes]]"],
    '[[changes]]\nshock = "training"': ["day is missing"],
    "[[changes]]\nday = 3": ["changes nothing"],
    "[[changes]]\nday = 3\nshock = 'liason leaves'": ['did you mean "liaison leaves"?'],
    "[[changes]]\nday = 3\nshock = 4": ["shock = 4"],
    "[[changes]]\nday = 3\ndays = 5\nshock = 'training'": ["one day"],
    "[[changes]]\nday = 1300\nshock = 'training'": ["line 2", "day = 1300 is after the end", "0 to 1299"],
    "[[changes]]\nday = 3\ntrust.gain = 7\n[[changes]]\nday = -1\ntrust.gain = 0.1": [
        "changes 1: trust.gain = 7",
        "day = -1",
    ],
    "[organization]\nties = 'a.csv'": ["people alone will do", "organization.marketing", "organization.sales"],
    "[organization]\npeeple = 'a.csv'": ['did you mean "organization.people"?'],
    "x = [": ["not valid TOML"],
    "x = " + "[" * 9000: ["not valid TOML"],
    " \n": ["is empty"],
}


@pytest.mark.parametrize("toml", WRONG)
def test_a_fault_is_told_with_its_place_and_what_is_allowed(toml, tmp_path):
    problems = problems_of(written(tmp_path, toml))
    for fragment in ["mine.toml", *WRONG[toml]]:
        assert any(fragment in problem for problem in problems), problems
    assert all("\n" not in problem or "TOML" in problem for problem in problems)


def test_all_faults_of_a_file_at_once_in_the_order_of_its_lines(tmp_path):
    toml = "days = 0\n[trust]\ngian = 1\ngain = 3\nloss = nan\n[liaison]\ncount = 30\n[[changes]]\nday = 9999\nx = 1"
    problems = problems_of(written(tmp_path, toml))
    assert [problem.split(":")[0].split("line ")[1] for problem in problems] == ["1", "3", "4", "5", "7", "9", "10"]


def test_faults_of_the_base_are_told_with_its_own_name(tmp_path):
    written(tmp_path, "[trust]\ngain = 3", "base.toml")
    problems = problems_of(written(tmp_path, 'based_on = "base.toml"\n[trust]\nloss = 3'))
    assert ["mine.toml" in p for p in problems] == [True, True, False] and "base.toml, line 2" in problems[2]


def test_files_that_are_no_text(tmp_path):
    assert "0xE9" in problems_of(written(tmp_path, 'title = "Café"'.encode("latin-1")))[0]
    assert "UTF-16" in problems_of(written(tmp_path, SILO.encode("utf-16")))[0]
    assert "larger" in problems_of(written(tmp_path, b"#" * 1_000_001))[0]
    assert "is empty" in problems_of(written(tmp_path, b""))[0]
    assert "is a folder" in problems_of(tmp_path)[0]
    assert 'did you mean "mine.toml"?' in problems_of(tmp_path / "mien.toml")[0]
    assert read(written(tmp_path, b"\xef\xbb\xbf" + SILO.encode())).values == read("silo").values


def test_names_that_are_not_there():
    assert 'did you mean "silo"?' in problems_of("sillo")[0]
    assert 'called "silo"' in problems_of("nowhere/silo.toml")[0]
    assert problems_of("zebra")[0].endswith('"zebra"; see baton scenarios list')
    for name in ("a\0b", "a\0b.toml", "", "zebra"):
        assert problems_of(name)


@pytest.mark.parametrize("more, fragment", [
    ({"liason__count": 1}, 'did you mean "liaison__count"?'),
    ({"dayz": 1}, 'did you mean "days"?'),
    ({"liaison__count": 1.5}, "a whole number"),
    ({"trust__gain": float("nan")}, "trust.gain = nan"),
    ({"trust__gain": None}, "trust.gain = None"),
    ({"practices__rules": 7}, "teams decide"),
    ({"days": True}, "days = true"),
    ({"title": 3}, "a text"),
    ({"changes": 3}, "sim.Change"),
    ({"organization": 3}, "OrganizationSource"),
    ({"days": 10, "changes": [Change(20, shock="training")]}, "after the end"),
])  # fmt: skip
def test_but_refuses_with_a_suggestion(more, fragment):
    with pytest.raises(InputError, match=None) as caught:
        Scenario().but(**more)
    assert fragment in str(caught.value)
    with pytest.raises(InputError, match=r'did you mean "trust.gain"\?'):
        Scenario().but({"trust.gian": 1})


def test_but_tells_everything_at_once():
    with pytest.raises(InputError) as caught:
        Scenario().but(liason__count=1, trust__gain=3, trust__loss=3)
    assert len(caught.value.problems) == 3


# --- mutated files -----------------------------------------------------------------------------

PIECES = ["=", "[", "]", "[[", "\n", "nan", "-1", "1e400", '"', "{}", "true", "[organization]", "\0", "\u2028", "é"]


def mutated(data: random.Random) -> bytes:
    """A shipped file with a few of its bytes, words or lines spoiled."""
    raw = bytearray(data.choice([path.read_bytes() for path in shipped().values()]))
    for _ in range(data.randint(1, 5)):
        at = data.randrange(len(raw) + 1)
        kind = data.randrange(5)
        if kind == 0:
            raw[at : at + 1] = bytes([data.randrange(256)])
        elif kind == 1:
            del raw[at : at + data.randrange(20)]
        elif kind == 2:
            raw[at:at] = data.choice(PIECES).encode()
        else:
            lines = bytes(raw).split(b"\n")
            one, other = data.randrange(len(lines)), data.randrange(len(lines))
            if kind == 3:
                lines[one], lines[other] = lines[other], lines[one]
            else:
                lines.insert(one, f"{data.choice(list(NUMBERS))} = {data.choice(PIECES)}".encode())
            raw = bytearray(b"\n".join(lines))
    return bytes(raw)


@given(seed=st.integers(0, 2**32))
def test_a_spoiled_file_is_a_scenario_or_an_input_error(tmp_path_factory, seed):
    folder = tmp_path_factory.mktemp("spoiled")
    for n in range(5):
        path = written(folder, mutated(random.Random(seed + n)))
        try:
            scenario = read(path)
            assert isinstance(scenario, Scenario)
            assert read(written(folder, scenario.to_toml(), "again.toml")).to_toml() == scenario.to_toml()
            scenario.steps()
        except InputError as error:
            assert error.problems and all(isinstance(problem, str) and problem for problem in error.problems)


# --- words ---


def test_levers_are_called_by_their_faces():
    """Brief and waterfall use the page's own names, each of them."""
    assert {name: spoken(name) for name in FACES} == {name: face.label for name, face in FACES.items()}
    assert spoken("changes") == "Changes" and in_speech("leads found") == "leads found"


GIVEN = {  # a file somebody gives in place of a scenario -> what is said of it
    "people.csv": (b"id,department\nanna,Sales\n", "[organization]"),
    "firm.xlsx": (b"PK\x03\x04" + bytes(99), "a spreadsheet"),
    "old.xls": (b"\xd0\xcf\x11\xe0" + bytes(99), "an old Excel file"),
    "day600.npz": (b"PK\x03\x04" + bytes(99), "baton run SCENARIO --from"),
    "net.png": (b"\x89PNG\r\n\x1a\n" + bytes(99), "export figure --check"),
    "brief.pdf": (b"%PDF-1.4\n\x85", "export figure --check"),
    "ties.graphml": (b"<graphml/>", "with graphml"),
    "leads.parquet": (b"PAR1" + bytes(99), "a table in Parquet"),
    "what": (b"\x00\x01\x85" * 9, "a binary file"),
    "run.html": (b"<!doctype html>", "in a browser"),
    "gossip.py": (b"def day(): pass", "--day FILE"),
    "talk.toml": (b'title = "E"\nclaim = "c"\n', "baton experiment FILE"),
    "run.toml": (b"[run]\nseed = 1\n[hashes]\n", "baton audit"),
}


@pytest.mark.parametrize("name", GIVEN)
def test_what_a_file_is_and_which_verb_reads_it(name, tmp_path):
    content, said = GIVEN[name]
    (tmp_path / name).write_bytes(content)
    assert said in problems_of(tmp_path / name)[0] and len(problems_of(tmp_path / name)) == 1
    if name != "talk.toml" and not name.startswith("run.toml"):
        with pytest.raises(InputError, match="is an? "):
            sim.read_experiment(tmp_path / name)


def test_what_a_folder_is(tmp_path):
    (tmp_path / "run.toml").write_text("[run]")
    assert "a folder of baton run" in problems_of(tmp_path)[0]


@pytest.mark.parametrize("name", WENT)
def test_a_number_that_went_is_refused_with_what_is_in_its_place(name, tmp_path):
    group, key = name.split(".")
    (tmp_path / "old.toml").write_text(f"[{group}]\n{key} = 0.5\n", encoding="utf-8")
    said = f"{name} is no number of this version: {WENT[name]}"
    for how in (lambda: sim.read(tmp_path / "old.toml"), lambda: sim.read("default").but({name: 0.5})):
        with pytest.raises(sim.InputError) as told:
            how()
        assert said in str(told.value)
    named = re.findall(r"[a-z_]+\.[a-z_]+", WENT[name])
    assert named and all(each in NUMBERS for each in named)
