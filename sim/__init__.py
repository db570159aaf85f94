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
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the same names for type checkers and editors; tests/test_face.py holds the two to each other
    from sim.agents import FirmModel as FirmModel
    from sim.errors import InputError as InputError
    from sim.intake import OrganizationSource as OrganizationSource
    from sim.intake import read_organization as read_organization
    from sim.model.another_day import another_day as another_day
    from sim.model.firm import Stage as Stage
    from sim.model.network import Organization as Organization
    from sim.model.theory import numbers as numbers
    from sim.result.own_outcomes import outcome as outcome
    from sim.result.own_outcomes import read_outcomes as read_outcomes
    from sim.run import Run as Run
    from sim.run import load as load
    from sim.run import run as run
    from sim.scenario import Change as Change
    from sim.scenario import Scenario as Scenario
    from sim.scenario import read as read
    from sim.scenario import shipped as shipped
    from sim.scenario.own_theory import read_theory as read_theory
    from sim.study.adapters import ema_model as ema_model
    from sim.study.adapters import optuna_objective as optuna_objective
    from sim.study.adapters import salib_problem as salib_problem
    from sim.study.best import Best as Best
    from sim.study.best import best as best
    from sim.study.briefing import brief as brief
    from sim.study.bundle import check_bundle as check_bundle
    from sim.study.bundle import write_bundle as write_bundle
    from sim.study.compare import Comparison as Comparison
    from sim.study.compare import compare as compare
    from sim.study.experiments.experiment import Experiment as Experiment
    from sim.study.experiments.experiment import read_experiment as read_experiment
    from sim.study.experiments.experiment import shipped_experiments as shipped_experiments
    from sim.study.experiments.factors import Factor as Factor
    from sim.study.experiments.factors import which_theory as which_theory
    from sim.study.explain.explain import explain as explain
    from sim.study.explain.explanation import Explanation as Explanation
    from sim.study.futures import Futures as Futures
    from sim.study.futures import futures as futures
    from sim.study.many import many as many
    from sim.study.reach.answer import Reach as Reach
    from sim.study.reach.reach import reach as reach
    from sim.study.sensitivity.discovery import discover as discover
    from sim.study.sensitivity.how_many import how_many as how_many
    from sim.study.sensitivity.sensitivity import sensitivity as sensitivity
    from sim.study.store.store import Store as Store
    from sim.study.store.store import open_store as open_store
    from sim.study.sweep.cluster import sweep_on_cluster as sweep_on_cluster
    from sim.study.sweep.growing import grow as grow
    from sim.study.sweep.growing import merge as merge
    from sim.study.sweep.relive import add_outcomes as add_outcomes
    from sim.study.sweep.sweep import sweep as sweep
    from sim.study.tables.survival import Survival as Survival
    from sim.study.tables.survival import survival as survival
    from sim.study.tournament import tournament as tournament
    from sim.study.validation.validate import validate as validate

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
