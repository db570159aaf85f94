"""The Olist funnel and the default's, by the same statistics of the same kind of leads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from sim.model.day_zero.opening import begin
from sim.model.firm import State
from sim.model.theory import Theory, with_values
from sim.study.validation.fit import Prior

LEADS, DEALS = "marketing_qualified_leads.csv", "closed_deals.csv"
CALENDAR = 7 / 5  # calendar days in a working day
PRIORS = (
    Prior("selling.base", -4.5, 3.0),
    Prior("selling.win", 0.2, 0.95),
    Prior("market.ready", 0.05, 0.95),
    Prior("market.tolerance", 0.3, 3.0, log=True),
    Prior("market.cycle_days", 1.0, 90.0, log=True),
    Prior("market.cycle_sd", 0.1, 2.0),
    Prior("distance.handoff_days", 0.1, 10.0, log=True),
    Prior("marketing.nurture_days", 1.0, 20.0),
)
STATISTICS = (
    "conversion, log-odds",
    "days, log of first quartile",
    "log of median",
    "log of third quartile",
    "log-sd",
)
SINCE, SHORTEST, LONGEST = "2018-01-01", 167, 317  # calendar days that closings are recorded after the last, first lead
LAST, DAYS = 260, 490  # the model's leads of the first year, followed for as long


def told(n: int, days: np.ndarray) -> dict[str, float]:
    """The statistics of n leads, of which some were won after so many calendar days; always finite."""
    odds = np.log((len(days) + 0.5) / (n - len(days) + 0.5))
    logs = np.log(np.maximum(days, 0.5)) if len(days) else np.log([LONGEST])
    found = [odds, *np.quantile(logs, [0.25, 0.5, 0.75]), logs.std()]
    return dict(zip(STATISTICS, map(float, found), strict=True))


def spread_out(days: np.ndarray) -> np.ndarray:
    """Whole working days spread evenly over the day that each stands for: d .. d + 1."""
    order = np.argsort(days, kind="stable")
    _, first, count = np.unique(days[order], return_index=True, return_counts=True)
    within = np.arange(len(days)) - np.repeat(first, count)
    out = np.empty(len(days))
    out[order] = days[order] + (within + 0.5) / np.repeat(count, count)
    return out


def of_model(values: dict[str, float], market: int) -> dict[str, float]:
    """The statistics of the default with these numbers: leads that qualified, from inquiry to contract."""
    simulation = begin(with_values(Theory(), values), market, DAYS)
    simulation.advance(DAYS)
    leads = simulation.firm.leads[: int(simulation.firm.ledger["n_leads"][0])]
    leads = leads[(leads["m"] >= 0) & (leads["born"] >= 0) & (leads["qualified"] >= 0) & (leads["born"] < LAST)]
    won = leads[leads["state"] == State.WON]
    days = spread_out(won["ended"].astype(float) - won["born"]) * CALENDAR
    recorded = LONGEST - (LONGEST - SHORTEST) * won["born"] / LAST
    return told(len(leads), days[days <= recorded])


def funnel(folder: Path) -> pd.DataFrame:
    """The leads first contacted since January 2018, with their origin and days to the contract (nan: none)."""
    leads = pd.read_csv(folder / LEADS, parse_dates=["first_contact_date"])
    deals = pd.read_csv(folder / DEALS, parse_dates=["won_date"])[["mql_id", "won_date"]]
    leads = leads[leads["first_contact_date"] >= SINCE].merge(deals, on="mql_id", how="left")
    leads["days"] = (leads["won_date"] - leads["first_contact_date"]).dt.total_seconds() / 86400
    return leads


def halves(leads: pd.DataFrame) -> list[dict[str, float]]:
    """The statistics of two random halves of the leads."""
    half = np.random.default_rng(22).permutation(len(leads)) % 2
    parts = [leads["days"][half == k] for k in (0, 1)]
    return [told(len(part), part.dropna().to_numpy()) for part in parts]
