"""The analytic twin lived: trust, language, familiarity, grievances and learnt benefit of the mean tie, week by week.

Each line is the mean of a rule in `sim/model/rules`, over luck and people, with the model's own numbers; nothing is
fitted and nothing is drawn. Ties differ by their rank in familiarity alone, people by their team alone. Left out are
practices, decisions that move the offer, talk among team-mates, favours to come, and all luck.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from sim.model.firm import MONTH, QUARTER, WEEK, YEAR, M, S
from sim.study.validation.patterns.organizations import Levers
from sim.study.validation.twin import ignorance, together
from sim.study.validation.twin.funnel import Funnel, funnel, pressure_of
from sim.study.validation.twin.many import mean_closeness, normal_cdf, raised, side_by_side
from sim.study.validation.twin.state import Frame, State, first_state, frame_of
from sim.study.validation.twin.together import Change


def live(
    firms: Sequence[Levers], days: int, trust=None, reading: Callable[[int, Frame, State, Change], None] | None = None
) -> State:
    """Firms side by side until a day.

    trust     another trust to begin with than the firms' own
    reading   called at each week's end with the day, the frame, the state and what the week's days did
    """
    frame = frame_of(side_by_side(firms))
    state = first_state(frame, trust)
    for day in range(0, days, WEEK):
        change = week(frame, state, day)
        if reading is not None:
            reading(day + WEEK, frame, state, change)
    return state


def week(frame: Frame, state: State, day: int) -> Change:
    """Five days at the rates of the first, and the week's end."""
    change = together.empty(frame)
    together.talk(frame, state, change)
    together.work(frame, state, change)
    if frame.liaisons.any():
        together.broker(frame, state, change)
    t = frame.theory.workload
    spent = [t.admin_hours + t.day_hours * frame.theory.culture.resentment_output * state.resentment[side]
             + change.hours[side] for side in (M, S)]  # fmt: skip
    leads = funnel(frame, state, day, spent)
    judge_leads(frame, state, change, leads)
    begun = grievances_begun(frame, state, leads)
    told = together.tell_each_other(frame, state)
    learn(frame, state, change, leads, told)
    feel(frame, state, change, leads, spent)
    move_ties(frame, state, change, begun)
    end_week(frame, state)
    come_and_go(frame, state)
    return change


def judge_leads(frame: Frame, state: State, change: Change, leads: Funnel) -> None:
    """What leads do to cognition-based trust, and to liking (`selling.judge_sender`, `share_success`, …)."""
    theory = frame.theory
    t = theory.trust
    near = 1.0 - t.thought_worlds * (1.0 - state.words())
    up_m, up_s = (lambda share: raised(state.cog[M], share, 1.0)), (lambda share: raised(state.cog[S], share, 1.0))
    change.cog[M] = (
        change.cog[M] + leads.tried * up_m(t.gain * t.followed * near) + leads.told * up_m(t.gain * t.followed)
    )
    change.cog[M] = change.cog[M] + leads.won * up_m(t.gain * near * 0.5)
    change.cog[M] = change.cog[M] - leads.left * t.loss * t.ignored * (1.0 + frame.overview) * state.cog[M]
    change.cog[S] = change.cog[S] + leads.good * up_s(t.gain * near) + leads.won * up_s(t.gain * near * 0.5)
    change.cog[S] = change.cog[S] - leads.bad * t.loss * t.bad_lead * state.cog[S]
    together.warm(frame, state, change, leads.joined, t.gain * 2.0, t.ceiling_joint)
    change.aff[S] = change.aff[S] - leads.lost * leads.blame * t.loss * t.misunderstood * state.aff[S]


