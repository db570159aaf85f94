"""Caches: only in folders that nobody else can write, and a damaged file is thrown away, told and made again."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import warnings
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from sim.cli import doctor
from sim.errors import Told
from sim.files import cache
from sim.model import kernel
from sim.model.theory import Theory

posix = pytest.mark.skipif(os.name != "posix", reason="owners and modes of files")
compiled = pytest.mark.skipif(not kernel.COMPILED, reason="plain rules have no cache")


@pytest.fixture
def places(tmp_path, monkeypatch):
    """The user's cache and the folder of temporary files, both ours."""
    home, temporary = tmp_path / "home", tmp_path / "temporary"
    home.mkdir(mode=0o700)
    temporary.mkdir(mode=0o700)
    monkeypatch.setenv("BATON_CACHE_DIR", str(home))
    monkeypatch.setattr(cache.tempfile, "gettempdir", lambda: str(temporary))
    return home, temporary


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# --- only where nobody else can write ---


@posix
def test_a_folder_of_ours_is_used_and_only_we_may_enter_it(places):
    home, _ = places
    folder, why = cache.own_folder("rules-1")
    assert (folder, why) == (home / "baton" / "rules-1", "")
    assert mode(folder) == mode(folder.parent) == 0o700
    folder.chmod(0o755)  # others could read it
    (folder / "kept").touch()
    assert cache.own_folder("rules-1")[0] == folder and mode(folder) == 0o700 and (folder / "kept").exists()


@posix
def test_what_others_could_put_there_is_not_kept(places):
    folder, _ = cache.own_folder("rules-1")
    (folder / "planted").touch()
    folder.chmod(0o777)
    assert cache.own_folder("rules-1")[0] == folder
    assert mode(folder) == 0o700 and not (folder / "planted").exists()


@posix
@pytest.mark.parametrize("what", ["linked", "linked above", "theirs", "theirs above", "a file", "above all can write"])
def test_a_folder_that_is_not_ours_alone_is_left_alone(places, monkeypatch, what):
    home, temporary = places
    planted = temporary / "planted"
    planted.mkdir(mode=0o700)
    ours = home / "baton"
    if what == "linked":
        ours.mkdir(mode=0o700)
        (ours / "rules-1").symlink_to(planted)
    elif what == "linked above":
        ours.symlink_to(planted)
    elif what == "a file":
        ours.touch()
    elif what == "above all can write":
        home.chmod(0o777)
    else:
        (ours / "rules-1").mkdir(parents=True)
        theirs = ours if what == "theirs above" else ours / "rules-1"
        seen = Path.lstat
        other = os.getuid() + 1

        def lstat(path):
            found = seen(path)
            return os.stat_result((*found[:4], other, *found[5:10])) if path == theirs else found

        monkeypatch.setattr(Path, "lstat", lstat)
    folder, why = cache.own_folder("rules-1")
    assert folder == temporary / f"baton-{os.getuid()}" / "rules-1" and why == ""
    temporary.chmod(0o777)  # so does the last place where it could be
    folder, why = cache.own_folder("rules-1")
    assert folder is None and f"others can write in {temporary}" in why and str(home) in why
    temporary.chmod(0o1777)  # nobody can put another folder in the place of ours
    assert cache.own_folder("rules-1")[0] == temporary / f"baton-{os.getuid()}" / "rules-1"
    assert not any(planted.iterdir())


@posix
@pytest.mark.skipif(os.name != "posix" or os.getuid() != 0, reason="only root can give a folder to another user")
def test_a_folder_that_another_user_made_for_us(places):
    home, temporary = places
    home.chmod(0o777)
    planted = temporary / f"baton-{os.getuid()}" / "rules-1"
    planted.mkdir(parents=True)
    os.chown(planted.parent, 12345, 12345)
    folder, why = cache.own_folder("rules-1")
    assert folder is None and "belongs to another user (12345)" in why


def test_a_user_without_a_home_and_without_temporary_files(monkeypatch):
    for name in ("BATON_CACHE_DIR", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)

    def nowhere():
        raise FileNotFoundError("No usable temporary directory found")

    monkeypatch.setattr(cache.tempfile, "gettempdir", nowhere)
    assert cache.own_folder("rules-1") == (None, "there is neither a home nor a folder for temporary files")


