"""Runs an experiment on threads, market after market, and keeps each run as soon as it is done."""

from __future__ import annotations

import functools
import itertools
import os
import re
import threading
import zlib
from collections.abc import Callable, Iterator, Sequence

from sim.arguments import threads_of
from sim.errors import size, tell
from sim.model import drive, hashes, kernel, memory, warm
from sim.model.day_zero import opening
from sim.model.firm import QUARTER
from sim.model.theory import Market, Theory, Workforce
from sim.result import Run
from sim.result.outcomes import DIARY, measure, of_diary
from sim.result.own_outcomes import values
from sim.run import free_bytes, live_until
from sim.scenario import Scenario
from sim.study.experiments.experiment import Experiment, Work, read_experiment
from sim.study.experiments.people import check_people
from sim.study.own.accepted import ask_gate
from sim.study.store.series import kept_of
from sim.study.store.store import Store, open_store
from sim.study.store.writer import StoreWriter
from sim.study.sweep.growing import check_runs_are_the_same, take_over

BATCH = 50  # runs that are sent to another machine at a time
LONGEST_REASON = 300
SMALL = 200_000_000  # bytes; a run that needs less is not asked whether there is room for it
TICK = 0.2  # seconds between two looks at the progress
Progress = Callable[[int, int], object]


class SweepStopped(KeyboardInterrupt):
    """Stopped by the user; `store` holds what was done."""

    def __init__(self, store: Store):
        self.store = store
        super().__init__("interrupted")


class SweepBroken(Exception):
    """The store could not be written further (a full disk, say); `store` holds what was done."""

    def __init__(self, store: Store, fault: OSError):
        self.store, self.fault = store, fault
        super().__init__(f"{store.folder}: {fault.strerror or fault}")


def sweep(
    experiment: Experiment | str | os.PathLike[str],
    folder: str | os.PathLike[str],
    threads: int = 2,
    progress: Progress | None = None,
    take: Sequence[Store | str | os.PathLike[str]] = (),
) -> Store:
    """Do every run of an experiment that is not in the folder yet.

    Parameters
    ----------
    experiment : Experiment, name of a shipped one, or path
    folder
        A new or empty folder, or one in which an earlier sweep stopped.
    threads : int
        Runs at a time. The files do not depend on it, nor on how often it was stopped.
    progress : function (done, all)
        Called a few times a second with the runs of this call.
    take : list of Store or folder
        Other stores: what they hold of this experiment's runs is taken over, not lived again.

    Returns
    -------
    Store

    Raises
    ------
    InputError
        The folder is of another experiment or version, in use, or cannot be written.
    SweepStopped
        On Ctrl-C, after the runs in flight; all that is done is kept.
    SweepBroken
        The disk is full or failed; what was kept before stays kept.
    """
    chosen = read_experiment(experiment)

    def work(writer: StoreWriter) -> None:
        warm.prepare(chosen.n_runs)
        _on_threads(writer, chosen, threads_of(threads), progress)
        if not kernel.is_compiled():
            kernel.mark_compiled()

    return keep_going(chosen, folder, work, take)


def keep_going(
    experiment: Experiment, folder: str | os.PathLike[str], work: Callable[[StoreWriter], object],
    take: Sequence[Store | str | os.PathLike[str]] = (),
) -> Store:  # fmt: skip
    """Open the store, let `work(writer)` add what is missing and not in the stores to `take` from, and close it.

    Raises what `sweep` raises; `work` is not called where nothing is missing.
    """
    ask_gate(experiment.base)
    for each in (experiment.base.own_theory, *experiment.theories):
        if each is not None:
            each.trust()  # as the source of outcomes in a store: whoever goes on with it has its text run
    stores = [open_store(each) for each in take]
    check_runs_are_the_same(stores, experiment)
    writer = StoreWriter(folder, experiment)
    try:
        if gained := take_over(writer, stores):
            tell(f"{gained:,} runs are taken over from {', '.join(str(each.folder) for each in stores)}")
        if not writer.is_complete:
            check_people(experiment)
            work(writer)
    except KeyboardInterrupt:
        raise SweepStopped(writer.close()) from None
    except OSError as fault:
        raise SweepBroken(writer.close(), fault) from None
    except BaseException:
        writer.close()
        raise
    return writer.close()


