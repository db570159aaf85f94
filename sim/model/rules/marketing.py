"""Campaigns catch prospects; inquiries are answered, nurtured, qualified."""

from __future__ import annotations

import math

from sim.model.arithmetic import exp, power
from sim.model.dice import Stream, key_for, key_of, normal, normal_at, share, uniform
from sim.model.firm import AT_ONCE, NEVER, Decision, Fate, For, M, Origin, Practice, S, State, Team
from sim.model.formulas import clip, closeness, toward
from sim.model.kernel import kernel
from sim.model.theory import Brief
from sim.model.things import hours, language, lead, ledger, person, talk, tie
from sim.model.things.belief import hear_offer, observe_needs
from sim.model.things.practice import keeps_willingly, ruled
from sim.model.things.segment import market_size, rivals_spend


@kernel
def attraction(pull_share: float, push_mix: float) -> float:
    """How much demand an effort mix reaches, 1 at the best mix of an even market.

    Demand that comes by attraction answers to the pull part of the effort, the
    rest to the push part, each with diminishing returns; so most markets have
    their best mix inside, pure pull and pure push have theirs at a corner (F56).

        (pull sqrt(1 - mix) + (1 - pull) sqrt(mix)) sqrt(2)

    >>> round(attraction(0.5, 0.5), 12)
    1.0
    >>> attraction(1.0, 0.0) > attraction(1.0, 0.3)
    True
    """
    return (pull_share * math.sqrt(1.0 - push_mix) + (1.0 - pull_share) * math.sqrt(push_mix)) * math.sqrt(2.0)


@kernel
def prepare_campaigns(firm, theory, dice):
    """Each marketer's chance to catch a prospect of the own patch today.

    It grows with free hours, skill, budget, reputation, a good promotion
    decision and the digital share, and falls with the prospects that a marketer
    serves: on the same market more marketers each have a smaller patch and work
    it harder. What a budget buys is its share of all that is spent on the
    same prospects, rivals' budgets included. Craft that goes into
    how the firm is seen brings no inquiry; reps who work to Marketing's order help
    as well as they can. Through retailers only what is placed is bought.

        chance = 1 - exp(-catch * everything / prospects a marketer, times the usual)
    """
    t, people, row = theory.marketing, firm.people, firm.ledger[0]
    team, working, spent, skill = (
        people["team"], people["working"], people["hours"], people["skill"],
    )  # fmt: skip
    voice = row["budget_share"] / max(row["budget_share"] + rivals_spend(theory.market, dice.day), t.tiny)
    budget = power(2.0 * max(voice, 0.0), 2.0 * t.budget_power)
    decided, d = theory.rooms.decisions, firm.decisions
    good = theory.decisions.promotion * (d[Decision.PROMOTION]["quality"] - 0.5) * decided
    unplaced = theory.market.retail * (1.0 - d[Decision.PLACEMENT]["quality"])
    common = t.catch * attraction(theory.market.pull_share, t.push_mix) * budget * (1.0 + good) * (1.0 - unplaced)
    common *= row["reputation"] * (1.0 + digital_leverage(theory, row["digital"]))
    common *= row["n_m"] / (row["ref_m"] * market_size(theory.market, dice.day))
    common *= 1.0 + row["ordered"][S] * theory.workforce.other_skill * row["n_s"] / max(row["n_m"], 1.0)
    own_share = 1.0 - theory.workforce.blurred * (1.0 - theory.workforce.other_skill)
    own_share *= 1.0 - t.impression
    craft, most = 0.0, 0.0
    for i in range(row["n_people"]):
        if working[i] == 1 and team[i] == Team.MARKETING:
            free = max(theory.workload.day_hours - spent[i], 0.0)
            reaches = 1.0 - exp(-common * skill[i] * own_share * free / theory.workload.day_hours)
            person.reach_out(people, i, reaches)
            person.keep_waiting(people, i, power(t.strange_slow, strange_across(firm, theory, i)))
            most = max(most, reaches)
            craft += hours.take(people, theory, i, free * t.craft_hours)
    ledger.reach(firm.ledger, most)
    hours.book(firm.days, dice.day, For.CRAFT, craft)


@kernel
def digital_leverage(theory, digital):
    """What a digital market adds to attraction, or one of paper takes; ordered-about Marketing wins less of it.

    digital   0..1, share of the market
    """
    leverage = theory.marketing.digital * (digital - 0.5)
    if leverage > 0.0 and theory.structure.brief == Brief.ORDERS:
        leverage *= 1.0 - theory.structure.deaf
    return leverage


