"""The default defended: where each number comes from, and how far it may move before a pattern flips.

One number at a time is halved and doubled in the same markets, and moved by a
fifth where that flips a pattern; what happens to the score, to net value and to
the verdicts of the patterns that five organizations show is written down. A
pattern flips if it did not fail before and fails now.
"""

from __future__ import annotations

import functools
import hashlib
import os
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from sim.errors import tell
from sim.model import kernel, warm, wasm
from sim.model.theory import Number, numbers
from sim.study.intervals import mean_interval
from sim.study.many import at_once
from sim.study.store.journal import line_of, rows_in
from sim.study.validation.patterns import PATTERNS
from sim.study.validation.patterns.measured_run import Arm, Life, live
from sim.study.validation.patterns.organizations import BAD, DEFAULT, DISTRUSTED_BY_SALES, LIAISON, NEAR
from sim.study.validation.patterns.pattern import Pattern, judge

FIRST_MARKET, MARKETS = 60_000, 8
ARMS = {"default": DEFAULT, "liaison": LIAISON, "distrusted": DISTRUSTED_BY_SALES, "near": NEAR, "bad": BAD}
FINER = {0.5: 0.8, 2.0: 1.25}  # a factor, and the smaller one that is tried where it flips a pattern
# The rows that these five organizations show, and which of them each row calls by which name.
ROWS = {
    "P1a": {"default": "default"},
    "P1b": {"default": "default"},
    "P1c": {"default": "default"},
    "P2a": {"with": "liaison", "without": "default"},
    "P2b": {"with": "distrusted", "without": "default"},
    "P3a": {"near": "near"},
    "P4a": {"one": "bad"},
    "P4d": {"one": "bad"},
    "P5b": {"default": "default", "liaison": "liaison", "near": "near", "bad": "bad"},
    "P7a": {"default": "default", "liaison": "liaison", "near": "near", "bad": "bad"},
    "P7c": {"default": "default", "liaison": "liaison", "near": "near", "bad": "bad"},
    "F08b": {"near": "near", "bad": "bad"},
    "F51": {"default": "default", "liaison": "liaison", "near": "near"},
    "B3": {"default": "default"},
    "B4": {"default": "default"},
    "B5": {"default": "default"},
    "LTV": {"default": "default"},
}


class Kind(NamedTuple):
    """Where a number comes from."""

    word: str
    meaning: str


KINDS = {
    "evidence": Kind("evidence", "size and direction from a published row"),
    "direction": Kind("direction", "a published row for the direction, the size is our guess"),
    "fitted": Kind("fitted", "moved until the default showed the published patterns"),
    "guess": Kind("guess", "our guess"),
    "fixed": Kind("fixed", "bookkeeping, arithmetic, or a switch"),
}


def kind_of(number: Number) -> str:
    """Which kind of source a number has, from the words of its source.

    >>> kind_of(numbers()["trust.gain"]), kind_of(numbers()["trust.attitude"]), kind_of(numbers()["contact.moments"])
    ('evidence', 'fitted', 'guess')
    """
    source = number.source
    if source in ("ablation", "bookkeeping", "8 h", "21", "65", "260/21") or source.startswith("D from"):
        return "fixed"
    if "fitted" in source:
        return "fitted"
    if source == "our guess" or source == "model lever; our guess":
        return "guess"
    if "our guess" in source or re.match(r"seeds? 00", source):
        return "direction"
    return "evidence"


def movable() -> list[Number]:
    """The numbers that are moved: all that are not fixed, whole switches or choices, or zero."""
    found = []
    for n in numbers().values():
        if n.fixed or kind_of(n) == "fixed" or n.choices is not None or n.default == 0 or n.name in BASE:
            continue
        if n.type is int and n.high - n.low < 3:
            continue
        found.append(n)
    return found


# Levers that the five organizations set themselves.
BASE = {name for levers in ARMS.values() for name in levers}


def moved_to(number: Number, factor: float) -> float | None:
    """A number times a factor, within its bounds; None where that is no move.

    >>> moved_to(numbers()["trust.gain"], 2.0)
    0.062
    >>> moved_to(numbers()["workforce.mates"], 1.25)
    5
    """
    value = number.default * factor
    value = min(max(value, number.low), number.high)
    value = int(value + 0.5) if number.type is int else float(f"{value:.6g}")
    return None if value == number.default else value


class Move(NamedTuple):
    """One number at one value: what became of score and net value, and which rows flipped."""

    name: str
    factor: float
    value: float
    score: tuple[float, float, float]  # default's last year, difference in points with interval
    net_value: tuple[float, float, float]  # per cent of the default's, with interval
    flipped: tuple[str, ...]


