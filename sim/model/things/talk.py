"""A talk across the gap: that it took place, what it was about, and what is written down of it."""

from __future__ import annotations

from sim.model.firm import Item
from sim.model.kernel import kernel
from sim.model.things.evidence import witness
from sim.model.things.tie import have_contact


@kernel(inline=True)
def take_place(firm, day, tie, dispute):
    """Two people talk, about a grievance or about work; both see which."""
    firm.days[day]["contacts"] += 1.0
    have_contact(firm.ties, tie)
    witness(firm, Item.NOT_DISPUTES, firm.ties[tie]["m"], firm.ties[tie]["s"], 0.0 if dispute else 1.0, 1.0)
    if dispute:
        firm.days[day]["disputes"] += 1.0


@kernel(inline=True)
def broker(firm, day):
    """A liaison did something."""
    firm.days[day]["brokered"] += 1.0


@kernel(inline=True)
def work_unasked(firm, day):
    """Joint work that nobody decreed."""
    firm.days[day]["informal"] += 1.0


@kernel(inline=True)
def work_agreed(firm, day):
    """Joint work of an agreed practice."""
    firm.days[day]["agreed"] += 1.0


@kernel(inline=True)
def chat(firm, day, talks):
    """So many talks of two of one team."""
    firm.days[day]["within"] += talks
