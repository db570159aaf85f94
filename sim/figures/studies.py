"""What the pictures of studies tell about themselves: explanations, rankings, plans, counts of markets."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from matplotlib.figure import Figure

from sim.figures import imprint
from sim.figures.imprint import Series, scenario_record
from sim.files.folder import without_folders
from sim.files.provenance import made_by


def _tell(picture: Figure, **about) -> None:
    """Add to what the frame has said already (headline and detail)."""
    imprint.attach(picture, replace(imprint.of(picture), **about))


def tell_explanation(picture: Figure, explanation) -> None:
    """A waterfall: both totals and every bar with its interval."""
    table, unit = explanation.summary(), explanation.unit
    data = [Series.of("total", unit, "end", ("before", "after"), explanation.ends)]
    for column in ("mean", "low", "high"):
        name = f"{explanation.metric} by {explanation.by}, {column}"
        data.append(Series.of(name, unit, "bar", table.index, table[column]))
    _tell(
        picture, figure="waterfall", seeds=tuple(explanation.seeds),
        scenarios=tuple(scenario_record(each) for each in explanation.scenarios),
        options={"metric": explanation.metric, "by": explanation.by}, data=tuple(data),
        made=imprint.made_of(explanation),
    )  # fmt: skip


def tell_sensitivity(picture: Figure, found, store: str = "") -> None:
    """A ranking: every number of its table, and which sweep it was read from, where that is known."""
    table, made = found.df.select_dtypes(np.number), found.experiment
    base = getattr(made, "base", None)
    options = {"metric": found.outcome, "method": found.method, "experiment": getattr(made, "hash", "")}
    _tell(
        picture, figure="sensitivity", seeds=tuple(getattr(made, "markets", ())),
        scenarios=() if base is None else (scenario_record(base),),
        options=options | ({"store": without_folders(str(store))} if store else {}), made=imprint.made_of(found),
        data=tuple(Series.of(column, "", "factor", table.index, table[column]) for column in table),
    )  # fmt: skip


def tell_count(picture: Figure, found) -> None:
    """How many markets are enough: the running mean and its half interval."""
    run = found.running
    data = tuple(Series.of(name, found.unit, "markets", run["markets"], run[name]) for name in ("mean", "half"))
    _tell(picture, figure="how_many", options={"metric": found.outcome}, data=data, made=imprint.made_of(found))


def tell_corners(picture: Figure, found) -> None:
    """Corners of the space: how the boxes do on the way."""
    way = found.trade_off
    data = tuple(Series.of(name, "0..1", "step", range(len(way)), way[name]) for name in ("coverage", "density"))
    _tell(picture, figure="discovery", options={"metric": found.condition}, data=data, made=imprint.made_of(found))


def tell_plans(picture: Figure, result) -> None:
    """Plans: the share of markets that have come to the stage, by quarter, as it is and under each."""
    lines = [("as it is", result.baseline), *((plan.name, plan.lives) for plan in result.shown if plan.actions)]
    data = []
    for name, lives in lines:
        if lives:
            share = result.share_by_quarter(lives)
            data.append(Series.of(name, "0..1", "quarter", range(1, len(share) + 1), share))
    _tell(
        picture, figure="reach", scenarios=(scenario_record(result.as_is),), seeds=tuple(result.markets),
        options={"stage": result.stage.name.lower(), "days": result.days, "chance": result.chance}, data=tuple(data),
        made=made_by(lived=[result.as_is]),
    )  # fmt: skip
