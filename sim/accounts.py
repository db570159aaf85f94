"""A run's money in tables: by year, recurring revenue by quarter, and the statement of income."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.model.firm import QUARTER, YEAR, Stage
from sim.outcomes import discounts
from sim.tables import with_units


def by_year(days: pd.DataFrame, bare_quarters: pd.DataFrame, opening: float, rate: float, broke: bool) -> pd.DataFrame:
    """One row a year (the last may be a part): money in k€, and the stage at its end.

    `net_value` is the year's discounted contribution plus what discounted
    customer equity rose by; the years' sum is the run's net value.
    """
    n = len(days)
    today = days["contribution"].to_numpy() * discounts(n, rate)
    equity = days["equity"].to_numpy()
    rows, before = [], opening
    for first in range(0, n, YEAR):
        end = min(first + YEAR, n)
        part = slice(first, end)
        last = end // QUARTER
        worth = equity[end - 1] * (1 + rate) ** (-end / YEAR)
        if broke and end == n:
            worth = 0.0
        earned = today[part].sum()
        stage = int(bare_quarters["stage"].iloc[last - 1]) if last else None
        rows.append({
            "year": first // YEAR + 1,
            "days": end - first,
            "revenue": days["revenue"].iloc[part].sum(),
            "new_business": days["new_value"].iloc[part].sum(),
            "contribution": days["contribution"].iloc[part].sum(),
            "contribution_discounted": earned,
            "equity_change_discounted": worth - before,
            "net_value": earned + worth - before,
            "customer_value": days["customer_value"].iloc[part].sum(),
            "score": bare_quarters["score"].iloc[last - 1] if last else np.nan,
            "stage": Stage(stage).name.lower() if stage else None,
        })  # fmt: skip
        before = worth
    money = ("revenue", "new_business", "contribution", "contribution_discounted", "equity_change_discounted",
             "net_value", "customer_value")  # fmt: skip
    return with_units(pd.DataFrame(rows).set_index("year"), dict.fromkeys(money, "k€"))


def revenue_bridge(quarter: pd.DataFrame, opening: float) -> pd.DataFrame:
    """Recurring revenue, k€ a year: opening + new + expansion - contraction - churn = closing, each quarter."""
    table = quarter[["quarter", "new_value", "expansion", "contraction", "churned_value"]]
    table = table.rename(columns={"new_value": "new", "churned_value": "churn"}).set_index("quarter")
    closing = opening + (table["new"] + table["expansion"] - table["contraction"] - table["churn"]).cumsum()
    table.insert(0, "opening", closing.shift(fill_value=opening))
    table["closing"] = closing
    table.attrs["units"] = dict.fromkeys(table.columns, "k€ a year")
    return table


def accounts(days: pd.DataFrame) -> pd.DataFrame:
    """The statement of income by year, k€: revenue to contribution, and the memo line of working together."""
    year = (days["day"] // YEAR + 1).rename("year")
    names = ["revenue", "special_cost", "payroll", "other_cash", "contribution", "working_together"]
    table = days.groupby(year)[names].sum()
    table.insert(2, "gross_profit", table["contribution"] + table["payroll"] + table["other_cash"])
    table.insert(1, "delivery", table["revenue"] - table["special_cost"] - table["gross_profit"])
    table.attrs["units"] = dict.fromkeys(table.columns, "k€")
    return table
