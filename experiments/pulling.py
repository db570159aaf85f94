"""Which rows of the validation pull apart: what each fitted number moves, and what a set of numbers wins.

    python experiments/pulling.py --rows M4,F26,E18d,E19b              # effects of the numbers, largest first
    python experiments/pulling.py --try numbers.toml --rows M4,F26     # the rows under other numbers, and as they are

Every number goes a step up or down at once, by a Plackett-Burman design of 48
runs, each in four of the markets 100 to 123; a row's effect is half of what lies
between the runs with the number up and with it down, in the same markets, so it
is of first order only. Effects are told in half-widths of the row's own interval
with a hundred markets: what reaches 1 moves a verdict.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # a checkout runs without being installed

import numpy as np  # noqa: E402
from helpers.printing import table  # noqa: E402

from sim.model import warm, wasm  # noqa: E402
from sim.model.theory import Number, numbers  # noqa: E402
from sim.study.many import at_once  # noqa: E402
from sim.study.validation.calibration import kind_of, movable  # noqa: E402
from sim.study.validation.patterns.measured_run import live  # noqa: E402
from sim.study.validation.patterns.pattern import Pattern, judge, statistic  # noqa: E402
from sim.study.validation.validate import FULL, chosen  # noqa: E402

FIRST_MARKET, BLOCKS, TOGETHER = 100, 6, 4  # markets that numbers may be fitted on: six blocks of four
RUNS, STEP = 48, 0.12  # runs of the design, and how far a number goes, as a share of itself
TOLD = 6


def design(runs: int = RUNS) -> np.ndarray:
    """A Plackett-Burman design (runs, runs - 1) of -1 and 1, by Paley's construction; runs - 1 is a prime.

    >>> d = design(12)
    >>> bool((d.T @ d == 12 * np.eye(11)).all())
    True
    """
    q = runs - 1
    squares = {i * i % q for i in range(1, q)}
    signs = np.array([0] + [1 if i in squares else -1 for i in range(1, q)])
    inner = signs[np.subtract.outer(np.arange(q), np.arange(q)) % q] + np.eye(q, dtype=int)
    return np.vstack([np.ones(q, int), inner * -1])


def stepped(n: Number, steps: float) -> float:
    """A number so many steps away from its default, within its bounds."""
    value = n.default + steps * STEP * abs(n.default)
    return float(np.clip(value, n.low, n.high))


def observed(rows: list[Pattern], more: dict[str, float], markets: range, threads: int) -> dict[str, np.ndarray]:
    """What every row observes under other numbers, a line a market; what a row sets itself stays as it sets it."""
    arms = {repr(arm): arm._replace(levers={**more, **arm.levers}) for row in rows for arm in row.arms.values()}
    work = [(key, seed) for key in arms for seed in markets]
    done = dict(zip(work, at_once([lambda k=k, s=s: live(arms[k], s) for k, s in work], threads), strict=True))
    with np.errstate(divide="ignore", invalid="ignore"):
        return {row.name: np.array([np.atleast_1d(row.observe({name: done[repr(arm), seed]
                for name, arm in row.arms.items()})) for seed in markets], float) for row in rows}  # fmt: skip


def effects(rows: list[Pattern], moved: list[Number], threads: int) -> tuple[np.ndarray, list[float], list[float]]:
    """Effects (rows, numbers) of a step, with each row's level and the half-width of its interval with 100 markets."""
    d = design()[:, : len(moved)]
    blocks = [range(FIRST_MARKET + TOGETHER * b, FIRST_MARKET + TOGETHER * (b + 1)) for b in range(BLOCKS)]
    plain = [observed(rows, {}, block, threads) for block in blocks]
    answers = np.empty((len(d), len(rows)))
    for k, signs in enumerate(d):
        more = {n.name: stepped(n, s) for n, s in zip(moved, signs, strict=True)}
        here, there = observed(rows, more, blocks[k % BLOCKS], threads), plain[k % BLOCKS]
        answers[k] = [statistic(r, here[r.name]).mean - statistic(r, there[r.name]).mean for r in rows]
        print(f"run {k + 1} of {len(d)}", end="\r", file=sys.stderr, flush=True)
    whole = [judge(r, np.concatenate([p[r.name] for p in plain])).measured for r in rows]
    half = [(m.high - m.low) / 2 * (BLOCKS * TOGETHER / FULL) ** 0.5 for m in whole]
    return np.nan_to_num(d.T @ np.nan_to_num(answers) / len(d)).T, [m.mean for m in whole], half


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", required=True, help="some rows, as they are called in docs/reports/validation.md")
    parser.add_argument("--numbers", help="the numbers that move, at most 47 (default: the first 47 fitted ones)")
    parser.add_argument("--try", dest="tried", type=Path, help="a TOML file of numbers: judge the rows under them")
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    rows = chosen(args.rows.split(","))
    warm.prepare(wasm.MANY)
    if args.tried:
        flat = {f"{room}.{name}": value for room, those in tomllib.loads(args.tried.read_text()).items()
                for name, value in those.items()}  # fmt: skip
        markets = range(FIRST_MARKET, FIRST_MARKET + BLOCKS * TOGETHER)
        here, there = (observed(rows, more, markets, args.threads) for more in (flat, {}))
        body = []
        for row in rows:
            a, b = judge(row, there[row.name]), judge(row, here[row.name])
            body.append([row.name, row.expected, a.measured.mean, a.verdict, b.measured.mean, b.verdict])
        print(table(["row", "expected", "as it is", "verdict", "tried", "verdict"], body))
        return
    known = numbers()
    fitted = [n for n in movable() if kind_of(n) == "fitted" and n.type is float]
    moved = [known[name] for name in args.numbers.split(",")] if args.numbers else fitted[: RUNS - 1]
    found, levels, half = effects(rows, moved, args.threads)
    for row, effect, level, width in zip(rows, found, levels, half, strict=True):
        told = np.argsort(-np.abs(effect))[:TOLD]
        body = [[moved[j].name, moved[j].default, effect[j], effect[j] / width if width else 0.0] for j in told]
        print(f"\n{row.name}  {row.claim}: {level:.4g}, expected {row.expected}")
        print(table(["number", "default", f"a step of {STEP:.0%}", "in half-widths"], body))


if __name__ == "__main__":
    main()
