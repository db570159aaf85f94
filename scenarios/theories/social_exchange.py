"""Social exchange: people do for each other what they expect to come back, and trust is the account of it.

    baton run silo --theory social-exchange

Help obliges: it is given without a price and expected to be returned; trust
grows where it is, slowly and from small beginnings, and who has given more than
came back gives no more (Blau 1964, Exchange and power in social life; Gouldner
1960, The norm of reciprocity, American Sociological Review 25). That liking
weighs more than judgement between the two teams agrees with it (F45).

What is another than in Baton: a favour that is returned warms the giver more,
an account that stays open cools whoever gave more, week by week; a talk warms
only so far as the account is even; what is told of a lead, and whether it is
followed up, goes by trust and by what is owed, and words are no barrier.
"""

from typing import Annotated, NamedTuple

from sim.model.another_day import another_day
from sim.model.arithmetic import exp
from sim.model.firm import LOGGED, WEEK, M, S
from sim.model.formulas import clip, raised
from sim.model.kernel import guest
from sim.model.rules import trust as model_trust
from sim.model.theory import GUESS, N
from sim.model.things import tie


class Numbers(NamedTuple):
    """What the theory adds."""

    resentment: Annotated[
        float, N("1/week", 0, 1, "share of liking that a favour which is not returned costs whoever gave it", GUESS)
    ] = 0.02
    fairness: Annotated[float, N("0..1", 0, 1, "how far an open account holds back what talk would warm", GUESS)] = 0.7
    owed: Annotated[float, N("0..1", 0, 1, "how much more is told to whom one owes a favour", GUESS)] = 0.3
    plain: Annotated[
        float, N("0..1", 0, 1, "share of what is known that words carry between any two people", GUESS)
    ] = 0.5


@guest
def warm_one(ties, theory, where, side, share, ceiling, own):
    """One side likes the other more, the less the account between them is open."""
    tie.warm_one(ties, theory, where, side, share * (1.0 - own.fairness * abs(ties[where]["favours"])), ceiling)


@guest
def relax_trust(firm, theory, dice, own):
    """At the week's end idle ties have cooled as in Baton, and open accounts have cooled whoever gave more."""
    model_trust.relax_trust(firm, theory, dice)
    if dice.day % WEEK != WEEK - 1:
        return
    for e in range(firm.ledger[0]["n_ties"]):
        favours = firm.ties[e]["favours"]  # above 0 Marketing gave more
        if favours != 0.0:
            tie.chill_one(firm.ties, theory, e, M if favours > 0.0 else S, own.resentment * abs(favours))


@guest
def told(firm, theory, where, flags, day, own):
    """What is told of a lead: by the receiver's trust, and more where Marketing owes a favour."""
    t, row = theory.handoff, firm.ties[where]
    context = own.plain * (t.told + t.told_trust * tie.trust_in(firm.ties, theory, where, S))
    context = raised(clip(context, 0.0, 1.0), own.owed * max(-row["favours"], 0.0), 1.0)
    if flags & LOGGED:
        context = raised(context, t.recorded, 1.0)
    return raised(context, t.passing * exp((row["talked"] - day) / t.fresh_days), 1.0)


day = another_day(tie__warm_one=warm_one, relax_trust=relax_trust, told=told)
