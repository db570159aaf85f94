"""What is kept of one run for the patterns: quarterly sums, weekly paths, audits, the funnel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from sim.model.day_zero.opening import begin
from sim.model.drive import Extended, Simulation
from sim.model.firm import DAYS, QUARTER, WEEK, Fate, Origin, Side
from sim.model.theory import Theory, with_values
from sim.result.outcomes import measure
from sim.scenario.own_theory import OwnTheory
from sim.study.validation.patterns.organizations import Levers, drawn

WEEKLY = ("trust_ms", "trust_sm", "language")
# Delays of the first answer, in hours: within the hour, within a day, later (F25).
HOUR, DAY = 1.0, 24.0
Change = tuple[int, Mapping[str, float] | str]  # day, and the levers that change from then on, or a shock's name


class Arm(NamedTuple):
    """One organization of a pattern: its levers, dated changes, a horizon in days.

    design   a number: the levers are drawn at random for each market, on top of `levers`
    market   how many markets further on it lives: the levers drawn are those of the market it is told
    """

    levers: Levers = {}
    changes: tuple[Change, ...] = ()
    days: int = 1300
    design: int | None = None
    permitted: str = "teams decide"
    market: int = 0


class Life(NamedTuple):
    """What is kept of one run."""

    score: np.ndarray  # (quarters,) 20..100
    stage: np.ndarray  # (quarters,) 1..4
    sides: np.ndarray  # (quarters, 2) score as Marketing and as Sales see it
    sums: dict[str, np.ndarray]  # field of the diary -> (quarters,) sums
    weeks: dict[str, np.ndarray]  # trust and language at the weeks' ends
    seen: np.ndarray  # (quarters, 20) what was observed over what could have been, NaN without a base
    items: np.ndarray  # (quarters, 20) scores 1..5
    kept: np.ndarray  # (8,) compliance on the last day
    quality: np.ndarray  # (quarters, 4) of the decisions in force
    heard: np.ndarray  # (quarters, 4) whether the other team was heard for them
    skill: float  # mean skill of who works on the last day
    since: np.ndarray  # (8,) day of the first decree, or -1
    funnel: dict[str, float]  # sums over Marketing's leads, see `funnel`
    outcomes: dict[str, float]  # by the names of sim.result.outcomes
    burden: float  # contacts that a customer gets in a quarter, mean over the active ones as of their last renewal
    left: float  # people who left
    broke: int
    pairs: np.ndarray  # (ties, 2) metres between the two of a tie, and their contacts so far

    def year(self, name: str, number: int) -> float:
        """The sum of a field of the diary over year 1, 2, ..."""
        return float(self.sums[name][4 * (number - 1) : 4 * number].sum())

    def total(self, name: str) -> float:
        """The sum of a field of the diary over all days."""
        return float(self.sums[name].sum())

    def in_stage(self, name: str, *stages: int) -> float:
        """The sum of a field over the quarters in these stages."""
        return float(self.sums[name][np.isin(self.stage, stages)].sum())

    @property
    def final(self) -> float:
        """Mean score of the last year."""
        return float(self.score[-4:].mean())

    @property
    def trust(self) -> float:
        """Mean trust over the last quarter, both directions."""
        return float(self.sums["trust_ms"][-1] + self.sums["trust_sm"][-1]) / (2 * QUARTER)

    @property
    def net_value(self) -> float:
        """Net value of the run, k€."""
        return self.outcomes["net_value"]


def live(arm: Arm, seed: int, more: Levers | None = None, by: OwnTheory | None = None) -> Life:
    """One run of an organization in one market; `more` is laid over its levers, dated ones too (a mutation).

    by   another theory that it lives by; None: the model's own
    """
    more = more or {}

    def numbers(levers: Levers) -> Theory:
        theory = with_values(Theory(), {**levers, **more})
        return theory if by is None else Extended.of(theory, by.in_force({}))

    levers = dict(arm.levers)
    if arm.design is not None:
        levers = {**drawn(arm.design, seed, arm.permitted), **levers}
    simulation = begin(numbers(levers), seed + arm.market, arm.days)
    for day, what in sorted(arm.changes, key=lambda change: change[0]):
        simulation.advance(day)
        if isinstance(what, str):
            simulation.shock(what)
        else:
            levers.update(what)
            simulation.change(numbers(levers))
    simulation.advance(arm.days)
    return kept_of(simulation)


def kept_of(simulation: Simulation) -> Life:
    """The numbers that patterns need of a run that has ended."""
    firm, n = simulation.firm, simulation.horizon // QUARTER
    answers = firm.answers[:n, Side.BOTH]
    base, count = answers["base"], answers["count"]
    rows = firm.days[: n * QUARTER]
    broke = int(firm.ledger["broke"][0])
    quarters = firm.quarters[:n]
    outcomes = measure(
        firm.days[: simulation.day],
        firm.quarters[: simulation.day // QUARTER],
        float(firm.ledger["opening_equity"][0]),
        simulation.theory.money.discount,
        broke >= 0,
    )
    return Life(
        score=quarters["score"].copy(),
        stage=quarters["stage"].copy(),
        sides=np.column_stack([quarters["score_m"], quarters["score_s"]]),
        sums={name: rows[name].reshape(n, QUARTER).sum(1) for name in DAYS.names},
        weeks={name: firm.days[name][WEEK - 1 :: WEEK].copy() for name in WEEKLY},
        seen=np.where(base > 0, count / np.maximum(base, 1e-9), np.nan),
        items=answers["score"].copy(),
        kept=firm.practices["kept"].sum(1) / 2.0,
        quality=quarters["quality"].copy(),
        heard=quarters["heard"].copy(),
        skill=float(firm.people["skill"][firm.people["working"] == 1].mean()),
        since=firm.practices["since"].copy(),
        funnel=funnel(firm),
        outcomes=outcomes,
        burden=burden(firm),
        left=float(firm.ledger["left"][0]),
        broke=broke,
        pairs=np.column_stack([firm.ties["distance"], firm.ties["contacts"]])[: int(firm.ledger["n_ties"][0])],
    )


def burden(firm) -> float:
    """Contacts a quarter that active customers had when they last signed."""
    customers = firm.customers[: int(firm.ledger["n_customers"][0])]
    active = customers[customers["ended"] < 0]
    return float(active["burden"].mean()) if len(active) else 0.0


def funnel(firm) -> dict[str, float]:
    """Counts and sums over the leads that Marketing attracted.

    answered_hour, answered_day, answered_late, never: inquiries by the first answer's delay.
    sql_hour, sql_late: of those answered within the hour or later than a day, became opportunities;
    hours_hour, hours_late: sums of log(1 + delay / 0.7 h) of these two groups (B6's scale).
    handoffs, handoff_days: leads tried, and days from qualified to tried.
    fit: sum of the fit of leads handed off; handed: how many.
    deals, cycle_days: deals ended, and days from opportunity to end (own deals too).
    wins, win_days: leads won, and days from inquiry to contract.
    shows, show_wins: inquiries of trade shows, and those of them won.
    """
    all_leads = firm.leads[: int(firm.ledger["n_leads"][0])]
    deals = all_leads[(all_leads["opened"] >= 0) & (all_leads["ended"] >= 0)]
    leads = all_leads[(all_leads["m"] >= 0) & (all_leads["born"] >= 0)]
    hours = leads["hours"].astype(float)
    soon, late = (hours >= 0) & (hours <= HOUR), hours > DAY
    opened = leads["opened"] >= 0
    tried = leads[(leads["qualified"] >= 0) & (leads["tried"] >= 0)]
    handed = leads[leads["handed"] >= 0]
    won = leads[leads["fate"] == Fate.WON]
    shows = leads[leads["origin"] == Origin.EVENT]
    scaled = np.log1p(np.maximum(hours, 0.0) / 0.7)
    found = {
        "answered_hour": soon.sum(),
        "answered_day": ((hours > HOUR) & (hours <= DAY)).sum(),
        "answered_late": late.sum(),
        "never": (hours < 0).sum(),
        "sql_hour": (opened & soon).sum(),
        "sql_late": (opened & late).sum(),
        "hours_hour": scaled[soon].sum(),
        "hours_late": scaled[late].sum(),
        "handoffs": len(tried),
        "handoff_days": (tried["tried"].astype(float) - tried["qualified"]).sum(),
        "fit": handed["fit"].astype(float).sum(),
        "handed": len(handed),
        "deals": len(deals),
        "cycle_days": (deals["ended"].astype(float) - deals["opened"]).sum(),
        "wins": len(won),
        "win_days": (won["ended"].astype(float) - won["born"]).sum(),
        "shows": len(shows),
        "show_wins": (shows["fate"] == Fate.WON).sum(),
    }
    return {name: float(value) for name, value in found.items()}
