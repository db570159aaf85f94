"""What a worker of a cluster does: see once that it fits, load the rules, and do the batches it is given."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from typing import NamedTuple

from sim.errors import InputError
from sim.files.provenance import made_by
from sim.model import warm, wasm
from sim.study.experiments.experiment import Experiment, Work
from sim.study.sweep.sweep import lived


class Refusal(NamedTuple):
    """What a worker answers that cannot do the work: why, in a sentence."""

    sentence: str


def refused(answer: object) -> str:
    """Why a worker cannot take part; nothing if it can, or if it has died meanwhile and may come again."""
    if isinstance(answer, Refusal):
        return answer.sentence
    if isinstance(answer, ImportError | AttributeError):  # another version, or none
        return f"cannot load this Baton ({type(answer).__name__}: {answer}); install the same version there"
    return ""


async def ready_soon(expected: dict[str, str], experiment: Experiment) -> Refusal | None:
    """`ready` in a thread, so that a worker goes on answering its scheduler while it compiles."""
    return await asyncio.to_thread(ready, expected, experiment)


_ready, _checking = False, threading.Lock()


def ready(expected: dict[str, str], experiment: Experiment) -> Refusal | None:
    """On a worker, once in its life: the same versions? the scenario's files? Then load the compiled rules."""
    global _ready
    with _checking:
        if _ready:
            return None
        here = made_by()
        other = [f"{name} {here.get(name)} (and {said} where the sweep began)"
                 for name, said in expected.items() if here.get(name) != said]  # fmt: skip
        if other:
            return Refusal(f"has another {', another '.join(other)}; install the same there, or leave it out")
        try:
            experiment.base.load_organization()
        except InputError as fault:
            return Refusal(f"cannot read the scenario's own files: {'; '.join(fault.problems)}")
        warm.prepare(wasm.MANY)
        lived(experiment.base.but(days=1, changes=()), 0)
        _ready = True
    return None


def work_off(expected: dict[str, str], experiment: Experiment, work: Sequence[Work], do) -> list[dict] | Refusal:
    """A batch, on a worker."""
    return ready(expected, experiment) or do(experiment, work)
