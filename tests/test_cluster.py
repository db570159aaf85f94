"""A sweep on a cluster gives the same files as on one thread, whatever dies on the way."""

from __future__ import annotations

import contextlib
import filecmp
import os
import pickle
import re
import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from house import ROOT

import sim
from sim.errors import InputError
from sim.files.provenance import made_by
from sim.study.experiments.experiment import Work, read_experiment
from sim.study.store.store import open_store
from sim.study.store.writer import StoreWriter
from sim.study.sweep import cluster as cluster_module
from sim.study.sweep import worker as cluster_worker
from sim.study.sweep.cluster import _Sweep, failed, local_workers, sweep_on_cluster
from sim.study.sweep.sweep import SweepBroken, batches, run_batch, sweep
from sim.study.sweep.worker import ready

distributed = pytest.importorskip("distributed")

SMALL = """
title = "Small"
claim = "Talk costs hours."
days = 65

[levers]
communication.cost_hours = { low = 0.1, high = 2.0 }
distance.between_teams_m = { low = 2, high = 200, scale = "log" }

[outcomes]
names = ["net_value", "score"]
series = ["score"]

[sample]
method = "latin-hypercube"
points = 20

[replications]
markets = 15

[compare]
liaison = { liaison.count = 1 }
"""  # 600 runs, a dozen batches


@pytest.fixture(scope="module")
def experiment(tmp_path_factory):
    path = tmp_path_factory.mktemp("small") / "small.toml"
    path.write_text(SMALL)
    return read_experiment(path)


@pytest.fixture(scope="module")
def on_one_thread(experiment, tmp_path_factory) -> Path:
    return sweep(experiment, tmp_path_factory.mktemp("one") / "store", threads=1).folder


@contextlib.contextmanager
def workers(count: int, preload: str = ""):
    """A real cluster of processes on this machine."""
    options = {"dashboard_address": "127.0.0.1:0", "silence_logs": 60, "preload": [preload] if preload else []}
    with distributed.LocalCluster(n_workers=count, threads_per_worker=1, processes=True, **options) as made:
        yield made


@pytest.fixture(scope="module")
def pair():
    """Two workers that several tests share, and may kill: each has a nanny who begins another."""
    with workers(2) as made:
        yield made


def same_files(one: Path, other: Path) -> None:
    files, others = (sorted(str(path.relative_to(store)) for path in store.rglob("*.*")) for store in (one, other))
    assert files == others and any(name.startswith("parts") for name in files)
    assert filecmp.cmpfiles(one, other, files, shallow=False) == (files, [], [])


def test_the_same_files_though_a_worker_is_killed_in_the_middle(experiment, on_one_thread, pair, tmp_path):
    killed = []

    def kill_one(done: int, all_: int) -> None:
        if not killed and 0 < done < all_ // 2:
            killed.append(pair.workers[0].pid)
            os.kill(pair.workers[0].pid, signal.SIGKILL)

    store = sweep_on_cluster(experiment, tmp_path / "store", pair.scheduler_address, kill_one)
    assert killed and pair.workers[0].pid != killed[0], "the worker was killed"
    assert store.is_complete and not len(store.failed)
    same_files(on_one_thread, store.folder)


@pytest.mark.long
def test_a_run_that_always_kills_its_worker_is_a_failed_row_and_the_only_one(
    experiment, on_one_thread, pair, tmp_path, monkeypatch
):
    monkeypatch.setattr(pair.scheduler, "allowed_failures", 0)  # else each worker's death is waited for four times
    fatal = Work(3, 7, "liaison")

    def deadly(excerpt, work):
        import os as system
        import signal as signals

        from sim.study.sweep.sweep import run_batch as live

        if any(tuple(each) == tuple(fatal) for each in work):
            system.kill(system.getpid(), signals.SIGKILL)
        return live(excerpt, work)

    store = sweep_on_cluster(experiment, tmp_path / "store", pair.scheduler_address, do=deadly)
    assert store.is_complete
    assert store.failed[["seed", "point", "arm"]].to_numpy().tolist() == [list(fatal)]
    assert store.failed["reason"].tolist() == ["its worker died 1 times"]
    good = store.runs["status"] == "done"
    one = open_store(on_one_thread).runs
    assert store.runs[good].equals(one[good])


