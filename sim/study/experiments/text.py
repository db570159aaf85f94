"""An experiment as a file says it, for one that was made or changed in Python."""

from __future__ import annotations

from typing import Any

from sim.scenario.schema import in_words
from sim.scenario.toml_text import quoted, written
from sim.study.experiments.experiment import BASE, Experiment
from sim.study.experiments.factors import Factor


def to_toml(experiment: Experiment, base: str = "base.toml") -> str:
    """A text that reads back to an equal experiment; `base` is where the reader finds the scenario."""
    sample, markets = experiment.sample, experiment.markets
    run_on = markets == tuple(range(markets[0], markets[0] + len(markets)))
    chosen = {"method": sample.method}
    if sample.points:
        chosen |= {"points": sample.points, "seed": sample.seed}
    if sample.method == "saltelli":
        chosen |= {"second_order": sample.second_order}
    if sample.method == "points":
        chosen |= {"file": sample.file or "points.csv"}
    tables: dict[str, dict[str, Any]] = {
        "levers": {f.name: _given(f) for f in experiment.factors if f.kind == "lever"},
        "uncertainties": {f.name: _given(f) for f in experiment.factors if f.kind == "uncertainty"},
        "outcomes": {"names": experiment.outcomes, "series": experiment.series},
        "sample": chosen,
        "replications": {"markets": len(markets), "first": markets[0]} if run_on else {"markets": markets},
        "compare": {arm: {name: in_words(name, value) for name, value in levers.items()}
                    for arm, levers in experiment.arms.items() if arm != BASE},
    }  # fmt: skip
    face = {"title": experiment.title, "claim": experiment.claim, "base": base, "days": experiment.base.days}
    lines = [f"{key} = {_written(value)}" for key, value in face.items()]
    for table, values in tables.items():
        if values:
            lines += ["", f"[{table}]", *(f"{quoted(key)} = {_written(value)}" for key, value in values.items())]
    return "\n".join(lines) + "\n"


def _given(factor: Factor) -> Any:
    if factor.values:
        return factor.values
    more = ({"scale": factor.scale} if factor.scale != "linear" else {}) | (
        {"levels": factor.levels} if factor.levels else {}
    )
    return {"low": factor.low, "high": factor.high, **more}


def _written(value: Any) -> str:
    """A value as TOML, which says true and false in small letters."""
    return ("false", "true")[value] if isinstance(value, bool) else written(value)
