"""Known answers: corners of the model for which theory has a closed form.

Trust without contact, the bookkeeping of every day, and a change that changes
nothing are in test_model.py and test_contract.py. Markets are fixed; where chance
remains, the bound is five standard errors (by chance once in two million).
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import sim
from sim.contract.every_night import books
from sim.model import formulas
from sim.model.day_zero.opening import begin
from sim.model.drive import Simulation
from sim.model.firm import NEVER, WEEK, Fate
from sim.model.kernel import numbers_for_kernels
from sim.model.rules import marketing, selling
from sim.model.theory import Theory, with_values
from sim.model.things.segment import market_size

SIGMAS = 5.0
# Nobody meets, agrees, leaves or is reorganized: what is left is what a test is about.
ALONE = {"rooms.contact": 0, "rooms.practices": 0, "rooms.informal": 0, "rooms.liaison": 0, "rooms.workforce": 0,
         "rooms.structure": 0, "rooms.conflict": 0, "rooms.decisions": 0}  # fmt: skip


def lived(days: int, seed: int = 11, **levers: float) -> Simulation:
    simulation = begin(with_values(Theory(), {k.replace("__", "."): v for k, v in levers.items()}), seed, days)
    simulation.advance(days)
    return simulation


def alone(**levers: float) -> dict:
    return {k.replace(".", "__"): v for k, v in ALONE.items()} | levers


# --- arrivals and queues ---


def test_rare_inquiries_arrive_as_a_poisson_stream():
    """Many prospects, each caught with a small chance: variance and mean are equal, and days say nothing of each "
    "other."""
    quiet = alone(marketing__catch=0.03, market__event_rate=0.0, market__size=3.0, rooms__market=0, rooms__customers=0)
    arrived = lived(1300, **quiet).firm.days["inquiries"][65:]
    n, mean = len(arrived), arrived.mean()
    assert mean > 2
    assert abs(arrived.var(ddof=1) / mean - 1) < SIGMAS * math.sqrt(2 / n)
    residual = arrived - mean
    assert abs((residual[1:] * residual[:-1]).mean() / arrived.var()) < SIGMAS / math.sqrt(n)


def test_deals_in_work_are_arrivals_times_the_time_they_take():
    """Little's law, over days on which the queue is as long at the end as at the beginning, as near as can be."""
    firm = lived(1300).firm
    leads = firm.leads[: int(firm.ledger["n_leads"][0])]
    leads = leads[leads["opened"] >= 0]
    first, last = 260, 1300
    ended = np.where(leads["ended"] >= 0, leads["ended"], last)
    inside = np.clip(ended, first, last) - np.clip(leads["opened"], first, last)
    in_work = inside.sum() / (last - first)
    arrived = (leads["opened"] >= first) & (leads["opened"] < last - 200)
    per_day = arrived.sum() / (last - 200 - first)
    takes = (ended - leads["opened"])[arrived].mean()
    assert in_work == pytest.approx(per_day * takes, rel=0.05)


def test_a_cycle_has_the_length_that_was_set():
    """Lognormal: mean = median exp(sd^2 / 2), less half a day for whole days."""
    firm = lived(700, market__cycle_days=40.0, market__cycle_sd=0.5, customization__approval=0).firm
    leads = firm.leads[: int(firm.ledger["n_leads"][0])]
    deals = leads[(leads["opened"] >= 0) & (leads["opened"] < 300) & (leads["ended"] >= 0) & (leads["born"] >= 0)]
    takes = deals["ended"].astype(float) - deals["opened"]
    expected = 40.0 * math.exp(0.5**2 / 2) - 0.5
    assert abs(takes.mean() - expected) < SIGMAS * takes.std() / math.sqrt(len(takes))


def test_first_answers_take_as_long_as_was_set():
    """Shares within the hour and later than a day, of a lognormal with a part that is never answered (F25)."""
    t = Theory().marketing
    settings = alone(marketing__lost_records=0.0, marketing__busy_from=3.0)
    firm = lived(650, **settings).firm
    leads = firm.leads[: int(firm.ledger["n_leads"][0])]
    hours = leads["hours"][(leads["m"] >= 0) & (leads["born"] >= 0)].astype(float)
    assert len(hours) > 5000

    def below(hour: float) -> float:
        return 0.5 * (1 + math.erf(math.log(hour / median) / t.answer_sd / math.sqrt(2)))

    strange = 1.0 - float(firm.ledger["overview"][0])  # nobody meets anybody
    never, median = t.never + t.strange * strange, t.answer_median_h * t.strange_slow**strange
    expected = {"never": never, "within the hour": (1 - never) * below(1), "later": (1 - never) * (1 - below(24))}
    hits = {"never": hours < 0, "within the hour": (hours >= 0) & (hours <= 1), "later": hours > 24}
    for name, p in expected.items():
        assert abs(hits[name].mean() - p) < SIGMAS * math.sqrt(p * (1 - p) / len(hours)), name


