"""Where results go: into the folder that was meant, asked for before anything is run, and whole or not at all."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from sim import InputError, cli
from sim.files.folder import WORK, check_free, place_of, written_file, written_whole

posix = pytest.mark.skipif(os.name != "posix", reason="modes, links and devices")
LONG = "l" * 256
# Every verb that writes, with words that need no time before the output is looked at.
FOLDERS = ("run", "compare silo liaison", "explain silo liaison", "reach aligned --from silo", "validate N1",
           "experiment trust-and-distance", "export csv silo")  # fmt: skip
FILES = {"export brief silo": ".pdf", "export figure run silo": ".png", "export replay": ".html",
         "export survival silo": ".csv", "export odd": ".md", "network silo": ".png"}  # fmt: skip


def write(target, text="new", overwrite=False):
    with written_whole(target, overwrite) as work:
        (work / "a.txt").write_text(text)
        (work / "run.toml").write_text(text)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@posix
def test_a_folder_that_is_there_stays_the_same_one(tmp_path):
    """As a mount point must, and a folder that was set up for a group."""
    out = tmp_path / "out"
    out.mkdir()
    out.chmod(0o2775)
    before = out.stat()
    write(out)
    write(out, "newer", overwrite=True)
    after = out.stat()
    assert (after.st_ino, after.st_mode, after.st_uid) == (before.st_ino, before.st_mode, before.st_uid)
    assert names(out) == ["a.txt", "checksums.sha256", "run.toml"] and (out / "a.txt").read_text() == "newer"


@posix
def test_a_folder_that_is_mounted_is_written_into(tmp_path, monkeypatch):
    """Nothing can be renamed onto a mount point, nor from one disk to another."""
    out = tmp_path / "mounted"
    out.mkdir()
    rename = os.rename

    def other_disk(here, there):
        inside = [Path(each).is_relative_to(out) for each in (here, there)]
        if str(out) in (str(here), str(there)) or inside[0] != inside[1]:
            raise OSError(18, "Invalid cross-device link")
        return rename(here, there)

    for name in ("rename", "replace"):
        monkeypatch.setattr(os, name, other_disk)
    write(out)
    assert names(out) == ["a.txt", "checksums.sha256", "run.toml"]


@posix
def test_a_link_to_a_folder_leads_to_the_results(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    write(tmp_path / "link")
    assert (tmp_path / "link").is_symlink() and names(tmp_path / "real") == ["a.txt", "checksums.sha256", "run.toml"]
    (tmp_path / "dangling").symlink_to("later")
    write(tmp_path / "dangling")
    assert (tmp_path / "dangling").is_symlink() and names(tmp_path / "later") == [
        "a.txt",
        "checksums.sha256",
        "run.toml",
    ]


@posix
def test_the_folder_under_the_shell_stays(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write(".")
    assert names(Path(".")) == ["a.txt", "checksums.sha256", "run.toml"]
    with pytest.raises(FileExistsError, match=r"^\. is not empty"):
        check_free(".")


@posix
def test_a_new_folder_belongs_to_the_group_of_the_one_above(tmp_path):
    tmp_path.chmod(0o2755)
    write(tmp_path / "out")
    assert (tmp_path / "out").stat().st_mode & stat.S_ISGID


@pytest.mark.parametrize("when", ["while writing", "while moving"])
def test_a_fault_leaves_what_was_there(tmp_path, monkeypatch, when):
    write(tmp_path / "out", "old")
    renamed = []

    def fails(here, there, rename=Path.rename):
        renamed.append(there)
        if len(renamed) == 4:
            raise OSError(28, "No space left on device", str(there))
        return rename(here, there)

    with pytest.raises((InputError, RuntimeError)), written_whole(tmp_path / "out", overwrite=True) as work:
        (work / "a.txt").write_text("new")
        (work / "run.toml").write_text("new")
        if when == "while writing":
            raise RuntimeError
        monkeypatch.setattr(Path, "rename", fails)
    monkeypatch.undo()
    assert names(tmp_path / "out") == ["a.txt", "checksums.sha256", "run.toml"]
    assert {(tmp_path / "out" / name).read_text() for name in ("a.txt", "run.toml")} == {"old"}


def test_what_a_killed_call_left_is_no_result(tmp_path):
    (tmp_path / "out" / f"{WORK}x").mkdir(parents=True)
    write(tmp_path / "out")
    assert names(tmp_path / "out") == [f"{WORK}x", "a.txt", "checksums.sha256", "run.toml"]


@posix
def test_a_file_keeps_its_link_and_its_mode(tmp_path):
    (tmp_path / "real.txt").write_text("old")
    (tmp_path / "real.txt").chmod(0o640)
    (tmp_path / "link.txt").symlink_to("real.txt")
    with written_file(tmp_path / "link.txt") as work:
        assert work.suffix == ".txt"
        work.write_text("new")
    assert (tmp_path / "link.txt").is_symlink() and (tmp_path / "real.txt").read_text() == "new"
    assert stat.S_IMODE((tmp_path / "real.txt").stat().st_mode) == 0o640
    with pytest.raises(InputError, match="is a folder"), written_file(tmp_path):
        pass


@posix
def test_a_pipe_is_written_to_and_not_replaced(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    reader = subprocess.Popen(["cat", str(tmp_path / "pipe.txt")], stdout=subprocess.PIPE)
    with written_file(tmp_path / "pipe.txt") as work:
        work.write_text("through")
    assert reader.communicate(timeout=20)[0] == b"through"
    assert stat.S_ISFIFO((tmp_path / "pipe.txt").stat().st_mode) and names(tmp_path) == ["pipe.txt"]


def test_names_as_long_as_the_system_takes_are_taken(tmp_path):
    write(tmp_path / LONG[:255])
    with written_file(tmp_path / (LONG[:200] + ".txt")) as work:
        work.write_text("new")
    with pytest.raises(InputError, match=r"a name may have 255 bytes here"):
        place_of(tmp_path / "new" / LONG / "out")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("what", [*FOLDERS, *FILES])
@pytest.mark.parametrize("where", ["too long", "below a file", "where nobody may write"])
def test_every_verb_asks_before_it_runs(tmp_path, capsys, monkeypatch, what, where):
    (tmp_path / "file").write_text("mine")
    places = {"too long": LONG, "below a file": "file/out", "where nobody may write": "new/out"}
    target = str(tmp_path / places[where]) + FILES.get(what, "")
    if where == "where nobody may write":  # as root may everywhere

        def read_only(*_, **__):
            raise OSError(30, "Read-only file system")

        monkeypatch.setattr("sim.files.folder.tempfile.TemporaryFile", read_only)
    assert cli.code_of([*what.split(), "-o", target]) == 3
    said = capsys.readouterr()
    assert said.out == "" and len(said.err.splitlines()) == 1 and said.err.startswith(target + ": ")
    assert names(tmp_path) == ["file"]


@posix
def test_a_working_folder_that_is_gone_is_said(tmp_path):
    """From a process of its own: nobody else should stand there."""
    program = "import os, sys; os.rmdir(os.getcwd()); from sim import cli; sys.exit(cli.code_of(sys.argv[1:]))"
    for words in (["run", "-o", "out"], ["export", "odd", "-o", "odd.md"], ["run", "--save-state", "state.npz"]):
        here = tmp_path / "here"
        here.mkdir()
        done = subprocess.run([sys.executable, "-c", program, *words], cwd=here, capture_output=True, text=True,
                              env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))})  # fmt: skip
        assert done.returncode == 3 and words[-1] in done.stderr and "cannot be written" in done.stderr, done.stderr
        assert len(done.stderr.splitlines()) == 1
