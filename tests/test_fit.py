"""Fits: a known posterior is found, what was stopped goes on, what no statistic sees is said to be assumed."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
import time
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pytest

from sim.errors import InputError
from sim.study.validation import fit, recovery
from sim.study.validation.logit import likelihood, logit

pytestmark = pytest.mark.documents

ROOT = Path(__file__).parent.parent
NEEDS_PYABC = pytest.mark.skipif(not find_spec("pyabc"), reason="pyABC is not installed (the extra fit)")
NEEDS_STATSMODELS = pytest.mark.skipif(
    not find_spec("statsmodels"), reason="statsmodels is not installed (the extra fit)"
)
DRAWS = 25
PRIORS = (fit.Prior("a", -2.0, 2.0), fit.Prior("nothing", 0.1, 10.0, log=True))


def toy(values: dict[str, float], market: int) -> dict[str, float]:
    """The mean of draws around a; the second number moves nothing."""
    return {"mean": values["a"] + float(np.random.default_rng(market).normal()) / math.sqrt(DRAWS)}


def task(**changed) -> fit.Fit:
    return fit.Fit("toy", PRIORS, toy, {"mean": 0.7}, 100, 9, 3)._replace(**changed)


@pytest.fixture(scope="module")
def found(tmp_path_factory) -> fit.Posterior:
    return fit.smc(task(), tmp_path_factory.mktemp("fit"))


@NEEDS_PYABC
def test_the_posterior_is_the_known_one(found):
    """A uniform prior and the mean of 25 draws of spread 1: the posterior is normal around 0.7, spread 1/5."""
    exact = NormalDist(0.7, 1 / math.sqrt(DRAWS))
    for level, place in zip((0.05, 0.5, 0.95), found.quantile("a", 0.05, 0.5, 0.95), strict=True):
        assert place == pytest.approx(exact.inv_cdf(level), abs=0.09), level
    assert found.statistics["mean"][1] == pytest.approx(0.7, abs=0.03)
    assert abs(found.narrowing("nothing")) < 0.15


def runs_of(folder: Path) -> list[int]:
    """How many runs the calibration took, and each population."""
    import pyabc

    (path,) = folder.glob("*.db")
    return pyabc.History(f"sqlite:///{path}").get_all_populations()["samples"].tolist()


@NEEDS_PYABC
@pytest.mark.parametrize("stop_at", [75, pytest.param(1500, marks=pytest.mark.long)])
def test_a_fit_that_was_stopped_goes_on_to_the_same_numbers(found, tmp_path, stop_at):
    """Stopped while it calibrates, and in the third population: nothing shows in the end."""
    count = 0

    def stopping(values, market):
        nonlocal count
        count += 1
        if count == stop_at:
            raise KeyboardInterrupt
        return toy(values, market)

    with pytest.raises(KeyboardInterrupt):
        fit.smc(task(model=stopping), tmp_path)
    again = fit.smc(task(model=stopping), tmp_path)
    whole = np.cumsum(runs_of(tmp_path))  # the calibration, and each population
    assert count - found.runs == stop_at - max(whole[whole < stop_at], default=0)  # what was not whole is done again
    assert (again.places == found.places).all() and (again.weights == found.weights).all()


@NEEDS_PYABC
def test_what_is_done_is_not_done_again(found, tmp_path):
    first = fit.smc(task(populations=1), tmp_path)

    def never(values, market):
        raise AssertionError

    assert (fit.smc(task(model=never, populations=1), tmp_path).places == first.places).all()
    with pytest.raises(AssertionError):  # other data are another fit
        fit.smc(task(model=never, populations=1, data={"mean": 0.6}), tmp_path)


@NEEDS_PYABC
@pytest.mark.parametrize(("size", "times"), [(40, 2), pytest.param(60, 4, marks=pytest.mark.long)])
def test_a_number_that_no_statistic_sees_is_assumed(tmp_path, size, times):
    again = recovery.simulated(task(size=size, populations=3), times)
    posteriors = recovery.smc_many([each for _, each in again], tmp_path, processes=1)
    known = recovery.recovered([truth for truth, _ in again], posteriors)
    assert known["a"].word == "fitted" and known["a"].narrowed > 0.5
    assert known["nothing"].word == "assumed" and known["nothing"].narrowed < 0.25


@NEEDS_PYABC
def test_what_a_fit_keeps_does_not_say_where_it_was_made(tmp_path, monkeypatch):
    """pyABC notes the folder it is called in, which may be a firm's name: it is taken out of the file altogether."""
    place = tmp_path / "acme-of-zyzzogeton"
    place.mkdir()
    monkeypatch.chdir(place)
    fit.smc(fit.Fit("toy", PRIORS, toy, {"mean": 0.5}, size=20, populations=1, seed=1), tmp_path / "kept")
    (file,) = (tmp_path / "kept").iterdir()
    assert b"zyzzogeton" not in file.read_bytes() and b"AdaptivePNormDistance" in file.read_bytes()


