"""What people do together: the acts of kept practices, and joint work that nobody decreed."""

from __future__ import annotations

from sim.model.dice import Stream, key_for, key_of, normal, share, uniform
from sim.model.firm import AT_ONCE, MONTH, NEVER, For, Item, M, Practice, S, Team
from sim.model.formulas import both, clip, raised
from sim.model.kernel import fetch, kernel
from sim.model.theory import Brief, Kind
from sim.model.things import evidence, grievance, head, hours, language, person, talk, tie
from sim.model.things.belief import observe_needs, observe_offer, tell_each_other
from sim.model.things.evidence import cite, witness
from sim.model.things.practice import both_keep, keeps, kept
from sim.model.things.tie import fondness, least_trust, more_familiar, trust_in


@kernel(inline=True)
def think_of_ties(firm, key, begin, end, most):
    """Lay out on the tray, in their order, those of the people begin..end whose luck is below `most`, each with one of
    the own ties and how readily joint acts take place on it; returns how many.

    One draw gives both: its lowest bits pick three ties, of which the most familiar comes to mind. People are AT_ONCE
    at most.
    """
    tray, people, links, laid = firm.tray, firm.people, firm.links, 0
    for i in range(begin, end):
        if people[i]["n_ties"] == 0 or people[i]["working"] == 0:
            continue
        h = key_for(key, people[i]["seat"])
        luck = share(h)
        tray[laid]["key"] = h
        tray[laid]["luck"] = luck
        tray[laid]["row"] = i
        if luck < most:
            laid += 1
    for k in range(laid):
        i = tray[k]["row"]
        link = more_familiar(firm, people[i]["first"], people[i]["n_ties"], tray[k]["key"])
        tray[k]["tie"] = links[link]["tie"]
        tray[k]["worth"] = links[link]["ease"]
    return laid


@kernel
def keep_practices(firm, theory, dice):
    """Those who keep a practice do its acts: meetings, events, planning, reviews, stints with the other team.

    One draw a person decides whether and which (its bands), so at most one act
    a day. Every act needs the other side to keep the practice too, takes place
    as readily as distance and cost allow (`ease`), and costs both sides hours.
    """
    if theory.rooms.practices == 0:
        return
    t, people, ties, tray = theory.practices, firm.people, firm.ties, firm.tray
    complies = people["complies"]
    key = key_of(dice.seed, Stream.ACT, dice.day)
    most = t.rate_meetings + t.rate_events + t.rate_planning + t.rate_reviews + t.rate_stints
    n_people = firm.ledger[0]["n_people"]
    for begin in range(0, n_people, AT_ONCE):
        called = 0
        for k in range(think_of_ties(firm, key, begin, min(begin + AT_ONCE, n_people), most * t.most_ease)):
            u, i, where = tray[k]["luck"], tray[k]["row"], tray[k]["tie"]
            ease = min(tray[k]["worth"], t.most_ease)
            tray[called]["luck"] = u
            tray[called]["worth"] = ease
            tray[called]["row"] = i
            tray[called]["tie"] = where
            if (u < most * ease) & (complies[i] != 0):
                called += 1
        for k in range(called):
            fetch(ties, tray[k]["tie"])
        for k in range(called):
            i, where = tray[k]["row"], tray[k]["tie"]
            q = act_of(t, tray[k]["luck"] / tray[k]["worth"])
            if both_keep(people, ties[where]["m"], ties[where]["s"], q) and both_have_time(firm, theory, where):
                do_act(firm, theory, dice, q, where, people[i]["seat"])


@kernel(inline=True)
def both_have_time(firm, theory, where):
    """Whether the two people of a tie can take up one thing more today."""
    people, ties = firm.people, firm.ties
    return hours.has_time(people, theory, ties[where]["m"]) and hours.has_time(people, theory, ties[where]["s"])


@kernel
def act_of(t, u):
    """Which practice's act a draw calls for: its bands are the acts' rates.

    t   theory.practices
    """
    edge = t.rate_meetings
    if u < edge:
        return Practice.MEETINGS + 0
    edge = edge + t.rate_events
    if u < edge:
        return Practice.EVENTS + 0
    edge = edge + t.rate_planning
    if u < edge:
        return Practice.JOINT_PLANNING + 0
    edge = edge + t.rate_reviews
    if u < edge:
        return Practice.SHARED_METRICS + 0
    return Practice.ROTATION + 0


