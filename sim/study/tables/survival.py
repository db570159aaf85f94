"""How long until a stage is reached, and how long it lasts: survival data with censoring, over many markets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from sim.arguments import days_of
from sim.errors import InputError
from sim.files.folder import written_file
from sim.files.harmless import write_csv
from sim.files.provenance import made_by
from sim.model.firm import QUARTER, Stage
from sim.scenario import Scenario, read
from sim.study.experiments.experiment import Work
from sim.study.many import Interrupted, at_once, markets
from sim.study.tables.kaplan_meier import Curve, kaplan_meier
from sim.study.tables.stage_times import COLUMNS, POINT, STAGES, Lived, rows_of


class Survival:
    """Times to each stage and in each stage, market by market.

    Attributes
    ----------
    df : DataFrame
        One row a market (of a store: a run) and stage, with the columns of
        `sim.study.tables.stage_times.COLUMNS`; units in `attrs["units"]`.
    scenario : Scenario or None
        What was run; None for a store.
    quarters : DataFrame
        The stages themselves, one row a run and whole quarter.
    markets : tuple of str
        The hash of each market.
    made : dict
        By which versions, rules and day (`sim.files.provenance.made_by`).
    """

    def __init__(self, lived: Sequence[Lived], scenario: Scenario | None, days: int, markets: Sequence[str] = ()):
        self.scenario, self.days, self.markets, self.made = scenario, days, tuple(markets), made_by(lived=[scenario])
        columns = {**(COLUMNS if scenario is not None else POINT | COLUMNS)}
        if scenario is None:
            columns.pop("scenario")
        self.df = _table([row for each in lived for row in rows_of(each)], columns)
        self.quarters = pd.DataFrame(
            [each.keys | {"quarter": q, "stage": stage} for each in lived for q, stage in enumerate(each.stages, 1)],
            columns=[*(name for name in columns if name in POINT or name in ("scenario", "seed")), "quarter", "stage"],
        )

    @property
    def seeds(self) -> list[int]:
        """The markets."""
        return list(dict.fromkeys(self.df["seed"].tolist()))

    def curve(self, stage: int, leaving: bool = False) -> Curve:
        """The share of firms that have come to a stage (or, of those that were in it, have left it), by days.

        Firms whose very first audit found them in the stage did not come to it: nobody saw when, so they count
        only where it is left (`from_start` in the rows).
        """
        rows = self.df[self.df["stage"] == stage]
        if leaving:
            rows = rows[rows["event"] == 1]
            return kaplan_meier(rows["stay"].astype(float), rows["left"].astype(int))
        rows = rows[rows["from_start"] == 0]
        return kaplan_meier(rows["time"], rows["event"])

    @cached_property
    def _summary(self) -> pd.DataFrame:
        rows = []
        for stage in STAGES:
            part = self.df[self.df["stage"] == stage]
            for what in ("reached", "left"):
                here = part[part["from_start"] == 0] if what == "reached" else part[part["event"] == 1]
                curve = self.curve(stage, what == "left")
                rows.append({
                    "stage": Stage(stage).name.lower(), "what": what, "n": len(here),
                    "events": int((here["event"] if what == "reached" else here["left"]).sum()),
                    "median_days": (median := _first(curve.time, curve.share >= 0.5)),
                    "median_after": max(median - QUARTER * (1 + (what == "left")), 0.0),
                    "low": _first(curve.time, curve.high >= 0.5), "high": _first(curve.time, curve.low >= 0.5),
                    "share_at_the_end": float(curve.share[-1]) if len(here) else np.nan,
                    "at_risk": int(curve.at_risk[-1]) if len(here) else 0,
                })  # fmt: skip
        return pd.DataFrame(rows).set_index(["stage", "what"])

    def summary(self) -> pd.DataFrame:
        """One row a stage and what (reached, left): how many, median days with a 95 % interval, share at the end.

        Stages are read once a quarter, so what is seen is interval-censored: a median
        lies after `median_after` and not after `median_days`; of a stay, whose
        beginning is known to a quarter too, it may also lie up to a quarter later. At
        the quarters' ends the estimate is Turnbull's for interval-censored times, since
        all intervals end there. A median is the first time by which half have come (R
        prints the middle, where exactly half have for a while); one that was not come
        to is NaN. `at_risk` is how many firms were
        still looked at when the last of these events came: where it is 1, the
        share at the end is 1 because that one firm came (or left), whoever else
        was lost from sight before.
        """
        return self._summary.copy()

    def plot(self, leaving: bool = False):
        """Step curves of the share that has reached (or left) each stage, with intervals (matplotlib Axes)."""
        from sim import figures

        return figures.survival_plot(self, leaving)

    def save(self, path: str | Path) -> Path:
        """Write the rows as CSV: UTF-8, decimal point, empty where there is nothing."""
        if Path(path).suffix.lower() != ".csv":
            raise InputError(f"{path}: survival data is written as .csv")
        with written_file(path) as work:
            write_csv(self.df, work)
        return Path(path)

    def __repr__(self) -> str:
        return f"<Survival: {len(self.df) // len(STAGES):,} firms, {self.days:,} days>"

    def _repr_html_(self) -> str:
        import html

        return f"<p>{html.escape(repr(self))}</p>{self.summary().round(2).to_html()}"


def _first(times: np.ndarray, true: np.ndarray) -> float:
    return float(times[np.argmax(true)]) if true.any() else float("nan")


def survival(
    source: Scenario | str | Path | None = None,
    seeds: int | Sequence[int] = 30,
    *,
    threads: int = 2,
    progress: Callable[[int, int], None] | None = None,
    **options,
) -> Survival:
    """Times to each stage and in it, over many markets.

    Parameters
    ----------
    source : Scenario, name or path; None is the default
        What is run.
    seeds : int or list of int
        A count (markets 0 .. n - 1), or the markets themselves.
    threads : int
        Runs at a time; the results do not depend on it.
    progress : function (done, all)
    **options
        Passed to `sim.run`.

    Returns
    -------
    Survival

    Notes
    -----
    Censoring is "horizon" (the firm was not looked at any longer) or "out of
    cash" (it ended). The second may depend on the stage: where it is frequent,
    treat it as a competing risk, not as censoring.
    """  # fmt: skip
    from sim.result import label
    from sim.run import passed_on, run

    passed_on(survival, options)
    chosen = read(source)
    if (days := options.pop("days", None)) is not None:
        chosen = chosen.but(days=days)
    until = options.get("until")
    looked = chosen.days if until is None else min(days_of("until", until), chosen.days)

    theory = str(chosen.own_theory or chosen.lives_by)

    def one(seed: int) -> tuple[Lived, str]:
        each = run(chosen, seed, **options)
        lived = Lived(
            {"scenario": label(chosen), "seed": seed, "theory": theory},
            _stages(each),
            each.days,
            each.broke is not None,
        )
        return lived, each.about["market"]

    def of(found: list[tuple[Lived, str]]) -> Survival:
        result = Survival([lived for lived, _ in found], chosen, looked, [market for _, market in found])
        result.made = made_by(options.get("step"), [chosen])
        return result

    try:
        found = at_once([lambda s=seed: one(s) for seed in markets(seeds)], threads, progress)
    except Interrupted as stopped:
        raise Interrupted([of(stopped.finished)] if stopped.finished else []) from None
    return of(found)


def _stages(run) -> list[int]:
    return [int(stage) for stage in run.state.firm.quarters["stage"][: run.days // QUARTER]]


def _table(rows: list[dict], columns: dict) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=list(columns))
    for name in ("stay", "left"):
        table[name] = table[name].astype("Int64")
    table.attrs["units"] = {name: unit for name, (unit, _) in columns.items()}
    return table


def survival_of_store(store, threads: int = 2, progress=None) -> Survival:
    """The same for every run of a store that is done: its quarterly stages if it kept them, else each run again.

    Parameters
    ----------
    store : Store
        A result of `sim.open_store`. Runs that failed have no rows; nor have markets that not all points have, or
        those points would count for more.

    Raises
    ------
    InputError
        The store kept no stages, and its runs are of a theory of somebody's own that nobody here has named
        (`sim.read_theory`): it is not run unasked.
    """
    made = store.experiment
    done = store.runs[(store.runs["status"] == "done") & store.runs["seed"].isin(made.markets[: made.fewest])]
    keys = list(done[["point", "arm", "seed"]].itertuples(index=False, name=None))
    kept = _kept(store) if "stage" in made.series else None
    several = made.base.own_theory or any(made.theories)

    @cache
    def theory_of(point: int, arm: str) -> str:
        lived = made.scenario(point, arm) if several else made.base
        return str(lived.own_theory or lived.lives_by)

    def one(point: int, arm: str, seed: int, broke) -> Lived:
        names = {"experiment": made.title, "point": int(point), "arm": str(arm), "seed": int(seed)}
        names["theory"] = theory_of(int(point), str(arm))
        if kept is not None:
            out = not pd.isna(broke)
            days = int(broke) + 1 if out else made.base.days
            return Lived(names, kept.get((point, arm, seed), []), days, out)
        from sim.run import run

        each = run(made.in_market(Work(int(seed), int(point), str(arm))), int(seed))
        return Lived(names, _stages(each), each.days, each.broke is not None)

    work = [lambda k=key, b=broke: one(*k, b) for key, broke in zip(keys, done["broke"], strict=True)]
    found = Survival(at_once(work, 1 if kept is not None else threads, progress), None, made.base.days)
    found.made = made_by(lived=[made.base, *made.theories])
    return found


def _kept(store) -> dict[tuple, list[int]]:
    """The quarterly stages that a store kept, run by run."""
    series = store.series
    by_run = series.groupby(["point", "arm", "seed"], sort=False, observed=True)["stage"]
    return {key: [int(stage) for stage in values] for key, values in by_run}
