"""Leads as they can be seen: how many ended at which step, and the way of those that are drawn."""

from __future__ import annotations

import numpy as np

from sim.model.appointments import BEFORE, FIRST, WRITTEN
from sim.model.firm import AGENDA, Fate, Origin, State
from sim.model.kernel import kernel, uint64
from sim.model.showing.desks import desk_of, round_up
from sim.model.showing.watch import BYTE, ENDS, MOST_LEADS, NURTURED, OWN, OWN_LOST, OWN_WON, RETURNED

# Where a lead can end, from left to right: places in `watch.STEPS`.
INQUIRY, TOUCHED, SENT_BACK, HANDED_OFF, ACCEPTED, OPPORTUNITY, WON = range(7)
MOST_DOTS = 80  # about so many leads are drawn at a time
CAUGHT, CAUGHT_BY_REPS, LIFE = 32, 5, 19  # usual shares of prospects that inquire, in percent; days that a lead lives
PERCENT = 100
AHEAD, MOST_STEPS = 40, 200  # how far a handoff's appointment is looked for: days, and leads of a day's list
MOST_DAYS = 65_535  # that are told
NEW = -1  # signature of a lead that was not seen before
TOUCH, BACK = 16, 4096  # in a signature: what a touch, and being sent back, add to the state
UNTOLD, WORD = 20, (1 << 32) - 1  # lowest bits of a prospect's key that are not told; 32 bits


@kernel
def leads_a_dot(theory):
    """How many leads one dot stands for, so that about sixty are on their way at a time."""
    w, t = theory.workforce, theory.market
    m = t.for_marketers if t.for_marketers else w.marketers
    s = t.for_salespeople if t.for_salespeople else w.salespeople
    born = t.size * (m * t.marketing_list * CAUGHT + s * t.own_list * CAUGHT_BY_REPS) / PERCENT
    return round_up(born * LIFE / MOST_DOTS)


@kernel
def as_byte(share: float) -> int:
    """A share of 0..1 as a whole number of 0..255.

    >>> as_byte(0.5), as_byte(-1.0), as_byte(2.0)
    (127, 0, 255)
    """
    return int(min(max(BYTE * share, 0.0), float(BYTE)))


@kernel(inline=True)
def twin(key):
    """32 bits of a prospect's key: the same lead in another organization has the same."""
    return np.int64((key >> uint64(UNTOLD)) & uint64(WORD))


@kernel(inline=True)
def signature(leads, row):
    """A number that changes whenever a lead takes a step."""
    return int(leads[row]["state"]) + TOUCH * int(leads[row]["touches"]) + BACK * int(leads[row]["returned"])


@kernel
def welcome(firm, watch):
    """Leads that came since this was last asked are on their way now; one in so many is drawn.

    Drawn are those whose prospect's key is divisible, so two organizations in one market show the same ones.
    """
    leads, notes = firm.leads, watch.notes
    n, n_alive, n_drawn = firm.ledger[0]["n_leads"], notes[0]["n_alive"], notes[0]["n_drawn"]
    for row in range(notes[0]["n_leads"], n):
        watch.alive[n_alive] = row
        n_alive += 1
        if twin(leads[row]["key"]) % notes[0]["per_dot"] == 0:
            watch.drawn[n_drawn]["row"] = row
            watch.drawn[n_drawn]["signature"] = NEW
            n_drawn += 1
    notes[0]["n_leads"], notes[0]["n_alive"], notes[0]["n_drawn"] = n, n_alive, n_drawn


@kernel
def count_ends(firm, watch):
    """How many leads ended at each step since this was last asked, into the frame."""
    leads, alive, ends, kept = firm.leads, watch.alive, watch.head[0]["ends"], 0
    for k in range(ENDS):
        ends[k] = 0
    for k in range(watch.notes[0]["n_alive"]):
        row = alive[k]
        if leads[row]["ended"] < 0:
            alive[kept] = row
            kept += 1
            continue
        step = end_of(leads, row)
        ends[step] += 1
        if leads[row]["origin"] == Origin.OWN and step == OPPORTUNITY:
            ends[OWN_LOST] += 1
        if leads[row]["origin"] == Origin.OWN and step == WON:
            ends[OWN_WON] += 1
    watch.notes[0]["n_alive"] = kept


