"""A segment of the market: what its customers need, what the firm really brings them, how near the best rival is."""

from __future__ import annotations

from sim.model.arithmetic import power
from sim.model.firm import YEAR
from sim.model.formulas import toward
from sim.model.kernel import kernel


@kernel(inline=True)
def begin(segments, k, needs, offer, rivals):
    """A segment on day 0."""
    segments[k]["needs"] = needs
    segments[k]["offer"] = offer
    segments[k]["rivals"] = rivals


@kernel(inline=True)
def wander(segments, k, phi, needs, offer):
    """Needs and offer return a little to the mean and take a step."""
    segments[k]["needs"] = phi * segments[k]["needs"] + needs
    segments[k]["offer"] = phi * segments[k]["offer"] + offer


@kernel(inline=True)
def jump(segments, k, needs, offer):
    """Needs and offer move at once."""
    segments[k]["needs"] += needs
    segments[k]["offer"] += offer


@kernel(inline=True)
def catch_up(segments, k, more):
    """Rivals come nearer to the needs."""
    segments[k]["rivals"] = min(max(segments[k]["rivals"] + more, 0.0), 1.0)


@kernel(inline=True)
def redesign(segments, k, needs, share):
    """A product decision: the offer moves a share of the way to the needs as they are believed to be."""
    segments[k]["offer"] = toward(segments[k]["offer"], needs, share)


@kernel(inline=True)
def picture(segments, k, q, thought):
    """A decision is prepared: it rests on this picture of the needs, or of the offer."""
    segments[k]["thought"][q] = thought


@kernel
def market_size(market, day):
    """Prospects of a day, times those of day 0 in the default.

        size (1 + growth)^(day / 260)

    market   theory.market
    """
    if market.growth == 0.0:
        return market.size + 0.0
    return market.size * power(1.0 + market.growth, day / YEAR)


@kernel
def rivals_spend(market, day):
    """Rivals' budgets for marketing, times those of day 0.

        (1 + rivals_marketing)^(day / 260)

    market   theory.market
    """
    if market.rivals_marketing == 0.0:
        return 1.0
    return power(1.0 + market.rivals_marketing, day / YEAR)
