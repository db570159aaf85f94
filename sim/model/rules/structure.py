"""Who reports to whom, power, quotas and what pressure does; reorganizations."""

from __future__ import annotations

import math

from sim.model.dice import Stream, key_of, uniform
from sim.model.firm import MONTH, N_PRACTICES, NEVER, YEAR, Team
from sim.model.formulas import clip, toward
from sim.model.kernel import kernel
from sim.model.theory import Kind


@kernel
def set_frame(firm, theory, dice):
    """What the structure gives each side today: power, Marketing's budget, quota pressure; turmoil fades.

    Marketing under Sales is starved and ordered about; Sales under Marketing is
    pressed (F11, F12). Merged teams and teams under one chief have no rule here:
    `decisions.settle` notes who settled, the audit counts the one head, and to
    move into either during a run has its price (`change.redraw_chart`).
    """
    t, ledger = theory.structure, firm.ledger
    power, budget, pressure = t.power, theory.marketing.budget, 0.0
    if t.kind == Kind.MARKETING_UNDER_SALES:
        power, budget = power * 0.5, budget * t.starved
    elif t.kind == Kind.SALES_UNDER_MARKETING:
        power, pressure = 1.0 - (1.0 - power) * 0.5, t.pressed
    ledger[0]["power"] = power
    crowd = (ledger[0]["n_m"] + ledger[0]["n_s"]) / t.overview_people
    ledger[0]["overview"] = 1.0 / (1.0 + crowd * crowd * crowd * crowd)
    ledger[0]["budget_share"] = budget * (1.0 - theory.shock.budget_cut)
    ledger[0]["transition"] *= math.exp(-1.0 / t.turmoil_days)
    if dice.day % MONTH == MONTH - 1 and theory.rooms.structure == 1:
        reckon_month(firm, theory, dice, pressure)


@kernel
def reckon_month(firm, theory, dice, pressure):
    """Month's end: who is far below the quota, how hard the firm presses, who is dismissed under Marketing (seed 003).

    Deals are few, so a rep is held to a running mean of the months, not to the last one.
    """
    t, people, ledger = theory.structure, firm.people, firm.ledger
    won, reps = 0.0, 0.0
    quota = ledger[0]["quota"] * t.quota
    for i in range(ledger[0]["n_people"]):
        if people[i]["working"] == 0 or people[i]["team"] != Team.SALES:
            continue
        reps += 1.0
        won += people[i]["won_month"]
        people[i]["won_usual"] = toward(people[i]["won_usual"], people[i]["won_month"], t.record)
        if people[i]["won_usual"] < t.far_below * quota:
            people[i]["misses"] += 1
        else:
            people[i]["misses"] = 0
        people[i]["won_month"] = 0
        if (
            t.kind == Kind.SALES_UNDER_MARKETING
            and t.dismissal_misses > 0
            and people[i]["misses"] >= t.dismissal_misses
        ):
            people[i]["misses"] = NEVER
    mean = won / max(reps, 1.0)
    goal = clip(pressure + (quota - mean) / max(quota, t.small) * t.short_pressure, 0.0, 1.0)
    goal *= 1.0 - 0.5 * t.long_term
    ledger[0]["pressure"] = toward(ledger[0]["pressure"], goal, 0.5)
    ledger[0]["quota"] = toward(ledger[0]["quota"], mean, t.quota_follows)


@kernel
def reorganize(firm, theory, dice):
    """Now and then, on days the market decides, the firm is reorganized: practices lapse, counterparts change.

    Each practice is dropped with some chance, decrees lose their force, and on
    a share of the ties people begin anew (evidence D, slide-back causes).
    """
    t = theory.structure
    if theory.rooms.structure == 0:
        return
    if uniform(key_of(dice.seed, Stream.REORGANIZATION, dice.day), 0) >= t.reorganizations / YEAR:
        return
    shake(firm, theory, dice)


@kernel
def shake(firm, theory, dice):
    """A reorganization happens: see `reorganize`; a dated shock calls it too."""
    t, ledger, practices, ties, people = theory.structure, firm.ledger, firm.practices, firm.ties, firm.people
    key = key_of(dice.seed, Stream.REORGANIZATION, dice.day)
    seats = ledger[0]["n_m"] + ledger[0]["n_s"]
    ledger[0]["owed"] += theory.money.reorganization_cost * seats
    for q in range(N_PRACTICES):
        practices[q]["push"] = 0.0
        practices[q]["pending"] = NEVER
        if uniform(key, 1 + q) < t.dropped:
            practices[q]["decreed"] = NEVER
            practices[q]["since"] = NEVER
    for e in range(ledger[0]["n_ties"]):
        if uniform(key, 2 * N_PRACTICES + ties[e]["key"]) < t.new_counterparts:
            m, s = ties[e]["m"], ties[e]["s"]
            fresh_m = (people[m]["attitude"] + people[m]["anchor"]) / 2.0
            fresh_s = (people[s]["attitude"] + people[s]["anchor"]) / 2.0
            ties[e]["cog_ms"] = fresh_m
            ties[e]["aff_ms"] = fresh_m
            ties[e]["cog_sm"] = fresh_s
            ties[e]["aff_sm"] = fresh_s
            ties[e]["scar_ms"] = 0.0
            ties[e]["scar_sm"] = 0.0
            ties[e]["complaint_ms"] = 0.0
            ties[e]["complaint_sm"] = 0.0
            ties[e]["strength"] = 0.0
            ties[e]["favours"] = 0.0
