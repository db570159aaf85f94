"""Sets of actions for `reach`: what each action does by itself, and sets of them as Optuna combines them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.extras import extra
from sim.study.reach.actions import Action
from sim.study.reach.trials import BATCH, NOTHING, Chosen, Seen, Trials

VARIABLES = 12  # kinds of action that are combined: the most useful ones
FIRST, FURTHER, LONG = 40, 24, 160  # sets tried: for the first plan, for another one, where none is found
SURPLUS = 5.0  # audit points above the stage's edge that are worth having
PER_ACTION = 1.0  # audit points that an action must be worth
PER_COST = 0.1  # audit points for each k€ a year beyond the limit
CLOSELY = 4  # sets that are looked at closely
SEED = 1  # of Optuna's sampler


class Screened(NamedTuple):
    """What one action alone does, in a few markets."""

    action: Action
    reached: int
    markets: int
    gain: float  # audit points nearer to the stage than as it is
    cost: float  # k€ a year more than as it is


class Sets:
    """The sets of actions that were tried, and what they are worth.

    Parameters
    ----------
    trials
        The runs, and what is wanted.
    actions
        What may be done.
    markets
        Where sets are tried; single actions in the first few of them.
    """

    def __init__(self, trials: Trials, actions: Sequence[Action], markets: Sequence[int]):
        self.trials, self.actions, self.markets = trials, list(actions), list(markets)
        self.screened: list[Screened] = []
        self.gains: dict[Action, float] = dict.fromkeys(self.actions, 0.0)
        self.values: dict[Chosen, float] = {}
        self._over: dict[Chosen, float] = {}  # k€ a year beyond the limit

    def screen(self, base: Chosen = NOTHING) -> None:
        """Each action by itself, or on top of a base: points nearer to the stage."""
        markets = self.markets[:BATCH]
        before = self.trials.seen(base, markets)
        for action in self.actions:
            if any(action.levers & other.levers for other in base):
                continue
            chosen = base | {action}
            after = self.trials.seen(chosen, markets)
            self.values.setdefault(chosen, self.value(chosen, after))
            gain = float(np.mean([a.close - b.close for a, b in zip(after, before, strict=True)]))
            self.gains[action] = max(self.gains[action], gain)
            if not base:
                reached = sum(each.first > 0 for each in after)
                cost = self.trials.extra_cost(chosen, markets)
                self.screened.append(Screened(action, reached, len(markets), gain, cost))

    def most_useful(self, number: int, forbidden: frozenset[str] = frozenset()) -> list[Action]:
        """The most useful actions that do not exclude one another."""
        found: list[Action] = []
        for action in sorted(self.actions, key=lambda a: -self.gains[a]):
            taken = frozenset().union(*(other.levers for other in found)) | forbidden
            if not action.levers & taken and self.gains[action] > 0.0:
                found.append(action)
        return found[:number]

    def sample(self, forbidden: frozenset[str]) -> None:
        """Let Optuna combine the most useful actions: one variable for each lever that they move."""
        with extra("reach", "The search for plans"):
            import optuna

        useful = self.most_useful(VARIABLES, forbidden)
        variables = {lead.name: [a for a in self.actions if a.levers & lead.levers and not a.levers & forbidden]
                     for lead in useful}  # fmt: skip
        if not variables:
            return
        told = optuna.logging.get_verbosity()
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        try:
            sampler = optuna.samplers.TPESampler(seed=SEED, n_startup_trials=10)
            study = optuna.create_study(sampler=sampler, direction="maximize")
            for number in range(1, len(useful) + 1):  # the most useful, the two most useful, ...
                study.enqueue_trial({lead.name: lead.name if lead in useful[:number] else "" for lead in useful})
            self._ask(study, variables, forbidden)
        finally:
            optuna.logging.set_verbosity(told)

    def _ask(self, study, variables: dict[str, list[Action]], forbidden: frozenset[str]) -> None:
        by_name = {action.name: action for action in self.actions}
        number = FURTHER if forbidden else FIRST
        for count in range(LONG):
            if count >= number and (forbidden or self._any_enough()):
                return
            trial = study.ask()
            words = [trial.suggest_categorical(v, ["", *(a.name for a in kind)]) for v, kind in variables.items()]
            chosen = compatible([by_name[word] for word in words if word])
            verdict = self.trials.judged(chosen, self.markets)
            self.values[chosen] = self.value(chosen, self.trials.seen(chosen, self.markets[: verdict.markets]))
            study.tell(trial, self.values[chosen])

    def _any_enough(self) -> bool:
        return any(self.trials.judged(chosen, self.markets).enough for chosen in self.ranked(frozenset())[:CLOSELY])

    def ranked(self, forbidden: frozenset[str]) -> list[Chosen]:
        """The sets that were tried without some levers, the most valuable first."""
        open_ones = [chosen for chosen in self.values if not any(a.levers & forbidden for a in chosen)]
        return sorted(open_ones, key=lambda chosen: (-self.values[chosen], key_of(chosen)))

    def value(self, chosen: Chosen, found: Sequence[Seen]) -> float:
        """What is maximized: audit points above the edge, up to a surplus, less a point for each action."""
        value = float(np.mean([min(each.close, SURPLUS) for each in found])) - PER_ACTION * len(chosen)
        if self.trials.max_cost is not None:
            over = self.trials.extra_cost(chosen, self.markets[: len(found)]) - self.trials.max_cost
            value -= PER_COST * max(over, 0.0)
            self._over[chosen] = over
        return value

    def nearest(self) -> Chosen:
        """The set that comes nearest, of those within the cost if there is one."""

        def order(chosen: Chosen) -> tuple:
            within = self._over.get(chosen, 0.0) <= 0.0
            return within, self.values[chosen] + PER_ACTION * len(chosen), key_of(chosen)

        return max(self.values, key=order)


def compatible(actions: Sequence[Action]) -> Chosen:
    """The actions less those that move a lever which an earlier one has moved."""
    kept: list[Action] = []
    for action in actions:
        if not any(action.levers & other.levers for other in kept):
            kept.append(action)
    return frozenset(kept)


def key_of(chosen: Chosen) -> tuple[str, ...]:
    """Names in order, so that ties are always broken alike."""
    return tuple(sorted(action.name for action in chosen))
