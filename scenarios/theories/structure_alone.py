"""Structure alone: rules, records, distance and who reports to whom do it all; what people feel and learn does nothing.

    baton run silo --theory structure-alone

Organizations work by their design: tasks divided by what the environment asks,
and put together again by integrating devices that are chosen (Lawrence and
Lorsch 1967, Organization and environment; Galbraith 1973, Designing complex
organizations). Among Marketing and Sales the firms that do best have strong
structural linkages (F11).

What is another than in Baton: trust, liking and language stay as the firm began
with them, and move nothing; no grievance comes of scope or of a missed quarter.
Of a lead as much is told as rules of engagement and the shared record carry,
and distance delays; a rep follows it up by what it looks like, by rules, by
shared metrics and by how full the day is.
"""

from typing import Annotated, NamedTuple

from sim.model.another_day import another_day
from sim.model.firm import LOGGED
from sim.model.formulas import raised
from sim.model.kernel import guest
from sim.model.rules import selling
from sim.model.theory import GUESS, N
from sim.model.things.practice import ruled


class Numbers(NamedTuple):
    """What the theory adds."""

    bare: Annotated[float, N("0..1", 0, 1, "share of what is known of a lead that is told without any rule", GUESS)] = (
        0.2
    )
    by_rule: Annotated[float, N("0..1", 0, 1, "share of the rest that kept rules of engagement carry", GUESS)] = 0.5


NEUTRAL = 0.5  # trust that neither helps nor hinders


@guest
def told(firm, theory, where, flags, day, own):
    """What is told of a lead: by rules, and by the shared record as in Baton."""
    context = raised(own.bare, own.by_rule * ruled(firm, firm.ties[where]["m"]), 1.0)
    return raised(context, theory.handoff.recorded, 1.0) if flags & LOGGED else context


@guest
def chance_of_follow_up(theory, trust, seen, context, load, experience, rules, metrics, pressure):
    """A rep tries a lead by what it looks like and what the rules ask, whoever sent it."""
    return selling.chance_of_follow_up(theory, NEUTRAL, seen, context, load, experience, rules, metrics, pressure)


day = another_day(
    relax_trust=None, form_attitudes=None, forget_words=None, quarrel_over_scope=None, blame_for_quarter=None,
    tie__warm_one=None, tie__chill_one=None, rely=None, doubt=None, share_words=None,
    told=told, chance_of_follow_up=chance_of_follow_up,
)  # fmt: skip
