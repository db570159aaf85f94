"""When a firm came to each stage and when it left it again: rows of survival data from the stages it went through.

A firm's stage is read once a quarter, so an entry is dated at the end of the
quarter in which the stage first counted (which takes two quarters in its
band; the very first audit counts at once). When within the quarter it came
nobody saw: the true time lies after `after` and not after `time`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sim.model.firm import QUARTER, Stage

STAGES = tuple(int(stage) for stage in Stage)
HORIZON, OUT_OF_CASH = "horizon", "out of cash"
COLUMNS = {  # name -> unit, meaning
    "scenario": ("", "what was run"),
    "seed": ("", "the market"),
    "stage": ("1..4", "I undefined, II defined, III aligned, IV integrated"),
    "stage_name": ("", "the same in a word"),
    "time": ("days", "working days until the stage first counted, or until nobody looked any more"),
    "after": ("days", "the audit before, at which the stage did not count yet; of the censored the last audit"),
    "event": ("0/1", "1: the stage was reached; 0: censored"),
    "reason": ("", "entered, passed over, or why it is censored: horizon, out of cash"),
    "from_start": ("0/1", "1: the stage of the very first audit, so the true time is at most this (left-censored)"),
    "stay": ("days", "working days from entry to leaving, or as long as it was seen to last; empty if never reached"),
    "left": ("0/1", "1: the stage was left again; 0: censored; empty if never reached"),
    "left_reason": ("", "up, down, or why it is censored: horizon, out of cash; empty if never reached"),
    "theory": ("", "by which theory it lived, with the hash of its file; baton: the model's own day"),
}
POINT = {  # what a store's rows have besides
    "experiment": ("", "title of the experiment"),
    "point": ("", "number of the point in the design"),
    "arm": ("", "base, or the name of what is compared with it"),
}


class Lived(NamedTuple):
    """The stages one firm went through: `stages` by quarter, `days` lived, and whether the cash ran out."""

    keys: dict[str, object]
    stages: Sequence[int]
    days: int
    broke: bool


def rows_of(lived: Lived) -> list[dict]:
    """Four rows, one a stage: time to it and time in it, with what is censored and why."""
    return [lived.keys | _row(lived, stage) for stage in STAGES]


def _row(lived: Lived, stage: int) -> dict:
    stages, end = lived.stages, OUT_OF_CASH if lived.broke else HORIZON
    head = {"stage": stage, "stage_name": Stage(stage).name.lower()}
    entry, passed = _entry(stages, stage)
    if entry is None:
        return head | {"time": lived.days, "after": len(stages) * QUARTER, "event": 0, "reason": end, "from_start": 0,
                       "stay": None, "left": None, "left_reason": None}  # fmt: skip
    time = (entry + 1) * QUARTER
    said = {
        "time": time,
        "after": time - QUARTER,
        "event": 1,
        "reason": "passed over" if passed else "entered",
        "from_start": int(entry == 0),
    }
    later = entry if passed else next((q for q in range(entry, len(stages)) if stages[q] != stage), None)
    if later is None:
        return head | said | {"stay": lived.days - time, "left": 0, "left_reason": end}
    way = "up" if stages[later] > stage else "down"
    return head | said | {"stay": (later - entry) * QUARTER, "left": 1, "left_reason": way}


def _entry(stages: Sequence[int], stage: int) -> tuple[int | None, bool]:
    """The first quarter in which a stage counted, or was passed over on the way to another one."""
    for q, now in enumerate(stages):
        if now == stage:
            return q, False
        if q and min(stages[q - 1], now) < stage < max(stages[q - 1], now):
            return q, True
    return None, False
