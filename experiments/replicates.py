"""What the same market is worth: replicates saved by comparing two organizations in the same markets.

    python experiments/replicates.py
    python experiments/replicates.py --seeds 5000:200 -o replicates.json

A difference of means from n markets for either organization varies as
(var A + var B) / n where the markets are different ones, and as var(B - A) / n
where they are the same. The ratio says how many times more markets it would
take without the pairing; its interval is a bootstrap over markets (BCa).
`experiments/speed.py --only g` measures the same on the bare core.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # a checkout runs without being installed

import numpy as np  # noqa: E402
from scipy.stats import bootstrap  # noqa: E402

import sim  # noqa: E402

PAIRS = {
    "liaison 0 → 1": ({}, {"liaison.count": 1}),
    "distance 60 → 20 m": ({"distance.between_teams_m": 60}, {"distance.between_teams_m": 20}),
}
OUTCOMES = {"revenue": "revenue", "new_business": "new business"}
DRAWS = 9_999


def saved(a: np.ndarray, b: np.ndarray, axis: int = -1) -> np.ndarray:
    """var(unpaired) / var(paired) of the mean difference.

    >>> float(saved(np.array([1.0, 2.0, 3.0]), np.array([2.0, 3.0, 5.0])).round(2))
    10.0
    """
    return (a.var(axis=axis, ddof=1) + b.var(axis=axis, ddof=1)) / (b - a).var(axis=axis, ddof=1)


def measured(seeds: list[int], threads: int, days: int) -> list[dict]:
    """One row a pair and outcome: what was saved, with its 95 % interval, and the difference itself."""
    rows = []
    for name, (before, after) in PAIRS.items():
        pair = sim.compare(sim.read().but(before), sim.read().but(after), seeds=seeds, threads=threads, days=days)
        for outcome, said in OUTCOMES.items():
            a, b = (pair.values(outcome, each) for each in pair.names)
            dice = np.random.default_rng(20)
            found = bootstrap((a, b), saved, paired=True, n_resamples=DRAWS, random_state=dice)
            low, high = found.confidence_interval
            row = pair.summary().loc[(pair.names[1], outcome)]
            rows.append({"pair": name, "outcome": said, "saved": float(saved(a, b)), "low": float(low),
                         "high": float(high), "difference": float(row["difference"]), "from": float(row["low"]),
                         "to": float(row["high"])})  # fmt: skip
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", default="5000:200", help="markets, first:count (default %(default)s)")
    parser.add_argument("--days", type=int, default=1300, help="working days (default %(default)s)")
    parser.add_argument("--threads", type=int, default=2, help="runs at a time (default %(default)s)")
    parser.add_argument("-o", "--output", type=Path, help="also write JSON to this file")
    asked = parser.parse_args()
    first, _, count = asked.seeds.partition(":")
    if not (first.isdecimal() and count.isdecimal() and int(count) >= 10):
        parser.error(f"--seeds {asked.seeds}: give first:count, with at least 10 markets")
    seeds = list(range(int(first), int(first) + int(count)))
    print(f"{len(seeds)} markets from {seeds[0]} on, default firm, {asked.days} days", file=sys.stderr, flush=True)
    rows = measured(seeds, asked.threads, asked.days)
    print(f"{'':<20}{'':<14}{'saved':>7}  {'95 %':<16}{'difference, k€':>15}  95 %")
    for row in rows:
        between = f"{row['low']:.1f} to {row['high']:.1f}"
        known = f"{row['from']:+,.0f} to {row['to']:+,.0f}"
        words = f"{row['pair']:<20}{row['outcome']:<14}{row['saved']:>7.1f}  {between:<16}"
        print(f"{words}{row['difference']:>+15,.0f}  {known}")
    print("saved: var(unpaired) / var(paired), how many times more markets it would take if they were not the same")
    if asked.output:
        asked.output.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
