"""Every shipped experiment can be read, foretold and run, and says something that could be wrong."""

from __future__ import annotations

import math
import re
import subprocess
import sys
from dataclasses import replace

import pytest

from sim.study.experiments.experiment import read_experiment, shipped_experiments
from sim.study.forecast import forecast
from sim.study.sweep.sweep import run_one

NAMES = sorted(shipped_experiments())
QUARTER = 65  # days: the shortest run that has an audit


@pytest.fixture(scope="module")
def shipped() -> dict:
    return {name: read_experiment(name) for name in NAMES}


def test_there_are_enough_and_each_is_judged_and_told(root):
    """experiments/findings.py judges each, docs/reports/experiments.md tells what it showed."""
    assert len(NAMES) >= 12
    program = [sys.executable, "-c", "import findings; print(*findings.FINDINGS)"]
    done = subprocess.run(program, cwd=root / "experiments", capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    page = (root / "docs/reports/experiments.md").read_text(encoding="utf-8")
    assert done.stdout.split() == re.findall(r"^## ([a-z0-9-]+)$", page, re.M)
    assert sorted(done.stdout.split()) == NAMES


def test_the_page_tells_the_claims_as_the_files_do(root, shipped):
    """A claim that was changed must be judged again."""
    page = (root / "docs/reports/experiments.md").read_text(encoding="utf-8")
    for name, made in shipped.items():
        section = page.split(f"\n## {name}\n")[1].split("\n## ")[0]
        assert f"**{made.claim}**" in section and f"{made.n_runs:,} runs" in section, name


@pytest.mark.parametrize("name", NAMES)
def test_it_claims_something_in_one_sentence(name, shipped):
    made = shipped[name]
    assert made.title and made.base.question.rstrip().endswith("?")
    assert re.fullmatch(r"[A-Z][^.?!]*\.", made.claim) and len(made.claim) <= 130
    assert {"net_value", "score"} & set(made.outcomes)


@pytest.mark.parametrize("name", NAMES)
def test_it_takes_minutes_in_markets_that_nobody_fitted_on(name, shipped):
    """About sixty runs a second on two cores. All take the same markets, so that their runs can be set side by side."""
    made = shipped[name]
    assert made.n_runs == made.n_points * len(made.arms) * len(made.markets) <= 3000
    assert made.markets == tuple(range(20_000, 20_000 + len(made.markets)))
    told = forecast(made, 2)
    assert told.seconds > 0 and 0 < told.bytes_on_disk < 1e7


@pytest.mark.parametrize("name", NAMES)
def test_every_point_is_an_organization_and_no_two_are_the_same(name, shipped):
    made = shipped[name]
    hashes = [scenario.hash for point in range(made.n_points) for scenario in made.scenarios(point).values()]
    if made.sample.method in ("grid", "points"):  # samplers may visit a point twice, and an arm may undo a factor
        assert len(set(hashes[:: len(made.arms)])) == made.n_points


@pytest.mark.parametrize("name", NAMES)
def test_a_tiny_version_runs_and_its_arms_meet_the_same_market(name, shipped):
    """First and last point, one market, until a quarter after the last dated change."""
    whole = shipped[name]
    last = max((change.day for change in whole.base.changes), default=0)
    tiny = replace(
        whole.excerpt([0, whole.n_points - 1]), base=whole.base.but(days=last + QUARTER), markets=whole.markets[:1]
    )
    rows = [
        run_one(tiny, tiny.run_at(0)._replace(point=point, arm=arm))
        for point in tiny.design().index
        for arm in tiny.arms
    ]
    assert {row["status"] for row in rows} == {"done"}, rows[0]["reason"]
    for one in range(0, len(rows), len(tiny.arms)):
        assert len({row["market"] for row in rows[one : one + len(tiny.arms)]}) == 1
    for row in rows:
        known = set(row["outcomes"]) - {"followed_up", "disputes"}  # shares of what may not have happened in a quarter
        assert all(math.isfinite(row["outcomes"][outcome]) for outcome in known)
        assert all(len(column) == (last + QUARTER) // QUARTER for column in row["series"] or [])
