"""Theories as arms: own numbers, lines replaced, stores that keep a theory and never run it, the contract, rivals."""

from __future__ import annotations

import shutil
import subprocess
import sys

import house
import numpy as np
import pandas as pd
import pytest
import typer
from scipy.stats import binom

import sim
from sim.cli import app, code_of
from sim.contract import PROMISES, ContractError, check_theory
from sim.contract.theories import _unnamed
from sim.errors import InputError
from sim.figures import imprint
from sim.figures.look import new_figure
from sim.files.own_day import read_day
from sim.files.provenance import made_by
from sim.model.another_day import another_day, rules
from sim.model.hashes import state_hash
from sim.model.rules import contact
from sim.result import titled
from sim.result.outcomes import OUTCOMES
from sim.scenario import own_theory
from sim.scenario.own_theory import OwnTheory, read_theory, shipped_theories
from sim.scenario.toml_file import carried
from sim.study.bundle import check_bundle, write_bundle
from sim.study.experiments.experiment import Sample
from sim.study.experiments.factors import theories_of, which_theory
from sim.study.experiments.settings import with_levers
from sim.study.many import at_once
from sim.study.tournament import FALSE_ALARMS, MOST_FIRMS, Apart, Tournament, _apart, is_published, needs_no_ablation
from sim.study.tournament_page import page
from sim.study.validation.patterns import PATTERNS

STUBBORN = house.ROOT / "docs" / "tutorials" / "stubborn.py"
SMALL = sim.read("small-simple").but(days=65)
HEAD = "from typing import Annotated, NamedTuple\n\nfrom sim.model.theory import GUESS, N\n\n\n"
DAY = "def day(firm, theory, dice):\n    pass\n"


@pytest.fixture(scope="module", autouse=True)
def outcomes_as_before():
    """What theories here declare of outcomes is forgotten after them all: a file is run once in a process."""
    before = dict(OUTCOMES)
    yield
    OUTCOMES.clear()
    OUTCOMES.update(before)


@pytest.fixture
def stubborn(tmp_path):
    """The tutorial's theory, in a folder of its own."""
    return shutil.copy(STUBBORN, tmp_path / "stubborn.py")


