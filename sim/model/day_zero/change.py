"""What happens to an organization from outside of its days: other levers, shocks, seats opened and closed.

Every function takes the simulation (`sim.model.drive`) that it changes: here room is made, rules fill it.
"""

from __future__ import annotations

import numpy as np

from sim.errors import InputError
from sim.model import network
from sim.model.day_zero import seats, shocks, ties
from sim.model.firm import LINKS, MATES, TIES, Team, empty
from sim.model.memory import widened
from sim.model.rules.structure import redraw_chart, shake
from sim.model.rules.workforce import fill_seat, hand_over
from sim.model.theory import LEAVES, LIAISON, OF_ONE, REPLACED, SHOCKS, Theory, who_and_what
from sim.model.things import ledger
from sim.model.things.head import look_over_teams

_SHOCKS = {
    "reorganization": shake,
    "deception": shocks.deceive,
    "training": shocks.train,
    "broken promise": shocks.break_promise,
}


def change(sim, theory: Theory) -> None:
    """New levers from this day on: numbers at once, people, ties and places as they call for."""
    old, sim.theory = sim.theory, theory
    with np.errstate(over="ignore"):
        w, before = theory.workforce, old.workforce
        more_m = (w.marketers - drawn_liaisons(theory)) - (before.marketers - drawn_liaisons(old))
        if theory.liaison.count != old.liaison.count or theory.liaison.hired != old.liaison.hired:
            set_liaisons(sim, theory.liaison.count)
            more_m = w.marketers - before.marketers
        if more_m or w.salespeople != before.salespeople or w.ties_per_rep != before.ties_per_rep:
            resize(sim, more_m, w.salespeople - before.salespeople)
        for lever, team in (("trust_marketing", Team.MARKETING), ("trust_sales", Team.SALES)):
            if getattr(theory.liaison, lever) != getattr(old.liaison, lever):
                shocks.doubt_liaison(sim.firm, sim.numbers, int(team))
        if theory.structure.kind != old.structure.kind:
            redraw_chart(sim.firm, sim.numbers, sim.dice(0))
        if theory.distance.between_teams_m != old.distance.between_teams_m:
            if sim.own_people:
                ties.move_everybody(sim.firm, sim.numbers)
            else:
                ties.measure(sim.firm, sim.numbers, sim.dice(0), np.ones(len(sim.firm.ties), np.int64))
        ties.reckon_distances(sim.firm, sim.numbers)


def drawn_liaisons(theory: Theory) -> int:
    return 0 if theory.liaison.hired else theory.liaison.count


def shock(sim, kind: str) -> None:
    """Something happens at once: see SHOCKS and, for one person, OF_ONE.

    training moves language alone, a broken promise moves cognition-based
    trust alone, a deception leaves a scar that does not heal.
    """
    with np.errstate(over="ignore"):
        if about := who_and_what(kind):
            happen_to(sim, *about)
        elif kind == "liaison leaves":
            set_liaisons(sim, 0, newcomer=True)
        elif kind in _SHOCKS:
            _SHOCKS[kind](sim.firm, sim.numbers, sim.dice(min(sim.day, sim.horizon - 1)))
        else:
            ones = ", ".join(f"S3 {what}" for what in OF_ONE)
            raise InputError(f'shock "{kind}" is not known; allowed: {", ".join(SHOCKS)}, {ones}')


def happen_to(sim, who: str, what: str) -> None:
    """One person leaves and the seat is closed, is followed by a newcomer, or becomes a liaison.

    who   by seat: M1, S12; whoever sits there by then

    Raises InputError where nobody works on the seat, or nobody else in the team.
    """
    people, row, day = sim.firm.people, sim.firm.ledger[0], sim.day
    kind = "MS".index(who[0])
    found = np.flatnonzero(people["seat"] == network.seat_number(kind, int(who[1:]) - 1))
    if not len(found) or people["working"][found[0]] == 0:
        raise InputError(f'"{who} {what}": nobody works on the seat {who} on day {day}')
    i = int(found[0])
    if what == REPLACED:
        look_over_teams(sim.firm)
        fill_seat(sim.firm, sim.numbers, sim.dice(min(day, sim.horizon - 1)), i)
        return
    team = int(people["team"][i])
    if what == LIAISON and team != Team.MARKETING:
        raise InputError(f'"{who} {what}": a liaison is drawn from the people who work in Marketing')
    if team != Team.LIAISON and row["n_m" if team == Team.MARKETING else "n_s"] <= 1:
        raise InputError(f'"{who} {what}": on day {day} nobody else works in that team')
    if what == LEAVES:
        seats.close_seat(sim.firm, i)
        ledger.owe(sim.firm.ledger, sim.theory.money.severance)
    else:
        seats.make_liaison(sim.firm, i)
    seats.count_people(sim.firm)
    lay_anew(sim)


def set_liaisons(sim, count: int, newcomer: bool = False) -> None:
    """Draw liaisons from Marketing, hire them, or send them back; ties follow.

    newcomer   whether those who go back are new to Marketing
    """
    back = give_liaisons(sim, count)
    lay_anew(sim)
    if newcomer:
        look_over_teams(sim.firm)
        for row in back:
            fill_seat(sim.firm, sim.numbers, sim.dice(min(sim.day, sim.horizon - 1)), row)


