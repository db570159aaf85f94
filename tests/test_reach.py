"""Plans to reach a stage: they keep what they promise, nothing in them is idle, and no plan is an answer too."""

from __future__ import annotations

import dataclasses
import json
import math
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

import sim
from sim.model.firm import QUARTER, Stage
from sim.scenario.schema import NUMBERS
from sim.study.many import Interrupted
from sim.study.reach import trials as reach_trials
from sim.study.reach.actions import ACTIONS, allowed_actions, open_to, with_actions
from sim.study.reach.plan import rate_interval
from sim.study.reach.search import Search
from sim.study.reach.sets import compatible
from sim.study.reach.trials import DOUBT, Seen, Trials, first_quarter, in_order

WITHIN, DAYS = 1.5, 390  # years, days
SMALL = {"within_years": WITHIN, "seeds": 12, "budget": 900}
ALLOW = ["liaison", "distance", "communication.cost_hours", "few-counterparts"]


def there(scenario: sim.Scenario, seed: int, stage: Stage = Stage.DEFINED, days: int = DAYS) -> bool:
    """Whether a stage or a higher one counts in time, read off the run's own table."""
    return bool((sim.run(scenario, seed, until=days).quarters["stage"] >= stage).any())


def reached(lives) -> int:
    return sum(life.seen.first > 0 for life in lives)


@pytest.fixture(scope="module")
def found():
    return sim.reach("silo", "defined", allow=ALLOW, **SMALL)


@pytest.fixture(scope="module")
def nothing_helps():
    return sim.reach("silo", "aligned", allow=["practices.rules", "communication"], **SMALL)


# --- plans ---


def test_plans_reach_the_stage_in_unseen_markets(found):
    assert found.plans and found.nearest is None
    for plan in found.plans:
        counted = sum(there(plan.scenario, seed) for seed in found.markets)
        assert plan.reached == counted and plan.rate >= found.chance
        low, high = plan.interval
        assert 0.0 <= low <= plan.rate <= high <= 1.0
    assert not set(found.markets) & set(found.other_markets)
    assert reached(found.baseline) == sum(there(found.as_is, seed) for seed in found.markets)


def test_without_any_one_action_a_plan_is_not_enough(found):
    for plan in found.plans:
        assert set(plan.without) == {action.name for action in plan.actions}
        for left_out in plan.actions:
            rest = with_actions(found.as_is, [a for a in plan.actions if a is not left_out])
            n_reached, n = plan.without[left_out.name]
            assert n_reached / n < found.chance
            assert n_reached == sum(there(rest, seed) for seed in found.other_markets[:n])
        n_reached, n = plan.confirmed
        assert n_reached / n >= found.chance


def test_plans_are_different(found):
    assert 2 <= len(found.plans) <= 3
    sets = [set(plan.actions) for plan in found.plans]
    assert all(a is b or not a <= b for a in sets for b in sets)
    for plan in found.plans:
        levers = [lever for action in plan.actions for lever in action.levers]
        assert len(levers) == len(set(levers))


def test_cost_and_net_value_are_the_models_own_paired_differences(found):
    plan, seed = found.plans[0], found.markets[3]
    with_it, without = sim.run(plan.scenario, seed), sim.run(found.as_is, seed)
    cost = [each.daily[["payroll", "other_cash"]].iloc[:DAYS].sum().sum() / WITHIN for each in (with_it, without)]
    assert plan.lives[3].seen.cost == pytest.approx(cost[0]) and found.baseline[3].seen.cost == pytest.approx(cost[1])
    assert plan.lives[3].net_value == with_it.outcomes()["net_value"]
    differences = [a.net_value - b.net_value for a, b in zip(plan.lives, found.baseline, strict=True)]
    assert plan.net_value.mean == pytest.approx(np.mean(differences))
    assert plan.cost.low <= plan.cost.mean <= plan.cost.high


def test_a_plan_begins_on_day_1_and_leaves_day_0_as_it_was(found):
    before, after = (sim.run(s, 5, until=3).state.firm.days for s in (found.as_is, found.plans[0].scenario))
    assert before[:1].tobytes() == after[:1].tobytes() and before[:3].tobytes() != after[:3].tobytes()


def test_the_answer_does_not_depend_on_the_threads():
    limits = {"within_years": 1, "allow": ["distance"], "seeds": 4, "budget": 300}
    one, two = (sim.reach("liaison", "defined", threads=threads, **limits) for threads in (1, 2))
    assert [plan.actions for plan in one.plans] == [plan.actions for plan in two.plans]
    assert one.runs == two.runs and one.df.equals(two.df) and one.actions.equals(two.actions)


