"""A firm of one's own is fitted, looked at and held against what came: laws, and the whole way of a simulated one."""

from __future__ import annotations

import itertools
import json
import re
import shutil
import tomllib
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import norm

import sim
from sim.cli import fit_report
from sim.errors import InputError, Refused, Told
from sim.intake.exports.choices import Choices
from sim.intake.exports.reading import read_exports
from sim.page import live
from sim.scenario.fitted import CUSTOMERS, DEMAND, with_customers
from sim.study.own import backtest, firm_model, fitting, gate, signs
from sim.study.own.accepted import ask_gate, gate_of, is_accepted, write_gate
from sim.study.own.counts import funnel_of, measured, seen_by
from sim.study.own.firm_model import FREE, LAWS, Task, task_of
from sim.study.own.folder import write_firm
from sim.study.own.gate_page import gate_page
from sim.study.own.hidden import FEWEST
from sim.study.own.standing import standing_of
from sim.study.own.twin import write_twin
from sim.study.validation import fit, recovery

NEEDS_PYABC = pytest.mark.skipif(not find_spec("pyabc"), reason="pyABC is not installed (the extra fit)")
DAYS = 260
TRUTH = {"workforce.marketers": 3, "workforce.salespeople": 4, "selling.base": -1.0, "market.cycle_days": 20.0}


def exported(run, folder: Path):
    """What a twin of the run says when it is read."""
    about = write_twin(run, "salesforce", folder)
    files = [each for each in sorted(folder.glob("*.csv")) if each.stat().st_size > 10]
    said = Choices(as_of=pd.Timestamp(about["as_of"]).date())
    return read_exports(files, said), said


@pytest.fixture(scope="module", autouse=True)
def quick():
    """A smaller pilot: a first guess of each number by fewer runs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.study.own.firm_model.PILOT", 256)
        yield


@pytest.fixture(scope="module")
def run():
    return sim.run(sim.read("default").but(TRUTH, days=DAYS, changes=()), seed=5)


@pytest.fixture(scope="module")
def imported(run, tmp_path_factory) -> Path:
    """A firm's folder that nobody has fitted."""
    home = tmp_path_factory.mktemp("own")
    found, said = exported(run, home / "crm")
    write_firm(found, funnel_of(found) | {"fit": signs.kept_for_fit(found)}, said, home / "firm")
    return home / "firm"


@pytest.fixture(scope="module")
def fitted(imported, tmp_path_factory):
    """The same, fitted with few particles; and what came of it."""
    if not find_spec("pyabc"):
        pytest.skip("pyABC is not installed (the extra fit)")
    home = tmp_path_factory.mktemp("fitted") / "firm"
    shutil.copytree(imported, home)
    found = fitting.fit_firm(home, size=60)
    fitting.write_fit(found, home)
    return home, found


@pytest.fixture
def firm(fitted, tmp_path) -> Path:
    """A fitted firm of the test's own; nobody has accepted it."""
    return Path(shutil.copytree(fitted[0], tmp_path / "firm"))


def test_a_brief_calls_fitted_what_the_fit_calls_so(fitted):
    home, found = fitted
    words = {name: row["word"] for name, row in found.table["numbers"].items()}
    drawn = set(found.table["sets"][0])
    known = standing_of(home, sim.read(home))
    assert set(known.fitted) == {name for name in drawn if words[name] == "fitted"}
    assert ("Drawn as widely as is plausible" in " ".join(known.sentences)) == ("assumed" in map(words.get, drawn))


# --- signs ---


def test_an_export_has_the_signs_of_the_run_it_was_made_from(run, tmp_path):
    found, _ = exported(run, tmp_path / "crm")
    of_run = signs.rows_of_run(run.state.firm, DAYS, 5)
    of_export = signs.rows_of(found)
    assert signs.signs(of_export) == pytest.approx(signs.signs(of_run, of_export.columns), abs=1e-5)
    assert len(signs.signs(of_export)) == 19


def test_what_had_been_seen_on_a_day_is_what_an_export_of_that_day_would_say(run, tmp_path):
    early = sim.run(run.scenario, seed=5, until=150)
    found, _ = exported(early, tmp_path / "early")
    then, whole = signs.rows_of(found), signs.rows_of_run(run.state.firm, DAYS, 5)
    assert signs.signs(whole.until(then.ends), then.columns) == pytest.approx(signs.signs(then), abs=1e-5)
    later, _ = exported(run, tmp_path / "later")
    day = pd.Timestamp(found.as_of)
    laws = measured(seen_by(later.deals, day), day)
    assert set(laws) == {"value", "cycle"} and laws["cycle"]["n"] < measured(later.deals, later.as_of)["cycle"]["n"]
    assert laws["cycle"] == pytest.approx(measured(found.deals, day)["cycle"])


