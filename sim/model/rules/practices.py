"""Agreed ways of working: wanted, decreed, kept, dropped; one threshold for all of them."""

from __future__ import annotations

from sim.model.arithmetic import exp, log
from sim.model.dice import Stream, key_of, uniform
from sim.model.firm import MONTH, N_PRACTICES, PLACES, WEEK, M, Practice, Problem, S, Team
from sim.model.formulas import clip, layers
from sim.model.kernel import kernel
from sim.model.theory import Mode, Record
from sim.model.things import head, person
from sim.model.things.practice import (
    add_to,
    announce,
    begin_count,
    count_in,
    decree,
    drop,
    give_up,
    halve_view,
    keeps,
    lose_force,
    prepare,
    problem_it_solves,
    renew,
    see,
    share_out,
    take_up,
    vote,
    works,
)


@kernel
def feel_problems(firm, theory, dice):
    """At the week's end each person feels the present problems and remembers the past ones."""
    if dice.day % WEEK != WEEK - 1:
        return
    t, people, b = theory.practices, firm.people, firm.beliefs
    rise, fall = 1.0 - exp(-WEEK / t.memory_rise_days), 1.0 - exp(-WEEK / t.memory_fall_days)
    variance = theory.market.drift_sd * theory.market.drift_sd
    for i in range(firm.ledger[0]["n_people"]):
        if people[i]["working"] == 0 or people[i]["team"] == Team.LIAISON:
            continue
        ignorance = 0.0
        for k in range(len(firm.segments)):
            ignorance += b[i, k]["offer_var"] if people[i]["team"] == Team.SALES else b[i, k]["needs_var"]
        ignorance = clip(ignorance / (len(firm.segments) * variance), 0.0, 1.0)
        person.feel(people, i, Problem.TROUBLE, people[i]["trouble"], rise, fall)
        person.feel(people, i, Problem.IGNORANCE, ignorance, rise, fall)
        person.feel(people, i, Problem.CONTEXT, people[i]["context_lost"], rise, fall)
        person.feel(people, i, Problem.LOST, people[i]["lost_deals"], rise, fall)
        person.feel(people, i, Problem.STRANGENESS, person.strangeness(people, theory, i), rise, fall)


@kernel
def take_position(firm, theory, dice):
    """Each month everybody asks of each practice: is it worth its hours? One threshold for all.

        support = worth problem works + attitude (A - a0) - hours (1/2 + load) + temper

    A person keeps a decreed practice when support and what is left of the
    decree's force exceed the threshold; those who keep it and believe in it draw
    others along; a mandate adds a little for good. An
    hour ordered from above and kept against one's will lowers the attitude and is resented (reactance), so that
    mandating everything is not the best advice everywhere.
    """
    if dice.day % MONTH != 0 or theory.rooms.practices == 0:
        return
    t, people, rows, ledger = theory.practices, firm.people, firm.practices, firm.ledger
    wear = exp(-MONTH / t.decree_days)
    for q in range(N_PRACTICES):
        force = t.decree * rows[q]["push"]
        if t.mode_of[q] == Mode.MANDATED:
            force = t.decree * rows[q]["push"] + t.mandate
            if rows[q]["decreed"] < 0:
                decree(rows, q, dice.day)
        elif t.mode_of[q] == Mode.FORBIDDEN:
            drop(rows, q)
        begin_count(rows, q, force, wear)
    temper_key = key_of(firm.ledger[0]["born"], Stream.TEMPER, 0)
    for i in range(ledger[0]["n_people"]):
        if people[i]["working"] == 1 and people[i]["n_ties"] > 0:
            weigh(firm, theory, temper_key, i)
    for q in range(N_PRACTICES):
        share_out(rows, q, M, max(ledger[0]["voters_m"], 1.0))
        share_out(rows, q, S, max(ledger[0]["voters_s"], 1.0))


@kernel
def weigh(firm, theory, temper_key, i):
    """One person's position on every practice: see `take_position`."""
    t, rows, who = theory.practices, firm.practices, firm.people[i]
    side = S if who["team"] == Team.SALES else M
    bits, wills, against = 0, 0, 0.0
    for q in range(N_PRACTICES):
        support = support_of(firm, theory, temper_key, i, q)
        vote(rows, q, side, support)
        willing = support > t.threshold
        if willing:
            wills |= 1 << q
        if may_keep(theory, q, side) and takes_to(theory, rows, q, side, support):
            bits |= 1 << q
            count_in(rows, q, side, willing)
            if not willing and t.mode_of[q] == Mode.MANDATED:
                against += t.hours_of[q] * hours_felt(theory, who)
    take_up(firm.people, i, bits, wills)
    person.resist(firm.people, i, clip(t.reactance * against, 0.0, 1.0))


@kernel(inline=True)
def hours_felt(theory, who):
    """How much longer a person's hours of practices are than at the default cost of a contact."""
    t = theory.practices
    return t.hours_fixed + (1.0 - t.hours_fixed) * who["mean_hours"] / t.usual_hours


@kernel
def support_of(firm, theory, temper_key, i, q):
    """How far a person wants a practice: see `take_position`."""
    t, who = theory.practices, firm.people[i]
    rules_kept = 1.0 if keeps(who["complies"], Practice.RULES) else 0.0
    loop_kept = 1.0 if keeps(who["complies"], Practice.FEEDBACK_LOOP) else 0.0
    worth = t.worth_of[q] * problem_it_solves(who["felt"], q, min(theory.market.drift_sd, 1.0))
    worth *= works(t, q, who["mean_trust"], who["language"], who["mean_ease"], rules_kept, loop_kept)
    support = worth + t.attitude * (who["attitude"] - t.attitude_from)
    support -= t.hours * t.hours_of[q] * hours_felt(theory, who) * (0.5 + who["load"])
    return support + t.temper * (who["temper"] * t.general + (1.0 - t.general) * _own(temper_key, who["seat"], q))