def test_an_interval_that_misses_the_truth_is_not_trusted():
    assert recovery.Recovered(held=1.0, narrowed=0.29).word == "assumed"
    assert recovery.Recovered(held=0.7, narrowed=0.9).word == "assumed"
    assert recovery.Recovered(held=0.75, narrowed=0.3).word == "fitted"


SCRIPT = """
import sys, time
from pathlib import Path
from sim.study.validation import fit, recovery

def slow(values, market):
    time.sleep(0.002)
    return {"mean": values["a"] + (market % 1000) / 1000}

TASKS = [fit.Fit(name, [fit.Prior("a", -2.0, 2.0)], slow, {"mean": 0.9}, 20, 3, 1) for name in ("one", "two")]

def for_ever(task, folder):
    folder.mkdir(exist_ok=True)
    (folder / f"{task.name}.db").touch()
    time.sleep(600)

if __name__ == "__main__":
    if sys.argv[2:] == ["for ever"]:
        recovery.smc, recovery.needs = for_ever, lambda *libraries: None
    for posterior in recovery.smc_many(TASKS, Path(sys.argv[1]), 2):
        print(posterior.runs, posterior.quantile("a", 0.05, 0.5, 0.95))
"""
in_proc = pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks for processes in /proc")


@pytest.fixture
def killed(tmp_path):
    """Kills the script as soon as both of its helpers work, and sees that none is left; gives what it was."""
    (tmp_path / "script.py").write_text(SCRIPT)
    surroundings = os.environ | {"PYTHONPATH": str(ROOT), "MARK_OF_TEST_FIT": str(tmp_path)}

    def kill(*more) -> tuple[list[str], dict]:
        command = [sys.executable, str(tmp_path / "script.py"), str(tmp_path / "kept")]
        first = subprocess.Popen([*command, *more], env=surroundings, stderr=subprocess.DEVNULL)
        try:
            until = time.monotonic() + 60
            while len(list((tmp_path / "kept").glob("*.db"))) < 2 and time.monotonic() < until:
                time.sleep(0.02)
        finally:
            first.send_signal(signal.SIGKILL)
            first.wait()
        mark, until = f"MARK_OF_TEST_FIT={tmp_path}".encode(), time.monotonic() + 10
        while (left := _with(mark)) and time.monotonic() < until:
            time.sleep(0.05)
        assert not left and len(list((tmp_path / "kept").glob("*.db"))) == 2
        return command, surroundings

    return kill


@NEEDS_PYABC
@in_proc
def test_killed_no_process_is_left(killed):
    killed("for ever")


@pytest.mark.long
@NEEDS_PYABC
@in_proc
def test_killed_the_same_command_goes_on(killed, tmp_path, monkeypatch):
    command, surroundings = killed()
    on = subprocess.run(command, env=surroundings, text=True, capture_output=True)
    assert on.returncode == 0, on.stderr
    spec = spec_from_file_location("script_of_test_fit", tmp_path / "script.py")
    script = module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, script)
    spec.loader.exec_module(script)
    anew = recovery.smc_many(script.TASKS, tmp_path / "anew", processes=1)
    assert on.stdout.splitlines() == [f"{each.runs} {each.quantile('a', 0.05, 0.5, 0.95)}" for each in anew]


