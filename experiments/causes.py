"""What moves one statement of the audit and leaves the other nineteen: a search over levers, practices and rooms.

    python experiments/causes.py
    python experiments/causes.py --markets 24 --first 120 --best 4   # look at the best few of each statement again

One thing at a time is moved, to either bound or to another of its words, from several firms, in markets that may be
fitted to. The causes that were chosen of it stand in `sim/study/validation/patterns/causes.py`.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # a checkout runs without being installed

from sim.errors import InputError
from sim.model import warm, wasm
from sim.model.audit import STATEMENTS
from sim.model.theory import numbers
from sim.study.many import at_once
from sim.study.validation.patterns.causes import FIRMS, margins, scores_of
from sim.study.validation.patterns.measured_run import Arm, live
from sim.study.validation.validate import kept_folder

LEFT_OUT = {"workforce.idle", "market.size", "market.for_marketers", "market.for_salespeople"}  # size moves nobody
# Bounds are for hostile files: no firm of these would live, or be looked through in time.
MOST = {"workforce.marketers": 36, "workforce.salespeople": 72, "workforce.growth": 0.3, "liaison.count": 6}


def moves() -> list[tuple[str, float]]:
    """Every lever at both bounds or at each of its words, and every room off."""
    found = []
    for n in numbers().values():
        if n.name.startswith("rooms."):
            found.append((n.name, 0))
        elif n.lever and n.name not in LEFT_OUT:
            high = min(n.high, MOST.get(n.name, n.high))
            ends = range(int(n.low), int(n.high) + 1) if n.choices is not None else (n.low, high)
            found += [(n.name, n.type(x)) for x in ends if x != n.default]
    return found


def scored(levers: dict, market: int) -> np.ndarray:
    """The twenty scores of a firm in a market; NaN where there can be no such firm."""
    try:
        return scores_of(live(Arm(levers), market))
    except InputError:
        return np.full(20, np.nan)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--markets", type=int, default=2)
    parser.add_argument("--first", type=int, default=100, help="first market (of 100 to 423)")
    parser.add_argument("--best", type=int, help="only the best few of each statement, of what was kept before")
    parser.add_argument("--firms", default=",".join(FIRMS), help="which firms (default %(default)s)")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="file of what was run (default: in the user's cache)")
    asked = parser.parse_args()
    keep = asked.keep or kept_folder(needed=True) / "causes.json"
    before = json.loads(keep.read_text()) if keep.exists() else {}
    warm.prepare(wasm.MANY)
    tried = [(firm, *move) for firm in asked.firms.split(",") for move in moves()]
    if asked.best:
        tried = sorted({tuple(x) for j in range(20) for x in ranking(before, j)[: asked.best]}, key=str)
    for firm in sorted({x[0] for x in tried}):
        chosen = [{}] + [{name: value} for f, name, value in tried if f == firm]
        seeds = range(asked.first, asked.first + asked.markets)
        pieces = [lambda c=c, s=s, f=firm: scored({**FIRMS[f], **c}, s) for c in chosen for s in seeds]
        found = np.array(at_once(pieces, asked.threads)).reshape(len(chosen), asked.markets, 20).mean(1)
        for change, row in zip(chosen[1:], found[1:], strict=True):
            name, value = next(iter(change.items()))
            if np.isfinite(row).all():
                before[json.dumps([firm, name, value])] = [asked.markets, *(row - found[0]).tolist()]
        keep.write_text(json.dumps(before))
        print(f"{firm}: {len(chosen) - 1} moves", file=sys.stderr, flush=True)
    for j in range(20):
        print(f"{j + 1} {STATEMENTS[j].text}")
        for firm, name, value in ranking(before, j)[:6]:
            markets, *moved = before[json.dumps([firm, name, value])]
            print(f"    {margins(np.array(moved))[j]:+5.2f} {firm:10} {name} = {value:g}  by {moved[j]:+.2f}, "
                  f"{markets} markets")  # fmt: skip


def ranking(found: dict, statement: int) -> list:
    """What moves a statement farthest beyond the others, best first."""
    by = {key: margins(np.array(moved[1:]))[statement] for key, moved in found.items()}
    return [json.loads(key) for key in sorted(by, key=lambda key: -by[key])]


if __name__ == "__main__":
    main()
