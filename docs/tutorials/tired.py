"""A theory and two outcomes in one file: trust tires, for what one has often seen is no news.

baton run silo --theory docs/tutorials/tired.py
"""

from typing import Annotated, NamedTuple

import sim
from sim.model.kernel import guest
from sim.model.theory import GUESS, N
from sim.model.things import tie


class Numbers(NamedTuple):
    """The theory's own numbers; with a gain of 1 and no fatigue it is Baton to the bit."""

    gain: Annotated[float, N("times", 0, 3, "what a kept word is worth at first, in Baton's", GUESS)] = 1.0
    fatigue: Annotated[float, N("1/contact", 0, 1, "how much less it is worth with each contact", GUESS)] = 0.05


@guest
def rely(ties, theory, where, side, share, ceiling, own):
    """One side saw the other keep its word: it trusts the more for it, the less they have had to do with each other."""
    seen = float(ties[where]["contacts"])  # this field has 32 bits
    tie.rely(ties, theory, where, side, share * own.gain / (1.0 + own.fatigue * seen), ceiling)


day = sim.another_day(tie__rely=rely)


@sim.outcome(unit="0..1")
def reliance(run):
    """Mean of how far salespeople rely on their marketers at the end."""
    return run.ties["cog_sm"].mean()


@sim.outcome(unit="0..1")
def reliance_apart(run):
    """How unlike the ties are in that (standard deviation)."""
    return run.ties["cog_sm"].std()
