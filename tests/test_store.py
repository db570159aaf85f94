"""Sweeps and stores: nothing is lost, nothing is doubled, and the files are the same however the work was done."""

from __future__ import annotations

import dataclasses
import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

import sim
from sim import InputError, cli
from sim.files import sums
from sim.result.outcomes import OUTCOMES
from sim.study.experiments.experiment import Work
from sim.study.experiments.file import parse
from sim.study.store import journal, parts
from sim.study.store.writer import StoreWriter
from sim.study.sweep.sweep import SweepBroken, SweepStopped, batches, run_batch, run_one, sweep

ROOT = Path(__file__).parent.parent
TEXT = """title = "Trust and liaison"
claim = "A liaison is worth more where trust is low."
days = {days}
[levers]
trust.initial = {{ low = 0.1, high = 0.9 }}
liaison.count = {{ low = 0, high = {liaisons} }}
practices.rules = ["teams decide", "forbidden"]
[outcomes]
series = ["score", "revenue", "trust_ms"]
[sample]
method = "latin-hypercube"
points = {points}
[replications]
markets = {markets}
first = 3
[compare]
near = {{ "communication.cost_hours" = 0.1 }}
"""


def experiment(points=6, markets=3, days=2, liaisons=1):
    text = TEXT.format(points=points, markets=markets, days=days, liaisons=liaisons)
    return parse(text, Path("experiment.toml"))


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, hidden ones too."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def summed_again(folder: Path) -> None:
    """As if all that lies there had been written by us."""
    files = {name: sums.sum_of(raw) for name, raw in contents(folder).items() if name != sums.SUMS}
    (folder / sums.SUMS).write_text(sums.sums_text(files))