@kernel
def attract(firm, theory, dice):
    """Today's prospects of the market meet the marketer of their patch, and some inquire.

    A prospect belongs to the market: its key comes from the day and its number
    in the segment, its number says in which slice of the market it lives, and
    all that ever happens to it is drawn from that key. A lead fits as well as the marketer knows the needs:

        fit = (a + (1-a) u) exp(-(needs - belief)^2 / 2 tolerance^2)

    Sources: leads per marketer B1, mix of readiness B2; the forms are our choice.
    """
    t, market, row, n_segments = theory.marketing, theory.market, firm.ledger[0], len(firm.segments)
    tray, needs, belief = firm.tray, firm.segments["needs"], firm.beliefs["needs"]
    per_segment = row["ref_m"] * market.marketing_list * market_size(market, dice.day) * row["burst"] / n_segments
    key = key_of(dice.seed, Stream.PROSPECT, dice.day)
    number = int(per_segment + share(key))
    stride = max(t.numbers, number)  # a day of more prospects than that has keys for all the same
    for k in range(n_segments):
        for j in range(0, number, AT_ONCE):
            end = min(j + AT_ONCE, number)
            for i in range(lead.catch(firm, M, key, k * stride, j, end, number, row["reach_m"])):
                prospect, m = tray[i]["key"], tray[i]["row"]
                quality = t.plain_fit + (1.0 - t.plain_fit) * uniform(prospect, Stream.FIT)
                if theory.rooms.marketing == 1:
                    quality *= closeness(needs[k] - belief[m, k], market.tolerance)
                else:
                    quality *= t.plain_fit
                quality *= 1.0 - theory.shock.bad_leads
                origin = Origin.EVENT if row["burst"] > 1.0 else Origin.PULL
                if uniform(prospect, Stream.NEAR) < t.push_mix:
                    origin = Origin.PUSH
                welcome(firm, theory, dice, prospect, m, k, quality, origin)


@kernel(inline=True)
def welcome(firm, theory, dice, prospect, m, k, fit, origin):
    """An inquiry arrives: it gets its row, its value, its readiness, and an answer soon, late or never.

    The first answer's delay is drawn in hours within and beyond the day (F25). Whoever holds joint events answers at
    the stand, where both teams are.
    """
    t, market = theory.marketing, theory.market
    u = uniform(prospect, Stream.READY)
    ready = t.warm + (1.0 - t.warm) * u / market.ready if u < market.ready else t.lukewarm * u
    hours.spend(firm, theory, dice.day, m, t.touch_hours, For.CRAFT)
    delay = hours_to_answer(firm, theory, prospect, m)
    if origin == Origin.EVENT and keeps_willingly(firm.people, m, Practice.EVENTS):
        delay = t.answer_first_h
    number = lead.enter(firm, theory, prospect, m, NEVER, k, origin, dice.day)
    lead.inquire(firm, number, dice.day, fit, ready, delay)
    if delay >= 0.0:
        lead.appoint(firm, number, dice.day + 1 + int(delay / theory.workload.day_hours))


@kernel(inline=True)
def hours_to_answer(firm, theory, prospect, m):
    """Hours until an inquiry is answered, lognormal within bounds; negative where it is forgotten (F25).

    Whoever knows the people across the gap knows whom to ask; with a stranger to them it waits longer, and more of
    them wait for ever (F26).
    """
    t = theory.marketing
    busy = max(firm.people[m]["load"] - t.busy_from, 0.0)
    never = t.never + busy + t.lost_records * (1.0 - firm.ledger[0]["records"])
    never += t.strange * strange_across(firm, theory, m)
    never = clip(never, 0.0, 1.0)
    u = uniform(prospect, Stream.ANSWER)
    if u < never:
        return NEVER + 0.0
    v = (u - never) / (1.0 - never)
    median = t.answer_median_h * firm.people[m]["waits"]
    delay = median * exp(t.answer_sd * normal_at(clip(v, t.tiny, 1.0 - t.tiny)))
    return clip(delay, t.answer_first_h, t.answer_last_h)


@kernel(inline=True)
def strange_across(firm, theory, i):
    """How strange the people across the gap are to somebody (0..1), as far as not everybody sees everybody."""
    return person.strangeness(firm.people, theory, i) * (1.0 - firm.ledger[0]["overview"])


