"""A grievance on a tie: it arises, stays open, and is settled, forgotten or leaves with the people."""

from __future__ import annotations

from sim.model.firm import M, S
from sim.model.kernel import kernel


@kernel(inline=True)
def is_open(ties, tie):
    """Whether anybody on a tie holds a grievance."""
    return ties[tie]["complaint"][M] + ties[tie]["complaint"][S] > 0


@kernel(inline=True)
def complain(firm, theory, tie, side, day):
    """One side of a tie holds a grievance from now on: open until it is settled or forgotten."""
    if theory.rooms.conflict == 0 or tie < 0:
        return
    if firm.ties[tie]["complaint"][side] == 0:
        firm.ties[tie]["complaint"][side] = 1
        firm.days[day]["grievances"] += 1.0


@kernel(inline=True)
def settle(firm, tie, day):
    """What was open on a tie is settled."""
    forget(firm.ties, tie)
    firm.days[day]["settled"] += 1.0


@kernel(inline=True)
def forget(ties, tie):
    """What was open on a tie is open no more, and nobody settled it."""
    ties[tie]["complaint"][M] = 0
    ties[tie]["complaint"][S] = 0


@kernel(inline=True)
def chance_to_settle(theory, least, language):
    """The chance that a talk about a grievance settles it: the higher the trust of the less trusting side."""
    t = theory.conflict
    return t.settled + t.settled_trust * least + t.settled_language * language


@kernel(inline=True)
def take_over(ties, tie, complaint_m, complaint_s):
    """Grievances that were open before the run."""
    ties[tie]["complaint"][M] = complaint_m
    ties[tie]["complaint"][S] = complaint_s
