"""Which numbers decide, and whether they do: all numbers moved at once, and then those of the core alone.

    python experiments/core.py             # find: 2,000 runs; prints the list for sim/study/core.py
    python experiments/core.py --check     # hold that list against verdicts: 840 runs
    python experiments/core.py --page      # both, and write docs/reports/core.md

To find: in each draw a coin moves each number a third of the way to one end of its plausible range (a fifth either way
where its source tells none), and one of five organizations lives with it. What share of an outcome's spread a number
makes is the square of its coefficient in a linear fit over all draws, less what luck gives it, of outcomes that are
standardized within each organization.

To check: in other draws, numbers anywhere within these ranges, rows of the validation are judged three times in the
same markets: all numbers moved; those of the core moved and the others at their defaults; nothing moved.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
from helpers.judging import share_interval
from helpers.printing import markdown, number, table

from sim.files.folder import written_file
from sim.model import warm, wasm
from sim.model.theory import Number, numbers
from sim.study.core import CORE, MOST, asked, ends
from sim.study.many import at_once
from sim.study.validation.calibration import ARMS, kind_of
from sim.study.validation.patterns import PATTERNS
from sim.study.validation.patterns.measured_run import Arm, Life, live
from sim.study.validation.patterns.organizations import Levers
from sim.study.validation.patterns.pattern import judge

PAGE = Path(__file__).parents[1] / "docs" / "reports" / "core.md"
FIRST_MARKET, MARKETS = 97_000, 20  # to find
CHECK_MARKETS = range(97_500, 97_508)
DRAWS, CHECK_DRAWS = 2000, 10
WANTED = 0.9  # of the verdicts are to be kept


def per(part: str, whole: str):
    return lambda life: life.total(part) / max(life.total(whole), 1e-9)


OUTCOMES = {
    "score": lambda life: life.final,
    "net value": lambda life: life.net_value,
    "revenue of year 5": lambda life: life.year("revenue", 5),
    "trust": lambda life: life.trust,
    "language": lambda life: float(life.sums["language"][-4:].mean()),
    "contacts": lambda life: life.total("contacts"),
    "share of disputes": per("disputes", "contacts"),
    "unasked joint work": lambda life: life.total("informal"),
    "practices kept": lambda life: float(life.kept.mean()),
    "followed up of handed": per("followed", "handed"),
    "qualified of inquiries": per("qualified", "inquiries"),
    "won of opportunities": per("won", "opportunities"),
}
# Rows whose organizations are these five, and need no more runs than they do.
KEYS = {repr(sorted(levers.items())): name for name, levers in ARMS.items()}


def rows_judged():
    """The rows of the validation that are judged: those of the five organizations over five years."""
    plain = lambda arm: (not arm.changes and arm.days == 1300 and arm.design is None and arm.market == 0  # noqa: E731
                         and repr(sorted(arm.levers.items())) in KEYS)  # fmt: skip
    judged = [p for p in PATTERNS.values() if p.above is not None or p.below is not None]
    return [p for p in judged if all(plain(arm) for arm in p.arms.values())]


def laid_over(own: Levers, values: Levers) -> Levers:
    """Numbers moved under an organization's own levers."""
    return {**values, **own}


def find(draws: int, threads: int) -> tuple[list[str], np.ndarray]:
    """Names, and the share of each outcome's spread that each makes: (numbers, outcomes)."""
    known, own = asked(), list(ARMS.values())
    coins = np.random.default_rng(20).integers(0, 2, (draws, len(known)))
    jobs = []
    for k, coin in enumerate(coins):
        values = {n.name: ends(n)[side] for n, side in zip(known, coin, strict=True)}
        arm, market = Arm(laid_over(own[k % len(own)], values)), FIRST_MARKET + k // len(own) % MARKETS
        jobs.append(lambda arm=arm, market=market: outcomes(arm, market))
    found = np.array(at_once(jobs, threads), float)
    for j in range(len(own)):
        mine = found[j :: len(own)]
        found[j :: len(own)] = (mine - mine.mean(0)) / np.maximum(mine.std(0), 1e-12)
    design = np.column_stack([np.ones(draws), 2.0 * coins - 1.0])
    effects, *_ = np.linalg.lstsq(design, found, rcond=None)
    left = found - design @ effects
    luck = (left**2).sum(0) / (draws - design.shape[1]) * np.diag(np.linalg.inv(design.T @ design))[1:, None]
    return [n.name for n in known], np.maximum(effects[1:] ** 2 - luck, 0.0)