def test_a_run_that_breaks_its_worker_otherwise_is_a_failed_row(pair, tmp_path):
    def broken(excerpt, work):
        if any(each[1] == 4 for each in work):
            raise OSError("the worker's disk is full")
        from sim.study.sweep.sweep import run_batch as live

        return live(excerpt, work)

    path = tmp_path / "few.toml"
    path.write_text(SMALL.replace("markets = 15", "markets = 2"))
    few = read_experiment(path)
    store = sweep_on_cluster(few, tmp_path / "store", pair.scheduler_address, do=broken)
    assert store.is_complete and set(store.failed["point"]) == {4} and len(store.failed) == 4
    assert set(store.failed["reason"]) == {"OSError: the worker's disk is full"}


OTHER_VERSIONS = """
import numba, sim
from sim.study.sweep import worker as cluster_worker
sim.__version__ = numba.__version__ = "0.0.1"
made = cluster_worker.made_by()
cluster_worker.made_by = lambda: made | {"rules": "0.0.1"}
"""


def test_workers_of_another_version_are_refused_with_both_named(experiment, tmp_path):
    with workers(1, OTHER_VERSIONS) as cluster, pytest.raises(InputError) as refused:
        sweep_on_cluster(experiment, tmp_path / "store", cluster.scheduler_address)
    (problem,), here = refused.value.problems, made_by()
    for name in ("baton", "rules", "numba"):
        assert f"another {name} 0.0.1 (and {here[name]} where the sweep began)" in problem
    assert "python" not in problem and not len(open_store(tmp_path / "store").runs)


def test_an_answer_that_died_with_its_worker_before_it_was_asked_for_is_waited_for():
    """Dask calls its future lost, and makes it anew; the scheduler itself is well."""

    class Answer:
        status = "lost"

        def add_done_callback(self, arrived):
            self.arrives = arrived

        def result(self):
            return ["a row"]

    kept: list = []
    client = SimpleNamespace(status="running", scheduler=SimpleNamespace(address="tcp://nowhere"))
    writer = SimpleNamespace(n_done=0, n_all=1, add=kept.extend)
    sweep, answer = _Sweep(client, writer, None, None), Answer()
    sweep._await(answer, [Work(0, 0, "base")])
    answer.arrives(answer)
    assert sweep._take(1.0) and not kept and answer in sweep.on_their_way
    answer.status = "finished"
    answer.arrives(answer)
    assert sweep._take(1.0) and kept == ["a row"] and not sweep.on_their_way
    sweep._await(answer, [Work(0, 0, "base")])
    answer.status, client.status = "lost", "connecting"
    answer.arrives(answer)
    with pytest.raises(OSError, match="is lost"):
        sweep._take(1.0)


@pytest.mark.long
def test_a_lost_scheduler_ends_the_sweep_with_what_is_done_kept(experiment, on_one_thread, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster_module, "ANSWER", 4)  # seconds in which it might come back
    with workers(1) as cluster:

        def lose(done: int, all_: int) -> None:
            if 0 < done < all_:
                cluster.close()

        with pytest.raises(SweepBroken, match="the Dask scheduler at .* is lost") as broken:
            sweep_on_cluster(experiment, tmp_path / "store", cluster.scheduler_address, lose)
    store = broken.value.store
    assert 0 < len(store.runs) < experiment.n_runs
    same_files(on_one_thread, sweep(experiment, tmp_path / "store", threads=2).folder)


@pytest.mark.long
def test_ctrl_c_keeps_what_is_done_and_the_same_command_goes_on(experiment, on_one_thread, tmp_path):
    """Ctrl-C at a terminal reaches every process of the command, the workers too."""
    store = tmp_path / "store"
    command = [sys.executable, "-m", "sim", "experiment", experiment.source, "-o", str(store), "--cluster", "local:1"]
    began = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    while began.poll() is None and not kept(store):
        time.sleep(0.05)
    os.killpg(began.pid, signal.SIGINT)
    _, said = began.communicate(timeout=60)
    assert began.returncode == 130, said
    assert "the same command goes on" in said and "Traceback" not in said
    assert 0 < len(open_store(store).runs) < experiment.n_runs
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    same_files(on_one_thread, store)


def kept(store: Path) -> int:
    """How many runs a store that is being written holds."""
    try:
        return len(open_store(store).runs)
    except InputError:  # not begun yet
        return 0


