"""Trust in a tie between events: it returns to the attitude, is eaten by grievances, and shapes the attitude."""

from __future__ import annotations

from sim.model.firm import WEEK, M, S, Team
from sim.model.kernel import kernel
from sim.model.things import person, tie


@kernel
def relax_trust(firm, theory, dice):
    """At the week's end idle ties have moved toward the attitude, and open grievances have eaten some trust."""
    if dice.day % WEEK != WEEK - 1:
        return
    ties, attitude = firm.ties, firm.people["attitude"]
    for e in range(firm.ledger[0]["n_ties"]):
        tie.idle(ties, theory, e, attitude[ties[e]["m"]], attitude[ties[e]["s"]])


@kernel
def form_attitudes(firm, theory, dice):
    """At the week's end an attitude has moved toward one's own experience, team-mates' attitudes and its anchor.

    One's picture of the other team is made by those whom one deals with: each counts by how familiar they are.
    """
    if dice.day % WEEK != WEEK - 1:
        return
    t, people, ties, link = theory.trust, firm.people, firm.ties, firm.links["tie"]
    for i in range(firm.ledger[0]["n_people"]):
        n, first = people[i]["n_ties"], people[i]["first"]
        if n == 0:
            continue
        side = S if people[i]["team"] == Team.SALES else M
        total, known = 0.0, 0.0
        for row in range(first, first + n):
            familiar = ties[link[row]]["strength"] + theory.structure.small
            total += familiar * tie.trust_in(ties, theory, link[row], side)
            known += familiar
        person.look_across(people, i, total / known, known)
        if theory.rooms.trust == 1:
            person.follow(people, i, people[i]["mean_trust"], t.attitude_follows)
            person.follow(people, i, people[i]["anchor"], t.attitude_anchor)
    a, b = firm.mates["a"], firm.mates["b"]
    if theory.rooms.trust == 1 and theory.workforce.mates > 0:
        pull = t.attitude_mates / theory.workforce.mates
        for row in range(firm.ledger[0]["n_mates"]):
            person.follow(people, a[row], people[b[row]]["attitude"], pull)
