"""The common language fades without use, back to what a beginner brings."""

from __future__ import annotations

from sim.model.firm import WEEK
from sim.model.formulas import toward
from sim.model.kernel import kernel


@kernel
def forget_words(firm, theory, dice):
    """At the week's end everybody's language has faded a little; what is used is kept by use.

    language' = language + fade (initial - language)
    """
    if dice.day % WEEK != WEEK - 1 or theory.rooms.language == 0:
        return
    language = firm.people["language"]
    for i in range(firm.ledger[0]["n_people"]):
        if language[i] > theory.language.initial:
            language[i] = toward(language[i], theory.language.initial, theory.language.fade)
