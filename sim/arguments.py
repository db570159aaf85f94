"""What Python code gives as a number, a market or several: Python's own and numpy's alike, and nothing else."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from itertools import islice
from typing import Any

from sim import MOST_MARKETS
from sim.errors import InputError

SEEDS = 2**63


def plain(value: Any) -> Any:
    """A number of numpy's as Python's own; anything else as it is.

    >>> import numpy as np
    >>> plain(np.int64(3)), plain(np.array(0.5)), plain("3")
    (3, 0.5, '3')
    """
    return value.item() if getattr(value, "ndim", None) == 0 and hasattr(value, "item") else value


def whole_if_it_can(value: Any) -> Any:
    """A whole number however it is written (3.0 is 3); anything else as it is, for whoever refuses it.

    >>> whole_if_it_can(3.0), whole_if_it_can(3.5), whole_if_it_can("3")
    (3, 3.5, '3')
    """
    value = plain(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value


def value_typed(text: str) -> int | float | str:
    """A value as somebody typed it: a number where it is one, else a word.

    >>> value_typed("3"), value_typed("0.5"), value_typed("near")
    (3, 0.5, 'near')
    """
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            pass
    return text


def whole(name: str, value: Any, least: int, most: int | None, wanted: str) -> int:
    """A whole number within bounds, or an InputError that says what is wanted.

    >>> whole("days", 65.0, 1, None, "days")
    65
    """
    found = whole_if_it_can(value)
    right = isinstance(found, int) and not isinstance(found, bool)
    if not right or found < least or (most is not None and found > most):
        raise InputError(f"{name} = {_shown(value)}: {wanted}")
    return found


def days_of(name: str, value: Any, least: int = 1) -> int:
    """A number of days."""
    return whole(name, value, least, None, f"give a whole number of days, at least {least}")


def seed_of(value: Any, name: str = "seed") -> int:
    """The number of a market."""
    return whole(name, value, 0, SEEDS - 1, "a market is a whole number from 0 to 2**63 - 1")


def markets(seeds: Any, first: int = 0, name: str = "seeds") -> list[int]:
    """The markets meant by a count (`first` and those after it), or the markets themselves.

    >>> markets(3), markets([7, 9]), markets(range(2, 4))
    ([0, 1, 2], [7, 9], [2, 3])
    """
    seeds = plain(seeds)
    if isinstance(seeds, int | float):
        most = f"{MOST_MARKETS:,}"
        count = whole(
            name, seeds, 1, MOST_MARKETS, f"give a count of at least 1 and at most {most}, or a list of markets"
        )
        return list(range(first, first + count))
    if isinstance(seeds, str | bytes | Mapping | set | frozenset) or not hasattr(seeds, "__iter__"):
        raise InputError(f"{name} = {_shown(seeds)}: give a count such as 30, or a list of markets such as [3, 7]")
    found = [seed_of(each, f"a market in {name}") for each in islice(seeds, MOST_MARKETS + 1)]
    if len(found) > MOST_MARKETS:
        raise InputError(f"{name}: give at most {MOST_MARKETS:,} markets")
    if not found:
        raise InputError(f"{name}: give at least one market")
    market, times = Counter(found).most_common(1)[0]
    if times > 1:
        raise InputError(f"{name}: give each market only once; {market} is there {times} times")
    return found


def path_of(value: Any, name: str, kind: str) -> str:
    """A path or a name as text, where a ready `kind` might stand too.

    >>> path_of("silo", "scenario", "sim.Scenario")
    'silo'
    """
    if isinstance(value, str | os.PathLike):
        return os.fspath(value)
    raise InputError(f"{name} = {_shown(value)}: give a name, the path of a file or folder, or a {kind}")


def threads_of(value: Any) -> int:
    """How many runs at a time."""
    return whole("threads", value, 1, None, "give a whole number, at least 1")


def _shown(value: Any) -> str:
    try:
        text = repr(value)
    except ValueError:  # whole numbers of more than 4,300 digits have no decimal text
        text = "a number of thousands of digits"
    return text if len(text) <= 60 else text[:57] + "..."
