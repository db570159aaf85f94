"""Special terms: asked for to win, disputed beyond a limit, paid for every year (seed 004)."""

from __future__ import annotations

from sim.model.dice import Stream, uniform
from sim.model.firm import SPECIAL, M
from sim.model.kernel import kernel
from sim.model.things.grievance import complain
from sim.model.things.tie import tie_of, trust_in


@kernel(inline=True)
def argue_about_terms(firm, theory, dice, lead):
    """Marketing objects to special terms beyond what it can live with, unless a limit with approval settles it.

    With an approval process terms stay within the limit, so there is nothing to argue about; deals wait for it.
    """
    t = theory.customization
    if theory.rooms.customization == 0 or not firm.leads[lead]["flags"] & SPECIAL:
        return
    if t.approval == 1 or firm.ledger[0]["special_deals"] <= t.limit:
        return
    tie = tie_of(firm, lead)
    if tie < 0:
        return
    chance = t.dispute * (1.0 - firm.ledger[0]["clarity"]) * (1.0 - trust_in(firm.ties, theory, tie, M))
    if uniform(firm.leads[lead]["key"], Stream.CREDIT) < chance:
        complain(firm, theory, tie, M, dice.day)
