"""A day as bytes: by the same rules in Python, plain and compiled, and in JavaScript, and what it tells is so."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys

import pytest
from house import FEW, ROOT
from shells import said
from test_wasm import SHIPPED, by_the_module, told  # noqa: F401

import sim
from sim.model import hashes, kernel, warm, wasm
from sim.page.desks import largest, leads_a_dot
from sim.page.frames import Watcher, read
from sim.page.life import Life
from sim.page.view import View
from sim.page.visitor import Visitor
from sim.scenario import Scenario

M, S, LIAISONS, HIRED = "workforce.marketers", "workforce.salespeople", "liaison.count", "liaison.hired"


def summed(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()[:16]


def most_of(life: Life) -> int:
    """The most people that a team comes to have, as far as is known."""
    if life.scenario.organization is None:
        return max(largest(life.scenario, team) for team in ("marketers", "salespeople"))
    ledger = life.simulation.firm.ledger
    return max(int(ledger["n_m"][0]), int(ledger["n_s"][0]))


def watched(scenario: Scenario, seed: int) -> dict:
    """A life's days as tests/js/rules.js tells them."""
    life = Life(scenario, seed, leads_a_dot(scenario.theory))
    most = most_of(life)
    life.live(scenario.days)
    seen = [life.frames[day].hex() for day in range(life.day + 1)]
    again = Watcher(life.simulation, life.per_dot, life.per_desk)
    seen.append(again.first().hex())
    named = () if life.simulation.own_people else life.simulation.names
    desks = [{**desk, "name": desk["name"] if named else ""} for desk in again.desks()]
    return {"life": life, "most": most, "frames": seen, "per": [life.per_dot, life.per_desk], "desks": desks}


def ends_as(life: Life) -> str:
    return f"{int(hashes.state_hash(life.simulation.firm)):016x}"


def compare(pairs: list[tuple[Scenario, int]], shell: str = "node") -> list[Life]:
    """A shell makes every frame that Python makes, bit for bit, the same desks, and ends in the same state.

    Returns what Python lived.
    """
    ours = [watched(*pair) for pair in pairs]
    asked = [{**told(*pair), "most": each["most"]} for pair, each in zip(pairs, ours, strict=True)]
    for (scenario, _), one, other in zip(pairs, ours, said("rules.js", asked, shell), strict=True):
        both = zip(one["frames"], other["frames"], strict=True)
        unlike = [day for day, frames in enumerate(both) if len(set(frames)) > 1]
        assert not unlike, f"{scenario.title}: day {unlike[0]} and {len(unlike) - 1} others"
        assert one["per"] == other["per"] and ends_as(one["life"]) == other["hash"]
        if scenario.organization is not None:  # the host has their names
            other["desks"] = [{**desk, "name": ""} for desk in other["desks"]]
        assert one["desks"] == other["desks"]
    return [each["life"] for each in ours]


def firm(days: int, changes: tuple = (), **values) -> Scenario:
    return sim.read().but(
        {name.replace("__", "."): value for name, value in values.items()}, days=days, changes=changes
    )


def of_all_kinds() -> list[tuple[Scenario, int]]:
    """Liaisons drawn, hired and gone; seats opened and closed; shocks; a firm that goes broke; 2 to 500 people."""
    moves = (sim.Change(0, {LIAISONS: 1}), sim.Change(20, {LIAISONS: 3, HIRED: 1}), sim.Change(40, {S: 30, M: 9}),
             sim.Change(70, {}, shock="liaison leaves"), sim.Change(80, {LIAISONS: 0}))  # fmt: skip
    shocks = tuple(sim.Change(15 + 5 * k, {}, shock=each) for k, each in enumerate(sim.model.theory.SHOCKS))
    poor = {"money__start_cash": 0.0, "money__margin": 0.1}
    return [
        (firm(140, moves), 9), (firm(70, shocks, liaison__count=1), 4), (firm(130, (), **poor), 2),
        (firm(130, (), workforce__marketers=1, workforce__salespeople=1), 2**63 - 1),
        (firm(70, moves[1:2], workforce__marketers=150, workforce__salespeople=350), 1),
    ]  # fmt: skip


def test_node_makes_the_same_bytes_as_python():
    few = [name for name in SHIPPED if name in FEW]
    ends = compare([*((sim.read(name), 3) for name in few), *of_all_kinds()])
    assert any(life.day < life.scenario.days for life in ends), "one of them goes broke"


@pytest.mark.long
@pytest.mark.parametrize("name", SHIPPED)
def test_node_makes_the_same_bytes_of_every_scenario(name):
    compare([(sim.read(name), seed) for seed in (0, 12, 2**40)])


PLAIN = """
import json
import sim
from sim.page.life import Life
from test_page_frames import moved, summed
life = Life(moved(), 9, 2)
life.live(70)
print(json.dumps([summed(life.frames[day]) for day in range(71)]))
"""


def moved() -> Scenario:
    """A few people, a liaison among them for a while."""
    changes = (sim.Change(8, {LIAISONS: 1}), sim.Change(50, {LIAISONS: 0, S: 4}))
    return firm(70, changes, workforce__marketers=3, workforce__salespeople=3)


def test_plain_rules_make_the_same_bytes():
    life = Life(moved(), 9, 2)
    life.live(70)
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    plain = os.environ | {"NUMBA_DISABLE_JIT": "1", "PYTHONPATH": paths}
    done = subprocess.run([sys.executable, "-c", PLAIN], env=plain, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [summed(life.frames[day]) for day in range(71)]


def test_the_module_makes_the_same_bytes_in_python(by_the_module, monkeypatch):  # noqa: F811
    warm.prepare()
    first = Life(moved(), 9, 2)
    first.live(20)
    assert wasm._lived > 0
    monkeypatch.undo()
    kernel.answered_by(None)
    again = Life(moved(), 9, 2)
    again.live(20)
    assert first.frames == again.frames


def test_who_begins_to_watch_later_sees_what_others_have_seen():
    """The state that is told on a day has the leads and desks that the days before add up to."""
    scenario = firm(130, (sim.Change(30, {LIAISONS: 2, S: 30}),))
    life = Life(scenario, 3, 5)
    life.live(100)
    leads, desks = {}, None
    for day in range(101):
        parts, _ = read(life.frames[day])
        leads |= {int(row["number"]): row for row in parts["steps"]}
        desks = parts["desks"] if len(parts["desks"]) else desks
    now, _ = read(Watcher(life.simulation, 5, life.per_desk).first())
    alive = {number for number in leads if life.simulation.firm.leads["ended"][number] < 0}
    assert alive == set(now["steps"]["number"].tolist()) and len(alive) > 50
    told = [name for name in now["steps"].dtype.names if name != "due"]
    for row in now["steps"]:
        assert [row[name] for name in told if name not in "ms"] == [
            leads[int(row["number"])][name] for name in told if name not in "ms"
        ]
    assert desks.tobytes() == now["desks"].tobytes()


def test_people_of_a_users_own_are_called_by_their_names():
    scenario = sim.read("company-example")
    plan = View({"a": scenario}, scenario, 1, 0)
    told = Visitor().set(plan)["arms"]["a"]
    ids = scenario.load_organization().ids
    assert tuple(told["names"]) == ids
    assert {desk["name"] for desk in told["desks"]} == set(ids)
    usual = Visitor().set(View({"a": sim.read()}, sim.read(), 1, 0))["arms"]["a"]
    assert not usual["names"] and {"M1", "S24"} <= {desk["name"] for desk in usual["desks"]}
