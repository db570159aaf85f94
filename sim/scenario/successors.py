"""Numbers of a former edition that are others now: what a value of theirs is today, and what means another thing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from sim.scenario.schema import NUMBERS

FORMER = {  # defaults of the first edition, for what a file of it does not say
    "practices.informal": 0.58,
    "practices.share_help": 0.32,
    "practices.share_plan": 0.43,
    "practices.share_visit": 0.003,
}
DIGITS = 4  # of a number that is reckoned here


class Conversion(NamedTuple):
    """Numbers that went together, and how their values are said now.

    of       the numbers that went; where an experiment varies the first of them, its successors are varied
    now      from their values (those of `FORMER` where a file says none) to today's numbers, by full name, of one group
    why      a sentence behind what was rewritten
    """

    of: tuple[str, ...]
    now: Callable[[Mapping[str, float]], dict[str, float]]
    why: str


def unasked(told: Mapping[str, float]) -> dict[str, float]:
    """Help, planning and looks at figures that nobody decrees, in proportion to what the first edition's defaults made.

    >>> unasked(FORMER | {"practices.informal": 0.29})["practices.unasked_plan"]
    0.14
    """
    before, given = _parts(FORMER), _parts(FORMER | dict(told))
    return {name: _within(name, NUMBERS[name].default * given[name] / before[name]) for name in before}


def _parts(told: Mapping[str, float]) -> dict[str, float]:
    """How often a day each kind of unasked work began under the first edition."""
    work, helped, planned, stayed = (told[name] for name in FORMER)
    rest = work * (1.0 - helped)
    return {
        "practices.unasked_help": work * helped,
        "practices.unasked_plan": rest * planned,
        "practices.unasked_review": rest * max(1.0 - planned - stayed, 0.0),
    }


def screen(told: Mapping[str, float]) -> dict[str, float]:
    """How readily people work together by telephone alone: fully where access did not matter, else not known.

    >>> screen({"practices.access_power": 0}), screen({"practices.access_power": 0.6})
    ({'practices.screen': 1.0}, {})
    """
    return {"practices.screen": 1.0} if told["practices.access_power"] == 0 else {}


def _within(name: str, value: float) -> float:
    number = NUMBERS[name]
    return float(f"{min(max(value, number.low), number.high):.{DIGITS}g}")


CONVERSIONS = (
    Conversion(
        tuple(FORMER), unasked, "unasked work has a rate for each kind now, here in proportion to the former one"
    ),
    Conversion(
        ("practices.access_power",), screen, "where access did not matter, work by telephone is as ready as any"
    ),
)
CHANGED = {  # the same name, another meaning: no value of theirs can be rewritten
    "communication.cost_hours": "was the length of a talk and is the price before it; communication.talk_hours is the "
    "length",
    "market.answer_decay": "was what a late answer takes from readiness and is how fast inquirers go to a rival",
    "market.answer_floor": "was readiness left after any wait and is the share of inquirers who wait however long",
    "selling.late": "was readiness lost for each load and is days of delay for each load",
}
