"""An experiment as a file says it, for one that was made or changed in Python."""

from __future__ import annotations

from typing import Any

from sim.files.toml_written import toml_text
from sim.scenario.own_theory import MODEL
from sim.scenario.schema import in_words
from sim.study.experiments.experiment import BASE, OWN_FILE, Experiment
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
        "outcomes": {"names": experiment.outcomes, "series": experiment.series} | experiment.tables | _own(experiment),
        "sample": chosen,
        "replications": ({"markets": len(markets), "first": markets[0]} if run_on else {"markets": markets})
        | ({"doubt": True} if experiment.doubt else {})
        | ({"each": list(experiment.each)} if experiment.each else {}),
        "compare": {arm: {name: in_words(name, value) for name, value in levers.items()}
                    for arm, levers in experiment.arms.items() if arm != BASE},
    }  # fmt: skip
    if experiment.theories:
        tables["theories"] = [each.table() if each else {"name": MODEL} for each in experiment.theories]  # type: ignore
    face = {"title": experiment.title, "claim": experiment.claim, "base": base, "days": experiment.base.days}
    face |= {"constraints": list(experiment.constraints)} if experiment.constraints else {}
    text = toml_text(face)
    for title, kind in (("levers", "lever"), ("uncertainties", "uncertainty")):
        lines = [_line(factor) for factor in experiment.factors if factor.kind == kind and not factor.theories]
        text += f"\n[{title}]\n{''.join(lines)}" if lines else ""
    return f"{text}\n{toml_text({name: values for name, values in tables.items() if values})}"


def _own(experiment: Experiment) -> dict[str, Any]:
    """Where the source of the user's own outcomes is kept, and what it declares."""
    if not experiment.own:
        return {}
    own = {each.name: {"unit": each.unit, "meaning": each.meaning, "digest": each.digest} for each in experiment.own}
    return {"file": OWN_FILE, "own": own}


def _line(factor: Factor) -> str:
    """A factor; ranges in a line, or they would stand behind all lists: the order of factors is part of the design."""
    given = _given(factor)
    if not isinstance(given, dict):
        return toml_text({factor.name: given})
    inner = ", ".join(toml_text({key: value}).strip() for key, value in given.items())
    return f'"{factor.name}" = {{ {inner} }}\n'


def _given(factor: Factor) -> Any:
    own = {key: said for key, said in (("where", factor.where), ("group", factor.group)) if said}
    if factor.values:
        return {"values": factor.values, **own} if own else factor.values
    more = ({"scale": factor.scale} if factor.scale != "linear" else {}) | (
        {"levels": factor.levels} if factor.levels else {}
    )
    return {"low": factor.low, "high": factor.high, **more, **own}