def test_a_limit_on_cost_is_kept():
    dear = sim.reach("silo", "defined", allow=["hire-liaison", "one-room", "short-talks"], max_cost=20.0, **SMALL)
    assert all(plan.cost.mean <= 20.0 for plan in dear.plans)
    assert not any(action.name == "hire-liaison" for plan in dear.shown for action in plan.actions)
    cost = dear.actions.loc["hire-liaison", "cost"]
    assert NUMBERS["money.seat_cost"].default * 0.5 < cost < NUMBERS["money.seat_cost"].default * 1.5


def test_what_is_so_already_needs_no_plan():
    easy = sim.reach("silo", "undefined", **SMALL)
    assert [plan.actions for plan in easy.plans] == [()] and easy.found
    assert easy.plans[0].net_value.mean == 0.0 and easy.plans[0].rate == 1.0


# --- no plan ---


def test_no_plan_is_an_answer(nothing_helps):
    assert not nothing_helps.found and nothing_helps.plans == []
    near = nothing_helps.nearest
    assert near.reached == sum(there(near.scenario, seed, Stage.ALIGNED) for seed in nothing_helps.markets)
    assert near.rate < nothing_helps.chance
    assert near.actions and {action.group for action in near.actions} <= {"practices", "communication"}
    held = nothing_helps.blocked_by
    assert len(held) == 20 and held["missing"].is_monotonic_decreasing
    assert ((held["score"] + held["missing"]) == 5.0).all() and held["score"].between(1.0, 5.0).all()
    one = sim.run(near.scenario, nothing_helps.markets[0], until=DAYS).audit
    last = one[(one["quarter"] == DAYS // QUARTER) & (one["side"] == "both")]["score"]
    assert near.lives[0].seen.items == tuple(last)


# --- what can be done ---


def test_actions_move_levers_within_their_bounds():
    assert len({action.name for action in ACTIONS}) == len(ACTIONS)
    for action in ACTIONS:
        for lever, value in action.values:
            assert NUMBERS[lever].lever and NUMBERS[lever].low <= value <= NUMBERS[lever].high
    assert not {"trust", "market", "money", "shock"} & {action.group for action in ACTIONS}


@pytest.mark.parametrize("name", ["default", "silo", "near-cheap", "forbidden", "mandated", "small-simple", "merged"])
def test_open_actions_change_something_in_the_way_they_are_meant(name):
    as_is = sim.read(name)
    names = {action.name for action in open_to(as_is)}
    for action in open_to(as_is):
        assert with_actions(as_is, [action]).theory_on(1) != as_is.theory_on(1)
    assert ("permit-rules" in names) == (name in ("forbidden", "mandated"))
    assert ("mandate-rules" in names) == (name != "mandated")
    if name == "near-cheap":
        assert not {"one-room", "one-floor", "appoint-liaison", "short-talks"} & names


def test_allowed_and_fixed():
    silo = sim.read("silo")
    every = allowed_actions(silo, None, None)[1]
    assert [a for a in every if a.group == "distance"] == allowed_actions(silo, ["distance"], None)[1]
    assert {a.name for a in allowed_actions(silo, ["one-room", "practices.rules"], None)[1]} == {"one-room", "mandate-rules"}  # fmt: skip # noqa: E501
    fixed, rest, _ = allowed_actions(silo, None, {"distance": None, "communication.cost_hours": 0.9})
    assert fixed.values["communication.cost_hours"] == 0.9
    assert not any(a.group == "distance" or "communication.cost_hours" in a.levers for a in rest)


def test_a_fitted_firm_is_searched_on_one_set_and_tested_on_all(monkeypatch):
    """Fewer markets than sets would leave some of them out of the last test."""
    from sim.study.reach import trials

    sets = tuple({"selling.win": 0.4 + 0.02 * k} for k in range(7))
    lived, plain_run = {}, trials.run

    def spied(scenario, market, **more):
        lived.setdefault(market, set()).add(scenario.in_market(market).value("selling.win"))
        return plain_run(scenario, market, **more)

    monkeypatch.setattr(trials, "run", spied)
    fitted = sim.read("silo").but(days=130)
    found = sim.reach(dataclasses.replace(fitted, sets=sets), "defined", allow=["practices.rules"], within_years=0.5,
                      seeds=3, budget=400)  # fmt: skip
    assert found.markets == list(range(7))
    assert all(lived[market] == {sets[market]["selling.win"]} for market in found.markets)
    searched = set(lived) - set(found.markets) - set(found.other_markets)
    assert searched and all(lived[market] == {fitted.value("selling.win")} for market in searched)


def test_sets_never_move_a_lever_twice():
    for chosen in (compatible(ACTIONS), compatible(ACTIONS[::-1])):
        levers = [lever for action in chosen for lever in action.levers]
        assert len(levers) == len(set(levers))
    assert in_order(frozenset(ACTIONS)) == list(ACTIONS)


# --- the test that stops early ---


class Told(Trials):
    """Trials whose runs are told beforehand; each action costs 10 k€ a year."""

    def __init__(self, told: list[bool], chance: float, max_cost: float | None = None):
        super().__init__(sim.Scenario(), Stage.ALIGNED, DAYS, chance, max_cost, 10_000)
        self.told, self.asked = told, 0

    def seen(self, chosen, markets):
        self.asked += len(markets)
        return [Seen(int(self.told[m]), 0.0, self.told[m], 10.0 * len(chosen), 0.0, (1.0,) * 20) for m in markets]


class Needs(Told):
    """Trials in which a set is enough exactly if it holds what is needed."""

    def __init__(self, needed):
        super().__init__([True] * 300, 0.5)
        self.needed = needed

    def seen(self, chosen, markets):
        reached = int(self.needed <= chosen)
        return [Seen(reached, float(reached), bool(reached), 0.0, 0.0, (1.0,) * 20) for _ in markets]


@given(st.sets(st.sampled_from(sorted(compatible(ACTIONS), key=lambda a: a.name)), max_size=5))
def test_whatever_is_not_needed_is_left_out(needed):
    search = Search(Needs(needed), ACTIONS, range(5))
    assert search._trimmed(compatible(ACTIONS), search.confirmed) == needed


def test_a_small_set_that_was_lucky_in_the_search_does_not_hide_the_larger_one_that_is_needed():
    """It was trimmed to again and again, and the answer was "no plan" beside a nearest one that was enough."""
    one, two = in_order(compatible(ACTIONS))[:2]

    class Lucky(Needs):
        def seen(self, chosen, markets):
            found = [{one} <= chosen if m in self.luck else {one, two} <= chosen for m in markets]
            return [Seen(int(yes), float(yes), yes, 0.0, 0.0, (1.0,) * 20) for yes in found]

        def lives(self, chosen, markets):
            return [SimpleNamespace(seen=each) for each in self.seen(chosen, markets)]

    trials = Lucky(set())
    search = Search(trials, ACTIONS, range(20))
    trials.luck = set(search.searched)
    search.as_is = trials.lives(frozenset(), search.unseen)
    search.sets.values = {frozenset({one}): 2.0, frozenset({one, two}): 1.0}
    assert search._stands(frozenset(), clearly=True)
    assert search.plans[0].chosen == {one, two}
    assert all(not verdict.enough for verdict in search.plans[0].without.values())


def test_a_set_that_costs_too_much_is_not_enough():
    one, two = frozenset(ACTIONS[:1]), frozenset(ACTIONS[:2])
    trials = Told([True] * 16, 0.8, max_cost=15.0)
    assert trials.judged(one, range(16)).enough and not trials.judged(two, range(16)).enough
    assert trials.judged(two, range(16)).cost == 20.0


@given(st.lists(st.booleans(), min_size=1, max_size=120), st.floats(0.01, 1.0))
def test_a_verdict_counts_what_it_saw(told, chance):
    trials = Told(told, chance)
    verdict = trials.judged(frozenset(), range(len(told)))
    assert 0 < verdict.markets <= len(told) and trials.asked == verdict.markets
    assert verdict.reached == sum(told[: verdict.markets])
    assert verdict.enough == (verdict.rate >= chance - 1e-9)
    left, goal = len(told) - verdict.markets, chance * len(told) - 1e-6
    certain = verdict.reached >= goal or verdict.reached + left < goal + 2e-6
    below, above = (
        binom.cdf(verdict.reached, verdict.markets, chance),
        binom.sf(verdict.reached - 1, verdict.markets, chance),
    )
    assert left == 0 or certain or min(below, above) < DOUBT
    if left == 0 or (certain and not min(below, above) < DOUBT):
        assert verdict.enough == (sum(told) >= goal)


@given(st.integers(3, 25), st.sampled_from([0.5, 0.8, 0.95]))
def test_a_clear_answer_is_cheap(batches, chance):
    n = 8 * batches
    assert Told([False] * n, chance).judged(frozenset(), range(n)).markets <= min(n - 8, 8)
    assert Told([True] * n, 0.5).judged(frozenset(), range(n)).markets <= min(n - 8, 16)


@given(st.lists(st.sampled_from([1, 2, 3, 4]), max_size=30), st.sampled_from(list(Stage)))
def test_the_first_quarter_of_a_stage(stages, stage):
    first = first_quarter(np.array(stages, int), stage)
    assert (first == 0) == all(each < stage for each in stages)
    if first:
        assert stages[first - 1] >= stage and all(each < stage for each in stages[: first - 1])


@given(st.integers(1, 200), st.data())
def test_rates_lie_in_their_intervals(n, data):
    k = data.draw(st.integers(0, n))
    low, high = rate_interval(k, n)
    assert 0.0 <= low <= k / n <= high <= 1.0


def test_no_run_is_made_twice_and_the_budget_is_kept(monkeypatch):
    made, real = [], reach_trials.run

    def counted(scenario, seed, until=None):
        made.append((scenario.hash, seed, until))
        return real(scenario, seed, until=until)

    monkeypatch.setattr(reach_trials, "run", counted)
    seen = []
    result = sim.reach("silo", "aligned", within_years=0.5, allow=["distance", "practices.rules"], seeds=4, budget=300,
                       progress=lambda done, all_: seen.append((done, all_)))  # fmt: skip
    assert len(made) == len(set(made)) == result.runs <= result.budget == 300
    unseen, searched = ({seed for _, seed, end in made if (end is None) == last} for last in (True, False))
    assert unseen == set(result.markets) and not unseen & searched
    assert seen == sorted(seen) and seen[-1] == (300, 300)


# --- stopped, wrong, saved, shown ---


def stop_after(monkeypatch, runs: int) -> None:
    real, made = reach_trials.run, []

    def run(*given_, **options):
        made.append(1)
        if len(made) > runs:
            raise KeyboardInterrupt
        return real(*given_, **options)

    monkeypatch.setattr(reach_trials, "run", run)


@pytest.mark.parametrize("runs", [2, 120])
def test_what_was_found_before_an_interruption_is_kept(monkeypatch, runs):
    stop_after(monkeypatch, runs)
    with pytest.raises(Interrupted) as stopped:
        sim.reach("silo", "defined", allow=ALLOW, threads=1, **SMALL)
    (kept,) = stopped.value.finished
    assert kept.stopped and kept.runs <= runs
    assert (kept.nearest is None) == (runs == 2)
    assert len(kept.summary()) == len(kept.shown) and isinstance(kept.df.empty, bool)


def test_every_fault_is_told_at_once():
    with pytest.raises(sim.InputError) as fault:
        sim.reach("silo", "algned", within_years=9, chance=1.2, allow=["practces"], fixed={"trust.gain": 7},
                  max_cost=math.nan, budget=0, seeds=[1, 1])  # fmt: skip
    problems = "\n".join(fault.value.problems)
    assert len(fault.value.problems) == 8
    for said in (
        '"aligned"',
        "5 years",
        "chance = 1.2",
        '"practices"',
        "trust.gain = 7",
        "max_cost",
        "budget = 0",
        "seeds",
    ):
        assert said in problems


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"budget": 20}, "need at least"),
        ({"allow": ["distance"], "fixed": ["distance"]}, "both allowed and fixed"),
        ({"allow": ["one-room"], "fixed": ["distance"]}, "nothing is left"),
        ({"within_years": 0.1}, "at least a quarter"),
        ({"chance": 0}, "above 0"),
        ({"fixed": {"distance": 4}}, "distance is not known"),
        ({"fixed": ["nobody"]}, "nobody"),
    ],
)
def test_impossible_limits_are_refused(options, said):
    with pytest.raises(sim.InputError, match=said):
        sim.reach("silo", "aligned", **options)