class Bench:
    """The five organizations in some markets, as they are and with a number moved."""

    def __init__(self, markets: Sequence[int], threads: int = 2):
        warm.prepare(wasm.MANY)
        self.markets, self.threads = list(markets), threads
        self.rows = {name: self._row(name) for name in ROWS}
        self.plain = self.lives({})
        self.verdicts = self.judged(self.plain)

    @staticmethod
    def _row(name: str) -> Pattern:
        return PATTERNS[name]

    def lives(self, more: dict[str, float]) -> dict[str, list[Life]]:
        """One life an organization and market."""
        work = [(name, seed) for name in ARMS for seed in self.markets]
        done = at_once([lambda n=n, s=s: live(Arm(ARMS[n]), s, more) for n, s in work], self.threads)
        n = len(self.markets)
        return {name: done[i * n : (i + 1) * n] for i, name in enumerate(ARMS)}

    def judged(self, lives: dict[str, list[Life]]) -> dict[str, str]:
        """The verdict of every row."""
        found = {}
        for name, pattern in self.rows.items():
            lines = [np.atleast_1d(pattern.observe({arm: lives[ours][i] for arm, ours in ROWS[name].items()}))
                     for i in range(len(self.markets))]  # fmt: skip
            with np.errstate(divide="ignore", invalid="ignore"):
                found[name] = judge(pattern, np.array(lines, float)).verdict
        return found

    def move(self, number: Number, factor: float) -> Move | None:
        """What moving one number does."""
        value = moved_to(number, factor)
        if value is None:
            return None
        lives = self.lives({number.name: value})
        verdicts = self.judged(lives)
        flipped = tuple(n for n, v in verdicts.items() if v == "fails" and self.verdicts[n] != "fails")
        here, there = lives["default"], self.plain["default"]
        score = mean_interval([a.final - b.final for a, b in zip(here, there, strict=True)])
        level = abs(np.mean([b.net_value for b in there]))
        value_ = mean_interval([100 * (a.net_value - b.net_value) / level for a, b in zip(here, there, strict=True)])
        return Move(number.name, factor, float(value), tuple(score), tuple(value_), flipped)


def defend(
    keep: str | Path,
    names: Iterable[str] | None = None,
    markets: int = MARKETS,
    threads: int = 2,
    progress: Callable[[int, int], None] | None = None,
) -> list[Move]:
    """Move every number, or those named; moves that were made are kept in a file and taken up again.

    keep   a file of lines; another model's lines in it are left out
    """
    keep = Path(keep)
    known = _known(keep, markets)
    wanted = [n for n in movable() if names is None or n.name in set(names)]
    bench, found = None, []
    for i, number in enumerate(wanted):
        todo = [factor for factor in FINER if moved_to(number, factor) is not None]
        while todo:
            factor = todo.pop(0)
            if (number.name, factor) not in known:
                bench = bench or Bench(range(FIRST_MARKET, FIRST_MARKET + markets), threads)
                known[number.name, factor] = _kept(keep, bench.move(number, factor), markets)
            move = known[number.name, factor]
            found.append(move)
            if move.flipped and factor in FINER and moved_to(number, FINER[factor]) not in (None, move.value):
                todo.append(FINER[factor])
        if progress:
            progress(i + 1, len(wanted))
    return found


@functools.cache
def _fingerprint() -> str:
    """The rules, and what the rows measure and expect."""
    seen = hashlib.sha256(kernel.fingerprint().encode())
    for name in ROWS:
        seen.update((PATTERNS[name].measured_by() + PATTERNS[name].expected).encode())
    return seen.hexdigest()[:12]


def _known(keep: Path, markets: int) -> dict[tuple[str, float], Move]:
    rows, damaged = rows_in(keep.read_bytes()) if keep.exists() else ({}, 0)
    if damaged:
        tell(f"{keep}: {damaged} of its lines damaged and left out; what is lost is measured again")
    found, of = {}, [_fingerprint(), markets]
    for made_of, row in rows.values():
        if made_of == of:
            row = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
            found[row["name"], row["factor"]] = Move(**row)
    return found


def _kept(keep: Path, move: Move, markets: int) -> Move:
    of = [_fingerprint(), markets]
    with open(keep, "ab+") as file:
        if file.tell() and (file.seek(-1, os.SEEK_END), file.read(1))[1] != b"\n":
            file.write(b"\n")  # a line that was never finished ends here
        file.write(line_of(repr((of, move.name, move.factor)), (of, move._asdict())))
    return move
