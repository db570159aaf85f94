"""A run's money in tables: by year, recurring revenue by quarter, and the statement of income."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.model.firm import QUARTER, YEAR, Stage
from sim.result.outcomes import equity_at_end
from sim.result.run_tables import with_units


def by_year(days: pd.DataFrame, bare_quarters: pd.DataFrame, opening: float, broke: bool) -> pd.DataFrame:
    """One row a year (the last may be a part): money in k€, not discounted, and the stage at its end.

    The changes of customer equity add up to the run's. What a run is worth is
    one number, its net value: a year has none of its own.
    """
    n, rows, before = len(days), [], opening
    for first in range(0, n, YEAR):
        end = min(first + YEAR, n)
        last, year = end // QUARTER, days.iloc[first:end]
        worth = equity_at_end(year["equity"], opening, broke and end == n)
        stage = int(bare_quarters["stage"].iloc[last - 1]) if last else None
        rows.append({
            "year": first // YEAR + 1,
            "days": end - first,
            "revenue": year["revenue"].sum(),
            "new_business": year["new_value"].sum(),
            "contribution": year["contribution"].sum(),
            "equity_change": worth - before,
            "customer_value": year["customer_value"].sum(),
            "score": bare_quarters["score"].iloc[last - 1] if last else np.nan,
            "stage": Stage(stage).name.lower() if stage else None,
        })  # fmt: skip
        before = worth
    money = ("revenue", "new_business", "contribution", "equity_change", "customer_value")
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


def accounts(days: pd.DataFrame, overhead: float) -> pd.DataFrame:
    """The statement of income by year, k€: revenue to contribution, and beneath it what stands in no other number.

    These memo lines are `working_together`, which is part of the payroll already, and `overhead`: research,
    administration and service, assumed as a share of revenue (theory.money.overhead), with what is left after them.
    Nothing is subtracted from contribution, equity or net value: the share is the same for every plan.
    """
    year = (days["day"] // YEAR + 1).rename("year")
    names = ["revenue", "special_cost", "payroll", "other_cash", "contribution", "working_together"]
    table = days.groupby(year)[names].sum()
    table.insert(2, "gross_profit", table["contribution"] + table["payroll"] + table["other_cash"])
    table.insert(1, "delivery", table["revenue"] - table["special_cost"] - table["gross_profit"])
    table["overhead"] = overhead * table["revenue"]
    table["after_overhead"] = table["contribution"] - table["overhead"]
    table.attrs["units"] = dict.fromkeys(table.columns, "k€")
    return table


def ratios(days: pd.DataFrame, opening: float, overhead: float) -> pd.DataFrame:
    """By year: what selling and marketing cost and bring, and whether customers stay, with the two identities.

        selling_marketing = per_new_euro new_business
        growth            = net_retention - 1 + new_recurring

    Parameters
    ----------
    days : DataFrame
        The diary, a row a day.
    opening : float
        Recurring revenue on day 0, k€ a year.
    overhead : float
        What is assumed for research, administration and service, as a share of revenue.

    Returns
    -------
    DataFrame
        `selling_marketing` (payroll and other cash), `new_business`, `overhead` and `left` (contribution less
        overhead) are shares of the year's revenue; `per_new_euro` is euros; `net_retention`, `new_recurring` and
        `growth` are shares of the recurring revenue with which the year began. NaN where there is nothing to divide by.
    """
    year = (days["day"] // YEAR + 1).rename("year")
    names = ["revenue", "payroll", "other_cash", "contribution", "new_value", "expansion", "contraction",
             "churned_value"]  # fmt: skip
    sums = days.groupby(year)[names].sum()
    kept = sums["expansion"] - sums["contraction"] - sums["churned_value"]
    closing = opening + (sums["new_value"] + kept).cumsum()
    begun, revenue = closing.shift(fill_value=opening), sums["revenue"]
    spent = sums["payroll"] + sums["other_cash"]
    table = pd.DataFrame({
        "selling_marketing": spent / revenue,
        "per_new_euro": spent / sums["new_value"],
        "new_business": sums["new_value"] / revenue,
        "net_retention": 1.0 + kept / begun,
        "new_recurring": sums["new_value"] / begun,
        "growth": closing / begun - 1.0,
        "overhead": overhead,
        "left": sums["contribution"] / revenue - overhead,
    }).replace([np.inf, -np.inf], np.nan)  # fmt: skip
    return with_units(table, dict.fromkeys(table.columns, "share") | {"per_new_euro": "€"})
