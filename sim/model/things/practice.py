"""An agreed way of working: decreed, in force or not, kept by whom; what it costs, is worth and is for.

A practice is a row: its mode, weekly hours and worth stand in the theory (`practices.NAME`, `hours_NAME`,
`worth_NAME`), and below stands which remembered problem it is for. One more needs its name in `Practice`, its numbers
in the theory, its problem below, and what it takes to work in `works`.
"""

from __future__ import annotations

import math

from sim.model.arithmetic import power
from sim.model.firm import N_PRACTICES, NEVER, Practice, Problem
from sim.model.kernel import kernel

# what a practice is for: how much of each remembered problem it solves, and whether only where the offer is complex
_FOR = {
    Practice.RULES: ({Problem.TROUBLE: 1.0}, False),
    Practice.EVENTS: ({Problem.STRANGENESS: 1.0}, False),
    Practice.MEETINGS: ({Problem.IGNORANCE: 1.0}, True),
    Practice.FEEDBACK_LOOP: ({Problem.CONTEXT: 1.0}, True),
    Practice.JOINT_PLANNING: ({Problem.IGNORANCE: 1.0}, True),
    Practice.KEY_ACCOUNTS: ({Problem.LOST: 1.0}, True),
    Practice.SHARED_METRICS: ({Problem.TROUBLE: 0.5, Problem.LOST: 0.5}, False),
    Practice.ROTATION: ({Problem.IGNORANCE: 1.0}, True),
}
SOLVES = tuple(tuple(_FOR[q][0].get(problem, 0.0) for problem in Problem) for q in Practice)
WHERE_COMPLEX = tuple(float(_FOR[q][1]) for q in Practice)


@kernel
def keeps(bits: int, practice: int) -> bool:
    """Whether a person keeps (or supports) a practice.

    >>> keeps(5, 0), keeps(5, 1), keeps(5, 2)
    (True, False, True)
    """
    return ((bits >> practice) & 1) == 1


@kernel(inline=True)
def both_keep(people, m, s, practice):
    """Whether two people keep a practice."""
    return keeps(people[m]["complies"], practice) and keeps(people[s]["complies"], practice)


@kernel(inline=True)
def ruled(firm, i):
    """How far rules of engagement are in force for a person (0..1): kept, or needless because everybody sees everybody.

    Kept against one's will they are rules on paper (M6). In a handful of people who does what is seen without rules
    (F07), so there rules bring nothing but their hours.
    """
    return 1.0 if keeps_willingly(firm.people, i, Practice.RULES) else firm.ledger[0]["overview"]


@kernel(inline=True)
def keeps_willingly(people, i, practice):
    """Whether a person keeps a practice and wants it."""
    return keeps(people[i]["complies"] & people[i]["willing"], practice)


@kernel(inline=True)
def pressed(firm, i):
    """How hard the month's quota presses a person (0..1): not who is judged by shared measures, and wants to be."""
    return 0.0 if keeps_willingly(firm.people, i, Practice.SHARED_METRICS) else firm.ledger[0]["pressure"]


@kernel(inline=True)
def kept(practices, q):
    """The share of people who keep a practice, mean of both teams (0..1)."""
    return (practices[q]["kept"][0] + practices[q]["kept"][1]) / 2.0


@kernel
def problem_it_solves(felt, q, complexity):
    """How strongly a person remembers the problem that a practice is for (0..1).

    felt         (problems,) what the person remembers
    complexity   of the offer, at most 1
    """
    problem = 0.0
    for k in range(len(felt)):
        problem += SOLVES[q][k] * felt[k]
    return problem * (complexity if WHERE_COMPLEX[q] > 0.0 else 1.0)


