"""A store notices damage in any of its files, names it, and does again what was lost with it and nothing else."""

from __future__ import annotations

import random
import warnings
import zlib
from pathlib import Path

import pytest

import sim
from sim import InputError
from sim.errors import Told
from sim.study.experiments.file import parse
from sim.study.store import journal, parts
from sim.study.store.writer import StoreWriter

TEXT = """title = "Made up"
claim = "Nothing: its numbers are made from the runs' names."
days = 130
[levers]
trust.initial = { low = 0.1, high = 0.9 }
[outcomes]
series = ["score", "revenue"]
[sample]
method = "latin-hypercube"
points = 25
[replications]
markets = 2
"""
SMALL = ("store.toml", "base.toml", "experiment.toml", "design.parquet", "columns.csv")


@pytest.fixture(autouse=True)
def small_parts(monkeypatch):
    """Parts of ten runs, so that a small store has several."""
    monkeypatch.setattr(parts, "BLOCK", 10)


@pytest.fixture
def made():
    return parse(TEXT, Path("experiment.toml"))


def row_of(experiment, work) -> dict:
    """A run that was not lived: the same numbers on every call."""
    luck = random.Random(f"{work}")
    outcomes = {name: luck.gauss(0, 1) for name in experiment.outcomes}
    series = [[luck.random(), luck.random()] for _ in experiment.series]
    return {**work._asdict(), "status": "done", "reason": None, "market": f"{luck.getrandbits(64):016x}",
            "diary": f"{zlib.crc32(repr(work).encode()):08x}", "broke": None, "outcomes": outcomes,
            "series": series}  # fmt: skip


