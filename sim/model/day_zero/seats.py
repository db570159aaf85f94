"""Seats are opened, closed and given to liaisons; the host makes room for rows, these rules fill them."""

from __future__ import annotations

from sim.model.firm import NEVER, Team
from sim.model.kernel import kernel
from sim.model.things import ledger, person

KINDS = 4  # marketers, salespeople, liaisons, idle: a seat's number is four times its place, and its kind
LETTERS = "MSLX"  # with which the names of people on them begin


@kernel
def open_seats(firm, theory, dice, seats, begin, day):
    """People on new seats: rows begin and on.

    seats   (new,) numbers of the seats
    """
    n = len(seats)
    for k in range(n):
        kind = seats[k] % KINDS
        person.sit(firm.people, begin + k, seats[k], kind if kind < KINDS - 1 else Team.MARKETING + 0, kind < KINDS - 1)
    ledger.seat(firm.ledger, begin + n)
    person.take_seats(firm, theory, dice, begin, begin + n, day)


@kernel
def take_over(firm, days, sites):
    """People of a user's own files: how long they have been there and in which building.

    days, sites   (people told of,) working days before day 0; numbers of buildings
    """
    for i in range(len(days)):
        person.has_been_here(firm.people, i, -days[i], sites[i])


@kernel
def count_people(firm):
    """How many work in each team."""
    people = firm.people
    n_m, n_s, n_liaisons = 0, 0, 0
    for i in range(firm.ledger[0]["n_people"]):
        if people[i]["working"] == 1:
            if people[i]["team"] == Team.MARKETING:
                n_m += 1
            elif people[i]["team"] == Team.SALES:
                n_s += 1
            else:
                n_liaisons += 1
    ledger.count(firm.ledger, n_m, n_s, n_liaisons)


@kernel
def draw_liaisons(firm, number, by_ties):
    """Marketers become liaisons: those on the newest seats, or those with most ties.

    number    at most as many as Marketing can spare
    by_ties   whether ties decide, as in a user's own organization
    """
    people = firm.people
    for _ in range(number):
        best = NEVER
        for i in range(firm.ledger[0]["n_people"]):
            if people[i]["team"] == Team.MARKETING and people[i]["working"] == 1:
                if best < 0 or not by_ties or people[i]["n_ties"] >= people[best]["n_ties"]:
                    best = i
        if best >= 0:
            person.join_team(people, best, Team.LIAISON)


@kernel
def send_liaisons_back(firm, keep, leavers):
    """Liaisons beyond the first `keep` go back to Marketing, or leave if they were hired; returns how many went back.

    leavers   (seats,) room for the rows of those who went back
    """
    people, seen, n = firm.people, 0, 0
    for i in range(firm.ledger[0]["n_people"]):
        if people[i]["team"] != Team.LIAISON or people[i]["working"] == 0:
            continue
        seen += 1
        if seen <= keep:
            continue
        if people[i]["seat"] % KINDS == Team.LIAISON:
            person.stop_work(people, i)
        else:
            person.join_team(people, i, Team.MARKETING)
            leavers[n] = i
            n += 1
    return n


@kernel
def close_seats(firm, team, number):
    """The newest seats of a team are closed."""
    people = firm.people
    for _ in range(number):
        last = NEVER
        for i in range(firm.ledger[0]["n_people"]):
            if people[i]["team"] == team and people[i]["working"] == 1:
                if last < 0 or people[i]["seat"] > people[last]["seat"]:
                    last = i
        if last >= 0:
            person.stop_work(people, last)


@kernel
def close_seat(firm, i):
    """One person leaves, and nobody takes the seat."""
    person.stop_work(firm.people, i)


@kernel
def make_liaison(firm, i):
    """One person does a liaison's work from now on."""
    person.join_team(firm.people, i, Team.LIAISON)


@kernel
def next_seat(firm, kind):
    """The place of the first seat of a kind that nobody ever had."""
    people, first = firm.people, 0
    for i in range(firm.ledger[0]["n_people"]):
        if people[i]["seat"] % KINDS == kind:
            first = max(first, people[i]["seat"] // KINDS + 1)
    return first
