"""The analytic twin's dealings across the gap: talks, joint work that nobody decreed, and a liaison's acts, a day."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from sim.model.firm import M, S
from sim.study.validation.twin import ignorance
from sim.study.validation.twin.many import logistic, raised
from sim.study.validation.twin.state import Frame, State


@dataclass
class Change:
    """What a day's events add up to: per day, of ties by rank; words and benefit a person, by side."""

    aff: list
    cog: list
    strength: np.ndarray  # of a tie, whose share without a grievance gains it
    closed: np.ndarray  # rate at which an open grievance is settled
    language: list = field(default_factory=lambda: [0.0, 0.0])
    benefit: list = field(default_factory=lambda: [0.0, 0.0])
    identification: list = field(default_factory=lambda: [0.0, 0.0])
    liaison: list = field(default_factory=lambda: [0.0, 0.0])
    hours: list = field(default_factory=lambda: [0.0, 0.0])
    heard: list = field(default_factory=lambda: [0.0, 0.0])  # understood exchanges a person and day
    brokered: list = field(default_factory=lambda: [0.0, 0.0])  # through a liaison
    talked: np.ndarray | float = 0.0
    contacts: np.ndarray | float = 0.0  # a tie
    acts: np.ndarray | float = 0.0  # of joint work, a tie


class Told(NamedTuple):
    """What one understood exchange tells, in variances of drift: what is left, and the share of ignorance that goes."""

    gain: np.ndarray
    needs: np.ndarray
    offer: np.ndarray
    needs_brokered: np.ndarray
    offer_brokered: np.ndarray


def empty(frame: Frame) -> Change:
    """Nothing has happened yet."""
    zero = 0.0 * frame.share
    return Change([zero, zero], [zero, zero], zero, zero)


def tell_each_other(frame: Frame, state: State) -> Told:
    """`belief.tell_each_other`: each hears of the other's truth what the other is surer of.

    Through a liaison people understand each other as far as both trust her.
    """
    b = frame.theory.beliefs
    noise = b.exchange_noise / (b.exchange_noise + state.words())
    needs, offer = state.needs_own + noise, state.offer_own + noise
    gain = (ignorance.gain(state.needs, needs) + ignorance.gain(state.offer, offer)) / 2.0
    brokered = b.exchange_noise / (b.exchange_noise + np.minimum(state.liaison[M], state.liaison[S]))
    return Told(gain, needs, offer, state.needs_own + brokered, state.offer_own + brokered)


def warm(frame: Frame, state: State, change: Change, rate, share, ceiling) -> None:
    """So often a day both sides like each other more (`tie.warm`)."""
    for side in (M, S):
        change.aff[side] = change.aff[side] + rate * raised(state.aff[side], share, ceiling)


def chill(state: State, change: Change, rate, share) -> None:
    """So often a day both sides like each other less (`tie.chill`)."""
    for side in (M, S):
        change.aff[side] = change.aff[side] - rate * np.minimum(share, 0.9) * state.aff[side]


def learn_words(frame: Frame, state: State, change: Change, rate, share, ceiling) -> None:
    """So often a day, on a tie, two learn each other's words (`language.share_words`)."""
    for side in (M, S):
        a_person = (rate * frame.share).sum(1, keepdims=True) * frame.ties_of(side)
        change.language[side] = change.language[side] + a_person * raised(state.language[side], share, ceiling)


def understand(frame: Frame, heard: list, rate) -> None:
    """So often a day, on a tie, two tell each other what each knows better."""
    for side in (M, S):
        heard[side] = heard[side] + (rate * frame.share).sum(1, keepdims=True) * frame.ties_of(side)


def spend(frame: Frame, change: Change, side: int, rate, hours) -> None:
    """So often a day, on a tie, somebody of one side spends hours."""
    change.hours[side] = change.hours[side] + (rate * hours * frame.share).sum(1, keepdims=True) * frame.ties_of(side)