# --- beliefs ---


def test_uncertainty_settles_where_learning_and_drift_balance():
    """Kalman: five observations a week against a week's drift; the variance is the fixed point of the two."""
    firm = lived(
        650, **alone(market__segments=1, beliefs__field=1.0, beliefs__mates=0.0, customers__by_advice=0.35)
    ).firm
    t = Theory()
    phi, sd2 = math.exp(-WEEK / t.market.drift_days), t.market.drift_sd**2
    new = sd2 * (1 - phi * phi) + t.market.jump_sd**2 * sd2 * t.market.jump_rate * WEEK
    noise, var = t.beliefs.field_noise * sd2, 1.0
    for _ in range(1000):
        var = phi * phi / (1 / var + WEEK / noise) + new
    reps = firm.people["team"] == 1
    assert firm.beliefs["needs_var"][reps, 0] == pytest.approx(var, rel=1e-6)


def test_people_are_as_wrong_as_they_think():
    """Over weeks and markets the mean squared error of the reps' picture of needs is the variance they give it."""
    errors, variances = [], []
    for seed in range(30):
        simulation = begin(with_values(Theory(), {**ALONE, "beliefs.field": 1.0, "beliefs.mates": 0.0}), seed, 900)
        for day in range(300, 900, 100):
            simulation.advance(day)
            b, reps = simulation.firm.beliefs, simulation.firm.people["team"] == 1
            errors.append(((b["needs"][reps] - simulation.firm.segments["needs"]) ** 2).mean())
            variances.append(b["needs_var"][reps].mean())
    spread = np.std(errors, ddof=1) / math.sqrt(len(errors))
    assert abs(np.mean(errors) - np.mean(variances)) < SIGMAS * spread


# --- distance ---


def test_chance_contacts_fall_as_the_allen_curve_says():
    """Where nothing but access differs, contacts are as access is: to its power `choosing` for pairs within one firm,
    to its power `moving` for firms whose desks are all nearer."""
    flat = {"contact__trust": 0.0, "contact__complaint": 0.0, "contact__benefit": 0.0, "contact__strength": 0.0,
            "contact__cost": 0.0, "rooms__practices": 0, "rooms__informal": 0, "rooms__workload": 0,
            "contact__accept_trust": 0.0, "contact__accept_load": 0.0, "contact__base": 3.0,
            "contact__strength_gain": 0.0, "workload__day_hours": 24.0}  # fmt: skip
    t, count, meet = Theory().distance, {}, {}
    for metres in (2.0, 20.0):
        firm = lived(1300, **flat, distance__between_teams_m=metres).firm
        count[metres], meet[metres] = firm.days["contacts"].sum(), firm.ties["meet"].mean()
    access = [formulas.access_at(m, t.half_m, t.floor, t.building_m, t.far_floor) for m in (2.0, 20.0)]
    assert meet[2.0] / meet[20.0] == pytest.approx((access[0] / access[1]) ** t.moving, rel=0.1)
    assert abs(count[2.0] / count[20.0] - meet[2.0] / meet[20.0]) < SIGMAS * math.sqrt(2 / count[20.0])
    stay = {"rooms__workforce": 0, "rooms__structure": 0}  # nobody's contacts begin anew
    ties = lived(1300, **flat, **stay, distance__between_teams_m=20.0, distance__spread=1.0).firm.ties
    near = ties["distance"] < np.median(ties["distance"])
    talks = [ties["contacts"][half].sum() for half in (near, ~near)]
    expected = ties["meet"][near].sum() / ties["meet"][~near].sum()
    assert expected > (access[0] / access[1]) ** t.moving
    assert abs(talks[0] / talks[1] - expected) < SIGMAS * expected * math.sqrt(1 / talks[0] + 1 / talks[1])


def test_the_access_of_the_allen_curve_in_metres():
    """Halved in its steep part at `half_m`, at the floor far off, at the far floor at the ends of the earth."""
    t = Theory().distance
    at = lambda m: formulas.access_at(m, t.half_m, t.floor, t.building_m, t.far_floor)  # noqa: E731
    assert at(t.half_m) == pytest.approx(0.5 + t.floor / 2, abs=0.002)
    assert at(1e9) == pytest.approx(t.far_floor, abs=1e-6)


# --- customers ---


def test_customers_stay_for_a_geometric_number_of_years():
    """Where satisfaction moves nothing, each renews with the same chance: after y years p^y of them are left."""
    firm = lived(1040, **alone(rooms__customers=0, market__size=10.0)).firm
    base = firm.customers[: int(firm.ledger["n_customers"][0])]
    base = base[base["since"] < 0]
    chance = 1 / (1 + math.exp(-Theory().customers.renewal))
    for years in (1, 2, 3, 4):
        stayed = ((base["ended"] < 0) | (base["ended"] >= 260 * years)).mean()
        expected = chance**years
        assert abs(stayed - expected) < SIGMAS * math.sqrt(expected * (1 - expected) / len(base)), years