def fill(folder: Path, experiment, most: int | None = None) -> tuple[int, list[str]]:
    """Do what is missing; how many runs that were, and what was told."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        with StoreWriter(folder, experiment) as writer:
            work = list(writer.missing())[:most]
            for each in work:
                writer.add([row_of(experiment, each)])
    return len(work), [str(each.message) for each in told if each.category is Told]


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture
def whole(tmp_path, made):
    assert fill(tmp_path / "store", made) == (50, [])
    assert len(sim.open_store(tmp_path / "store").runs) == 50
    return tmp_path / "store"


def read_all(folder: Path):
    there = sim.open_store(folder)
    return there.runs, there.series


def flip(path: Path, luck: random.Random) -> None:
    raw = bytearray(path.read_bytes())
    raw[luck.randrange(len(raw))] ^= 1 << luck.randrange(8)
    path.write_bytes(raw)


def damages(luck):
    yield from [lambda path: flip(path, luck)] * 4
    yield lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    yield lambda path: path.write_bytes(b"")
    yield lambda path: path.unlink()


@pytest.mark.parametrize(
    "name",
    [
        *("store.toml", "checksums.sha256", "parts/runs-000003.parquet"),
        *(pytest.param(name, marks=pytest.mark.long) for name in [*SMALL[1:], "series/series-000001.parquet"]),
    ],
)
def test_damage_is_named_and_mended_and_nothing_else_is_done_again(whole, made, name):
    before = contents(whole)
    assert name in before
    for damage in damages(random.Random(name)):
        damage(whole / name)
        with pytest.raises(InputError) as caught:
            read_all(whole)
        (said,) = caught.value.problems
        assert said.startswith(f"{whole / name}: ") and "the command that made it" in said
        if "/" in name:
            assert "10 runs are lost (those numbered" in said
        again, told = fill(whole, made)
        assert again == (10 if "/" in name else 0)
        assert len(told) == 1 and str(whole / name) in told[0]
        assert contents(whole) == before
        read_all(whole)


def test_a_file_that_was_edited_is_told_from_what_was_asked(whole, made):
    path = whole / "base.toml"
    path.write_text(path.read_text() + "\n# mine\n")
    with pytest.raises(InputError, match=r"base\.toml: is damaged or was changed"):
        sim.open_store(whole)
    other = parse(TEXT.replace("Made up", "Another title"), Path("experiment.toml"))
    (whole / "experiment.toml").write_bytes(b"")
    with pytest.raises(InputError, match=r"experiment\.toml: .* something else there, so it cannot be written again"):
        fill(whole, other)
    assert not (whole / "unfinished").exists(), "whoever is refused leaves no traces"
    assert fill(whole, made)[0] == 0


@pytest.mark.parametrize("finished", [True, False])
def test_what_is_not_ours_is_left_alone_and_told(tmp_path, made, finished):
    folder = tmp_path / "store"
    fill(folder, made, None if finished else 37)
    foreign = ["parts/runs-000001 (conflicted copy).parquet", ".DS_Store", "series/notes.txt", "mine.csv"]
    foreign += [] if finished else ["unfinished/notes.jsonl", "unfinished/.DS_Store"]
    for name in foreign:
        (folder / name).write_bytes(b"\0mine")
    with pytest.warns(Told) as told:
        runs, _ = read_all(folder)
    assert len(runs) == (50 if finished else 37)
    outside = [name for name in foreign if not name.startswith("unfinished")]
    assert {str(each.message).partition(": ")[0] for each in told} == {str(folder / name) for name in outside}
    again, said = fill(folder, made)
    assert again == (0 if finished else 13)
    for name in foreign:
        assert (folder / name).read_bytes() == b"\0mine"
        assert any(str(folder / name) in each for each in said)
    fill(tmp_path / "pure", made)
    ours = {name: raw for name, raw in contents(folder).items() if name not in foreign}
    assert ours == contents(tmp_path / "pure")


def test_a_flipped_bit_in_a_journal_costs_one_run(tmp_path, made, monkeypatch):
    monkeypatch.setattr(parts, "BLOCK", 1000)
    made = parse(TEXT.replace("points = 25", "points = 100"), Path("experiment.toml"))
    folder, luck = tmp_path / "store", random.Random(7)
    fill(folder, made, 150)
    path = folder / "unfinished" / "000000.jsonl"
    sound = path.read_bytes()
    ends = [place for place, byte in enumerate(sound) if byte == ord("\n")]
    for place in [0, 8, 9, ends[3], ends[-1], len(sound) - 2, *(luck.randrange(len(sound)) for _ in range(60))]:
        raw = bytearray(sound)
        raw[place] ^= 1 << luck.randrange(8)
        path.write_bytes(raw)
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            done = sim.open_store(folder).n_done
        assert done >= 149
        # the end of a line is not its run, and the end of the last is a run that was in flight
        assert len(told) == (0 if done == 150 or place == ends[-1] else 1)
        assert all(str(path) in str(each.message) and "damaged" in str(each.message) for each in told)
    damaged = bytearray(sound)
    damaged[len(sound) // 2] ^= 1
    path.write_bytes(damaged)
    again, said = fill(folder, made)
    assert again == 51 and "1 run is damaged" in " ".join(said)
    monkeypatch.setattr(parts, "BLOCK", 1000)
    fill(tmp_path / "pure", made)
    assert contents(folder) == contents(tmp_path / "pure")


def test_a_journal_is_read_past_what_is_damaged():
    row = ("done", None, "a", "b", None, [1.0], None)
    lines = [journal.line_of(number, row) for number in range(5)]
    assert journal.rows_in(b"".join(lines))[1] == 0
    for place in range(len(lines[2])):
        raw = bytearray(b"".join(lines))
        raw[len(lines[0] + lines[1]) + place] ^= 1
        rows, damaged = journal.rows_in(bytes(raw))
        assert set(rows) >= {0, 1, 3, 4} and (damaged > 0) == (2 not in rows)


def test_a_part_whose_check_sum_was_not_kept_yet_is_made_from_the_journal(tmp_path, made, monkeypatch):
    """Killed between the two: the part lies there, the check sums know nothing of it, the journal is whole."""
    folder = tmp_path / "store"
    fill(folder, made, 9)

    class Killed(BaseException):
        pass

    def killed(*_):
        raise Killed

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(StoreWriter, "_keep_sums", killed)
        fill(folder, made, 1)
    assert (folder / "parts" / "runs-000000.parquet").exists()
    assert sim.open_store(folder).n_done == len(sim.open_store(folder).runs) == 10
    assert fill(folder, made) == (40, [])
    fill(tmp_path / "pure", made)
    assert contents(folder) == contents(tmp_path / "pure")


def test_a_store_of_the_version_before_can_be_read_and_it_is_told(whole):
    about = (whole / "store.toml").read_text().replace("format = 2", "format = 1")
    (whole / "checksums.sha256").unlink()
    (whole / "store.toml").write_text(about)
    with pytest.warns(Told, match="without check sums"):
        assert len(sim.open_store(whole).runs) == 50


def test_other_programs_check_the_sums(whole):
    """As `sha256sum --check checksums.sha256` does."""
    import hashlib

    lines = (whole / "checksums.sha256").read_text().splitlines()
    listed = dict(reversed(line.split("  ")) for line in lines if not line.startswith("#"))
    assert listed == {name: hashlib.sha256(raw).hexdigest() for name, raw in contents(whole).items()
                      if name != "checksums.sha256"}  # fmt: skip
