"""`baton validate`: every pattern measured on markets that no number was fitted to, and judged."""

from __future__ import annotations

import contextlib
import hashlib
import io
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from sim.arguments import markets as markets_of
from sim.errors import InputError, nearest
from sim.files import cache
from sim.files.folder import written_file
from sim.model import kernel, warm, wasm
from sim.scenario.own_theory import OwnTheory, read_theory
from sim.study.many import Interrupted, at_once
from sim.study.validation.patterns import PATTERNS
from sim.study.validation.patterns.measured_run import Arm, Life, live
from sim.study.validation.patterns.organizations import Levers
from sim.study.validation.patterns.pattern import Finding, Pattern, fingerprint_of, judge

FIRST_MARKET = 40_000  # none of these markets was ever used for fitting, or for choosing what to measure
FULL, QUICK, MUTATED = 100, 14, 24  # markets
FAR_AWAY = 1_000_000  # how far markets are moved where a mutation gives an organization others than its partner


class Validation(NamedTuple):
    """What was found, a finding a row, in the order of the patterns."""

    findings: list[Finding]
    markets: list[int]
    fingerprint: str
    declared: str
    theory: OwnTheory | None = None

    def count(self, verdict: str) -> int:
        """How many rows have a verdict."""
        return sum(each.verdict == verdict for each in self.findings)

    @property
    def df(self):
        """One line a row: pattern, claim, expected, measured with interval, verdict, source, mutation."""
        from sim.study.validation.page import table

        return table(self)

    def summary(self):
        """The table that people read: pattern, expected, measured, low, high, verdict."""
        return self.df.set_index("pattern")[["claim", "expected", "measured", "low", "high", "verdict"]]

    def plot(self):
        """All rows on one page (matplotlib Figure; never calls show)."""
        from sim import figures

        return figures.validation_page(self)

    def save(self, folder: str | Path, overwrite: bool = False) -> Path:
        """Write `validation.parquet`, `validation.md` and `validation.png`, or nothing."""
        from sim.study.validation.page import save

        return save(folder, self, overwrite=overwrite)

    def _repr_html_(self) -> str:
        return self.summary().round(3).to_html()


def chosen(names: Iterable[str] | None) -> list[Pattern]:
    """The patterns of these names; a name such as "P13" means all rows that begin so. None: all of them.

    Raises InputError.
    """
    if names is None:
        return list(PATTERNS.values())
    found: list[Pattern] = []
    problems = []
    for name in names:
        rows = [
            p for key, p in PATTERNS.items() if key == name or (key[: len(name)] == name and key[len(name) :].isalpha())
        ]
        if not rows:
            problems.append(f"{name}: no such pattern{nearest(name, PATTERNS)}; docs/reports/validation.md lists them")
        found += [p for p in rows if p not in found]
    if problems:
        raise InputError(problems)
    return found


def fingerprint() -> str:
    """Twelve hex digits of the rules, the declared numbers and the measuring code: results are kept under it."""
    seen = hashlib.sha256(kernel.fingerprint().encode())
    for path in sorted((Path(__file__).parent / "patterns").glob("*.py")):
        seen.update(path.name.encode() + path.read_bytes())
    return seen.hexdigest()[:12]


def kept_folder(needed: bool = False) -> Path | None:
    """Where measured rows are kept between calls: the user's cache, under the fingerprint; None where there is none.

    needed   whether that is refused, with the reason
    """
    folder, why = cache.own_folder(f"validation-{fingerprint()}")
    if needed and folder is None:
        raise InputError(f"nothing can be kept between calls: {why}; {cache.CURE}")
    return folder


