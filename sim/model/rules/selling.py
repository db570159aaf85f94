"""Follow-up of marketing's leads, own prospecting, opportunities and their end."""

from __future__ import annotations

import math
from enum import IntEnum

from sim.model.arithmetic import exp, power
from sim.model.dice import Stream, key_for, key_of, logistic, normal, share, uniform
from sim.model.firm import (
    AT_ONCE,
    FED_BACK,
    JOINED,
    KEY_ACCOUNT,
    LOGGED,
    MATERIAL,
    NEVER,
    SPECIAL,
    Decision,
    Fate,
    For,
    Item,
    M,
    Origin,
    Practice,
    S,
    Team,
)
from sim.model.formulas import both, clip, closeness, raised
from sim.model.kernel import kernel
from sim.model.theory import Kind
from sim.model.things import evidence, hours, language, lead, ledger, person, talk, tie
from sim.model.things.belief import learn_needs
from sim.model.things.evidence import witness
from sim.model.things.grievance import complain
from sim.model.things.ledger import people_ratio
from sim.model.things.practice import both_keep, keeps, keeps_willingly, pressed, ruled
from sim.model.things.segment import market_size
from sim.model.things.tie import tie_of, trust_in


class Answer(IntEnum):
    """What a rep does with a lead that arrives."""

    LEFT = 0
    OPENED = 1
    SENT_BACK = 2


@kernel(inline=True)
def needed(theory, x):
    """What trust or context comes to where the offer is simple: the less there is to explain, the less it takes (F06).

    1 - c^2 (1 - x),  c = complexity, at most 1

    The square is our guess: what has to be explained grows faster than what may differ.
    """
    complexity = min(theory.market.drift_sd, 1.0)
    return 1.0 - complexity * complexity * (1.0 - x)


@kernel
def chance_of_follow_up(theory, trust, seen, context, load, experience, rules, metrics, pressure):
    """The chance that a rep tries a lead: perceived quality and trusted context first, then room in the day.

    Rules and metrics count where they are kept and wanted: an order alone gets no lead called (M6).
    Trust acts as readiness to work for the sender (F19) and through the worth
    of what was told. No direct path from trust to the use of information was
    found (F46): the first of the two is our departure from it. Experience
    weakens the answer to tracking (rules) and to load and strengthens that to
    quality (the signs of F20).

        log-odds = base + trust (T - 1/2) + quality (1 + e x) (seen - glance) + context ctx T
                   + rules (1 - e x) + metrics - load (1 - e x) max(0, load - load_from) - pressure

    where x is the rep's experience (0..1) and e what it weighs.
    """
    t = theory.selling
    if theory.rooms.selling == 0:
        return 0.5
    less, more = 1.0 - t.experience * experience, 1.0 + t.experience * experience
    x = t.base + t.trust * (trust - 0.5) + t.quality * more * (seen - t.glance) + t.context * context * trust
    x += t.rules * less * rules + t.metrics * metrics
    x -= t.load * less * max(load - t.load_from, 0.0) + t.pressure * pressure
    return logistic(x)


@kernel(inline=True)
def code_lead(firm, theory, number, seen):
    """Both sides say whether a lead is good, in their own words: the audit's seventh statement asks if they agree."""
    t, row = theory.selling, firm.leads[number]
    m, s = row["m"], row["s"]
    agreed = max(language.common(firm.people, m, s), t.defined * ruled(firm, m))
    judged = float(row["fit"]) + t.coding * (1.0 - agreed) * normal(row["key"], Stream.CODED)
    evidence.code(firm, m, s, judged >= t.good, seen >= t.good)


