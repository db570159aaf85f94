"""Follow-up of marketing's leads, own prospecting, opportunities and their end."""

from __future__ import annotations

import math

from sim.model.acts import (
    catch,
    complain,
    enter_lead,
    keeps,
    learnt,
    people_ratio,
    ruled,
    schedule,
    tie_of,
    trust_ms,
    trust_sm,
    witness,
)
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
    Item,
    Origin,
    Practice,
    State,
    Team,
)  # fmt: skip
from sim.model.formulas import both, clip, closeness, lowered, raised
from sim.model.kernel import kernel


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
def code_lead(firm, theory, lead, seen):
    """Both sides say whether a lead is good, in their own words: the audit's seventh statement asks if they agree."""
    ledger, leads, people = firm.ledger, firm.leads, firm.people
    m, s, key = leads[lead]["m"], leads[lead]["s"], leads[lead]["key"]
    language = both(people[m]["language"], people[s]["language"])
    agreed = language
    agreed = max(agreed, theory.selling.defined * ruled(firm, people[m]["complies"]))
    for_m = (
        float(leads[lead]["fit"]) + theory.selling.coding * (1.0 - agreed) * normal(key, Stream.CODED)
        >= theory.selling.good
    )
    for_s = seen >= theory.selling.good
    if for_m and for_s:
        ledger[0]["yes_yes"] += 1.0
    elif for_m:
        ledger[0]["yes_no"] += 1.0
    elif for_s:
        ledger[0]["no_yes"] += 1.0
    else:
        ledger[0]["no_no"] += 1.0
    people[m]["saw"] |= 1 << Item.VOCABULARY
    people[s]["saw"] |= 1 << Item.VOCABULARY


