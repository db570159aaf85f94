"""A day as bytes: by the same rules in Python, plain and compiled, and in JavaScript, and what it tells is so."""

from __future__ import annotations

import hashlib

from house import FEW
from test_wasm import SHIPPED, lived_in_node, told

import sim
from sim.page.desks import largest, leads_a_dot
from sim.page.frames import Watcher
from sim.page.life import Life
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
    sums = [summed(life.frames[day]) for day in range(life.day + 1)]
    again = Watcher(life.simulation, life.per_dot, life.per_desk)
    sums.append(summed(again.first()))
    named = () if life.simulation.own_people else life.simulation.names
    desks = [{**desk, "name": desk["name"] if named else ""} for desk in again.desks()]
    return {"most": most, "sums": sums, "per": [life.per_dot, life.per_desk], "desks": desks}


def compare(pairs: list[tuple[Scenario, int]]) -> None:
    """Node makes every frame that Python makes, bit for bit, and the same desks."""
    ours = [watched(*pair) for pair in pairs]
    asked = [{**told(*pair), "most": each["most"]} for pair, each in zip(pairs, ours, strict=True)]
    for (scenario, _), one, other in zip(pairs, ours, lived_in_node(asked), strict=True):
        unlike = [day for day, sums in enumerate(zip(one["sums"], other["sums"], strict=True)) if len(set(sums)) > 1]
        assert not unlike, f"{scenario.title}: day {unlike[0]} and {len(unlike) - 1} others"
        assert one["per"] == other["per"]
        if scenario.organization is not None:  # the host has their names
            other["desks"] = [{**desk, "name": ""} for desk in other["desks"]]
        assert one["desks"] == other["desks"]


def firm(days: int, changes: tuple = (), **values) -> Scenario:
    return sim.read().but(
        {name.replace("__", "."): value for name, value in values.items()}, days=days, changes=changes
    )


def of_all_kinds() -> list[tuple[Scenario, int]]:
    """Liaisons drawn, hired and gone; seats opened and closed; shocks; a firm that goes broke; 2 to 500 people."""
    moves = (sim.Change(0, {LIAISONS: 1}), sim.Change(20, {LIAISONS: 3, HIRED: 1}), sim.Change(40, {S: 30, M: 9}),
             sim.Change(70, {}, shock="liaison leaves"), sim.Change(80, {LIAISONS: 0}))  # fmt: skip
    shocks = tuple(sim.Change(15 + 5 * k, {}, shock=each) for k, each in enumerate(sim.model.theory.SHOCKS))
    poor = {"money__start_cash": 1.0}
    return [
        (firm(140, moves), 9), (firm(70, shocks, liaison__count=1), 4), (firm(130, (), **poor), 2),
        (firm(130, (), workforce__marketers=1, workforce__salespeople=1), 2**63 - 1),
        (firm(70, moves[1:2], workforce__marketers=150, workforce__salespeople=350), 1),
    ]  # fmt: skip


def test_node_makes_the_same_bytes_as_python():
    few = [name for name in SHIPPED if name in FEW]
    compare([*((sim.read(name), 3) for name in few), *of_all_kinds()])
