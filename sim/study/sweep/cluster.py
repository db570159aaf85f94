"""Runs an experiment on several machines by Dask. One process writes: the one that asked.

Workers get about fifty runs at a time, with the part of the experiment that
these runs need, and send back their rows, which are kept as they arrive. A
worker that dies loses nothing but the time: its runs are done again elsewhere.
"""

from __future__ import annotations

import contextlib
import logging
import math
import os
import queue
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError

from sim.errors import InputError
from sim.extras import extra
from sim.files.provenance import made_by
from sim.model import warm, wasm
from sim.study.experiments.experiment import Experiment, Work, read_experiment
from sim.study.store.store import Store
from sim.study.store.writer import StoreWriter
from sim.study.sweep.sweep import TICK, Progress, batches, keep_going, parcel, run_batch
from sim.study.sweep.worker import ready_soon, refused, work_off

AHEAD = 3  # batches on their way for each thread of the workers, so that none of them waits
LEAST_AHEAD = 8
COUNTED = 1.0  # seconds for which the workers' number is taken to be what it was: to ask costs as much as a batch
ANSWER = 15  # seconds in which a scheduler must answer
FORMS = '"local:4" (four processes here) or "tcp://HOST:8786" (a running Dask scheduler)'
# Ctrl-C at a terminal reaches every process; it is meant for the one that asked.
IGNORE_INTERRUPT = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
# What Dask watches for its dashboard, in every process: time, and memory that grows for an hour. Nobody looks at ours.
QUIET = {
    "distributed.worker.profile.enabled": False,  # the call stack, a hundred times a second
    "distributed.admin.tick.interval": "500ms",  # else 20 ms
    "distributed.admin.system-monitor.interval": "5s",  # else twice a second
    "distributed.admin.low-level-log-length": 10,  # else a thousand steps of tasks, with all that they were sent
}


class SchedulerLost(OSError):
    """The scheduler answers no more."""


def sweep_on_cluster(
    experiment: Experiment | str | os.PathLike[str],
    folder: str | os.PathLike[str],
    cluster: str,
    progress: Progress | None = None,
    say: Callable[[str], object] | None = None,
    do: Callable[[Experiment, Sequence[Work]], list[dict]] = run_batch,
) -> Store:
    """Do every run of an experiment that is not in the folder yet, on the workers of a cluster.

    The files are the same, byte for byte, as those of `sim.sweep` on one thread.

    Parameters
    ----------
    experiment : Experiment, name or path
    folder
        A new or empty folder, or one in which an earlier sweep stopped, wherever it ran.
    cluster : str
        "local:4": four processes on this machine, which end with the sweep; or
        the address of a running Dask scheduler, such as "tcp://node7:8786".
    progress : function (done, all)
        Called a few times a second with the runs of this call.
    say : function of a sentence
        Told what is waited for.
    do : function (experiment, runs) -> rows
        What a worker does with a batch.

    Returns
    -------
    Store
        A run that killed its worker whenever it was tried is a failed row that says so.

    Raises
    ------
    InputError
        Dask is not installed, no scheduler answers, a worker has another
        version of Baton, of the model or of its libraries; or as `sim.sweep`.
    SweepStopped
        On Ctrl-C; all that had arrived is kept.
    SweepBroken
        The scheduler is lost or the disk is full; what was kept stays kept.
    """
    check_cluster(cluster)
    experiment = read_experiment(experiment)
    say = say or (lambda sentence: None)

    def work(writer: StoreWriter) -> None:
        with connected(cluster, say) as client:
            _prepare_workers(client, experiment, say)
            _Sweep(client, writer, do, progress).go(batches(experiment, writer.missing()))

    return keep_going(experiment, folder, work)


@contextlib.contextmanager
def connected(cluster: str, say: Callable[[str], object]) -> Iterator:
    """A client of the cluster that is meant; processes that were begun for it end with it."""
    count = check_cluster(cluster)
    with extra("cluster", "To run on a cluster"):
        import dask
        import distributed

    with contextlib.ExitStack() as open_ones:
        address = cluster
        if count:
            warm.prepare(wasm.MANY)  # once here, so that the workers find the rules compiled
            say(f"Starting {count} worker processes …")
            with dask.config.set(QUIET):
                processes = distributed.LocalCluster(
                    n_workers=count,
                    threads_per_worker=1,
                    processes=True,
                    host="127.0.0.1",
                    dashboard_address="127.0.0.1:0",
                    silence_logs=logging.CRITICAL,
                    preload=[IGNORE_INTERRUPT],
                )
            address = open_ones.enter_context(processes)
        try:
            client = distributed.Client(address, timeout=ANSWER, set_as_default=False)
        except (OSError, ValueError, TypeError) as fault:
            said = str(fault).splitlines()[0] if str(fault) else type(fault).__name__
            raise InputError(f"--cluster {cluster}: no Dask scheduler answers there ({said}); give {FORMS}") from None
        yield open_ones.enter_context(client)


def check_cluster(cluster: str) -> int:
    """How many processes `local:N` asks for; 0 for an address.

    Raises InputError for what is neither, and where Dask is not installed.
    """
    count = local_workers(cluster)
    with extra("cluster", "To run on a cluster"):
        import distributed  # noqa: F401
    return count


def local_workers(cluster: str) -> int:
    """How many processes `local:N` asks for; 0 for an address.

    >>> local_workers("local:4"), local_workers("tcp://node7:8786")
    (4, 0)
    """
    kind, _, rest = cluster.partition(":")
    if kind == "local":
        if not rest.isascii() or not rest.isdigit() or int(rest) < 1:
            raise InputError(f"--cluster {cluster}: how many processes? Give {FORMS}")
        return int(rest)
    if not rest:
        raise InputError(f"--cluster {cluster}: is no address; give {FORMS}")
    return 0


