"""A person's hours: what today's were spent on, and how full the days are."""

from __future__ import annotations

from sim.model.firm import For
from sim.model.kernel import kernel


@kernel(inline=True)
def book(days, day, purpose, hours):
    """Hours are written down under what they were spent on."""
    row = days[day]
    if purpose == For.CONTACT:
        row["hours_contact"] += hours
    elif purpose == For.DISPUTE:
        row["hours_dispute"] += hours
    elif purpose == For.MEETING:
        row["hours_meeting"] += hours
    elif purpose == For.LIAISON:
        row["hours_liaison"] += hours
    elif purpose == For.LEADS:
        row["hours_leads"] += hours
    elif purpose == For.CRAFT:
        row["hours_craft"] += hours
    elif purpose == For.DEALS:
        row["hours_deals"] += hours
    else:
        row["hours_admin"] += hours


@kernel(inline=True)
def take(people, i, hours):
    """Hours of a person's day are gone; who calls this books them."""
    people[i]["hours"] += hours


@kernel(inline=True)
def relieve(people, i, hours):
    """Somebody else does what would have taken these hours."""
    people[i]["hours"] = max(people[i]["hours"] - hours, 0.0)


@kernel(inline=True)
def spend(firm, day, i, hours, purpose):
    """A person spends hours on something."""
    take(firm.people, i, hours)
    book(firm.days, day, purpose, hours)


@kernel(inline=True)
def spend_both(firm, day, m, s, hours, purpose):
    """Two people spend hours, each the same, on something together."""
    take(firm.people, m, hours)
    take(firm.people, s, hours)
    book(firm.days, day, purpose, 2.0 * hours)


@kernel(inline=True)
def begin_day(people, theory, i, hours):
    """Yesterday is felt as load; today begins with what is sure to be spent.

    load' = load + (hours / day_hours - load) / memory_days
    """
    t, row = theory.workload, people[i]
    row["load"] += 1.0 / t.memory_days * (min(row["hours"] / t.day_hours, 2.0) - row["load"])
    row["hours"] = hours


@kernel(inline=True)
def begin(people, theory, i):
    """Somebody new feels as full as people usually do."""
    people[i]["load"] = theory.practices.start_load