def validate(
    names: Iterable[str] | None = None,
    markets: int | Sequence[int] = FULL,
    *,
    mutated: bool = False,
    theory: str | Path | OwnTheory | None = None,
    threads: int = 2,
    keep: str | Path | None = None,
    progress: Callable[[int, int], None] | None = None,
    told: Callable[[Finding], None] | None = None,
) -> Validation:
    """Measure patterns and judge them.

    Parameters
    ----------
    names : names of patterns, or None for all
    markets : int or list of int
        A count (markets 40000 ..), or the markets themselves.
    mutated : bool
        Measure each row under its named mutation, under which it should fail.
    theory : name or path of a Python file
        Another theory, by which all organizations live; None: the model's own.
    threads : int
        Runs at a time; the results do not depend on it.
    keep : folder
        Where measured rows are kept and taken up again. None: the user's cache.
    progress : function (runs done, all runs)
    told : function of a Finding
        Called after every row.

    Raises
    ------
    InputError
        A name that is no pattern's.
    Interrupted
        Stopped by the user; `finished` holds a Validation of the rows that were done.
    """
    rows = chosen(names)
    seeds = markets_of(markets, FIRST_MARKET, "markets")
    folder = Path(keep) if keep is not None else kept_folder()
    by = read_theory(theory)
    lab = _Lab(rows, seeds, mutated, threads, folder, progress, by)
    findings: list[Finding] = []
    try:
        for row in rows:
            findings.append(judge(row, lab.numbers(row)))
            if told:
                told(findings[-1])
    except Interrupted:
        done = Validation(findings, seeds, fingerprint(), fingerprint_of(rows), by)
        raise Interrupted([done] if findings else []) from None
    return Validation(findings, seeds, fingerprint(), fingerprint_of(rows), by)


class _Work(NamedTuple):
    """One organization that is to live in one set of markets."""

    arm: Arm
    more: Levers
    moved: int

    @property
    def key(self) -> str:
        return repr((sorted(self.arm.levers.items()), self.arm[1:], sorted(self.more.items()), self.moved))


class _Lab:
    """Runs what rows need, each organization once; keeps the numbers of rows on disk and lives only while needed."""

    def __init__(self, rows, seeds, mutated, threads, folder, progress, by=None):
        self.by = by
        self.seeds, self.mutated, self.threads, self.folder, self.progress = seeds, mutated, threads, folder, progress
        self.lives: dict[str, list[Life]] = {}
        self.open_rows = [row for row in rows if self._kept(row) is None]
        self.all_runs = len({w.key for row in self.open_rows for w in self._work(row).values()}) * len(seeds)
        self.done = 0
        if self.open_rows:
            warm.prepare(wasm.MANY)

    def _work(self, row: Pattern) -> dict[str, _Work]:
        if not self.mutated:
            return {name: _Work(arm, {}, 0) for name, arm in row.arms.items()}
        m = row.mutation
        return {name: _Work(arm, m.for_arm(name), FAR_AWAY * (name in m.moved)) for name, arm in row.arms.items()}

    def _file(self, row: Pattern) -> Path:
        about = repr(self.seeds) + row.measured_by() + (repr(row.mutation) if self.mutated else "")
        about += f"{self.by} {self.by.text}" if self.by else ""
        seen = hashlib.sha256(about.encode()).hexdigest()[:12]
        return self.folder / f"{row.name}{'-mutated' if self.mutated else ''}-{seen}.rows"

    def _kept(self, row: Pattern) -> np.ndarray | None:
        kept = cache.read(self._file(row)) if self.folder else None
        return None if kept is None else np.load(io.BytesIO(kept), allow_pickle=False)

    def numbers(self, row: Pattern) -> np.ndarray:
        """What the row observes, a line a market."""
        kept = self._kept(row)
        if kept is not None:
            return kept
        work = self._work(row)
        missing = {w.key: w for w in work.values() if w.key not in self.lives}
        pieces = [
            lambda w=w, s=s: live(w.arm, s + w.moved, w.more, self.by) for w in missing.values() for s in self.seeds
        ]
        before = self.done
        found = at_once(pieces, self.threads, self._tell(before) if self.progress else None)
        for i, key in enumerate(missing):
            self.lives[key] = found[i * len(self.seeds) : (i + 1) * len(self.seeds)]
        self.done += len(pieces)
        with np.errstate(divide="ignore", invalid="ignore"):
            lines = [np.atleast_1d(row.observe({name: self.lives[w.key][i] for name, w in work.items()}))
                     for i in range(len(self.seeds))]  # fmt: skip
        numbers = np.array(lines, float)
        self._keep(row, numbers)
        return numbers

    def _tell(self, before: int):
        return lambda done, _: self.progress(before + done, self.all_runs)

    def _keep(self, row: Pattern, numbers: np.ndarray) -> None:
        whole = io.BytesIO()
        np.save(whole, numbers)
        # a cache that cannot be written saves no time, and spoils nothing
        with contextlib.suppress(OSError, InputError):
            if self.folder:
                with written_file(self._file(row)) as path:
                    path.write_bytes(cache.signed(whole.getvalue()))
        self.open_rows = [each for each in self.open_rows if each.name != row.name]
        needed = {w.key for each in self.open_rows for w in self._work(each).values()}
        self.lives = {key: lives for key, lives in self.lives.items() if key in needed}
