"""Put what `experiments/patterns.py -o FILE` measured into docs/behaviour.md, below its marker.

python experiments/patterns.py --seeds 11000:60 -o patterns.json
python experiments/page.py patterns.json
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path

from _lab import number
from patterns import title

PAGE = Path(__file__).parents[1] / "docs" / "behaviour.md"
MARKER = "<!-- everything below is written by experiments/page.py -->"


def cell(x) -> str:
    """A value as it stands in a table."""
    text = "" if x is None else x if isinstance(x, str) else number(x) if isinstance(x, float) else str(x)
    return text.replace("|", "/")


def rows(head: list[str], body: list[list]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(cell(x) for x in row) + " |" for row in body])


def check_row(check: dict) -> list:
    m = check["measured"]
    told = m["low"] is not None and m["high"] is not None and m["low"] < m["high"]
    interval = f"{number(m['low'])} to {number(m['high'])}" if told else ""
    return [check["claim"], check["expected"], float(m["mean"]), interval, check["verdict"]]


def page(measured: dict) -> str:
    """The generated part of the page."""
    first, count = measured["seeds"].split(":")
    counts = Counter(c["verdict"] for checks in measured["checks"].values() for c in checks)
    parts = [
        f"Markets {first} to {int(first) + int(count) - 1}. "
        + ", ".join(f"{counts[v]} {v}" for v in ("holds", "undecided", "fails", "reported"))
        + ". Intervals are of 95 %."
    ]
    for name, checks in measured["checks"].items():
        parts.append(f"### {title(name)}")
        parts.append(rows(["claim", "expected", "measured", "interval", "verdict"], [check_row(c) for c in checks]))
        for heading, head, body in measured["tables"].get(name, []):
            parts += [heading[:1].upper() + heading[1:] + ":", rows(head, body)]
    return "\n\n".join(parts) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("measured", type=Path, help="what patterns.py -o wrote")
    asked = parser.parse_args()
    kept = PAGE.read_text(encoding="utf-8").split(MARKER)[0]
    PAGE.write_text(kept + MARKER + "\n\n" + page(json.loads(asked.measured.read_text("utf-8"))), encoding="utf-8")
    print(f"written: {PAGE.relative_to(PAGE.parents[1])}")


if __name__ == "__main__":
    main()
