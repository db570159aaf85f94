"""What people do together: the acts of kept practices, and joint work that nobody decreed."""

from __future__ import annotations

from sim.model.acts import (
    cite,
    keeps,
    observe_needs,
    observe_offer,
    tell_each_other,
    think_of_ties,
    trust_ms,
    trust_sm,
    witness,
)
from sim.model.dice import Stream, key_for, key_of, normal, uniform
from sim.model.firm import AT_ONCE, NEVER, Item, Practice, Team
from sim.model.formulas import both, clip, lowered, raised
from sim.model.kernel import fetch, kernel
from sim.model.theory import Kind


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
    complies, team = people["complies"], people["team"]
    key = key_of(dice.seed, Stream.ACT, dice.day)
    most = t.rate_meetings + t.rate_events + t.rate_planning + t.rate_reviews + t.rate_stints
    n_people = firm.ledger[0]["n_people"]
    for begin in range(0, n_people, AT_ONCE):
        called = 0
        for k in range(think_of_ties(firm, key, begin, min(begin + AT_ONCE, n_people), most * t.most_ease)):
            u, i, tie = tray[k]["luck"], tray[k]["row"], tray[k]["tie"]
            ease = min(tray[k]["worth"], t.most_ease)
            tray[called]["luck"] = u
            tray[called]["worth"] = ease
            tray[called]["row"] = i
            tray[called]["tie"] = tie
            if (u < most * ease) & (complies[i] != 0):
                called += 1
        for k in range(called):
            fetch(ties, tray[k]["tie"])
        for k in range(called):
            i, tie = tray[k]["row"], tray[k]["tie"]
            u, bits = tray[k]["luck"] / tray[k]["worth"], complies[i]
            other = ties[tie]["m"] if team[i] == Team.SALES else ties[tie]["s"]
            if u < t.rate_meetings:
                q = Practice.MEETINGS + 0
            elif u < t.rate_meetings + t.rate_events:
                q = Practice.EVENTS + 0
            elif u < t.rate_meetings + t.rate_events + t.rate_planning:
                q = Practice.JOINT_PLANNING + 0
            elif u < t.rate_meetings + t.rate_events + t.rate_planning + t.rate_reviews:
                q = Practice.SHARED_METRICS + 0
            else:
                q = Practice.ROTATION + 0
            if keeps(bits, q) and keeps(complies[other], q):
                willing = 1.0
                if not keeps(people[i]["willing"], q):
                    willing -= t.unwilling * 0.5
                if not keeps(people[other]["willing"], q):
                    willing -= t.unwilling * 0.5
                entity = people[i]["seat"] * theory.contact.numbers + theory.contact.act_slot
                do_act(firm, theory, dice, q, tie, i, willing, entity)


