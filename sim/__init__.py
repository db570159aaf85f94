"""Baton: how Marketing and Sales work together, drift apart, and what that does to revenue.

    import sim

    today = sim.read("silo")
    run = sim.run(today, seed=12)
    print(run.summary())
    print(sim.compare(today, today.but(liaison__count=1), seeds=30).summary())

Everything is loaded when it is first asked for, so that `import sim` costs nothing.
"""

from __future__ import annotations

import functools
import importlib
import sys
import types

_HOMES = {
    "read": "sim.scenario",
    "shipped": "sim.scenario",
    "Scenario": "sim.scenario",
    "Change": "sim.scenario",
    "run": "sim.run",
    "load": "sim.run",
    "Run": "sim.run",
    "best": "sim.study.best",
    "Best": "sim.study.best",
    "compare": "sim.study.compare",
    "Comparison": "sim.study.compare",
    "explain": "sim.study.explain.explain",
    "Explanation": "sim.study.explain.explanation",
    "many": "sim.study.many",
    "outcome": "sim.result.own_outcomes",
    "read_outcomes": "sim.result.own_outcomes",
    "read_experiment": "sim.study.experiments.experiment",
    "shipped_experiments": "sim.study.experiments.experiment",
    "Experiment": "sim.study.experiments.experiment",
    "Factor": "sim.study.experiments.factors",
    "sweep": "sim.study.sweep.sweep",
    "sweep_on_cluster": "sim.study.sweep.cluster",
    "add_outcomes": "sim.study.sweep.relive",
    "write_bundle": "sim.study.bundle",
    "check_bundle": "sim.study.bundle",
    "merge": "sim.study.sweep.growing",
    "grow": "sim.study.sweep.growing",
    "open_store": "sim.study.store.store",
    "Store": "sim.study.store.store",
    "sensitivity": "sim.study.sensitivity.sensitivity",
    "discover": "sim.study.sensitivity.discovery",
    "how_many": "sim.study.sensitivity.how_many",
    "another_day": "sim.model.another_day",
    "read_theory": "sim.scenario.own_theory",
    "which_theory": "sim.study.experiments.factors",
    "tournament": "sim.study.tournament",
    "validate": "sim.study.validation.validate",
    "futures": "sim.study.futures",
    "Futures": "sim.study.futures",
    "reach": "sim.study.reach.reach",
    "Reach": "sim.study.reach.answer",
    "salib_problem": "sim.study.adapters",
    "ema_model": "sim.study.adapters",
    "optuna_objective": "sim.study.adapters",
    "brief": "sim.study.briefing",
    "survival": "sim.study.tables.survival",
    "Survival": "sim.study.tables.survival",
    "Stage": "sim.model.firm",
    "numbers": "sim.model.theory",
    "FirmModel": "sim.agents",
    "Organization": "sim.model.network",
    "OrganizationSource": "sim.intake",
    "read_organization": "sim.intake",
    "InputError": "sim.errors",
}
USUAL_MARKET = 10  # where none is named: near the default firm's median revenue (market 0 is the luckiest of sixty)
MOST_MARKETS = 1_000_000  # in one question
__all__ = [*_HOMES, "USUAL_MARKET", "__version__"]


class _Sim(types.ModuleType):
    """The package. Its name `run` means the function, though a file of that name holds it."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name == "run" and isinstance(value, types.ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Sim


def __getattr__(name: str):
    if name == "__version__":
        return _version()
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


@functools.cache
def _version() -> str:
    """The version of the installed package (`0+checkout` if it is run without being installed)."""
    from importlib import metadata

    try:
        return metadata.version("baton-sim")
    except metadata.PackageNotFoundError:
        return "0+checkout"