@pytest.fixture
def small_parts(monkeypatch):
    """Parts of ten runs, so that a small sweep has several."""
    monkeypatch.setattr(parts, "BLOCK", 10)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A year and a half of six points, two arms, three markets; some points cannot be begun."""
    return sweep(experiment(days=400, liaisons=20), tmp_path_factory.mktemp("stores") / "store")


# --- what a row says ---


@pytest.mark.parametrize("name", ["liaison-leaves", "company-example", "small-simple", "reorganization", "remote"])
def test_a_row_is_what_the_run_itself_says_to_the_last_bit(name):
    kept = '[outcomes]\nseries = ["score", "cash", "load_m"]'
    made = parse(f'claim = "x"\nbase = "{name}"\n[levers]\ntrust.gain = [0.02, 0.03]\n{kept}', Path("x.toml"))
    row = run_one(made, Work(4, 1, "base"))
    whole = sim.run(made.scenario(1), 4)
    expected = whole.outcomes()
    assert row["status"] == "done" and list(row["outcomes"]) == list(OUTCOMES)
    assert all(np.array_equal(row["outcomes"][n], expected[n], equal_nan=True) for n in OUTCOMES)
    assert row["market"] == whole.about["market"] and row["broke"] == whole.broke
    quarters = whole.quarters
    for name, values in zip(made.series, row["series"], strict=True):
        np.testing.assert_allclose(values, quarters[name].to_numpy(), rtol=1e-12)


def test_a_firm_that_runs_out_of_cash_is_a_run_like_any_other():
    made = experiment(days=200)
    broke = dataclasses.replace(made, base=made.base.but(money__start_cash=-10.0))
    row, whole = run_one(broke, Work(4, 1, "base")), sim.run(broke.scenario(1), 4)
    assert row["status"] == "done" and row["broke"] == whole.broke is not None
    assert row["outcomes"]["net_value"] == whole.outcomes()["net_value"] and row["series"] == [[], [], []]


def test_what_fails_is_a_row_with_its_reason_and_the_rest_is_done(store):
    made, runs = store.experiment, store.runs
    wanted = store.design["liaison.count"] >= 12
    assert 0 < wanted.sum() < len(wanted), "this design has points of both kinds"
    failed = runs["point"].map(wanted)
    assert len(runs) == made.n_runs and store.is_complete and store.missing() == []
    assert (runs.loc[failed, "status"] == "failed").all() and (runs.loc[~failed, "status"] == "done").all()
    assert runs.loc[failed, "reason"].str.contains("must be less than the 12 marketers").all()
    assert runs.loc[~failed, "reason"].isna().all()
    assert runs.loc[failed, list(store.outcomes)].isna().all().all()
    assert runs.loc[~failed, ["revenue", "net_value", "score"]].notna().all().all()
    assert len(store.failed) == failed.sum()


@pytest.mark.parametrize(
    "fault", [RuntimeError("no way\n  at 0x7f00"), MemoryError(), ZeroDivisionError(), InputError(["a", "b"])]
)
def test_any_fault_of_a_run_becomes_a_reason_on_one_line(monkeypatch, fault):
    def fail(*_):
        raise fault

    monkeypatch.setattr("sim.study.sweep.sweep.lived", fail)
    row = run_one(experiment(), Work(3, 0, "base"))
    assert row["status"] == "failed" and row["reason"] and "\n" not in row["reason"] and "7f00" not in row["reason"]
    assert row["outcomes"] is None


def test_a_point_that_needs_too_much_memory_fails_alone(monkeypatch):
    monkeypatch.setattr("sim.study.sweep.sweep.SMALL", 0)
    monkeypatch.setattr("sim.study.sweep.sweep.free_bytes", lambda: 1000)
    row = run_one(experiment(), Work(3, 0, "base"))
    assert row["status"] == "failed" and "B of memory" in row["reason"]


# --- reading ---


def test_rows_are_sorted_and_every_run_is_there_once(store):
    made, runs = store.experiment, store.runs
    keys = list(runs[["seed", "point", "arm"]].itertuples(index=False, name=None))
    assert keys == [(s, p, a) for s in made.markets for p in range(made.n_points) for a in made.arms]
    assert list(runs["arm"].cat.categories) == ["base", "near"]
    for seed, group in runs[runs["status"] == "done"].groupby("seed"):
        assert group["market"].nunique() == 1, f"market {seed} is the same for every point and arm"
    assert runs["market"].nunique() == len(made.markets)


def test_listed_markets_are_run_in_their_order_and_read_in_theirs(tmp_path):
    text = TEXT.format(points=2, markets="[9, 4]", days=2, liaisons=1).replace("first = 3\n", "")
    made = parse(text, Path("x.toml"))
    assert [made.run_at(n).seed for n in (0, made.n_runs - 1)] == [9, 4]
    there = sweep(made, tmp_path / "store", threads=1)
    assert there.runs["seed"].tolist() == [4] * 4 + [9] * 4
    x, y = there.matrix("revenue")
    assert y[1].tolist() == [run_one(made, Work(seed, 1, "base"))["outcomes"]["revenue"] for seed in (9, 4)]


def test_the_long_table_holds_the_same_numbers(store):
    table, runs = store.df, store.runs
    assert list(table) == ["experiment", "point", "arm", "seed", "metric", "value", "unit"]
    good = runs[runs["status"] == "done"]
    assert len(table) == len(good) * len(store.outcomes)
    wide = table.pivot(index=["seed", "point", "arm"], columns="metric", values="value").reset_index()
    for name in store.outcomes:
        assert np.array_equal(wide[name].to_numpy(float), good[name].to_numpy(float), equal_nan=True)
    units = table.groupby("metric", observed=True)["unit"].unique()
    assert {name: list(unit) for name, unit in units.items()} == {n: [OUTCOMES[n].unit] for n in OUTCOMES}


def test_points_and_matrix_are_the_runs_by_point_and_market(store):
    made, runs = store.experiment, store.runs
    x, y = store.matrix("revenue", "near")
    assert x.equals(made.design()) and y.shape == (made.n_points, len(made.markets))
    for row in runs[runs["arm"] == "near"].itertuples():
        value = y[row.point, made.markets.index(row.seed)]
        assert value == row.revenue or (np.isnan(value) and row.status == "failed")
    table = store.points("revenue", "near")
    good = table["n"] == 3
    assert set(table["n"]) == {0, 3} and table.loc[~good, "mean"].isna().all()
    np.testing.assert_allclose(table.loc[good, "mean"], y[good].mean(1))
    np.testing.assert_allclose(table.loc[good, "sd"], y[good].std(1, ddof=1))
    with pytest.raises(InputError, match="net_value"):
        store.points("net_valeu")
    with pytest.raises(InputError, match="arm"):
        store.matrix("revenue", "nera")


def test_quarters_are_kept_where_they_are_asked_for(store):
    made = store.experiment
    done = store.runs[store.runs["status"] == "done"]
    assert len(store.series) == len(done) * (400 // 65)
    assert list(store.series) == ["seed", "point", "arm", "quarter", *made.series]
    one = store.series[(store.series["point"] == done["point"].iloc[-1]) & (store.series["seed"] == 5)]
    whole = sim.run(made.scenario(int(done["point"].iloc[-1]), "near"), 5).quarters
    np.testing.assert_allclose(one[one["arm"] == "near"]["revenue"], whole["revenue"], rtol=1e-12)


def test_days_and_people_are_kept_where_they_are_asked_for(tmp_path):
    """The very numbers of the run's own tables; the size that is said before grows with them; columns are explained."""
    few = dataclasses.replace(experiment(points=2, markets=2, days=90), series=())
    made = dataclasses.replace(few, by_day=("contacts", "revenue"), by_person=("language", "mean_trust"), text="")
    assert few.hash != made.hash and parts.bytes_of(made) > parts.bytes_of(few) + 8 * 90 * 2 * 5
    store = sim.sweep(made, tmp_path / "store")
    assert sim.open_store(store.folder).experiment == made
    whole = sim.run(made.scenario(1, "near"), 4)
    for kind, table, row in (("by_day", whole.daily, "day"), ("by_person", whole.people, "person")):
        kept = getattr(store, kind).query("point == 1 and arm == 'near' and seed == 4")
        assert list(kept) == ["seed", "point", "arm", row, *made.tables[kind]]
        assert kept[row].tolist() == list(range(len(table)))
        for name in made.tables[kind]:
            assert (kept[name].to_numpy() == table[name].to_numpy()).all()
    told = pd.read_csv(store.folder / "columns.csv", keep_default_na=False)
    for kind in made.tables:
        (path,) = (store.folder / kind).glob("*.parquet")
        assert pq.read_schema(path).names == told.loc[told["table"] == kind, "name"].tolist()
    with pytest.raises(InputError, match=r"by the quarter \(series = "):
        _ = store.series
    with pytest.raises(InputError, match="outcomes.by_person: .contacts. is not known"):
        parse(TEXT.format(points=2, markets=2, days=2, liaisons=1).replace("series = [", "by_person = ['contacts', "),
              Path("experiment.toml"))  # fmt: skip


