"""More outcomes of an old store: runs are deterministic, so they are lived again and must come to the same end."""

from __future__ import annotations

import os
from collections.abc import Sequence

import numpy as np

from sim.errors import InputError
from sim.result.outcomes import checked
from sim.result.own_outcomes import declare
from sim.study.experiments.experiment import Experiment
from sim.study.store.new import THE_RULES, other_versions
from sim.study.store.store import Store, open_store
from sim.study.sweep.sweep import Progress, sweep


def with_more(store: Store, outcomes: Sequence[str]) -> Experiment:
    """The experiment of a store with more outcomes to keep.

    Outcomes of the user's own that the store keeps already are declared by the
    source in it, which is run.

    Raises
    ------
    InputError
        An outcome that is none or is kept already, or a store that other rules made:
        its runs would come to another end.
    """
    asked = store.experiment
    declare(asked.own)
    faults = [f"{name}: the store keeps it already" for name in outcomes if name in asked.outcomes]
    faults += [f"{store.folder}: was made by {was}, and these are {now}: its runs would come to another end"
               for was, now in other_versions(store.folder) if was.startswith(THE_RULES)]  # fmt: skip
    if faults:
        raise InputError(faults)
    more = checked(outcomes)
    return asked.but(outcomes=(*asked.outcomes, *more), own=())


def add_outcomes(
    store: Store | str | os.PathLike[str], outcomes: Sequence[str], folder: str | os.PathLike[str], threads: int = 2,
    progress: Progress | None = None,
) -> Store:  # fmt: skip
    """Live the runs of a store again into another folder, and keep more outcomes of them.

    Parameters
    ----------
    store : Store, or its folder
        Whole: every run is there.
    outcomes : list of str
        Names: Baton's, your own (`sim.outcome`), columns of the daily table.
    folder
        A new or empty folder, or one in which this was stopped.
    threads, progress
        As for `sim.sweep`, which raises what this raises.

    Returns
    -------
    Store
        Complete; every run has the diary's check sum that it had.

    Raises
    ------
    InputError
        See `with_more`; also where a run came to another end than in the old store.
    """
    store = open_store(store)
    if not store.is_complete:
        raise InputError(f"{store.folder}: is not complete; let its experiment go on first")
    found = sweep(with_more(store, outcomes), folder, threads, progress)
    check_same_ends(store, found)
    return found


def check_same_ends(store: Store, found: Store) -> None:
    """Raise InputError where a run came to another end than in the old store."""
    if wrong := unlike(store, found):
        raise InputError(f"{found.folder}: {wrong:,} of {len(store.runs):,} runs came to another end than in "
                         f"{store.folder}; do not use it beside that store")  # fmt: skip


def unlike(store: Store, found: Store) -> int:
    """How many runs of a store are not in another one, or have another market, last quarter or outcome there."""
    keys, same = ["seed", "point", "arm"], ["status", "market", "diary", *store.outcomes]
    both = store.runs[[*keys, *same]].merge(found.runs[[*keys, *same]], on=keys, suffixes=("", "_again"))
    equal = np.ones(len(both), bool)
    for name in same:
        one, other = both[name], both[f"{name}_again"]
        equal &= ((one == other) | (one.isna() & other.isna())).to_numpy(bool)
    return len(store.runs) - int(equal.sum())
