"""The answer of `reach`: plans with their rates, costs and worth, or the nearest and what holds it back."""

from __future__ import annotations

import html
import itertools
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from sim.files.folder import written_whole
from sim.files.harmless import write_csv
from sim.files.toml_written import toml_text
from sim.model.audit import HIGHEST, STATEMENTS
from sim.model.firm import QUARTER, YEAR, Stage
from sim.scenario import Scenario
from sim.scenario.toml_file import to_toml
from sim.study.doubt import drawn_table
from sim.study.reach.doubted import Doubted
from sim.study.reach.plan import Plan
from sim.study.reach.sets import Screened
from sim.study.reach.trials import Life

MARK = "reach.toml"
WORTH = {"": "mean", "_low": "low", "_high": "high", "_world_low": "world_low", "_world_high": "world_high"}
UNITS = {
    "reached": "0 or 1",
    "first_quarter": "quarter",
    "still_there": "0 or 1",
    "cost": "k€ a year",
    "hours_together": "hours a week",
    "net_value": "k€",
}


class Reach:
    """Plans that reach a stage, or the nearest to one.

    Attributes
    ----------
    plans : list of Plan
        At most three, each with other actions; empty if none was found.
    nearest : Plan or None
        Where there is no plan: the set of actions that came nearest.
    as_is, stage, days, chance, max_cost
        What was asked.
    markets : list of int
        The unseen markets.
    other_markets : list of int
        Those in which it was decided what can be left out, in their order.
    runs, budget
        Runs made, and the most that were allowed.
    stopped, spent : bool
        Whether the search was interrupted, or ended by its budget.
    passed_over : int
        Sets that seemed enough, and were not in the unseen markets.
    doubted : list of Doubted
        The firm as it is and each plan over plausible sets of numbers, where that was asked for; else nothing.
    """

    def __init__(
        self,
        as_is: Scenario,
        stage: Stage,
        days: int,
        chance: float,
        max_cost: float | None,
        markets: Sequence[int],
        other_markets: Sequence[int],
        baseline: Sequence[Life],
        plans: list[Plan],
        nearest: Plan | None,
        screened: Sequence[Screened],
        runs: int,
        budget: int,
        stopped: bool = False,
        spent: bool = False,
        passed_over: int = 0,
    ):
        self.as_is, self.stage, self.days, self.chance, self.max_cost = as_is, stage, days, chance, max_cost
        self.markets, self.other_markets, self.baseline = list(markets), list(other_markets), tuple(baseline)
        self.plans, self.nearest, self.screened = plans, nearest, tuple(screened)
        self.runs, self.budget, self.stopped, self.spent = runs, budget, stopped, spent
        self.passed_over = passed_over
        self.doubted: list[Doubted] = []

    @property
    def found(self) -> bool:
        """Whether there is a plan."""
        return bool(self.plans)

    @property
    def enough(self) -> bool:
        """Whether there is no plan, and yet the nearest was enough in the unseen markets."""
        near = self.nearest
        if near is None or not near.markets:
            return False
        dear = self.max_cost is not None and near.cost.mean > self.max_cost
        return near.reached >= self.chance * near.markets - 1e-9 and not dear

    @property
    def shown(self) -> list[Plan]:
        """The plans, or the nearest."""
        return self.plans or ([self.nearest] if self.nearest else [])

    @property
    def df(self) -> pd.DataFrame:
        """One long table of the unseen markets: run, scenario, seed, day, metric, value, unit."""
        rows = []
        for name, lives in [("as is", self.baseline), *((plan.name, plan.lives) for plan in self.shown)]:
            for seed, life in zip(self.markets, lives, strict=False):
                values = {
                    "reached": int(life.seen.first > 0),
                    "first_quarter": life.first or None,
                    "still_there": int(life.seen.stays),
                    "cost": life.seen.cost,
                    "hours_together": life.seen.hours,
                    "net_value": life.net_value,
                }
                for metric, value in values.items():
                    days = self.as_is.days if metric in ("first_quarter", "net_value") else self.days
                    rows.append((f"{name}-{seed}", name, seed, days - 1, metric, value, UNITS[metric]))
        table = pd.DataFrame(rows, columns=["run", "scenario", "seed", "day", "metric", "value", "unit"])
        return table.astype({"value": float})

    def summary(self) -> pd.DataFrame:
        """One row a plan (or the nearest): actions, rate with its interval, cost, hours and net value.

        `cost` (payroll and other cash), `hours` and `worth_of_hours` (k€ a year, at
        what a seat costs; the payroll pays them already) are differences to the as-is over the time given,
        `net_value` over the scenario's days; `low` and `high` are 95 %.
        """
        rows = []
        for plan in self.shown:
            low, high = plan.interval
            rows.append({
                "plan": plan.name,
                "actions": str(plan),
                "rate": plan.rate, "rate_low": low, "rate_high": high, "markets": plan.markets,
                "still_there": plan.still_there / plan.markets if plan.markets else float("nan"),
                "cost": plan.cost.mean, "cost_low": plan.cost.low, "cost_high": plan.cost.high,
                "hours": plan.hours.mean, "worth_of_hours": plan.worth_of_hours,
                "net_value": plan.net_value.mean, "net_value_low": plan.net_value.low,
                "net_value_high": plan.net_value.high,
            })  # fmt: skip
        columns = ["plan", "actions", "rate", "rate_low", "rate_high", "markets", "still_there", "cost", "cost_low",
                   "cost_high", "hours", "worth_of_hours", "net_value", "net_value_low", "net_value_high"]  # fmt: skip
        return pd.DataFrame(rows, columns=columns).set_index("plan")

    def over_numbers(self) -> pd.DataFrame:
        """One row the firm as it is and each plan, over plausible sets of numbers; without rows where not asked for.

        `rate` with `low` and `high` (95 %), and in how many sets the stage was reached in `both` markets, in `one`, in
        `neither`; the difference of `net_value` (k€) with its interval over sets, and `world_low` to `world_high`:
        where it lies for 95 of 100 plausible sets.
        """
        rows = []
        for each in self.doubted:
            worth = each.net_value.layers if each.net_value else None
            rows.append({"plan": each.name, "rate": each.rate.mean, "low": each.rate.low, "high": each.rate.high,
                         "both": each.both, "one": each.one, "neither": each.neither,
                         **{f"net_value{end}": getattr(worth, key, np.nan) for end, key in WORTH.items()}})  # fmt: skip
        columns = ["plan", "rate", "low", "high", "both", "one", "neither", *(f"net_value{end}" for end in WORTH)]
        return pd.DataFrame(rows, columns=columns).set_index("plan")

    @property
    def blocked_by(self) -> pd.DataFrame:
        """The statements of the audit that hold the nearest plan back: mean score (1 to 5) and points missing.

        Of the last quarter of the time given, in the unseen markets; the one with most missing comes first.
        """
        scores = [life.seen.items for life in (self.nearest.lives if self.nearest else ())]
        rows = []
        for item, statement in enumerate(STATEMENTS):
            mean = sum(each[item] for each in scores) / len(scores) if scores else float("nan")
            rows.append({"item": item + 1, "statement": statement.text, "counted": statement.observed,
                         "score": mean, "missing": HIGHEST - mean})  # fmt: skip
        table = pd.DataFrame(rows).set_index("item").dropna()
        return table.sort_values("missing", ascending=False, kind="stable")

    @property
    def actions(self) -> pd.DataFrame:
        """What each action alone does, in a few markets of the search: audit points nearer, markets reached, cost."""
        rows = [{"action": each.action.name, "says": each.action.says, "sets": each.action.setting,
                 "nearer": each.gain, "reached": each.reached, "markets": each.markets, "cost": each.cost}
                for each in self.screened]  # fmt: skip
        columns = ["action", "says", "sets", "nearer", "reached", "markets", "cost"]
        table = pd.DataFrame(rows, columns=columns).set_index("action")
        return table.sort_values("nearer", ascending=False, kind="stable")

    def share_by_quarter(self, lives: Sequence[Life]) -> list[float]:
        """The share of markets in which the stage has been reached by the end of each quarter of the scenario."""
        firsts = [life.first for life in lives if life.first]
        quarters = self.as_is.days // QUARTER
        counts = itertools.accumulate(firsts.count(quarter) for quarter in range(1, quarters + 1))
        return [count / len(lives) if lives else float("nan") for count in counts]

    def plot(self):
        """How many markets have reached the stage, quarter by quarter, for each plan (matplotlib Axes)."""
        from sim import figures

        return figures.reach_plot(self)

    def save(self, folder: str | Path, overwrite: bool = False) -> Path:
        """Write the plans as scenarios, `reach.parquet`, `summary.csv`, `actions.csv`, `reach.toml` and the picture."""
        from sim import figures

        with written_whole(folder, overwrite, MARK) as work:
            if (theory := self.as_is.own_theory) is not None:  # the scenarios name it, and are read beside it
                (work / theory.called).write_text(theory.text, encoding="utf-8")
            scenarios = {"as-is": self.as_is, **{plan.name.replace(" ", "-"): plan.scenario for plan in self.shown}}
            for name, scenario in scenarios.items():
                text = to_toml(scenario, shared=True, beside=True)
                (work / f"{name}.toml").write_text(text, encoding="utf-8")
            self.df.to_parquet(work / "reach.parquet", index=False)
            write_csv(self.summary(), work / "summary.csv", index=True)
            write_csv(self.actions, work / "actions.csv", index=True)
            if not self.found:
                write_csv(self.blocked_by, work / "blocked_by.csv", index=True)
            if self.doubted:
                write_csv(self.over_numbers(), work / "over_numbers.csv", index=True)
                write_csv(drawn_table(self.doubted[0].reached.in_doubt, self.markets), work / "numbers.csv")
            (work / MARK).write_text(self._toml(), encoding="utf-8")
            figures.write_reach(self, work / "reach.png")
        return Path(folder)

    def _toml(self) -> str:
        from sim.files.provenance import made_by

        asked = {"stage": self.stage.name.lower(), "within_years": self.days / YEAR, "chance": self.chance,
                 "max_cost": self.max_cost, "as_is_hash": self.as_is.hash}  # fmt: skip
        told = {"found": self.found, "runs": self.runs, "budget": self.budget, "stopped": self.stopped,
                "spent": self.spent, "passed_over": self.passed_over, "markets": self.markets,
                "other_markets": self.other_markets}  # fmt: skip
        each = {plan.name.replace(" ", "_"): {
            "actions": [action.name for action in plan.actions], "hash": plan.scenario.hash,
            "reached": plan.reached, "markets": plan.markets, "confirmed": list(plan.confirmed),
        } for plan in self.shown}  # fmt: skip
        return toml_text({"reach": asked, "answer": told, **each, "versions": made_by(lived=[self.as_is])})

    def __repr__(self) -> str:
        what = f"{len(self.plans)} plan{'' if len(self.plans) == 1 else 's'}" if self.plans else "no plan"
        within = f"{self.days / YEAR:.3g} year{'' if self.days == YEAR else 's'}"
        return f"<Reach {self.stage.name.lower()} within {within}, chance {self.chance:g}: {what}, {self.runs} runs>"

    def _repr_html_(self) -> str:
        return f"<p>{html.escape(repr(self))}</p>{self.summary().round(3).to_html()}"