def test_a_result_is_saved_and_reads_back(found, tmp_path):
    folder = found.save(tmp_path / "plans")
    names = {path.name for path in folder.iterdir()}
    assert names >= {"reach.toml", "reach.parquet", "summary.csv", "actions.csv", "reach.png", "as-is.toml"}
    assert sim.read(folder / "plan-1.toml").hash == found.plans[0].scenario.hash
    assert sim.read(folder / "as-is.toml").hash == found.as_is.hash
    table = found.df
    assert list(table.columns) == ["run", "scenario", "seed", "day", "metric", "value", "unit"]
    assert len(table) == (1 + len(found.plans)) * len(found.markets) * table["metric"].nunique()
    assert found.summary().loc["plan 1", "rate"] == found.plans[0].rate
    with pytest.raises(FileExistsError):
        found.save(folder)


def test_the_pictures_show_every_plan_and_the_as_is(found, nothing_helps):
    for result in (found, nothing_helps):
        axes = result.plot()
        said = {text.get_text() for text in axes.texts}
        assert {"as it is", *(plan.name for plan in result.shown)} <= said
        share = result.share_by_quarter(result.shown[0].lives)
        assert share == sorted(share) and len(share) == result.as_is.days // QUARTER
    assert "<table" in found._repr_html_() and "plan" in repr(found)


