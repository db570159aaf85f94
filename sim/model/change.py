"""What happens to an organization from outside of its days: other levers, shocks, seats opened and closed.

Every function takes the simulation (`sim.model.drive`) that it changes.
"""

from __future__ import annotations

import numpy as np

from sim.errors import InputError
from sim.model import network, start
from sim.model.firm import Team
from sim.model.formulas import MOST_AT_ONCE
from sim.model.kernel import numbers_for_kernels
from sim.model.room import widened
from sim.model.rules.structure import shake
from sim.model.rules.workforce import fill_seat, hand_over, look_over_teams
from sim.model.theory import SHOCKS, Kind, Theory


def change(sim, theory: Theory) -> None:
    """New levers from this day on: numbers at once, people, ties and places as they call for."""
    old, sim.theory = sim.theory, theory
    with np.errstate(over="ignore"):
        w, before = theory.workforce, old.workforce
        drawn, drawn_before = drawn_liaisons(theory), drawn_liaisons(old)
        extra_m = (w.marketers - drawn) - (before.marketers - drawn_before)
        if theory.liaison.count != old.liaison.count or theory.liaison.hired != old.liaison.hired:
            set_liaisons(sim, theory.liaison.count)
            extra_m = w.marketers - before.marketers
        if extra_m or w.salespeople != before.salespeople or w.ties_per_rep != before.ties_per_rep:
            resize(sim, extra_m, w.salespeople - before.salespeople)
        people = sim.firm.people
        for lever, team in (("trust_marketing", Team.MARKETING), ("trust_sales", Team.SALES)):
            if getattr(theory.liaison, lever) != getattr(old.liaison, lever):
                people["trust_liaison"][people["team"] == team] = getattr(theory.liaison, lever)
        if theory.structure.kind != old.structure.kind:
            redraw_chart(sim, old)
        if theory.distance.between_teams_m != old.distance.between_teams_m:
            if sim.own_people:  # everybody moves: their sites' own metres are gone
                sim.firm.ties["distance"] = theory.distance.between_teams_m
            else:
                network.set_distances(sim.firm, theory, sim.dice(0), range(len(sim.firm.ties)))
        start.reckon_distances(sim.firm, numbers_for_kernels(theory))


def drawn_liaisons(theory: Theory) -> int:
    return 0 if theory.liaison.hired else theory.liaison.count


def redraw_chart(sim, old: Theory) -> None:
    """Another structure: a political cost, in mood and in cash (F13; seed 003)."""
    t, people = sim.theory.structure, sim.firm.people
    weight = t.chief_cost if t.kind == Kind.ONE_CHIEF else 1.0
    sim.firm.ledger["transition"][0] = min(weight, 1.0)
    people["attitude"] = np.clip(people["attitude"] - t.turmoil * weight, 0.0, 1.0)
    seats = sim.firm.ledger["n_m"][0] + sim.firm.ledger["n_s"][0]
    sim.firm.ledger["owed"][0] += sim.theory.money.reorganization_cost * seats


def shock(sim, kind: str) -> None:
    """Something happens at once: see SHOCKS.

    training moves language alone, a broken promise moves cognition-based
    trust alone, a deception leaves a scar that does not heal.
    """
    firm, people, ties, theory = sim.firm, sim.firm.people, sim.firm.ties, sim.theory
    with np.errstate(over="ignore"):
        if kind == "liaison leaves":
            set_liaisons(sim, 0, newcomer=True)
        elif kind == "reorganization":
            shake(firm, numbers_for_kernels(theory), sim.dice(min(sim.day, sim.horizon - 1)))
        elif kind == "deception":
            ties["scar_sm"] += theory.trust.scar_per_deception * (1.0 - ties["scar_sm"])
        elif kind == "training":
            people["language"] += theory.shock.training * (1.0 - people["language"])
        elif kind == "broken promise":
            ties["cog_sm"] *= 1.0 - min(theory.shock.broken_promise * theory.trust.loss, MOST_AT_ONCE)
        else:
            raise InputError(f'shock "{kind}" is not known; allowed: {", ".join(SHOCKS)}')


