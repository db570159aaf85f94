"""Laws of the model's core: dice, formulas, who gets what, what an hour of change may and may not do."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.contract.every_night import NEAR, books, day_by_day
from sim.model import dice, drive, formulas, hashes
from sim.model.day_zero import opening
from sim.model.dice import Dice, Stream
from sim.model.firm import LEADS, NEVER, WEEK, M, S, Side
from sim.model.hashes import state_hash
from sim.model.kernel import numbers_for_kernels, uint64
from sim.model.rules import trust
from sim.model.theory import SHOCKS, Rooms, Theory, numbers, with_values
from sim.model.things import belief
from sim.run import changes_to_come, live_until, run

pytestmark = [pytest.mark.reference, pytest.mark.bounds]
SHARE = st.floats(0, 1)
METRES = st.floats(0, 1e7)


@pytest.fixture(autouse=True)
def _no_overflow_warnings():
    """Plain draws overflow on purpose."""
    with np.errstate(over="ignore"):
        yield


def lived(days: int, seed: int = 1, name: str = "default", **levers) -> drive.Simulation:
    return run(sim.read(name).but(days=max(days, 1), **levers), seed, until=days).state


# --- dice ---


def test_golden_keys():
    """The dice never change: whoever moves these numbers changes every run there ever was."""
    assert [int(dice.mix(uint64(x))) for x in (0, 1, 2**64 - 1)] == [0, 6238072747940578789, 13029008266876403067]
    assert int(dice.key_of(uint64(12), 7, 300)) == 6137746284950438163
    assert int(dice.key_of(uint64(2**63 - 1), 90, 0)) == 1218884473483838907
    assert int(dice.key_for(uint64(5), 9)) == 7866638711627835880
    assert dice.uniform(uint64(77), 4) == 0.19695568629777827
    assert dice.normal(uint64(77), 4) == pytest.approx(-0.8525455071812064, rel=1e-12)


@pytest.mark.parametrize("over", ["entity", "day", "seed", "stream"])
def test_draws_are_uniform_whatever_is_counted(over):
    """Chi-square with 63 degrees of freedom: above 155 by chance once in a billion."""
    at = {"entity": 3, "day": 4, "seed": 5, "stream": 6}
    count = np.zeros(64)
    previous, products = 0.5, 0.0
    n = 20_000
    for k in range(n):
        now = {**at, over: k}
        u = dice.uniform(dice.key_of(uint64(now["seed"]), now["stream"], now["day"]), now["entity"])
        count[int(u * 64)] += 1
        products += (u - 0.5) * (previous - 0.5)
        previous = u
    assert ((count - n / 64) ** 2 / (n / 64)).sum() < 155
    assert abs(products / n) < 6 / 12 / math.sqrt(n)  # six standard errors: once in 500 million


def test_what_picks_and_what_shares_are_independent():
    """The low bits pick and the high bits share: within each pick the shares are uniform (6 standard errors)."""
    sums, counts = np.zeros(8), np.zeros(8)
    for k in range(16_000):
        key = dice.key_for(uint64(99), k)
        which = dice.pick(uint64(key), 8)
        sums[which] += dice.share(uint64(key))
        counts[which] += 1
    assert (np.abs(counts - 2000) < 6 * math.sqrt(2000 * 7 / 8)).all()
    assert (np.abs(sums / counts - 0.5) < 6 / np.sqrt(12 * counts)).all()


@given(st.floats(1e-12, 1 - 1e-12))
def test_normal_quantiles(p):
    assert dice.normal_at(p) == pytest.approx(NormalDist().inv_cdf(p), rel=2e-6, abs=2e-6)


@given(st.floats(-1e6, 1e6))
def test_the_logistic_is_a_chance_and_symmetric(x):
    assert 0 < dice.logistic(x) < 1
    assert dice.logistic(x) + dice.logistic(-x) == pytest.approx(1)


# --- formulas ---


@given(SHARE, SHARE, SHARE)
def test_easier_lost_than_won_and_always_within_bounds(x, share, ceiling):
    assert x - 1e-12 <= formulas.raised(x, share, ceiling) <= max(x, ceiling) + 1e-12
    assert 0 <= formulas.lowered(x, share) <= x
    assert formulas.raised(x, 0.0, ceiling) == x == formulas.lowered(x, 0.0)


@given(METRES, METRES, SHARE, SHARE)
def test_nobody_meets_more_easily_from_farther_away(a, b, floor, far_floor):
    both, low, high = sorted((a, b)), min(floor, far_floor), max(floor, far_floor)
    access = [formulas.access_at(metres, 4.5, high, 800.0, low) for metres in both]
    assert 0 <= access[1] <= access[0] + 1e-12 <= 1 + 2e-12
    hours = [formulas.contact_hours(0.5, x, metres, 800.0, 0.12) for x, metres in zip(access, both, strict=True)]
    assert 0.5 - 1e-12 <= hours[0] <= hours[1] + 1e-12


@given(SHARE, SHARE, SHARE, SHARE)
def test_trust_lies_between_its_parts_and_a_scar_only_takes(cognition, affect, scar, weight):
    whole = formulas.trust_of(cognition, affect, 0.0, weight)
    assert min(cognition, affect) - 1e-12 <= whole <= max(cognition, affect) + 1e-12
    assert formulas.trust_of(cognition, affect, scar, weight) == pytest.approx((1 - scar) * whole)


@given(st.floats(-5, 5), st.floats(0.01, 10), st.floats(-5, 5), st.floats(0.01, 10))
def test_an_observation_adds_its_precision(mean, var, seen, noise):
    after, left = belief.learnt(mean, var, seen, noise)
    assert 1 / left == pytest.approx(1 / var + 1 / noise)
    assert min(mean, seen) - 1e-9 <= after <= max(mean, seen) + 1e-9


def test_beliefs_at_the_start_are_as_wrong_as_they_say():
    """The variance of the error is the posterior's: 4,000 draws, five standard errors, once in two million."""
    prior, posterior, errors = 1.3, 0.4, []
    for k in range(4000):
        truth = math.sqrt(prior) * dice.normal(uint64(1), k)
        errors.append(belief.believed(truth, posterior, prior, dice.normal(uint64(2), k)) - truth)
    assert np.var(errors) == pytest.approx(posterior, rel=5 * math.sqrt(2 / 4000))