@kernel(inline=True)
def qualify(firm, theory, dice, number):
    """A marketer judges a lead: drop it, nurture it once more, or call it qualified.

    The judgement is fit plus noise; a kept lead definition halves the noise
    and puts the bar where Sales has it, not where Marketing would (F27); good
    records help. Being judged by volume lowers the bar (seed 001).
    A lead that is not ready is nurtured a few times (F28). Returns whether it
    is qualified: handing it over is the next room's work. Whoever is judged by the same measures as Sales is not
    judged by volume.
    """
    t, row = theory.marketing, firm.leads[number]
    m, key = row["m"], row["key"]
    if row["state"] == State.INQUIRY and uniform(key, Stream.GONE) >= chance_to_wait(theory, float(row["hours"])):
        lead.end(firm, number, Fate.TOO_LATE, dice.day)
        return False
    fit, ready = float(row["fit"]), float(row["ready"])
    may_ripen = row["touches"] - 1 < t.rounds * max(t.nurture_touches, 1)
    hours.spend(firm, theory, dice.day, m, t.touch_hours / 2.0, For.CRAFT)
    noise = t.estimate_noise * (2.0 - firm.ledger[0]["records"])
    noise *= 1.0 - 0.5 * ruled(firm, m)
    judged_by_volume = t.volume_target
    if keeps_willingly(firm.people, m, Practice.SHARED_METRICS):
        judged_by_volume = 0.0
    cut = toward(t.cut, theory.selling.good, ruled(firm, m)) - t.volume_weight * judged_by_volume
    if fit + noise * normal(key, Stream.ESTIMATE) < cut:
        lead.end(firm, number, Fate.UNQUALIFIED, dice.day)
        return False
    if ready < t.ready_cut and may_ripen:
        lead.keep_nurtured(firm.leads, number)
        lead.nurture(firm, theory, number, nurturing(t) * uniform(key, Stream.PATIENCE), dice.day)
        return False
    if ready < t.ready_cut and judged_by_volume < 0.5:
        lead.end(firm, number, Fate.UNQUALIFIED, dice.day)
        return False
    lead.qualify(firm, number, row["state"] == State.INQUIRY and ready >= t.warm / 2.0, dice.day)
    return True


@kernel(inline=True)
def chance_to_wait(theory, delay):
    """The chance that a prospect has not gone to a rival before it is answered (B6).

        stays = floor + (1 - floor) (1 + delay / h)^-k

    delay   hours until the first answer
    """
    t = theory.market
    return t.answer_floor + (1.0 - t.answer_floor) * power(1.0 + delay / t.answer_hour, -t.answer_decay)


@kernel(inline=True)
def nurturing(marketing):
    """The share of missing readiness that a round of touches can close.

    marketing   theory.marketing
    """
    return 1.0 - exp(-marketing.nurture_touches / marketing.nurture_scale)


@kernel(inline=True)
def take_back(firm, theory, dice, number):
    """A lead sent back with a reason is nurtured once more (F28); the reason makes it readier to be judged."""
    lead.nurture(firm, theory, number, nurturing(theory.marketing), dice.day)


@kernel
def visit_customers(firm, theory, dice):
    """Marketers ride along with a salesperson: costs the day, teaches needs and words, warms both sides (seed 002)."""
    t = theory.marketing
    if t.visits <= 0.0:
        return
    people, link = firm.people, firm.links["tie"]
    key = key_of(dice.seed, Stream.VISIT, dice.day)
    chance = t.visits / t.month_days
    for i in range(firm.ledger[0]["n_people"]):
        if people[i]["working"] == 0 or people[i]["team"] != Team.MARKETING or people[i]["n_ties"] == 0:
            continue
        u = uniform(key, people[i]["seat"])
        if u >= chance or not hours.has_time(people, theory, i):
            continue
        where = link[people[i]["first"] + int(u / chance * people[i]["n_ties"])]
        hours.spend(firm, theory, dice.day, i, t.visit_hours * theory.rooms.workload, For.MEETING)
        noise = theory.beliefs.field_noise * theory.market.drift_sd * theory.market.drift_sd
        for k in range(len(firm.segments)):
            observe_needs(firm, i, k, noise, normal(key_for(key, people[i]["seat"]), k))
        s = firm.ties[where]["s"]
        for k in range(len(firm.segments)):
            hear_offer(firm, s, i, k, noise, normal(key_for(key, people[i]["seat"]), len(firm.segments) + k))
        language.share_words(people, theory, i, s, theory.language.gain, theory.language.ceiling_joint)
        tie.know_each_other(firm.ties, theory, where)
        tie.talk(firm.ties, where, dice.day)
        tie.warm(firm.ties, theory, where, theory.trust.gain * theory.trust.talk, theory.trust.ceiling_joint)
        talk.work_unasked(firm, dice.day)
