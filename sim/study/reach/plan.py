"""One plan of `reach`: what is done, how often it gets there, what it costs and what it is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.model.firm import WEEK
from sim.scenario import Scenario
from sim.study.intervals import Interval, mean_interval
from sim.study.reach.actions import Action, with_actions
from sim.study.reach.search import Found
from sim.study.reach.trials import Life, in_order


def rate_interval(reached: int, of: int) -> tuple[float, float]:
    """The exact 95 % interval (Clopper and Pearson) of a share.

    >>> tuple(round(end, 3) for end in rate_interval(8, 10))
    (0.444, 0.975)
    """
    from scipy.stats import binomtest

    found = binomtest(reached, of).proportion_ci(0.95, method="exact")
    return float(found.low), float(found.high)


@dataclass(frozen=True)
class Plan:
    """A set of actions, and what came of it in markets that the search did not use.

    Attributes
    ----------
    name, actions, scenario
        What is done; the scenario runs like any other.
    reached, markets
        In how many of the unseen markets the stage was reached in time.
    still_there
        In how many it still counted in the last quarter of that time.
    cost : Interval
        Payroll and other cash, k€ a year over that time, difference to the as-is (paired, 95 %).
    hours : Interval
        Hours a week of working together, difference to the as-is.
    net_value : Interval
        k€ over the scenario's days, difference to the as-is.
    broke
        In how many markets the money ran out.
    confirmed : (reached, markets)
        The same in the block of markets in which it was decided what can be left out.
    without : dict
        There, without one action, by the action's name: (reached, markets); the
        test stops early where the answer is clear.
    lives
        What was kept of each run, in the order of the markets.
    """

    name: str
    actions: tuple[Action, ...]
    scenario: Scenario
    reached: int
    markets: int
    still_there: int
    cost: Interval
    hours: Interval
    net_value: Interval
    broke: int
    confirmed: tuple[int, int]
    without: dict[str, tuple[int, int]]
    lives: tuple[Life, ...]

    @classmethod
    def of(cls, found: Found, as_is: Scenario, baseline: Sequence[Life], markets: Sequence[int], name: str) -> Plan:
        """A plan from what the search found."""
        pairs = list(zip(found.lives, baseline, strict=False))
        actions = tuple(in_order(found.chosen))
        return cls(
            name=name,
            actions=actions,
            scenario=with_actions(as_is, actions, name),
            reached=sum(life.seen.first > 0 for life in found.lives),
            markets=len(found.lives),
            still_there=sum(life.seen.stays for life in found.lives),
            cost=mean_interval([a.seen.cost - b.seen.cost for a, b in pairs]),
            hours=mean_interval([a.seen.hours - b.seen.hours for a, b in pairs]),
            net_value=mean_interval([a.net_value - b.net_value for a, b in pairs]),
            broke=sum(life.broke for life in found.lives),
            confirmed=(found.confirmed.reached, found.confirmed.markets),
            without={name: (v.reached, v.markets) for name, v in found.without.items()},
            lives=tuple(found.lives),
        )

    @property
    def rate(self) -> float:
        """Share of the unseen markets in which the stage was reached."""
        return self.reached / self.markets if self.markets else float("nan")

    @property
    def worth_of_hours(self) -> float:
        """k€ a year: the hours a week of working together at what a seat costs; they are in the payroll already."""
        theory = self.scenario.theory
        return self.hours.mean / (WEEK * theory.workload.day_hours) * theory.money.seat_cost

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval of the rate."""
        return rate_interval(self.reached, self.markets) if self.markets else (float("nan"), float("nan"))

    def __str__(self) -> str:
        return "; ".join(action.says for action in self.actions) or "nothing"