def grievances_begun(frame: Frame, state: State, leads: Funnel) -> list[np.ndarray]:
    """Grievances that arise a day on a tie, by side: over scope, leads, quotas, customers, decisions, special terms."""
    theory = frame.theory
    t, s, structure = theory.conflict, theory.selling, theory.structure
    trust = [state.trust(theory, side) for side in (M, S)]
    common = t.ambiguity * (1.0 - t.clarity) * (1.0 + t.by_unfair * (1.0 - structure.budget_fairness))
    common = common * (1.0 + t.by_orientation * structure.orientation_gap + t.by_competence * structure.competence_gap)
    common = common * (1.0 + t.by_records * (1.0 - state.records)) * (1.0 - 2.0 * t.rules_calm * frame.overview)
    scope = 0.5 * common * state.strength * (1.0 - np.minimum(trust[M], trust[S])) / MONTH
    missed = t.missed * pressure_of(frame) * (1.0 - frame.overview) * state.strength / QUARTER
    heard = np.clip(state.heads * (theory.decisions.asked + theory.culture.sharing), 0.0, 1.0)
    objects = 2.0 * (1.0 - heard) * theory.decisions.dispute * (1.0 - t.clarity) * theory.decisions.per_tie / QUARTER
    objects = objects * (1.0 - np.minimum(state.cog[M], state.cog[S]))
    p = leads.special
    over = normal_cdf((p - theory.customization.limit) / np.sqrt(s.felt / 2.0 * np.maximum(p * (1.0 - p), 1e-9)))
    terms = leads.won * p * over * theory.customization.dispute * (1.0 - t.clarity)
    by_m = scope + objects + (missed + terms + leads.left * t.ignored) * (1.0 - trust[M])
    lost = state.customers * churn(frame, state) * t.complaint
    by_s = scope + objects + missed * (1.0 - trust[S]) + lost + leads.blame * (
        leads.bad * s.grievance_bad + leads.lost * s.grievance_lost + leads.left_worthless * s.uncalled)  # fmt: skip
    return [by_m, by_s]


def churn(frame: Frame, state: State) -> np.ndarray:
    """Customers who leave, a day (`customers.decide_to_stay`)."""
    t = frame.theory.customers
    x = t.renewal + t.satisfied * (state.satisfaction - 0.5) + t.reputation * (state.reputation - 1.0)
    return (1.0 - together.logistic(x)) / YEAR


def learn(frame: Frame, state: State, change: Change, leads: Funnel, told: together.Told) -> None:
    """Beliefs become surer by what is seen and heard, and less sure as the world moves (`rules/beliefs`)."""
    theory = frame.theory
    b, market = theory.beliefs, theory.market
    k = market.segments
    ages = ignorance.ageing(market)
    for own, side, rate, noise in (
        (state.needs_own, S, b.field, b.field_noise),
        (state.offer_own, M, b.craft, b.craft_noise),
    ):
        state_own = ignorance.observed_daily(own, rate / k, noise)
        if side == S:
            state.needs_own = ages(state_own)
        else:
            state.offer_own = ages(state_own)
    news = b.mates * frame.team_access * b.mates_news / (2.0 * k) * theory.workforce.mates
    feedback = (leads.told * frame.share).sum(1, keepdims=True) * frame.ties_of(M) / k
    noise = theory.selling.feedback_noise / (0.5 + state.language[M]) + state.needs_own
    research = b.research * np.minimum(theory.marketing.budget, 1.0) * state.records / k
    needs, offer = state.needs, state.offer
    needs = ignorance.hears(needs, WEEK * change.heard[M] / k, told.needs)
    needs = ignorance.hears(needs, WEEK * change.brokered[M] / k, told.needs_brokered)
    offer = ignorance.hears(offer, WEEK * change.heard[S] / k, told.offer)
    offer = ignorance.hears(offer, WEEK * change.brokered[S] / k, told.offer_brokered)
    needs = ignorance.sees(needs, WEEK * research, b.research_noise)
    needs = ignorance.sees(needs, WEEK * feedback, noise, where_surer=True)
    offer = ignorance.sees(offer, WEEK * b.announced / k, b.announced_noise)
    state.needs = ignorance.aged(ignorance.hears_mates(needs, WEEK * news, b.mates_noise), ages)
    state.offer = ignorance.aged(ignorance.hears_mates(offer, WEEK * news, b.mates_noise), ages)