def test_halves_do_not_depend_on_the_order_and_part_every_row():
    keys = [f"L{n}" for n in range(4000)]
    half = signs.halves_of(keys)
    assert (signs.halves_of(keys[::-1])[::-1] == half).all()
    assert abs(half.mean() - 0.5) < 0.04  # five standard errors


@given(st.integers(0, 2**31), st.integers(1, 400))
def test_no_sign_that_is_kept_tells_of_fewer_than_five(seed, n):
    """Whatever is kept of a half, no count behind it is from 1 to 4: also not of what did not come to a step."""
    dice = np.random.default_rng(seed)
    at = np.sort(dice.uniform(0, 100, (n, 5)), axis=1)
    at[dice.random((n, 5)).cumsum(axis=1) > 1.8] = np.nan
    at[:, 0] = np.nan_to_num(at[:, 0])
    been = ~np.isnan(at)
    been = np.flip(np.maximum.accumulate(np.flip(been, 1), 1), 1)
    closed = np.where(dice.random(n) < 0.7, 90.0, np.nan)
    rows = signs.Rows(72, 100.0, at, been, at[:, 0], closed, dice.random(n) < 0.2, dice.uniform(1, 9, n),
                      dice.random(n) < 0.8, dice.random(n) < 0.5, dice.random(n) < 0.5, None,
                      frozenset(signs.COLUMNS))  # fmt: skip
    for half in (rows.of_half(False), rows.of_half(True)):
        told = {name for name, each in signs._signs(half).items() if signs._may_be_told(each)}
        for i, (before, name) in enumerate(itertools.pairwise(signs.STEPS)):
            came, missed = half.been[:, i + 1].sum(), (half.been[:, i] & ~half.been[:, i + 1]).sum()
            assert f"{name}, of {before}" not in told or not {came, missed} & {1, 2, 3, 4}
        won, lost = (half.won & ~np.isnan(half.closed)).sum(), (~half.won & ~np.isnan(half.closed)).sum()
        assert "won, of ended" not in told or not {won, lost} & {1, 2, 3, 4}
        assert "inquiries a day" not in told or len(half.been) not in (1, 2, 3, 4)
    kept = signs._snapshots(rows, pd.Timestamp("2025-01-06"))
    counts = [signs.counts_of(rows.until((pd.Timestamp(day) - pd.Timestamp("2025-01-06")).days)) for day in kept]
    for one, other in itertools.pairwise([*counts, signs.counts_of(rows)]):
        assert not [name for name in one if 0 < abs(other[name] - one[name]) < FEWEST]


# --- sets of numbers ---


def with_sets() -> sim.Scenario:
    sets = tuple({"selling.win": 0.3 + 0.1 * k, "market.cycle_days": 20.0 + k} for k in range(4))
    return sim.Scenario(values={"selling.win": 0.4}, sets=sets)


def test_each_market_takes_its_set_and_a_number_that_somebody_sets_is_in_doubt_no_more():
    scenario = with_sets()
    assert scenario.in_market(2).value("selling.win") == pytest.approx(0.5)
    assert scenario.in_market(2) == scenario.in_market(6) != scenario.in_market(3)
    moved = scenario.but(selling__win=0.9)
    assert {moved.in_market(k).value("selling.win") for k in range(4)} == {0.9}
    assert moved.in_market(3).value("market.cycle_days") == 23.0
    assert moved.but(market__cycle_days=9).sets == ()
    assert scenario.hash != scenario.without_sets().hash
    assert "that of market 6" in scenario.of_one_set(6).question


def test_sets_are_carried_by_a_file_and_read_back(tmp_path):
    (tmp_path / "a.toml").write_text(with_sets().to_toml())
    assert sim.read(tmp_path / "a.toml") == with_sets()
    (tmp_path / "b.toml").write_text('based_on = "a.toml"\n[selling]\nwin = 0.8\n')
    child = sim.read(tmp_path / "b.toml")
    assert set(child.sets[0]) == {"market.cycle_days"} and child.in_market(1).value("selling.win") == 0.8


@pytest.mark.parametrize("table", [
    "numbers = 3", 'numbers = ["selling.win"]\nvalues = []', 'numbers = ["selling.win"]\nvalues = [[0.5, 0.6]]',
    'numbers = ["selling.win"]\nvalues = [[7.0]]', 'numbers = ["selling.wim"]\nvalues = [[0.5]]',
    'numbers = ["workforce.marketers"]\nvalues = [[3]]',
    'numbers = ["selling.win", "selling.win"]\nvalues = [[0.5, 0.5]]',
    'numbers = ["selling.win"]\nvalues = [["a"]]', 'numbers = ["selling.win"]\nvalues = [[nan]]',
])  # fmt: skip
def test_wrong_sets_are_refused(tmp_path, table):
    (tmp_path / "a.toml").write_text(f"[fitted]\n{table}\n")
    with pytest.raises(InputError):
        sim.read(tmp_path / "a.toml")