def give_liaisons(sim, count: int) -> list[int]:
    """As many liaisons as are wanted; returns the rows of those who are so no more and go on working."""
    now = int(sim.firm.ledger["n_liaisons"][0])
    rows = np.zeros(len(sim.firm.people), np.int64)
    n = seats.send_liaisons_back(sim.firm, count, rows)
    if missing := max(count - now, 0):
        if sim.theory.liaison.hired:
            first = int(seats.next_seat(sim.firm, int(Team.LIAISON)))
            add_seats(sim, [network.seat_number(Team.LIAISON, first + j) for j in range(missing)])
            if sim.day > 0:  # those of day 0 have long been there
                ledger.hire(sim.firm.ledger, sim.numbers, missing)
        else:
            spare = int(sim.firm.ledger["n_m"][0])
            if spare <= missing:
                raise InputError(f"liaison.count = {count}: Marketing has {spare} people, and one must stay")
            seats.draw_liaisons(sim.firm, missing, sim.own_people)
    seats.count_people(sim.firm)
    return rows[:n].tolist()


def add_seats(sim, chairs: list[int]) -> None:
    """Rows for new seats, with newcomers on them."""
    firm = sim.firm
    n, k = int(firm.ledger["n_people"][0]), len(chairs)
    sim.firm = firm._replace(
        people=widened(firm.people, n + k), beliefs=widened(firm.beliefs, n + k), guest=widened(firm.guest, n + k)
    )
    sim.names += tuple(map(name_of, chairs))
    seats.open_seats(sim.firm, sim.numbers, sim.dice(sim.day), np.array(chairs, np.int64), n, sim.day)


def resize(sim, more_m: int, more_s: int) -> None:
    """Open or close seats of the two teams, newest first; ties, mates and patches follow."""
    for team, more in ((Team.MARKETING, more_m), (Team.SALES, more_s)):
        if more > 0:
            first = int(seats.next_seat(sim.firm, int(team)))
            add_seats(sim, [network.seat_number(team, first + j) for j in range(more)])
            ledger.hire(sim.firm.ledger, sim.numbers, more)
        elif more < 0:
            seats.close_seats(sim.firm, int(team), -more)
            ledger.owe(sim.firm.ledger, sim.theory.money.severance * -more)
    seats.count_people(sim.firm)
    lay_anew(sim)


def lay_anew(sim, told=None) -> None:
    """Ties, mates, patches and work in hand for the people who now work; known ties keep their history.

    told   a user's own ties on day 0 (`network.Organization`)
    """
    firm, numbers, dice = sim.firm, sim.numbers, sim.dice(0)
    row_of = np.empty((2, network.seats_ever(firm)), np.int64)
    ties.rank_seats(firm, row_of)
    pairs = _pairs(sim, row_of, told)
    laid, links, new = empty(len(pairs), TIES), np.zeros(2 * len(pairs), LINKS), np.zeros(len(pairs), np.int64)
    ties.lay_ties(firm, pairs, laid, links, new)
    sim.firm = firm = firm._replace(ties=laid, links=links)
    if not sim.own_people:
        ties.measure(firm, numbers, dice, new)
    ties.start_ties(firm, numbers, dice, new)
    if told is not None:
        ties.take_over_ties(firm, network.in_order(told.ties))
    if told is not None or not sim.own_people:
        sim.firm = firm = firm._replace(mates=_mates(sim, told))
    ties.reckon_distances(firm, numbers)
    ties.deal_patches(firm, dice, row_of)
    hand_over(firm, numbers, dice)


def _pairs(sim, row_of: np.ndarray, told) -> np.ndarray:
    """(ties, 2) rows of marketer and salesperson who are to have a tie, by salesperson and marketer."""
    firm = sim.firm
    if told is not None:
        own = network.in_order(told.ties)
        return np.column_stack([own["m"], own["s"]]).astype(np.int64)
    if sim.own_people:
        works = (firm.people["working"] == 1) & (firm.people["team"] != Team.LIAISON)
        keep = works[firm.ties["m"]] & works[firm.ties["s"]]
        return np.column_stack([firm.ties["m"][keep], firm.ties["s"][keep]]).astype(np.int64)
    room = np.zeros((int(firm.ledger["n_s"][0]) * sim.theory.workforce.ties_per_rep, 2), np.int64)
    return room[: ties.deal_ties(firm, sim.numbers, sim.dice(0), row_of, room)]


def _mates(sim, told) -> np.ndarray:
    """Who hears from whom in the own team: dealt, or as a user's own files say."""
    firm = sim.firm
    if told is None:
        n = int(firm.ledger["n_people"][0])
        room = np.zeros(n * sim.theory.workforce.mates, MATES)
        return room[: ties.deal_mates(firm, sim.numbers, sim.dice(0), np.zeros(n, np.int64), room)].copy()
    mates = np.zeros(len(told.mates), MATES)
    if len(mates):
        mates["a"], mates["b"] = told.mates[:, 0], told.mates[:, 1]
        mates["key"] = np.arange(len(mates))
    ledger.count_mates(firm.ledger, len(mates))
    return mates


def name_of(seat: int) -> str:
    """What somebody on a seat is called: M1, S1, …

    >>> name_of(4), name_of(1)
    ('M2', 'S1')
    """
    return f"{seats.LETTERS[seat % seats.KINDS]}{seat // seats.KINDS + 1}"
