"""The analytic twin's funnel: how many leads a day reach a tie, what becomes of them, and what both sides see of it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.model.firm import YEAR, M, S
from sim.model.rules.marketing import attraction
from sim.study.validation.twin.many import (
    both,
    even,
    logistic,
    mean_above_zero,
    mean_closeness,
    normal_cdf,
    raised,
    spread,
)
from sim.study.validation.twin.state import Frame, State

FITS, ERRORS, GLANCES, DELAYS, READY = 8, 16, 5, 41, 12  # places of the integrals


class Arriving(NamedTuple):
    """Leads that are handed off: a day in the firm, and of what kind; the hours they took from a marketer a day."""

    handed: np.ndarray
    fit: np.ndarray  # (firms, places) of their fit
    weight: np.ndarray  # how many of them have it, sum 1
    ready: np.ndarray
    hours: np.ndarray
    reach: np.ndarray


class Funnel(NamedTuple):
    """What happens on a tie a day, by rank, and hours."""

    tried: np.ndarray
    good: np.ndarray
    bad: np.ndarray
    left: np.ndarray  # lying
    left_worthless: np.ndarray
    told: np.ndarray  # how the lead ended
    won: np.ndarray
    lost: np.ndarray
    joined: np.ndarray
    blame: np.ndarray  # the chance of it
    special: np.ndarray
    context: np.ndarray
    pressure: np.ndarray
    hours: tuple[np.ndarray, np.ndarray]  # a person and day, of marketers and of salespeople
    opened: np.ndarray  # deals a rep and day, own ones too


def strangeness(frame: Frame, state: State) -> np.ndarray:
    """How strange the people across the gap are to a marketer."""
    known = frame.ties_of(M) * (frame.share * state.strength).sum(1, keepdims=True)
    few = frame.theory.contact.few
    return few / (few + known) * (1.0 - frame.overview)


def arriving(frame: Frame, state: State, day: float, spent) -> Arriving:
    """Prospects inquire, are answered in time or not, judged, nurtured and handed off (`rules/marketing`).

    spent   hours of a marketer's day before campaigns, leads aside
    """
    t, market, heads = frame.theory.marketing, frame.theory.market, frame.heads[M]
    digital = digital_share(market, day)
    pull = np.array([[attraction(float(a), float(b))] for a, b in zip(market.pull_share[:, 0], t.push_mix[:, 0],
                                                                    strict=True)])  # fmt: skip
    common = t.catch * pull * t.budget ** (2.0 * t.budget_power) * state.reputation
    common = common * (1.0 + t.digital * (digital - 0.5)) * heads / frame.theory.workforce.marketers
    burst = 1.0 + market.event_burst * market.event_rate / YEAR
    prospects = frame.theory.workforce.marketers * market.marketing_list * market.size * burst / heads
    strange = strangeness(frame, state)
    never = t.never + np.maximum(state.load[M] - t.busy_from, 0.0) + t.lost_records * (1.0 - state.records)
    never = np.clip(never + t.strange * strange, 0.0, 1.0)
    delay = t.answer_median_h * t.strange_slow**strange * np.exp(t.answer_sd * spread(DELAYS)[None, :])
    delay = np.clip(delay, t.answer_first_h, t.answer_last_h)
    waits = (
        market.answer_floor + (1.0 - market.answer_floor) * (1.0 + delay / market.answer_hour) ** -market.answer_decay
    )
    answered = (1.0 - never) * waits.mean(1, keepdims=True)
    u, z = np.meshgrid(even(FITS), spread(ERRORS), indexing="ij")
    fit = (t.plain_fit + (1.0 - t.plain_fit) * u.ravel()) * np.exp(
        -state.needs_var(frame.theory, M) * z.ravel() ** 2 / (2.0 * market.tolerance**2))  # fmt: skip
    noise = t.estimate_noise * (2.0 - state.records) * (1.0 - 0.5 * frame.overview)
    cut = t.cut + frame.overview * (frame.theory.selling.good - t.cut) - t.volume_weight * t.volume_target
    passes = normal_cdf((fit - cut) / noise)
    ripe, ready, looks = ripened(t, market)
    goes_on = passes.mean(1, keepdims=True)
    hours_each = t.touch_hours * (1.0 + answered * 0.5 * (1.0 + goes_on * looks)) + (
        answered * goes_on * ripe * frame.theory.handoff.hours)  # fmt: skip
    whole = frame.theory.workload.day_hours
    free = np.maximum(whole - spent, 0.0)  # campaigns come before the day's leads
    reach = 1.0 - np.exp(-common * (1.0 - newcomers_lack(frame, M)) * free / whole)
    inquiries = prospects * reach
    handed = inquiries * heads * answered * goes_on * ripe
    return Arriving(handed, fit, passes / passes.sum(1, keepdims=True), ready, inquiries * hours_each, reach)


def digital_share(market, day: float):
    """`ledger.digitize` until a day."""
    return 1.0 - (1.0 - market.digital) * np.exp(-market.digital_growth * day / YEAR)


def ripened(t, market) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The share of leads ready enough to be handed off at last, how ready they are, and rounds of nurturing a lead."""
    r, u = (x.ravel()[None, :] for x in np.meshgrid(even(READY), even(READY), indexing="ij"))
    closed = (1.0 - np.exp(-t.nurture_touches / t.nurture_scale)) * u
    cold = t.lukewarm * r
    done, ready, looks = cold >= t.ready_cut, cold, 0.0
    for _ in range(2):
        looks = looks + (~done).mean(1, keepdims=True)
        ready = np.where(done, ready, ready + closed * (1.0 - ready))
        done = done | (ready >= t.ready_cut)
    late = done.mean(1, keepdims=True)
    mean_late = np.where(done, ready, 0.0).sum(1, keepdims=True) / np.maximum(done.sum(1, keepdims=True), 1)
    ripe = market.ready + (1.0 - market.ready) * late
    warm = (1.0 + t.warm) / 2.0
    return ripe, (market.ready * warm + (1.0 - market.ready) * late * mean_late) / ripe, (1.0 - market.ready) * looks


