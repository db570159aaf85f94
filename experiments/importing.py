"""What importing a large export costs: time and memory by rows, beside pandas reading the same file as texts.

    python experiments/importing.py
    python experiments/importing.py --rows 1000 100000 1000000

Each size is an invented list of opportunities (10 columns, 200 owners, some rows twice, some open) that is read by a
process of its own, as `baton import` reads it, into the aggregates of funnel.json; then by another process that only
lets pandas read it. Memory is the most that a process held, both with the libraries of the first.
"""

from __future__ import annotations

import argparse
import datetime
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from helpers.printing import table, write_json

HEADER = (
    "Opportunity ID,Opportunity Name,Account Name,Stage,Amount,Currency,Created Date,Close Date,Opportunity Owner,Type"
)
FIRST = datetime.date(2024, 1, 1)
OPEN = ("Prospecting", "Proposal", "Negotiation")


def write(path: Path, rows: int) -> None:
    """An export of so many rows, the same whenever it is written; one in fifty stands there twice."""
    luck = random.Random(rows)
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER + "\n")
        row = ""
        for n in range(rows):
            if n and n % 50 == 0:
                file.write(row)
                continue
            made = FIRST + datetime.timedelta(days=luck.randrange(700))
            ends = luck.random()
            stage = "Closed Won" if ends < 0.25 else "Closed Lost" if ends < 0.85 else luck.choice(OPEN)
            closed = made + datetime.timedelta(days=luck.randrange(1, 120))
            row = (f"006{n:09d},Deal {n},Account {n % 9973},{stage},{luck.lognormvariate(10, 0.8):.2f},EUR,{made},"
                   f"{closed},Person {luck.randrange(200)},New Business\n")  # fmt: skip
            file.write(row)


def measured(path: Path, how: str) -> dict[str, float]:
    """Seconds, and the most memory (MB), of a process that reads a file."""
    found = subprocess.run(
        [sys.executable, __file__, "--read", str(path), "--how", how], check=True, capture_output=True
    )
    return json.loads(found.stdout)


def read(path: Path, how: str) -> dict[str, float]:
    """The part of one process: libraries first, which are not timed."""
    import pandas as pd

    from sim.intake.exports.choices import Choices
    from sim.intake.exports.reading import read_exports
    from sim.study.own.counts import funnel_of

    began, kept = time.perf_counter(), 0
    if how == "baton":
        kept = funnel_of(read_exports([path], Choices(as_of=FIRST + datetime.timedelta(days=900))))["deals"][
            "opportunities"
        ]
    else:
        kept = len(pd.read_csv(path, dtype="str"))
    took = time.perf_counter() - began
    return {"seconds": took, "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "kept": kept}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000, 10_000, 100_000, 1_000_000])
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--how", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.read:
        print(json.dumps(read(given.read, given.how)))
        return
    lines, told = [], []
    with tempfile.TemporaryDirectory() as folder:
        for rows in given.rows:
            path = Path(folder) / f"{rows}.csv"
            write(path, rows)
            ours, plain = measured(path, "baton"), measured(path, "pandas")
            told.append({"rows": rows, "file_mb": path.stat().st_size / 1e6, "baton": ours, "pandas": plain})
            lines.append((
                f"{rows:,}", f"{path.stat().st_size / 1e6:.1f}", f"{ours['kept']:,}", f"{ours['seconds']:.1f}",
                f"{1e6 * ours['seconds'] / rows:.0f}", f"{ours['seconds'] / plain['seconds']:.1f}",
                f"{ours['megabytes']:.0f}", f"{plain['megabytes']:.0f}",
            ))  # fmt: skip
            path.unlink()
    heads = ("rows", "file, MB", "opportunities", "seconds", "µs a row", "times pandas", "most MB", "pandas, most MB")
    print(table(heads, lines))
    if given.json:
        write_json(given.json, told)


if __name__ == "__main__":
    main()