@kernel(inline=True)
def take_lead(firm, theory, dice, lead):
    """A lead reaches a salesperson, who tries it, sends it back with a reason, or leaves it lying.

    Returns 1 when it became an opportunity, 2 when it was sent back, else 0.
    """
    t, leads, people, ties, today = theory.selling, firm.leads, firm.people, firm.ties, firm.days
    m, s, key, day = leads[lead]["m"], leads[lead]["s"], leads[lead]["key"], dice.day
    fit, context = float(leads[lead]["fit"]), float(leads[lead]["context"])
    tie = tie_of(firm, lead)
    t_sm = trust_sm(firm, theory, tie) if tie >= 0 else people[s]["attitude"]
    language = both(people[m]["language"], people[s]["language"])
    seen = fit + t.seen_noise * (1.0 - t.told_clear * context) * normal(key, Stream.SEEN)
    code_lead(firm, theory, lead, seen)
    rules = ruled(firm, people[s]["complies"])
    metrics = 1.0 if keeps(people[s]["complies"], Practice.SHARED_METRICS) else 0.0
    experience = clip((people[s]["skill"] - 0.5) * 2.0, 0.0, 1.0)
    chance = chance_of_follow_up(
        theory,
        needed(theory, t_sm),
        seen,
        needed(theory, context),
        people[s]["load"],
        experience,
        rules,
        metrics,
        firm.ledger[0]["pressure"],
    )
    if uniform(key_for(key, leads[lead]["returned"]), Stream.FOLLOW) >= chance:
        logged = 1.0 if leads[lead]["flags"] & LOGGED else 0.0
        back = t.back_base + t.back_trust * (t_sm - 0.5) + t.back_rules * rules
        back += t.back_logged * logged + t.back_language * (language - t.back_from)
        if leads[lead]["returned"] == 0 and uniform(key, Stream.RETURN) < logistic(back):
            people[s]["hours"] += t.back_hours
            today[day]["hours_leads"] += t.back_hours
            today[day]["returned"] += 1.0
            people[m]["trouble"] += t.felt * (t.back_trouble - people[m]["trouble"])
            leads[lead]["state"] = State.RETURNED
            leads[lead]["returned"] = 1
            witness(firm, Item.FEEDBACK, m, s, 1.0, 1.0)
            return 2
        today[day]["ignored"] += 1.0
        leads[lead]["state"] = State.LOST
        leads[lead]["fate"] = Fate.IGNORED
        leads[lead]["ended"] = day
        people[m]["trouble"] += t.felt * (1.0 - people[m]["trouble"])
        people[s]["trouble"] += t.felt * ((1.0 if seen < t.glance else 0.0) - people[s]["trouble"])
        witness(firm, Item.FEEDBACK, m, NEVER, 0.0, 1.0)
        witness(firm, Item.ONE_PIPELINE, m, s, 0.0, 1.0)
        if logged == 0.0:
            firm.ledger[0]["forecast"] += theory.selling.hoped * firm.ledger[0]["usual_win"]
        if tie >= 0 and theory.rooms.trust == 1:
            weight = theory.trust.loss * theory.trust.ignored * (1.0 + rules)
            ties[tie]["cog_ms"] = lowered(ties[tie]["cog_ms"], weight)
            if uniform(key, Stream.BLAME) < theory.conflict.ignored * (1.0 - trust_ms(firm, theory, tie)):
                complain(firm, theory, tie, False, day)
        return 0
    if leads[lead]["tried"] < 0:
        leads[lead]["tried"] = day
        today[day]["followed"] += 1.0
    people[s]["hours"] += t.lead_hours
    today[day]["hours_leads"] += t.lead_hours
    people[m]["trouble"] -= t.felt * people[m]["trouble"]
    ready = float(leads[lead]["ready"])
    if people[s]["load"] > t.load_from:
        ready *= math.exp(-t.late * (people[s]["load"] - t.load_from))
    leads[lead]["ready"] = ready
    good = fit >= t.good
    people[s]["trouble"] += t.felt * ((0.0 if good else 1.0) - people[s]["trouble"])
    if tie >= 0 and theory.rooms.trust == 1:
        near = 1.0 - theory.trust.thought_worlds * (1.0 - language)
        ties[tie]["cog_ms"] = raised(ties[tie]["cog_ms"], theory.trust.gain * theory.trust.followed * near, 1.0)
        if good:
            ties[tie]["cog_sm"] = raised(ties[tie]["cog_sm"], theory.trust.gain * near, 1.0)
        else:
            ties[tie]["cog_sm"] = lowered(ties[tie]["cog_sm"], theory.trust.loss * theory.trust.bad_lead)
            blame = t.blame * (1.0 - t_sm) * (1.0 - t.blame_rules * rules) * (1.0 - t.blame_metrics * metrics)
            blamed = uniform(key, Stream.BLAME) < blame
            witness(firm, Item.NO_BLAME, m, s, 0.0 if blamed else 1.0, 1.0)
            if blamed and uniform(key, Stream.COMPLAINT) < t.grievance_bad:
                complain(firm, theory, tie, True, day)
    interest = t.interest * fit * (t.cold + (1.0 - t.cold) * ready)
    if uniform(key, Stream.EXPERIENCE) >= interest:
        leads[lead]["state"] = State.LOST
        leads[lead]["fate"] = Fate.NOT_INTERESTED if good else Fate.BAD_LEAD
        leads[lead]["ended"] = day
        tell_marketing(firm, theory, dice, lead, tie)
        return 0
    open_deal(firm, theory, dice, lead)
    return 1


@kernel(inline=True)
def open_deal(firm, theory, dice, lead):
    """A lead becomes an opportunity: several meetings over a lognormal cycle (B10)."""
    market, leads, s, key = theory.market, firm.leads, firm.leads[lead]["s"], firm.leads[lead]["key"]
    if theory.rooms.customization == 1:
        t = theory.customization
        asks = t.asked * (1.0 - float(leads[lead]["fit"])) * (1.0 + firm.ledger[0]["pressure"])
        if uniform(key, Stream.SPECIAL) < asks and (t.approval == 0 or firm.ledger[0]["special_deals"] <= t.limit):
            leads[lead]["flags"] = leads[lead]["flags"] | SPECIAL
    cycle = market.cycle_days * math.exp(market.cycle_sd * normal(key, Stream.CYCLE))
    if leads[lead]["flags"] & SPECIAL and theory.customization.approval == 1:
        cycle += theory.customization.approval_days
    days = int(clip(cycle, 1.0, theory.selling.longest))
    leads[lead]["state"] = State.OPPORTUNITY
    leads[lead]["opened"] = dice.day
    firm.people[s]["open_deals"] += 1
    firm.days[dice.day]["opportunities"] += 1.0
    firm.ledger[0]["forecast"] += firm.ledger[0]["usual_win"]
    firm.ledger[0]["open_deals"] += 1
    schedule(firm, lead, dice.day + days)


