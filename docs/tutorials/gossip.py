"""Another theory in one file: team-mates pass on how far they trust people of the other team.

    baton run --day docs/tutorials/gossip.py

The day is the model's own with one mechanism in front. Who has heard something,
how often, and what it did to trust is kept in the firm's `guest` array, which
no rule of the model touches:

    guest.a   how readily this person gossips, drawn once for the seat (0 before that)
    guest.b   pieces of gossip that fell on a common acquaintance
    guest.c   what they did to trust in all (negative: they made it worse)
"""

from sim.model.day import day as model_day
from sim.model.dice import Stream, key_for, key_of, pick, share
from sim.model.firm import M, S, Team
from sim.model.kernel import guest

WEEKLY = 0.5  # gossip a week that a person of mean readiness hears from each mate (our guess)
TAKEN_OVER = 0.1  # share of the difference that one piece of good news closes (our guess)
BAD_NEWS = 2.0  # times as much where the news is bad (our guess; bad is stronger than good)


@guest
def day(firm, theory, dice):
    """A day that begins with what people say about third persons."""
    pass_on_trust(firm, dice)
    model_day(firm, theory, dice)


@guest
def pass_on_trust(firm, dice):
    """One hears from a mate how far the mate trusts somebody whom both know, and moves toward it.

    Each pair of mates has its turn by a draw keyed by the pair, so nobody's
    luck depends on who else is there.
    """
    people, mates, notes = firm.people, firm.mates, firm.guest
    readiness = key_of(dice.seed, Stream.GUEST, 0)
    today = key_of(dice.seed, Stream.GUEST, dice.day + 1)
    for i in range(firm.ledger[0]["n_people"]):
        if notes[i]["a"] == 0.0 and people[i]["working"] == 1:
            notes[i]["a"] = 2.0 * share(key_for(readiness, people[i]["seat"]))
    for row in range(firm.ledger[0]["n_mates"]):
        hears, tells = mates[row]["a"], mates[row]["b"]
        own = key_for(today, mates[row]["key"])
        if people[tells]["n_ties"] == 0 or share(own) > WEEKLY / 5.0 * notes[tells]["a"]:
            continue
        theirs = firm.links[people[tells]["first"] + pick(own, people[tells]["n_ties"])]["tie"]
        mine = same_acquaintance(firm, hears, tells, theirs)
        if mine >= 0:
            moved = hear_about(firm, people[hears]["team"] == Team.SALES, mine, theirs)
            notes[hears]["b"] += 1.0
            notes[hears]["c"] += moved


@guest
def same_acquaintance(firm, hears, tells, theirs):
    """The tie of the one who hears to the person at the far end of the teller's tie, or -1."""
    ties, people = firm.ties, firm.people
    about = ties[theirs]["m"] if ties[theirs]["s"] == tells else ties[theirs]["s"]
    for row in range(people[hears]["first"], people[hears]["first"] + people[hears]["n_ties"]):
        tie = firm.links[row]["tie"]
        if ties[tie]["m"] == about or ties[tie]["s"] == about:
            return tie
    return -1


@guest
def hear_about(firm, sales, mine, theirs):
    """Trust in the common acquaintance moves toward the teller's; returns by how much."""
    trust = firm.ties["cog"][:, S if sales else M]
    difference = trust[theirs] - trust[mine]
    step = TAKEN_OVER * difference
    if difference < 0.0:
        step *= BAD_NEWS
    trust[mine] += step
    return step