def talk(frame: Frame, state: State, change: Change) -> None:
    """Each has a few moments a day to think of a tie, and perhaps to speak (`contact.talk`, `contact.meet`)."""
    theory = frame.theory
    t, both_open = theory.contact, state.open[2]
    clear, quarrel = 0.0, 0.0
    for side in (M, S):
        other = 1 - side
        own = state.open[side] + both_open
        on_clear, on_open = (t.moments * frame.meet * each for each in frame.coming_to_mind(state, side))
        x = t.base + theory.communication.push + t.trust * (state.trust(theory, side) - 0.5)
        x = x + t.benefit * state.benefit[side]
        x = x - t.cost * frame.hours * (t.cost_idle + state.load[side])
        ready = t.accept + t.accept_trust * (state.trust(theory, other) - 0.5) - t.accept_load * state.load[other]
        asked = on_clear * (1.0 - state.any_open()) * logistic(x + t.strength * state.clear_strength)
        x = x + t.strength * state.open_strength
        asked_open = on_open * (state.open[other] * logistic(x) + own * logistic(x + t.complaint))
        talks, disputes = asked * logistic(ready), asked_open * logistic(ready + 0.5)
        clear, quarrel = clear + talks, quarrel + disputes
        spend(frame, change, side, asked + asked_open - talks - disputes, t.refusal_hours)
        spend(frame, change, other, talks + disputes, t.interruption_hours)
    for side in (M, S):
        spend(frame, change, side, clear + t.dispute_hours * quarrel, frame.hours)
    change.contacts = change.contacts + clear + quarrel
    exchange(frame, state, change, clear)
    argue(frame, state, change, quarrel)


def exchange(frame: Frame, state: State, change: Change, rate) -> None:
    """Talks without a grievance (`contact.exchange`): understood or not, learnt from, and expected of the next."""
    theory = frame.theory
    t, c = theory.contact, theory.communication
    chance = t.understood + t.understood_language * state.words()
    chance = chance + t.understood_trust * (state.trust(theory, M) + state.trust(theory, S)) / 2.0
    chance = chance * c.talk_hours / (c.talk_hours + t.thin_hours * (1.0 - 0.5 * c.agenda))
    chance = np.minimum(chance, 1.0)
    change.strength = change.strength + rate * t.strength_gain * (1.0 - state.clear_strength)
    change.talked = rate * chance
    understand(frame, change.heard, rate * chance)
    top = theory.language.ceiling_talk + theory.language.ceiling_near * frame.access
    learn_words(frame, state, change, rate * chance, theory.language.gain, top)
    top = theory.trust.ceiling_talk + theory.trust.ceiling_near * frame.access
    warm(frame, state, change, rate * chance, theory.trust.gain * theory.trust.talk, top)
    chill(state, change, rate * (1.0 - chance), theory.trust.loss * theory.trust.misunderstood)
    gain = tell_each_other(frame, state).gain
    for side in (M, S):
        a_person = (rate * (chance * gain - state.benefit[side]) * frame.share).sum(1, keepdims=True)
        change.benefit[side] = change.benefit[side] + a_person * frame.ties_of(side) * t.benefit_rate


def argue(frame: Frame, state: State, change: Change, rate) -> None:
    """Talks about a grievance (`contact.argue`)."""
    theory = frame.theory
    t = theory.conflict
    chance = np.clip(t.settled + t.settled_trust * state.least(theory) + t.settled_language * state.words(), 0.0, 1.0)
    top = theory.trust.ceiling_talk + theory.trust.ceiling_near * frame.access
    warm(frame, state, change, rate * chance, theory.trust.gain, top)
    chill(state, change, rate * (1.0 - chance), theory.trust.loss * t.quarrel)
    change.closed = change.closed + rate * chance / np.maximum(state.any_open(), 1e-6)


def returned_favour(given, taken):
    """The chance that help pays back a favour, where one side helps so often and the other so often.

    Favours go up and down between five places with the odds of the two; those on the far side of nothing are owed.
    """
    odds = np.clip(given / np.maximum(taken, 1e-12), 1e-6, 1e6)
    weights = [odds**k for k in range(5)]
    return (weights[0] + weights[1]) / sum(weights)


def unknown_of(frame: Frame, state: State):
    """`jointwork.ignorance`."""
    unknown = np.maximum(state.needs_var(frame.theory, M) - state.needs_var(frame.theory, S), 0.0)
    unknown = unknown + np.maximum(state.offer_var(frame.theory, S) - state.offer_var(frame.theory, M), 0.0)
    return np.minimum(unknown / (2.0 * frame.theory.market.drift_sd**2), 1.0)