@kernel
def do_act(firm, theory, dice, q, where, seat):
    """One act of a practice on one tie, asked for from a seat.

    How much of it works (0..1) depends on how many of the two are willing.
    """
    t, people = theory.practices, firm.people
    m, s = firm.ties[where]["m"], firm.ties[where]["s"]
    entity = seat * theory.contact.numbers + theory.contact.act_slot
    willing = 1.0
    for i in (m, s):
        if not keeps(people[i]["willing"], q):
            willing -= t.unwilling * 0.5
    spent = firm.ties[where]["hours"] * theory.rooms.workload
    if q == Practice.MEETINGS:
        spent *= 1.0 - 0.5 * theory.communication.agenda
    elif q == Practice.SHARED_METRICS:
        spent *= 0.5  # figures are looked at in half of a talk, agreed or not
    elif q == Practice.ROTATION:
        spent = t.stint_hours * theory.rooms.workload
    hours.spend_both(firm, theory, dice.day, m, s, spent, For.MEETING)
    if q != Practice.MEETINGS:
        talk.work_agreed(firm, dice.day)
    luck = uniform(key_of(dice.seed, Stream.ACT_WORKS, dice.day), entity)
    words = language.common(people, m, s)
    trust = trust_between(firm, theory, where)
    if q == Practice.MEETINGS:
        if hold_meeting(firm, theory, dice, where, luck, willing, entity):
            return  # a quarrel is over when it is over
    elif q == Practice.EVENTS:
        if luck < willing * both(trust, 1.0):
            hold_event(firm, theory, where, willing)
    elif q == Practice.JOINT_PLANNING:
        understood = luck < willing * (t.plan_base + both(words, 1.0) * trust)
        plan_together(firm, theory, dice, where, understood, 1.0, entity)
    elif q == Practice.SHARED_METRICS:
        chance = willing * (t.review_base + (1.0 - t.review_base) * words)
        review(firm, theory, where, luck < chance, True)
        if luck < chance * t.funnel_changes:
            learn_from_figures(firm, theory, dice, m, entity)
    else:
        stint(firm, theory, dice, where, willing, entity)
    if luck > 1.0 - t.act_spoils * (1.0 - willing):
        tie.chill(firm.ties, theory, where, theory.trust.loss)


@kernel(inline=True)
def trust_between(firm, theory, where):
    """What two people trust each other: the geometric mean of both sides."""
    return both(trust_in(firm.ties, theory, where, M), trust_in(firm.ties, theory, where, S))


@kernel
def hold_meeting(firm, theory, dice, where, luck, willing, entity):
    """A meeting: about a grievance, unless the agenda forbids it, or an exchange. Returns whether it was a quarrel.

    It teaches as far as the two want the same: what they feel part of, and more where they are judged by the same
    measures (F31), which does little for people who feel part of their function alone (F33).
    """
    t, people, ties = theory.practices, firm.people, firm.ties
    m, s = ties[where]["m"], ties[where]["s"]
    words, trust = language.common(people, m, s), trust_between(firm, theory, where)
    off_agenda = uniform(key_of(dice.seed, Stream.SUBJECT, dice.day), entity) >= theory.communication.agenda
    dispute = grievance.is_open(ties, where) and off_agenda
    talk.take_place(firm, dice.day, where, dispute)
    if dispute:
        if luck < grievance.chance_to_settle(theory, least_trust(ties, theory, where), words):
            grievance.settle(firm, where, dice.day)
        return True
    tie.know_each_other(ties, theory, where)
    goals = both(people[m]["identification"], people[s]["identification"])
    if both_keep(people, m, s, Practice.SHARED_METRICS):
        goals = raised(goals, goals, 1.0)
    if luck < willing * goals * (t.meet_base + t.meet_language * words + t.meet_trust * trust):
        tie.understand(firm, where, dice.day)
        gain = tell_each_other(firm, theory, dice, m, s, words, entity)
        cite(firm, m, s, gain)
        language.share_words(people, theory, m, s, theory.language.gain, theory.language.ceiling_meeting)
        tie.warm(ties, theory, where, theory.trust.gain * theory.trust.talk, theory.trust.ceiling_meeting)
    return False


@kernel
def hold_event(firm, theory, where, willing):
    """A joint event that works: people get to know each other and train together, which teaches some words."""
    people, ties, trained = firm.people, firm.ties, theory.practices.event_training
    m, s = ties[where]["m"], ties[where]["s"]
    tie.know_each_other(ties, theory, where)
    language.share_words(people, theory, m, s, theory.language.gain * 0.5 * trained, theory.language.ceiling_meeting)
    tie.warm(ties, theory, where, theory.trust.gain * theory.trust.talk, theory.trust.ceiling_meeting)
    evidence.train(people, m, s, trained * willing)