# --- trust without contact ---


def test_without_contact_trust_returns_to_the_attitude_exponentially():
    """The closed form: what is missing to the attitude shrinks by the same share every week."""
    simulation = opening.begin(Theory(), 3, 200)
    firm, theory = simulation.firm, simulation.theory
    firm.people["attitude"] = 0.7
    firm.ties["cog"][:, M], firm.ties["aff"][:, S], firm.ties["strength"] = 0.2, 0.95, 0.0
    firm.ties["complaint"] = 0
    for day in range(20 * WEEK):
        trust.relax_trust(firm, numbers_for_kernels(theory), Dice(uint64(3), day))
    left = (1 - theory.trust.relax) ** 20
    assert np.allclose(firm.ties["cog"][:, M], 0.7 - 0.5 * left)
    assert np.allclose(firm.ties["aff"][:, S], 0.7 + 0.25 * left)


def test_an_open_grievance_eats_trust_of_the_one_who_holds_it():
    simulation = opening.begin(Theory(), 3, 20)
    firm = simulation.firm
    firm.ties["complaint"][0, S] = 1
    before = firm.ties.copy()
    trust.relax_trust(firm, numbers_for_kernels(simulation.theory), Dice(uint64(3), WEEK - 1))
    peaceful = opening.begin(Theory(), 3, 20).firm
    trust.relax_trust(peaceful, numbers_for_kernels(simulation.theory), Dice(uint64(3), WEEK - 1))
    assert firm.ties["aff"][0, S] < peaceful.ties["aff"][0, S]
    assert firm.ties["aff"][0, M] == peaceful.ties["aff"][0, M]
    assert (firm.ties["aff"][1:, S] == peaceful.ties["aff"][1:, S]).all()
    assert before["cog"][0, S] == pytest.approx(firm.ties["cog"][0, S], abs=0.2)


# --- who gets what ---


def test_farther_teams_meet_less_on_every_tie():
    near, far = (
        opening.begin(with_values(Theory(), {"distance.between_teams_m": m}), 5, 10).firm.ties for m in (10, 90)
    )
    assert (near["key"] == far["key"]).all()
    assert (near["distance"] < far["distance"]).all()
    assert (near["access"] > far["access"]).all()
    assert (near["hours"] < far["hours"]).all()
    assert (near["ease"] > far["ease"]).all()