def work(frame: Frame, state: State, change: Change) -> None:
    """Help, planning and looks at figures that nobody decreed (`jointwork.work_together`)."""
    theory = frame.theory
    t, calm = theory.practices, 1.0 - state.any_open()
    ease, words = np.minimum(frame.ease, t.most_ease), state.words()
    plan_a_person = t.unasked_plan * unknown_of(frame, state) * state.heads * ease * words
    helps, planned, reviewed = [], 0.0, 0.0
    for side in (M, S):
        slack = np.clip(0.5 + state.load[1 - side] - state.load[side], 0.0, 1.0)
        each = t.unasked_help * state.aff[side] * state.identification[side] * slack * np.minimum(frame.ease, 1.0)
        thought_of = frame.coming_to_mind(state, side)[0] * calm
        helps.append(thought_of * each)
        planned = planned + thought_of * plan_a_person
        reviewed = reviewed + thought_of * t.unasked_review * state.records * ease * state.cog[side]
    change.acts = change.acts + helps[M] + helps[S] + planned + reviewed
    for side in (M, S):
        taker = 1 - side
        back = returned_favour(helps[side], helps[taker])
        up = theory.trust.gain * (0.5 + 0.5 * back)
        top = theory.trust.ceiling_joint
        change.aff[taker] = change.aff[taker] + helps[side] * raised(state.aff[taker], up, top)
        spend(frame, change, side, helps[side], t.help_hours)
        spend(frame, change, taker, helps[side], -t.help_hours * theory.workforce.other_skill)
        spend(frame, change, side, planned + 0.5 * reviewed, frame.hours)
        one_firm = np.sqrt(state.identification[M] * state.identification[S])
        a_person = (reviewed * frame.share).sum(1, keepdims=True) * frame.ties_of(side)
        more = raised(state.identification[side], theory.culture.reviewed * one_firm, 1.0)
        change.identification[side] = change.identification[side] + a_person * more
    plan(frame, state, change, planned)


def plan(frame: Frame, state: State, change: Change, rate) -> None:
    """Planning that nobody decreed: understood as far as the two share a language (`jointwork.plan_together`)."""
    theory = frame.theory
    t = theory.practices
    chance = t.informal_base + (1.0 - t.informal_base) * state.words()
    done = rate * chance
    chill(state, change, rate * (1.0 - chance), theory.trust.loss * theory.trust.misunderstood)
    gain, top = theory.trust.gain * theory.trust.talk, theory.trust.ceiling_joint * t.informal_ceiling
    learn_words(frame, state, change, done, theory.language.gain * t.plan_training,
                theory.language.ceiling_joint * t.informal_ceiling)  # fmt: skip
    warm(frame, state, change, done, gain, top)
    for side in (M, S):
        change.cog[side] = change.cog[side] + done * raised(state.cog[side], gain * 0.5, top)
    change.strength = change.strength + done * theory.contact.strength_gain * (1.0 - state.clear_strength)
    understand(frame, change.heard, done)


def broker(frame: Frame, state: State, change: Change) -> None:
    """A liaison's acts: on ties in trouble first, as good as the less trusting side trusts her (`liaison.broker`)."""
    theory = frame.theory
    t, work = theory.liaison, theory.workload
    acts = frame.liaisons * (work.day_hours - work.admin_hours) * (1.0 - t.micromanaged) / t.act_hours / frame.ties
    troubled = (frame.share * state.any_open()).sum(1, keepdims=True)
    least = np.minimum(state.liaison[M], state.liaison[S])
    good = np.minimum(t.success * least * least, 1.0)
    calm = acts * (1.0 - troubled) * (1.0 - state.any_open())  # of two looks neither found trouble
    open_ties = acts * (2.0 - troubled) * state.any_open()
    for side in (M, S):
        spend(frame, change, side, calm + open_ties, t.part_hours)
        up = raised(state.liaison[side], theory.trust.gain * t.trust_gain, t.most_trust)
        a_person = ((calm + open_ties) * frame.share).sum(1, keepdims=True) * frame.ties_of(side)
        down = theory.trust.loss * t.trust_loss * state.liaison[side]
        change.liaison[side] = change.liaison[side] + a_person * (good * up - (1.0 - good) * down)
    change.contacts = change.contacts + calm + open_ties
    change.closed = change.closed + acts * (2.0 - troubled) * good
    change.strength = change.strength + calm * good * theory.contact.strength_gain * (1.0 - state.clear_strength)
    understand(frame, change.brokered, calm * good)
    learn_words(frame, state, change, calm * good, theory.language.gain, theory.language.ceiling_liaison)
    warm(frame, state, change, (calm + open_ties) * good, theory.trust.gain * theory.trust.talk,
         theory.trust.ceiling_liaison)  # fmt: skip
    chill(state, change, (calm + open_ties) * (1.0 - good), theory.trust.loss * t.distortion * (1.0 - least))
