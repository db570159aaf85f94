"""The search for plans: try sets of actions, leave out what is not needed, test what is left on unseen markets."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from sim.study.reach.actions import Action
from sim.study.reach.sets import CLOSELY, Sets, key_of
from sim.study.reach.trials import BATCH, NOTHING, Chosen, Life, Spent, Trials, Verdict, in_order

SEARCHED, CONFIRMED = 3 * BATCH, 25 * BATCH  # markets for a set in the search, and for what can be left out
IDLE = 0.5  # audit points: an action that brings less does not belong to the nearest plan
MARGIN = 0.03  # of a rate: about one standard error in the block of markets where it is decided what can be left out
KEPT = 0.4  # share of the runs: without it a small budget finds a plan and cannot confirm it
UNTESTED = Verdict(0, 0, float("nan"), float("nan"), False)


class Found(NamedTuple):
    """A plan that stood the test on unseen markets, or the nearest to one."""

    chosen: Chosen
    lives: list[Life]  # unseen markets
    confirmed: Verdict  # other markets, on which it was decided what can be left out
    without: dict[str, Verdict]  # the same without one of its actions, by the action's name


class Search:
    """Looks for up to `most` different plans; what was found so far is kept when it is stopped.

    Parameters
    ----------
    trials
        The runs, and what is wanted.
    actions
        What may be done.
    unseen
        Markets kept for the last test.
    """

    def __init__(self, trials: Trials, actions: Sequence[Action], unseen: Sequence[int], most: int = 3):
        self.trials, self.unseen, self.most = trials, list(unseen), most
        others = (seed for seed in itertools.count() if seed not in set(unseen))
        self.searched = list(itertools.islice(others, SEARCHED))
        self.confirmed = list(itertools.islice(others, CONFIRMED))
        trials.on_one = frozenset(self.searched)  # of a fitted firm: what is found is tested on all
        self.sets = Sets(trials, actions, self.searched)
        self.plans: list[Found] = []
        self.nearest: Found | None = None
        self.as_is: list[Life] = []
        self.spent = False  # whether the budget ended the search
        self._failed: dict[
            Chosen, Verdict
        ] = {}  # sets that were not enough in the unseen markets, and how far they came
        self.passed_over = 0  # sets that seemed enough, and were not in the unseen markets

    @staticmethod
    def least_budget(actions: int, unseen: int) -> int:
        """Runs without which there is no answer worth giving."""
        return BATCH * (actions + 1) + 10 * SEARCHED + 2 * unseen

    def run(self) -> None:
        """Search until there are enough plans, nothing is left to try, or the budget is spent."""
        trials = self.trials
        self.as_is = trials.lives(NOTHING, self.unseen)
        trials.limit = trials.budget - 2 * len(self.unseen)  # kept for the tests of a plan and of the nearest one
        try:
            if self._tested(NOTHING):
                return
            self.sets.screen()
            if best := self.sets.most_useful(2):
                with self._kept_for_confirming():
                    self.sets.screen(frozenset(best))
            for forbidden in self._forbidden():
                self._find(forbidden)
        except Spent:
            self.spent = True
        if not self.plans:
            self.nearest = self._nearest()

    @contextlib.contextmanager
    def _kept_for_confirming(self) -> Iterator[None]:
        """Until there is a plan, a share of the runs is kept from the search for confirming what it finds."""
        limit = self.trials.limit
        if not self.plans:
            self.trials.limit = min(limit, int(self.trials.budget * (1.0 - KEPT)))
        try:
            yield
        except Spent:
            self.spent = True
        finally:
            self.trials.limit = limit

    def _forbidden(self) -> Iterator[frozenset[str]]:
        """Levers that the next plan must do without: none at first, then those of one action of each plan found.

        So no two plans rest on the same actions, and each says what to do where another is out of question.
        """
        yield frozenset()
        tried: set[frozenset[str]] = set()
        while 0 < len(self.plans) < self.most:
            most_needed_first = [sorted(in_order(plan.chosen), key=lambda a, p=plan: p.without[a.name].rate)
                                 for plan in self.plans]  # fmt: skip
            ways = [frozenset().union(*(a.levers for a in way)) for way in itertools.product(*most_needed_first)]
            open_ways = [levers for levers in sorted(ways, key=len) if levers not in tried]
            if not open_ways:
                return
            tried.add(open_ways[0])
            yield open_ways[0]

    def _find(self, forbidden: frozenset[str]) -> None:
        """A plan without some levers: from the sets that were tried already, else from new ones."""
        if self._stands(forbidden, clearly=True):
            return
        with self._kept_for_confirming():
            self.sets.sample(forbidden)
        # A plan that is just enough is taken only where there is no other.
        self._stands(forbidden, clearly=True) or self._stands(forbidden, clearly=False)

    def _stands(self, forbidden: frozenset[str], clearly: bool) -> bool:
        """Test the most promising sets, the smallest first, until one stands.

        What seemed enough in the markets of the search and is not in others is no longer trimmed to: then the sets
        that were trimmed to it are looked at again.
        """
        value = self.sets.values
        while True:
            known = len(self._failed)
            open_ones = [chosen for chosen in self.sets.ranked(forbidden) if chosen not in self._failed]
            enough = [c for c in open_ones[: 2 * CLOSELY] if self.trials.judged(c, self.searched).enough]
            small = [self._trimmed(chosen, self.searched) for chosen in enough[:CLOSELY]]
            by_size = sorted([*small, *enough[:1]], key=lambda c: (len(c), -value.get(c, 0.0), key_of(c)))
            if any(self._tested(chosen, clearly) for chosen in dict.fromkeys(by_size)):
                return True
            if len(self._failed) == known:
                return False

    def _trimmed(self, chosen: Chosen, markets: Sequence[int]) -> Chosen:
        """Backward elimination: leave out the least useful action as long as the rest is enough."""
        for action in sorted(in_order(chosen), key=self.sets.gains.__getitem__):
            rest = chosen - {action}
            if rest not in self._failed and self.trials.judged(rest, markets).enough:
                return self._trimmed(chosen - {action}, markets)
        return chosen

    def _tested(self, chosen: Chosen, clearly: bool = False) -> bool:
        """Whether a set stands: enough in other markets, no action too many there, enough in the unseen ones.

        Where what was left of it is not enough in the unseen markets, the action left out last was needed after all.
        """
        whole = chosen
        if chosen in self._failed:
            return False
        verdict = self.trials.judged(chosen, self.confirmed)
        if not verdict.enough:
            self._failed[chosen] = verdict
            return False
        chosen = self._trimmed(chosen, self.confirmed)
        without = {a.name: self._failed.get(chosen - {a}) or self.trials.judged(chosen - {a}, self.confirmed)
                   for a in in_order(chosen)}  # fmt: skip
        confirmed = self.trials.judged(chosen, self.confirmed)
        wanted = self.trials.chance
        if clearly and (confirmed.rate < min(wanted + MARGIN, 1.0)
                        or any(rest.rate > wanted - MARGIN for rest in without.values())):  # fmt: skip
            return False
        found = Found(chosen, self._on_unseen(chosen), confirmed, without)
        reached = sum(life.seen.first > 0 for life in found.lives)
        cost = np.mean([a.seen.cost - b.seen.cost for a, b in zip(found.lives, self.as_is, strict=True)])
        hours = np.mean([a.seen.hours - b.seen.hours for a, b in zip(found.lives, self.as_is, strict=True)])
        limits = ((cost, self.trials.max_cost), (hours, self.trials.max_hours))
        over = any(most is not None and value > most for value, most in limits)
        if reached < wanted * len(self.unseen) - 1e-9 or over:
            self._failed[chosen] = Verdict(reached, len(self.unseen), float("nan"), float(cost), False)
            self.passed_over += 1
            return self._tested(whole, clearly)
        self.plans.append(found)
        return True

    def _on_unseen(self, chosen: Chosen) -> list[Life]:
        """The runs that were kept for the end."""
        limit, self.trials.limit = self.trials.limit, self.trials.budget
        try:
            return self.trials.lives(chosen, self.unseen)
        finally:
            self.trials.limit = limit

    def _nearest(self) -> Found | None:
        """The set that came nearest, without what is idle in it, on the unseen markets."""
        if not self.sets.values:
            return None
        chosen = self.sets.nearest()
        with contextlib.suppress(Spent):
            chosen = self._without_idle(chosen, self.searched[: self.trials.judged(chosen, self.searched).markets])
        return Found(chosen, self._on_unseen(chosen), UNTESTED, {})

    def _without_idle(self, chosen: Chosen, markets: Sequence[int]) -> Chosen:
        whole = np.mean([each.close for each in self.trials.seen(chosen, markets)])
        for action in sorted(in_order(chosen), key=self.sets.gains.__getitem__):
            rest = chosen - {action}
            if np.mean([each.close for each in self.trials.seen(rest, markets)]) > whole - IDLE:
                return self._without_idle(rest, markets)
        return chosen

    def best_so_far(self) -> None:
        """Where the search was stopped before there was a plan: the best set of the search, without its last test."""
        if self.plans or self.nearest or not self.sets.values:
            return
        chosen = self.sets.nearest()
        found = self.trials.known(chosen, self.searched)
        reached = sum(each.first > 0 for each in found)
        self.nearest = Found(chosen, [], UNTESTED._replace(reached=reached, markets=len(found)), {})