def test_other_programs_read_the_parts_without_us(store):
    every = (store.folder / "parts" / "*.parquet").as_posix()
    design = (store.folder / "design.parquet").as_posix()
    count, revenue = duckdb.sql(f"select count(*), avg(revenue) from '{every}'").fetchall()[0]
    assert count == store.experiment.n_runs and revenue == pytest.approx(store.runs["revenue"].mean())
    joined = duckdb.sql(f"select count(*) from '{every}' join '{design}' using (point) where \"trust.initial\" > 0.5")
    assert joined.fetchall()[0][0] == 6 * int((store.design["trust.initial"] > 0.5).sum())
    assert len(pd.read_parquet(store.folder / "parts")) == count


def test_every_column_of_every_file_is_explained(store):
    told = pd.read_csv(store.folder / "columns.csv", keep_default_na=False)
    assert list(told) == ["table", "name", "unit", "meaning"] and (told["meaning"] != "").all()
    for table in ("design", "parts", "series"):
        files = [store.folder / "design.parquet"] if table == "design" else sorted((store.folder / table).glob("*"))
        for path in files:
            assert pq.read_schema(path).names == told.loc[told["table"] == table, "name"].tolist()


def test_a_store_says_what_made_it(store):
    about = tomllib.loads((store.folder / "store.toml").read_text(encoding="utf-8"))
    assert about["store"]["experiment"] == store.experiment.hash == experiment(days=400, liaisons=20).hash
    assert about["versions"]["baton"] == sim.__version__ and about["versions"]["numpy"] == np.__version__
    assert (store.folder / "experiment.toml").read_text(encoding="utf-8") == store.experiment.text
    assert store.experiment == experiment(days=400, liaisons=20)


