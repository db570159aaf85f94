"""Leads as the floor shows them: how many ended at which step, and the way of those that are drawn."""

from __future__ import annotations

from itertools import islice

import numpy as np

from sim.model.appointments import listed
from sim.model.firm import AGENDA, Fate, Firm, Origin, State
from sim.model.theory import Theory
from sim.page.desks import NOBODY, desk_of_rows, round_up

# Where a lead can end, from left to right; the last is won.
# Of the last two, how many were a rep's own prospects is told apart: those were never Marketing's to pass on.
STEPS = ("inquiry", "nurtured", "sent back", "handed off", "accepted", "opportunity", "won")
ENDS = len(STEPS) + 2
RETURNED, OWN, NURTURED = 1, 2, 4
MOST_DOTS = 80  # about so many leads are drawn at a time
AHEAD, MOST_STEPS = 40, 200  # how far a handoff's appointment is looked for: days, and leads of a day's list
CAUGHT, CAUGHT_BY_REPS, LIFE = 0.32, 0.05, 19.0  # usual shares of prospects that inquire, and days a lead lives
ROW = np.dtype([
    ("number", "<u4"), ("twin", "<u4"), ("m", "<u2"), ("s", "<u2"),
    ("state", "u1"), ("fate", "u1"), ("notes", "u1"), ("bits", "u1"), ("due", "<u2"),
])  # fmt: skip


def leads_a_dot(theory: Theory) -> int:
    """How many leads one dot stands for, so that about sixty are on their way at a time."""
    w, t = theory.workforce, theory.market
    m, s = t.for_marketers or w.marketers, t.for_salespeople or w.salespeople
    born = t.size * (m * t.marketing_list * CAUGHT + s * t.own_list * CAUGHT_BY_REPS)
    return round_up(born * LIFE / MOST_DOTS)


def due_days(firm: Firm, theory: Theory, which: np.ndarray, day: int) -> np.ndarray:
    """Days from `day` until the next appointment of some leads that took a step today, at least 1.

    By the rules' own delays; only a handoff's is sought on the agenda, where what was put down today stands first.
    """
    leads = firm.leads[which]
    answer = 1 + (np.maximum(leads["hours"], 0.0) / theory.workload.day_hours).astype(np.int64)
    nurture = max(int(theory.marketing.nurture_days), 1)
    state = leads["state"]
    days = np.where(state == State.INQUIRY, leads["born"] + answer - day + 1, nurture + 1)
    passed = which[state == State.HANDED_OFF].tolist()
    if passed:
        found = _sought(firm, set(passed), day)
        days[state == State.HANDED_OFF] = [found.get(lead, 2) for lead in passed]
    return np.maximum(days, 1)


def _sought(firm: Firm, wanted: set[int], day: int) -> dict[int, int]:
    """The agenda's day of some leads, looked for near the heads of the coming days' lists."""
    found: dict[int, int] = {}
    for wait in range(AHEAD):
        for lead in islice(listed(firm, firm.agenda, (day + wait) % AGENDA), MOST_STEPS):
            if lead in wanted:
                found[lead] = wait + 1
                if len(found) == len(wanted):
                    return found
    return found


class Funnel:
    """Watches the leads from day to day.

    per   one lead in so many is drawn: those whose prospect's key is divisible by it, so two organizations in one
          market show the same ones
    """

    def __init__(self, firm: Firm, per: int):
        self.per = per
        self.n = int(firm.ledger["n_leads"][0])
        self.alive = np.flatnonzero(firm.leads["ended"][: self.n] < 0)
        self.drawn = self.alive[self._is_drawn(firm, self.alive)]
        self.seen = self._signature(firm)

    def _is_drawn(self, firm: Firm, rows: np.ndarray) -> np.ndarray:
        return _twin(firm.leads["key"][rows]) % np.uint32(self.per) == 0

    def _signature(self, firm: Firm) -> np.ndarray:
        """A number that changes whenever a lead takes a step."""
        rows = firm.leads[self.drawn]
        return (
            rows["state"].astype(np.int64)
            + 16 * rows["touches"].astype(np.int64)
            + 4096 * rows["returned"].astype(np.int64)
        )

    def all_rows(self, firm: Firm, theory: Theory, day: int, per_desk: int) -> np.ndarray:
        """Every drawn lead that is on its way, as rows of a frame."""
        return self._rows(firm, theory, self.drawn, day, per_desk)

    def today(self, firm: Firm, theory: Theory, day: int, per_desk: int) -> tuple[list[int], np.ndarray]:
        """How many leads ended at each step on the day just lived, and the rows of drawn leads that took a step.

        day   the day that comes next
        """
        n = int(firm.ledger["n_leads"][0])
        new = np.arange(self.n, n)
        self.n = n
        alive = np.concatenate([self.alive, new])
        ended = firm.leads["ended"][alive] >= 0
        self.alive = alive[~ended]
        ends = _ends(firm.leads[alive[ended]])

        fresh = new[self._is_drawn(firm, new)]
        self.drawn = np.concatenate([self.drawn, fresh])
        signature = self._signature(firm)
        before = np.concatenate([self.seen, np.full(len(fresh), -1)])
        stepped = self.drawn[signature != before]
        rows = self._rows(firm, theory, stepped, day, per_desk)
        on = firm.leads["ended"][self.drawn] < 0
        self.drawn, self.seen = self.drawn[on], signature[on]
        return ends, rows

    def _rows(self, firm: Firm, theory: Theory, which: np.ndarray, day: int, per_desk: int) -> np.ndarray:
        leads, rows = firm.leads[which], np.zeros(len(which), ROW)
        if not len(which):
            return rows
        desk = np.append(desk_of_rows(firm, per_desk), NOBODY)
        rows["number"], rows["twin"] = which, _twin(leads["key"])
        rows["m"], rows["s"] = desk[leads["m"]], desk[leads["s"]]
        rows["state"], rows["fate"] = leads["state"], leads["fate"]
        rows["notes"] = np.clip(leads["context"] * 255, 0, 255).astype(int)
        nurtured = (leads["touches"] > 1) & (leads["qualified"] < 0)
        rows["bits"] = RETURNED * (leads["returned"] > 0) + OWN * (leads["origin"] == Origin.OWN) + NURTURED * nurtured
        rows["due"] = np.minimum(due_days(firm, theory, which, day), 65535)
        return rows


def _twin(key: np.ndarray) -> np.ndarray:
    """32 bits of a prospect's key: the same lead in another organization has the same."""
    return (key >> np.uint64(20)).astype(np.uint32)


def _ends(leads: np.ndarray) -> list[int]:
    fate, counts = leads["fate"], [0] * len(STEPS)
    dropped = fate == Fate.UNQUALIFIED
    late = dropped & (leads["qualified"] >= 0)
    nurtured = dropped & ~late & (leads["touches"] > 1)
    unheard = (fate == Fate.NEVER_ANSWERED) | (fate == Fate.TOO_LATE)
    counts[0] = int(unheard.sum() + (dropped & ~late & ~nurtured).sum())
    counts[1], counts[2] = int(nurtured.sum()), int(late.sum())
    counts[3] = int((fate == Fate.IGNORED).sum())
    counts[4] = int(((fate == Fate.BAD_LEAD) | (fate == Fate.NOT_INTERESTED)).sum())
    counts[5], counts[6] = int((fate == Fate.DEAL_LOST).sum()), int((leads["state"] == State.WON).sum())
    own = leads["origin"] == Origin.OWN
    return [*counts, int((own & (fate == Fate.DEAL_LOST)).sum()), int((own & (leads["state"] == State.WON)).sum())]
