"""Day 0: people take their seats, ties are laid; customers and deals are there as if the firm had long been living.

Here room is made and the order of things is told; what happens is told by rules.
"""

from __future__ import annotations

import math

import numpy as np

from sim.model import firm as tables
from sim.model import network
from sim.model.appointments import PAGE, begin_books, pages_for
from sim.model.day_zero import seats, stock
from sim.model.day_zero.change import give_liaisons, lay_anew, name_of
from sim.model.drive import Simulation
from sim.model.firm import AGENDA, AT_ONCE, N_ITEMS, N_PRACTICES, N_SIDES, QUARTER, YEAR, Decision, Firm
from sim.model.memory import ROOM_DAYS, SIGNED, leads_expected
from sim.model.theory import Theory
from sim.model.things import decision, head, ledger, practice


def begin(
    theory: Theory, seed: int, horizon: int = 1300, organization: network.Organization | None = None
) -> Simulation:
    """A simulation at day 0: people seated, ties laid, pipeline and customers as if the firm had long been living.

    Parameters
    ----------
    theory
        All numbers.
    seed
        The market, 0 .. 2**64 - 1.
    horizon
        Days the diary has room for.
    organization
        The user's own people and ties, or None for generated ones.

    Raises InputError where liaisons would leave Marketing without anybody.
    """
    w = theory.workforce
    taken = [0, 0]
    chairs, names = [], ()
    for team in [0] * w.marketers + [1] * w.salespeople if organization is None else organization.team.tolist():
        chairs.append(network.seat_number(team, taken[team]))
        taken[team] += 1
    chairs += [network.seat_number(seats.KINDS - 1, j) for j in range(w.idle)]
    names = (
        tuple(map(name_of, chairs))
        if organization is None
        else organization.ids + tuple(name_of(chair) for chair in chairs[len(organization.ids) :])
    )
    firm = _empty(theory, len(chairs), horizon)
    sim = Simulation(firm, theory, int(seed), 0, horizon, names, organization is not None)
    with np.errstate(over="ignore"):
        _settle_in(sim, np.array(chairs, np.int64), organization)
    return sim


def _empty(theory: Theory, n: int, horizon: int) -> Firm:
    """Room for an organization of n seats, with nothing in it."""
    w, t, z = theory.workforce, theory.market, tables.empty
    ref_m, ref_s = t.for_marketers or w.marketers, t.for_salespeople or w.salespeople
    quarters = max(math.ceil(horizon / QUARTER), 1)
    customers = int(theory.customers.per_rep * ref_s * t.size + 0.5)
    deals = int(theory.selling.start_deals * t.cycle_days / theory.selling.usual_cycle * ref_s * t.size + 0.5)
    room = leads_expected(theory, ref_m, ref_s, horizon)
    signed = customers + deals + int(SIGNED * room) + ROOM_DAYS
    return Firm(
        people=z(n, tables.PEOPLE), beliefs=z((n, t.segments), tables.BELIEFS), ties=z(0, tables.TIES),
        links=z(0, tables.LINKS), mates=z(0, tables.MATES), leads=z(deals + room, tables.LEADS),
        customers=z(signed, tables.CUSTOMERS), segments=z(t.segments, tables.SEGMENTS),
        practices=z(N_PRACTICES, tables.PRACTICES), heads=z(2, tables.HEADS),
        decisions=z(len(Decision), tables.DECISIONS),
        patches=z((2, max(int(network.PATCHES_A_PERSON * (ref_m + ref_s)), 64)), np.int32),
        agenda=z(AGENDA, np.int64), renewals=z(YEAR, np.int64),
        pages=z((pages_for(deals + room, signed), PAGE), np.int32), tray=z(AT_ONCE, tables.TRAY),
        ledger=z(1, tables.LEDGER), days=z(horizon, tables.DAYS),
        audit=z((N_SIDES, N_ITEMS), tables.AUDIT), answers=z((quarters, N_SIDES, N_ITEMS), tables.AUDIT),
        quarters=z(quarters, tables.QUARTERS),
        guest=z(n, tables.GUEST),
    )  # fmt: skip


def _settle_in(sim: Simulation, chairs: np.ndarray, organization: network.Organization | None) -> None:
    """Fill the arrays of day 0 in the order in which they need one another."""
    firm, numbers, dice = sim.firm, sim.numbers, sim.dice(0)
    begin_books(firm)
    ledger.begin(firm, numbers)
    practice.begin(firm.practices)
    decision.begin(firm.decisions)
    head.begin(firm.heads, numbers)
    stock.start_market(firm, numbers, dice)
    seats.open_seats(firm, numbers, dice, chairs, 0, 0)
    seats.count_people(firm)
    if organization is not None:
        days = np.nan_to_num(organization.tenure_days, nan=float(YEAR)).astype(np.int64)
        seats.take_over(firm, days, np.asarray(organization.site, np.int64))
        lay_anew(sim, organization)
    if sim.theory.liaison.count:
        give_liaisons(sim, sim.theory.liaison.count)
    if organization is None or sim.theory.liaison.count:
        lay_anew(sim)
    stock.start_customers(sim.firm, numbers, dice)
    stock.start_deals(sim.firm, numbers, dice)
    stock.open_books(sim.firm, numbers)