@kernel
def plan_together(firm, theory, dice, where, understood, ceilings, entity):
    """Two people plan and train together: understood, it builds language and trust and tells each of the other's truth.

    The words are taught by the hours of training in it.

    ceilings   0..1, what it can build, against agreed planning
    """
    t, people, ties = theory.practices, firm.people, firm.ties
    m, s = ties[where]["m"], ties[where]["s"]
    if not understood:
        tie.chill(ties, theory, where, theory.trust.loss * theory.trust.misunderstood)
        return
    tie.understand(firm, where, dice.day)
    gain = theory.language.gain * t.plan_training
    language.share_words(people, theory, m, s, gain, theory.language.ceiling_joint * ceilings)
    up, top = theory.trust.gain * theory.trust.talk, theory.trust.ceiling_joint * ceilings
    tie.warm(ties, theory, where, up, top)
    tie.rely(ties, theory, where, M, up * 0.5, top)
    tie.rely(ties, theory, where, S, up * 0.5, top)
    tie.know_each_other(ties, theory, where)
    gain = tell_each_other(firm, theory, dice, m, s, language.common(people, m, s), entity)
    cite(firm, m, s, gain)
    witness(firm, Item.SALES_IN_PLAN, m, s, 1.0, 0.0)
    evidence.both_see(people, m, s, Item.EACH_OTHERS_PLAN)
    evidence.plan(people, m, s)
    evidence.train(people, m, s, t.plan_training)


@kernel
def review(firm, theory, where, taken, formal):
    """Two people look at the same figures; what is understood may change how Marketing works.

    It makes them feel part of one firm the more, the more they did before. What is not understood in an agreed review
    is read as the other's failure by people who feel part of their function alone (F33).
    """
    t, m, s = theory.practices, firm.ties[where]["m"], firm.ties[where]["s"]
    one_firm = both(firm.people[m]["identification"], firm.people[s]["identification"])
    share_common = 1.0 if formal else t.informal_measures
    witness(firm, Item.SAME_MEASURES, m, s, share_common if taken else 0.0, 0.0)
    if taken:
        witness(firm, Item.FUNNEL_STUDIED, m, s, t.funnel_changes * share_common, 0.0)
    elif formal:
        harm = theory.trust.loss * theory.trust.misunderstood * (1.0 - one_firm)
        tie.chill(firm.ties, theory, where, harm)
    if theory.rooms.culture == 1 and taken:
        person.identify_more(firm.people, m, theory.culture.reviewed * one_firm)
        person.identify_more(firm.people, s, theory.culture.reviewed * one_firm)


@kernel
def learn_from_figures(firm, theory, dice, m, entity):
    """Figures that change what Marketing does show it needs, as a piece of its own research would."""
    t, drift = theory.beliefs, theory.market.drift_sd
    segment = int(uniform(key_of(dice.seed, Stream.SUBJECT, dice.day), entity) * len(firm.segments))
    z = normal(key_of(dice.seed, Stream.NOISE, dice.day), 2 * entity)
    if theory.rooms.beliefs == 1:
        observe_needs(firm, m, segment, t.research_noise * drift * drift, z)


@kernel
def stint(firm, theory, dice, where, willing, entity):
    """A stay with the other team: language, field knowledge, respect; a stigma where that team is looked down on."""
    people, ties = firm.people, firm.ties
    m, s = ties[where]["m"], ties[where]["s"]
    evidence.stay(people, m, s)
    gain = theory.language.gain * theory.practices.stint_gain * willing
    language.share_words(people, theory, m, s, gain, theory.language.ceiling_joint)
    up = theory.trust.gain * 2.0 * willing * (1.0 - abs(theory.culture.status_gap))
    tie.warm(ties, theory, where, up, theory.trust.ceiling_joint)
    tie.know_each_other(ties, theory, where)
    noise_key = key_for(key_of(dice.seed, Stream.STINT, dice.day), entity)
    noise = theory.market.drift_sd * theory.market.drift_sd / max(theory.practices.stint_gain, 1.0)
    for k in range(len(firm.segments)):
        observe_needs(firm, m, k, theory.beliefs.field_noise * noise, normal(noise_key, 2 * k))
        observe_offer(firm, s, k, theory.beliefs.craft_noise * noise, normal(noise_key, 2 * k + 1))