@kernel(inline=True)
def take_lead(firm, theory, dice, number):
    """A lead reaches a salesperson, who tries it, sends it back with a reason, or leaves it lying: see `Answer`."""
    t, row, people = theory.selling, firm.leads[number], firm.people
    s, key, context = row["s"], row["key"], float(row["context"])
    where = tie_of(firm, number)
    trust = trust_in(firm.ties, theory, where, S) if where >= 0 else people[s]["attitude"]
    seen = float(row["fit"]) + t.seen_noise * (1.0 - t.told_clear * context) * normal(key, Stream.SEEN)
    code_lead(firm, theory, number, seen)
    chance = chance_of_follow_up(
        theory,
        needed(theory, trust),
        seen,
        needed(theory, context),
        people[s]["load"],
        clip((people[s]["skill"] - 0.5) * 2.0, 0.0, 1.0),
        ruled(firm, s),
        people[s]["identification"] if keeps_willingly(people, s, Practice.SHARED_METRICS) else 0.0,
        pressed(firm, s),
    )
    if uniform(key_for(key, row["returned"]), Stream.FOLLOW) < chance:
        return try_lead(firm, theory, dice, number, where)
    if row["returned"] == 0 and uniform(key, Stream.RETURN) < chance_to_send_back(firm, theory, number, trust):
        hours.spend(firm, theory, dice.day, s, t.back_hours, For.LEADS)
        lead.send_back(firm, number, dice.day)
        person.experience_trouble(people, theory, row["m"], t.back_trouble)
        witness(firm, Item.FEEDBACK, row["m"], s, 1.0, 1.0)
        return Answer.SENT_BACK + 0
    leave_lying(firm, theory, dice, number, where, seen)
    return Answer.LEFT + 0


@kernel(inline=True)
def chance_to_send_back(firm, theory, number, trust):
    """The chance that a lead which is not tried goes back with a reason, instead of being left lying."""
    t, row = theory.selling, firm.leads[number]
    words = language.common(firm.people, row["m"], row["s"])
    logged = 1.0 if row["flags"] & LOGGED else 0.0
    x = t.back_base + t.back_trust * (trust - 0.5) + t.back_rules * ruled(firm, row["s"])
    x += t.back_logged * logged + t.back_language * (words - t.back_from)
    return logistic(x)


@kernel(inline=True)
def leave_lying(firm, theory, dice, number, where, seen):
    """A lead is never called: Marketing hears nothing, trusts less, and may hold it against Sales.

    One that is plainly worthless is held against Marketing, though less than if it had been called.
    """
    t, row, people = theory.selling, firm.leads[number], firm.people
    m, s = row["m"], row["s"]
    lead.ignore(firm, number, dice.day)
    person.experience_trouble(people, theory, m, 1.0)
    person.experience_trouble(people, theory, s, 1.0 if seen < t.glance else 0.0)
    witness(firm, Item.FEEDBACK, m, NEVER, 0.0, 1.0)
    witness(firm, Item.ONE_PIPELINE, m, s, 0.0, 1.0)
    if not row["flags"] & LOGGED:
        evidence.forecast(firm.ledger, t.hoped * firm.ledger[0]["usual_win"])
    if where >= 0 and theory.rooms.trust == 1:
        tie.doubt(firm.ties, theory, where, M, theory.trust.loss * theory.trust.ignored * (1.0 + ruled(firm, s)))
        angry = theory.conflict.ignored * (1.0 - trust_in(firm.ties, theory, where, M))
        u = uniform(row["key"], Stream.BLAME)
        if u < angry:
            complain(firm, theory, where, M, dice.day)
        elif seen < t.good * t.worthless and u > 1.0 - chance_to_blame(firm, theory, where) * t.uncalled:
            complain(firm, theory, where, S, dice.day)