def test_an_experiment_changed_in_python_is_stored_as_it_is(tmp_path):
    made = dataclasses.replace(experiment(), markets=(8, 2), text=experiment().text)
    there = sweep(made, tmp_path / "store")
    assert there.experiment == made and there.experiment.hash == made.hash and set(there.runs["seed"]) == {2, 8}
    bare = sim.Experiment("t", "c", sim.Scenario(days=2), (sim.Factor("trust.initial", "lever", 0.1, 0.2),))
    assert sweep(bare, tmp_path / "bare").is_complete and sim.open_store(tmp_path / "bare").experiment == bare
    mixed = (sim.Factor("trust.affect", "uncertainty", 0, 1), sim.Factor("trust.initial", "lever", 0.1, 0.2))
    there = sweep(dataclasses.replace(bare, factors=mixed), tmp_path / "mixed").experiment
    assert [each.kind for each in there.factors] == ["lever", "uncertainty"]  # as a file has them


def test_a_store_stands_alone(tmp_path):
    """Neither the base's file nor the list of points is needed once the store is begun."""
    (tmp_path / "own.toml").write_text('based_on = "silo"\n')
    (tmp_path / "p.csv").write_text("trust.initial\n0.1\n0.7\n")
    sample = '[sample]\nmethod = "points"\nfile = "p.csv"\n[replications]\nmarkets = 2'
    (tmp_path / "e.toml").write_text(f'claim = "x"\nbase = "own.toml"\ndays = 2\n{sample}')
    made = sim.read_experiment(tmp_path / "e.toml")
    sweep(made, tmp_path / "store")
    for name in ("own.toml", "p.csv", "e.toml"):
        (tmp_path / name).unlink()
    again = sim.open_store(tmp_path / "store")
    assert again.experiment.base == made.base and again.design.equals(made.design()) and len(again.runs) == 4
    assert sweep(again.experiment, tmp_path / "store").is_complete


# --- the same files, however the work was done ---


def test_threads_stops_and_order_leave_the_same_bytes(small_parts, tmp_path, monkeypatch):
    made = experiment(points=7, days=130, liaisons=20)
    sweep(made, tmp_path / "once", threads=1)
    once = contents(tmp_path / "once")
    assert sum(name.startswith("parts/") for name in once) == 5 and not any("unfinished" in name for name in once)

    sweep(made, tmp_path / "threads", threads=3)
    assert contents(tmp_path / "threads") == once

    def stop(done, all_):
        if done >= 4:
            raise KeyboardInterrupt

    monkeypatch.setattr("sim.study.sweep.sweep.TICK", 0.001)
    before = 0
    while before < made.n_runs:
        try:
            there = sweep(made, tmp_path / "stopped", threads=2, progress=stop)
        except SweepStopped as fault:
            there = fault.store
        assert before < there.n_done, "each time some more"
        before = there.n_done
    assert contents(tmp_path / "stopped") == once

    with StoreWriter(tmp_path / "shuffled", made) as writer:
        work = list(writer.missing())
        random.Random(1).shuffle(work)
        for part, some in batches(made, iter(work), 4):
            rows = run_batch(part, some)
            writer.add(rows)
            writer.add(rows)  # as when two workers did the same
            assert writer.n_done <= writer.n_all
    assert contents(tmp_path / "shuffled") == once


def test_a_complete_store_is_left_as_it_is(tmp_path):
    made = experiment(points=2)
    sweep(made, tmp_path / "store")
    before = {p: p.stat().st_mtime_ns for p in (tmp_path / "store").rglob("*")}
    assert sweep(made, tmp_path / "store", progress=lambda *_: pytest.fail("nothing is to be done")).is_complete
    assert {p: p.stat().st_mtime_ns for p in (tmp_path / "store").rglob("*") if p.is_file()}.items() <= before.items()


def test_progress_ends_with_all(tmp_path):
    told = []
    sweep(experiment(), tmp_path / "store", progress=lambda *each: told.append(each))
    assert told[-1] == (36, 36) and told == sorted(told)