@kernel
def works(practices, q, trust, language, ease, rules_kept, loop_kept):
    """How well a practice works between people of some trust and language (0..1 and a little more).

    This is what people expect of it when they decide whether to want it; its acts
    (`rules/jointwork.py`) ask for the same trust and language in formulas of their
    own. Which practice needs how much of either is our assumption, and the order of
    adoption rests on it (ablations in experiments/).
    """
    t = practices
    near = min(ease, t.most_ease)
    if q == Practice.RULES:
        return power(max(trust, 0.0), t.rules_trust)
    if q == Practice.EVENTS:
        return math.sqrt(max(trust, 0.0)) * min(near, 1.0)
    if q == Practice.MEETINGS:
        return (t.meet_base + t.meet_language * language + t.meet_trust * trust) * near
    if q == Practice.FEEDBACK_LOOP:
        shared = language + (1.0 - language) * 0.5 * rules_kept
        return shared * math.sqrt(max(trust, 0.0))
    if q == Practice.JOINT_PLANNING or q == Practice.KEY_ACCOUNTS:
        return math.sqrt(max(language, 0.0)) * trust * near
    if q == Practice.SHARED_METRICS:
        return trust * trust * (t.metrics_base + (1.0 - t.metrics_base) * loop_kept)
    return language * trust * near


@kernel(inline=True)
def decree(practices, q, day):
    """A practice is in force from today, as fresh as it can be."""
    practices[q]["since"] = day
    renew(practices, q, day)


@kernel(inline=True)
def renew(practices, q, day):
    """A decree is made fresh again."""
    practices[q]["decreed"] = day
    practices[q]["push"] = 1.0


@kernel(inline=True)
def drop(practices, q):
    """A practice is in force no more."""
    practices[q]["decreed"] = NEVER
    practices[q]["since"] = NEVER


@kernel(inline=True)
def prepare(practices, q, day):
    """A decree is in preparation: it takes effect on a day."""
    practices[q]["pending"] = day


@kernel(inline=True)
def lose_force(practices, q, kept):
    """What is left of a decree's force becomes less; what was in preparation is given up."""
    practices[q]["push"] *= kept
    give_up(practices, q)


@kernel(inline=True)
def give_up(practices, q):
    """What is in preparation is prepared no more."""
    practices[q]["pending"] = NEVER


@kernel(inline=True)
def see(practices, q, side, share):
    """A head's view of a practice follows the team's support and compliance."""
    row = practices[q]
    row["view"][side] += share * (row["support"][side] - row["view"][side])
    row["noticed"][side] += share * (row["kept"][side] - row["noticed"][side])


@kernel(inline=True)
def halve_view(practices, q, side):
    """A new head sees half of what the old one saw."""
    practices[q]["view"][side] *= 0.5


@kernel(inline=True)
def announce(practices, q, day):
    """What was in preparation takes effect, and both heads see everybody at it."""
    practices[q]["pending"] = NEVER
    decree(practices, q, day)
    practices[q]["noticed"][0] = 1.0
    practices[q]["noticed"][1] = 1.0


@kernel(inline=True)
def begin_count(practices, q, force, wear):
    """A vote begins: the force that decree and mandate add, what is left of the decree, and empty counts."""
    row = practices[q]
    row["force"] = force
    row["push"] *= wear
    for side in range(2):
        row["support"][side] = 0.0
        row["count"][side] = 0.0
        row["willing"][side] = 0.0


@kernel(inline=True)
def vote(practices, q, side, support):
    """One person's support is counted."""
    practices[q]["support"][side] += support


@kernel(inline=True)
def count_in(practices, q, side, willing):
    """One person keeps a practice, and believes in it or not."""
    practices[q]["count"][side] += 1.0
    if willing:
        practices[q]["willing"][side] += 1.0


@kernel(inline=True)
def share_out(practices, q, side, voters):
    """The month's counts become shares of those who could vote."""
    row = practices[q]
    row["kept"][side] = row["count"][side] / voters
    row["believe"][side] = row["willing"][side] / voters
    row["support"][side] /= voters


@kernel(inline=True)
def take_up(people, i, complies, willing):
    """What a person keeps and what he supports, from now on."""
    people[i]["complies"] = complies
    people[i]["willing"] = willing


@kernel(inline=True)
def add_to(people, i, q, willing):
    """A person keeps one practice more from now on."""
    people[i]["complies"] |= 1 << q
    if willing:
        people[i]["willing"] |= 1 << q


@kernel
def begin(practices):
    """Nothing is agreed on day 0, and nothing is in preparation."""
    for q in range(N_PRACTICES):
        drop(practices, q)
        practices[q]["pending"] = NEVER