@kernel(inline=True)
def try_lead(firm, theory, dice, number, where):
    """A rep tries a lead: what it shows of the other team, and whether it becomes an opportunity. Returns `Answer`.

    What stands in a shared record need not be found out again, which saves hours.
    """
    t, row, people = theory.selling, firm.leads[number], firm.people
    m, s, fit = row["m"], row["s"], float(row["fit"])
    saved = theory.handoff.saved if row["flags"] & LOGGED else 0.0
    hours.spend(firm, theory, dice.day, s, t.lead_hours * (1.0 - saved), For.LEADS)
    ready = float(row["ready"])
    lead.attempt(firm, number, dice.day)
    good = fit >= t.good
    person.experience_trouble(people, theory, m, 0.0)
    person.experience_trouble(people, theory, s, 0.0 if good else 1.0)
    if where >= 0 and theory.rooms.trust == 1:
        judge_sender(firm, theory, dice, number, where, good)
    if uniform(row["key"], Stream.EXPERIENCE) >= fit * interest(theory, ready):
        lead.end(firm, number, Fate.NOT_INTERESTED if good else Fate.BAD_LEAD, dice.day)
        tell_marketing(firm, theory, dice, number, where)
        return Answer.LEFT + 0
    open_deal(firm, theory, dice, number)
    return Answer.OPENED + 0


@kernel(inline=True)
def interest(theory, ready):
    """The chance that somebody who is called is interested: everybody a little, who is ready most.

    interest (cold + (1 - cold) ready)
    """
    t = theory.selling
    return t.interest * (t.cold + (1.0 - t.cold) * ready)


@kernel(inline=True)
def judge_sender(firm, theory, dice, number, where, good):
    """What a tried lead does to trust: Marketing sees follow-up, Sales whether it was good; a bad one is blamed."""
    t, trust, ties, row = theory.selling, theory.trust, firm.ties, firm.leads[number]
    near = nearness(firm, theory, where)
    blame = chance_to_blame(firm, theory, where)
    tie.rely(ties, theory, where, M, trust.gain * trust.followed * near, 1.0)
    if good:
        tie.rely(ties, theory, where, S, trust.gain * near, 1.0)
        return
    tie.doubt(ties, theory, where, S, trust.loss * trust.bad_lead)
    blamed = uniform(row["key"], Stream.BLAME) < blame
    witness(firm, Item.NO_BLAME, row["m"], row["s"], 0.0 if blamed else 1.0, 1.0)
    if blamed and uniform(row["key"], Stream.COMPLAINT) < t.grievance_bad:
        complain(firm, theory, where, S, dice.day)


@kernel(inline=True)
def nearness(firm, theory, where):
    """How much of the other's good work is seen as such: less where people lack a common language (F10)."""
    words = language.common(firm.people, firm.ties[where]["m"], firm.ties[where]["s"])
    return 1.0 - theory.trust.thought_worlds * (1.0 - words)


@kernel(inline=True)
def chance_to_blame(firm, theory, where):
    """The chance that a rep blames Marketing for something that went wrong."""
    t, s = theory.selling, firm.ties[where]["s"]
    metrics = 1.0 if keeps(firm.people[s]["complies"], Practice.SHARED_METRICS) else 0.0
    trust = trust_in(firm.ties, theory, where, S)
    return t.blame * (1.0 - trust) * (1.0 - t.blame_rules * ruled(firm, s)) * (1.0 - t.blame_metrics * metrics)


@kernel(inline=True)
def open_deal(firm, theory, dice, number):
    """A lead becomes an opportunity: several meetings over a lognormal cycle (B10), with campaigns throughout."""
    market, row, t = theory.market, firm.leads[number], theory.customization
    if theory.rooms.customization == 1:
        asks = t.asked * (1.0 - float(row["fit"])) * (1.0 + firm.ledger[0]["pressure"])
        allowed = t.approval == 0 or firm.ledger[0]["special_deals"] <= t.limit
        if allowed and uniform(row["key"], Stream.SPECIAL) < asks:
            lead.mark(firm.leads, number, SPECIAL)
    cycle = market.cycle_days * exp(market.cycle_sd * normal(row["key"], Stream.CYCLE))
    if row["flags"] & SPECIAL and t.approval == 1:
        cycle += t.approval_days + theory.communication.delay_days
    lead.open_deal(firm, number, int(clip(cycle, 1.0, theory.selling.longest)), dice.day)
    if theory.marketing.during_sale > 0 and row["m"] >= 0:
        campaign_on(firm, theory, dice, number)


