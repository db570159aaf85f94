"""Agreed ways of working: wanted, decreed, kept, dropped; one threshold for all of them."""

from __future__ import annotations

import math

from sim.model.acts import keeps
from sim.model.dice import Stream, key_of, uniform
from sim.model.firm import MONTH, N_PRACTICES, NEVER, WEEK, Practice, Team
from sim.model.formulas import clip, toward
from sim.model.kernel import kernel
from sim.model.theory import Mode


@kernel
def mode_of(practices, q):
    """What is settled from above for practice q: see theory.Mode."""
    if q == Practice.RULES:
        return practices.rules
    if q == Practice.EVENTS:
        return practices.events
    if q == Practice.MEETINGS:
        return practices.meetings
    if q == Practice.FEEDBACK_LOOP:
        return practices.feedback_loop
    if q == Practice.JOINT_PLANNING:
        return practices.joint_planning
    if q == Practice.KEY_ACCOUNTS:
        return practices.key_accounts
    if q == Practice.SHARED_METRICS:
        return practices.shared_metrics
    return practices.rotation


@kernel
def weekly_hours(practices, q):
    """Hours a week that a practice takes from each who keeps it, at the default cost of a contact."""
    if q == Practice.RULES:
        return practices.hours_rules
    if q == Practice.EVENTS:
        return practices.hours_events
    if q == Practice.MEETINGS:
        return practices.hours_meetings
    if q == Practice.FEEDBACK_LOOP:
        return practices.hours_feedback_loop
    if q == Practice.JOINT_PLANNING:
        return practices.hours_joint_planning
    if q == Practice.KEY_ACCOUNTS:
        return practices.hours_key_accounts
    if q == Practice.SHARED_METRICS:
        return practices.hours_shared_metrics
    return practices.hours_rotation


@kernel
def problem_it_solves(people, i, q, complexity):
    """How strongly a person remembers the problem that a practice is for (0..1)."""
    if q == Practice.RULES:
        return people[i]["felt_trouble"]
    if q == Practice.EVENTS:
        return people[i]["felt_strangeness"]
    if q == Practice.FEEDBACK_LOOP:
        return people[i]["felt_context"] * complexity
    if q == Practice.KEY_ACCOUNTS:
        return people[i]["felt_lost"] * complexity
    if q == Practice.SHARED_METRICS:
        return (people[i]["felt_trouble"] + people[i]["felt_lost"]) * 0.5
    return people[i]["felt_ignorance"] * complexity


@kernel
def how_well_it_works(theory, q, trust, language, ease, rules_kept, loop_kept):
    """How well a practice works between people of some trust and language (0..1 and a little more).

    This is what people expect of it when they decide whether to want it; its acts
    (`jointwork.do_act`) ask for the same trust and language in formulas of their
    own. Which practice needs how much of either is our assumption, and the order of
    adoption rests on it (ablations in experiments/).
    """
    t = theory.practices
    near = min(ease, t.most_ease)
    if q == Practice.RULES:
        return math.pow(max(trust, 0.0), t.rules_trust)
    if q == Practice.EVENTS:
        return math.sqrt(max(trust, 0.0)) * min(near, 1.0)
    if q == Practice.MEETINGS:
        return (t.meet_base + t.meet_language * language + t.meet_trust * trust) * near
    if q == Practice.FEEDBACK_LOOP:
        shared = language + (1.0 - language) * 0.5 * rules_kept
        return shared * math.sqrt(max(trust, 0.0))
    if q == Practice.JOINT_PLANNING or q == Practice.KEY_ACCOUNTS:
        return math.sqrt(max(language, 0.0)) * trust * near
    if q == Practice.SHARED_METRICS:
        return trust * trust * (t.metrics_base + (1.0 - t.metrics_base) * loop_kept)
    return language * trust * near


@kernel
def scale_of(practices, q):
    """How much a solved problem is worth, by practice."""
    if q == Practice.RULES:
        return practices.worth_rules
    if q == Practice.EVENTS:
        return practices.worth_events
    if q == Practice.MEETINGS:
        return practices.worth_meetings
    if q == Practice.JOINT_PLANNING:
        return practices.worth_joint_planning
    if q == Practice.SHARED_METRICS:
        return practices.worth_shared_metrics
    if q == Practice.ROTATION:
        return practices.worth_rotation
    return 1.0


@kernel
def remember(now: float, memory: float, rise: float, fall: float) -> float:
    """A remembered problem: quick to rise to the present one, slow to fade.

    >>> remember(1.0, 0.0, 0.5, 0.1), remember(0.0, 1.0, 0.5, 0.1)
    (0.5, 0.9)
    """
    return memory + (rise if now > memory else fall) * (now - memory)