def test_an_unfinished_store_can_be_read(small_parts, tmp_path):
    made = experiment()
    with StoreWriter(tmp_path / "store", made) as writer:
        work = list(writer.missing())[:23]
        writer.add(run_batch(made, work))
        there = sim.open_store(tmp_path / "store")
        assert there.n_done == len(there.runs) == 23 and not there.is_complete
        assert there.missing() == [made.run_at(n) for n in range(23, 36)]
        assert len(there.series) == 0, "two days have no quarter"
        assert writer._journals.keys() == {2}, "full parts are not kept in memory"
        assert {p.name for p in (tmp_path / "store" / "unfinished").iterdir()} == {"lock", "000002.jsonl"}


@pytest.mark.parametrize("damage", ["cut", "garbage", "zeros", "flipped", "half a part", "journal of a part"])
def test_a_torn_journal_is_read_as_far_as_it_is_sound(small_parts, tmp_path, damage):
    made = experiment()
    sweep(made, tmp_path / "whole", threads=1)
    with StoreWriter(tmp_path / "store", made) as writer:
        writer.add(run_batch(made, list(writer.missing())[:9]))
        first = (tmp_path / "store" / "unfinished" / "000000.jsonl").read_bytes()
        writer.add(run_batch(made, list(writer.missing())[:8]))
    path = tmp_path / "store" / "unfinished" / "000001.jsonl"
    raw = path.read_bytes()
    lost = {"cut": 1, "flipped": 1}.get(damage, 0)
    if damage == "cut":
        path.write_bytes(raw[:-5])
    elif damage in ("garbage", "zeros"):
        path.write_bytes(raw + (b"8a3b" if damage == "garbage" else b"\0" * 40))
    elif damage == "flipped":
        at = len(b"".join(raw.splitlines(keepends=True)[:3])) + 20
        path.write_bytes(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :])
    elif damage == "journal of a part":  # killed before it was taken away
        path.with_name("000000.jsonl").write_bytes(first)
    else:
        (tmp_path / "store" / "unfinished" / "runs-000001-abc.unfinished").write_bytes(b"PAR1")
        (tmp_path / "store" / "series" / "series-000001.parquet").write_bytes(b"PAR1")
    assert sim.open_store(tmp_path / "store").n_done == 17 - lost
    with StoreWriter(tmp_path / "store", made) as writer:  # a second process, which is stopped early too
        assert writer.n_done == 17 - lost
        writer.add(run_batch(made, list(writer.missing())[:1]))
    assert sim.open_store(tmp_path / "store").n_done == 18 - lost
    sweep(made, tmp_path / "store")
    assert contents(tmp_path / "store") == contents(tmp_path / "whole")


def test_journal_lines_keep_every_bit():
    row = ("done", None, "a", "b", 3, [0.1 + 0.2, float("inf"), -0.0, 5e-324, 1.7976931348623157e308], [[1.0, 2.0]])
    rows, damaged = journal.rows_in(journal.line_of(2**62, row) * 2)
    assert rows == {2**62: row} and damaged == 0
    assert np.isnan(journal.rows_in(journal.line_of(1, (float("nan"),)))[0][1][0])


# --- processes that die, meet, or run out of disk ---

CHILD = """
import os, sys
from pathlib import Path
from sim.study.experiments import file as experiment_file
from sim.study.store import parts
from sim.study.sweep import sweep
from sim.study.store import writer
parts.BLOCK = 20
made = experiment_file.parse(sys.argv[2], Path("experiment.toml"))
sweep.run_one(made, made.run_at(0))  # what is compiled is fetched before the clock starts
add = writer.StoreWriter.add
def told(self, rows):
    add(self, rows)
    os.write(1, b"x" * len(rows))
writer.StoreWriter.add = told
sweep.sweep(made, sys.argv[1], threads=2)
"""