@kernel(inline=True)
def campaign_on(firm, theory, dice, number):
    """Marketing goes on touching a prospect whose deal is open, as personally as it was told about it (seed 002).

    A touch that fits makes readier, as one in nurturing does; one that does not is a contact too many (F52).
    """
    t, row = theory.marketing, firm.leads[number]
    known = float(row["context"])
    spent = t.touch_hours * t.during_sale / max(t.nurture_touches, 1)
    hours.spend(firm, theory, dice.day, row["m"], spent, For.CRAFT)
    closed = known * (1.0 - exp(-t.during_sale / t.nurture_scale))
    lead.touch(firm.leads, number, raised(float(row["ready"]), closed, 1.0), int(t.during_sale * (1.0 - known) + 0.5))


@kernel
def prospect(firm, theory, dice):
    """Salespeople call on prospects of their own patch, in the time they have and never less than a floor.

    Own deals are not crowded out by marketing's leads: the floor of hours sees
    to that (model.md, P7). The fit is as good as the rep's own picture of needs.
    A prospect whom today's campaigns reach as well has heard of the firm, and is as ready as a warm lead (F55).
    """
    t, market, row, tray = theory.selling, theory.market, firm.ledger[0], firm.tray
    n_segments, plain = len(firm.segments), theory.marketing.plain_fit
    most = plan_calls(firm, theory, dice)
    key = key_of(dice.seed, Stream.OWN_CATCH, dice.day)
    number = int(row["ref_s"] * market.own_list * market_size(market, dice.day) / n_segments + share(key))
    stride = max(theory.marketing.numbers, number)
    for k in range(n_segments):
        for j in range(0, number, AT_ONCE):
            end = min(j + AT_ONCE, number)
            for i in range(lead.catch(firm, S, key, k * stride, j, end, number, most)):
                h, s = tray[i]["key"], tray[i]["row"]
                quality = plain + (1.0 - plain) * uniform(h, Stream.FIT)
                quality *= closeness(firm.segments[k]["needs"] - firm.beliefs[s, k]["needs"], market.tolerance)
                if quality < t.own_cut:
                    continue
                m = firm.patches[M, int(uniform(h, Stream.PATCH) * row["n_patches"])]
                heard = m >= 0 and uniform(h, Stream.READY) < firm.people[m]["reach"]
                ready = theory.marketing.warm if heard else t.own_ready
                if uniform(h, Stream.EXPERIENCE) >= interest(theory, ready):
                    continue
                new = lead.enter(firm, theory, h, NEVER, s, k, Origin.OWN, dice.day)
                lead.find(firm, new, quality, ready, t.own_context)
                lead.find_today(firm, new, dice.day)
                open_deal(firm, theory, dice, new)


@kernel(inline=True)
def plan_calls(firm, theory, dice):
    """Each rep's chance to catch a prospect of the own patch today, and its hours; returns the highest chance."""
    t, market, people, row = theory.selling, theory.market, firm.people, firm.ledger[0]
    team, working, spent, skill = people["team"], people["working"], people["hours"], people["skill"]
    good = theory.decisions.placement * (firm.decisions[Decision.PLACEMENT]["quality"] - 0.5) * theory.rooms.decisions
    day = theory.workload.day_hours
    common = t.own_catch * (1.0 + good) * row["reputation"] * (1.0 + t.urged * row["pressure"])
    common *= (1.0 - market.pull_share) / (1.0 - t.usual_pull)
    common *= 1.0 - theory.marketing.digital * (row["digital"] - 0.5)  # fewer take a call where all else is on a screen
    common *= row["n_s"] / (row["ref_s"] * market_size(market, dice.day))  # a smaller patch is worked harder
    own_share = 1.0 - theory.workforce.blurred * (1.0 - theory.workforce.other_skill)
    craft, most = 0.0, 0.0
    for i in range(row["n_people"]):
        if working[i] == 1 and team[i] == Team.SALES:
            free = max(day - spent[i], t.own_floor * day)
            reaches = 1.0 - exp(-common * skill[i] * own_share * free / day)
            person.reach_out(people, i, reaches)
            most = max(most, reaches)
            craft += hours.take(people, theory, i, t.own_hours * free)
    hours.book(firm.days, dice.day, For.CRAFT, craft)
    return most