@kernel
def prospect(firm, theory, dice):
    """Salespeople call on prospects of their own patch, in the time they have and never less than a floor.

    Own deals are not crowded out by marketing's leads: the floor of hours sees
    to that (model.md, P7). The fit is as good as the rep's own picture of needs.
    """
    t, market, ledger, people, leads = theory.selling, theory.market, firm.ledger, firm.people, firm.leads
    n_segments, tray = len(firm.segments), firm.tray
    team, working, hours, reach, skill = (
        people["team"],
        people["working"],
        people["hours"],
        people["reach"],
        people["skill"],
    )
    good = theory.decisions.placement * (firm.decisions[Decision.PLACEMENT]["quality"] - 0.5) * theory.rooms.decisions
    day = theory.workload.day_hours
    common = t.own_catch * (1.0 + good) * ledger[0]["reputation"] * (1.0 + t.urged * ledger[0]["pressure"])
    common *= (1.0 - market.pull_share) / (1.0 - t.usual_pull)
    own_share = 1.0 - theory.workforce.blurred * (1.0 - theory.workforce.other_skill)
    craft, most = 0.0, 0.0
    for i in range(ledger[0]["n_people"]):
        if working[i] == 1 and team[i] == Team.SALES:
            free = max(day - hours[i], t.own_floor * day)
            reach[i] = 1.0 - math.exp(-common * skill[i] * own_share * free / day)
            most = max(most, reach[i])
            hours[i] += t.own_hours * free
            craft += t.own_hours * free
    firm.days[dice.day]["hours_craft"] += craft
    key = key_of(dice.seed, Stream.OWN_CATCH, dice.day)
    number = int(ledger[0]["ref_s"] * market.own_list * market.size / n_segments + share(key))
    stride = max(theory.marketing.numbers, number)
    for k in range(n_segments):
        for j in range(0, number, AT_ONCE):
            end = min(j + AT_ONCE, number)
            for i in range(catch(firm, Team.SALES, key, k * stride, j, end, number, most)):
                h, s = tray[i]["key"], tray[i]["row"]
                quality = theory.marketing.plain_fit + (1.0 - theory.marketing.plain_fit) * uniform(h, Stream.FIT)
                quality *= closeness(firm.segments[k]["needs"] - firm.beliefs[s, k]["needs"], market.tolerance)
                if quality < t.own_cut:
                    continue
                lead = enter_lead(firm, theory, h, NEVER, s, k, Origin.OWN, dice.day)
                leads[lead]["fit"] = quality
                leads[lead]["ready"] = t.own_ready
                leads[lead]["context"] = t.own_context
                leads[lead]["tried"] = dice.day
                firm.days[dice.day]["own_opportunities"] += 1.0
                open_deal(firm, theory, dice, lead)


@kernel(inline=True)
def tell_marketing(firm, theory, dice, lead, tie):
    """A lead has ended; the rep tells Marketing how, or not. What is told teaches needs and builds trust."""
    t, leads, people = theory.selling, firm.leads, firm.people
    if tie < 0:
        return
    m, s, key = leads[lead]["m"], leads[lead]["s"], leads[lead]["key"]
    logged = 1.0 if leads[lead]["flags"] & LOGGED else 0.0
    looped = logged if keeps(people[s]["complies"], Practice.FEEDBACK_LOOP) else 0.0
    metrics = 1.0 if keeps(people[s]["complies"], Practice.SHARED_METRICS) else 0.0
    x = (
        t.feedback
        + t.feedback_trust * (trust_sm(firm, theory, tie) - 0.5)
        - t.feedback_load * (people[s]["load"] - t.feedback_from)
    )
    told = uniform(key, Stream.FEEDBACK) < logistic(x + t.feedback_loop * looped + metrics)
    witness(firm, Item.FEEDBACK, m, s, 1.0 if told else 0.0, 1.0)
    witness(firm, Item.ONE_PIPELINE, m, s, logged if told else 0.0, 1.0)
    if not told:
        return
    leads[lead]["flags"] = leads[lead]["flags"] | FED_BACK
    if theory.rooms.beliefs == 1:
        k, b = leads[lead]["segment"], firm.beliefs
        noise = theory.market.drift_sd * theory.market.drift_sd * t.feedback_noise / (0.5 + people[m]["language"])
        seen = b[s, k]["needs"] + math.sqrt(noise) * normal(key, Stream.NOISE)
        noise += b[s, k]["needs_var"]
        before = b[m, k]["needs_var"]
        if noise < before:
            mean, var = learnt(b[m, k]["needs"], before, seen, noise)
            b[m, k]["needs"] = mean
            b[m, k]["needs_var"] = var
            witness(firm, Item.SEGMENTS_TOGETHER, m, NEVER, 1.0, 1.0)
    if theory.rooms.trust == 1:
        gain = theory.trust.gain * theory.trust.followed
        firm.ties[tie]["cog_ms"] = raised(firm.ties[tie]["cog_ms"], gain, 1.0)


