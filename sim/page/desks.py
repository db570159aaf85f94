"""Who is drawn on the floor, and where: one desk a person, or one for several where they are many."""

from __future__ import annotations

import numpy as np

from sim.model.drive import Simulation
from sim.model.firm import Firm, Team
from sim.scenario import Scenario

ALONE, MARKS = 60, 40  # most people a side who are drawn one by one; about as many marks where one stands for several
ROUND = (1, 2, 5)
KINDS = {Team.MARKETING: "m", Team.SALES: "s", Team.LIAISON: "l"}
NOBODY = 65535


def round_up(number: float) -> int:
    """The next of 1, 2, 5, 10, 20, 50, …

    >>> [round_up(n) for n in (0.3, 1, 3, 6, 100, 101)]
    [1, 1, 5, 10, 100, 200]
    """
    power, per = 0, 1
    while per < number:
        power += 1
        per = ROUND[power % 3] * 10 ** (power // 3)
    return per


def people_a_desk(firm: Firm, scenario: Scenario) -> int:
    """How many people one mark on the floor stands for, however large the teams come to be by the scenario's levers."""
    if scenario.organization is not None:
        most = max(int(firm.ledger["n_m"][0]), int(firm.ledger["n_s"][0]))
    else:
        most = max(largest(scenario, team) for team in ("marketers", "salespeople"))
    return 1 if most <= ALONE else round_up(most / MARKS)


def largest(scenario: Scenario, team: str) -> int:
    """The most people that the scenario's levers ever give a team."""
    name = f"workforce.{team}"
    sizes = [change.values[name] for change in scenario.changes if name in change.values]
    return int(max([getattr(scenario.theory.workforce, team), *sizes]))


def desk_of_rows(firm: Firm, per: int) -> np.ndarray:
    """The number of each person's desk: the person's own row, or that of a group of neighbours.

    It goes by the seat, so that it stays as people come and go; liaisons always have a desk of their own.
    """
    people = firm.people[: int(firm.ledger["n_people"][0])]
    rows = np.arange(len(people))
    if per == 1:
        return rows
    grouped = 4 * (people["seat"] // 4 // per) + people["team"]
    alone = people["team"] == Team.LIAISON
    return np.where(alone, 32768 + rows % 16384, np.minimum(grouped, 32767))


def desks(simulation: Simulation, per: int) -> list[dict]:
    """Every desk where somebody works: its number, whose it is, how many sit there, its place in the room."""
    firm = simulation.firm
    people = firm.people[: int(firm.ledger["n_people"][0])]
    number = desk_of_rows(firm, per)
    found: dict[int, dict] = {}
    for row in np.flatnonzero((people["working"] == 1) & (people["team"] <= Team.LIAISON)).tolist():
        desk = found.get(int(number[row]))
        if desk is not None:
            desk["n"] += 1
            continue
        seat, team = int(people["seat"][row]), Team(int(people["team"][row]))
        alone = per == 1 or team == Team.LIAISON
        found[int(number[row])] = {
            "id": int(number[row]),
            "k": KINDS[team],
            "n": 1,
            "row": row,
            "place": seat // 4 if per == 1 else seat // 4 // per,
            "name": simulation.names[row] if alone else "",
            "from": "m" if team == Team.LIAISON and seat % 4 == Team.MARKETING else "",
        }
    return sorted(found.values(), key=lambda desk: (desk["k"], desk["place"]))