@kernel(inline=True)
def tell_marketing(firm, theory, dice, number, where):
    """A lead has ended; the rep tells Marketing how, or not. What is told teaches needs and builds trust."""
    t, row, people = theory.selling, firm.leads[number], firm.people
    if where < 0:
        return
    m, s, key = row["m"], row["s"], row["key"]
    logged = 1.0 if row["flags"] & LOGGED else 0.0
    looped = logged if keeps(people[s]["complies"], Practice.FEEDBACK_LOOP) else 0.0
    metrics = 1.0 if keeps(people[s]["complies"], Practice.SHARED_METRICS) else 0.0
    x = (
        t.feedback
        + t.feedback_trust * (trust_in(firm.ties, theory, where, S) - 0.5)
        - t.feedback_load * (people[s]["load"] - t.feedback_from)
    )
    says = uniform(key, Stream.FEEDBACK) < logistic(x + t.feedback_loop * looped + metrics)
    witness(firm, Item.FEEDBACK, m, s, 1.0 if says else 0.0, 1.0)
    witness(firm, Item.ONE_PIPELINE, m, s, logged if says else 0.0, 1.0)
    if not says:
        return
    lead.mark(firm.leads, number, FED_BACK)
    if theory.rooms.beliefs == 1:
        teach_needs(firm, theory, number)
    tie.rely(firm.ties, theory, where, M, theory.trust.gain * theory.trust.followed, 1.0)


@kernel(inline=True)
def teach_needs(firm, theory, number):
    """Marketing learns from the end of a lead what customers need, if the rep is surer of it."""
    row, b, market = firm.leads[number], firm.beliefs, theory.market
    m, s, k = row["m"], row["s"], row["segment"]
    noise = market.drift_sd * market.drift_sd * theory.selling.feedback_noise / (0.5 + firm.people[m]["language"])
    seen = b[s, k]["needs"] + math.sqrt(noise) * normal(row["key"], Stream.NOISE)
    noise += b[s, k]["needs_var"]
    if noise < b[m, k]["needs_var"]:
        learn_needs(b, m, k, seen, noise)
        witness(firm, Item.SEGMENTS_TOGETHER, m, NEVER, 1.0, 1.0)


@kernel(inline=True)
def chance_to_win(firm, theory, number, joined, error, touches):
    """The chance that an opportunity ends in a contract.

        win fit [1 - w c^2 (1 - context)] (1/2 + ready/2) (knowing the offer) (skill) sqrt(reputation)
            (1 + j c^2 where a marketer joined) (contacts not too many) (not overloaded)
            (product against rivals) (price, as far as no retailer sets it)

    c is the offer's complexity (at most 1), so that what is told and joint work
    pay only where the offer is complex (F06); the square as in `needed`. Of the inverted U of contacts (F52)
    the falling half stands here; that few contacts leave a lead less ready is the other.

    error   how far what the customer was told lies from the offer
    """
    t, market, row, people = theory.selling, theory.market, firm.leads[number], firm.people
    s, k = row["s"], row["segment"]
    complex_enough = min(market.drift_sd, 1.0) * min(market.drift_sd, 1.0)
    chance = t.win * float(row["fit"]) * (0.5 + 0.5 * float(row["ready"]))
    chance *= 1.0 - t.weight_context * complex_enough * (1.0 - float(row["context"]))
    chance *= closeness(error, market.tolerance * t.offer_tolerance)
    chance *= closeness(touches, theory.marketing.fatigue)
    chance *= 1.0 + (t.joint * complex_enough if joined else 0.0)
    chance *= people[s]["skill"] * math.sqrt(firm.ledger[0]["reputation"])
    if people[s]["load"] > 1.0:
        chance *= power(1.0 / people[s]["load"], t.overload)
    product = closeness(firm.segments[k]["needs"] - firm.segments[k]["offer"], market.tolerance)
    rival = firm.segments[k]["rivals"]
    chance *= 1.0 - t.product + 2.0 * t.product * product / (product + rival + t.small)
    if theory.rooms.decisions == 1:
        ours = theory.decisions.price * (1.0 - market.retail)
        chance *= 1.0 + ours * (firm.decisions[Decision.PRICE]["quality"] - 0.5)
    return clip(chance, 0.0, 1.0)