def test_two_plans_of_one_market_live_by_the_same_set(run):
    scenario = sim.Scenario(days=30, sets=({"market.value": 5.0}, {"market.value": 50.0}))
    low, high = (sim.run(scenario, seed=k).outcomes()["revenue"] for k in (0, 1))
    pair = sim.compare(scenario, scenario.but(liaison__count=1), seeds=2)
    assert pair.values("revenue", pair.names[0]).tolist() == [low, high] and high > 2 * low
    assert pair.market_check() == "identical"


@pytest.mark.parametrize("by", ["lever", "funnel"])
def test_what_is_explained_is_the_difference_of_the_same_sets(by):
    """With a dated change, as that is where a run might forget its set."""
    scenario = sim.Scenario(days=70, sets=({"market.value": 5.0}, {"market.value": 50.0}))
    plan = scenario.but(changes=(sim.Change(20, {"market.size": 2.0}),))
    gain = sim.compare(scenario, plan, seeds=2).differences("revenue", "Default (2)")
    assert sim.explain(scenario, plan, "revenue", by, seeds=2).difference.mean == pytest.approx(gain.mean())


# --- the fit ---


def test_every_number_says_what_it_is_and_lies_where_it_was_sought(fitted):
    _, found = fitted
    rows = found.table["numbers"]
    assert {row["word"] for row in rows.values()} <= {"measured", "fitted", "assumed"}
    assert rows["workforce.marketers"] == {"word": "measured", "value": 3}
    for prior in FREE:
        if prior.name not in LAWS:
            row = rows[prior.name]
            low, high = row["range"]
            assert low <= row["low"] <= row["value"] <= row["high"] <= high
    assert rows["selling.base"]["word"] == "fitted" and rows["customers.renewal"]["word"] == "assumed"
    for name in LAWS:
        assert rows[name]["word"] == "measured" and rows[name]["low"] < rows[name]["value"] < rows[name]["high"]


def test_the_numbers_of_a_simulated_firm_are_found_again(fitted):
    rows = fitted[1].table["numbers"]
    for name in ("market.cycle_days", "selling.base"):
        width = rows[name]["high"] - rows[name]["low"]
        assert rows[name]["low"] - width / 2 <= TRUTH[name] <= rows[name]["high"] + width / 2, rows[name]


def test_what_is_read_off_holds_the_truth_as_often_as_it_says(tmp_path):
    """Of 30 firms, cycle and its spread: 47 to 59 of 60 intervals of 90 % (false alarm: 1 in 260)."""
    held = 0
    for k in range(30):
        truth = {"market.cycle_days": 8.0 * 1.08**k, "market.cycle_sd": 0.2 + 0.1 * (k % 6)}
        lived = sim.run(sim.read("default").but(TRUTH | truth, days=DAYS, changes=()), seed=100 + k)
        found, said = exported(lived, tmp_path / f"crm{k}")
        write_firm(found, funnel_of(found), said, tmp_path / f"firm{k}")
        numbers = fitting.measured_numbers(tmp_path / f"firm{k}")
        held += sum(numbers[name]["low"] <= true <= numbers[name]["high"] for name, true in truth.items())
    assert 47 <= held < 60


def test_a_column_that_is_not_there_says_what_it_would_tell(fitted):
    """Without renewals, renewal is what the exports do not tell; a list of them would."""
    row = fitted[1].table["numbers"]["customers.renewal"]
    assert row["tells"][0]["column"] == signs.COLUMNS["renewals"] and row["tells"][0]["to"] < 0.75 * row["width"]
    assert list(fitted[1].table["columns"]) == [signs.COLUMNS["renewals"]]


def test_fifty_sets_are_kept_and_the_folder_lives_by_them(fitted):
    home, found = fitted
    scenario = sim.read(home)
    assert len(scenario.sets) == 50 == len(found.table["sets"])
    assert scenario.values["selling.win"] == scenario.sets[found.table["middle"]]["selling.win"]
    assert sim.run(scenario.but(days=5), seed=7).scenario.value("selling.win") == scenario.sets[7]["selling.win"]


