"""Times to each stage in words."""

from __future__ import annotations

import math

from sim.cli.layout import Table
from sim.cli.report import LIMIT, NUMERALS, number, percent


def survival_account(found, output) -> list[str | Table]:
    """How long it took to each stage and how long it lasted: medians with their intervals, and who was censored."""
    rows, table = [], found.summary()
    for stage in (1, 2, 3, 4):
        name = ("undefined", "defined", "aligned", "integrated")[stage - 1]
        for what in ("reached", "left"):
            row = table.loc[(name, what)]
            label = f"{NUMERALS[stage]} {name}" if what == "reached" else "   left again"
            band = "" if math.isnan(row["low"]) else f"{number(row['low'])} to {number(row['high'])}"
            median = f"{number(row['median_after'])} – {number(row['median_days'])}"
            rows.append((label, f"{int(row['events']):,} of {int(row['n']):,}",
                         "–" if math.isnan(row["median_days"]) else median, band,
                         percent(row["share_at_the_end"]), f"{int(row['at_risk']):,}"))  # fmt: skip
    columns = ("", "firms", "median, days", "95 %", "by the end", "of whom")
    n = len(found.df) // 4
    keys = [name for name in ("point", "arm", "seed") if name in found.df]
    broke = len(found.df[found.df[["reason", "left_reason"]].eq("out of cash").any(axis=1)].drop_duplicates(keys))
    head = f"{n:,} firms, {found.days:,} days; rows in {output}"
    if "point" in found.df:
        points, arms = (found.df[each].nunique() for each in ("point", "arm"))
        head += f"\nAll runs of the sweep in one: {points:,} points and {arms:,} arms are told apart in the rows alone."
    said = [f"The money ran out in {broke:,} of {n:,} firms, which are censored there."] if broke else []
    began = found.df[found.df["from_start"] == 1]["stage_name"].value_counts()
    at_first = [f"At the first audit: {', '.join(f'{k:,} {stage}' for stage, k in began.items())}; they did not come "
                "there, and count only where it is left."] if len(began) else []  # fmt: skip
    note = (
        "Stages are read once a quarter: a median lies between the two days.\n"
        "Kaplan-Meier: firms that were not looked at any longer are censored, not counted as never. –: not come to.\n"
        "of whom: firms still looked at when the last of these came. From few the share by the end says little: where\n"
        "it is one, that firm makes it 100 %."
    )
    return [head, Table("Time to each stage and in it", columns, rows), note, *at_first, *said, LIMIT]
