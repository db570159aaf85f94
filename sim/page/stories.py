"""What happened to one lead, or how one person stands, in sentences."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.errors import InputError
from sim.model.drive import Simulation
from sim.model.firm import Team


def lead_told(simulation: Simulation, number: int) -> dict[str, Any]:
    """One lead's history as `sim.stories` tells it, up to the day the simulation stands at."""
    from sim import tables
    from sim.stories import lead_story

    firm = simulation.firm
    if not 0 <= number < int(firm.ledger["n_leads"][0]):
        raise InputError(f"lead {number}: there is no such lead yet")
    ledger = firm.ledger.copy()
    ledger["n_leads"] = 1
    alone = firm._replace(leads=firm.leads[number : number + 1], ledger=ledger)
    row = tables.leads(alone, simulation.names).iloc[0].to_dict() | {"lead": number}
    told = lead_story(row, int(simulation.day), simulation.theory.workload.day_hours)
    return {"lead": number, "fate": row["fate"], "value": float(row["value"]), "sentences": told}


def person_told(simulation: Simulation, row: int) -> dict[str, Any]:
    """How one person stands today: whom they trust and are trusted by, what they share, what they carry."""
    firm = simulation.firm
    if not 0 <= row < int(firm.ledger["n_people"][0]) or not firm.people["working"][row]:
        raise InputError(f"person {row}: nobody sits there")
    person, ties, weight = firm.people[row], firm.ties, simulation.theory.trust.affect
    team = Team(int(person["team"]))
    own, other = ("sm", "ms") if team == Team.SALES else ("ms", "sm")
    mine = np.flatnonzero(ties["s" if team == Team.SALES else "m"] == row)

    def trust(way: str) -> float | None:
        if not len(mine) or team == Team.LIAISON:
            return None
        whole = (1 - weight) * ties[f"cog_{way}"][mine] + weight * ties[f"aff_{way}"][mine]
        return float((whole * (1 - ties[f"scar_{way}"][mine])).mean())

    complaints = int((ties["complaint_ms"][mine] + ties["complaint_sm"][mine] > 0).sum())
    return {
        "person": row, "name": simulation.names[row], "team": team.name.lower(), "day": int(simulation.day),
        "joined": int(person["joined"]), "before": int(person["generation"]), "ties": int(len(mine)),
        "trusts": trust(own), "trusted": trust(other), "language": float(person["language"]),
        "load": float(person["load"]), "open_deals": int(person["open_deals"]), "complaints": complaints,
        "in_liaison": float(person["trust_liaison"]),
    }  # fmt: skip