@kernel
def do_act(firm, theory, dice, q, tie, i, willing, entity):
    """One act of a practice on one tie; `willing` 0..1 says how much of it works."""
    t, people, ties, today = theory.practices, firm.people, firm.ties, firm.days
    m, s = ties[tie]["m"], ties[tie]["s"]
    language = both(people[m]["language"], people[s]["language"])
    t_ms, t_sm = trust_ms(firm, theory, tie), trust_sm(firm, theory, tie)
    trust = both(t_ms, t_sm)
    spent = (
        ties[tie]["hours"]
        * theory.rooms.workload
        * (1.0 - 0.5 * theory.communication.agenda * (1.0 if q == Practice.MEETINGS else 0.0))
    )
    if q == Practice.ROTATION:
        spent = t.stint_hours * theory.rooms.workload
    people[m]["hours"] += spent
    people[s]["hours"] += spent
    today[dice.day]["hours_meeting"] += 2.0 * spent
    luck = uniform(key_of(dice.seed, Stream.ACT_WORKS, dice.day), entity)
    up = theory.trust.gain
    talks = theory.language.gain * theory.rooms.language
    feels = up * theory.trust.talk * theory.rooms.trust
    if q == Practice.MEETINGS:
        today[dice.day]["contacts"] += 1.0
        grievance = ties[tie]["complaint_ms"] + ties[tie]["complaint_sm"] > 0.0
        if grievance and uniform(key_of(dice.seed, Stream.SUBJECT, dice.day), entity) >= theory.communication.agenda:
            today[dice.day]["disputes"] += 1.0
            witness(firm, Item.NOT_DISPUTES, m, s, 0.0, 1.0)
            least = min(t_ms, t_sm)
            chance = (
                theory.conflict.settled
                + theory.conflict.settled_trust * least
                + theory.conflict.settled_language * language
            )
            if luck < chance:
                ties[tie]["complaint_ms"] = 0.0
                ties[tie]["complaint_sm"] = 0.0
                today[dice.day]["settled"] += 1.0
            return
        witness(firm, Item.NOT_DISPUTES, m, s, 1.0, 1.0)
        works = willing * (t.meet_base + t.meet_language * language + t.meet_trust * trust)
        ties[tie]["strength"] = raised(ties[tie]["strength"], theory.contact.strength_gain, 1.0)
        if luck < works:
            today[dice.day]["exchanges"] += 1.0
            ties[tie]["exchanged"] += 1.0
            gain = tell_each_other(firm, theory, dice, m, s, language, entity)
            cite(firm, m, s, gain)
            people[m]["language"] = raised(people[m]["language"], talks, theory.language.ceiling_meeting)
            people[s]["language"] = raised(people[s]["language"], talks, theory.language.ceiling_meeting)
            ties[tie]["aff_ms"] = raised(ties[tie]["aff_ms"], feels, theory.trust.ceiling_meeting)
            ties[tie]["aff_sm"] = raised(ties[tie]["aff_sm"], feels, theory.trust.ceiling_meeting)
    elif q == Practice.EVENTS:
        if luck < willing * both(trust, 1.0):
            ties[tie]["strength"] = raised(ties[tie]["strength"], theory.contact.strength_gain, 1.0)
            people[m]["language"] = raised(people[m]["language"], talks * 0.5, theory.language.ceiling_meeting)
            people[s]["language"] = raised(people[s]["language"], talks * 0.5, theory.language.ceiling_meeting)
            ties[tie]["aff_ms"] = raised(ties[tie]["aff_ms"], feels, theory.trust.ceiling_meeting)
            ties[tie]["aff_sm"] = raised(ties[tie]["aff_sm"], feels, theory.trust.ceiling_meeting)
            people[m]["training"] += t.event_training * willing
            people[s]["training"] += t.event_training * willing
            people[m]["saw"] |= 1 << Item.TRAINING
            people[s]["saw"] |= 1 << Item.TRAINING
    elif q == Practice.JOINT_PLANNING:
        plan_together(
            firm, theory, dice, m, s, tie, luck < willing * (t.plan_base + both(language, 1.0) * trust), 1.0, entity
        )
    elif q == Practice.SHARED_METRICS:
        review(firm, theory, dice, m, s, luck < willing * (t.review_base + (1.0 - t.review_base) * language), True)
    else:
        stint(firm, theory, dice, m, s, tie, willing, entity)
    if luck > 1.0 - t.act_spoils * (1.0 - willing) and theory.rooms.trust == 1:
        ties[tie]["aff_sm"] = lowered(ties[tie]["aff_sm"], theory.trust.loss)
        ties[tie]["aff_ms"] = lowered(ties[tie]["aff_ms"], theory.trust.loss)


@kernel
def plan_together(firm, theory, dice, m, s, tie, understood, formal, entity):
    """Two people plan together: understood, it builds language and trust and tells each of the other's truth."""
    t, people, ties = theory.practices, firm.people, firm.ties
    if not understood:
        if theory.rooms.trust == 1:
            down = theory.trust.loss * theory.trust.misunderstood
            ties[tie]["aff_ms"] = lowered(ties[tie]["aff_ms"], down)
            ties[tie]["aff_sm"] = lowered(ties[tie]["aff_sm"], down)
        return
    firm.days[dice.day]["exchanges"] += 1.0
    ties[tie]["exchanged"] += 1.0
    ceiling_l = theory.language.ceiling_joint if formal > 0.0 else theory.language.ceiling_joint * t.informal_ceiling
    ceiling_t = theory.trust.ceiling_joint if formal > 0.0 else theory.trust.ceiling_joint * t.informal_ceiling
    if theory.rooms.language == 1:
        people[m]["language"] = raised(people[m]["language"], theory.language.gain, ceiling_l)
        people[s]["language"] = raised(people[s]["language"], theory.language.gain, ceiling_l)
    if theory.rooms.trust == 1:
        up = theory.trust.gain * theory.trust.talk
        ties[tie]["aff_ms"] = raised(ties[tie]["aff_ms"], up, ceiling_t)
        ties[tie]["aff_sm"] = raised(ties[tie]["aff_sm"], up, ceiling_t)
        ties[tie]["cog_ms"] = raised(ties[tie]["cog_ms"], up * 0.5, ceiling_t)
        ties[tie]["cog_sm"] = raised(ties[tie]["cog_sm"], up * 0.5, ceiling_t)
    ties[tie]["strength"] = raised(ties[tie]["strength"], theory.contact.strength_gain, 1.0)
    gain = tell_each_other(firm, theory, dice, m, s, both(people[m]["language"], people[s]["language"]), entity)
    cite(firm, m, s, gain)
    witness(firm, Item.SALES_IN_PLAN, m, s, 1.0, 0.0)
    witness(firm, Item.EACH_OTHERS_PLAN, m, s, 0.0, 0.0)
    people[m]["planned"] = 1
    people[s]["planned"] = 1
    people[m]["training"] += t.plan_training
    people[s]["training"] += t.plan_training
    people[m]["saw"] |= 1 << Item.TRAINING
    people[s]["saw"] |= 1 << Item.TRAINING