def set_liaisons(sim, count: int, newcomer: bool = False) -> None:
    """Draw liaisons from Marketing (the highest seats), hire them, or send them back."""
    firm, ledger = sim.firm, sim.firm.ledger
    n = int(ledger["n_people"][0])
    now = np.flatnonzero((firm.people["team"][:n] == Team.LIAISON) & (firm.people["working"][:n] == 1))
    for row in now[count:].tolist():
        if firm.people["seat"][row] % 4 == Team.LIAISON:
            firm.people["working"][row] = 0
        else:
            firm.people["team"][row] = Team.MARKETING
    if len(now) < count:
        missing = count - len(now)
        if sim.theory.liaison.hired:
            first = int((firm.people["seat"][:n] % 4 == Team.LIAISON).sum())
            add_seats(sim, [network.seat_number(Team.LIAISON, first + j) for j in range(missing)])
            if sim.day > 0:  # those of day 0 have long been there
                ledger["hired"][0] += missing
                ledger["owed"][0] += sim.theory.money.hire_cost * missing
        else:
            marketers = np.flatnonzero((firm.people["team"][:n] == Team.MARKETING) & (firm.people["working"][:n] == 1))
            if sim.own_people:
                marketers = marketers[np.argsort(firm.people["n_ties"][marketers], kind="stable")]
            if len(marketers) <= missing:
                raise InputError(f"liaison.count = {count}: Marketing has {len(marketers)} people, and one must stay")
            firm.people["team"][marketers[len(marketers) - missing :]] = Team.LIAISON
    recount(sim)
    relay(sim)
    if newcomer:
        look_over_teams(sim.firm)
        for row in now[count:].tolist():
            if sim.firm.people["working"][row]:
                today = min(sim.day, sim.horizon - 1)
                fill_seat(sim.firm, numbers_for_kernels(sim.theory), sim.dice(today), row)


def add_seats(sim, seats: list[int]) -> None:
    """Rows for new seats, with newcomers on them."""
    firm = sim.firm
    n, k = int(firm.ledger["n_people"][0]), len(seats)
    firm = firm._replace(
        people=widened(firm.people, n + k), beliefs=widened(firm.beliefs, n + k), guest=widened(firm.guest, n + k)
    )
    firm.people["seat"][n:] = seats
    firm.people["team"][n:] = [seat % 4 if seat % 4 < 3 else Team.MARKETING for seat in seats]
    firm.people["working"][n:] = [int(seat % 4 < 3) for seat in seats]
    firm.ledger["n_people"][0] = n + k
    sim.firm = firm
    sim.names += tuple(name_of(seat) for seat in seats)
    start.seat_people(firm, numbers_for_kernels(sim.theory), sim.dice(sim.day), n, n + k, sim.day)


def resize(sim, more_m: int, more_s: int) -> None:
    """Open or close seats of the two teams, newest first; ties, mates and patches follow."""
    for team, more in ((Team.MARKETING, more_m), (Team.SALES, more_s)):
        people = sim.firm.people
        if more > 0:
            used = people["seat"][people["seat"] % 4 == team] // 4
            first = int(used.max()) + 1 if len(used) else 0
            add_seats(sim, [network.seat_number(team, first + j) for j in range(more)])
            sim.firm.ledger["hired"][0] += more
            sim.firm.ledger["owed"][0] += sim.theory.money.hire_cost * more
        elif more < 0:
            rows = np.flatnonzero((people["team"] == team) & (people["working"] == 1))
            for row in rows[np.argsort(people["seat"][rows])][more:].tolist():
                people["working"][row] = 0
            sim.firm.ledger["owed"][0] += sim.theory.money.severance * -more
    recount(sim)
    relay(sim)


def recount(sim) -> None:
    ledger, people = sim.firm.ledger, sim.firm.people
    for name, team in (("n_m", Team.MARKETING), ("n_s", Team.SALES), ("n_liaisons", Team.LIAISON)):
        ledger[name][0] = int(((people["team"] == team) & (people["working"] == 1)).sum())


def relay(sim) -> None:
    """Ties, mates, patches and work in hand for the people who now work; known ties keep their history."""
    firm, theory, dice = sim.firm, sim.theory, sim.dice(0)
    numbers, old = numbers_for_kernels(theory), sim.firm.ties
    if sim.own_people:
        works = (firm.people["working"] == 1) & (firm.people["team"] != Team.LIAISON)
        keep = works[old["m"]] & works[old["s"]]
        pairs = np.column_stack([old["m"][keep], old["s"][keep]])
    else:
        pairs = network.generated_pairs(firm, theory, numbers, dice)
    sim.firm, new = network.lay_ties(firm, pairs, theory, dice, old)
    if not sim.own_people:
        network.set_distances(sim.firm, theory, dice, new.tolist())
        sim.firm = sim.firm._replace(mates=network.small_world(sim.firm, theory, dice))
        sim.firm.ledger["n_mates"][0] = len(sim.firm.mates)
    for row in new.tolist():
        start.start_ties(sim.firm, numbers, dice, row, row + 1)
    start.reckon_distances(sim.firm, numbers)
    network.deal_market(sim.firm, dice)
    hand_over(sim.firm, numbers, dice)


def name_of(seat: int) -> str:
    return f"{'MSLX'[seat % 4]}{seat // 4 + 1}"
