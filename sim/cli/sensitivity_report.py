"""A sensitivity analysis in words and plain tables, for a terminal."""

from __future__ import annotations

import math

from sim.cli.layout import Table
from sim.study.sensitivity.sentences import FULL, level, number, share, shown
from sim.study.sensitivity.sentences import sentences as told


def account(found) -> list[str | Table]:
    """The readable account: the ranking as a table, then the sentences."""
    if not hasattr(found, "method"):
        return ["\n".join(found.sentences())]
    lines = told(found)
    head, factors, rest = lines[0], lines[2 : 2 + len(found.df)], lines[2 + len(found.df) :]
    return [f"{head}\n{FULL[found.method]}", _table(found), "\n".join(factors), "\n".join(rest)]


def _table(found) -> Table:
    """Every factor with its range and its numbers."""
    columns, cells = TABLES[found.method]
    rows = []
    for name, row in found.df.to_dict("index").items():
        ranged = f"{row['range']} ({row['of']})" if row["of"] else row["range"]
        rows.append((str(row["rank"]), name, ranged, *cells(row, found.unit), row["verdict"]))
    left = (1, 2, 3 + len(columns))
    unit = {"0..1": "%", "20..100": "points"}.get(found.unit, found.unit)
    own = found.method in ("morris", "one-at-a-time")  # in the outcome's unit; the others are shares of variance
    title = f"What moves {found.outcome}" + (f", {unit}" if unit and own else "")
    return Table(title, ("", "factor", "range", *columns, ""), rows, left)


def _band(low: float, high: float, tell) -> str:
    return "–" if math.isnan(low) else f"{tell(low)} to {tell(high)}"


def _one_at_a_time(row: dict, unit: str) -> tuple[str, ...]:
    return (level(row["least"], unit), shown(row["least_at"]), level(row["most"], unit), shown(row["most_at"]),
            _difference(row["swing"], unit))  # fmt: skip


def _difference(value: float, unit: str) -> str:
    return "–" if math.isnan(value) else number(100 * value if unit == "0..1" else value)


def _morris(row: dict, unit: str) -> tuple[str, ...]:
    def tell(value: float) -> str:
        return _difference(value, unit)

    return (tell(row["mu_star"]), _band(max(row["low"], 0.0), row["high"], tell), tell(row["mu"]), tell(row["sigma"]),
            tell(row["noise"]))  # fmt: skip


def _first(row: dict, unit: str) -> tuple[str, ...]:
    return share(row["first"]), _band(row["first_low"], row["first_high"], share)


def _variance(row: dict, unit: str) -> tuple[str, ...]:
    total = share(row["total"]), _band(row["total_low"], row["total_high"], share)
    return (*_first(row, unit), *total, "–" if math.isnan(row["noise"]) else share(row["noise"]))


SHARES = ("alone", "95 %", "in all", "95 %", "luck")
TABLES = {
    "one-at-a-time": (("least", "at", "most", "at", "swing"), _one_at_a_time),
    "morris": (("mu*", "95 %", "mu", "sigma", "luck"), _morris),
    "sobol": (SHARES, _variance),
    "grid": (SHARES, _variance),
    "first-order": (SHARES[:2], _first),
}