@kernel(inline=True)
def chance_to_win(firm, theory, lead, joined, material_error, touches):
    """The chance that an opportunity ends in a contract.

        win fit [1 - w c (1 - context)] (1/2 + ready/2) (knowing the offer) (skill) sqrt(reputation)
            (1 + j c where a marketer joined) (contacts not too many) (not overloaded)
            (product against rivals) (price)

    c is the offer's complexity (at most 1), so that what is told and joint work
    pay only where the offer is complex (F06). Of the inverted U of contacts (F52)
    the falling half stands here; that few contacts leave a lead less ready is the other.
    """
    t, market, leads, people, ledger = theory.selling, theory.market, firm.leads, firm.people, firm.ledger
    s, k = leads[lead]["s"], leads[lead]["segment"]
    complexity = min(market.drift_sd, 1.0)
    chance = t.win * float(leads[lead]["fit"]) * (0.5 + 0.5 * float(leads[lead]["ready"]))
    chance *= 1.0 - t.weight_context * complexity * (1.0 - float(leads[lead]["context"]))
    chance *= closeness(material_error, market.tolerance * t.offer_tolerance)
    chance *= closeness(touches, theory.marketing.fatigue)
    chance *= 1.0 + (t.joint * complexity if joined else 0.0)
    chance *= people[s]["skill"] * math.sqrt(ledger[0]["reputation"])
    if people[s]["load"] > 1.0:
        chance *= math.pow(1.0 / people[s]["load"], t.overload)
    product = closeness(firm.segments[k]["needs"] - firm.segments[k]["offer"], market.tolerance)
    rival = firm.segments[k]["rivals"]
    chance *= 1.0 - t.product + 2.0 * t.product * product / (product + rival + t.small)
    if theory.rooms.decisions == 1:
        chance *= 1.0 + theory.decisions.price * (firm.decisions[Decision.PRICE]["quality"] - 0.5)
    return clip(chance, 0.0, 1.0)


