"""The common language fades without use, back to what a beginner brings."""

from __future__ import annotations

from sim.model.firm import WEEK
from sim.model.kernel import kernel
from sim.model.things import language


@kernel
def forget_words(firm, theory, dice):
    """At the week's end everybody's language has faded a little; what is used is kept by use."""
    if dice.day % WEEK != WEEK - 1 or theory.rooms.language == 0:
        return
    for i in range(firm.ledger[0]["n_people"]):
        language.forget(firm.people, theory, i)
