"""What a person believes about needs and offer of a segment: a mean and how sure one is."""

from __future__ import annotations

import math

from sim.model.dice import Stream, key_of, normal, uniform
from sim.model.kernel import kernel


@kernel
def learnt(mean: float, var: float, seen: float, noise: float) -> tuple[float, float]:
    """A Gaussian belief after an observation of one's own (Kalman).

        gain = var / (var + noise);  mean += gain (seen - mean);  var *= 1 - gain

    >>> learnt(0.0, 1.0, 2.0, 1.0)
    (1.0, 0.5)
    """
    gain = var / (var + noise)
    return mean + gain * (seen - mean), var * (1.0 - gain)


@kernel(inline=True)
def observe_needs(firm, person, segment, noise, z):
    """A person sees the needs of a segment with some noise (z: standard normal)."""
    learn_needs(firm.beliefs, person, segment, firm.segments[segment]["needs"] + math.sqrt(noise) * z, noise)


@kernel(inline=True)
def learn_needs(beliefs, person, segment, seen, noise):
    """A person takes in what was seen of the needs, by oneself or by somebody who did."""
    row = beliefs[person, segment]
    mean, var = learnt(row["needs"], row["needs_var"], seen, noise)
    row["needs"] = mean
    row["needs_var"] = var


@kernel(inline=True)
def observe_offer(firm, person, segment, noise, z):
    """A person sees the offer to a segment with some noise (z: standard normal)."""
    row = firm.beliefs[person, segment]
    seen = firm.segments[segment]["offer"] + math.sqrt(noise) * z
    mean, var = learnt(row["offer"], row["offer_var"], seen, noise)
    row["offer"] = mean
    row["offer_var"] = var


@kernel(inline=True)
def hear_needs(firm, person, teller, segment, noise, z):
    """Hearsay about needs: taken over only where the teller is surer, never counted twice.

    Averaging hearsay as if it were independent makes people over-confident, so
    the better of the two beliefs is taken (covariance intersection).
    Returns the share of ignorance that went.
    """
    b = firm.beliefs
    old, told = b[person, segment]["needs_var"], b[teller, segment]["needs_var"] + noise
    if told >= old:
        return 0.0
    b[person, segment]["needs"] = b[teller, segment]["needs"] + math.sqrt(noise) * z
    b[person, segment]["needs_var"] = told
    return 1.0 - told / old


@kernel(inline=True)
def hear_offer(firm, person, teller, segment, noise, z):
    """Hearsay about the offer, as `hear_needs`."""
    b = firm.beliefs
    old, told = b[person, segment]["offer_var"], b[teller, segment]["offer_var"] + noise
    if told >= old:
        return 0.0
    b[person, segment]["offer"] = b[teller, segment]["offer"] + math.sqrt(noise) * z
    b[person, segment]["offer_var"] = told
    return 1.0 - told / old


@kernel
def tell_each_other(firm, theory, dice, m, s, understanding, entity):
    """Two people tell each other what each knows better: the salesperson of needs, the marketer of the offer.

    understanding   0..1, their common language (noise falls with it)
    Returns the mean share of ignorance that went, 0 where nothing new was said.
    """
    if theory.rooms.beliefs == 0:
        return 0.0
    segment = int(uniform(key_of(dice.seed, Stream.SUBJECT, dice.day), entity) * len(firm.segments))
    noise = theory.beliefs.exchange_noise / (theory.beliefs.exchange_noise + understanding)
    noise *= theory.market.drift_sd * theory.market.drift_sd
    key = key_of(dice.seed, Stream.NOISE, dice.day)
    gain_m = hear_needs(firm, m, s, segment, noise, normal(key, 2 * entity))
    gain_s = hear_offer(firm, s, m, segment, noise, normal(key, 2 * entity + 1))
    return (gain_m + gain_s) / 2.0


@kernel(inline=True)
def age(beliefs, person, segment, phi, new):
    """A week has passed: a picture of a moving world is a little older.

    mean' = phi mean;  var' = phi^2 var + new
    """
    row = beliefs[person, segment]
    row["needs"] *= phi
    row["offer"] *= phi
    row["needs_var"] = phi * phi * row["needs_var"] + new
    row["offer_var"] = phi * phi * row["offer_var"] + new


@kernel(inline=True)
def begin(beliefs, person, segment, needs, needs_var, offer, offer_var):
    """What somebody new believes."""
    row = beliefs[person, segment]
    row["needs"] = needs
    row["needs_var"] = needs_var
    row["offer"] = offer
    row["offer_var"] = offer_var


@kernel
def believed(truth: float, posterior: float, prior: float, z: float) -> float:
    """A belief about `truth` whose error has the posterior variance it claims, given a prior around 0.

    mean = r truth + sqrt(r posterior) z,  r = 1 - posterior / prior
    """
    r = max(1.0 - posterior / prior, 0.0)
    return r * truth + math.sqrt(r * posterior) * z