def test_demand_is_fitted_and_customers_are_counted(fitted, tmp_path):
    home, found = fitted
    assert found.table["numbers"]["customers.per_rep"]["word"] == "assumed"
    said = (tmp_path / "said", "measured]\n", 'measured]\n"customers.per_rep" = "300 customers on the first day"\n')
    shutil.copytree(home, said[0])
    (said[0] / "firm.toml").write_text((home / "firm.toml").read_text().replace(*said[1:]))
    told = fitting.measured_numbers(said[0])["customers.per_rep"]
    assert told == {"word": "measured", "value": 75.0}, "as many as the default, and yet somebody's own word"
    scenario = sim.read(home)
    kept = {round(each.value("customers.per_rep") * each.value("market.size"), 6)
            for each in (*map(scenario.in_market, range(50)), scenario.without_sets())}  # fmt: skip
    assert kept == {75.0} and len({each["market.size"] for each in scenario.sets}) > 10
    for k in range(3):
        customers = sim.run(scenario.but(days=1), seed=k).state.firm.customers
        assert (customers["since"] < 0).sum() == 75 * 4
    assert "customers.per_rep" not in scenario.sets[0]
    shutil.copytree(home, tmp_path / "firm")
    path = tmp_path / "firm" / "firm.toml"
    path.write_text(path.read_text() + "\n[customers]\nper_rep = 20\n")
    by_hand = sim.read(tmp_path / "firm").in_market(7)
    assert by_hand.value("customers.per_rep") * by_hand.value("market.size") == pytest.approx(20)


@given(st.floats(0, 500), st.floats(0.05, 20), st.floats(0.05, 20), st.floats(0.05, 20))
def test_whatever_demand_is_tried_there_are_as_many_customers(each, was, one, other):
    begin = {CUSTOMERS: each, DEMAND: was}
    found = with_customers(begin, {DEMAND: one, "selling.win": 0.5})
    assert found["selling.win"] == 0.5
    assert found[CUSTOMERS] * one == pytest.approx(min(each * was, 10_000 * one))
    if each * was < 10_000 * one:
        assert with_customers(found, {DEMAND: other})[CUSTOMERS] == pytest.approx(
            with_customers(begin, {DEMAND: other})[CUSTOMERS]
        )
    assert with_customers(begin, {"selling.win": 0.5}) == begin | {"selling.win": 0.5}


def test_what_somebody_writes_into_the_file_by_hand_holds_in_all_markets(firm):
    path = firm / "firm.toml"
    path.write_text(path.read_text() + "\n[selling]\nwin = 0.77\n")
    scenario = sim.read(firm)
    assert scenario.in_market(3).value("selling.win") == 0.77 and "selling.base" in scenario.sets[0]


@NEEDS_PYABC
def test_a_fit_that_was_done_is_not_done_again_and_says_the_same(fitted, monkeypatch):
    home, found = fitted
    before = found.posterior.places
    monkeypatch.setattr("sim.study.own.firm_model.at_once", _seen := Seen())
    again = fitting.fit_firm(home, size=60)
    assert (again.posterior.places == before).all() and again.table["sets"] == found.table["sets"]
    assert _seen.calls == 0  # all of it lies in the folder


class Seen:
    """Counts calls, and makes them."""

    calls = 0

    def __call__(self, work, *more):
        from sim.study.many import at_once

        self.calls += 1
        return at_once(work, *more)


class Toy:
    """A model that is stopped once."""

    names, calls = ("a",), 0

    def __call__(self, values: dict[str, float], market: int) -> dict[str, float]:
        Toy.calls += 1
        if Toy.calls == 100:
            raise KeyboardInterrupt
        return {"a": values["x"]}


@NEEDS_PYABC
def test_first_runs_that_were_stopped_go_on(tmp_path):
    """Of 128 the first block of 64 was kept, the second is done again."""
    task = Task(tmp_path, Toy(), fit.Fit("toy", [fit.Prior("x", 0.0, 1.0)], Toy(), {"a": 0.5}, 50, 1, 1), {}, None)
    places = np.linspace(0, 0.99, 128)[:, None]
    with pytest.raises(KeyboardInterrupt):
        firm_model._pilot(task, places, 1, None)
    assert (firm_model._pilot(task, places, 1, None) == places).all() and Toy.calls == 100 + 64
    next(tmp_path.rglob("*.npy")).write_bytes(b"not an array")
    assert (firm_model._pilot(task, places, 1, None) == places).all()


def test_a_fit_of_another_funnel_is_not_used(firm):
    (firm / "funnel.json").write_text((firm / "funnel.json").read_text() + "\n")
    with pytest.warns(Told, match="another funnel"):
        assert sim.read(firm).sets == ()


