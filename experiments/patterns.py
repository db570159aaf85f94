"""The patterns that the default calibration must show, each an experiment on fixed markets, judged one by one.

    python experiments/patterns.py
    python experiments/patterns.py --only P1,P3 --seeds 7000:120

A claim holds if its whole 95 % interval lies where it should, fails if none of
it does, and is undecided otherwise; what has no expectation is reported.
Intervals are of means (t), shares (Wilson), medians and ratios (bootstrap over
markets). Markets 5000 and up were not used for calibration. Improvement 4 is
the table of rooms (experiments/rooms.py), 5 its --parts, 11 experiments/speed.py.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from pathlib import Path

import _history
import _ladder
import _levers
import _money
import _pairs
import _stages
from _lab import Check, Lab, block, number, table, write_json

PATTERNS = {
    name: run
    for module in (_stages, _history, _ladder, _money, _pairs, _levers)
    for name, run in module.PATTERNS.items()
}
ORDER = (
    "P1",
    "P2",
    "P3",
    "P4",
    "P7",
    "P8",
    "P9",
    "P10",
    "P11",
    "P13",
    "P22",
    "sensitivity",
    "ranges",
    "relabelled",
    "clamped",
    "ratchet",
    "mandates",
    "order",
    "fragility",
    "anchors",
    "money",
)


def line(each: Check) -> list:
    m = each.measured
    interval = "" if m.low == m.high or m.low != m.low else f"[{number(m.low)}, {number(m.high)}]"
    return [each.pattern, each.claim, each.expected, float(m.mean), interval, each.verdict]


def title(name: str) -> str:
    return (PATTERNS[name].__doc__ or name).splitlines()[0]


def main() -> None:
    names = "\n".join(f"  {name:12} {title(name)}" for name in ORDER)
    parser = argparse.ArgumentParser(
        description=__doc__, epilog="patterns:\n" + names, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", default=",".join(ORDER), metavar="A,B", help="some of the patterns below")
    parser.add_argument("--seeds", default="5000:60", help="markets, first:count (default %(default)s)")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("-o", "--output", type=Path, help="also write JSON to this file")
    asked = parser.parse_args()
    chosen = asked.only.split(",")
    for name in chosen:
        if name not in PATTERNS:
            parser.error(f"{name!r} is no pattern; known: {', '.join(ORDER)}")
    lab, found, tables, verdicts = Lab(block(asked.seeds), asked.threads), {}, {}, Counter()
    for name in chosen:
        began = time.perf_counter()
        report = PATTERNS[name](lab)
        print(f"\n{title(name)}\n")
        print(table(["", "claim", "expected", "measured", "interval", "verdict"], [line(c) for c in report.checks]))
        for heading, head, rows in report.tables:
            print(f"\n{heading}\n{table(head, rows)}")
        print(f"({time.perf_counter() - began:.0f} s)", flush=True)
        found[name], tables[name] = report.checks, report.tables
        verdicts.update(c.verdict for c in report.checks)
        write = {"seeds": asked.seeds, "checks": found, "tables": tables}
    print(f"\n{lab.runs} runs; " + ", ".join(f"{n} {v}" for v, n in verdicts.most_common()))
    wrong = [c for checks in found.values() for c in checks if c.verdict in ("fails", "undecided")]
    if wrong:
        print(
            "\nwhat does not hold\n"
            + table(["", "claim", "expected", "measured", "interval", "verdict"], [line(c) for c in wrong])
        )
    write_json(asked.output, write)


if __name__ == "__main__":
    main()
