"""An outcome of one's own: a function of a run, usable wherever an outcome's name is, and kept with its source."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from test_theories import verbs

import sim
from sim.errors import InputError
from sim.model.firm import DAYS_DOC
from sim.result.outcomes import BUILT_IN, DIARY, KNOWN, OUTCOMES
from sim.result.run_tables import LEVELS, MEANS

SMALL = sim.read().but(days=130, workforce__marketers=2, workforce__salespeople=4)
MINE = '''
import sim

@sim.outcome(unit="h", meaning="hours of contact in the last quarter")
def late_contact(run):
    return run.daily["hours_contact"][-65:].sum()

@sim.outcome(unit="0..1")
def lost_share(run):
    """Share of the leads that nobody called."""
    return float((run.leads["state"] == "lost").mean())
'''
ASKED = """
claim = "Trust moves what is lost."
base = "small.toml"
[uncertainties]
"trust.initial" = [0.2, 0.6]
[outcomes]
file = "mine.py"
names = ["score", "late_contact", "hours_contact"]
[sample]
method = "grid"
[replications]
markets = 2
"""


@pytest.fixture
def mine(tmp_path):
    """A user's file."""
    path = tmp_path / "mine.py"
    path.write_text(MINE, encoding="utf-8")
    return path


@pytest.fixture
def asked(mine, tmp_path):
    (tmp_path / "small.toml").write_text(SMALL.to_toml(), encoding="utf-8")
    (tmp_path / "asked.toml").write_text(ASKED, encoding="utf-8")
    return tmp_path / "asked.toml"


def test_it_is_usable_wherever_an_outcomes_name_is(mine):
    assert sim.read_outcomes(mine) == ("late_contact", "lost_share")
    run = sim.run(SMALL, 1)
    expected = run.daily["hours_contact"][-65:].sum()
    assert run.outcomes()["late_contact"] == expected
    assert OUTCOMES["lost_share"].meaning == "Share of the leads that nobody called"
    one, other = SMALL, SMALL.but(communication__cost_hours=1.0)
    pair = sim.compare(one, other, seeds=2, until=1e9, metric="late_contact")
    assert pair.values("late_contact", pair.names[0])[1] == expected
    assert pair.until.enough and "late_contact" in pair.summary().index.get_level_values("outcome")
    assert sim.many(SMALL, [1])["late_contact"][0] == expected
    why = sim.explain(one, other, metric="late_contact", seeds=2)
    assert np.isclose(why.bars.to_numpy().sum(1).mean(), pair.differences("late_contact", pair.names[1])[:2].mean())
    assert sim.futures(SMALL, 65, seeds=2, futures=2, outcomes=["late_contact"]).spread()["unit"][0] == "h"


def test_every_column_of_the_diary_is_an_outcome_for_who_asks():
    run = sim.run(SMALL, 1)
    found = run.outcomes(tuple(DIARY))
    assert set(run.outcomes()) == set(BUILT_IN), "nobody sees them unasked"
    for name in DIARY:
        column = run.daily[name].to_numpy(float)
        expected = column[-1] if name in LEVELS else column.mean() if name in MEANS else column.sum()
        assert found[name] == expected, name
    assert set(KNOWN) >= set(DAYS_DOC)
    assert "hours_contact" in sim.compare(SMALL, SMALL, seeds=2, more=["hours_contact"]).measured


def test_a_store_keeps_it_with_its_source_and_is_opened_without_running_it(asked, mine, tmp_path):
    store = sim.sweep(sim.read_experiment(asked), tmp_path / "store")
    table, units = store.runs, store.units
    assert units == {"score": "20..100", "late_contact": "h", "hours_contact": "hours"}
    assert (tmp_path / "store" / "outcomes.py").read_text(encoding="utf-8") == MINE
    for name in ("late_contact", "lost_share"):
        del OUTCOMES[name]
    again = sim.open_store(tmp_path / "store")
    assert "late_contact" not in OUTCOMES, "a store is read, never run"
    assert again.runs.equals(table) and again.units == units and again.experiment.hash == store.experiment.hash
    assert again.summary().loc[("base", "late_contact"), "unit"] == "h"
    assert set(again.df["unit"]) == {"20..100", "h", "hours"}


