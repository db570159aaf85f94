"""Which of all levers and uncertain numbers matter: Morris's method over every one of them at once.

    python experiments/screening.py
    python experiments/screening.py --walks 4 --markets 2                 # a look
    python experiments/screening.py -o docs/reports/screening.md

Levers are moved over what managers might choose, from half to double or between
their words; numbers that nobody knows by a fifth either way. The store is kept
(`--store`), so a call that was stopped goes on.
"""

from __future__ import annotations

import argparse
import sys
import textwrap
import time
from pathlib import Path

from helpers.printing import markdown, table

import sim
from sim.files.folder import written_file
from sim.model.theory import Number, numbers
from sim.study.experiments.experiment import Experiment, Sample
from sim.study.experiments.factors import Factor
from sim.study.sensitivity.found import MOVES
from sim.study.sensitivity.sensitivity import sensitivity
from sim.study.sweep.sweep import sweep
from sim.study.validation.calibration import kind_of, movable
from sim.study.validation.validate import kept_folder

OUTCOMES = ("score", "net_value")
FIRST_MARKET = 70_000
A_LEVER, A_NUMBER = 2.0, 1.25  # how far up and down
TOLD = 15
# Where a lever begins at nothing there is no half or double of it: how far it goes is our choice.
FROM_NOTHING = {
    "communication.push": (-2.0, 2.0), "liaison.count": (0, 2), "liaison.hired": (0, 1), "liaison.micromanaged": (0, 1),
    "marketing.visits": (0, 2), "customization.approval": (0, 1),
    "culture.status_gap": (-0.5, 0.5), "workforce.product_manager": (0, 1), "workforce.blurred": (0, 1),
    "shock.bad_leads": (0, 0.3),
    "shock.budget_cut": (0, 0.5),
}  # fmt: skip
# How large it all is, whom the market is cut for, and people who do nothing: size is no question of importance here.
LEFT_OUT = {"market.size", "market.for_marketers", "market.for_salespeople", "market.marketing_list", "market.own_list",
            "workforce.marketers", "workforce.salespeople", "workforce.idle", "workforce.growth",
            "workforce.growth_with_revenue"}  # fmt: skip


def factor_of(n: Number) -> Factor | None:
    """How far one number is moved; None if it is a switch, bookkeeping, or not moved at all."""
    kind = "lever" if n.lever else "uncertainty"
    if n.name in LEFT_OUT:
        return None
    if n.name in FROM_NOTHING:
        return Factor(n.name, kind, *FROM_NOTHING[n.name])
    if n.choices is not None:
        words = Factor(n.name, kind, n.low, n.high).words
        return Factor(n.name, kind, 0, len(words) - 1, words) if n.lever else None
    if n.fixed or kind_of(n) == "fixed" or n.default == 0 or (n.type is int and not n.lever and n not in movable()):
        return None
    times = A_LEVER if n.lever else A_NUMBER
    ends = sorted((n.default / times, n.default * times))
    low, high = max(ends[0], n.low), min(ends[1], n.high)
    if n.type is int:
        low, high = max(int(low + 0.5), int(n.low)), min(int(high + 0.5), int(n.high))
        if high <= low:
            return None
        return Factor(n.name, kind, low, high)
    return Factor(n.name, kind, low, high) if low < high else None


def experiment(walks: int, markets: int) -> Experiment:
    """Every lever and every uncertain number at once, by walks in which one after the other is moved."""
    factors = [found for n in numbers().values() if (found := factor_of(n))]
    return Experiment(
        title="Everything at once",
        claim="Cost of talk, distance, trust and the liaison are among the numbers that matter most.",
        base=sim.read("default"),
        factors=tuple(sorted(factors, key=lambda f: f.kind)),  # levers, then uncertainties
        outcomes=OUTCOMES,
        sample=Sample("morris", walks),
        markets=tuple(range(FIRST_MARKET, FIRST_MARKET + markets)),
    )


def shown_range(factor: Factor) -> str:
    """Its range in words."""
    if factor.words:
        return ", ".join(map(str, factor.words))
    return f"{factor.low:g} to {factor.high:g}"


def rows_of(found, made: Experiment, outcome: str) -> list[list[str]]:
    """The first of a ranking: place, name, who sets it, range, mean effect with interval, bend, verdict."""
    by_name = {f.name: f for f in made.factors}
    digits = (lambda x: f"{x:.1f}") if outcome == "score" else (lambda x: f"{x:,.0f}")
    rows = []
    for name, row in found.df.head(TOLD).iterrows():
        effect = f"{digits(row['mu_star'])} ({digits(row['low'])} to {digits(row['high'])})"
        whose = "lever" if by_name[name].kind == "lever" else kind_of(numbers()[name])
        rows.append([str(row["rank"]), f"`{name}`", whose, shown_range(by_name[name]), effect, digits(row["sigma"]),
                     row["verdict"]])  # fmt: skip
    return rows


