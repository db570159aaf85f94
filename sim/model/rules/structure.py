"""Who reports to whom, power, quotas and what pressure does; reorganizations."""

from __future__ import annotations

from sim.model.arithmetic import exp
from sim.model.dice import Stream, key_of, uniform
from sim.model.firm import MONTH, N_PRACTICES, PLACES, YEAR, Team
from sim.model.formulas import clip
from sim.model.kernel import kernel
from sim.model.theory import Brief, Kind
from sim.model.things import grievance, ledger, person, practice, tie


@kernel
def set_frame(firm, theory, dice):
    """What the structure gives each side today: power, Marketing's budget, quota pressure; turmoil fades.

    Marketing under Sales is starved and ordered about; Sales under Marketing is
    pressed (F11, F12). Whoever leads has the other team work for him: the less a
    team has to say, the more of its day goes into what the other orders (seeds 002,
    003), all that can where Sales gives orders instead of stating problems.

        ordered = support (1 - 2 own power) (1 - overview)

    between equal partners nothing, in a handful of people little.

    Merged teams and teams under one chief are paid another number of heads
    (`money`), hear sooner of grievances (`conflict`) and show newcomers less of
    their craft (`selling`); to move into either during a run has its price (`redraw_chart`).
    """
    t, row = theory.structure, firm.ledger[0]
    power, budget, pressure = t.power, theory.marketing.budget, 0.0
    if t.kind == Kind.MARKETING_UNDER_SALES:
        power, budget = power * 0.5, budget * t.starved
    elif t.kind == Kind.SALES_UNDER_MARKETING:
        power, pressure = 1.0 - (1.0 - power) * 0.5, t.pressed
    crowd = (row["n_m"] + row["n_s"]) / t.overview_people
    overview = 1.0 / (1.0 + crowd * crowd * crowd * crowd)
    ordered_m = t.support * (1.0 if t.brief == Brief.ORDERS else max(1.0 - 2.0 * power, 0.0)) * (1.0 - overview)
    ordered_s = t.support * max(2.0 * power - 1.0, 0.0) * (1.0 - overview)
    budget *= 1.0 - theory.shock.budget_cut
    ledger.set_frame(firm.ledger, power, overview, budget, ordered_m, ordered_s)
    ledger.calm_down(firm.ledger, exp(-1.0 / t.turmoil_days))
    if dice.day % MONTH == MONTH - 1 and theory.rooms.structure == 1:
        reckon_month(firm, theory, dice, pressure)


@kernel
def reckon_month(firm, theory, dice, pressure):
    """Month's end: who is far below the quota, how hard the firm presses, who is dismissed under Marketing (seed 003).

    Deals are few, so a rep is held to a running mean of the months, not to the last one.
    """
    t, people, row = theory.structure, firm.people, firm.ledger[0]
    strict = t.kind == Kind.SALES_UNDER_MARKETING and t.dismissal_misses > 0
    won, reps = 0.0, 0.0
    quota = row["quota"] * t.quota
    for i in range(row["n_people"]):
        if people[i]["working"] == 0 or people[i]["team"] != Team.SALES:
            continue
        reps += 1.0
        won += people[i]["won_month"]
        person.close_month(people, theory, i, quota)
        if strict and people[i]["misses"] >= t.dismissal_misses:
            person.dismiss(people, i)
    mean = won / max(reps, 1.0)
    goal = clip(pressure + (quota - mean) / max(quota, t.small) * t.short_pressure, 0.0, 1.0)
    ledger.press(firm.ledger, theory, goal * (1.0 - 0.5 * t.long_term), mean)


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
    t, rows, ties, people = theory.structure, firm.practices, firm.ties, firm.people
    key = key_of(dice.seed, Stream.REORGANIZATION, dice.day)
    ledger.owe(firm.ledger, theory.money.reorganization_cost * (firm.ledger[0]["n_m"] + firm.ledger[0]["n_s"]))
    for q in range(N_PRACTICES):
        practice.lose_force(rows, q, 0.0)
        if uniform(key, 1 + q) < t.dropped:
            practice.drop(rows, q)
    for e in range(firm.ledger[0]["n_ties"]):
        if uniform(key, 2 * PLACES + ties[e]["key"]) < t.new_counterparts:
            fresh_m = person.general_trust(people, ties[e]["m"])
            tie.begin_anew(ties, e, fresh_m, person.general_trust(people, ties[e]["s"]))
            grievance.forget(ties, e)


@kernel
def redraw_chart(firm, theory, dice):
    """Another structure during a run: a political cost, in mood and in cash (F13; seed 003)."""
    t, row = theory.structure, firm.ledger[0]
    weight = t.chief_cost if t.kind == Kind.ONE_CHIEF else 1.0
    ledger.be_upset(firm.ledger, min(weight, 1.0))
    for i in range(row["n_people"]):
        person.be_upset(firm.people, i, t.turmoil * weight)
    ledger.owe(firm.ledger, theory.money.reorganization_cost * (row["n_m"] + row["n_s"]))