@posix
@compiled
def test_planted_code_is_not_run_and_it_is_said(tmp_path):
    """Somebody knows the name that our folder will have, and is there first."""
    for name in ("home", "temporary"):
        (tmp_path / name).mkdir()
        (tmp_path / name).chmod(0o777)
    program = (
        "from sim.model import kernel; print(kernel.CACHE); from sim.cli.screen import announce; announce('Go', 999)"
    )
    home = {"BATON_CACHE_DIR": str(tmp_path / "home"), "TMPDIR": str(tmp_path / "temporary")}
    done = subprocess.run([sys.executable, "-c", program], env=os.environ | home, capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout == "None\n", done.stderr
    said = done.stderr.splitlines()
    assert len(said) == 2 and "compiled anew each time" in said[1] and f"others can write in {tmp_path}" in said[1]
    assert "BATON_CACHE_DIR" in said[1]


# --- what is damaged is thrown away, told and made again ---


def doubled(x: float) -> float:
    """Twice as much: compiled for its types, when it is first asked for."""
    return x + x


def total(rows):
    """The sum of a table: compiled for what it is first called with."""
    found = 0.0
    for each in rows:
        found += each
    return found


def reckon() -> tuple:
    """Both rules compiled or taken from the cache: what they give, and how many came from the cache."""
    rules = kernel.kernel(doubled), kernel.kernel(total)
    found = rules[0](1.5), rules[1](np.arange(4.0))
    return found, sum(sum(getattr(rule, "door", rule.inside).stats.cache_hits.values()) for rule in rules)


def flipped(path: Path, place: int = -20) -> None:
    raw = bytearray(path.read_bytes())
    raw[place] ^= 4
    path.write_bytes(raw)


def folder_instead(path: Path) -> None:
    path.unlink()
    (path / "in it").mkdir(parents=True)


def link_instead(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.with_name("nowhere"))


DAMAGES = {
    "emptied": lambda path: path.write_bytes(b""),
    "cut": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "garbage": lambda path: path.write_bytes(b"\x80\x05garbage" * 30),
    "flipped": flipped,
    "flipped in front": lambda path: flipped(path, 2),
    "a folder": folder_instead,
    "a link": link_instead,
    "unreadable": lambda path: path.chmod(0),
}


@pytest.fixture
def own_cache(tmp_path, monkeypatch):
    folder = tmp_path / "rules-1"
    folder.mkdir()
    monkeypatch.setattr(kernel, "CACHE", folder)
    monkeypatch.setattr(cache, "_told", set())
    assert reckon() == ((3.0, 6.0), 0)
    assert reckon() == ((3.0, 6.0), 2)
    return folder


@compiled
@pytest.mark.parametrize("kind", ["nbi", "nbc"])
@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_code_is_compiled_again(own_cache, kind, damage):
    files = sorted(own_cache.rglob(f"*.{kind}"))
    assert len(files) == 2 and len(list(own_cache.rglob("*.nb?"))) == 4
    if damage == "unreadable" and os.name == "posix" and os.getuid() == 0:
        pytest.skip("root reads it")
    for path in files:
        DAMAGES[damage](path)
    assert cache.damaged(own_cache) == files
    good, said = doctor._rules()
    assert not good and "2 files are damaged" in said and str(own_cache) in said and "delete that folder" in said
    with pytest.warns(Told) as told:
        assert reckon() == ((3.0, 6.0), 0)
    assert len(told) == 1 and "is damaged (" in str(told[0].message) and "made again" in str(told[0].message)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert reckon() == ((3.0, 6.0), 2)
    assert cache.damaged(own_cache) == [] and doctor._rules()[0]


@compiled
def test_python_calls_a_rule_by_a_door_that_is_made_when_it_knocks(own_cache):
    inner = kernel.kernel(total)
    names = {"inner": inner}
    exec("def outer(rows):\n    return 2.0 * inner(rows)", names)
    outer = kernel.guest(names["outer"])
    assert outer(np.arange(4.0)) == 12.0 and "door" not in vars(inner)
    assert inner(np.arange(4.0)) == total(np.arange(4.0)) == 6.0 and "door" in vars(inner)
    assert {path.name.split("-")[0] for path in own_cache.rglob("*.nbi")} == {"test_cache.doubled", "test_cache.total"}
    assert len([path for path in own_cache.rglob("*.nbi") if ".inside." in path.name]) == 1


def test_a_rule_reaches_what_it_calls_and_nothing_else():
    from sim.model import day, drive
    from sim.model.rules import structure

    if kernel.COMPILED:
        named = {kernel.plain(rule).__name__ for rule in kernel.reached(day.day)}
        assert {"move_leads", "close_deal", "logistic"} <= named and not {"live", "open_seats"} & named
        assert kernel.reached(day.day) < kernel.reached(drive.live)
        assert structure.shake in kernel.reached(structure.reorganize)


@compiled
def test_a_file_where_the_code_of_a_folder_lies(own_cache):
    (folder,) = own_cache.iterdir()
    shutil.rmtree(folder)
    folder.write_text("nothing")
    with pytest.warns(Told, match="it is a file"):
        assert reckon() == ((3.0, 6.0), 0)
    assert reckon() == ((3.0, 6.0), 2)


@compiled
def test_code_that_cannot_be_kept_is_run_and_it_is_said(own_cache, monkeypatch):
    shutil.rmtree(own_cache)
    own_cache.mkdir()

    def full(path):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(kernel.cache, "signed", full)
    with pytest.warns(Told, match="cannot be kept .*No space left on device"):
        assert reckon() == ((3.0, 6.0), 0)


@compiled
def test_the_command_runs_on_a_damaged_cache(tmp_path):
    """Two small files of the real cache: nothing else has to be compiled."""
    if not kernel.is_compiled():
        pytest.skip("nothing is compiled yet")
    folder = tmp_path / "baton" / kernel.CACHE.name
    shutil.copytree(kernel.CACHE, folder)
    (folder / kernel._DONE).touch()
    next(folder.rglob("decision.begin-*.nbi")).write_bytes(b"")
    flipped(next(folder.rglob("practice.begin-*.nbc")))
    folder.chmod(0o700)
    command = [sys.executable, "-m", "sim", "run", "--days", "65"]
    for words in ("is damaged (", ""):
        done = subprocess.run(
            command, env=os.environ | {"BATON_CACHE_DIR": str(tmp_path)}, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        assert words in done.stderr and ("damaged" in done.stderr) == bool(words)
        assert "Interrupted" not in done.stderr and "our fault" not in done.stderr


def test_a_file_that_ends_too_soon_is_not_ctrl_d(monkeypatch, capsys):
    """typer takes every EOFError for an end of the input, and said "Interrupted."."""
    from sim import cli

    def ends(*_, **__):
        raise EOFError("Ran out of input")

    monkeypatch.setattr("sim.scenario.read", ends)
    assert cli.code_of(["run"]) == 1
    assert "our fault, EOFError" in capsys.readouterr().err


# --- numbers are made into records once ---


class Shares(NamedTuple):
    """A group of numbers, as theories have them."""

    kept: float = 0.5
    lost: float = 0.25


class Others(NamedTuple):
    """Another group with equal numbers."""

    lost: float = 0.5
    kept: float = 0.25


@compiled
def test_records_are_kept_by_what_is_in_them_and_nobody_can_write_there():
    def group(numbers):
        return kernel.numbers_for_kernels(Theory()._replace(trust=numbers)).trust

    first = group(Shares())
    assert group(Shares(0.5, 0.25)) is first
    assert (first["kept"], group(Others())["kept"], group(Shares(0.75))["kept"]) == (0.5, 0.25, 0.75)
    assert group(Shares(0.0)).dtype != group(Shares(0)).dtype
    with pytest.raises(ValueError, match="read-only"):
        first["kept"] = 1.0


ASK = """
from sim.model import formulas, kernel
print(formulas.both(0.25, 1.0), sum(formulas.both.inside.stats.cache_hits.values()), kernel.is_compiled(), kernel.CACHE)
kernel.mark_compiled()
"""


@compiled
def test_two_installations_of_one_version_share_what_is_compiled(tmp_path):
    """They have one fingerprint and so one mark that all is compiled: what the one compiled the other must find."""
    said = []
    for name in ("one", "two"):
        shutil.copytree(Path(kernel.__file__).parents[1], tmp_path / name / "sim")
        about = {**os.environ, "PYTHONPATH": str(tmp_path / name), "BATON_CACHE_DIR": str(tmp_path / "cache")}
        done = subprocess.run([sys.executable, "-c", ASK], env=about, cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        said.append(done.stdout.split())
    assert [each[:3] for each in said] == [["0.5", "0", "False"], ["0.5", "1", "True"]] and said[0][3] == said[1][3]