@pytest.mark.parametrize("text", ["[1", "[]", '{"of": 3}', '{"sets": 3}'])
def test_a_damaged_fit_is_refused_or_not_used(firm, text):
    kept = json.loads((firm / "fit.json").read_text())
    (firm / "fit.json").write_text(text.replace('{"sets"', f'{{"of": "{kept["of"]}", "sets"'))
    try:
        assert sim.read(firm).sets == ()
    except InputError as fault:
        assert "fit.json" in fault.problems[0]


def test_what_cannot_be_fitted_is_told(imported, tmp_path):
    home = Path(shutil.copytree(imported, tmp_path / "firm"))
    kept = json.loads((home / "funnel.json").read_text())
    with pytest.raises(InputError, match="the export ends on 20"):
        task_of(home, "2099-01-01")
    with pytest.raises(InputError, match="nothing is kept of what had been seen until 2020-01-01; there are 2023-"):
        task_of(home, "2020-01-01")
    for wrong in (None, {}, {"days": -1, "columns": [], "halves": {"fitted": {"a": 1}}},
                  {"days": 9, "columns": [], "halves": {"fitted": {}}}):  # fmt: skip
        (home / "funnel.json").write_text(json.dumps(kept | {"fit": wrong}))
        with pytest.raises(InputError):
            task_of(home)
    for wrong in ("much", [1], {"cycle": "long"}, {"cycle": {"n": 9}}, {"value": {"median": [1], "sd_log": 1}}):
        (home / "funnel.json").write_text(json.dumps(kept | {"measured": wrong}))
        with pytest.raises(InputError, match="what was measured"):
            task_of(home)


def test_particles_are_moved_to_where_their_runs_would_meet_the_data():
    """A line and noise: moved, the particles lie closer around what is right, whatever the threshold left."""
    dice = np.random.default_rng(3)
    places = dice.uniform(0.1, 0.9, (300, 1))
    told = np.log(places / (1 - places)) + dice.normal(0, 0.1, (300, 1))
    posterior = fit.Posterior([fit.Prior("a", 0.0, 1.0)], places, np.full(300, 1 / 300), {}, 300, 1, told)
    moved = fit.adjusted(posterior, {"a": 0.5})
    low, middle, high = moved.quantile("a", 0.05, 0.5, 0.95)
    assert middle == pytest.approx(1 / (1 + np.exp(-0.5)), abs=0.01) and high - low < 0.1 < 0.6


def crowd_at(middle: float, spread: float, n: int = 150) -> fit.Posterior:
    """Particles of one number, normal on the log-odds."""
    places = 1 / (1 + np.exp(-(middle + spread * norm.ppf((np.arange(n) + 0.5) / n))))
    even = np.full(n, 1 / n)
    return fit.Posterior((fit.Prior("a", 1.0, 10.0, log=True),), places[:, None], even, {}, 0, 1, places[:, None])


def test_intervals_are_stretched_until_they_hold_what_they_say():
    """A crowd is off by a spread of 1 and says .6: nine in ten hold two thirds, and nine in ten once it is stretched.

    Fixed seed; of other seeds 4 of 1,000 would leave the bounds (simulated: 1,000 firms tried and 1,000 to come).
    """
    dice = np.random.default_rng(5)
    truths = 1 / (1 + np.exp(-dice.normal(size=2000)))
    crowds = [crowd_at(fit.log_odds(truth) + dice.normal(), 0.6) for truth in truths]
    known = [{"a": float(crowds[0].priors[0].at(truth))} for truth in truths]
    missed = [recovery.misses(each, truth) for each, truth in zip(crowds, known, strict=True)]
    by = recovery.stretches(missed[:1000])
    assert by["a"] == pytest.approx(1 / 0.6, rel=0.1)
    assert recovery.recovered(known, crowds)["a"].held < 0.72
    after = [recovery.stretched(each, by) for each in crowds[1000:]]
    assert recovery.recovered(known[1000:], after)["a"].held == pytest.approx(0.9, abs=0.04)


@given(st.floats(-4, 4), st.floats(0.01, 2), st.floats(1, 5))
def test_what_is_stretched_keeps_its_middle_its_order_and_its_range(middle, spread, by):
    crowd = crowd_at(middle, spread)
    wide = recovery.stretched(crowd, {"a": by})
    assert (np.diff(wide.places[:, 0]) >= 0).all() and ((wide.places > 0) & (wide.places < 1)).all()
    assert wide.place("a", 0.5) == pytest.approx(crowd.place("a", 0.5), abs=1e-9)
    assert wide.narrowing("a") <= crowd.narrowing("a") + 1e-9
    assert recovery.stretched(crowd, {"a": 1.0}).places == pytest.approx(np.clip(crowd.places, 1e-4, 1 - 1e-4))