def test_a_killed_process_loses_at_most_the_runs_in_flight_and_doubles_none(tmp_path, monkeypatch):
    monkeypatch.setattr(parts, "BLOCK", 20)
    folder, dice, kept, made = tmp_path / "killed", random.Random(20), 0, experiment(points=20, markets=5)
    for _ in range(4):
        program = [sys.executable, "-c", CHILD, str(folder), made.text]
        with subprocess.Popen(program, stdout=subprocess.PIPE, cwd=ROOT) as process:
            said = process.stdout.read(dice.randint(1, 45))
            time.sleep(dice.uniform(0.0, 0.01))
            process.kill()
            said += process.stdout.read()
        there = sim.open_store(folder)
        assert kept + len(said) <= there.n_done <= kept + len(said) + 2, "what was said to be kept is kept"
        assert len(there.runs) == there.n_done and not there.runs.duplicated(["seed", "point", "arm"]).any()
        kept = there.n_done
    assert kept < made.n_runs, "it was killed in the middle each time"
    assert sweep(made, folder).is_complete
    sweep(made, tmp_path / "whole", threads=1)
    assert contents(folder) == contents(tmp_path / "whole")


def command(*words, **options) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, "-m", "sim", *map(str, words)], stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True, cwd=ROOT, **options)  # fmt: skip


def write_file(path: Path, **sizes) -> Path:
    path.write_text(TEXT.format(**{"points": 20, "markets": 5, "days": 780, "liaisons": 1, **sizes}))
    return path


def test_ctrl_c_keeps_what_is_done_and_the_same_command_goes_on(tmp_path):
    file, folder = write_file(tmp_path / "e.toml"), tmp_path / "store"
    process = command("experiment", file, "-o", folder)
    while not (folder / "unfinished" / "000000.jsonl").exists() and process.poll() is None:
        time.sleep(0.01)
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate()
    assert process.returncode == 130, said
    there = sim.open_store(folder)
    assert 0 < there.n_done < 200 and f"{there.n_done} of 200 runs are kept; the same command goes on." in said
    assert cli.code_of(["experiment", str(file), "-o", str(folder), "-q"]) == 0
    sweep(sim.read_experiment(file), tmp_path / "whole", threads=1)
    assert contents(folder) == contents(tmp_path / "whole")


def test_a_second_process_is_refused_and_told_which_is_the_first(tmp_path):
    made = experiment()
    with StoreWriter(tmp_path / "store", made):
        with pytest.raises(InputError, match=f"process {os.getpid()} is writing"):
            sweep(made, tmp_path / "store")
        file = write_file(tmp_path / "e.toml", points=6, markets=3, days=2)
        process = command("experiment", file, "-o", tmp_path / "store")
        _, said = process.communicate()
        assert process.returncode == 3 and f"process {os.getpid()} is writing" in said
    assert sweep(made, tmp_path / "store").is_complete


def test_a_full_disk_stops_cleanly_and_the_same_command_goes_on(tmp_path):
    def little_room():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (16_000, 16_000))

    file, folder = write_file(tmp_path / "e.toml", points=20, days=65), tmp_path / "store"
    process = command("experiment", file, "-o", folder, preexec_fn=little_room)
    _, said = process.communicate()
    assert process.returncode == 5 and "File too large" in said and "goes on" in said and "Traceback" not in said
    there = sim.open_store(folder)
    assert 10 < there.n_done < 200 and all(p.stat().st_size <= 16_000 for p in folder.rglob("*"))
    made = sim.read_experiment(file)
    sweep(made, folder)
    sweep(made, tmp_path / "whole")
    assert contents(folder) == contents(tmp_path / "whole")


def test_a_disk_that_fills_up_while_a_part_is_written_loses_nothing(small_parts, tmp_path, monkeypatch):
    made = experiment()

    real = Path.write_bytes

    def full(path, raw):
        if path.name.startswith("runs"):
            raise OSError(28, "No space left on device")
        return real(path, raw)

    with monkeypatch.context() as now:
        now.setattr(Path, "write_bytes", full)
        with pytest.raises(SweepBroken, match="No space left") as caught:
            sweep(made, tmp_path / "store", threads=1)
        assert caught.value.store.n_done == 10
        with pytest.raises(InputError, match="cannot be written"):
            sweep(made, tmp_path / "store", threads=1)
    sweep(made, tmp_path / "store")
    sweep(made, tmp_path / "whole")
    assert contents(tmp_path / "store") == contents(tmp_path / "whole")


