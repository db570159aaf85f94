"""Results as plain tables for a terminal, and as JSON for other programs."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from helpers.judging import Check
from sim.study.intervals import Interval


def number(x: float) -> str:
    """A number with about four figures."""
    if not math.isfinite(x):
        return "-"
    if x == 0 or 1e-3 <= abs(x) < 1e6:
        return f"{x:,.{max(0, min(3, 3 - int(math.floor(math.log10(abs(x)))))) if x else 0}f}"
    return f"{x:.3g}"


def table(head: Sequence[str], rows: Sequence[Sequence]) -> str:
    """A plain table: text to the left, numbers to the right."""
    cells = [[number(c) if isinstance(c, float) else str(c) for c in row] for row in rows]
    right = [any(isinstance(row[j], int | float) for row in rows) for j in range(len(head))]
    width = [max(len(row[j]) for row in [list(head), *cells]) for j in range(len(head))]
    lines = [list(head), ["-" * w for w in width], *cells]
    parts = [[c.rjust(w) if r else c.ljust(w) for c, w, r in zip(row, width, right, strict=True)] for row in lines]
    return "\n".join("  ".join(row).rstrip() for row in parts)


def markdown(head: Sequence[str], body: Sequence[Sequence]) -> str:
    """The same in Markdown."""

    def cell(value) -> str:
        return (number(value) if isinstance(value, float) else str(value)).replace("|", "/")

    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(map(cell, row)) + " |" for row in body])


def write_json(path: Path | None, found) -> None:
    """Results for other programs; a number that is not one is written as null."""

    def plain(x):
        if isinstance(x, Check):
            return {**x._asdict(), "measured": plain(x.measured)}
        if isinstance(x, Interval):
            return {"mean": plain(x.mean), "low": plain(x.low), "high": plain(x.high)}
        if isinstance(x, Mapping):
            return {str(k): plain(v) for k, v in x.items()}
        if isinstance(x, list | tuple):
            return [plain(v) for v in x]
        if isinstance(x, float | np.floating):
            return float(x) if math.isfinite(x) else None
        return int(x) if isinstance(x, np.integer | np.bool_) else x

    if path:
        Path(path).write_text(json.dumps(plain(found), indent=1) + "\n", encoding="utf-8")
        print(f"written: {path}")