@kernel
def feel_problems(firm, theory, dice):
    """At the week's end each person feels the present problems and remembers the past ones."""
    if dice.day % WEEK != WEEK - 1:
        return
    t, people, b = theory.practices, firm.people, firm.beliefs
    rise, fall = 1.0 - math.exp(-WEEK / t.memory_rise_days), 1.0 - math.exp(-WEEK / t.memory_fall_days)
    variance = theory.market.drift_sd * theory.market.drift_sd
    for i in range(firm.ledger[0]["n_people"]):
        if people[i]["working"] == 0 or people[i]["team"] == Team.LIAISON:
            continue
        ignorance = 0.0
        for k in range(len(firm.segments)):
            ignorance += b[i, k]["offer_var"] if people[i]["team"] == Team.SALES else b[i, k]["needs_var"]
        ignorance = clip(ignorance / (len(firm.segments) * variance), 0.0, 1.0)
        people[i]["felt_trouble"] = remember(people[i]["trouble"], people[i]["felt_trouble"], rise, fall)
        people[i]["felt_ignorance"] = remember(ignorance, people[i]["felt_ignorance"], rise, fall)
        people[i]["felt_context"] = remember(people[i]["context_lost"], people[i]["felt_context"], rise, fall)
        people[i]["felt_lost"] = remember(people[i]["lost_deals"], people[i]["felt_lost"], rise, fall)
        people[i]["felt_strangeness"] = remember(
            1.0 - people[i]["mean_strength"], people[i]["felt_strangeness"], rise, fall
        )


@kernel
def take_position(firm, theory, dice):
    """Each month everybody asks of each practice: is it worth its hours? One threshold for all.

        support = worth problem works + attitude (A - a0) - hours (1/2 + load) + temper

    A person keeps a decreed practice when support and what is left of the
    decree's force exceed the threshold; those who keep it and believe in it draw
    others along; a mandate adds a little for good. An
    hour kept against one's will lowers the attitude (reactance), so that
    mandating everything is not the best advice everywhere.
    """
    if dice.day % MONTH != 0 or theory.rooms.practices == 0:
        return
    t, people, rows, ledger = theory.practices, firm.people, firm.practices, firm.ledger
    complexity = min(theory.market.drift_sd, 1.0)
    temper_key = key_of(dice.seed, Stream.TEMPER, 0)
    n_practices = N_PRACTICES
    for q in range(n_practices):
        rows[q]["force"] = t.decree * rows[q]["push"]
        mode = mode_of(t, q)
        if mode == Mode.MANDATED:
            rows[q]["force"] = t.decree * rows[q]["push"] + t.mandate
            if rows[q]["decreed"] < 0:
                rows[q]["decreed"] = dice.day
                rows[q]["since"] = dice.day
                rows[q]["push"] = 1.0
        elif mode == Mode.FORBIDDEN:
            rows[q]["decreed"] = NEVER
            rows[q]["since"] = NEVER
        rows[q]["push"] *= math.exp(-MONTH / t.decree_days)
        rows[q]["support_m"] = 0.0
        rows[q]["support_s"] = 0.0
        rows[q]["count_m"] = 0.0
        rows[q]["count_s"] = 0.0
        rows[q]["willing_m"] = 0.0
        rows[q]["willing_s"] = 0.0
    for i in range(ledger[0]["n_people"]):
        if people[i]["working"] == 0 or people[i]["n_ties"] == 0:
            continue
        trust, language = people[i]["mean_trust"], people[i]["language"]
        ease, load = people[i]["mean_ease"], people[i]["load"]
        rules_kept = 1.0 if keeps(people[i]["complies"], Practice.RULES) else 0.0
        loop_kept = 1.0 if keeps(people[i]["complies"], Practice.FEEDBACK_LOOP) else 0.0
        cost = t.hours_fixed + (1.0 - t.hours_fixed) * people[i]["mean_hours"] / t.usual_hours
        bits, wills, against = 0, 0, 0.0
        for q in range(n_practices):
            worth = scale_of(t, q) * problem_it_solves(people, i, q, complexity)
            worth *= how_well_it_works(theory, q, trust, language, ease, rules_kept, loop_kept)
            hours = weekly_hours(t, q) * cost
            support = worth + t.attitude * (people[i]["attitude"] - t.attitude_from) - t.hours * hours * (0.5 + load)
            support += t.temper * (
                people[i]["temper"] * t.general + (1.0 - t.general) * _own(temper_key, people[i]["seat"], q)
            )
            if people[i]["team"] == Team.SALES:
                rows[q]["support_s"] += support
            else:
                rows[q]["support_m"] += support
            if support > t.threshold:
                wills |= 1 << q
            if rows[q]["decreed"] < 0:
                continue
            believers = rows[q]["believe_s"] if people[i]["team"] == Team.SALES else rows[q]["believe_m"]
            if support + rows[q]["force"] + t.others * believers > t.threshold:
                bits |= 1 << q
                if people[i]["team"] == Team.SALES:
                    rows[q]["count_s"] += 1.0
                else:
                    rows[q]["count_m"] += 1.0
                if support <= t.threshold:
                    against += hours
                elif people[i]["team"] == Team.SALES:
                    rows[q]["willing_s"] += 1.0
                else:
                    rows[q]["willing_m"] += 1.0
        people[i]["complies"] = bits
        people[i]["willing"] = wills
        people[i]["attitude"] *= 1.0 - clip(t.reactance * against, 0.0, 1.0)
    n_m, n_s = max(ledger[0]["voters_m"], 1.0), max(ledger[0]["voters_s"], 1.0)
    for q in range(n_practices):
        rows[q]["kept_m"] = rows[q]["count_m"] / n_m
        rows[q]["kept_s"] = rows[q]["count_s"] / n_s
        rows[q]["believe_m"] = rows[q]["willing_m"] / n_m
        rows[q]["believe_s"] = rows[q]["willing_s"] / n_s
        rows[q]["support_m"] /= n_m
        rows[q]["support_s"] /= n_s


