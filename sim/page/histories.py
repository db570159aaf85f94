"""One lead's story, how one person stands, and all leads' stories for a page without a model, in sentences."""

from __future__ import annotations

import os
from typing import Any

import numpy as np

from sim.errors import InputError
from sim.model.drive import Simulation
from sim.model.firm import Firm, Team
from sim.model.showing.people import SEEN, tell_standing


def lead_told(simulation: Simulation, number: int) -> dict[str, Any]:
    """One lead's history as `sim.result.stories` tells it, up to the day the simulation stands at."""
    from sim.result import run_tables
    from sim.result.stories import lead_story

    firm = simulation.firm
    if not 0 <= number < int(firm.ledger["n_leads"][0]):
        raise InputError(f"lead {number}: there is no such lead yet")
    ledger = firm.ledger.copy()
    ledger["n_leads"] = 1
    alone = firm._replace(leads=firm.leads[number : number + 1], ledger=ledger)
    row = run_tables.leads(alone, simulation.names).iloc[0].to_dict() | {"lead": number}
    told = lead_story(row, int(simulation.day), simulation.theory.workload.day_hours)
    return {"lead": number, "fate": row["fate"], "value": float(row["value"]), "sentences": told}


TOLD = ("segment", "value", "context", "m", "s", "origin", "state", "fate", "born", "hours", "qualified", "handed",
        "tried", "opened", "ended", "returned", "touches", "flags")  # fmt: skip


class Histories:
    """Each lead's story as it could be told on every day, gathered while the days are lived."""

    def __init__(self, day_hours: float):
        self.day_hours, self._last, self._rows, self._due = day_hours, None, [], {}

    def watch(self, firm: Firm, day: int) -> None:
        """Keep the leads of whom there is something new: their rows changed, or their first answer came yesterday."""
        now = firm.leads[: int(firm.ledger["n_leads"][0])].copy()
        old = 0 if self._last is None else len(self._last)
        new = np.ones(len(now), bool)
        if old:
            new[:old] = np.any([now[name][:old] != self._last[name] for name in TOLD], axis=0)
        for number in np.flatnonzero(now["hours"][old:] >= 0) + old:
            answered = int(now["born"][number]) + 1 + int(now["hours"][number] / self.day_hours)
            self._due.setdefault(answered + 1, []).append(number)
        new[self._due.pop(day, [])] = True
        numbers = np.flatnonzero(new)
        self._rows.append((np.full(len(numbers), day), numbers, now[numbers]))
        self._last = now

    def told(self, firm: Firm, drawn: list[int], names: tuple[str, ...], last: int) -> dict[str, list[list]]:
        """By lead: [from, until, sentence], from the day on which it could be told until it was told otherwise."""
        from sim.result import run_tables
        from sim.result.stories import lead_story

        self._rows.append((np.full(len(drawn), last), np.array(drawn, int), self._last[drawn]))
        days, numbers, rows = (np.concatenate(each) for each in zip(*self._rows, strict=True))
        kept = np.isin(numbers, drawn)
        ledger = firm.ledger.copy()
        ledger["n_leads"] = int(kept.sum())
        table = run_tables.leads(firm._replace(leads=rows[kept], ledger=ledger), names).to_dict("records")
        found: dict[str, list[list]] = {str(number): [] for number in drawn}
        for day, number, row in zip(days[kept].tolist(), numbers[kept].tolist(), table, strict=True):
            story = lead_story(row | {"lead": number}, day, self.day_hours)
            said = [each for each in story if ": still open (" not in each or day == last]
            standing = [each for each in found[str(number)] if each[1] is None]
            same = len(os.path.commonprefix([[each[2] for each in standing], said]))
            for each in standing[same:]:
                each[1] = day
            found[str(number)] += [[day, None, each] for each in said[same:]]
        return found


def person_told(simulation: Simulation, row: int) -> dict[str, Any]:
    """How one person stands today: whom they trust and are trusted by, what they share, what they carry."""
    firm = simulation.firm
    if not 0 <= row < int(firm.ledger["n_people"][0]) or not firm.people["working"][row]:
        raise InputError(f"person {row}: nobody sits there")
    person, team = firm.people[row], Team(int(firm.people["team"][row]))
    seen = np.zeros(len(SEEN))
    tell_standing(firm, simulation.numbers, row, seen)
    ties, complaints, trusts, trusted = seen.tolist()
    known = ties > 0 and team != Team.LIAISON
    return {
        "person": row, "name": simulation.names[row], "team": team.name.lower(), "day": int(simulation.day),
        "joined": int(person["joined"]), "before": int(person["generation"]), "ties": int(ties),
        "trusts": trusts if known else None, "trusted": trusted if known else None,
        "language": float(person["language"]), "load": float(person["load"]), "open_deals": int(person["open_deals"]),
        "complaints": int(complaints), "in_liaison": float(person["trust_liaison"]),
    }  # fmt: skip