def seat_pairs(firm) -> dict[int, set[int]]:
    """The marketers' seats of each salesperson's seat."""
    seats, found = firm.people["seat"], {}
    for tie in firm.ties:
        found.setdefault(int(seats[tie["s"]]), set()).add(int(seats[tie["m"]]))
    return found


def test_one_more_marketer_moves_few_and_nobody_elses_luck():
    """Rendezvous: the newcomer takes a fair share of patches and ties; nothing moves between the others."""
    market = {"market.for_marketers": 12, "market.for_salespeople": 24}
    one = opening.begin(with_values(Theory(), market), 9, 10).firm
    two = opening.begin(with_values(Theory(), {**market, "workforce.marketers": 13}), 9, 10).firm
    newcomer, seats = 4 * 12, two.people["seat"]
    assert int(seats[12]) == newcomer

    owner = one.people["seat"][one.patches], seats[two.patches]
    assert (owner[0][1] == owner[1][1]).all()  # Sales keeps all
    moved = owner[0][0] != owner[1][0]
    assert (owner[1][0][moved] == newcomer).all()
    n = len(moved)
    assert abs(moved.mean() - 1 / 13) < 6 * math.sqrt(12 / 169 / n)  # six standard errors

    old, new = seat_pairs(one), seat_pairs(two)
    for seat, before in old.items():
        gained = new[seat] - before
        assert gained <= {newcomer} and len(before - new[seat]) == len(gained)
    stays = seats != newcomer
    for column in ("seat", "temper", "attitude", "anchor", "skill", "language"):
        assert (two.people[column][stays] == one.people[column]).all()
    assert two.beliefs[stays].tobytes() == one.beliefs.tobytes()
    assert two.segments.tobytes() == one.segments.tobytes()


def test_every_patch_has_owners_who_work():
    firm = lived(70, name="growth", workforce__growth=0.4).firm
    for column, team in ((0, 0), (1, 1)):
        owners = firm.people[firm.patches[column]]
        assert (owners["working"] == 1).all() and (owners["team"] == team).all()


# --- the market is nobody's doing ---


OTHER_CHOICES = [
    {"liaison.count": 2},
    {"distance.between_teams_m": 500},
    {"structure.kind": 3},
    {"trust.initial": 0.9},
    {"workforce.idle": 4},
]


@given(st.sampled_from(OTHER_CHOICES), st.integers(0, 2**32))
@settings(max_examples=8)
def test_two_organizations_meet_the_same_market(levers, seed):
    scenario = sim.read().but(days=30)
    one, other = (run(each, seed).state for each in (scenario, scenario.but(levers)))
    assert one.firm.segments["needs"].tobytes() == other.firm.segments["needs"].tobytes()
    assert hashes.market_hash(scenario.theory, seed, 30) == hashes.market_hash(scenario.but(levers).theory, seed, 30)


def test_the_market_hash_tells_markets_apart():
    seen = [hashes.market_hash(with_values(Theory(), values), seed, days)
              for values, seed, days in [({}, 1, 30), ({}, 2, 30), ({}, 1, 31), ({"market.size": 1.5}, 1, 30),
                                         ({"workforce.salespeople": 25}, 1, 30)]]  # fmt: skip
    assert len(set(seen)) == len(seen)


# --- conservation in scenarios that nobody would write ---

ODD = {
    "workforce.marketers": st.integers(2, 20), "workforce.salespeople": st.integers(1, 30),
    "workforce.ties_per_rep": st.integers(1, 8), "workforce.mates": st.integers(0, 6),
    "workforce.growth": st.floats(-0.5, 0.8), "workforce.turnover_s": st.floats(0, 3),
    "workforce.idle": st.integers(0, 2),
    "liaison.count": st.integers(0, 1), "liaison.hired": st.integers(0, 1), "structure.kind": st.integers(0, 4),
    "distance.between_teams_m": st.floats(0, 20_000_000), "communication.cost_hours": st.floats(0, 8),
    "trust.initial": SHARE, "trust.spread": st.floats(0, 0.5), "language.initial": SHARE,
    "market.size": st.floats(0.1, 2.5), "market.segments": st.integers(1, 5), "money.start_cash": st.floats(0, 200),
}  # fmt: skip