@kernel(inline=True)
def close_deal(firm, theory, dice, lead):
    """The opportunity's last day: won or lost, with what each side did for it.

    Returns whether it was won; the customers' room takes it from there.
    """
    t, leads, people, ties, today = theory.selling, firm.leads, firm.people, firm.ties, firm.days
    m, s, key, day = leads[lead]["m"], leads[lead]["s"], leads[lead]["key"], dice.day
    people[s]["open_deals"] -= 1
    firm.ledger[0]["open_deals"] -= 1
    tie = tie_of(firm, lead)
    flags, k = leads[lead]["flags"], leads[lead]["segment"]
    context = float(leads[lead]["context"])
    joined, used = False, False
    error = firm.segments[k]["offer"] - firm.beliefs[s, k]["offer"]
    partner = tie
    if tie < 0 and people[s]["n_ties"] > 0:
        n = people[s]["n_ties"]
        partner = firm.links[people[s]["first"] + int(uniform(key, Stream.ROUTE) * n)]["tie"]
    if partner >= 0:
        helper = ties[partner]["m"]
        t_sm, t_ms = trust_sm(firm, theory, partner), trust_ms(firm, theory, partner)
        language = both(people[helper]["language"], people[s]["language"])
        used = uniform(key, Stream.MATERIAL) < logistic(
            t.material + t.material_trust * (needed(theory, t_sm) - 0.5) + needed(theory, context) * 0.5
        )
        if used:
            b = firm.beliefs
            w_s, w_m = 1.0 / (b[s, k]["offer_var"] + t.small), 1.0 / (b[helper, k]["offer_var"] + t.small)
            error = firm.segments[k]["offer"] - (w_s * b[s, k]["offer"] + w_m * b[helper, k]["offer"]) / (w_s + w_m)
            flags = flags | MATERIAL
        witness(firm, Item.MATERIAL, helper, s, 1.0 if used else 0.0, 1.0)
        if flags & KEY_ACCOUNT:
            chance = t.join * language * both(t_sm, t_ms) * ties[partner]["ease"]
            team = keeps(people[helper]["complies"], Practice.KEY_ACCOUNTS) and keeps(
                people[s]["complies"], Practice.KEY_ACCOUNTS
            )
            if team:
                works = both(language, 1.0) * both(t_sm, t_ms)
                chance += (1.0 - chance) * t.join_team * min(works, 1.0)
            joined = uniform(key, Stream.JOINT) < chance
            if joined:
                flags = flags | JOINED
                people[helper]["hours"] += t.joint_hours * theory.rooms.workload
                today[day]["hours_meeting"] += t.joint_hours * theory.rooms.workload
                if not team:
                    today[day]["informal"] += 1.0
            witness(firm, Item.MARKETERS_IN_DEALS, helper, s, 1.0 if joined else 0.0, 1.0)
            told = joined and (context > t.briefed or team)
            witness(firm, Item.KEY_STRATEGY, helper, s, 1.0 if told else 0.0, 1.0)
    growth = math.pow(people_ratio(firm), theory.customers.growth_power)
    touches = leads[lead]["touches"] + theory.marketing.uncoordinated * growth * (
        1.0 - max(context, firm.ledger[0]["overview"])
    )
    chance = chance_to_win(firm, theory, lead, joined, error, touches)
    if flags & SPECIAL:
        chance = min(chance * (1.0 + theory.customization.gain), 1.0)
    promise = theory.customers.overpromise * (1.0 + firm.ledger[0]["pressure"])
    chance = min(chance * (1.0 + t.promise * promise), 1.0)
    won = uniform(key, Stream.WIN) < chance
    leads[lead]["flags"] = flags
    leads[lead]["ended"] = day
    leads[lead]["state"] = State.WON if won else State.LOST
    leads[lead]["fate"] = Fate.WON if won else Fate.DEAL_LOST
    people[s]["lost_deals"] += t.felt * ((0.0 if won else 1.0) - people[s]["lost_deals"])
    firm.ledger[0]["usual_win"] += t.felt_firm * ((1.0 if won else 0.0) - firm.ledger[0]["usual_win"])
    people[s]["skill"] += (1.0 - people[s]["skill"]) * t.learning
    firm.ledger[0]["special_deals"] += t.felt * ((1.0 if flags & SPECIAL else 0.0) - firm.ledger[0]["special_deals"])
    if won:
        today[day]["won"] += 1.0
        people[s]["won_month"] += 1
        if m < 0:
            today[day]["own_won"] += 1.0
    else:
        today[day]["lost"] += 1.0
    if tie >= 0 and theory.rooms.trust == 1:
        near = 1.0 - theory.trust.thought_worlds * (1.0 - both(people[m]["language"], people[s]["language"]))
        if won:
            gain = theory.trust.gain * near
            ties[tie]["cog_sm"] = raised(ties[tie]["cog_sm"], gain * 0.5, 1.0)
            ties[tie]["cog_ms"] = raised(ties[tie]["cog_ms"], gain * 0.5, 1.0)
            if joined:
                ties[tie]["aff_sm"] = raised(ties[tie]["aff_sm"], theory.trust.gain * 2.0, theory.trust.ceiling_joint)
                ties[tie]["aff_ms"] = raised(ties[tie]["aff_ms"], theory.trust.gain * 2.0, theory.trust.ceiling_joint)
        else:
            rules = ruled(firm, people[s]["complies"])
            metrics = 1.0 if keeps(people[s]["complies"], Practice.SHARED_METRICS) else 0.0
            blame = (
                t.blame
                * (1.0 - trust_sm(firm, theory, tie))
                * (1.0 - t.blame_rules * rules)
                * (1.0 - t.blame_metrics * metrics)
            )
            blamed = uniform(key, Stream.BLAME) < blame
            witness(firm, Item.NO_BLAME, m, s, 0.0 if blamed else 1.0, 1.0)
            if blamed:
                ties[tie]["aff_sm"] = lowered(ties[tie]["aff_sm"], theory.trust.loss * theory.trust.misunderstood)
                if uniform(key, Stream.COMPLAINT) < t.grievance_lost:
                    complain(firm, theory, tie, True, day)
    tell_marketing(firm, theory, dice, lead, tie)
    return won


@kernel
def grow_skill(firm, theory, dice):
    """Newcomers learn the own craft over a few months (B27); everybody's skill nears 1."""
    people = firm.people
    if dice.day % int(theory.selling.ramp_step) != 0:
        return
    rate = (1.0 - math.exp(-1.0 / theory.selling.ramp_days)) * theory.selling.ramp_step
    for i in range(firm.ledger[0]["n_people"]):
        if people[i]["working"] == 1:
            people[i]["skill"] = raised(people[i]["skill"], rate, 1.0)
