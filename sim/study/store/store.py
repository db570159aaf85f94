"""What a sweep has found, read from its folder: one row a run, one long table, the points with their means."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Iterable
from functools import cached_property, partial
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

import sim
from sim.arguments import path_of
from sim.errors import InputError, nearest
from sim.files.parquet import frame_in, table_in
from sim.files.provenance import other_rules
from sim.files.sums import AGAIN, SUMS, Damaged, read_sums, sound, tell_foreign, tell_unsummed
from sim.scenario.own_theory import MODEL, read_theory
from sim.scenario.schema import UPGRADES
from sim.study.experiments.experiment import BASE, OWN_FILE, Experiment, Factor, Work
from sim.study.store.journal import FOLDER, read_journals
from sim.study.store.parts import (
    FORMAT,
    UNSUMMED,
    block_with,
    blocks,
    files_of,
    lost,
    numbers_in,
    part_name,
    parts_in,
    run_frame,
    series_frame,
)
from sim.study.store.series import KINDS

ABOUT = "store.toml"
AGAIN_ONLY = f"{AGAIN} does these runs again, and no others"


def open_store(folder: Store | str | os.PathLike[str]) -> Store:
    """A sweep's folder, finished or not; nothing is written.

    Parameters
    ----------
    folder
        What `sim.sweep` or `baton experiment FILE -o FOLDER` wrote. A Store is given back as it is.

    Returns
    -------
    Store

    Raises
    ------
    InputError
        It is no store, or one of another format.
    """
    return folder if isinstance(folder, Store) else Store(Path(path_of(folder, "store", "sim.Store")))


def name_theories(store: Store, given: Iterable[str | os.PathLike[str]]) -> None:
    """Let theories of a store be run where its runs are lived again: those whose files somebody names.

    Raises
    ------
    InputError
        A file that is none, or of another hash than the store's theories.
    """
    lived = {each.digest: each for each in (store.experiment.base.own_theory, *store.experiment.theories) if each}
    by = f"its runs were lived by {', '.join(map(str, lived.values())) or MODEL}"
    faults = [f"{store.folder}: {by}, and {named} is another theory"
              for named in map(read_theory, given) if named is not None and named.digest not in lived]  # fmt: skip
    if faults:
        raise InputError(faults)


def about_store(folder: Path) -> dict:
    """What `store.toml` says, or an InputError that says why it cannot be used."""
    if not (folder / ABOUT).exists() and not (folder / SUMS).exists():
        raise InputError(f"{folder}: is no store of an experiment ({ABOUT} is missing)")
    raw = sound(folder, ABOUT, read_sums(folder) if (folder / SUMS).exists() else None)
    try:
        about = tomllib.loads(raw.decode("utf-8"))
        written = about["store"]["format"]
    except (ValueError, KeyError, TypeError) as fault:
        raise InputError(f"{folder / ABOUT}: cannot be read ({fault})") from None
    if written not in (FORMAT, UNSUMMED):
        by = about.get("versions", {}).get("baton", "another version")
        here = f"this is Baton {sim.__version__}, which reads format {FORMAT}"
        raise InputError(f"{folder}: is a store of format {written}, written by Baton {by}; {here}")
    return about


def _in_order(frame: pd.DataFrame, keys: list[str]) -> bool:
    """Whether no row comes before the one above it."""
    after, alike = np.zeros(max(len(frame) - 1, 0), bool), True
    for name in keys:
        values = frame[name].cat.codes.to_numpy() if name == "arm" else frame[name].to_numpy()
        after |= alike & (values[1:] > values[:-1])
        alike = alike & (values[1:] == values[:-1])
    return bool((after | alike).all())


class Store:
    """The results of an experiment.

    Attributes
    ----------
    folder, experiment, about
        Where it lies, what was asked, and hashes and versions.
    design : DataFrame
        The points: index `point`, one column a factor.
    runs : DataFrame
        One row a run that is done, sorted by seed, point and arm: seed, point,
        arm, status ("done" or "failed"), reason, market, diary, broke, and one
        column an outcome (NaN where the run failed).
    series, by_day, by_person : DataFrame
        One row a run and quarter, day, or seat at the end, for the columns that were kept of them.
    """

    def __init__(self, folder: Path):
        self.folder = folder
        self.about = about_store(folder)
        self.experiment = self._experiment()
        self._look_around()

    def _experiment(self) -> Experiment:
        from sim.scenario.toml_file import carried
        from sim.study.experiments.file import parse

        folder, sums = self.folder, self._sums()
        base_, points_, toml = (
            sound(folder, name, sums) for name in ("base.toml", "design.parquet", "experiment.toml")
        )
        try:
            base = carried(base_.decode("utf-8"), folder / "base.toml")
            points = frame_in(points_).set_index("point")
            own = sound(folder, OWN_FILE, sums).decode("utf-8") if OWN_FILE in (sums or {}) else ""
            return parse(toml.decode("utf-8"), folder / "experiment.toml", base, points,
                         self.about["store"]["experiment"], own)  # fmt: skip
        except InputError as fault:
            made = self.about["versions"]
            why = other_rules(folder, made) or f"{folder}: was written by Baton {made['baton']} and cannot be read"
            raise InputError([why, *(each.replace(UPGRADES, "") for each in fault.problems)]) from None
        except (OSError, ValueError, KeyError) as fault:
            raise InputError(f"{folder}: is a damaged store ({fault})") from None

    def _sums(self) -> dict[str, str] | None:
        """The check sums of the files, as they are now; None for a store of the format without."""
        return read_sums(self.folder) if self.about["store"]["format"] != UNSUMMED else None

    def _look_around(self) -> None:
        """Tell of files that are not ours, or of check sums that there are not; refuse a store that has lost a file."""
        sums = self._sums()
        if sums is None:
            tell_unsummed(self.folder)
            return
        sound(self.folder, "columns.csv", sums)
        for block in parts_in(self.folder, self.experiment, sums):
            for name in files_of(self.experiment, block):
                if not (self.folder / name).exists():
                    raise Damaged(self.folder, name, f"is missing{lost(self.experiment, block)}", AGAIN_ONLY)
        tell_foreign(self.folder, [SUMS, FOLDER, "parts", *KINDS, *sums], (self.folder / FOLDER).exists())

    @property
    def design(self) -> pd.DataFrame:
        return self.experiment.design()

    @property
    def factors(self) -> tuple[Factor, ...]:
        """What was varied."""
        return self.experiment.factors

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Names of the outcomes that were kept."""
        return self.experiment.outcomes

    @property
    def units(self) -> dict[str, str]:
        """The unit of each outcome that was kept."""
        return {name: about.unit for name, about in self.experiment.kept.items()}

    def _found(self) -> tuple[list[int], dict[int, tuple]]:
        """Which parts there are, and the runs that are journalled only, by number."""
        journalled = read_journals(self.folder)  # first: what becomes a part meanwhile is then in both, not in none
        whole = parts_in(self.folder, self.experiment, self._sums())
        known, runs = set(whole), range(self.experiment.n_runs)
        return whole, {n: row for n, row in journalled.items() if block_with(n) not in known and n in runs}

    def _table(self, kind: str, frame: Callable[[Experiment, dict], pa.Table]) -> pa.Table:
        whole, extra = self._found()
        tables, sums = [], self._sums()
        for block in whole:
            name = part_name(kind, block)
            raw = sound(self.folder, name, sums, lost(self.experiment, block), AGAIN_ONLY)
            try:
                tables.append(table_in(raw))
            except (pa.ArrowInvalid, OSError, ValueError) as fault:
                raise Damaged(self.folder, name, f"cannot be read ({fault})", AGAIN_ONLY) from None
        return pa.concat_tables([*tables, frame(self.experiment, extra)])

    @property
    def n_done(self) -> int:
        """How many runs are there, done or failed."""
        whole, extra = self._found()
        return sum(len(numbers_in(self.experiment, block)) for block in whole) + len(extra)

    @cached_property
    def runs(self) -> pd.DataFrame:
        return self._sorted(self._table("parts", run_frame))

    @cached_property
    def series(self) -> pd.DataFrame:
        return self._kept_by("series")

    @cached_property
    def by_day(self) -> pd.DataFrame:
        return self._kept_by("by_day")

    @cached_property
    def by_person(self) -> pd.DataFrame:
        return self._kept_by("by_person")

    def _kept_by(self, kind: str) -> pd.DataFrame:
        row = KINDS[kind].row
        if kind not in self.experiment.tables:
            raise InputError(f"{self.folder}: no columns were kept by the {row} ({kind} = [...] under [outcomes])")
        return self._sorted(self._table(kind, partial(series_frame, kind=kind)), row)

    def _sorted(self, table: pa.Table, *more: str) -> pd.DataFrame:
        """The table for pandas, in order; no column is held twice for long: there may be millions of runs."""
        arms, keys = list(self.experiment.arms), ["seed", "point", "arm", *more]
        place, codes = table.schema.get_field_index("arm"), pc.index_in(table["arm"], pa.array(arms))
        table = table.drop_columns("arm")
        frame = table.to_pandas(use_threads=False, split_blocks=True, self_destruct=True)
        del table
        frame.insert(place, "arm", pd.Categorical.from_codes(codes.to_numpy(), arms))
        if "broke" in frame:
            frame["broke"] = frame["broke"].astype("Int64")
        if not _in_order(frame, keys):  # runs lie in their order, but for those that are journalled yet
            frame = frame.sort_values(keys, kind="stable", ignore_index=True)
        frame.attrs["units"] = self.units
        return frame

    @property
    def df(self) -> pd.DataFrame:
        """One long table of the runs that are done: experiment, point, arm, seed, metric, value, unit."""
        good = self.runs[self.runs["status"] == "done"]
        n, names = len(good), self.outcomes
        units = [self.units[name] for name in names]
        known = sorted(set(units))
        return pd.DataFrame({
            "experiment": pd.Categorical.from_codes(np.zeros(n * len(names), "i1"), [self.experiment.title]),
            "point": np.tile(good["point"].to_numpy(), len(names)),
            "arm": pd.Categorical.from_codes(np.tile(good["arm"].cat.codes, len(names)), list(self.experiment.arms)),
            "seed": np.tile(good["seed"].to_numpy(), len(names)),
            "metric": pd.Categorical.from_codes(np.repeat(np.arange(len(names)), n), list(names)),
            "value": good[list(names)].to_numpy(float).T.ravel(),
            "unit": pd.Categorical.from_codes(np.repeat([known.index(u) for u in units], n), known),
        })  # fmt: skip

    @property
    def is_complete(self) -> bool:
        """Whether every run is there, done or failed."""
        return len(self._found()[0]) == blocks(self.experiment)

    def missing(self) -> list[Work]:
        """The runs still to be done, in their order."""
        whole, some = self._found()
        left = sorted(set(range(blocks(self.experiment))) - set(whole))
        numbers = (number for block in left for number in numbers_in(self.experiment, block))
        return [self.experiment.run_at(number) for number in numbers if number not in some]

    @property
    def failed(self) -> pd.DataFrame:
        """The runs that failed, with their reasons."""
        return self.runs.loc[self.runs["status"] == "failed", ["seed", "point", "arm", "reason"]]

    def _outcome(self, name: str, arm: str) -> pd.DataFrame:
        for what, given, known in (("outcome", name, self.outcomes), ("arm", arm, tuple(self.experiment.arms))):
            if given not in known:
                raise InputError(f"{given}: this store has no such {what}{nearest(given, known)} ({', '.join(known)})")
        rows = self.runs[self.runs["arm"] == arm]
        return rows.pivot(index="point", columns="seed", values=name).reindex(
            index=range(self.experiment.n_points), columns=list(self.experiment.markets)
        )

    def unequal(self) -> str:
        """What is to be said where points have unequal markets; nothing where they have the same."""
        made = self.experiment
        return (f"Points have {made.fewest:,} to {len(made.markets):,} markets (more where a contrast was open): what "
                f"is said here is of the {made.fewest:,} that all have.") if made.each else ""  # fmt: skip

    def matrix(self, outcome: str, arm: str = BASE) -> tuple[pd.DataFrame, np.ndarray]:
        """The design, and an outcome (points, markets): NaN where a run failed, is missing, or was not asked for."""
        return self.design, self._outcome(outcome, arm).to_numpy(float)

    def points(self, outcome: str, arm: str = BASE) -> pd.DataFrame:
        """The design with the outcome's mean, standard deviation and count over markets beside it.

        Where points have unequal markets, means are over those that each has: only `n` tells which may be compared.
        """
        values = self._outcome(outcome, arm)
        table = self.design
        table["mean"], table["sd"], table["n"] = values.mean(axis=1), values.std(axis=1), values.count(axis=1)
        table.attrs["unit"] = self.units[outcome]
        return table

    def summary(self) -> pd.DataFrame:
        """One row an outcome and arm: mean of all points, and of the lowest and the highest point.

        Over the markets that all points have, so that none is higher by the markets it met.
        """
        rows = []
        for arm in self.experiment.arms:
            for outcome in self.outcomes:
                mean = self._outcome(outcome, arm).iloc[:, : self.experiment.fewest].mean(axis=1)
                rows.append({"arm": arm, "outcome": outcome, "unit": self.units[outcome], "mean": mean.mean(),
                             "lowest_point": mean.min(), "highest_point": mean.max()})  # fmt: skip
        return pd.DataFrame(rows).set_index(["arm", "outcome"])

    def __repr__(self) -> str:
        made = self.experiment
        many = f"{made.fewest:,} to {len(made.markets):,}" if made.each else f"{len(made.markets):,}"
        size = f"{made.n_points:,} points, {len(made.arms)} arms, {many} markets"
        return f"<Store {self.folder.name}: {size}, {self.n_done:,} of {made.n_runs:,} runs>"

    def _repr_html_(self) -> str:
        import html

        return f"<p>{html.escape(repr(self))}</p>{self.summary().round(3).to_html()}"