def test_no_interval_is_made_narrower_and_few_firms_are_taken_at_their_worst():
    assert recovery.stretches([{"a": 0.2}] * 50) == {"a": 1.0}
    assert recovery.stretches([{"a": 1.5}, {"a": 3.0}, {"a": 0.1}]) == {"a": 3.0}


@given(st.lists(st.floats(0.001, 1), min_size=3, max_size=30), st.integers(1, 200), st.integers(0, 99))
def test_sets_are_drawn_as_often_as_their_weight_says(weights, n, seed):
    shares = np.array(weights) / sum(weights)
    often = np.bincount(fitting.drawn(shares, n, np.random.default_rng(seed)), minlength=len(shares))
    assert often.sum() == n and (np.abs(often - n * shares) < 1 + 1e-6).all()


# --- the gate ---


WHAT_IFS = [["compare", "FIRM", "liaison", "--seeds", "2"], ["explain", "FIRM", "liaison", "--seeds", "2"],
            ["explain", "FIRM", "liaison", "--lead", "3"], ["reach", "aligned", "--from", "FIRM"],
            ["run", "FIRM", "--set", "liaison.count=1"], ["run", "PLAN"], ["serve", "FIRM"],
            ["audit", "FIRM", "--set", "trust.initial=0.5"], ["export", "brief", "FIRM", "liaison", "-o", "OUT"],
            ["export", "replay", "FIRM", "--set", "trust.initial=0.5", "-o", "OUT.html"],
            ["export", "live", "FIRM", "-o", "OUT.html"],
            ["experiment", "QUESTION", "-o", "STORE"]]  # fmt: skip


@pytest.mark.parametrize("words", WHAT_IFS, ids=" ".join)
def test_until_somebody_accepts_no_what_if_is_run(baton, firm, tmp_path, monkeypatch, words):
    """Exit code 4 and the command to type, before anything is run; and nothing is written."""
    (firm / "plans").mkdir()
    (firm / "plans" / "a.toml").write_text('based_on = "../firm.toml"\n[liaison]\ncount = 1\n')
    question = f'title = "A"\nclaim = "a"\nbase = "{firm}/firm.toml"\n[levers]\ntrust.initial = [0.2, 0.5]\n'
    (tmp_path / "q.toml").write_text(f'{question}[sample]\nmethod = "grid"\n[replications]\nmarkets = 2\n')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sim.model.drive.Simulation.advance", lambda *_: pytest.fail("something was run"))
    places = {"FIRM": firm, "PLAN": firm / "plans" / "a.toml", "OUT": tmp_path / "out.pdf",
              "OUT.html": tmp_path / "o.html", "QUESTION": tmp_path / "q.toml",
              "STORE": tmp_path / "store"}  # fmt: skip
    code, out, told = baton(*(places.get(word, word) for word in words))
    assert code == 4 and "baton gate firm" in told and not out, told
    assert not any((tmp_path / name).exists() for name in ("out.pdf", "o.html", "store"))


def test_a_page_of_an_accepted_firm_carries_one_set_of_numbers_and_no_name(baton, firm, tmp_path):
    write_gate(firm, "accept", "A. Person")
    code, out, told = baton("export", "live", firm, "--keep-names", "-o", tmp_path / "o.html")
    assert code == 0 and f"one of 50 sets of numbers, that of market {sim.USUAL_MARKET}" in told, (out, told)
    held = live.kept(live.Wanted({"firm": sim.read(firm).named()}))
    assert (
        f"one of 50 sets that fit the firm, that of market {sim.USUAL_MARKET}"
        in held["about"]["scenarios"]["firm"]["question"]
    )
    one = held["data"]["scenarios"]["firm"]
    assert all(re.fullmatch(r"[MS]\d+", name) for name in one["names"]) and len(one["names"]) == 7
    assert one["values"].items() >= sim.read(firm).in_market(sim.USUAL_MARKET).values.items()
    assert not re.search(rf"A\. Person|{re.escape(str(tmp_path))}", json.dumps(held))


