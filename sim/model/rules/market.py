"""Customers' needs and the firm's offer drift; rivals and the digital share move; trade shows come."""

from __future__ import annotations

import math

from sim.model.dice import Stream, key_of, normal, normal_at, uniform
from sim.model.firm import WEEK, YEAR
from sim.model.kernel import kernel


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
    market, segments, ledger = theory.market, firm.segments, firm.ledger
    phi = math.exp(-1.0 / market.drift_days)
    step = market.drift_sd * math.sqrt(1.0 - phi * phi)
    jump = market.jump_sd * market.drift_sd
    key_needs = key_of(dice.seed, Stream.NEEDS, dice.day)
    key_offer = key_of(dice.seed, Stream.OFFER, dice.day)
    jump_needs = key_of(dice.seed, Stream.NEEDS_JUMP, dice.day)
    jump_offer = key_of(dice.seed, Stream.OFFER_JUMP, dice.day)
    for k in range(len(segments)):
        segments[k]["needs"] = phi * segments[k]["needs"] + step * normal(key_needs, k)
        segments[k]["offer"] = phi * segments[k]["offer"] + step * normal(key_offer, k)
        u = uniform(jump_needs, k)
        if u < market.jump_rate:
            segments[k]["needs"] += jump * normal_at(u / market.jump_rate)
        u = uniform(jump_offer, k)
        if u < market.jump_rate:
            segments[k]["offer"] += jump * normal_at(u / market.jump_rate)
        rivals = segments[k]["rivals"] + market.rivals_growth / YEAR
        segments[k]["rivals"] = min(max(rivals, 0.0), 1.0)
    ledger[0]["digital"] += (1.0 - ledger[0]["digital"]) * market.digital_growth / YEAR


@kernel
def hold_trade_show(firm, theory, dice):
    """On some days, which the market decides, a trade show brings a burst of prospects."""
    ledger = firm.ledger
    ledger[0]["burst"] = 1.0
    if uniform(key_of(dice.seed, Stream.EVENT, dice.day), 0) < theory.market.event_rate / YEAR:
        ledger[0]["burst"] = 1.0 + theory.market.event_burst


@kernel
def forget_weekly(firm, theory, dice):
    """At the week's end everybody's picture of a moving world is a little older: beliefs drift as the truths do.

    mean' = phi mean;  var' = phi^2 var + sd^2 (1 - phi^2) + jumps
    """
    if dice.day % WEEK != WEEK - 1 or theory.rooms.market == 0:
        return
    market, b = theory.market, firm.beliefs
    needs, offer, needs_var, offer_var = b["needs"], b["offer"], b["needs_var"], b["offer_var"]
    phi = math.exp(-WEEK / market.drift_days)
    variance = market.drift_sd * market.drift_sd
    jump = market.jump_sd * market.jump_sd * variance * market.jump_rate * WEEK
    new = variance * (1.0 - phi * phi) + jump
    for i in range(firm.ledger[0]["n_people"]):
        for k in range(len(firm.segments)):
            needs[i, k] *= phi
            offer[i, k] *= phi
            needs_var[i, k] = phi * phi * needs_var[i, k] + new
            offer_var[i, k] = phi * phi * offer_var[i, k] + new