def feel(frame: Frame, state: State, change: Change, leads: Funnel, spent: list) -> None:
    """What the week did to people: words, expectations, identification, trust in a liaison, load, resentment."""
    theory = frame.theory
    t, culture, work = theory.trust, theory.culture, theory.workload
    for side in (M, S):
        state.language[side] = state.language[side] + WEEK * change.language[side]
        state.benefit[side] = state.benefit[side] + WEEK * change.benefit[side]
        state.liaison[side] = state.liaison[side] + WEEK * change.liaison[side]
        free = np.maximum(work.day_hours - spent[side], 0.0)
        campaigns = theory.marketing.craft_hours * free if side == M else 0.0
        filled = (spent[side] + leads.hours[side] + campaigns) / work.day_hours
        state.load[side] = state.load[side] + (1.0 - np.exp(-WEEK / work.memory_days)) * (filled - state.load[side])
        aggrieved = ((state.open[side] + state.open[2]) * frame.share).sum(1, keepdims=True)
        looked_down = np.maximum(culture.status_gap if side == S else -culture.status_gap, 0.0)
        goal = np.clip(aggrieved + looked_down * 0.5, 0.0, 1.0)
        state.resentment[side] = state.resentment[side] + culture.resentment_rise * (goal - state.resentment[side])
        known = (frame.share * (state.strength + 1e-6)).sum(1, keepdims=True)
        mean = (frame.share * (state.strength + 1e-6) * state.trust(theory, side)).sum(1, keepdims=True) / known
        goal = np.maximum(np.clip(mean * culture.sharing, 0.0, 1.0), culture.identification * 0.5)
        one = state.identification[side] + WEEK * change.identification[side]
        state.identification[side] = one + culture.identify * (goal - one)
        state.attitude[side] = state.attitude[side] + t.attitude_follows * (mean - state.attitude[side])
        state.attitude[side] = state.attitude[side] + t.attitude_anchor * (state.anchor[side] - state.attitude[side])
    state.talked = change.talked
    m = theory.market
    cycle = m.cycle_days * np.exp(m.cycle_sd**2 / 2.0)
    done = 1.0 - np.exp(-WEEK / cycle)
    state.deal_hours = state.deal_hours + done * (leads.opened * theory.selling.deal_hours - state.deal_hours)
    customers_feel(frame, state, leads)


def customers_feel(frame: Frame, state: State, leads: Funnel) -> None:
    """Satisfaction follows how customers are served, reputation follows satisfaction (`rules/customers`)."""
    theory = frame.theory
    t, market, scale = theory.customers, theory.market, theory.market.drift_sd**2
    product = mean_closeness(2.0 * scale, market.tolerance)
    advice = mean_closeness(state.offer_var(frame.theory, S), market.tolerance)
    message = mean_closeness(
        np.abs(state.offer_var(frame.theory, S) - state.offer_var(frame.theory, M)), market.tolerance
    )
    quality = t.by_product * product + t.by_advice * advice + (1.0 - t.by_product - t.by_advice) * message
    quality = quality - t.disappointment * t.promise_weight * t.overpromise * (1.0 - quality)
    context = (leads.context * frame.share).sum(1, keepdims=True)
    contacts = theory.marketing.nurture_touches + theory.marketing.uncoordinated * (
        1.0 - np.maximum(context * (1.0 + state.records) / 2.0, frame.overview)) * (1.0 + leads.pressure)  # fmt: skip
    excess = np.maximum(contacts / theory.marketing.fatigue - t.borne, 0.0)
    quality = quality * np.exp(-t.bombardment * excess)
    state.satisfaction = state.satisfaction + WEEK / YEAR * (1.0 - t.kept) * (quality - state.satisfaction)
    goal = np.clip(t.reputation_base + state.satisfaction - t.bombardment * excess * 0.5, t.worst, t.best)
    state.reputation = state.reputation + WEEK / t.reputation_days * (goal - state.reputation)
    state.customers = state.customers + WEEK * (leads.won - churn(frame, state) * state.customers)


def move_ties(frame: Frame, state: State, change: Change, begun: list[np.ndarray]) -> None:
    """What the week's days did to ties: trust, familiarity, and who holds a grievance."""
    t = frame.theory.conflict
    for side in (M, S):
        state.cog[side] = np.clip(state.cog[side] + WEEK * change.cog[side], 0.0, 1.0)
        state.aff[side] = np.clip(state.aff[side] + WEEK * change.aff[side], 0.0, 1.0)
    calm = np.maximum(1.0 - state.any_open(), 1e-9)
    state.clear_strength = np.clip(state.clear_strength + WEEK * change.strength / calm, 0.0, 1.0)
    manager = np.clip(WEEK / (t.notice_days + t.act_days), 0.0, 1.0) * t.managers
    closing = np.maximum(WEEK * change.closed, 1e-9)
    kept = np.exp(-closing)
    through = -np.expm1(-closing) / closing  # of what arises in the week, open at its end
    arise = [(1.0 - np.exp(-WEEK * rate)) * through for rate in begun]
    m, s, two = (share * kept for share in state.open)
    none = 1.0 - m - s - two
    state.open = [m + none * arise[M] * (1.0 - arise[S]) - m * arise[S],
                  s + none * arise[S] * (1.0 - arise[M]) - s * arise[M],
                  two + none * arise[M] * arise[S] + m * arise[S] + s * arise[M]]  # fmt: skip
    state.open = [share * (1.0 - t.lapse - manager) for share in state.open]
    stays = (1.0 - none) * (1.0 - t.lapse - manager)  # of those with a grievance before
    now, clear, quarrel = state.any_open(), state.clear_strength, state.open_strength
    new = np.maximum(now - stays, 0.0)
    state.open_strength = (stays * quarrel + new * clear) / np.maximum(now, 1e-12)
    whole = calm * clear + (1.0 - calm) * quarrel
    state.clear_strength = (whole - now * state.open_strength) / np.maximum(1.0 - now, 1e-9)