@kernel
def work_together(firm, theory, dice):
    """People help each other, plan and look at figures together without being told (nobody decreed it).

    Each person thinks of one tie a day; no joint work while a grievance is open. Each act has causes of its own:

        help     the other's days are fuller than one's own; liking; feeling part of one firm
                 help fondness identification (1/2 + other's load - own load)
        plan     what the two do not know of each other's truth; a common language; heads who trust each other
                 plan ignorance language (least trust of the heads); who is given orders is seldom asked to think along
        review   there are records to look at, and one thinks the other competent
                 review records (cognition-based trust), and nothing where figures are reviewed by agreement anyway

    all times how readily joint acts take place at that distance and cost (ease); for help that is needed, nearness
    beyond the default's adds nothing.
    """
    t, people, ties, tray = theory.practices, firm.people, firm.ties, firm.tray
    if theory.rooms.informal == 0:
        return
    team, records = people["team"], firm.ledger[0]["records"]
    key = key_of(dice.seed, Stream.INFORMAL, dice.day)
    heads = min(firm.heads[0]["trust"], firm.heads[1]["trust"])
    if theory.structure.brief == Brief.ORDERS:
        heads *= 1.0 - theory.structure.deaf
    most = t.unasked_help + t.unasked_plan * heads * t.most_ease + t.unasked_review * records * t.most_ease
    n_people = firm.ledger[0]["n_people"]
    for begin in range(0, n_people, AT_ONCE):
        thought = think_of_ties(firm, key, begin, min(begin + AT_ONCE, n_people), most)
        for k in range(thought):
            fetch(ties, tray[k]["tie"])
        for k in range(thought):
            u, i, where = tray[k]["luck"], tray[k]["row"], tray[k]["tie"]
            if grievance.is_open(ties, where):
                continue
            ease = min(tray[k]["worth"], t.most_ease)
            side = S if team[i] == Team.SALES else M
            other = ties[where]["m"] if side == S else ties[where]["s"]
            slack = clip(0.5 + people[other]["load"] - people[i]["load"], 0.0, 1.0)
            helps = t.unasked_help * fondness(ties, where, side) * people[i]["identification"] * slack
            helps *= min(ease, 1.0)
            reviews = t.unasked_review * records * ties[where]["cog"][side] * ease
            if both_keep(people, ties[where]["m"], ties[where]["s"], Practice.SHARED_METRICS):
                reviews = 0.0
            if u >= helps + t.unasked_plan * heads * ease + reviews:
                continue  # not even two who know nothing of each other would plan
            plans = t.unasked_plan * ignorance(firm, theory, ties[where]["m"], ties[where]["s"]) * heads * ease
            plans *= language.common(people, ties[where]["m"], ties[where]["s"])
            if u >= helps + plans + reviews or not both_have_time(firm, theory, where):
                continue
            talk.work_unasked(firm, dice.day)
            if u < helps:
                help_out(firm, theory, dice, where, side)
            elif u < helps + plans:
                plan_unasked(firm, theory, dice, where, people[i]["seat"])
            else:
                spent = ties[where]["hours"] * theory.rooms.workload
                hours.spend_both(firm, theory, dice.day, ties[where]["m"], ties[where]["s"], spent * 0.5, For.MEETING)
                review(firm, theory, where, True, False)


@kernel(inline=True)
def ignorance(firm, theory, m, s):
    """How much two people do not know of each other's truth (0..1): what the one would learn of needs, the other of
    the offer, as a share of what can be known."""
    b, unknown = firm.beliefs, 0.0
    for k in range(len(firm.segments)):
        unknown += max(b[m, k]["needs_var"] - b[s, k]["needs_var"], 0.0)
        unknown += max(b[s, k]["offer_var"] - b[m, k]["offer_var"], 0.0)
    return min(unknown / (2.0 * len(firm.segments) * theory.market.drift_sd * theory.market.drift_sd), 1.0)


@kernel
def plan_unasked(firm, theory, dice, where, seat):
    """Planning that nobody decreed: understood as far as the two share a language."""
    t, people = theory.practices, firm.people
    m, s = firm.ties[where]["m"], firm.ties[where]["s"]
    entity = seat * theory.contact.numbers + theory.contact.informal_slot
    hours.spend_both(firm, theory, dice.day, m, s, firm.ties[where]["hours"] * theory.rooms.workload, For.MEETING)
    luck = uniform(key_of(dice.seed, Stream.ACT_WORKS, dice.day), entity)
    understood = luck < t.informal_base + (1.0 - t.informal_base) * language.common(people, m, s)
    plan_together(firm, theory, dice, where, understood, t.informal_ceiling, entity)


