"""Where each default comes from, and how far it may move before a published pattern flips.

    python experiments/calibration.py
    python experiments/calibration.py --only trust.gain,selling.base --markets 24
    python experiments/calibration.py --document docs/reports/calibration.md

Every number is halved and doubled, alone, in the same markets. What was run is
kept, and a call that was interrupted goes on where it stopped.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # a checkout runs without being installed

from sim.files.folder import written_file
from sim.model.theory import numbers
from sim.study.validation.calibration import MARKETS, defend, kind_of, movable
from sim.study.validation.calibration_page import calibration_page
from sim.study.validation.validate import kept_folder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", metavar="A,B", help="some numbers, as they are called in theory.py")
    parser.add_argument("--markets", type=int, default=MARKETS, help="markets a move (default %(default)s)")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="file of what was run (default: in the user's cache)")
    parser.add_argument("-o", "--output", "--document", type=Path, dest="output", help="write the page to this file")
    asked = parser.parse_args()
    chosen = asked.only.split(",") if asked.only else None
    for name in chosen or ():
        if name not in {n.name for n in movable()}:
            parser.error(f"{name!r} is no number that is moved (switches and the levers of the organizations are not)")
    keep = asked.keep or kept_folder(needed=True) / "calibration.jsonl"
    keep.parent.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()

    def told(done: int, all_: int) -> None:
        if sys.stderr.isatty():
            left = (time.monotonic() - began) * (all_ - done) / done
            print(f"\r{done} of {all_} numbers, about {left:.0f} s left ", end="", file=sys.stderr, flush=True)

    moves = defend(keep, chosen, asked.markets, asked.threads, told)
    if asked.output:
        with written_file(asked.output) as path:
            path.write_text(calibration_page(moves, asked.markets), encoding="utf-8")
        print(f"written: {asked.output}")
        return
    for m in moves:
        flips = f"  flips {', '.join(m.flipped)}" if m.flipped else ""
        about = f"{m.name:32} {kind_of(numbers()[m.name]):10} x{m.factor:<5g}"
        print(f"{about} score {m.score[0]:+6.2f}  net value {m.net_value[0]:+7.2f} %{flips}")


if __name__ == "__main__":
    main()
