"""Who is drawn, and where: one desk a person, or one for several where they are many."""

from __future__ import annotations

from sim.model.day_zero.seats import KINDS
from sim.model.firm import Team
from sim.model.kernel import kernel
from sim.model.showing.watch import ALONE, NOBODY, WAS_MARKETER

SHOWN_ALONE, MARKS = 60, 40  # most people a side who are drawn one by one; about as many marks where one is several
TEN, TWICE, FIVE = 10, 2, 5  # the round numbers: 1, 2, 5, 10, 20, 50, …
LIAISONS = 1 << 30  # numbers of desks from here on are liaisons'
TEAMS = len(Team)


@kernel
def round_up(number: float) -> int:
    """The next of the round numbers that is not below.

    >>> [round_up(n) for n in (0.3, 1.0, 3.0, 6.0, 100.0, 101.0)]
    [1, 1, 5, 10, 100, 200]
    """
    ten = 1
    while ten * TEN < number:
        ten *= TEN
    if number <= ten:
        return ten
    if number <= TWICE * ten:
        return TWICE * ten
    return FIVE * ten if number <= FIVE * ten else TEN * ten


@kernel
def people_a_desk(most: int) -> int:
    """How many people one desk stands for, where a team comes to have so many at most."""
    return 1 if most <= SHOWN_ALONE else round_up(most / MARKS)


@kernel(inline=True)
def desk_of(people, row, per):
    """The number of a person's desk: the person's own row, or one of a group of neighbours; of nobody, none.

    It goes by the seat, so that it stays as people come and go; liaisons always have a desk of their own.
    """
    if row < 0:
        return NOBODY
    if per == 1:
        return row + 0
    if people[row]["team"] == Team.LIAISON:
        return LIAISONS + row
    return KINDS * (people[row]["seat"] // KINDS // per) + people[row]["team"]


@kernel(inline=True)
def stands_before(team, place, desk):
    """Whether a desk of a team, at a place, is told before another: liaisons, then marketers, then salespeople."""
    one, other = (team + 1) % TEAMS, (desk["kind"] + 1) % TEAMS
    return one < other or (one == other and place < desk["place"])


@kernel
def lay_out_desks(firm, watch):
    """Every desk where somebody works, into the frame: its number, whose it is, how many sit there, its place."""
    people, desks, per, n = firm.people, watch.desks, watch.notes[0]["per_desk"], 0
    for row in range(firm.ledger[0]["n_people"]):
        team, seat = people[row]["team"] + 0, people[row]["seat"] + 0
        if people[row]["working"] != 1:
            continue
        number, alone = desk_of(people, row, per), per == 1 or team == Team.LIAISON
        shared = NOBODY
        if not alone:
            shared = place_of(desks, n, number)
        if shared >= 0:
            desks[shared]["n"] += 1
            continue
        place = seat // KINDS if per == 1 else seat // KINDS // per
        at = n
        while at > 0 and stands_before(team, place, desks[at - 1]):
            desks[at] = desks[at - 1]
            at -= 1
        desk = desks[at]
        desk["id"], desk["kind"], desk["n"] = number, team, 1
        desk["row"], desk["place"], desk["seat"] = row, place, seat
        came_over = team == Team.LIAISON and seat % KINDS == Team.MARKETING
        desk["bits"] = (ALONE if alone else 0) | (WAS_MARKETER if came_over else 0)
        n += 1
    watch.head[0]["n_desks"] = n


@kernel
def place_of(desks, n, number):
    """Where among the first n desks the one of a number stands, or -1."""
    for k in range(n):
        if desks[k]["id"] == number:
            return k
    return NOBODY


@kernel
def see_who_is_there(firm, watch):
    """Whether somebody came, went or changed sides since this was last asked; from now on it is known."""
    people, seated, n = firm.people, watch.seated, firm.ledger[0]["n_people"]
    others = n != watch.notes[0]["n_people"]
    for row in range(n):
        if seated[row]["team"] != people[row]["team"] or seated[row]["working"] != people[row]["working"]:
            others = True
        seated[row]["team"] = people[row]["team"]
        seated[row]["working"] = people[row]["working"]
    watch.notes[0]["n_people"] = n
    return 1 if others else 0