@kernel(inline=True)
def close_deal(firm, theory, dice, number):
    """The opportunity's last day: won or lost, with what each side did for it.

    Returns whether it was won; the customers' room takes it from there.
    """
    t, row = theory.selling, firm.leads[number]
    s, flags = row["s"], row["flags"]
    where = tie_of(firm, number)
    partner = find_partner(firm, number, where)
    if partner >= 0:
        flags = flags | use_material(firm, theory, number, partner)
        if flags & KEY_ACCOUNT:
            flags = flags | join_in(firm, theory, dice, number, partner)
    error = error_about_offer(firm, theory, number, partner, flags)
    growth = power(people_ratio(firm), theory.customers.growth_power)
    known = max(float(row["context"]), firm.ledger[0]["overview"])
    if flags & JOINED and both_keep(firm.people, firm.ties[partner]["m"], s, Practice.KEY_ACCOUNTS):
        known = 1.0  # a key-account team speaks with one voice
    touches = row["touches"] + theory.marketing.uncoordinated * growth * (1.0 - known)
    joined = flags & JOINED != 0
    chance = chance_to_win(firm, theory, number, joined, error, touches)
    if flags & SPECIAL:
        chance = min(chance * (1.0 + theory.customization.gain), 1.0)
    promise = theory.customers.overpromise * (1.0 + pressed(firm, s))
    chance = min(chance * (1.0 + t.promise * promise), 1.0)
    won = uniform(row["key"], Stream.WIN) < chance
    lead.close_deal(firm, number, won, flags, dice.day)
    person.end_deal(firm.people, theory, s, won)
    ledger.expect_wins(firm.ledger, theory, won, flags & SPECIAL != 0)
    if where >= 0 and theory.rooms.trust == 1:
        if won:
            share_success(firm, theory, where, joined)
        else:
            look_for_blame(firm, theory, dice, number, where)
    tell_marketing(firm, theory, dice, number, where)
    return won


@kernel(inline=True)
def find_partner(firm, number, where):
    """The tie over which Marketing helps with a deal: that of the lead, or one of the rep's own; -1 without any."""
    people, s = firm.people, firm.leads[number]["s"]
    n = people[s]["n_ties"]
    if where >= 0 or n == 0:
        return where
    return firm.links[people[s]["first"] + int(uniform(firm.leads[number]["key"], Stream.ROUTE) * n)]["tie"] + 0


@kernel(inline=True)
def use_material(firm, theory, number, partner):
    """Whether the rep uses Marketing's material: returns the flag or 0."""
    t, row = theory.selling, firm.leads[number]
    helper, s = firm.ties[partner]["m"], row["s"]
    trust, context = trust_in(firm.ties, theory, partner, S), float(row["context"])
    x = t.material + t.material_trust * (needed(theory, trust) - 0.5) + needed(theory, context) * 0.5
    used = uniform(row["key"], Stream.MATERIAL) < logistic(x)
    witness(firm, Item.MATERIAL, helper, s, 1.0 if used else 0.0, 1.0)
    return MATERIAL if used else 0


@kernel(inline=True)
def error_about_offer(firm, theory, number, partner, flags):
    """How far what the customer is told lies from the offer: the rep's belief, and the marketer's where it is used."""
    b, k, s = firm.beliefs, firm.leads[number]["segment"], firm.leads[number]["s"]
    offer = firm.segments[k]["offer"]
    if not flags & MATERIAL:
        return offer - b[s, k]["offer"]
    helper, small = firm.ties[partner]["m"], theory.selling.small
    w_s, w_m = 1.0 / (b[s, k]["offer_var"] + small), 1.0 / (b[helper, k]["offer_var"] + small)
    return offer - (w_s * b[s, k]["offer"] + w_m * b[helper, k]["offer"]) / (w_s + w_m)