BEGAN_WITH = ("communication.cost_hours", "distance.between_teams_m", "trust.initial", "liaison.count",
              "liaison.trust_sales", "liaison.trust_marketing")  # fmt: skip
HEAD = ["place", "number", "what it is", "moved over", "mean effect of the range, 95 %", "sigma", ""]
SAYS = {"score": "The score after five years, points", "net_value": "Net value of five years, k€"}


def page(made: Experiment, found: dict) -> str:
    """The page in Markdown."""
    levers, markets = sum(f.kind == "lever" for f in made.factors), len(made.markets)
    parts = [
        "# Everything moved at once",
        "*Written by `python experiments/screening.py -o docs/reports/screening.md`; do not edit.*",
        f"""Which of all numbers matter for the stage and for net value, anywhere near the default? Morris's method
        moves {levers} levers and {len(made.factors) - levers} uncertain numbers in {made.sample.points} random walks of
        {len(made.factors) + 1} points, each point in the same {markets} markets ({made.markets[0]} to
        {made.markets[-1]}): {made.n_runs:,} runs of five years.""",
        """A ranking means nothing without its ranges. **Levers** go from half to double their default, over their
        words, or, where the default is nothing, over ends that we chose; **uncertain numbers** by a fifth either way.
        The size of the teams and of the market, and growth, stay as they are. A lever is therefore expected to stand
        higher than a number of the same importance. *Mean effect* is the mean size of what the whole range does (mu*),
        *sigma* how unlike that is from place to place. One factor at a time around the default, halved and doubled, is
        in [calibration.md](calibration.md); what happens without a whole mechanism in [rooms.md](rooms.md); how to read
        such tables in [sensitivity.md](../tutorials/sensitivity.md).""",
    ]
    for outcome in OUTCOMES:
        ranking = found[outcome].df
        clear = int((ranking["verdict"] == MOVES).sum())
        places = ", ".join(f"`{name}` {int(ranking['rank'][name])}" for name in BEGAN_WITH)
        parts += [
            f"## {SAYS[outcome]}",
            f"""{clear} of {len(ranking)} factors move it beyond luck, {len(ranking) - clear} cannot be told from zero.
            Places of what the project began with: {places}.""",
            markdown(HEAD, rows_of(found[outcome], made, outcome)),
        ]
    nothing = [f.name for f in made.factors if all(found[o].df["verdict"][f.name] != MOVES for o in OUTCOMES)]
    parts += [
        "## What moves neither",
        f"""{len(nothing)} of {len(made.factors)} factors move neither beyond luck over these ranges. With so many moved
        at once the walks' own spread hides small effects, so this is no proof that they do nothing. Whether a mechanism
        is dead weight is asked in [rooms.md](rooms.md), where each is switched off alone. They are:""",
        ", ".join(f"`{name}`" for name in nothing) + ".",
    ]
    return "\n\n".join(part if part.startswith(("|", "*W")) else filled(part) for part in parts) + "\n"


def filled(text: str) -> str:
    """A paragraph in lines of a readable width."""
    return textwrap.fill(" ".join(text.split()), 120, break_long_words=False, break_on_hyphens=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--walks", type=int, default=20, help="Morris's trajectories (default %(default)s)")
    parser.add_argument("--markets", type=int, default=3, help="markets of every point (default %(default)s)")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--store", type=Path, help="folder of the runs (default: in the user's cache)")
    parser.add_argument("-o", "--output", type=Path, help="write the page to this file")
    asked = parser.parse_args()
    made = experiment(asked.walks, asked.markets)
    store = asked.store or kept_folder(needed=True) / f"screening-{made.hash}"
    store.parent.mkdir(parents=True, exist_ok=True)
    print(f"{made.n_points:,} points × {len(made.markets)} markets, {made.n_runs:,} runs; kept in {store}", flush=True)
    began, told = time.monotonic(), 0.0

    def progress(done: int, every: int) -> None:
        nonlocal told
        if time.monotonic() - told > 5 and done and sys.stderr.isatty():
            told = time.monotonic()
            left = (told - began) / done * (every - done)
            print(f"\r{done:,} of {every:,} runs, about {left / 60:.0f} min left ", end="", file=sys.stderr, flush=True)

    kept = sweep(made, store, asked.threads, progress)
    if len(kept.failed):
        print(f"{len(kept.failed)} runs failed, the first: {kept.failed['reason'].iloc[0]}")
    found = {outcome: sensitivity(kept, outcome) for outcome in OUTCOMES}
    for outcome in OUTCOMES:
        print(f"\n{SAYS[outcome]}\n" + table(HEAD, rows_of(found[outcome], made, outcome)))
    if asked.output:
        with written_file(asked.output) as scratch:
            scratch.write_text(page(made, found), encoding="utf-8")
        print(f"\nThe page is {asked.output}")


if __name__ == "__main__":
    main()