def _with(mark: bytes) -> list[str]:
    """Processes whose environment has this mark."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (entry / "environ").read_bytes().split(b"\0"):
                found.append(entry.name)
        except OSError:
            continue
    return found


def test_without_the_libraries_it_says_what_to_install(monkeypatch, tmp_path):
    for name in ("pyabc", "statsmodels.api"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(InputError, match=r"pip install \"baton-sim\[fit\]\""):
        fit.smc(task(), tmp_path)
    with pytest.raises(InputError, match="statsmodels"):
        logit(["one"], np.zeros((2, 1)), np.zeros(2), np.arange(2))


@NEEDS_STATSMODELS
def test_slopes_are_inside_of_their_intervals():
    """60 simulated logits, 180 intervals of 95 %: fewer than 89 % hold by chance about once in a thousand."""
    rng, truth, held = np.random.default_rng(6), np.array([0.3, 0.8, -0.5]), []
    for _ in range(60):
        x = rng.normal(size=(600, 2))
        y = (rng.random(600) < 1 / (1 + np.exp(-(truth[0] + x @ truth[1:])))).astype(float)
        found = logit(["one", "two"], x, y, np.arange(600) // 5)
        held += ((found.intervals[:, 0] <= truth) & (truth <= found.intervals[:, 1])).tolist()
        assert likelihood(found.slopes, x, y) >= likelihood(truth, x, y)
        assert found.fit == pytest.approx(likelihood(found.slopes, x, y))
    assert 0.89 <= np.mean(held) <= 0.995


@NEEDS_STATSMODELS
def test_the_same_answer_four_times_is_no_more_evidence():
    """Errors are by who answers: copies within a group leave the intervals as wide as they were."""
    rng = np.random.default_rng(7)
    x = rng.normal(size=(300, 1))
    y = (rng.random(300) < 1 / (1 + np.exp(-x[:, 0]))).astype(float)
    once = logit(["one"], x, y, np.arange(300))
    often = logit(["one"], np.repeat(x, 4, 0), np.repeat(y, 4), np.repeat(np.arange(300), 4))
    assert often.slopes == pytest.approx(once.slopes, rel=1e-4)
    assert often.intervals == pytest.approx(once.intervals, abs=0.01)


@pytest.fixture
def funnel(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "experiments"))
    from helpers.fit import funnel

    return funnel


def test_statistics_of_a_funnel(funnel):
    """Whole days stay in their day and are even in it; a funnel without a contract has finite statistics too."""
    days = np.random.default_rng(8).poisson(6, 500).astype(float)
    spread = funnel.spread_out(days)
    assert (np.floor(spread) == days).all()
    assert np.mean(spread - days) == pytest.approx(0.5)
    assert np.isfinite(list(funnel.told(40, np.empty(0)).values())).all()
    told = funnel.told(2000, np.exp(np.random.default_rng(9).normal(3, 1, 500)))
    assert told["conversion, log-odds"] == pytest.approx(math.log(1 / 3), abs=0.01)
    assert told["log of median"] == pytest.approx(3, abs=0.15) and told["log-sd"] == pytest.approx(1, abs=0.1)


def test_more_readiness_and_shorter_cycles_show(funnel):
    """The statistics move with the numbers they are to tell."""
    plain, moved = (funnel.of_model(v, 5) for v in ({}, {"selling.base": 1.0, "market.cycle_days": 4.0}))
    assert moved["conversion, log-odds"] > plain["conversion, log-odds"]
    assert moved["log of median"] < plain["log of median"] - 1


def test_the_page_says_assumed_where_recovery_says_so(funnel):
    page = (ROOT / "docs" / "reports" / "fit.md").read_text(encoding="utf-8")
    rows = {
        line.split("|")[1].strip(" `"): line.split("|")[1:-1] for line in page.splitlines() if line.startswith("| `")
    }
    for prior in funnel.PRIORS:
        held, narrowed = rows[prior.name][3].split(" of "), float(rows[prior.name][4].strip(" %")) / 100
        known = recovery.Recovered(int(held[0]) / int(held[1]), narrowed)
        near = abs(narrowed - recovery.NARROWED) < 0.006  # the page rounds
        assert near or rows[prior.name][-1].strip() == known.word, prior.name