def outcomes(arm: Arm, market: int) -> list[float]:
    """The twelve outcomes of one life."""
    life = live(arm, market)
    return [of(life) for of in OUTCOMES.values()]


def verdicts(values: Levers, threads: int) -> dict[str, str]:
    """Every row judged with numbers moved."""
    lives: dict[str, list[Life]] = {}
    for name, levers in ARMS.items():
        arm = Arm(laid_over(levers, values))
        lives[name] = at_once([lambda arm=arm, m=m: live(arm, m) for m in CHECK_MARKETS], threads)
    found = {}
    with np.errstate(all="ignore"):
        for row in rows_judged():
            names = {arm: KEYS[repr(sorted(each.levers.items()))] for arm, each in row.arms.items()}
            observed = [
                row.observe({arm: lives[own][k] for arm, own in names.items()}) for k in range(len(CHECK_MARKETS))
            ]
            found[row.name] = judge(row, np.array([np.atleast_1d(x) for x in observed], float)).verdict
    return found


def check(core: list[str], draws: int, threads: int) -> dict[str, np.ndarray]:
    """Of every draw and row, whether the core alone, and whether nothing moved, keeps the verdict of all moved."""
    rng, known = np.random.default_rng(21), asked()
    still, kept = verdicts({}, threads), {"core": [], "nothing": []}
    for _ in range(draws):
        u = rng.random(len(known))
        every = {n.name: between(n, x) for n, x in zip(known, u, strict=True)}
        whole = verdicts(every, threads)
        alone = verdicts({name: every[name] for name in core}, threads)
        kept["core"].append([alone[name] == verdict for name, verdict in whole.items()])
        kept["nothing"].append([still[name] == verdict for name, verdict in whole.items()])
    return {name: np.array(each) for name, each in kept.items()}


def between(n: Number, x: float) -> float:
    """A number so far (0..1) from the lower end of its range to the upper."""
    low, high = ends(n)
    return round(low + x * (high - low)) if n.type is int else low + x * (high - low)


def ranked(names: list[str], shares: np.ndarray) -> list[list]:
    """Place, number, what it is, mean share of spread, and where its share is largest."""
    order, mean = np.argsort(-shares.mean(1)), shares.mean(1)
    return [[place + 1, names[j], kind(names[j]), float(100 * mean[j]),
             list(OUTCOMES)[int(np.argmax(shares[j]))], float(100 * shares[j].max())]
            for place, j in enumerate(order[:MOST])]  # fmt: skip


def kind(name: str) -> str:
    """Whether managers choose a number, or where it comes from."""
    return "lever" if numbers()[name].lever else kind_of(numbers()[name])


HEAD = ["place", "number", "what it is", "of the spread, %", "most of", "%"]