@kernel
def help_out(firm, theory, dice, where, side):
    """Uncredited hours for the other's task: reciprocated help builds affect-based trust (F45)."""
    ties, by_sales = firm.ties, side == S
    m, s = ties[where]["m"], ties[where]["s"]
    giver, taker = (s, m) if by_sales else (m, s)
    spent = theory.practices.help_hours * theory.rooms.workload
    hours.spend(firm, theory, dice.day, giver, spent, For.MEETING)
    hours.relieve(firm.people, taker, spent * theory.workforce.other_skill)
    returned = tie.help_once(ties, where, by_sales)
    evidence.both_see(firm.people, m, s, Item.RISE_TOGETHER)
    up = theory.trust.gain * (1.0 if returned else 0.5)
    tie.warm_one(ties, theory, where, 1 - side, up, theory.trust.ceiling_joint)


@kernel
def hold_round(firm, theory, dice):
    """Each month the product manager brings every salesperson to one table with a marketer whom he knows (seed 000).

    They tell each other what each knows better, learn each other's words, and like each other more.
    """
    if theory.workforce.product_manager == 0 or dice.day % MONTH != MONTH - 1:
        return
    people, ties, link = firm.people, firm.ties, firm.links["tie"]
    key = key_of(dice.seed, Stream.ROUND, dice.day)
    for s in range(firm.ledger[0]["n_people"]):
        if people[s]["team"] != Team.SALES or people[s]["working"] == 0 or people[s]["n_ties"] == 0:
            continue
        where = link[people[s]["first"] + int(uniform(key, people[s]["seat"]) * people[s]["n_ties"])]
        if not both_have_time(firm, theory, where):
            continue
        m = ties[where]["m"]
        hours.spend_both(firm, theory, dice.day, m, s, ties[where]["hours"] * theory.rooms.workload, For.MEETING)
        talk.work_agreed(firm, dice.day)
        tie.know_each_other(ties, theory, where)
        entity = people[s]["seat"] * theory.contact.numbers + theory.contact.table_slot
        cite(firm, m, s, tell_each_other(firm, theory, dice, m, s, language.common(people, m, s), entity))
        language.share_words(people, theory, m, s, theory.language.gain, theory.language.ceiling_meeting)
        tie.warm(ties, theory, where, theory.trust.gain * theory.trust.talk, theory.trust.ceiling_meeting)


@kernel
def heads_confer(firm, theory, dice):
    """The two heads talk now and then about ideas, sensing and development, and plan ahead.

    They do so as equals: the less one of them has to say, the less there is to talk about. Their trust rises with
    talks that they understand, and begins anew with a new head (`practices.change_heads`). Talks that taught something
    and plans that were understood are what the audit's eighth and eleventh statements ask for.
    """
    t, heads, people, rows = theory.practices, firm.heads, firm.people, firm.practices
    key = key_of(dice.seed, Stream.UPSTREAM, dice.day)
    between = min(heads[0]["trust"], heads[1]["trust"])
    planning, meetings = kept(rows, Practice.JOINT_PLANNING), kept(rows, Practice.MEETINGS)
    chance = t.heads_talk * between * (1.0 + t.heads_meet * meetings + t.heads_plan * planning)
    chance *= 2.0 * min(firm.ledger[0]["power"], 1.0 - firm.ledger[0]["power"])
    if theory.structure.kind == Kind.ONE_CHIEF:
        chance *= 1.0 + theory.structure.chief_talks
    if uniform(key, 0) >= chance:
        return
    words, n = 0.0, 0.0
    for i in range(firm.ledger[0]["n_people"]):
        if people[i]["working"] == 1:
            words += people[i]["language"]
            n += 1.0
    words /= max(n, 1.0)
    c = theory.contact
    if uniform(key, 1) >= c.understood + c.understood_language * words + c.understood_trust * between:
        return
    head.trust_each_other(heads, theory)
    witness(firm, Item.HEADS_TALK, NEVER, NEVER, 1.0, 0.0)
    if uniform(key, 2) < t.heads_ahead * (planning + (1.0 - planning) * between * words):
        witness(firm, Item.HEADS_PLAN, NEVER, NEVER, t.plan_months, 0.0)