def _prepare_workers(client, experiment: Experiment, say: Callable[[str], object]) -> None:
    """Wait for a worker, refuse other versions, and let each load the rules; on each machine one goes first."""
    if not client.scheduler_info(n_workers=-1)["workers"]:
        say(f"No worker has joined {client.scheduler.address} yet; waiting for one …")
        client.wait_for_workers(1)
    workers = client.scheduler_info(n_workers=-1)["workers"]
    one_each = {about["host"]: address for address, about in workers.items()}
    excerpt = experiment.excerpt([0])
    for chosen in (list(one_each.values()), list(workers)):
        answers = client.run(ready_soon, made_by(), excerpt, workers=chosen, on_error="return")
        problems = [f"worker {address}: {refused(answer)}" for address, answer in answers.items() if refused(answer)]
        if problems:
            raise InputError(problems)


class _Sweep:
    """The batches that are on their way, and what becomes of them."""

    def __init__(self, client, writer: StoreWriter, do, progress: Progress | None):
        self.client, self.writer, self.do, self.progress = client, writer, do, progress
        self.expected, self.address = made_by(), client.scheduler.address
        self.before, self.n_all = writer.n_done, writer.n_all - writer.n_done
        self.on_their_way: dict[object, list[Work]] = {}
        self.arrived: queue.SimpleQueue = queue.SimpleQueue()
        self.suspects: list[list[Work]] = []  # batches whose workers died, or broke
        self.asked, self.most = -math.inf, LEAST_AHEAD  # when the workers were counted, and what that allows

    def go(self, parcels: Iterator[tuple[Experiment, list[Work]]]) -> None:
        """All batches, some ahead of the workers. What was on its way where a worker kept dying is tried again alone.

        Dask blames a worker's death on all that it was given, so the batches
        that are blamed come again one at a time, and of a batch that is to blame
        the runs, one at a time: what dies then is a failed run.
        """
        try:
            self._all_of(parcels, self._most)
            blamed, self.suspects = self.suspects, []
            self._all_of(self._parcels(blamed), lambda: 1)
            self._all_of(self._parcels([each] for work in self.suspects for each in work), lambda: 1, last=True)
        except KeyboardInterrupt:
            while self._take(0.0):  # what has arrived and is not kept yet
                pass
            raise
        finally:
            self.client.cancel(list(self.on_their_way), force=True)

    def _parcels(self, work: Iterable[list[Work]]) -> Iterator[tuple[Experiment, list[Work]]]:
        return (parcel(self.writer.experiment, batch) for batch in work)

    def _all_of(self, parcels: Iterator, most: Callable[[], int], last: bool = False) -> None:
        """Send these batches, `most()` of them at a time, and keep what comes back."""
        more = True
        while more or self.on_their_way:
            for _ in range(most() - len(self.on_their_way) if more else 0):
                if not (more := self._send(next(parcels, None))):
                    break
            self._take(TICK, last)
            self.writer.flush()
            if self.progress:
                self.progress(self.writer.n_done - self.before, self.n_all)

    def _most(self) -> int:
        """How many batches may be on their way: memory stays flat however long the sweep is."""
        if time.monotonic() > self.asked + COUNTED:
            try:
                self.most = max(LEAST_AHEAD, AHEAD * sum(self.client.nthreads().values()))
            except OSError:  # it was asked for again and again meanwhile
                raise self._lost() from None
            self.asked = time.monotonic()
        return self.most

    def _send(self, parcel: tuple[Experiment, list[Work]] | None) -> bool:
        if parcel is None:
            return False
        excerpt, work = parcel
        self._await(self.client.submit(work_off, self.expected, excerpt, work, self.do, pure=False), work)
        return True

    def _await(self, future, work: list[Work]) -> None:
        self.on_their_way[future] = work
        future.add_done_callback(self.arrived.put)

    def _take(self, patience: float, last: bool = False) -> bool:
        """Keep one batch that has arrived; False if none did in so many seconds."""
        try:
            future = self.arrived.get(timeout=patience) if patience else self.arrived.get_nowait()
        except queue.Empty:
            if self.client.status != "running":
                raise self._lost() from None
            return False
        work, fault = self.on_their_way.pop(future), None
        if future.status == "lost" and self.client.status == "running":
            self._await(future, work)  # its worker died before we had asked for the answer; Dask makes it anew
            return True
        if future.status in ("cancelled", "lost"):
            raise self._lost()
        try:
            found = future.result()  # a worker may die between its answer and our asking for it
        except CancelledError:
            raise self._lost() from None
        except Exception as its_fault:
            found = fault = its_fault
        if why := refused(found):
            raise InputError(f"a worker {why}")
        if fault is None:
            self.writer.add(found)
        elif last:
            self.writer.add([failed(each, fault) for each in work])
        else:
            self.suspects.append(work)
        return True

    def _lost(self) -> SchedulerLost:
        return SchedulerLost(f"the Dask scheduler at {self.address} is lost")


def failed(work: Work, fault: BaseException) -> dict:
    """The row of a run whose worker died or broke each time it was tried, alone at last."""
    times = getattr(fault, "allowed_failures", None)
    told = f"{type(fault).__name__}: {fault}" if times is None else f"its worker died {times + 1} times"
    empty = dict.fromkeys(("market", "diary", "broke", "outcomes", "series"))
    return {**work._asdict(), "status": "failed", "reason": " ".join(told.split())[:300], **empty}