@kernel
def review(firm, theory, dice, m, s, taken, formal):
    """Two people look at the same figures; what is understood may change how Marketing works."""
    t = theory.practices
    share_common = 1.0 if formal else t.informal_measures
    witness(firm, Item.SAME_MEASURES, m, s, share_common if taken else 0.0, 0.0)
    if taken:
        witness(firm, Item.FUNNEL_STUDIED, m, s, t.funnel_changes * share_common, 0.0)
    if theory.rooms.culture == 1 and taken:
        step = theory.culture.reviewed
        firm.people[m]["identification"] = raised(firm.people[m]["identification"], step, 1.0)
        firm.people[s]["identification"] = raised(firm.people[s]["identification"], step, 1.0)


@kernel
def stint(firm, theory, dice, m, s, tie, willing, entity):
    """A stay with the other team: language, field knowledge, respect; a stigma where that team is looked down on."""
    t, people, ties = theory.practices, firm.people, firm.ties
    people[m]["stints"] += 1.0
    people[s]["stints"] += 1.0
    people[m]["saw"] |= 1 << Item.MOVES
    people[s]["saw"] |= 1 << Item.MOVES
    if theory.rooms.language == 1:
        gain = theory.language.gain * t.stint_gain * willing
        people[m]["language"] = raised(people[m]["language"], gain, theory.language.ceiling_joint)
        people[s]["language"] = raised(people[s]["language"], gain, theory.language.ceiling_joint)
    if theory.rooms.trust == 1:
        up = theory.trust.gain * 2.0 * willing * (1.0 - abs(theory.culture.status_gap))
        ties[tie]["aff_ms"] = raised(ties[tie]["aff_ms"], up, theory.trust.ceiling_joint)
        ties[tie]["aff_sm"] = raised(ties[tie]["aff_sm"], up, theory.trust.ceiling_joint)
    noise_key = key_for(key_of(dice.seed, Stream.STINT, dice.day), entity)
    noise = theory.market.drift_sd * theory.market.drift_sd
    for k in range(len(firm.segments)):
        observe_needs(firm, m, k, theory.beliefs.field_noise * noise, normal(noise_key, 2 * k))
        observe_offer(firm, s, k, theory.beliefs.craft_noise * noise, normal(noise_key, 2 * k + 1))


@kernel
def work_together(firm, theory, dice):
    """People who trust and understand each other plan, help, review and visit without being told (nobody decreed it).

    Each person thinks of one tie a day; no joint work while a grievance is open.

        plan, review, visit   informal (1 - help) min(T_ms, T_sm) language ease
        help                  informal help (own affect-based trust) (identification) ease

    Help asks for liking and for feeling part of one firm, not for a common language.
    """
    t, people, ties, tray, today = theory.practices, firm.people, firm.ties, firm.tray, firm.days
    if t.informal <= 0.0 or theory.rooms.informal == 0:
        return
    team = people["team"]
    key = key_of(dice.seed, Stream.INFORMAL, dice.day)
    n_people = firm.ledger[0]["n_people"]
    for begin in range(0, n_people, AT_ONCE):
        thought = think_of_ties(firm, key, begin, min(begin + AT_ONCE, n_people), t.informal * t.most_ease)
        for k in range(thought):
            fetch(ties, tray[k]["tie"])
        for k in range(thought):
            u, i, tie = tray[k]["luck"], tray[k]["row"], tray[k]["tie"]
            m, s = ties[tie]["m"], ties[tie]["s"]
            if ties[tie]["complaint_ms"] + ties[tie]["complaint_sm"] > 0.0:
                continue
            least = min(trust_ms(firm, theory, tie), trust_sm(firm, theory, tie))
            language = both(people[m]["language"], people[s]["language"])
            ease = min(tray[k]["worth"], t.most_ease)
            by_sales = team[i] == Team.SALES
            joint = t.informal * (1.0 - t.share_help) * least * language * ease
            fond = ties[tie]["aff_sm"] * (1.0 - ties[tie]["scar_sm"])
            if not by_sales:
                fond = ties[tie]["aff_ms"] * (1.0 - ties[tie]["scar_ms"])
            help_given = t.informal * t.share_help * fond * people[i]["identification"] * min(ease, 1.0)
            if u >= joint + help_given:
                continue
            today[dice.day]["informal"] += 1.0
            if u >= joint:
                help_out(firm, theory, dice, m, s, tie, by_sales)
                continue
            u /= joint
            entity = people[i]["seat"] * theory.contact.numbers + theory.contact.informal_slot
            spent = ties[tie]["hours"] * theory.rooms.workload
            if u < t.share_plan:
                people[m]["hours"] += spent
                people[s]["hours"] += spent
                today[dice.day]["hours_meeting"] += 2.0 * spent
                luck = uniform(key_of(dice.seed, Stream.ACT_WORKS, dice.day), entity)
                understood = luck < t.informal_base + (1.0 - t.informal_base) * language
                plan_together(firm, theory, dice, m, s, tie, understood, 0.0, entity)
            elif u < 1.0 - t.share_visit:
                people[m]["hours"] += spent * 0.5
                people[s]["hours"] += spent * 0.5
                today[dice.day]["hours_meeting"] += spent
                review(firm, theory, dice, m, s, True, False)
            else:
                people[m]["hours"] += t.stint_hours * theory.rooms.workload
                people[s]["hours"] += t.stint_hours * 0.5 * theory.rooms.workload
                today[dice.day]["hours_meeting"] += t.stint_hours * (1.0 + 0.5) * theory.rooms.workload
                stint(firm, theory, dice, m, s, tie, 1.0, entity)