def page(names: list[str], shares: np.ndarray, kept: dict[str, np.ndarray], core: list[str]) -> str:
    """The page in Markdown."""
    rows = [[number(cell) if isinstance(cell, float) else cell for cell in row] for row in ranked(names, shares)]
    rows = [[*row[:1], f"`{row[1]}`", *row[2:]] for row in rows]
    share, still = share_interval(kept["core"].ravel()), share_interval(kept["nothing"].ravel())
    enough = "kept" if share.mean >= WANTED else "not kept: the claim of nine in ten fails"
    whole = shares.sum(0)
    told = ", ".join(f"{name} {100 * x:.0f} %" for name, x in zip(OUTCOMES, whole, strict=True))
    mine = shares[[names.index(name) for name in core]].sum(0)
    return f"""# The numbers that decide

*Written by `python experiments/core.py --page`; do not edit.*

Of {len(names)} numbers that may be moved, which few decide? And if only these are moved, do the verdicts of the
validation come out as if all were? `baton levers --core` lists them.

**With the {len(core)} numbers below moved and all others at their defaults, {100 * share.mean:.1f} % of
{kept["core"].size} verdicts are those of a run in which all are moved** (95 % interval {100 * share.low:.1f} to
{100 * share.high:.1f}; nine in ten were wanted: {enough}). Where nothing is moved it is {100 * still.mean:.1f} %
({100 * still.low:.1f} to {100 * still.high:.1f}).

## How they were found

In each of {DRAWS:,} draws a coin moved each number a third of the way to one end of its plausible range (a fifth either
way where its source tells none), and one of five organizations ({", ".join(ARMS)}) lived with it for five years, in
markets {FIRST_MARKET} to {FIRST_MARKET + MARKETS - 1}. *Of the spread* is the mean, over twelve outcomes, of what
share of an outcome's spread the number alone makes (the square of its coefficient in a linear fit, less what luck
gives it); *most of* names the outcome where it is largest. Sizes of teams and market, switches, choices and constants
were not asked. All {len(names)} together make {100 * whole.mean():.0f} % of the spread in the mean, the {len(core)}
{100 * mine.mean():.0f} %; the rest is the market's luck, and what numbers do together. By outcome, all numbers: {told}.

{markdown(HEAD, rows)}

## Whether they decide

{len(kept["core"])} other draws, each number anywhere within its range; {len(rows_judged())} rows of the
[validation](validation.md), those of the five organizations, in markets {CHECK_MARKETS[0]} to {CHECK_MARKETS[-1]}. A
verdict is kept if it is the same word (holds, fails, undecided). In the worst draw the core keeps
{100 * kept["core"].mean(1).min():.0f} %, in the best {100 * kept["core"].mean(1).max():.0f} %. Rows whose verdict it
loses most often: {lost(kept["core"])}.
"""


def lost(kept: np.ndarray) -> str:
    """The rows that the core loses most often, with how often."""
    names, misses = [row.name for row in rows_judged()], (~kept).sum(0)
    return ", ".join(
        f"{names[j]} ({misses[j]} of {len(kept)})" for j in np.argsort(-misses, kind="stable")[:8] if misses[j]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=DRAWS, help="to find (default %(default)s)")
    parser.add_argument("--check-draws", type=int, default=CHECK_DRAWS, help="to check (default %(default)s)")
    parser.add_argument("--check", action="store_true", help="only hold the list of sim/study/core.py against verdicts")
    parser.add_argument("--page", action="store_true", help="find, check, and write docs/reports/core.md")
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    began, core = time.perf_counter(), list(CORE)
    warm.prepare(wasm.MANY)
    if not given.check:
        names, shares = find(given.draws, given.threads)
        core = [row[1] for row in ranked(names, shares)]
        print(table(HEAD, ranked(names, shares)))
        print("\nCORE = (\n    " + ",\n    ".join(f'"{name}"' for name in core) + ",\n)", flush=True)
        if set(core) != set(CORE):
            print(
                f"\nsim/study/core.py lists others: {len(set(CORE) - set(core))} of its {len(CORE)} are not among these"
            )
    if given.check or given.page:
        kept = check(core, given.check_draws, given.threads)
        for name, each in kept.items():
            found = share_interval(each.ravel())
            print(f"verdicts kept, {name} moved: {found.mean:.3f} ({found.low:.3f} to {found.high:.3f})")
        print("lost most often: " + lost(kept["core"]))
        if given.page:
            with written_file(PAGE) as scratch:
                scratch.write_text(page(names, shares, kept, core), encoding="utf-8")
            print(f"written: {PAGE.relative_to(PAGE.parents[2])}")
    print(f"\n({time.perf_counter() - began:.0f} s)")


if __name__ == "__main__":
    main()