@kernel(inline=True)
def end_of(leads, row):
    """The step at which a lead ended."""
    fate = leads[row]["fate"]
    if leads[row]["state"] == State.WON:
        return WON
    if fate == Fate.DEAL_LOST:
        return OPPORTUNITY
    if fate == Fate.BAD_LEAD or fate == Fate.NOT_INTERESTED:
        return ACCEPTED
    if fate == Fate.IGNORED:
        return HANDED_OFF
    if fate == Fate.UNQUALIFIED and leads[row]["qualified"] >= 0:
        return SENT_BACK
    if fate == Fate.UNQUALIFIED and leads[row]["touches"] > 1:
        return TOUCHED
    return INQUIRY


@kernel
def tell_steps(firm, theory, watch, day, all_of_them):
    """The rows of drawn leads that took a step, or of all of them, into the frame; who has ended is drawn no more.

    day   the day that comes next
    """
    leads, drawn, kept, told = firm.leads, watch.drawn, 0, 0
    for k in range(watch.notes[0]["n_drawn"]):
        row, before = drawn[k]["row"], drawn[k]["signature"]
        now = signature(leads, row)
        if (now != before or all_of_them == 1) and told < MOST_LEADS:
            tell_lead(firm, theory, watch, row, told, day)
            told += 1
        if leads[row]["ended"] < 0:
            drawn[kept]["row"] = row
            drawn[kept]["signature"] = now
            kept += 1
    watch.notes[0]["n_drawn"] = kept
    watch.head[0]["n_steps"] = told


@kernel
def tell_lead(firm, theory, watch, number, place, day):
    """A lead's row at a place of the frame."""
    lead, row, people, per = firm.leads[number], watch.steps[place], firm.people, watch.notes[0]["per_desk"]
    row["number"] = number
    row["twin"] = twin(lead["key"])
    row["m"] = desk_of(people, int(lead["m"]), per)
    row["s"] = desk_of(people, int(lead["s"]), per)
    row["state"] = lead["state"]
    row["fate"] = lead["fate"]
    row["notes"] = as_byte(float(lead["context"]))
    bits = RETURNED if lead["returned"] > 0 else 0
    if lead["origin"] == Origin.OWN:
        bits |= OWN
    if lead["touches"] > 1 and lead["qualified"] < 0:
        bits |= NURTURED
    row["bits"] = bits
    row["due"] = min(max(days_left(firm, theory, number, day), 1), MOST_DAYS)


@kernel
def days_left(firm, theory, number, day):
    """Days from `day` until the next appointment of a lead that took a step today.

    By the rules' own delays; only a handoff's is sought on the agenda, where what was put down today stands first.
    """
    lead = firm.leads[number]
    if lead["state"] == State.INQUIRY:
        answer = 1 + int(max(float(lead["hours"]), 0.0) / theory.workload.day_hours)
        return int(lead["born"]) + answer - day + 1
    if lead["state"] == State.HANDED_OFF:
        return sought(firm, number, day)
    return max(int(theory.marketing.nurture_days), 1) + 1


@kernel
def sought(firm, number, day):
    """In how many days a lead comes up on the agenda, looked for near the heads of the coming days' lists; else 2."""
    pages = firm.pages
    for wait in range(AHEAD):
        page, left = firm.agenda[(day + wait) % AGENDA], MOST_STEPS
        while page >= 0 and left > 0:
            n = pages[page, WRITTEN]
            for k in range(min(n, left)):
                if pages[page, FIRST + n - 1 - k] == number:
                    return wait + 1
            left -= n
            page = pages[page, BEFORE]
    return 2
