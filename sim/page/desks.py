"""How much one mark on the floor stands for, so that few are drawn however large the firm."""

from __future__ import annotations

from sim.model.firm import Firm
from sim.model.kernel import plain
from sim.model.showing import desks, funnel
from sim.model.theory import Theory
from sim.scenario import Scenario


def people_a_desk(firm: Firm, scenario: Scenario) -> int:
    """How many people one mark on the floor stands for, however large the teams come to be by the scenario's levers."""
    if scenario.organization is not None:
        most = max(int(firm.ledger["n_m"][0]), int(firm.ledger["n_s"][0]))
    else:
        most = max(largest(scenario, team) for team in ("marketers", "salespeople"))
    return int(desks.people_a_desk(most))


def largest(scenario: Scenario, team: str) -> int:
    """The most people that the scenario's levers ever give a team."""
    name = f"workforce.{team}"
    sizes = [change.values[name] for change in scenario.changes if name in change.values]
    return int(max([getattr(scenario.theory.workforce, team), *sizes]))


def leads_a_dot(theory: Theory) -> int:
    """How many leads one dot stands for, so that about sixty are on their way at a time."""
    return int(plain(funnel.leads_a_dot)(theory))