# --- forms ---

CHANCE = st.floats(0, 1)


def log_odds(chance: float) -> float:
    return math.log(chance / (1 - chance))


def follow(trust=0.5, seen=0.55, context=0.0, load=0.9, experience=0.0, rules=0.0, metrics=0.0, pressure=0.0) -> float:
    numbers = numbers_for_kernels(Theory())
    return selling.chance_of_follow_up(numbers, trust, seen, context, load, experience, rules, metrics, pressure)


@given(st.floats(0.05, 1))
def test_experience_has_the_four_signs_of_the_lead_black_hole(experience):
    """F20: experience weakens the answer to tracking and to volume, and strengthens that to prequalification."""

    def answer(**more: float) -> float:
        return log_odds(follow(experience=experience, **more)) - log_odds(follow(experience=experience))

    def novice(**more: float) -> float:
        return log_odds(follow(**more)) - log_odds(follow())

    assert 0 < answer(rules=1.0) < novice(rules=1.0)
    assert novice(load=1.4) < answer(load=1.4) < 0
    assert answer(seen=0.8) > novice(seen=0.8) > 0
    assert follow(pressure=1.0) < follow()


@given(st.floats(0.05, 0.95))
def test_the_best_mix_of_pull_and_push_is_inside(pull):
    """The maximum of pull sqrt(1 - x) + push sqrt(x) lies at x = push^2 / (pull^2 + push^2) (F56)."""
    best = (1 - pull) ** 2 / (pull**2 + (1 - pull) ** 2)
    top = marketing.attraction(pull, best)
    for step in (-0.01, 0.01):
        assume(0 <= best + step <= 1)
        assert marketing.attraction(pull, best + step) < top


@given(CHANCE, CHANCE, CHANCE)
def test_a_scar_takes_its_share_of_any_trust_and_nothing_gives_it_back(cognition, affect, scar):
    weight = Theory().trust.affect
    whole = formulas.trust_of(cognition, affect, 0.0, weight)
    assert formulas.trust_of(cognition, affect, scar, weight) == pytest.approx((1 - scar) * whole)


# --- worlds ---


def test_an_idle_extra_person_changes_nobody():
    one, two = lived(260).firm, lived(260, workforce__idle=1).firm
    n = len(one.people)
    for name in ("leads", "customers", "ties", "segments", "days", "quarters", "practices", "decisions"):
        a, b = getattr(one, name), getattr(two, name)
        for column in a.dtype.names:
            if column != "people":
                assert a[column][: len(one.days)].tobytes() == b[column][: len(one.days)].tobytes(), (name, column)
    for column in one.people.dtype.names:
        assert one.people[column].tobytes() == two.people[column][:n].tobytes(), column


def test_a_lead_nobody_could_have_wanted_ends_as_it_should():
    """No interest, no deal: of Marketing's leads none is won, and each that was tried has a reason why not."""
    firm = lived(390, selling__interest=0.0).firm
    leads = firm.leads[: int(firm.ledger["n_leads"][0])]
    marketing_s = leads[(leads["m"] >= 0) & (leads["born"] >= 0)]
    assert (marketing_s["opened"] == NEVER).all()
    tried = marketing_s[(marketing_s["tried"] >= 0) & (marketing_s["ended"] >= 0)]
    assert len(tried) > 50 and np.isin(tried["fate"], (Fate.BAD_LEAD, Fate.NOT_INTERESTED)).all()


def test_a_market_grows_by_its_rate_from_day_0_on():
    """Prospects of a day grow by the same factor each year, and nothing moves where the rate is nothing."""
    market = Theory().market
    assert [market_size(market, day) for day in (0, 260, 999)] == [market.size] * 3
    growing = market._replace(growth=0.15, size=2.0)
    assert [market_size(growing, 260 * year) for year in (0, 1, 5)] == pytest.approx([2.0, 2.3, 2.0 * 1.15**5])
    assert sim.read().but(market__growth=0.15).theory.market.growth == 0.15
    with pytest.raises(sim.InputError, match="how a run begins"):
        sim.read().but(changes=[sim.Change(day=520, values={"market.growth": 0.15})])


def test_there_is_room_for_a_market_that_grows_fast():
    """Six times as many prospects each year, for three years: every lead has its row, and a longer run is refused."""
    simulation = begin(with_values(Theory(), {"market.growth": 5.0, "market.size": 0.05}), 1, 780)
    simulation.advance(780)
    assert books(simulation) == [] and simulation.firm.ledger["n_leads"][0] > 2000
    with pytest.raises(sim.InputError, match="memory"):
        sim.run(sim.read().but(market__growth=5.0, days=5200))