def newcomers_lack(frame: Frame, side: int) -> np.ndarray:
    """The skill that a team lacks because some of it are new."""
    w = frame.theory.workforce
    days = frame.theory.selling.ramp_days / ((1.0 + frame.team_access) / 2.0)
    return (1.0 - w.new_skill) * (w.turnover_s if side == S else w.turnover_m) * days / YEAR


def told_context(frame: Frame, state: State) -> tuple[np.ndarray, np.ndarray]:
    """What of a lead is told over a tie, and whether it stands in a shared record (`handoff.told`, `share_record`)."""
    t, words = frame.theory.handoff, state.words()
    trust = state.trust(frame.theory, S)
    context = np.clip(words * (t.told + t.told_trust * trust + t.told_familiar * state.strength), 0.0, 1.0)
    logged = np.minimum(t.unasked * words * state.least(frame.theory), 1.0) * (t.record == 0)
    context = context + logged * raised(context, t.recorded, 1.0)
    fresh = state.talked / (state.talked + 1.0 / t.fresh_days)  # of exp(-days since / fresh_days), in the mean
    context = context + raised(context, t.passing * fresh, 1.0)
    return np.clip(
        context * (1.0 - t.incompetence * (frame.theory.structure.competence_gap - t.usual_gap)), 0, 1
    ), logged


def needed(theory, x):
    """`selling.needed`."""
    complexity = np.minimum(theory.market.drift_sd, 1.0)
    return 1.0 - complexity * complexity * (1.0 - x)