@kernel
def _own(key, seat, q):
    """A person's own leaning to one practice: a standard normal that never changes."""
    u = uniform(key, seat * N_PRACTICES + q)
    return math.log(u / (1.0 - u)) * 0.5513288954217921  # unit: logistic draw scaled to standard deviation 1


@kernel
def lead_teams(firm, theory, dice):
    """Each month the heads notice, prepare, decree, renew and drop: late, and one practice at a time.

    A head's view follows the team's mean support over `detection_days`; what both
    heads see above the one threshold is prepared and decreed after `decision_days`.
    """
    if dice.day % MONTH != 0 or theory.rooms.practices == 0:
        return
    t, rows, heads = theory.practices, firm.practices, firm.heads
    see = 1.0 - math.exp(-MONTH / t.detection_days)
    key = key_of(dice.seed, Stream.HEAD, dice.day)
    between = min(heads[0]["trust"], heads[1]["trust"])
    best, best_view, busy = -1, 0.0, False
    for q in range(N_PRACTICES):
        rows[q]["view_m"] = toward(rows[q]["view_m"], rows[q]["support_m"], see)
        rows[q]["view_s"] = toward(rows[q]["view_s"], rows[q]["support_s"], see)
        rows[q]["noticed_m"] = toward(rows[q]["noticed_m"], rows[q]["kept_m"], see)
        rows[q]["noticed_s"] = toward(rows[q]["noticed_s"], rows[q]["kept_s"], see)
        mode = mode_of(t, q)
        if rows[q]["pending"] >= 0:
            if rows[q]["pending"] <= dice.day:
                rows[q]["pending"] = NEVER
                rows[q]["decreed"] = dice.day
                rows[q]["since"] = dice.day
                rows[q]["push"] = 1.0
                rows[q]["noticed_m"] = 1.0
                rows[q]["noticed_s"] = 1.0
            else:
                busy = True
        elif rows[q]["decreed"] >= 0:
            least = min(rows[q]["noticed_m"], rows[q]["noticed_s"])
            if least < t.repeal and mode == Mode.TEAMS_DECIDE:
                rows[q]["decreed"] = NEVER
                rows[q]["since"] = NEVER
            elif least < 0.5 and rows[q]["decreed"] < dice.day - t.renewal_age and uniform(key, q) < t.renewal:
                rows[q]["decreed"] = dice.day
                rows[q]["push"] = 1.0
        elif mode == Mode.TEAMS_DECIDE:
            view = min(rows[q]["view_m"], rows[q]["view_s"])
            if view > t.threshold and (best < 0 or view > best_view):
                best, best_view = q, view
    if best >= 0 and not busy and uniform(key, N_PRACTICES) < t.dare + (1.0 - t.dare) * between:
        rows[best]["pending"] = dice.day + int(t.decision_days + theory.communication.delay_days)


@kernel
def change_heads(firm, theory, dice):
    """Each month a head may leave: the successor sees half as much, knows nobody, and drops some practices."""
    t, rows, heads = theory.structure, firm.practices, firm.heads
    if dice.day % MONTH != 0 or theory.rooms.structure == 0:
        return
    key = key_of(dice.seed, Stream.HEAD_LEAVES, dice.day)
    for side in range(2):
        if uniform(key, side) >= 1.0 - math.exp(-t.head_tenure / t.months):
            continue
        heads[side]["generation"] += 1
        heads[side]["since"] = dice.day
        heads[side]["trust"] = theory.trust.attitude
        for q in range(N_PRACTICES):
            if side == 0:
                rows[q]["view_m"] *= 0.5
            else:
                rows[q]["view_s"] *= 0.5
            rows[q]["pending"] = NEVER
            rows[q]["push"] *= 0.5
            if rows[q]["decreed"] >= 0 and uniform(key, 2 + side * N_PRACTICES + q) < t.head_drops:
                rows[q]["decreed"] = NEVER
                rows[q]["since"] = NEVER