@kernel(inline=True)
def join_in(firm, theory, dice, number, partner):
    """Whether a marketer joins in an important deal, as one of a team or unasked: returns the flag or 0.

    Unasked the more readily where both are rewarded for the same result.
    """
    t, row, people, ties = theory.selling, firm.leads[number], firm.people, firm.ties
    helper, s = ties[partner]["m"], row["s"]
    words = language.common(people, helper, s)
    trust = both(trust_in(ties, theory, partner, S), trust_in(ties, theory, partner, M))
    chance = t.join * words * trust * ties[partner]["ease"] * theory.rooms.informal
    if keeps_willingly(people, helper, Practice.SHARED_METRICS) and keeps_willingly(people, s, Practice.SHARED_METRICS):
        chance = both(min(chance, 1.0), 1.0)
    team = both_keep(people, helper, s, Practice.KEY_ACCOUNTS)
    if team:
        chance += (1.0 - chance) * t.join_team * min(both(words, 1.0) * trust, 1.0)
    joined = uniform(row["key"], Stream.JOINT) < chance and hours.has_time(people, theory, helper)
    if joined:
        hours.spend(firm, theory, dice.day, helper, t.joint_hours * theory.rooms.workload, For.MEETING)
        if not team:
            talk.work_unasked(firm, dice.day)
    briefed = joined and (float(row["context"]) > t.briefed or team)
    witness(firm, Item.MARKETERS_IN_DEALS, helper, s, 1.0 if joined else 0.0, 1.0)
    witness(firm, Item.KEY_STRATEGY, helper, s, 1.0 if briefed else 0.0, 1.0)
    return JOINED if joined else 0


@kernel(inline=True)
def share_success(firm, theory, where, joined):
    """A deal was won: both sides saw the other's part in it; who worked on it together likes each other more."""
    gain = theory.trust.gain * nearness(firm, theory, where)
    tie.rely(firm.ties, theory, where, S, gain * 0.5, 1.0)
    tie.rely(firm.ties, theory, where, M, gain * 0.5, 1.0)
    if joined:
        tie.warm(firm.ties, theory, where, theory.trust.gain * 2.0, theory.trust.ceiling_joint)


@kernel(inline=True)
def look_for_blame(firm, theory, dice, number, where):
    """A deal was lost: the rep may blame Marketing, like it less, and hold it against it."""
    t, row = theory.selling, firm.leads[number]
    blamed = uniform(row["key"], Stream.BLAME) < chance_to_blame(firm, theory, where)
    witness(firm, Item.NO_BLAME, row["m"], row["s"], 0.0 if blamed else 1.0, 1.0)
    if blamed:
        tie.chill_one(firm.ties, theory, where, S, theory.trust.loss * theory.trust.misunderstood)
        if uniform(row["key"], Stream.COMPLAINT) < t.grievance_lost:
            complain(firm, theory, where, S, dice.day)


@kernel
def grow_skill(firm, theory, dice):
    """Newcomers learn the own craft over a few months, half by themselves and half from mates who sit near (B27).

    rate = (1 + access to team-mates) / 2 / ramp_days

    In one merged department some of those at the next desk are of the other craft.
    """
    if dice.day % int(theory.selling.ramp_step) != 0:
        return
    shown = theory.selling.same_craft if theory.structure.kind == Kind.MERGED else 1.0
    taught = (1.0 + shown * firm.ledger[0]["team_access"]) / 2.0
    rate = (1.0 - exp(-taught / theory.selling.ramp_days)) * theory.selling.ramp_step
    for i in range(firm.ledger[0]["n_people"]):
        if firm.people[i]["working"] == 1:
            person.practise(firm.people, i, rate)