def answers(frame: Frame, state: State, come: Arriving, context, pressure):
    """Of the leads that reach a rep, by fit: tried in the end, and left lying (`selling.take_lead`).

    Shapes (firms, ranks, fits); the rep's glance is averaged over, and returned leads come once more.
    """
    theory = frame.theory
    t, trust = theory.selling, state.trust(theory, S)
    x = np.clip((1.0 - newcomers_lack(frame, S) - 0.5) * 2.0, 0.0, 1.0)
    less, more = 1.0 - t.experience * x, 1.0 + t.experience * x
    base = (
        t.base + t.trust * (needed(theory, trust) - 0.5) + t.context * needed(theory, context) * needed(theory, trust)
    )
    base = base + t.rules * less * frame.overview - t.pressure * pressure
    base = base - t.load * less * np.maximum(state.load[S] - t.load_from, 0.0)
    back = logistic(t.back_base + t.back_trust * (trust - 0.5) + t.back_rules * frame.overview
                    + t.back_language * (state.words() - t.back_from))[:, :, None]  # fmt: skip
    tried, left, worthless = 0.0, 0.0, 0.0
    for z in spread(GLANCES):
        seen = come.fit[:, None, :] + (t.seen_noise * (1.0 - t.told_clear * context))[:, :, None] * z
        p = logistic(base[:, :, None] + (t.quality * more)[:, :, None] * (seen - t.glance[:, :, None]))
        again = (1.0 - p) * back
        lying = (1.0 - p) * (1.0 - back) + again * (1.0 - p)
        tried = tried + (p + again * p) / GLANCES
        left = left + lying / GLANCES
        worthless = worthless + lying * (seen < (t.good * t.worthless)[:, :, None]) / GLANCES
    return tried, left, worthless


def chance_to_win(frame: Frame, state: State, context, ready, joined):
    """A deal of a fit of one is won so often (`selling.chance_to_win`), errors averaged over."""
    theory = frame.theory
    t, market = theory.selling, theory.market
    c = np.minimum(market.drift_sd, 1.0) ** 2
    chance = t.win * (0.5 + 0.5 * ready) * (1.0 - t.weight_context * c * (1.0 - context))
    chance = chance * mean_closeness(state.offer_var(frame.theory, S), market.tolerance * t.offer_tolerance)
    touches = 1.0 + 0.5 * theory.marketing.nurture_touches + theory.marketing.uncoordinated * (1.0 - context)
    chance = chance * np.exp(-(touches**2) / (2.0 * theory.marketing.fatigue**2)) * (1.0 + t.joint * c * joined)
    chance = chance * (1.0 - newcomers_lack(frame, S)) * np.sqrt(state.reputation)
    chance = chance / np.maximum(state.load[S], 1.0) ** t.overload
    product = mean_closeness(2.0 * market.drift_sd**2, market.tolerance)
    chance = chance * (1.0 - t.product + 2.0 * t.product * product / (product + market.rivals))
    return chance * (1.0 + t.promise * theory.customers.overpromise)


def own_deals(frame: Frame, state: State, day: float, reach_m, spent):
    """Deals a rep opens a day by own prospecting, and the hours that it takes (`selling.prospect`)."""
    theory = frame.theory
    t, market, w = theory.selling, theory.market, theory.workforce
    digital = digital_share(market, day)
    common = t.own_catch * state.reputation * (1.0 - market.pull_share) / (1.0 - t.usual_pull)
    common = common * (1.0 - theory.marketing.digital * (digital - 0.5)) * frame.heads[S] / w.salespeople
    free = np.maximum(theory.workload.day_hours - spent, t.own_floor * theory.workload.day_hours)
    reach = 1.0 - np.exp(-common * (1.0 - newcomers_lack(frame, S)) * free / theory.workload.day_hours)
    u, z = np.meshgrid(even(FITS), spread(ERRORS), indexing="ij")
    plain = theory.marketing.plain_fit
    fit = (plain + (1.0 - plain) * u.ravel()) * np.exp(
        -state.needs_var(frame.theory, S) * z.ravel() ** 2 / (2.0 * market.tolerance**2)
    )
    ready = reach_m * theory.marketing.warm + (1.0 - reach_m) * t.own_ready
    keen = t.interest * (t.cold + (1.0 - t.cold) * ready)
    return market.own_list * market.size * reach * (fit >= t.own_cut).mean(1, keepdims=True) * keen, t.own_hours * free


