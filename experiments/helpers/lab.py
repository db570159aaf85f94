"""Many lives of organizations in the same markets, on threads."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from sim.model.warm import prepare
from sim.model.wasm import MANY
from sim.study.validation.patterns.measured_run import Arm, Life, live
from sim.study.validation.patterns.organizations import Levers


class Lab:
    """Runs lives in the same markets, and remembers those that are asked for again."""

    def __init__(self, seeds: Sequence[int], threads: int = 2):
        self.seeds, self.threads, self.known, self.runs = list(seeds), threads, {}, 0
        prepare(MANY)  # the first time ever: compiles the rules

    def lives(self, levers: Levers, days: int = 1300) -> list[Life]:
        """One life a market, in their order."""
        asked = (tuple(sorted(levers.items())), days)
        if asked not in self.known:
            self.runs += len(self.seeds)
            with ThreadPoolExecutor(self.threads) as pool:
                self.known[asked] = list(pool.map(lambda seed: live(Arm(levers, days=days), seed), self.seeds))
        return self.known[asked]


def block(text: str) -> list[int]:
    """The markets of `first:count`.

    >>> block("5000:3")
    [5000, 5001, 5002]
    """
    first, _, count = text.partition(":")
    return list(range(int(first), int(first) + int(count or 1)))