def written(folder, text: str, name: str = "mine.py"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


# ---- own numbers


def test_where_its_numbers_say_that_nothing_happens_it_is_baton_to_the_bit():
    """And the more stubborn people are, the fewer talks; a dated change lies between."""
    by = SMALL.but(theory=STUBBORN)
    plain, none, some, all_, later = (
        sim.run(each, 3) for each in (SMALL, by.but(stubborn__stubbornness=0.0), by, by.but(stubborn__stubbornness=1.0),
                                      by.but(changes=[sim.Change(30, {"stubborn.stubbornness": 0.0})]))
    )  # fmt: skip
    assert none.about["state"] == plain.about["state"] != some.about["state"]
    talks = [run.daily["contacts"].sum() for run in (none, later, some, all_)]
    assert talks[0] >= talks[1] >= talks[2] >= talks[3] and talks[0] > talks[3]
    assert all_.state.firm.guest["a"].max() == 65 and (none.state.firm.guest["a"] == 0).all()
    assert some.about["versions"]["theory"] == "stubborn.py" and len(some.about["versions"]["theory_hash"]) == 12


def test_a_scenario_file_names_its_theory_and_sets_its_numbers(stubborn, tmp_path):
    text = (
        'theory = "stubborn.py"\n[stubborn]\ncycle = 5\n[[changes]]\nday = 9\n[changes.stubborn]\nstubbornness = 0.1\n'
    )
    found = sim.read(written(tmp_path, text, "firm.toml"))
    assert (
        found.lives_by == "stubborn"
        and found.value("stubborn.cycle") == 5
        and found.value("stubborn.stubbornness") == 0.5
    )
    assert found.theory_on(9).own.numbers.stubbornness == 0.1
    assert found.hash != found.but(theory="baton").hash != found.but(stubborn__cycle=6).hash
    assert found.but(theory="baton").values == {} and found.but(theory="baton").changes == ()
    again = sim.read(written(tmp_path, found.to_toml(), "again.toml"))
    assert again == found and again.hash == found.hash
    assert carried(found.to_toml(shared=True), "x.toml").hash == found.hash


def test_faults_of_own_numbers_are_told_as_the_models(stubborn, tmp_path):
    text = 'theory = "stubborn.py"\n[stubborn]\nstubborness = 1\ncycle = 99\n'
    with pytest.raises(InputError) as told:
        sim.read(written(tmp_path, text, "firm.toml"))
    assert "line 3: stubborn.stubborness is not known; did you mean" in str(told.value)
    assert "line 4: stubborn.cycle = 99 must be a whole number from 1 to 65 (days)" in str(told.value)
    with pytest.raises(InputError, match=r"stubborn\.cycle is a number of another theory \(stubborn\)"):
        SMALL.but({"stubborn.cycle": 5})
    with pytest.raises(InputError, match=r'did you mean "structure_alone"|one of baton, social_exchange'):
        SMALL.but(theory="structure-alon")


def numbers(line: str) -> str:
    """A theory with one number of its own."""
    return f"{HEAD}class Numbers(NamedTuple):\n    {line}\n{DAY}"


NOTES = "".join(f'    n{i}: Annotated[float, N("h", 0, 1, "x")] = 0.0\n' for i in range(5))
FAULTS = {  # text, what is said
    "no day": (HEAD + "x = 1\n", "has no function day(firm, theory, dice)"),
    "no default": (numbers('a: Annotated[float, N("h", 0, 1, "x")]'), "line 7: mine.a"),
    "no unit": (numbers("a: float = 1.0"), "line 7: mine.a has no unit"),
    "bounds": (numbers('a: Annotated[float, N("h", 0, 1, "x")] = 2.0'), "must be a number from 0 to 1 (h)"),
    "not given": (numbers('a: Annotated[float, N("h", 0, 1, "x")] = 1.0'), "4 arguments"),
    "no class": (HEAD + "Numbers = 3\n" + DAY, "line 6: Numbers must be a class"),
    "five notes": (HEAD + "class Notes(NamedTuple):\n" + NOTES + DAY, "has 5 fields"),
    "a rule misspelt": ("import sim\nday = sim.another_day(tlak=None)\n", "line 2: another_day(): tlak is no rule"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_file_that_is_no_theory_is_told_with_its_line(name, tmp_path):
    text, said = FAULTS[name]
    with pytest.raises(InputError) as told:
        read_theory(written(tmp_path, text))
    assert said in str(told.value) and "mine.py" in str(told.value)


@pytest.mark.parametrize("name", ["trust.py", "baton.py", "two words.py"])
def test_a_name_that_is_taken_is_refused(name, tmp_path):
    with pytest.raises(InputError, match="rename the file"):
        read_theory(written(tmp_path, DAY, name))


def test_a_theory_is_one_file(tmp_path, monkeypatch):
    written(tmp_path, "x = 1\n", "myhelp.py")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(InputError, match=r"mine\.py, line 1: imports myhelp"):
        read_theory(written(tmp_path, "import myhelp\n" + DAY))


# ---- lines replaced


def test_a_rule_replaced_by_itself_changes_no_bit():
    def talk(firm, theory, dice):
        contact.talk(firm, theory, dice)

    plain, same, silent = (sim.run(SMALL, 2, step=s) for s in (None, another_day(talk=talk), another_day(talk=None)))
    assert state_hash(plain.state.firm) == state_hash(same.state.firm) != state_hash(silent.state.firm)
    assert silent.daily["contacts"].sum() < plain.daily["contacts"].sum()


def test_what_cannot_be_replaced_is_named():
    with pytest.raises(InputError) as told:
        another_day(tlak=None, chance_to_settle=None, talk=3, hand_off=lambda a: a, qualify=None, day=None)
    said = ('did you mean "talk"', "gives an answer", "talk = 3 is no function", "hand_off is called with (firm,",
            "marketing__qualify or lead__qualify", "day itself")  # fmt: skip
    assert all(each in str(told.value) for each in said)
    assert {"contact__talk", "tie__warm_one", "handoff__told"} <= set(rules())


def test_a_file_with_numbers_may_leave_a_line_out(tmp_path):
    """In a process of its own, which gives back what two more compiled days hold."""
    quiet = written(tmp_path, f"import sim\n{HEAD}{OWN_NUMBER}day = sim.another_day(talk=None)\n", "quiet.py")
    done = subprocess.run([sys.executable, "-c", LEFT_OUT, str(quiet)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[-1] == "0"


def test_a_rule_that_takes_numbers_where_there_are_none_is_told_with_the_files_own_line(tmp_path):
    text = "import sim\n\n\ndef talk(firm, theory, dice, own):\n    pass\n\n\nday = sim.another_day(talk=talk)\n"
    for read in (read_theory, read_day):
        with pytest.raises(InputError, match=r"mine.py, line 8: sim.another_day\(\): .* class Numbers"):
            read(written(tmp_path, text))


# ---- arms, factors, stores


EXPERIMENT = """
claim = "Under either theory a liaison changes something."
base = "small-simple"
days = 65
theories = ["baton", "stubborn.py"]
[uncertainties]
"stubborn.stubbornness" = [0.0, 0.9]
[sample]
method = "grid"
[replications]
markets = 2
[outcomes]
names = ["contacts", "net_value"]
"""


def test_theories_are_a_factor_paired_on_the_same_markets(stubborn, tmp_path):
    asked = sim.read_experiment(written(tmp_path, EXPERIMENT, "exp.toml"))
    assert [asked.scenario(p).lives_by for p in asked.design().index] == ["baton", "baton", "stubborn", "stubborn"]
    store = sim.sweep(asked, tmp_path / "store")
    assert (store.runs["status"] == "done").all()
    assert (store.runs.groupby("seed")["market"].nunique() == 1).all()
    contacts = store.runs.set_index(["seed", "point"])["contacts"]
    for seed in (0, 1):
        assert contacts[seed, 0] == contacts[seed, 1] == contacts[seed, 2] >= contacts[seed, 3]
    (tmp_path / "stubborn.py").unlink()
    again = sim.open_store(tmp_path / "store")
    assert again.experiment.hash == asked.hash and again.experiment.theories == asked.theories
    assert again.about["store"]["theories"] == {"stubborn": read_theory(STUBBORN).digest}
    assert sim.sweep(again.experiment, tmp_path / "store").is_complete


def test_a_condition_lives_each_point_of_another_theory_once(stubborn, tmp_path):
    where = '"stubborn.stubbornness" = { values = [0.0, 0.9], where = "theory == \'stubborn\'" }'
    text = EXPERIMENT.replace('"stubborn.stubbornness" = [0.0, 0.9]', where)
    asked = sim.read_experiment(written(tmp_path, text, "exp.toml"))
    assert [asked.scenario(p).lives_by for p in asked.design().index] == ["baton", "stubborn", "stubborn"]
    assert sim.open_store(sim.sweep(asked, tmp_path / "store").folder).experiment.hash == asked.hash
    with pytest.raises(InputError, match=r'theory is never "stubborn\.py"; did you mean "stubborn"'):
        sim.read_experiment(written(tmp_path, text.replace("'stubborn'", "'stubborn.py'"), "exp.toml"))


def test_opening_runs_nothing_of_a_theory():
    """A text that would end everything is carried, and opened, and does nothing until a day is lived by it."""
    fatal = "raise SystemExit('run')\n" + DAY
    toml = SMALL.but(theory=OwnTheory("mine", fatal)).to_toml(shared=True)
    found = carried(toml, "x.toml")
    assert found.lives_by == "mine" and found.own_theory.text == fatal
    with pytest.raises(InputError, match="is not run unasked"):
        sim.run(found, 1)
    found.own_theory.trust()
    with pytest.raises(InputError, match=r"mine\.py, line 1: SystemExit"):
        sim.run(found, 1)
    with pytest.raises(InputError, match="another hash"):
        carried(toml.replace("'run'", "'ran'"), "x.toml")


def test_a_users_own_file_carries_no_program(tmp_path):
    toml = SMALL.but(theory=STUBBORN).to_toml(shared=True)
    with pytest.raises(InputError, match="theory = .* must be a Python file"):
        sim.read(written(tmp_path, toml, "firm.toml"))


@pytest.mark.parametrize("given", ["3", '["baton"]', '["baton", "baton"]', '["baton", "stuborn.py"]'])
def test_theories_that_are_none_are_told_with_their_line(given, stubborn, tmp_path):
    path = written(tmp_path, EXPERIMENT.replace('["baton", "stubborn.py"]', given), "exp.toml")
    with pytest.raises(InputError, match=r"exp\.toml, line 5: theories = "):
        sim.read_experiment(path)


def test_numbers_of_theories_that_are_not_lived_by_are_left_out():
    factors = (which_theory(["baton", STUBBORN]),)
    levers = {"theory": "baton", "stubborn.cycle": 5}
    assert with_levers(SMALL, levers, theories=theories_of(factors)) == SMALL
    assert (
        with_levers(SMALL, {**levers, "theory": "stubborn"}, theories=theories_of(factors)).value("stubborn.cycle") == 5
    )


def test_compare_and_explain_take_theories():
    pair = sim.compare(SMALL, theories=["baton", STUBBORN], seeds=2)
    assert pair.names[1].endswith("by stubborn") and (pair.outcomes.groupby("seed")["market"].nunique() == 1).all()
    bars = sim.explain(*pair.scenarios, metric="contacts", seeds=2)
    assert "theory baton → stubborn" in str(bars.df)


def test_two_files_of_one_name_are_not_compared(tmp_path):
    one, other = (tmp_path / name for name in ("a", "b"))
    for folder, more in ((one, ""), (other, "# other\n")):
        folder.mkdir()
        written(folder, DAY + more)
    with pytest.raises(InputError, match="two different theories have this name"):
        sim.compare(SMALL, theories=[one / "mine.py", other / "mine.py"], seeds=2)


def test_a_file_for_browsers_refuses_with_the_reason(stubborn, tmp_path, capsys):
    path = written(tmp_path, 'theory = "stubborn.py"\n', "firm.toml")
    assert code_of(["export", "live", str(path), "-o", str(tmp_path / "live.html")]) == 3
    assert "stubborn.py, whose day is Python's" in capsys.readouterr().err
    assert not (tmp_path / "live.html").exists()


def test_a_state_says_by_which_theory_it_was_lived(tmp_path):
    by = SMALL.but(theory=STUBBORN)
    whole, half = sim.run(by, 2), sim.run(by, 2, until=30)
    half.save_state(tmp_path / "half.npz")
    assert sim.run(by, from_state=tmp_path / "half.npz").about["state"] == whole.about["state"]
    with pytest.raises(InputError, match=r"was lived by stubborn\.py .* --theory"):
        sim.run(SMALL, from_state=tmp_path / "half.npz")


# ---- the contract, rivals


def test_what_a_theory_breaks_is_told_with_its_line(tmp_path):
    notes = 'class Notes(NamedTuple):\n    heard: Annotated[float, N("0..1", 0, 1, "x", GUESS)] = 0.0\n\n\n'
    breaks = '    firm.people[0]["attitude"] = 3.0\n    firm.guest[0]["a"] += 1.0\n'
    text = f"{HEAD}{notes}def day(firm, theory, dice):\n{breaks}"
    with pytest.raises(ContractError) as told:
        check_theory(written(tmp_path, text), "small-simple", days=5, seeds=[1])
    assert "people.attitude leaves 0..1 (it is 3) (mine.py, line 11)" in str(told.value)
    assert "guest.a (heard) leaves 0..1 0..1 (it is 2) (mine.py, line 12)" in str(told.value)


def test_a_field_of_32_bits_is_blamed_for_other_bits(tmp_path):
    """Plain Python goes on with 32 bits where compiled rules take 64."""
    text = (
        "import sim\nfrom sim.model.kernel import guest\nfrom sim.model.things import tie\n\n\n@guest\n"
        "def rely(ties, theory, where, side, share, ceiling):\n"
        '    tired = 1.0 / (1.0 + 0.05 * ties[where]["contacts"])\n'
        "    tie.rely(ties, theory, where, side, share * tired, ceiling)\n\n\nday = sim.another_day(tie__rely=rely)\n"
    )
    with pytest.raises(ContractError, match=r"mine\.py, line 8: contacts has 32 bits.*write float"):
        check_theory(written(tmp_path, text), "small-simple", days=20, seeds=[1])
    sound = text.replace('ties[where]["contacts"]', 'float(ties[where]["contacts"])')
    check_theory(written(tmp_path, sound, "sound.py"), "small-simple", days=20, seeds=[1])


@pytest.mark.long
def test_the_tutorials_theory_keeps_the_contract_at_the_ends_of_its_numbers_too():
    assert "stubborn.stubbornness" in str(check_theory(STUBBORN, "small-simple", days=66, seeds=[1]))


@pytest.mark.parametrize("name", shipped_theories())
def test_a_theory_that_is_carried_is_the_one_that_was_read(name):
    """To the letter, whole bounds included: else a merged store would have another hash than one made at once."""
    for number in read_theory(shipped_theories()[name]).numbers:
        table = own_theory._number_table(number)
        assert repr(own_theory._number_table(own_theory._number_of(number.name, table))) == repr(table)


@pytest.mark.parametrize("name", shipped_theories())
def test_a_rival_is_short_and_says_whose_it_is(name):
    text = shipped_theories()[name].read_text(encoding="utf-8")
    assert len(text.splitlines()) < 100 and any(char.isdigit() for char in text.split('"""')[1])
    assert all(each.source for each in read_theory(name).numbers)


@pytest.mark.long
@pytest.mark.parametrize("name", shipped_theories())
def test_a_rival_keeps_the_contract(name):
    check_theory(name, "default", days=66, seeds=[1])


# ---- the tournament


def test_patterns_that_need_no_ablation_are_most_of_them():
    asked = [row for row in PATTERNS.values() if needs_no_ablation(row)]
    assert len(asked) > 40 and not any(row.control for row in asked)


def trials(effect: float, markets: int = 40, noise: float = 1.0, seed: int = 1) -> np.ndarray:
    """What one lever's experiment comes to: (1 lever, low or high, markets of both kinds, 1 outcome)."""
    random = np.random.default_rng(seed)
    found = random.normal(0.0, noise, (1, 2, 2 * markets, 1))
    found[:, 1] += effect
    return found


def test_nothing_tells_a_theory_from_itself_and_the_clearer_the_difference_the_fewer_firms():
    moved = {"liaison.count": (0, 1)}
    same = _apart("a", "b", trials(1.0), trials(1.0), moved, ("score",), 40)
    assert same.firms == 0 and "none tells them apart" in same.sentence()
    far, near = (_apart("a", "b", trials(e), trials(0.0, seed=2), moved, ("score",), 40) for e in (8.0, 1.5))
    assert 0 < far.firms < near.firms <= MOST_FIRMS and min(far.power, near.power) >= 0.8
    assert "move liaison.count from 0 to 1" in far.sentence()


def test_two_copies_of_one_theory_are_told_apart_no_more_often_than_is_said():
    """Copies that met other luck; false alarms at the stated rate (this test's own: one in a thousand)."""
    moved, outcomes, pairs, markets = {f"lever {n}": (0, 1) for n in range(4)}, ("a", "b", "c"), 300, 8

    def copy(seed: int) -> np.ndarray:
        found = np.random.default_rng(seed).normal(0.0, 1.0, (4, 2, 2 * markets, 3))
        found[:, 1] += 1.0
        return found

    found = [_apart("a", "b", copy(2 * n), copy(2 * n + 1), moved, outcomes, markets) for n in range(pairs)]
    told = sum(each.chance < FALSE_ALARMS for each in found)
    assert 0 < told <= binom.ppf(0.999, pairs, FALSE_ALARMS)
    assert all(each.firms == 0 and "not confirmed" in each.sentence() for each in found if each.chance >= FALSE_ALARMS)


def test_published_patterns_are_those_of_others():
    asked = [row for row in PATTERNS.values() if needs_no_ablation(row) and is_published(row)]
    assert len(asked) > 100
    assert not any(row.source.endswith(("· J", "· D")) or "·" not in row.source for row in asked)


def test_the_tournament_that_is_shown_is_of_the_theories_that_are_shipped():
    shown = (house.ROOT / "docs/reports/tournament.md").read_text(encoding="utf-8")
    for path in shipped_theories().values():
        made = read_theory(path)
        assert f"| {made.name} | {made.digest} |" in shown, f"{made.name} has changed since: {shown.splitlines()[2]}"


def test_a_tournaments_page_says_who_was_fitted_and_what_splits_them():
    verdicts = pd.DataFrame({"claim": ["x|y", "z"], "expected": ["> 0", "< 1"], "source": ["F1 · A", "F2 · B"],
                             "fitted": [True, False], "baton": ["holds", "holds"], "mine": ["fails", "undecided"]},
                            pd.Index(["P1", "P2"], name="pattern"))  # fmt: skip
    holds = pd.DataFrame({"theory": ["baton", "mine"], "choosing": [2, 1], "judging": [2, 0], "fails": [0, 1],
                          "undecided": [0, 1]}).set_index("theory")  # fmt: skip
    apart = Apart("baton", "mine", "liaison.count", "score", 0, 1, 3.0, 1.0, 0.001, 8, 0.85)
    text = page(Tournament(verdicts, holds, (apart,), {"mine": "0123456789ab"}, 8), "baton theory tournament …")
    assert "P1 (fitted)" in text and "with 1 of these patterns in view" in text and "0123456789ab" in text
    assert "Only baton shows P1" in text and "8 firms at each setting" in text and "x/y" in text


# ---- wherever a scenario is lived


def verbs(group=None, before: str = "") -> dict[str, set[str]]:
    """Every verb of the command with its options."""
    group = group or typer.main.get_command(app)
    found: dict[str, set[str]] = {}
    for name, verb in group.commands.items():
        if hasattr(verb, "commands"):
            found |= verbs(verb, f"{before}{name} ")
        else:
            found[before + name] = {option for each in verb.params for option in each.opts}
    return found


def test_whoever_takes_levers_takes_a_theory():
    found = verbs()
    missing = [name for name, options in found.items() if "--set" in options and "--theory" not in options]
    assert not missing and all("--theory" in found[name] for name in ("serve", "explain", "levers", "compare"))


@pytest.mark.parametrize("verb", ["link silo", "worksheet silo", "live silo"])
def test_what_browsers_live_refuses_another_theory_before_anything(verb, capsys):
    assert code_of(["export", *verb.split(), "--theory", "structure-alone"]) == 3
    assert "hold the model's own day alone" in capsys.readouterr().err


def test_levers_of_a_theory_are_its_own_numbers(capsys):
    assert code_of(["levers", "--theory", str(STUBBORN)]) == 0
    said = capsys.readouterr().out
    assert "2 numbers" in said and "stubborn.cycle" in said and "liaison.count" not in said
    assert code_of(["levers", "--theory", str(STUBBORN), "liaison.count"]) == 0
    assert code_of(["levers", "--theory", "baton", "--json"]) == 0
    assert capsys.readouterr().out.endswith("[]\n")


def test_explain_asks_for_two_of_something(capsys):
    assert code_of(["explain", "silo", "--theory", str(STUBBORN)]) == 2
    assert "two theories" in capsys.readouterr().err


def test_name_and_hash_go_wherever_the_making_is_told():
    by, other = read_theory(STUBBORN), read_theory("structure-alone")
    assert "theory" not in made_by(lived=[SMALL, None])
    made = made_by(lived=[SMALL, SMALL.but(theory=by), SMALL.but(theory=by), other])
    assert made["theory"] == "stubborn.py, structure_alone.py" and made["theory_hash"] == f"{by.digest}, {other.digest}"
    assert titled(SMALL.but(theory=by, title="A.")) == f"A (lived by stubborn.py, {by.digest})"
    picture = new_figure(100, 100)
    imprint.attach(picture, imprint.Told("x", "y", "z", made=made))
    assert imprint.of(picture).caption.endswith(f"({made['theory_hash']}).")


def test_a_file_may_be_named_as_theory_and_for_its_outcomes(baton, stubborn):
    said = ["compare", "small-simple", "--theory", stubborn, "--outcomes", stubborn, "--seeds", 2, "--days", 65]
    for _ in range(2):
        code, out, err = baton(*said)
        assert code == 0 and "silent days" in out, err


def test_a_picture_of_a_shipped_firm_by_another_theory_is_checked_by_that_theory(baton, stubborn, tmp_path):
    picture = tmp_path / "f.svg"
    drawn = ["export", "figure", "trust", "small-simple", "--theory", stubborn, "--set", "stubborn.cycle=4"]
    assert baton(*drawn, "--days", 65, "-o", picture)[0] == 0
    code, out, _ = baton("export", "figure", "--check", picture, "--theory", stubborn)
    assert code == 0 and "none differs" in out


def test_threads_that_come_at_once_get_one_day(tmp_path):
    """A file that takes its time to be run is not found half defined."""
    text = "import time\ntime.sleep(0.2)\n" + DAY + f"# {tmp_path}\n"
    mine = OwnTheory("mine", text)
    mine.trust()
    days = at_once([lambda: mine.step] * 8, threads=8)
    assert len(set(days)) == 1


def test_a_number_that_nobody_lives_by_is_refused():
    read_theory(STUBBORN)
    for make in (sim.salib_problem, sim.optuna_objective):
        with pytest.raises(InputError, match="number of another theory"):
            make({"stubborn.cycle": (1, 10)}, SMALL)
    assert sim.salib_problem({"theory": ["baton", STUBBORN], "stubborn.cycle": (1, 10)}, SMALL)["num_vars"] == 2


def test_mesa_adapters_and_survival_live_by_a_theory(tmp_path):
    """By a theory in which nothing happens nobody talks, and no lead is found."""
    idle = read_theory(written(tmp_path, DAY, "idle.py"))
    model = sim.FirmModel(SMALL, seed=3, days=5, theory=idle)
    model.run_model()
    assert model.result().about["versions"]["theory_hash"] == idle.digest
    assert model.result().about["state"] == sim.run(SMALL.but(days=5, theory=idle), 3).about["state"]
    problem = sim.salib_problem({"theory": [idle, "baton"]}, SMALL, outcome="contacts", markets=1)
    assert problem.run(np.array([[0.0], [0.0]])).tolist() == [0.0, 0.0]
    found = sim.survival(SMALL.but(theory=idle), 2)
    assert set(found.df["theory"]) == {str(idle)} and found.made["theory_hash"] == idle.digest


def test_survival_of_a_store_runs_its_theory_only_where_no_stages_were_kept_and_its_file_is_named(
    baton, stubborn, tmp_path, monkeypatch
):
    factors = [which_theory(["baton", stubborn])]
    about = {"sample": Sample("grid"), "markets": (3, 4), "outcomes": ("score",)}
    base = sim.read("small-simple").but(days=195)
    for name, series in (("bare", ()), ("kept", ("stage",))):
        sim.sweep(sim.Experiment("T", "C", base, factors, series=series, **about), tmp_path / name)
    monkeypatch.setattr("sim.scenario.own_theory._NAMED", set())
    monkeypatch.chdir(tmp_path)
    other = written(tmp_path, STUBBORN.read_text(encoding="utf-8") + "\n", "other.py")
    assert baton("export", "survival", "kept", "-o", "kept.csv")[0] == 0
    assert baton("export", "csv", "kept", "-o", "tables")[0] == 0
    assert baton("export", "figure", "sensitivity", "bare", "--metric", "score")[0] == 0
    assert baton("sensitivity", "bare", "--metric", "score")[0] == 0
    code, _, err = baton("export", "survival", "bare")
    assert code == 3 and "is not run unasked; name it (--theory stubborn.py" in err
    code, _, err = baton("export", "survival", "bare", "--theory", other)
    assert code == 3 and "bare: its runs were lived by stubborn (" in err and "is another theory" in err
    assert baton("export", "survival", "bare", "--theory", stubborn, "-o", "bare.csv")[0] == 0
    assert (tmp_path / "bare.csv").read_bytes() == (tmp_path / "kept.csv").read_bytes()


def test_a_bundles_theory_is_run_when_it_is_asked_for(tmp_path, monkeypatch):
    """Nothing of it unasked; then without the file from which it came, to the same ends, on two threads."""
    idle = written(tmp_path, DAY, "idle.py")
    lines = f'claim = "x"\nbase = "small-simple"\ndays = 65\ntheories = ["baton", "{idle.name}"]\n'
    asked = sim.read_experiment(written(tmp_path, lines + "[replications]\nmarkets = 2\n", "exp.toml"))
    store = sim.sweep(asked, tmp_path / "store")
    assert store.about["versions"]["theory_hash"] == asked.theories[1].digest
    write_bundle([store], tmp_path / "paper.zip")
    idle.unlink()
    monkeypatch.setattr(own_theory, "_NAMED", set())
    with pytest.raises(InputError, match=r"lives by idle \(\w+\), which is Python code; .* --own"):
        check_bundle(tmp_path / "paper.zip")
    assert [each.otherwise for each in check_bundle(tmp_path / "paper.zip", own=True)] == [0]


# ---- what a theory may do wrong

LEFT_OUT = """
import sys
import sim
from sim.cli import code_of
from sim.model.hashes import state_hash

small = sim.read("small-simple").but(days=65)
lived, alone = sim.run(small.but(theory=sys.argv[1]), 3), sim.run(small, 3, step=sim.another_day(talk=None))
assert state_hash(lived.state.firm) == state_hash(alone.state.firm)
print(code_of(["theory", "check", sys.argv[1], "--in", "small-simple", "--days", "10"]))
"""
OWN_NUMBER = 'class Numbers(NamedTuple):\n    a: Annotated[float, N("h", 0, 1, "x", GUESS)] = 0.5\n\n\n'
WITH_OWN = "def day(firm, theory, dice, own):\n"


@pytest.mark.parametrize("text, said", [
    ("import random\n" + DAY.replace("pass", "random.random()"), "line 4: random.random() draws without a name"),
    ("import numpy as np\n" + DAY.replace("pass", "np.random.normal()"), "line 4: np.random.normal() draws without"),
    ("from random import choice\n" + DAY.replace("pass", "choice((1, 2))"), "line 4: choice() draws without a name"),
])  # fmt: skip
def test_a_draw_without_a_name_is_told_with_its_line(text, said):
    found = _unnamed(OwnTheory("mine", "\n" + text))
    assert found[0] == PROMISES["same"] and said in found[1]
    assert not _unnamed(OwnTheory("mine", STUBBORN.read_text(encoding="utf-8")))


@pytest.mark.parametrize("text, said", [
    ("import nosuchlibrary\n" + DAY, "mine.py, line 1: ModuleNotFoundError"),
    ("x = 1 / 0\n" + DAY, "mine.py, line 1: ZeroDivisionError"),
    ("def day(firm, theory dice):\n    pass\n", "mine.py, line 1: "),
    (HEAD + 'class Numbers(NamedTuple):\n    a: Annotated[float, N("h", 0, 1, "x", GUES)] = 0.5\n' + DAY,
     "mine.py, line 7: Numbers: name 'GUES'"),
])  # fmt: skip
def test_a_file_that_cannot_be_read_is_told_with_its_line(text, said, tmp_path, capsys):
    assert code_of(["theory", "check", str(written(tmp_path, text))]) == 3
    told = capsys.readouterr().err
    assert said in told and "Traceback" not in told


LIVED = "from sim.model.day import day as lived\n\n\ndef day(firm, theory, dice):\n    lived(firm, theory, dice)\n"
MUTATIONS = {  # what the day does, what is said of it
    "no end": (DAY.replace("pass", "i = 0\n    while i < 1:\n        i = 0"), "does not come to an end"),
    "no such name": (DAY.replace("pass", "nothing(firm)"), "line 6: NameError"),
    "no such row": (DAY.replace("pass", 'firm.people["load"][10_000] = 0.0'), "line 6: IndexError"),
    "no such own number": (OWN_NUMBER + WITH_OWN + '    firm.people[0]["load"] = own.b\n', "line 10: AttributeError"),
    "no such field": (DAY.replace("pass", 'firm.people[0]["mood"] = 1.0'), "line 6: "),
    "a number of the model": (DAY.replace("pass", "theory.trust.gain = 1.0"), "line 6: AttributeError"),
    "what it may": (LIVED + '    firm.people[0]["attitude"] = 0.5\n', ""),
    "not finite": (DAY.replace("pass", 'firm.people[0]["attitude"] = np.inf - np.inf'), "not a finite number (mine"),
    "out of bounds": (
        DAY.replace("pass", 'firm.people[0]["attitude"] = 3.0'),
        "leaves 0..1 (it is 3) (mine.py, line 6",
    ),
    "at an end": (
        OWN_NUMBER + LIVED.replace("dice):", "dice, own):") + '    firm.people[0]["attitude"] = 1.5 * own.a\n',
        "With mine.a = 1:",
    ),
    "for life": (DAY.replace("pass", 'firm.leads[0]["key"] = np.uint64(dice.day)'), "belongs to a lead for life"),
    "the past": (LIVED + '    firm.days[0]["won"] += 1.0\n', "the diary of earlier days was rewritten"),
    "another person": (DAY.replace("pass", 'firm.people[firm.ledger[0]["n_people"] - 1]["attitude"] = 0.25'), "idle"),
    "mixed types": (DAY.replace("pass", 'x = 0\n    x = "a" if dice.day > 2 else x\n    x + x'), "mine.py, line "),
}


@pytest.mark.long
@pytest.mark.parametrize("name", MUTATIONS)
def test_what_a_day_does_wrong_is_told_with_the_files_own_line(name, tmp_path, capsys):
    text, said = MUTATIONS[name]
    path = written(tmp_path, HEAD.replace("\n\n\n", "\nimport numpy as np\n", 1) + text)
    code = code_of(["theory", "check", str(path), "--in", "small-simple", "--days", "5"])
    told = capsys.readouterr()
    assert "Traceback" not in told.out + told.err and said in told.out
    assert code == (4 if said else 0)


def test_plans_that_were_found_are_read_with_their_theory(stubborn, tmp_path):
    """The theory's file lies beside them, and is the user's own: it may be named, run and compared."""
    today = sim.read("silo").but(days=260, theory=stubborn)
    found = sim.reach(today, "aligned", within_years=1, allow=["liaison"], seeds=4, budget=300)
    found.save(tmp_path / "plans")
    assert (tmp_path / "plans" / "stubborn.py").read_text() == today.own_theory.text
    again = sim.read(tmp_path / "plans" / "as-is.toml")
    assert again.own_theory == today.own_theory and again.hash == today.hash
    for plan in found.shown:
        assert sim.read(tmp_path / "plans" / f"{plan.name.replace(' ', '-')}.toml").hash == plan.scenario.hash
