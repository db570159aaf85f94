"""Days as bytes, for whoever draws them: a watcher of a simulation asks the rules for each day's frame.

What a frame holds is told by rules (`sim.model.showing`): a row of the head, and of each other part as many rows as the
head says, one part after the other. Where each column lies is said by `wasm_layout.frames`, and read by it in
static/common/decode.js.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sim.model import firm as tables
from sim.model.drive import Simulation
from sim.model.firm import Firm
from sim.model.memory import widened
from sim.model.showing import frame, watch
from sim.model.showing.watch import ALONE, PARTS, WAS_MARKETER, Watch


class Watcher:
    """Who watches a simulation from day to day.

    per_dot    leads that one drawn lead stands for
    per_desk   people that one desk stands for
    """

    def __init__(self, simulation: Simulation, per_dot: int, per_desk: int):
        self._of = simulation
        self._kept = Watch(*(tables.empty(1, kind) for kind in watch.KEPT.values()))
        self._write(simulation.firm, lambda firm, kept: frame.begin(firm, kept, per_dot, per_desk))

    def first(self, ahead: Simulation | None = None) -> bytes:
        """The frame of a state that nobody watched coming about: all desks and leads are told.

        ahead   the state as today's changes make it, whose desks are told
        """
        numbers, day = self._of.numbers, int(self._of.day)
        self._write(self._of.firm, lambda firm, kept: frame.show_state(firm, numbers, kept, day))
        self._write((ahead or self._of).firm, frame.show_desks)
        return self._bytes()

    def day(self) -> bytes:
        """The frame of the day just lived; none may be left out."""
        numbers, day = self._of.numbers, int(self._of.day)
        self._write(self._of.firm, lambda firm, kept: frame.show_day(firm, numbers, kept, day))
        return self._bytes()

    def desks(self, ahead: Simulation | None = None) -> list[dict[str, Any]]:
        """Every desk where somebody works, in the state as it is or as today's changes make it."""
        simulation = ahead or self._of
        self._write(simulation.firm, frame.show_desks)
        rows = self._kept.desks[: int(self._kept.head["n_desks"][0])]
        return [desk_told(desk, simulation.names) for desk in rows]

    def _write(self, firm: Firm, rule: Callable[[Firm, Watch], int]) -> None:
        """Let a rule write into the watch. Where there is too little room it does nothing, and room is made."""
        if rule(firm, self._kept):
            wanted = np.zeros(len(self._kept), np.int64)
            watch.tell_room(firm, self._kept, wanted)
            wider = [rows if len(rows) >= n else widened(rows, max(2 * len(rows), n))
                     for rows, n in zip(self._kept, wanted.tolist(), strict=True)]  # fmt: skip
            self._kept = Watch(*wider)
            rule(firm, self._kept)

    def _bytes(self) -> bytes:
        head, *parts = (getattr(self._kept, name) for name in PARTS)
        rows = [part[:n] for part, n in zip(parts, _rows_of(head[0]), strict=True)]
        return b"".join(each.tobytes() for each in (head, *rows))


def _rows_of(head: np.void) -> list[int]:
    """How many rows of each other part a frame has."""
    return [int(head[f"n_{name}"]) for name in PARTS if name != "head"]


def desk_told(desk: np.void, names: tuple[str, ...]) -> dict[str, Any]:
    """A desk as plain data, with the name of who sits there alone."""
    bits, row = int(desk["bits"]), int(desk["row"])
    return {
        "id": int(desk["id"]), "k": watch.KINDS[desk["kind"]], "n": int(desk["n"]), "row": row,
        "place": int(desk["place"]), "name": names[row] if bits & ALONE else "",
        "from": "m" if bits & WAS_MARKETER else "",
    }  # fmt: skip


def read(raw: bytes, at: int = 0) -> tuple[dict[str, np.ndarray], int]:
    """The parts of a frame as rows, and where the next frame begins."""
    head = np.frombuffer(raw, PARTS["head"], 1, at)
    found, at = {"head": head}, at + head.nbytes
    for (name, kind), n in zip(list(PARTS.items())[1:], _rows_of(head[0]), strict=True):
        found[name] = np.frombuffer(raw, kind, n, at)
        at += found[name].nbytes
    return found, at