def test_what_somebody_accepts_holds_until_something_changes(firm):
    scenario = sim.read(firm)
    with pytest.raises(Refused, match="nobody has said yet"):
        ask_gate(scenario)
    write_gate(firm, "adjust", "A. Person", "deals are too quick")
    with pytest.raises(Refused, match="to be adjusted .deals are too quick"):
        ask_gate(scenario.but(liaison__count=1))
    write_gate(firm, "accept", "A. Person")
    ask_gate(scenario, sim.read("silo"))
    assert sim.compare(scenario.but(days=5), "silo", seeds=2, days=5).names[0] == "firm"
    table = tomllib.loads((firm / "gate.toml").read_text())
    assert table["answer"] == "accept" and table["name"] == "A. Person" and re.match(r"\d{4}-\d\d-\d\d$", table["date"])
    for name in ("funnel.json", "fit.json"):
        before = (firm / name).read_text()
        (firm / name).write_text(before + " ")
        assert not is_accepted(firm)
        with pytest.raises(Refused, match="have changed since"):
            ask_gate(scenario)
        (firm / name).write_text(before)
        assert is_accepted(firm)


def test_scenarios_written_by_hand_go_on_as_they_are(tmp_path):
    (tmp_path / "firm.toml").write_text('title = "By hand"\n[liaison]\ncount = 1\n')
    scenario = sim.read(tmp_path)
    assert scenario.firm == ""
    ask_gate(scenario, sim.read("silo"))


def test_the_gate_shows_the_half_that_nothing_was_fitted_to(firm):
    seen = gate.look(firm)
    own = json.loads((firm / "funnel.json").read_text())["fit"]["halves"]["judged"]
    assert len(seen.steps) >= len(own) - 2 and seen.fitted and seen.runs == 50  # all but what is the same in all
    called = next(step for step in seen.steps if step.name == "called, of handed off")
    assert called.own == pytest.approx(1 / (1 + np.exp(-own["called, of handed off"])))
    assert all(step.low <= step.middle <= step.high for step in seen.steps)
    assert len(seen.outside) <= len(seen.steps) // 3, seen.sentence()
    few, customers, many = seen.books["customers"]
    assert 0 < few <= customers <= many and 0 < seen.books["revenue"][0] <= seen.books["revenue"][2]
    page = gate_page(seen, None, "firm")
    assert f"{customers:,.0f} customers" in page and "customers.per_rep" in page, "what only the books can tell"
    assert (
        "<script" not in page and "http" not in page and str(firm) not in page and page.count("<svg") == len(seen.steps)
    )
    from sim.figures.gate_plot import gate_plot

    assert gate_plot(seen).baton.title == seen.sentence()


def test_a_firm_that_is_another_one_lies_outside(firm):
    """A check that cannot fail is no check: with a cycle three times as long, the days until the end are outside."""
    path = firm / "firm.toml"
    path.write_text(re.sub(r"cycle_days = .*", "cycle_days = 60.0", path.read_text()))
    text = path.read_text().replace('"market.cycle_days"', '"market.cycle"')
    path.write_text(text)
    assert "days until the end" in [step.name for step in gate.look(firm).outside]


def test_the_command_asks_who_says_so_and_writes_it_down(baton, firm, tmp_path):
    assert baton("gate", firm, "--accept")[0] == 2 and baton("gate", firm, "--accept", "--stop", "--name", "x")[0] == 2
    words = ["--accept", "--name", "A. Person", "--note", "near enough", "-o", tmp_path / "g.html"]
    code, out, _ = baton("gate", firm, *words)
    assert code == 0 and "Does this look like you?" in out and "accepted: “near enough”" in out
    assert gate_of(firm).current and "A. Person" in (tmp_path / "g.html").read_text()
    assert baton("gate", tmp_path)[0] == 3


def test_a_folder_that_is_no_firm_is_told_how_to_become_one(baton, tmp_path):
    code, _, told = baton("gate", tmp_path)
    assert code == 3 and f"`baton import FILES -o {tmp_path}` makes a firm's folder" in told.replace("\n", " ")


def test_what_reads_the_same_as_the_end_of_the_band_is_not_outside():
    """99.96 % and 100 % are both 100.0 %: nobody could see why one of them should lie outside."""
    step = gate.Step("handed off", "%", own=0.9996, low=0.9998, middle=1.0, high=1.0, off=-2.0)
    assert step.inside and not step._replace(own=0.998).inside


def test_briefs_show_no_money_until_it_is_accepted(firm):
    scenario = sim.read(firm).but(days=70)
    found = sim.brief(scenario, seeds=3)
    plain = found.table()
    assert not found.money and plain.loc["revenue", "median"] == pytest.approx(100, abs=60)
    with pytest.raises(Refused):
        sim.brief(scenario, scenario.but(liaison__count=1), seeds=3)
    write_gate(firm, "accept", "A. Person")
    told = sim.brief(scenario, seeds=3)
    assert told.money and told.table().loc["revenue", "median"] > 2 * plain.loc["revenue", "median"]
    assert told.table().loc["score", "median"] == plain.loc["score", "median"]


