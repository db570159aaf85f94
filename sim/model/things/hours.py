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
    elif purpose == For.SUPPORT:
        row["hours_support"] += hours
    else:
        row["hours_admin"] += hours


@kernel(inline=True)
def left(people, theory, i):
    """Hours that a person can still work today."""
    return max(theory.workload.longest * theory.workload.day_hours - people[i]["hours"], 0.0)


@kernel(inline=True)
def has_time(people, theory, i):
    """Whether a person can take up one thing more today."""
    return people[i]["hours"] < theory.workload.longest * theory.workload.day_hours


@kernel(inline=True)
def take(people, theory, i, hours):
    """Hours of a person's day are gone, as many as there are: the rest stays undone and is felt as load.

    Returns the hours that were worked, for who calls this to book.
    """
    worked = min(hours, left(people, theory, i))
    people[i]["hours"] += worked
    people[i]["undone"] += hours - worked
    return worked


@kernel(inline=True)
def relieve(people, i, hours):
    """Somebody else does what would have taken these hours."""
    people[i]["hours"] = max(people[i]["hours"] - hours, 0.0)


@kernel(inline=True)
def spend(firm, theory, day, i, hours, purpose):
    """A person spends hours on something."""
    book(firm.days, day, purpose, take(firm.people, theory, i, hours))


@kernel(inline=True)
def spend_both(firm, theory, day, m, s, hours, purpose):
    """Two people spend hours, each the same, on something together."""
    book(firm.days, day, purpose, take(firm.people, theory, m, hours) + take(firm.people, theory, s, hours))


@kernel(inline=True)
def begin_day(people, theory, i, hours, undone):
    """Yesterday is felt as load, with what stayed undone; today begins with what is sure to be spent.

    load' = load + ((hours + undone) / day_hours - load) / memory_days

    hours    that are sure to be worked today
    undone   that today would take beyond them
    """
    t, row = theory.workload, people[i]
    row["load"] += 1.0 / t.memory_days * ((row["hours"] + row["undone"]) / t.day_hours - row["load"])
    row["hours"] = hours
    row["undone"] = undone


@kernel(inline=True)
def begin(people, theory, i):
    """Somebody new feels as full as people usually do."""
    people[i]["load"] = theory.practices.start_load
