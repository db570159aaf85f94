"""Another theory in one file: people are stubborn, and on some days nobody speaks up across the gap.

baton run silo --theory docs/tutorials/stubborn.py
"""

from typing import Annotated, NamedTuple

import sim
from sim.model.kernel import guest
from sim.model.rules import contact
from sim.model.theory import GUESS, N


class Numbers(NamedTuple):
    """The theory's own numbers: set, swept and checked as the model's are."""

    stubbornness: Annotated[float, N("0..1", 0, 1, "share of a cycle in which nobody speaks up", GUESS)] = 0.5
    cycle: Annotated[int, N("days", 1, 65, "how long a cycle of silence and talk takes", GUESS)] = 10


class Notes(NamedTuple):
    """What people note of it, in the columns of the firm's guest array: the first field is `a`."""

    silent: Annotated[float, N("days", 0, 1e6, "days on which one kept quiet", GUESS)] = 0.0


@guest
def talk(firm, theory, dice, own):
    """In the first part of each cycle nobody speaks up; then people talk as in Baton."""
    if dice.day % own.cycle >= own.stubbornness * own.cycle:
        contact.talk(firm, theory, dice)
    else:
        for i in range(firm.ledger[0]["n_people"]):
            firm.guest[i]["a"] += 1.0


day = sim.another_day(talk=talk)


@sim.outcome(unit="days", meaning="days on which people kept quiet")
def silent_days(run):
    return run.state.firm.guest["a"].max()
