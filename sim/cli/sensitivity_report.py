"""A sensitivity analysis in words and plain tables, for a terminal."""

from __future__ import annotations

import math

from sim.cli.layout import Table
from sim.study.sensitivity.sentences import FULL, level, number, share, shown
from sim.study.sensitivity.sentences import sentences as told

MOST_ROWS = 40


def account(found) -> list[str | Table]:
    """The readable account: the ranking as a table, then the sentences."""
    if not hasattr(found, "method"):
        return ["\n".join(found.sentences())]
    lines = told(found)
    head, factors, rest = lines[0], lines[2 : 2 + len(found.df)], lines[2 + len(found.df) :]
    return [f"{head}\n{FULL[found.method]}", _table(found), "\n".join(factors), "\n".join(rest)]


def contrasts_account(found) -> list[str | Table]:
    """What is known of each point's contrast, open ones first where there are many."""
    own = ("markets", "difference", "low", "high", "state", "reference")
    factors, table = [name for name in found.df if name not in own], found.df
    if len(table) > MOST_ROWS:
        table = table.sort_values("state", key=lambda state: state != "open", kind="stable").head(MOST_ROWS)
    rows = [(str(point), *(shown(row[name]) for name in factors), f"{row['markets']:,}",
             _difference(row["difference"], found.unit),
             _band(row["low"], row["high"], lambda x: _difference(x, found.unit)), row["state"])
            for point, row in table.to_dict("index").items()]  # fmt: skip
    unit = {"0..1": "%", "20..100": "points"}.get(found.unit, found.unit)
    title = f"{found.outcome}{f', {unit}' if unit else ''}: which points differ"
    told = Table(title, ("point", *factors, "markets", "difference", "95 % of all", ""), rows,
                 (*range(1, 1 + len(factors)), 4 + len(factors)))  # fmt: skip
    more = len(found.df) - len(table)
    return [told, "\n".join([*found.sentences(), *([f"{more:,} further points: --json"] if more else [])])]


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