@kernel
def help_out(firm, theory, dice, m, s, tie, by_sales):
    """Uncredited hours for the other's task: reciprocated help builds affect-based trust (F45)."""
    t, people, ties = theory.practices, firm.people, firm.ties
    giver, taker = (s, m) if by_sales else (m, s)
    spent = t.help_hours * theory.rooms.workload
    people[giver]["hours"] += spent
    people[taker]["hours"] = max(people[taker]["hours"] - spent * theory.workforce.other_skill, 0.0)
    firm.days[dice.day]["hours_meeting"] += spent
    returned = ties[tie]["favours"] > 0.0 if by_sales else ties[tie]["favours"] < 0.0
    ties[tie]["favours"] = clip(ties[tie]["favours"] + (-0.5 if by_sales else 0.5), -1.0, 1.0)
    ties[tie]["helped"] += 1.0
    people[m]["saw"] |= 1 << Item.RISE_TOGETHER
    people[s]["saw"] |= 1 << Item.RISE_TOGETHER
    if theory.rooms.trust == 1:
        up = theory.trust.gain * (1.0 if returned else 0.5)
        if by_sales:
            ties[tie]["aff_ms"] = raised(ties[tie]["aff_ms"], up, theory.trust.ceiling_joint)
        else:
            ties[tie]["aff_sm"] = raised(ties[tie]["aff_sm"], up, theory.trust.ceiling_joint)


@kernel
def heads_confer(firm, theory, dice):
    """The two heads talk now and then about ideas, sensing and development, and plan ahead.

    Their trust rises with talks that they understand, and begins anew with a new
    head (`practices.change_heads`). Talks that taught something and plans that were understood are what the audit's
    eighth and eleventh statements ask for.
    """
    t, heads, people, rows = theory.practices, firm.heads, firm.people, firm.practices
    key = key_of(dice.seed, Stream.UPSTREAM, dice.day)
    u = uniform(key, 0)
    between = min(heads[0]["trust"], heads[1]["trust"])
    planning = (rows[Practice.JOINT_PLANNING]["kept_m"] + rows[Practice.JOINT_PLANNING]["kept_s"]) * 0.5
    meetings = (rows[Practice.MEETINGS]["kept_m"] + rows[Practice.MEETINGS]["kept_s"]) * 0.5
    chance = t.heads_talk * between * (1.0 + t.heads_meet * meetings + t.heads_plan * planning)
    if theory.structure.kind == Kind.ONE_CHIEF:
        chance *= 1.0 + theory.structure.chief_talks
    if u >= chance:
        return
    language, n = 0.0, 0.0
    for i in range(firm.ledger[0]["n_people"]):
        if people[i]["working"] == 1:
            language += people[i]["language"]
            n += 1.0
    language /= max(n, 1.0)
    up = theory.trust.gain * theory.rooms.trust
    understood = (
        uniform(key, 1)
        < theory.contact.understood
        + theory.contact.understood_language * language
        + theory.contact.understood_trust * between
    )
    if not understood:
        return
    heads[0]["trust"] = raised(heads[0]["trust"], up, theory.trust.ceiling_joint)
    heads[1]["trust"] = raised(heads[1]["trust"], up, theory.trust.ceiling_joint)
    witness(firm, Item.HEADS_TALK, NEVER, NEVER, 1.0, 0.0)
    if uniform(key, 2) < t.heads_ahead * (planning + (1.0 - planning) * between * language):
        witness(firm, Item.HEADS_PLAN, NEVER, NEVER, t.plan_months, 0.0)
