"""Thought worlds: what divides the teams is what their words mean, and trust is beside the point.

    baton run silo --theory thought-worlds

Departments are worlds of thought: each knows what it knows by its own daily
work, takes the rest for less important, and routines keep it so. People of two
worlds understand of each other what they have words for already, and learn new
words mainly where they do something together (Dougherty 1992, Interpretive
barriers to successful product innovation in large firms, Organization Science
3; thought worlds of Marketing and Sales: Homburg and Jensen 2007, F10). What
psychological distance cuts is trust in competence alone (F45).

What is another than in Baton: of a lead as much is told as two people share
words, however they trust each other; a rep follows a lead up by what is seen
and understood of it; words are learnt the more slowly the fewer are shared;
daily routine pulls back to one's own words. Trust goes on moving, and carries
nothing into the funnel.
"""

from typing import Annotated, NamedTuple

from sim.model.another_day import another_day
from sim.model.arithmetic import exp
from sim.model.firm import LOGGED, WEEK
from sim.model.formulas import clip, raised
from sim.model.kernel import guest
from sim.model.rules import selling
from sim.model.theory import GUESS, N
from sim.model.things import language


class Numbers(NamedTuple):
    """What the theory adds."""

    deafness: Annotated[
        float, N("0..1", 0, 1, "share of a lesson that is lost on two people without a common word", GUESS)
    ] = 0.6
    routine: Annotated[
        float, N("times", 0, 10, "how much faster words fade than in Baton: daily work is in one's own", GUESS)
    ] = 2.0
    meaning: Annotated[
        float, N("0..1", 0, 2, "share of what is known of a lead that two people with one language tell", GUESS)
    ] = 0.9


NEUTRAL = 0.5  # trust that neither helps nor hinders: it does neither here


@guest
def share_words(people, theory, m, s, share, ceiling, own):
    """Two people learn each other's words: the fewer they have in common, the less of it is understood."""
    common = language.common(people, m, s)
    language.share_words(people, theory, m, s, share * (1.0 - own.deafness * (1.0 - common)), ceiling)


@guest
def forget_words(firm, theory, dice, own):
    """At the week's end daily work has brought everybody back toward the own team's words."""
    if dice.day % WEEK != WEEK - 1:
        return
    for i in range(firm.ledger[0]["n_people"]):
        words, first = firm.people[i]["language"], theory.language.initial
        if words > first:
            firm.people[i]["language"] = words + min(own.routine * theory.language.fade, 1.0) * (first - words)


@guest
def told(firm, theory, where, flags, day, own):
    """What is told of a lead: as much as there are words for, by the record and by who talked today as in Baton."""
    t, ties = theory.handoff, firm.ties
    context = clip(own.meaning * language.common(firm.people, ties[where]["m"], ties[where]["s"]), 0.0, 1.0)
    if flags & LOGGED:
        context = raised(context, t.recorded, 1.0)
    return raised(context, t.passing * exp((ties[where]["talked"] - day) / t.fresh_days), 1.0)


@guest
def chance_of_follow_up(theory, trust, seen, context, load, experience, rules, metrics, pressure):
    """A rep tries a lead by what it looks like and what is understood of it, whoever sent it."""
    return selling.chance_of_follow_up(theory, NEUTRAL, seen, context, load, experience, rules, metrics, pressure)


day = another_day(language__share_words=share_words, forget_words=forget_words, told=told,
                  chance_of_follow_up=chance_of_follow_up)  # fmt: skip