# --- the backtest ---


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=30), st.floats(-50, 50))
def test_a_crowd_is_scored_as_its_formula_says(runs, came):
    x = np.array(runs)
    slow = np.abs(x - came).mean() - np.abs(x[:, None] - x[None]).mean() / 2
    assert backtest.crps(x, came) == pytest.approx(slow, abs=1e-9)


def test_where_a_straight_line_comes_nearer_it_is_said():
    months = [{"month": f"2024-{m:02}", "won": 10.0 * m} for m in range(1, 13)]
    runs = [{f"2024-{m:02}": 70.0 + k for m in range(1, 13)} for k in range(5)]
    row = backtest._row("won", months, ["2024-10", "2024-11", "2024-12"], runs)
    assert row.score["line"] == pytest.approx(0) and row.best == "line" and row.score["year before"] is None
    found = backtest.Backtest("2024-09-30", 5, [row])
    assert "a straight line came nearer than the model" in found.sentences()[0]


def test_where_the_band_is_nearest_and_its_middle_is_not_both_are_said():
    """CRPS rewards a band that reaches what came; the middle alone is further off than the line (3 against 2.5)."""
    months = [{"month": f"2024-{m:02}", "won": 10.0 + 2.5 * (m > 9)} for m in range(1, 13)]
    runs = [{f"2024-{m:02}": k for m in range(1, 13)} for k in (9.5, 9.5, 9.5, 12.5, 12.5)]
    row = backtest._row("won", months, ["2024-10", "2024-11", "2024-12"], runs)
    assert row.best == "model" and row.error["model"] == 3 and row.error["line"] == pytest.approx(2.5)
    (said,) = backtest.Backtest("2024-09-30", 5, [row]).sentences()
    assert (
        said == "won: the model came nearest as a band; of single guesses a straight line came nearer than its middle"
    )


@NEEDS_PYABC
@given(st.floats(0, 1))
def test_a_fitted_number_at_an_end_of_its_range_says_so_and_no_other(at):
    """Draws crowd around a place of the range: the edge is told where half of them lie in its outermost tenth."""
    places = np.clip(at + 0.05 * np.linspace(-1, 1, 41), 0, 1)[:, None]
    assume(min(abs(at - 0.1), abs(at - 0.9)) > 1e-9)
    posterior = fitting.Posterior(
        [fit.Prior("selling.base", -3.0, 1.0)], places, np.full(41, 1 / 41), {}, 41, 1, np.zeros((41, 0))
    )
    row = fitting._fitted(posterior, {}, {})["selling.base"]
    assert row["word"] == "fitted"
    assert row.get("edge") == ("upper" if at > 0.9 else "lower" if at < 0.1 else None)
    said = fit_report.at_an_end({"selling.base": row, "workforce.marketers": {"word": "measured", "value": 3}})
    assert len(said) == ("edge" in row) and all("The truth may lie beyond" in each for each in said)
    assert "Nothing lies beyond" in fit_report.at_an_end({"selling.win": {"edge": "upper", "range": [0.1, 1.0]}})[0]


@NEEDS_PYABC
def test_a_backtest_knows_nothing_of_the_months_it_is_held_against(baton, firm):
    until = sorted(json.loads((firm / "funnel.json").read_text())["fit"]["until"])[-3]
    before = (firm / "fit.json").read_bytes()
    code, _, told = baton("fit", firm, "--until", until, "--size", 50, "-q")
    assert code == 0, told
    assert (firm / "fit.json").read_bytes() == before  # what-ifs go on by the whole
    code, out, _ = baton("backtest", firm, "--json")
    found = json.loads(out)
    assert code == 0 and found["until"] == until
    for row in found["rows"]:
        assert min(row["months"]) > until[:7] and len(row["came"]) == len(row["months"]) == len(row["middle"])
        assert row["score"]["year before"] is None or row["error"]["year before"] >= 0
    known, kept = task_of(firm, until), json.loads((firm / "funnel.json").read_text())
    kept["measured"]["cycle"] |= {"median": 77.0, "sd_log": 0.9}
    for month in kept["fit"]["months"]:
        if month["month"] > until[:7]:
            month["won"] = 999
    (firm / "funnel.json").write_text(json.dumps(kept))
    again, law = task_of(firm, until), kept["fit"]["until"][until]["measured"]["cycle"]
    assert again.fit.data == known.fit.data and again.model.scenario == known.model.scenario
    assert again.kept["measured"]["cycle"] == law and known.model.scenario.value("market.cycle_days") == law["median"]
    assert again.model.scenario.value("market.cycle_days") != task_of(firm).model.scenario.value("market.cycle_days")
    assert baton("backtest", firm)[0] == 3  # the funnel is another one: fit again