def test_a_fault_that_is_ours_ends_the_sweep_and_lets_go_of_the_store(tmp_path, monkeypatch):
    made = experiment()
    with monkeypatch.context() as now:
        now.setattr("sim.study.sweep.sweep.run_one", lambda *_: {}["x"])
        with pytest.raises(KeyError):
            sweep(made, tmp_path / "store")
    assert sweep(made, tmp_path / "store").is_complete


# --- what is refused ---


@pytest.mark.parametrize("place", ["file", "file/store", "full"])
def test_a_folder_that_cannot_be_had_is_refused(tmp_path, place):
    (tmp_path / "file").write_text("mine")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("mine")
    before = contents(tmp_path)
    with pytest.raises(InputError) as caught:
        sweep(experiment(), tmp_path / place)
    assert str(tmp_path / place) in caught.value.problems[0]
    assert contents(tmp_path) == before


def test_a_disk_that_is_too_small_is_said_before_anything_is_run(tmp_path, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 1000}))
    with pytest.raises(InputError, match="[MG]B on disk"):
        sweep(experiment(), tmp_path / "store")
    assert not (tmp_path / "store").exists()


def test_another_experiment_or_version_is_refused_with_both_named(tmp_path):
    made = experiment()
    sweep(made, tmp_path / "store")
    other = experiment(points=7)
    with pytest.raises(InputError) as caught:
        sweep(other, tmp_path / "store")
    assert made.hash in str(caught.value) and other.hash in str(caught.value)
    about = (tmp_path / "store" / "store.toml").read_text()
    for good, bad, said in (
        ("format = 2", "format = 9", ["format 9", "format 2"]),
        (f'baton = "{sim.__version__}"', 'baton = "0.0.7"', ["0.0.7", sim.__version__]),
        (f'numpy = "{np.__version__}"', 'numpy = "1.0"', ["numpy 1.0", np.__version__]),
        ('rules = "', 'rules = "0', ["the model's rules"]),
    ):
        assert good in about
        (tmp_path / "store" / "store.toml").write_text(about.replace(good, bad))
        summed_again(tmp_path / "store")
        with pytest.raises(InputError) as caught:
            sweep(made, tmp_path / "store")
        assert all(each in str(caught.value) for each in said)
    sim.open_store(tmp_path / "store")  # another version's numbers may be read


def test_no_store_and_a_damaged_one_are_refused(tmp_path, store):
    with pytest.raises(InputError, match=r"store\.toml is missing"):
        sim.open_store(tmp_path)
    (tmp_path / "store.toml").write_text("[store]\nformat = 1")
    with pytest.raises(InputError):
        sim.open_store(tmp_path)
    (tmp_path / "store.toml").write_text("format =")
    with pytest.raises(InputError, match="cannot be read"):
        sim.open_store(tmp_path)


# --- the command ---


def test_the_command_runs_tells_and_goes_on(tmp_path, capsys):
    file = write_file(tmp_path / "e.toml", points=4, markets=2, days=65)
    assert cli.code_of(["experiment", str(file), "-o", str(tmp_path / "s"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["runs"] == told["done"] == 16 and told["failed"] == 0 and told["complete"] is True
    assert cli.code_of(["experiment", str(file), "-o", str(tmp_path / "s")]) == 0
    out = capsys.readouterr()
    assert "16 runs are there already" in out.err and "Next: baton" in out.out and "net_value" in out.out


def test_the_command_ends_with_5_where_runs_failed(tmp_path, capsys):
    file = write_file(tmp_path / "e.toml", points=4, markets=1, days=2, liaisons=30)
    assert cli.code_of(["experiment", str(file), "-o", str(tmp_path / "s"), "--jobs", "1", "-q"]) == 5
    assert "runs failed:" in capsys.readouterr().out


def test_the_benchmark_says_what_it_is_for(root):
    program = [sys.executable, "experiments/sweep.py"]
    said = subprocess.run([*program, "--help"], cwd=root, capture_output=True, text=True, check=True).stdout
    assert "python experiments/sweep.py" in said and "--runs" in said
    done = subprocess.run([*program, "--only", "nonsense"], cwd=root, capture_output=True, text=True)
    assert done.returncode == 2 and "nonsense" in done.stderr and "Traceback" not in done.stderr