@kernel(inline=True)
def takes_to(theory, rows, q, side, support):
    """Whether somebody of that support keeps a practice, if it is decreed."""
    t = theory.practices
    return rows[q]["decreed"] >= 0 and support + rows[q]["force"] + t.others * rows[q]["believe"][side] > t.threshold


@kernel(inline=True)
def may_keep(theory, q, side):
    """Whether a side is let into what a practice needs: the shared record may be open to one team alone."""
    if q != Practice.FEEDBACK_LOOP or theory.handoff.record == Record.BOTH:
        return True
    return theory.handoff.record == (Record.MARKETING if side == M else Record.SALES)


@kernel
def adopt(firm, theory, dice, q):
    """A practice is announced: on that day everybody takes a position on it, and does not wait for the month's."""
    t, people, rows = theory.practices, firm.people, firm.practices
    begin_count(rows, q, t.decree * rows[q]["push"] + (t.mandate if t.mode_of[q] == Mode.MANDATED else 0.0), 1.0)
    temper_key = key_of(firm.ledger[0]["born"], Stream.TEMPER, 0)
    for i in range(firm.ledger[0]["n_people"]):
        if people[i]["working"] == 0 or people[i]["n_ties"] == 0:
            continue
        side = S if people[i]["team"] == Team.SALES else M
        support = support_of(firm, theory, temper_key, i, q)
        vote(rows, q, side, support)
        if may_keep(theory, q, side) and takes_to(theory, rows, q, side, support):
            willing = support > t.threshold
            add_to(people, i, q, willing)
            count_in(rows, q, side, willing)
    share_out(rows, q, M, max(firm.ledger[0]["voters_m"], 1.0))
    share_out(rows, q, S, max(firm.ledger[0]["voters_s"], 1.0))


@kernel
def _own(key, seat, q):
    """A person's own leaning to one practice: a standard normal that never changes."""
    u = uniform(key, seat * PLACES + q)
    return log(u / (1.0 - u)) * 0.5513288954217921  # unit: logistic draw scaled to standard deviation 1


@kernel
def lead_teams(firm, theory, dice):
    """Each month the heads notice, prepare, decree, renew and drop: late, and one practice at a time.

    A head's view follows the team's mean support over `detection_days`; what both
    heads see above the one threshold is prepared and decreed after `decision_days`,
    and after what their exchange takes, on that very day.
    All take the longer the more layers lie between a head and the people (seed 000: size of the team).
    """
    if theory.rooms.practices == 0:
        return
    for q in range(N_PRACTICES):
        if firm.practices[q]["pending"] != dice.day:
            continue
        if theory.practices.mode_of[q] == Mode.FORBIDDEN:
            give_up(firm.practices, q)
        else:
            announce(firm.practices, q, dice.day)
            adopt(firm, theory, dice, q)
    if dice.day % MONTH != 0:
        return
    t, rows, heads = theory.practices, firm.practices, firm.heads
    row = firm.ledger[0]
    above = layers(row["n_m"] + row["n_s"] + row["n_liaisons"], theory.structure.usual_people)
    share = 1.0 - exp(-MONTH / (t.detection_days * above))
    key = key_of(dice.seed, Stream.HEAD, dice.day)
    between = min(heads[0]["trust"], heads[1]["trust"])
    best, best_view, busy = -1, 0.0, False
    for q in range(N_PRACTICES):
        see(rows, q, M, share)
        see(rows, q, S, share)
        least = min(rows[q]["noticed"][0], rows[q]["noticed"][1])
        if rows[q]["pending"] > dice.day:
            busy = True
        elif rows[q]["decreed"] >= 0:
            if least < t.repeal and t.mode_of[q] == Mode.TEAMS_DECIDE:
                drop(rows, q)
            elif least < 0.5 and rows[q]["decreed"] < dice.day - t.renewal_age and uniform(key, q) < t.renewal:
                renew(rows, q, dice.day)
        elif t.mode_of[q] == Mode.TEAMS_DECIDE:
            view = min(rows[q]["view"][0], rows[q]["view"][1])
            if view > t.threshold and (best < 0 or view > best_view):
                best, best_view = q, view
    if best >= 0 and not busy and uniform(key, PLACES) < t.dare + (1.0 - t.dare) * between:
        prepare(rows, best, dice.day + int(t.decision_days * above + theory.communication.delay_days))


@kernel
def change_heads(firm, theory, dice):
    """Each month a head may leave: the successor sees half as much, knows nobody, and drops some practices."""
    t, rows = theory.structure, firm.practices
    if dice.day % MONTH != 0 or theory.rooms.structure == 0:
        return
    key = key_of(dice.seed, Stream.HEAD_LEAVES, dice.day)
    for side in range(2):
        if uniform(key, side) >= 1.0 - exp(-t.head_tenure / t.months):
            continue
        head.succeed(firm.heads, theory, side, dice.day)
        for q in range(N_PRACTICES):
            halve_view(rows, q, side)
            lose_force(rows, q, 0.5)
            if rows[q]["decreed"] >= 0 and uniform(key, 2 + side * PLACES + q) < t.head_drops:
                drop(rows, q)