@given(st.fixed_dictionaries({}, optional=ODD), st.integers(0, 2**63 - 1), st.sampled_from([None, *SHOCKS]))
@settings(max_examples=20)
def test_books_close_in_any_scenario(levers, seed, shock):
    known = {name: value for name, value in levers.items() if name in numbers()}
    changes = [sim.Change(day=17, values={}, shock=shock)] if shock else []
    scenario = sim.read().but(known, days=67, changes=changes)
    simulation = opening.begin(scenario.theory, seed, scenario.days)
    coming, before = changes_to_come(scenario, simulation), None
    for night in (1, 2, 16, 17, 18, 40, 64, 65, 66, 67):
        live_until(night, simulation, coming)
        found = books(simulation) + (day_by_day(before, simulation) if before is not None else [])
        assert found == []
        before = simulation.copy()


@pytest.mark.parametrize("room", Rooms._fields)
def test_each_room_can_be_switched_off(room):
    assert books(lived(66, **{f"rooms__{room}": 0})) == []


def test_a_leads_days_are_in_order():
    leads = lived(390, name="near-cheap").firm.leads
    for first, then in (("born", "qualified"), ("qualified", "handed"), ("handed", "tried"), ("opened", "ended")):
        both = (leads[first] >= 0) & (leads[then] >= 0)
        assert both.any()
        assert (leads[first] <= leads[then])[both].all(), f"{first} comes after {then}"


def test_a_leads_row_is_small():
    assert LEADS.itemsize <= 64


# --- changes ---


def test_a_change_that_changes_nothing_changes_nothing():
    expected = state_hash(lived(100).firm)
    simulation = run(sim.read().but(days=100), 1, until=60).state
    simulation.change(simulation.theory)
    simulation.change(with_values(simulation.theory, {"distance.between_teams_m": 300, "trust.gain": 0.2}))
    simulation.change(Theory())
    simulation.advance(100)
    assert state_hash(simulation.firm) == expected


CHANGES = [
    {"values": {"liaison.count": 1}},
    {"values": {"workforce.salespeople": 30}, "days": 20},
    {"values": {"market.size": 2.0}},
    {"values": {}, "shock": "reorganization"},
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_does_not_reach_back(change):
    day, days = 70, 110
    scenario = sim.read().but(days=days)
    one, other = (run(each, 2).state.firm for each in (scenario, scenario.but(changes=[sim.Change(day=day, **change)])))
    assert one.days[:day].tobytes() == other.days[:day].tobytes()
    assert one.days[day:].tobytes() != other.days[day:].tobytes()
    assert one.answers[0].tobytes() == other.answers[0].tobytes()
    assert one.quarters[0] == other.quarters[0]
    ended = []
    for firm in (one, other):
        leads = firm.leads[: int(firm.ledger["n_leads"][0])]
        ended.append(leads[(leads["ended"] != NEVER) & (leads["ended"] < day)])
    assert len(ended[0]) > 20
    for column in LEADS.names:
        assert column == "next" or ended[0][column].tobytes() == ended[1][column].tobytes()


def test_nothing_is_observed_where_nobody_talks():
    """Without contact, joint work and practices no statement of the audit about talking has evidence."""
    firm = lived(65, rooms__contact=0, rooms__practices=0, rooms__informal=0, rooms__liaison=0).firm
    assert firm.days["contacts"].sum() == firm.days["exchanges"].sum() == 0
    assert (firm.answers["score"][0, Side.BOTH] >= 1).all()


def test_money_kept_in_two_books_agrees():
    """The ledger's running total against the sum of its customers, after five years of plus and minus."""
    firm = lived(390).firm
    customers = firm.customers[: int(firm.ledger["n_customers"][0])]
    total = customers["value"][customers["ended"] < 0].sum()
    assert firm.ledger["recurring"][0] == pytest.approx(total, rel=NEAR)


def test_streams_have_their_numbers_for_good():
    assert (Stream.NEEDS, Stream.PROSPECT, Stream.MOMENT, Stream.GUEST) == (1, 5, 50, 90)
    assert len({*Stream}) == len(Stream.__members__)
