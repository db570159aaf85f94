"""What is written down at the day's and the week's end; days in the firm's diary are rows of `firm.days`."""

from __future__ import annotations

from sim.model.firm import QUARTER, WEEK, M, S, Team
from sim.model.kernel import kernel
from sim.model.things import decision
from sim.model.things.tie import trust_in


@kernel
def carry_over(firm, theory, dice):
    """A new day's row begins with the week's means of yesterday."""
    today, day = firm.days, dice.day
    if day == 0:
        return
    today[day]["trust_ms"] = today[day - 1]["trust_ms"]
    today[day]["trust_sm"] = today[day - 1]["trust_sm"]
    today[day]["language"] = today[day - 1]["language"]
    today[day]["attitude"] = today[day - 1]["attitude"]
    today[day]["load_m"] = today[day - 1]["load_m"]
    today[day]["load_s"] = today[day - 1]["load_s"]
    today[day]["error_m"] = today[day - 1]["error_m"]
    today[day]["error_s"] = today[day - 1]["error_s"]
    today[day]["gap"] = today[day - 1]["gap"]


@kernel
def take_stock(firm, theory, dice):
    """The week's means over ties and people (also on the first day); at the quarter's end the decisions in force."""
    if dice.day % WEEK != WEEK - 1 and dice.day != 0:
        return
    people, ties, today, day, ledger = firm.people, firm.ties, firm.days, dice.day, firm.ledger
    n = ledger[0]["n_ties"]
    ms, sm = 0.0, 0.0
    for e in range(n):
        ms += trust_in(ties, theory, e, M)
        sm += trust_in(ties, theory, e, S)
    today[day]["trust_ms"] = ms / max(n, 1)
    today[day]["trust_sm"] = sm / max(n, 1)
    language, attitude, load_m, load_s, error_m, error_s = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    n_m, n_s = 0.0, 0.0
    segments, b = firm.segments, firm.beliefs
    for i in range(ledger[0]["n_people"]):
        if people[i]["working"] == 0 or people[i]["team"] == Team.LIAISON:
            continue
        language += people[i]["language"]
        attitude += people[i]["attitude"]
        if people[i]["team"] == Team.SALES:
            n_s += 1.0
            load_s += people[i]["load"]
            for k in range(len(segments)):
                error_s += abs(b[i, k]["offer"] - segments[k]["offer"])
        else:
            n_m += 1.0
            load_m += people[i]["load"]
            for k in range(len(segments)):
                error_m += abs(b[i, k]["needs"] - segments[k]["needs"])
    today[day]["language"] = language / max(n_m + n_s, 1.0)
    today[day]["attitude"] = attitude / max(n_m + n_s, 1.0)
    today[day]["load_m"] = load_m / max(n_m, 1.0)
    today[day]["load_s"] = load_s / max(n_s, 1.0)
    today[day]["error_m"] = error_m / (max(n_m, 1.0) * len(segments))
    today[day]["error_s"] = error_s / (max(n_s, 1.0) * len(segments))
    gap = 0.0
    for k in range(len(segments)):
        gap += abs(segments[k]["needs"] - segments[k]["offer"])
    today[day]["gap"] = gap / len(segments)
    if day % QUARTER == QUARTER - 1:
        decision.write_down(firm.decisions, firm.quarters, day // QUARTER)
