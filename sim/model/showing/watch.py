"""The rows that a day is shown by, and what is remembered of the day before: arrays that the host makes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.model.firm import N_ITEMS, Decision
from sim.model.kernel import kernel

N_DECISIONS = len(Decision)
NOBODY = -1  # the desk of who has none
MOST_TALKS, MOST_LEADS = 24, 400  # of a day, told one by one
STEPS = ("inquiry", "nurtured", "sent back", "handed off", "accepted", "opportunity", "won")
OWN_LOST, OWN_WON = len(STEPS), len(STEPS) + 1  # where of a rep's own prospects is told how they ended
ENDS = len(STEPS) + 2
BYTE = 255  # of a share that is told as a byte: all of it
KINDS = "msl"  # of desks, by the team


# --- what is shown: a frame is a head, and as many rows of each other part as it says; nothing lies between them ---

HEAD = np.dtype([
    ("day", "<u4"),  # days lived
    ("revenue", "<f4"), ("contribution", "<f4"), ("equity", "<f4"),  # k€
    ("contacts", "<u4"), ("disputes", "<u4"), ("inquiries", "<u4"), ("qualified", "<u4"), ("handed", "<u4"),
    ("tried", "<u4"), ("returned", "<u4"),  # of the day
    ("ends", "<u4", ENDS),  # leads that ended at each of STEPS; of the last two, a rep's own prospects
    ("trust_m", "u1"), ("trust_s", "u1"), ("language", "u1"),  # 0..255
    ("broke", "u1"),  # 1 when the cash is gone
    ("n_talks", "<u4"), ("n_steps", "<u4"), ("n_audited", "<u4"), ("n_desks", "<u4"),  # rows of the other parts
])  # fmt: skip
TALKS = np.dtype([("a", "<i4"), ("b", "<i4"), ("bits", "u1")])  # two desks; trust in three steps, COMPLAINT, BROKERED
STEPPED = np.dtype([
    ("number", "<u4"), ("twin", "<u4"), ("m", "<i4"), ("s", "<i4"),  # m, s: desks
    ("state", "u1"), ("fate", "u1"), ("notes", "u1"), ("bits", "u1"),  # notes: context, 0..255
    ("due", "<u2"),  # days until the next appointment
])  # fmt: skip
AUDITED = np.dtype([
    ("score", "<f4"), ("score_m", "<f4"), ("score_s", "<f4"), ("stage", "u1"), ("band", "u1"), ("items", "u1", N_ITEMS),
    # of each of the four Ps: how good (0..255), who was heard, who settled it, whether Marketing leads it, since when
    ("quality", "u1", N_DECISIONS), ("heard", "u1", N_DECISIONS), ("settled", "u1", N_DECISIONS),
    ("marketing", "u1", N_DECISIONS), ("since", "<i4", N_DECISIONS),
])  # fmt: skip
DESKS = np.dtype([
    ("id", "<i4"), ("kind", "u1"), ("bits", "u1"), ("n", "<u4"), ("row", "<u4"), ("place", "<u4"), ("seat", "<u4"),
])  # fmt: skip
PARTS = {"head": HEAD, "talks": TALKS, "steps": STEPPED, "audited": AUDITED, "desks": DESKS}

TRUST, COMPLAINT, BROKERED = 3, 4, 8  # bits of a talk
RETURNED, OWN, NURTURED = 1, 2, 4  # bits of a lead
ALONE, WAS_MARKETER = 1, 2  # bits of a desk: one person's own; a liaison's who was a marketer
# What whoever reads frames must know beside where each column lies.
CONSTANTS = {
    "nobody": NOBODY, "whole": BYTE, "kinds": KINDS,
    "talk": {"trust": TRUST, "complaint": COMPLAINT, "brokered": BROKERED},
    "lead": {"returned": RETURNED, "own": OWN, "nurtured": NURTURED},
    "desk": {"alone": ALONE, "was_marketer": WAS_MARKETER},
}  # fmt: skip

# --- what is remembered ---

NOTES = np.dtype([
    ("per_dot", "i8"), ("per_desk", "i8"),  # leads that one drawn lead stands for, people that one desk does
    ("n_ties", "i8"), ("n_people", "i8"), ("n_leads", "i8"), ("n_alive", "i8"), ("n_drawn", "i8"),
])  # fmt: skip
TIED = np.dtype([("key", "i8"), ("strength", "f8"), ("liked", "f8"), ("complaint", "i8"), ("signs", "i8")])
SEATED = np.dtype([("trust_liaison", "f8"), ("team", "i8"), ("working", "i8")])
DRAWN = np.dtype([("row", "i8"), ("signature", "i8")])


class Watch(NamedTuple):
    """Arrays of whoever watches an organization; at first of one row each. Axes: one row an entity."""

    head: np.ndarray  # (1,) of the frame
    talks: np.ndarray  # (MOST_TALKS,)
    steps: np.ndarray  # (MOST_LEADS,) of drawn leads
    audited: np.ndarray  # (1,) at a quarter's end
    desks: np.ndarray  # (people,)
    notes: np.ndarray  # (1,) how much is remembered
    tied: np.ndarray  # (ties,) how they were
    seated: np.ndarray  # (people,) how they were
    alive: np.ndarray  # (leads on their way,) their rows
    drawn: np.ndarray  # (leads on their way,) those that are drawn


KEPT = {**PARTS, "notes": NOTES, "tied": TIED, "seated": SEATED, "alive": np.dtype("i8"), "drawn": DRAWN}


@kernel
def tell_room(firm, watch, room):
    """How many rows each array of a watch must have, so that the next frame has room; they are written into `room`."""
    n, notes = firm.ledger[0]["n_people"], watch.notes
    born = firm.ledger[0]["n_leads"] - notes[0]["n_leads"]
    room[0], room[1], room[2], room[3], room[4] = 1, MOST_TALKS, MOST_LEADS, 1, n  # unit: places in the order of Watch
    room[5], room[6], room[7] = 1, firm.ledger[0]["n_ties"], n  # unit: places in the order of Watch
    room[8], room[9] = notes[0]["n_alive"] + born, notes[0]["n_drawn"] + born  # unit: places in the order of Watch


@kernel
def has_room(firm, watch):
    """Whether the arrays of a watch hold what the next frame brings."""
    n, notes = firm.ledger[0]["n_people"], watch.notes
    born = firm.ledger[0]["n_leads"] - notes[0]["n_leads"]
    if len(watch.alive) < notes[0]["n_alive"] + born or len(watch.drawn) < notes[0]["n_drawn"] + born:
        return False
    if len(watch.talks) < MOST_TALKS or len(watch.steps) < MOST_LEADS:
        return False
    return len(watch.desks) >= n and len(watch.seated) >= n and len(watch.tied) >= firm.ledger[0]["n_ties"]
