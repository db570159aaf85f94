"""The worked example of docs/extending.md. (That document's own code and commands are run by test_readme.)"""

from __future__ import annotations

from runpy import run_path

import house
import numpy as np
import pytest

import sim
from sim.contract import check_day
from sim.model.hashes import state_hash
from sim.model.kernel import COMPILED
from sim.run import run

GOSSIP = house.ROOT / "docs" / "gossip.py"
SMALL = "small-simple"


@pytest.fixture(scope="module")
def gossip():
    return run_path(str(GOSSIP))


@pytest.mark.reference
@pytest.mark.bounds
def test_gossip_keeps_the_contract(gossip):
    report = check_day(gossip["day"], SMALL if not COMPILED else "default", days=66, seeds=[1])
    assert report.day == "day"


def test_gossip_has_the_same_bits_in_plain_rules(gossip):
    check_day(gossip["day"], SMALL, days=15, seeds=[1], plain=True)


def test_gossip_moves_trust_and_notes_it(gossip):
    scenario = sim.read("silo").but(days=65)
    talked, silent = (run(scenario, 2, step=step).state.firm for step in (gossip["day"], None))
    assert talked.guest["b"].sum() > 20
    assert (talked.guest["a"] > 0).all() and (talked.guest["a"] < 2).all()
    assert talked.guest["c"].sum() < 0  # bad news goes further
    assert not np.array_equal(talked.ties["cog_sm"], silent.ties["cog_sm"])
    assert (silent.guest["a"] == 0).all()


def test_without_mates_there_is_no_gossip(gossip):
    """Zero means nothing happens: only the readiness to gossip is noted."""
    scenario = sim.read("silo").but(days=30, workforce__mates=0)
    talked, silent = (run(scenario, 2, step=step).state.firm for step in (gossip["day"], None))
    assert (talked.guest["b"] == 0).all()
    talked.guest["a"] = 0
    assert state_hash(talked) == state_hash(silent)


def test_excerpts_are_taken_from_the_file():
    """Every line of a `py` block of the document stands in the example."""
    lines = {line.strip() for line in GOSSIP.read_text(encoding="utf-8").splitlines()}
    text = (house.ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
    blocks = [body for info, body, _ in house.fences(text) if info == "py"]
    assert len(blocks) == 3
    for line in "".join(blocks).splitlines():
        assert line.strip() in lines, line