# --- the command ---


LIMITS = ("--within", 0.5, "--seeds", 4, "--budget", 300)  # small, so that it is quick


def test_the_command_tells_plans(baton, tmp_path):
    words = ("reach", "defined", "--from", "default", "--allow", "distance", *LIMITS, "-o", tmp_path / "plans")
    code, out, err = baton(*words, "--within", 1.5)
    assert code == 0 and (tmp_path / "plans" / "reach.toml").is_file()
    assert "one room" in out and "net value" in out and "How fast real firms move" in out and "not a prize" in out
    assert "at most 300 runs" in err and "of at most 300" in out


def test_the_command_says_no(baton):
    code, out, err = baton("reach", "integrated", "--from", "silo", "--allow", "distance", *LIMITS)
    assert code == 4 and "No plan inside your limits. The nearest is" in out and "Held back by" in out
    code, out, err = baton("reach", "integrated", "--from", "silo", "--allow", "distance", *LIMITS, "--json")
    data = json.loads(out)
    assert (code, err) == (4, "") and not data["found"] and data["nearest"]["reached"] == 0 and data["blocked_by"]


def test_the_command_refuses_and_stops(baton, monkeypatch):
    code, out, err = baton("reach", "algned", "--from", "silo", "--allow", "practces,distance", "--fix", "distance")
    assert (code, out) == (3, "") and "aligned" in err and "practices" in err and "both allowed and fixed" in err
    stop_after(monkeypatch, 40)
    code, out, err = baton(
        "reach", "defined", "--from", "silo", "--allow", "distance,liaison", *LIMITS, "--budget", 400
    )
    assert code == 130 and "best so far" in out and "of 400 runs" in err


