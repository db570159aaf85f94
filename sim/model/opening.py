"""Day 0: people take their seats, ties are laid; customers and deals are there as if the firm had long been living."""

from __future__ import annotations

import math

import numpy as np

from sim.errors import InputError
from sim.model import firm as tables
from sim.model import network, start
from sim.model.appointments import PAGE, pages_for
from sim.model.change import add_seats, name_of, recount, set_liaisons
from sim.model.drive import Simulation
from sim.model.firm import AGENDA, AT_ONCE, NEVER, QUARTER, YEAR, Firm, Team
from sim.model.kernel import numbers_for_kernels
from sim.model.room import ROOM_DAYS, SIGNED, leads_expected
from sim.model.rules.money import customer_equity
from sim.model.theory import Theory


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
    """
    w, t = theory.workforce, theory.market
    if organization is None:
        seats = [network.seat_number(0, j) for j in range(w.marketers)] + [
            network.seat_number(1, j) for j in range(w.salespeople)
        ]
        names = tuple(name_of(seat) for seat in seats)
    else:
        seen = {0: 0, 1: 0}
        seats = []
        for team in organization.team.tolist():
            seats.append(network.seat_number(team, seen[team]))
            seen[team] += 1
        names = organization.ids
    seats += [network.seat_number(3, j) for j in range(w.idle)]
    names += tuple(name_of(network.seat_number(3, j)) for j in range(w.idle))
    n = len(seats)
    ref_m, ref_s = t.for_marketers or w.marketers, t.for_salespeople or w.salespeople
    quarters = max(math.ceil(horizon / QUARTER), 1)
    customers = int(theory.customers.per_rep * ref_s * t.size + 0.5)
    deals = int(theory.selling.start_deals * t.cycle_days / theory.selling.usual_cycle * ref_s * t.size + 0.5)
    room, z = leads_expected(theory, ref_m, ref_s, horizon), tables.empty
    signed = customers + deals + int(SIGNED * room) + ROOM_DAYS
    firm = Firm(
        people=z(n, tables.PEOPLE), beliefs=z((n, t.segments), tables.BELIEFS), ties=z(0, tables.TIES),
        links=z(0, tables.LINKS), mates=z(0, tables.MATES), leads=z(deals + room, tables.LEADS),
        customers=z(signed, tables.CUSTOMERS), segments=z(t.segments, tables.SEGMENTS),
        practices=z(8, tables.PRACTICES), heads=z(2, tables.HEADS), decisions=z(4, tables.DECISIONS),
        patches=z((2, max(int(network.PATCHES_A_PERSON * (ref_m + ref_s)), 64)), np.int32),
        agenda=np.full(AGENDA, NEVER, np.int64), renewals=np.full(YEAR, NEVER, np.int64),
        pages=z((pages_for(deals + room, signed), PAGE), np.int32), tray=z(AT_ONCE, tables.TRAY),
        ledger=z(1, tables.LEDGER), days=z(horizon, tables.DAYS),
        audit=z((3, 20), tables.AUDIT), answers=z((quarters, 3, 20), tables.AUDIT),
        quarters=z(quarters, tables.QUARTERS),
        guest=z(n, tables.GUEST),
    )  # fmt: skip
    people, ledger = firm.people, firm.ledger
    people["seat"] = seats
    people["team"] = [seat % 4 if seat % 4 < 3 else Team.MARKETING for seat in seats]
    people["working"] = [int(seat % 4 < 3) for seat in seats]
    ledger["n_people"], ledger["n_patches"] = n, firm.patches.shape[1]
    ledger["ref_m"], ledger["ref_s"] = ref_m, ref_s
    ledger["reputation"], ledger["digital"], ledger["budget_share"], ledger["burst"] = (
        1.0,
        t.digital,
        theory.marketing.budget,
        1.0,
    )
    ledger["records"], ledger["clarity"], ledger["power"] = (
        theory.conflict.kept_anyway,
        theory.conflict.clarity,
        theory.structure.power,
    )
    ledger["coordination"] = 1.0 - theory.practices.start_context
    ledger["quota"], ledger["usual_win"] = theory.selling.start_quota, theory.selling.start_win
    ledger["broke"] = ledger["free_page"] = NEVER
    ledger["stage"] = ledger["band"] = 1
    ledger["cash"] = theory.money.start_cash * (w.marketers + w.salespeople)
    for column in ("decreed", "since", "pending"):
        firm.practices[column] = NEVER
    firm.decisions["due"], firm.decisions["quality"] = NEVER, 0.5
    firm.heads["trust"] = theory.trust.initial
    sim = Simulation(firm, theory, int(seed), 0, horizon, names, organization is not None)
    with np.errstate(over="ignore"):
        _settle_in(sim, organization)
    return sim


def _settle_in(sim: Simulation, organization) -> None:
    """Fill the arrays of day 0 in the order in which they need one another."""
    firm, theory, dice = sim.firm, sim.theory, sim.dice(0)
    numbers = numbers_for_kernels(theory)
    start.start_market(firm, numbers, dice)
    n = int(firm.ledger["n_people"][0])
    start.seat_people(firm, numbers, dice, 0, n, 0)
    recount(sim)
    if organization is not None:
        _take_over(sim, organization)
    if theory.liaison.count:
        if organization is not None:
            set_liaisons(sim, theory.liaison.count)
        else:
            _draw_first_liaisons(sim)
    if organization is None:
        pairs = network.generated_pairs(sim.firm, theory, numbers, dice)
        sim.firm, new = network.lay_ties(sim.firm, pairs, theory, dice)
        network.set_distances(sim.firm, theory, dice, new.tolist())
        start.start_ties(sim.firm, numbers, dice, 0, len(sim.firm.ties))
        sim.firm = sim.firm._replace(mates=network.small_world(sim.firm, theory, dice))
        sim.firm.ledger["n_mates"][0] = len(sim.firm.mates)
    firm = sim.firm
    start.reckon_distances(firm, numbers)
    network.deal_market(firm, dice)
    start.start_customers(firm, numbers, dice)
    start.start_deals(firm, numbers, dice)
    firm.ledger["opening_equity"][0] = customer_equity(firm, numbers)


def _draw_first_liaisons(sim: Simulation) -> None:
    theory, people = sim.theory, sim.firm.people
    if theory.liaison.hired:
        add_seats(sim, [network.seat_number(Team.LIAISON, j) for j in range(theory.liaison.count)])
    else:
        rows = np.flatnonzero((people["team"] == Team.MARKETING) & (people["working"] == 1))
        if len(rows) <= theory.liaison.count:
            raise InputError(
                f"liaison.count = {theory.liaison.count}: Marketing has {len(rows)} people, and one must stay"
            )
        people["team"][rows[len(rows) - theory.liaison.count :]] = Team.LIAISON
    recount(sim)


def _take_over(sim: Simulation, organization: network.Organization) -> None:
    """Ties, trust, grievances, sites and tenure as the user's own files say; what they leave open is generated."""
    own, theory, dice = organization.ties, sim.theory, sim.dice(0)
    sim.firm.people["site"][: len(organization.site)] = organization.site
    tenure = np.nan_to_num(organization.tenure_days, nan=float(YEAR))
    sim.firm.people["joined"][: len(tenure)] = -tenure.astype(np.int64)
    pairs = np.column_stack([own["m"], own["s"]]).astype(np.int64) if len(own) else np.zeros((0, 2), np.int64)
    sim.firm, _ = network.lay_ties(sim.firm, pairs, theory, dice)
    ties = sim.firm.ties
    start.start_ties(sim.firm, numbers_for_kernels(theory), dice, 0, len(ties))
    place = {(m, s): row for row, (m, s) in enumerate(zip(own["m"].tolist(), own["s"].tolist(), strict=True))}
    for e in range(len(ties)):
        row = own[place[(int(ties["m"][e]), int(ties["s"][e]))]]
        ties["distance"][e], ties["via"][e] = row["distance"], row["via"]
        ties["complaint_ms"][e], ties["complaint_sm"][e] = row["complaint_ms"], row["complaint_sm"]
        for side in ("ms", "sm"):
            if not math.isnan(row[f"trust_{side}"]):
                ties[f"cog_{side}"][e] = ties[f"aff_{side}"][e] = row[f"trust_{side}"]
    mates = np.zeros(len(organization.mates), tables.MATES)
    if len(mates):
        mates["a"], mates["b"] = organization.mates[:, 0], organization.mates[:, 1]
        mates["key"] = np.arange(len(mates))
    sim.firm = sim.firm._replace(mates=mates)
    sim.firm.ledger["n_mates"][0] = len(mates)
