"""Customers' needs and the firm's offer drift; rivals and the digital share move; trade shows come."""

from __future__ import annotations

import math

from sim.model.arithmetic import exp
from sim.model.dice import Stream, key_of, normal, normal_at, uniform
from sim.model.firm import WEEK, YEAR
from sim.model.kernel import kernel
from sim.model.things import belief, ledger, segment


@kernel
def move_market(firm, theory, dice):
    """Needs and offer wander, jump now and then, and return; the rest creeps.

    Both truths are mean-reverting, so that ignorance stays bounded:

        x' = phi x + sd sqrt(1 - phi^2) z + jump,  phi = exp(-1 / drift_days)

    All draws belong to the market: two organizations with one seed see the same needs.
    Source: two thought worlds (F10); rivals and digital share, seed 002; the process is our choice.
    """
    if theory.rooms.market == 0:
        return
    market, segments = theory.market, firm.segments
    phi = exp(-1.0 / market.drift_days)
    step = market.drift_sd * math.sqrt(1.0 - phi * phi)
    key_needs = key_of(dice.seed, Stream.NEEDS, dice.day)
    key_offer = key_of(dice.seed, Stream.OFFER, dice.day)
    jump_needs = key_of(dice.seed, Stream.NEEDS_JUMP, dice.day)
    jump_offer = key_of(dice.seed, Stream.OFFER_JUMP, dice.day)
    for k in range(len(segments)):
        segment.wander(segments, k, phi, step * normal(key_needs, k), step * normal(key_offer, k))
        segment.jump(segments, k, jump_of(market, uniform(jump_needs, k)), jump_of(market, uniform(jump_offer, k)))
        segment.catch_up(segments, k, market.rivals_growth / YEAR)
    ledger.digitize(firm.ledger, market.digital_growth)


@kernel(inline=True)
def jump_of(market, u):
    """How far something jumps today: nothing, but for a small share of the draws.

    market   theory.market
    """
    if u < market.jump_rate:
        return market.jump_sd * market.drift_sd * normal_at(u / market.jump_rate)
    return 0.0


@kernel
def hold_trade_show(firm, theory, dice):
    """On some days, which the market decides, a trade show brings a burst of prospects."""
    show = uniform(key_of(dice.seed, Stream.EVENT, dice.day), 0) < theory.market.event_rate / YEAR
    ledger.set_burst(firm.ledger, 1.0 + theory.market.event_burst if show else 1.0)


@kernel
def forget_weekly(firm, theory, dice):
    """At the week's end everybody's picture of a moving world is a little older: beliefs drift as the truths do.

    mean' = phi mean;  var' = phi^2 var + sd^2 (1 - phi^2) + jumps
    """
    if dice.day % WEEK != WEEK - 1 or theory.rooms.market == 0:
        return
    market = theory.market
    phi = exp(-WEEK / market.drift_days)
    variance = market.drift_sd * market.drift_sd
    jump = market.jump_sd * market.jump_sd * variance * market.jump_rate * WEEK
    new = variance * (1.0 - phi * phi) + jump
    for i in range(firm.ledger[0]["n_people"]):
        for k in range(len(firm.segments)):
            belief.age(firm.beliefs, i, k, phi, new)
