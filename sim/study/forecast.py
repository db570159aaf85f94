"""What an experiment will take before it is run: time from a few runs, size from their rows."""

from __future__ import annotations

import os
import time
from typing import NamedTuple

from sim.model import warm
from sim.study.experiments.experiment import Experiment
from sim.study.store.parts import bytes_of
from sim.study.sweep.sweep import run_one

ENOUGH = 3.0  # seconds of measuring
PLACES = (0.0, 1.0, 0.5, 0.25, 0.75)  # of the design, from first to last point
SECOND_THREAD = 0.9  # what each further thread adds


class Forecast(NamedTuple):
    """Seconds, bytes, and what they rest on."""

    seconds: float
    seconds_a_run: float
    bytes_on_disk: int
    measured: str


def forecast(experiment: Experiment, threads: int) -> Forecast:
    """Time and size of all runs, from up to five runs across the design."""
    warm.prepare(experiment.n_runs)
    taken, n = [], experiment.n_runs
    begun = time.perf_counter()
    for place in dict.fromkeys(int(share * (experiment.n_points * len(experiment.arms) - 1)) for share in PLACES):
        started = time.perf_counter()
        run_one(experiment, experiment.run_at(place))
        taken.append(time.perf_counter() - started)
        if time.perf_counter() - begun > ENOUGH:
            break
    each = sorted(taken)[len(taken) // 2]
    together = 1.0 + SECOND_THREAD * (min(threads, os.cpu_count() or 1) - 1)
    said = f"measured on {len(taken)} run{'s' if len(taken) > 1 else ''}"
    return Forecast(n * each / together, each, bytes_of(experiment), said)