def end_week(frame: Frame, state: State) -> None:
    """At the week's end what is not used fades (`tie.idle`, `language.forget`, shared tasks, the heads' talks)."""
    theory = frame.theory
    t = theory.trust
    pull = t.relax * (1.0 - state.strength)
    for side in (M, S):
        state.cog[side] = state.cog[side] + pull * (state.attitude[side] - state.cog[side])
        state.aff[side] = state.aff[side] + pull * (state.attitude[side] - state.aff[side])
        state.aff[side] = state.aff[side] * (1.0 - t.erosion * (state.open[side] + state.open[2]))
        more = np.maximum(state.language[side] - theory.language.initial, 0.0)
        state.language[side] = state.language[side] - theory.language.fade * more
    state.clear_strength = state.clear_strength * (1.0 - theory.contact.strength_fade)
    state.open_strength = state.open_strength * (1.0 - theory.contact.strength_fade)
    c, p = theory.conflict, theory.practices
    state.records = state.records * (1.0 - c.shared_tasks * (1.0 - frame.overview))
    state.records = state.records + raised(state.records, c.upkeep * (c.kept_anyway + frame.overview), 1.0)
    k, power = theory.contact, theory.structure.power
    talks = p.heads_talk * state.heads * 2.0 * np.minimum(power, 1.0 - power)
    talks = talks * (k.understood + k.understood_language * state.words() + k.understood_trust * state.heads)
    state.heads = state.heads + WEEK * talks * raised(state.heads, t.gain, t.ceiling_joint)
    state.heads = state.heads + WEEK / YEAR * 2.0 * theory.structure.head_tenure * (t.attitude - state.heads)


def come_and_go(frame: Frame, state: State) -> None:
    """Newcomers bring no history (`workforce.fill_seat`), and reorganizations deal some ties anew."""
    theory = frame.theory
    t, w = theory.trust, theory.workforce
    leave = [WEEK / YEAR * rate * (1.0 + w.resented * state.resentment[side])
             for side, rate in ((M, w.turnover_m), (S, w.turnover_s))]  # fmt: skip
    dealt = WEEK / YEAR * theory.structure.reorganizations * theory.structure.new_counterparts
    known = [(state.attitude[side] + state.anchor[side]) / 2.0 for side in (M, S)]
    new = [0.5 * state.attitude[side] + 0.5 * t.attitude for side in (M, S)]
    anew = leave[M] + leave[S] + dealt
    for side in (M, S):
        other = 1 - side
        for part in (state.cog, state.aff):
            part[side] = part[side] + leave[side] * (new[side] - part[side])
            part[side] = part[side] + (leave[other] + dealt) * (known[side] - part[side])
        usual = theory.liaison.trust_sales if side == S else theory.liaison.trust_marketing
        anchor = t.anchor_firm * t.attitude + (1.0 - t.anchor_firm) * new[side]
        for held, brought in ((state.attitude, new[side]), (state.anchor, anchor), (state.benefit, w.benefit),
                              (state.language, theory.language.initial), (state.liaison, usual),
                              (state.identification, theory.culture.identification),
                              (state.resentment, 0.0)):  # fmt: skip
            held[side] = held[side] + leave[side] * (brought - held[side])
    state.needs_own = state.needs_own + leave[S] * (1.0 - state.needs_own)
    state.offer_own = state.offer_own + leave[M] * (1.0 - state.offer_own)
    state.needs, state.offer = ignorance.begun(state.needs, leave[M]), ignorance.begun(state.offer, leave[S])
    q = state.any_open()  # those who are new hold no grievance, and know nobody
    state.clear_strength = state.clear_strength * (1.0 - q) * (1.0 - anew) / np.maximum(1.0 - q * (1.0 - anew), 1e-9)
    state.open = [share * (1.0 - anew) for share in state.open]