# --- what is refused before anything is run ---


@pytest.mark.parametrize("given", ["local:0", "local:", "local", "local:two", "local:-1", "node7", "", "local:²"])
def test_an_address_that_is_none(given):
    with pytest.raises(InputError, match="local:4.*tcp://HOST:8786"):
        local_workers(given)


def test_without_dask_the_extra_is_named(experiment, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match=r"pip install \"baton-sim\[cluster\]\""):
        sweep_on_cluster(experiment, tmp_path / "store", "local:2")
    assert not (tmp_path / "store").exists()


def test_where_no_scheduler_answers(experiment, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster_module, "ANSWER", 0.5)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
        with pytest.raises(InputError, match=f"{address}: no Dask scheduler answers"):
            sweep_on_cluster(experiment, tmp_path / "store", address)
    with pytest.raises(InputError, match="no Dask scheduler answers"):
        sweep_on_cluster(experiment, tmp_path / "store", "nonsense://x:1")


def test_a_worker_without_the_scenarios_files_says_so(experiment, tmp_path, monkeypatch):
    own = sim.read("company-example")
    elsewhere = own.but(organization=replace(own.organization, people=str(tmp_path / "nowhere.csv")))
    given = replace(experiment, base=elsewhere, given=experiment.design())
    monkeypatch.setattr(cluster_worker, "_ready", False)
    assert "nowhere.csv" in ready(made_by(), given).sentence


# --- the pieces ---


def test_a_batch_that_was_sent_away_gives_the_same_rows(experiment, tmp_path):
    with StoreWriter(tmp_path / "store", experiment) as writer:
        sent = list(batches(experiment, writer.missing(), 7))
    assert [each for _, work in sent for each in work] == [experiment.run_at(n) for n in range(experiment.n_runs)]
    excerpt, work = pickle.loads(pickle.dumps(sent[3]))
    assert len(excerpt.design()) <= len(work) and excerpt.hash == experiment.hash
    assert run_batch(excerpt, work) == run_batch(experiment, work)


def test_what_is_sent_away_does_not_grow_with_the_experiment(experiment):
    """A hundred thousand markets, and a batch takes what it needs of them."""
    sizes = []
    for count in (10, 100_000):
        made = experiment.but(markets=range(count))
        sizes.append(len(pickle.dumps(next(batches(made, map(made.run_at, range(50)))))))
    assert sizes[1] <= sizes[0] < 20_000


def test_the_reason_of_a_failed_run_is_one_line():
    row = failed(Work(1, 2, "base"), RuntimeError("a\nlong\tstory " * 100))
    assert row["status"] == "failed" and "\n" not in row["reason"] and len(row["reason"]) <= 300
    assert row["outcomes"] is None and row["series"] is None


# --- a long store ---


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(("runs", "hollow"), [(20_000, False), (100_000, True)])
def test_a_long_store_loses_nothing_and_holds_no_more_at_its_end(runs, hollow, monkeypatch):
    """Workers are killed on the way; the bounds on what a run costs beside its days are generous, for any machine."""
    monkeypatch.syspath_prepend(ROOT / "experiments")
    from helpers.speed.long_store import AGAIN, long_store

    found = long_store(runs, workers=2, kills=5, hollow=hollow)
    assert found["kills"] == 5 and found["whole"] and found["same"] == AGAIN
    assert found["host_grew"] < 20 and found["worker_grew"] < 20, "MB"
    assert found["host"] + found["beside"] < 2.0, "processor ms a run"


# --- docs/guides/cluster.md ---


def test_the_job_script_in_the_papers_is_the_one_that_is_printed(root):
    """The page's Python is run; the script below it is what it prints, but for this machine's address and Python."""
    pytest.importorskip("dask_jobqueue")
    text = (root / "docs/guides/cluster.md").read_text(encoding="utf-8")
    program = re.search(r"```python not run\n(from dask_jobqueue.*?)```", text, re.S)[1].split("# now the sweep")[0]
    shown = re.search(r"```sh not run\n(#!/usr/bin/env bash.*?)```", text, re.S)[1]
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    printed = re.sub(r"tcp://[\d.]+:\d+", "tcp://10.0.0.5:8786", done.stdout.replace(sys.executable, "python"))
    assert [*map(str.rstrip, printed.strip().split("\n"))] == shown.strip().split("\n")