def _on_threads(writer: StoreWriter, experiment: Experiment, threads: int, progress: Progress | None) -> None:
    """Let threads take run after run until none is left or one of them cannot write."""
    to_do, taking = writer.missing(), threading.Lock()
    stop, faults = threading.Event(), []
    before, all_ = writer.n_done, writer.n_all - writer.n_done

    def worker() -> None:
        try:
            while not stop.is_set():
                with taking:
                    work = next(to_do, None)
                if work is None:
                    return
                writer.add([run_one(experiment, work)])
        except BaseException as fault:
            faults.append(fault)
            stop.set()

    crew = [threading.Thread(target=worker, daemon=True) for _ in range(min(threads, all_))]
    try:
        for each in crew:
            each.start()
        while alive := [each for each in crew if each.is_alive()]:
            alive[0].join(TICK)
            writer.flush()
            if progress:
                progress(writer.n_done - before, all_)
    finally:
        stop.set()
        for each in crew:
            each.join()
    if faults:
        raise faults[0]


def batches(
    experiment: Experiment, missing: Iterator[Work], size: int = BATCH
) -> Iterator[tuple[Experiment, list[Work]]]:
    """The missing runs in small parcels for other machines: an excerpt of the experiment, and its runs."""
    while some := list(itertools.islice(missing, size)):
        yield parcel(experiment, some)


def parcel(experiment: Experiment, work: list[Work]) -> tuple[Experiment, list[Work]]:
    """Some runs with what they need of their experiment: their points and markets, however many there are."""
    return experiment.excerpt([each.point for each in work], [each.seed for each in work]), work


def run_batch(experiment: Experiment, work: Sequence[Work | tuple[int, int, str]]) -> list[dict]:
    """The rows of some runs, (seed, point, arm) each; what fails is a row with its reason."""
    return [run_one(experiment, Work(*each)) for each in work]


def run_one(experiment: Experiment, work: Work) -> dict:
    """One run as a row: seed, point, arm, status, reason, market, diary, broke, outcomes by name, series by column."""
    row = {**work._asdict(), "status": "done", "reason": None, "market": None, "diary": None, "broke": None,
           "outcomes": None, "series": None}  # fmt: skip
    try:
        scenario = experiment.in_market(work)
        simulation = lived(scenario, work.seed)
        firm, days = simulation.firm, int(simulation.day)
        broke = int(firm.ledger["broke"][0])
        rate, equity = float(scenario.theory.money.discount), float(firm.ledger["opening_equity"][0])
        found = measure(firm.days[:days], firm.quarters[: days // QUARTER], equity, rate, broke >= 0)
        found |= {name: of_diary(firm.days[:days], name) for name in experiment.outcomes if name in DIARY}
        if experiment.own:
            found |= values(Run.of(scenario, simulation, {"inputs": "", "from_day": 0}), experiment.own)
        row["outcomes"] = {name: float(found[name]) for name in experiment.outcomes}
        row["series"] = kept_of(firm, days, experiment.tables)
        row["market"] = _market(scenario.theory, work.seed, scenario.days)
        row["diary"] = f"{zlib.crc32(firm.days[max(days - QUARTER, 0) : days].view('u1')):08x}"
        row["broke"] = broke if broke >= 0 else None
    except Exception as fault:  # a run that fails is a row, never the end of a sweep
        row |= {"status": "failed", "reason": _reason(fault), "outcomes": None, "series": None}
    return row


def _market(theory: Theory, seed: int, days: int) -> str:
    """The market's hash, reckoned once for all points that meet the same market."""
    return _market_hash(theory.market, theory.workforce.marketers, theory.workforce.salespeople, seed, days)


@functools.lru_cache(maxsize=256)
def _market_hash(market: Market, marketers: int, salespeople: int, seed: int, days: int) -> str:
    people = Workforce(marketers=marketers, salespeople=salespeople)
    return hashes.market_hash(Theory(market=market, workforce=people), seed, days)


def lived(scenario: Scenario, seed: int) -> drive.Simulation:
    """A simulation at its end, the same as in `sim.run`, without the tables and hashes of a Run."""
    scenario = scenario.in_market(seed)
    needed = memory.estimate_bytes(scenario.theory, scenario.days)
    if needed > SMALL and 0 < free_bytes() < needed:
        raise MemoryError(f"needs about {size(needed)} of memory, more than was free")
    simulation = opening.begin(scenario.theory, seed, scenario.days, scenario.load_organization())
    live_until(scenario.days, simulation, scenario.steps())
    return simulation


def _reason(fault: Exception) -> str:
    """Why a run failed, on one line, the same on every call."""
    said = "; ".join(getattr(fault, "problems", None) or [str(fault)])
    kind = "" if hasattr(fault, "problems") or isinstance(fault, MemoryError) else f"{type(fault).__name__}: "
    said = re.sub(r"0x[0-9a-f]+", "0x…", kind + (said or type(fault).__name__))
    return " ".join(said.split())[:LONGEST_REASON]