def test_a_store_is_opened_in_another_process_by_whatever_command(asked, mine, tmp_path):
    """Where nobody has declared anything, and the user's file is gone; a file named and not used hurts nobody."""
    sim.sweep(sim.read_experiment(asked), tmp_path / "store")
    asked.write_text(ASKED.replace(', "late_contact", "hours_contact"', ""), encoding="utf-8")
    sim.sweep(sim.read_experiment(asked), tmp_path / "plain")
    mine.unlink()
    look = "import sys, sim; s = [sim.open_store(n) for n in sys.argv[1:]]; print(s[0].units, s[1].units)"
    folders = [str(tmp_path / name) for name in ("store", "plain")]
    done = subprocess.run([sys.executable, "-c", look, *folders], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "'late_contact': 'h'" in done.stdout and done.stdout.rstrip().endswith("{'score': '20..100'}")
    for wide in ([], ["--wide"]):
        csv = [sys.executable, "-m", "sim", "export", "csv", folders[0], *wide, "-o", str(tmp_path / f"csv{len(wide)}")]
        done = subprocess.run(csv, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        means = (tmp_path / f"csv{len(wide)}" / "columns.csv").read_text(encoding="utf-8")
        assert "late_contact,outcomes,hours of contact in the last quarter,h," in means


def test_another_source_is_another_experiment(asked, mine, tmp_path):
    first = sim.read_experiment(asked)
    sim.sweep(first, tmp_path / "store")
    mine.write_text(MINE.replace("-65:", "-60:"), encoding="utf-8")
    second = sim.read_experiment(asked)
    assert first.hash != second.hash
    with pytest.raises(InputError, match="differ in more than title and claim"):
        sim.sweep(second, tmp_path / "store")


def test_it_is_reckoned_from_its_source_where_the_file_is_not(asked, mine):
    """As on another machine: the experiment is sent, its functions are not."""
    from sim.study.sweep.sweep import run_batch

    chosen = sim.read_experiment(asked)
    here = run_batch(chosen, [chosen.run_at(0)])
    for name in ("late_contact", "lost_share"):
        del OUTCOMES[name]
    mine.unlink()
    assert run_batch(chosen, [chosen.run_at(0)]) == here


def unfinished(asked, folder):
    """A store whose sweep was stopped before its first run."""
    from sim.study.store.writer import StoreWriter

    return StoreWriter(folder, sim.read_experiment(asked)).close()


def test_an_old_store_is_lived_again_for_one_more(baton, asked, mine, tmp_path):
    asked.write_text(ASKED.replace('file = "mine.py"\n', "").replace(', "late_contact", "hours_contact"', ""))
    assert baton("experiment", asked, "-o", tmp_path / "old")[0] == 0
    code, out, err = baton("experiment", tmp_path / "old", "--add-outcome", "late_contact", "--add-outcome", "contacts",
                           "--outcomes", mine, "-o", tmp_path / "new")  # fmt: skip
    assert code == 0, err
    old, new = (sim.open_store(tmp_path / name) for name in ("old", "new"))
    assert new.outcomes == ("score", "late_contact", "contacts")
    columns = ["seed", "point", "arm", "market", "diary", "score"]
    assert new.runs[columns].equals(old.runs[columns])
    same = sim.add_outcomes(old, ["late_contact", "contacts"], tmp_path / "by_python")
    assert same.experiment.hash == new.experiment.hash and same.runs.equals(new.runs)
    with pytest.raises(InputError, match="not complete"):
        sim.add_outcomes(unfinished(asked, tmp_path / "half"), ["contacts"], tmp_path / "no")
    code, _, err = baton("experiment", tmp_path / "old", "--add-outcome", "score", "-o", tmp_path / "no")
    assert code == 3 and "keeps it already" in err and not (tmp_path / "no").exists()
    code, _, err = baton("experiment", tmp_path / "old", "--add-outcome", "contact", "-o", tmp_path / "no")
    assert code == 3 and "contacts" in err


@pytest.mark.parametrize(("text", "words"), [
    ('import sim\n@sim.outcome(unit="h")\ndef score(run):\n    return 1\n', "my_score"),
    ('import sim\n@sim.outcome(unit="h")\ndef contacts(run):\n    return 1\n', "my_contacts"),
    ('import sim\n@sim.outcome(unit="")\ndef x(run):\n    return 1\n', "unit"),
    ('import sim\n@sim.outcome(unit="h")\ndef x():\n    return 1\n', "one argument"),
    ("x = 1\n", "declares no outcome"),
    ("def x(:\n", "line 1"),
    ("raise SystemExit\n", "line 1"),
])  # fmt: skip
def test_faults_of_a_file_are_told(mine, text, words):
    mine.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=words):
        sim.read_outcomes(mine)


@pytest.mark.parametrize(("body", "words"), [
    ("return run.daily['nothing'].sum()", "mine.py, line 5: KeyError: 'nothing'; no table has it"),
    ("return run.ties['trust_sm'].std()", "trust_sm is a column of run.daily, run.quarters"),
    ("return run.ties['strenght'].std()", 'no table has it; did you mean "strength"'),
    ("return 'many'", "outcome x: mine.py, line"),
    ("return float('inf')", "finite"),
    ("return True", "finite"),
])  # fmt: skip
def test_a_function_that_fails_is_blamed_with_its_line(mine, monkeypatch, body, words):
    monkeypatch.chdir(mine.parent)
    mine.write_text(f'import sim\n\n@sim.outcome(unit="h")\ndef x(run):\n    {body}\n', encoding="utf-8")
    sim.read_outcomes(mine)
    with pytest.raises(InputError, match=words):
        sim.run(SMALL, 1).outcomes()


def test_nan_is_an_outcome_that_is_not_there(mine):
    mine.write_text('import sim\n\n@sim.outcome(unit="h")\ndef x(run):\n    return float("nan")\n', encoding="utf-8")
    sim.read_outcomes(mine)
    assert np.isnan(sim.run(SMALL, 1).outcomes()["x"])


def test_an_outcome_without_any_number_is_said_to_have_none(baton, mine):
    mine.write_text('import sim\n\n@sim.outcome(unit="h")\ndef x(run):\n    return float("nan")\n', encoding="utf-8")
    asked = ("compare", "silo", "liaison", "--seeds", 2, "--days", 65, "--outcomes", mine)
    code, out, _ = baton(*asked)
    assert code == 0 and "no number" in next(line for line in out.splitlines() if "x, h" in line)
    code, _, err = baton(*asked, "--metric", "x", "--until", "5%")
    assert code == 3 and "no number in any market of silo, liaison" in err


def test_the_commands_take_them(baton, mine):
    code, out, _ = baton("run", "--days", 65, "--outcomes", mine)
    assert code == 0 and "late contact, h" in out
    code, out, _ = baton("compare", "silo", "liaison", "--seeds", 2, "--days", 65, "--outcomes", mine, "--also",
                         "hours_meeting")  # fmt: skip
    assert code == 0 and "late contact, h" in out and "hours meeting, hours" in out
    assert baton("compare", "silo", "liaison", "--seeds", 2, "--also", "hours_metting")[0] == 3


NAMES_AN_OUTCOME = {"--metric", "--also", "--how-many", "--until-known", "--add-outcome", "--discover"}


def test_whatever_verb_takes_an_outcomes_name_takes_the_file_that_declares_it():
    without = [verb for verb, takes in verbs().items() if takes & NAMES_AN_OUTCOME and "--outcomes" not in takes]
    assert not without


def test_a_figure_of_it_is_drawn_and_checked_by_its_file(baton, mine, tmp_path):
    asked = ("compare", "silo", "liaison", "--seeds", 2, "--days", 65, "--metric", "late_contact")
    code, _, err = baton("export", "figure", *asked, "--outcomes", mine, "-o", tmp_path / "pair.svg")
    assert code == 0 and f"--outcomes {mine}" in " ".join(err.split())
    declared = OUTCOMES.pop("late_contact")
    check = ("export", "figure", "--check", tmp_path / "pair.svg")
    assert baton(*check)[0] == 3
    OUTCOMES["late_contact"] = declared  # a file is run once in a process
    code, out, err = baton(*check, "--outcomes", mine)
    assert code == 0 and "none differs" in out, err


def test_how_many_markets_are_enough_for_it(baton, mine, tmp_path):
    (tmp_path / "small.toml").write_text(SMALL.to_toml(), encoding="utf-8")
    asked = ("sensitivity", tmp_path / "small.toml", "--how-many", "late_contact", "--seeds", 5)
    code, out, err = baton(*asked, "--outcomes", mine)
    assert code == 0 and "late_contact" in out, err