# --- a small budget ---

NEEDED = {"one-room", "short-talks", "mandate-rules", "quick-decisions", "hire-liaison"}
KINDS = ["liaison", "distance", "communication", "practices"]
THIN = ("reach", "aligned", "--from", "silo", "--seeds", 20, "--budget", 600, "--max-cost", 100,
        "--allow", ",".join(KINDS))  # fmt: skip


@pytest.fixture
def quick_lives(monkeypatch):
    """Runs without a model: five actions together reach the stage in 19 of 20 markets; talk takes hours, saves cash."""

    def run(self, chosen, markets, made, one):
        missing = [seed for seed in markets if (chosen, seed) not in made]
        if self.used + len(missing) > self.limit:
            raise reach_trials.Spent
        self.used += len(missing)
        have = len(NEEDED & {action.name for action in chosen})
        for seed in missing:
            there = have == len(NEEDED) and seed % 20 != 19
            seen = Seen(int(there), 5.0 * (have - len(NEEDED)), True, -9.0 * have, 24.0 * have, (3.0,) * 20)
            made[chosen, seed] = reach_trials.Life(seen, seen.first, 0.0, False) if made is self._lives else seen

    monkeypatch.setattr(Trials, "_run", run)


def test_runs_are_kept_back_for_confirming(quick_lives):
    found = sim.reach("silo", "aligned", seeds=20, budget=600, max_cost=100, allow=KINDS)
    assert found.found and {action.name for action in found.plans[0].actions} == NEEDED and found.runs <= 600


def test_a_set_that_was_enough_and_not_confirmed_is_told_as_such(quick_lives, monkeypatch, baton):
    monkeypatch.setattr("sim.study.reach.search.KEPT", 0.0)
    code, out, _ = baton(*THIN)
    assert code == 5 and "Enough in 19 of 20 markets" in out and "the runs were spent (--budget)" in out
    assert "0 points" not in out and "Held back" not in out
    assert "cash, k€/yr" in out and "worth, k€/yr" in out and "+501" in out  # 120 hours a week are three seats
    code, out, _ = baton(*THIN, "--json")
    data = json.loads(out)
    assert code == 5 and data["enough"] and not data["found"]