def pressure_of(frame: Frame):
    """Quota pressure: months in which the reps happen to win less than usual (`structure.reckon_month`)."""
    t = frame.theory.structure
    a_month = np.maximum(frame.theory.selling.start_quota * frame.heads[S], 1.0)  # of the deals that are usual
    short = mean_above_zero(t.short_pressure / np.sqrt(a_month))
    return np.clip(short, 0.0, 1.0) * (1.0 - 0.5 * t.long_term)


def funnel(frame: Frame, state: State, day: float, spent) -> Funnel:
    """What leads do on ties today.

    spent   hours a day of a marketer and of a salesperson on administration and on each other
    """
    theory = frame.theory
    t = theory.selling
    come = arriving(frame, state, day, spent[M])
    context, logged = told_context(frame, state)
    clear, quarrel = frame.coming_to_mind(state, M)
    q = state.any_open()
    thought_of = ((1.0 - q) * clear + q * quarrel) * frame.share * frame.ties / frame.heads[M]
    route = np.cumsum(thought_of[:, ::-1], 1)[:, ::-1]
    chosen = route**2 - np.concatenate([route[:, 1:], 0 * route[:, :1]], 1) ** 2  # the better trusted of two
    handed = come.handed * chosen / np.maximum(frame.ties * frame.share, 1e-9)
    pressure = pressure_of(frame)
    tried_of, left_of, worthless_of = answers(frame, state, come, context, pressure)
    weight = come.weight[:, None, :] * handed[:, :, None]
    tried, left = (tried_of * weight).sum(2), (left_of * weight).sum(2)
    is_good = come.fit[:, None, :] >= t.good[:, :, None]
    good = (tried_of * weight * is_good).sum(2)
    delay = theory.distance.handoff_days * (1.0 - frame.access) * (1.0 - theory.handoff.familiar * state.strength)
    delay = delay * (1.0 - theory.handoff.rules * frame.overview) * (1.0 - theory.handoff.saved * logged)
    ready = come.ready * np.exp(-delay / theory.market.patience_days)
    interest = t.interest * (t.cold + (1.0 - t.cold) * ready)
    opened = (tried_of * weight * come.fit[:, None, :]).sum(2) * interest
    fit_of_deal = (tried_of * weight * come.fit[:, None, :] ** 2).sum(2) * interest / np.maximum(opened, 1e-12)
    trust = both(state.trust(theory, M), state.trust(theory, S))
    key = normal_cdf(-t.key_value)
    joined = np.minimum(key * t.join * state.words() * trust * frame.ease, key)
    won = opened * np.clip(chance_to_win(frame, state, context, ready, joined) * fit_of_deal, 0.0, 1.0)
    says = logistic(t.feedback + t.feedback_trust * (state.trust(theory, S) - 0.5)
                    - t.feedback_load * (state.load[S] - t.feedback_from))  # fmt: skip
    blame = np.clip(t.blame * (1.0 - state.trust(theory, S)) * (1.0 - t.blame_rules * frame.overview), 0.0, 1.0)
    a_rep = lambda x: (x * frame.share).sum(1, keepdims=True) * frame.ties_of(S)  # noqa: E731
    lead_hours = a_rep(tried * t.lead_hours * (1.0 - theory.handoff.saved * logged))
    longest = (theory.workload.longest - t.own_floor) * theory.workload.day_hours
    deal_hours = np.minimum(state.deal_hours, longest)
    own, craft = own_deals(frame, state, day, come.reach, spent[S] + lead_hours + deal_hours)
    joint = a_rep(opened * joined) * frame.heads[S] / frame.heads[M] * t.joint_hours
    special = theory.customization.asked * (1.0 - fit_of_deal)
    return Funnel(tried, good, tried - good, left, (worthless_of * weight).sum(2), tried * says, won,
                  opened - won, won * joined, blame, special, context, pressure,
                  (come.hours + joint, lead_hours + deal_hours + craft), a_rep(opened) + own)  # fmt: skip
