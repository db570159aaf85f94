"""The worked examples of CONTRIBUTING.md, tried on a copy of the sources as they stand there, with their commands."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import house
import pytest
from house import ROOT

TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
EXAMPLES = {part.splitlines()[0]: part for part in re.split(r"^### ", TEXT, flags=re.M)[1:] if "```diff" in part}
pytestmark = pytest.mark.documents
MOST = 5  # hand-written files of an example, tests included


def blocks(example: str, kind: str) -> list[str]:
    return [body for info, body, _ in house.fences(EXAMPLES[example]) if info == kind]


def changed(text: str, hunk: list[str]) -> str:
    """A file's text after a hunk: its lines without + must stand in the file, together and once."""
    known = [line[1:] for line in hunk if line[0] != "+"]
    lines = text.splitlines()

    def fits(said: str, line: str) -> bool:
        return line.startswith(said[:-1]) if said.endswith("…") else line == said

    places = [at for at in range(len(lines) - len(known) + 1)
              if all(fits(said, lines[at + k]) for k, said in enumerate(known))]  # fmt: skip
    assert len(places) == 1, f"{len(places)} places for\n" + "\n".join(hunk)
    made, at = [], places[0]
    for line in hunk:
        if line[0] == "+":
            made.append(line[1:])
        else:
            made += [lines[at]] if line[0] == " " else []
            at += 1
    return "\n".join([*lines[: places[0]], *made, *lines[at:]]) + "\n"


def apply(block: str, folder: Path) -> str:
    """Make the change of one block in a copy of the project; the file's name."""
    head, *lines = block.splitlines()
    name = head.removeprefix("+++ ")
    path = folder / name
    hunks: list[list[str]] = [[]]
    for line in lines:
        if line == "@@":
            hunks.append([])
        else:
            hunks[-1].append(line or " ")
    if all(line[0] == "+" for hunk in hunks for line in hunk):
        assert not path.exists(), f"{name} is there already"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(line[1:] for line in hunks[0]) + "\n", encoding="utf-8")
        return name
    text = path.read_text(encoding="utf-8")
    for hunk in hunks:
        text = changed(text, hunk)
    path.write_text(text, encoding="utf-8")
    return name


@pytest.fixture
def copy(tmp_path):
    """The project without its history, as somebody would change it."""
    for path in house.project_files():
        there = tmp_path / path.relative_to(ROOT)
        there.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, there)
    return tmp_path


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_worked_example_works(example, copy):
    files = {apply(block, copy) for block in blocks(example, "diff")}
    assert 2 <= len(files) <= MOST and any(name.startswith("tests/") for name in files)
    environment = plain_rules(copy)
    lines = [line for body in blocks(example, "sh") for line in body.splitlines()]
    assert any("pytest" in line for line in lines)
    for line in lines:
        words = shlex.split(line)
        command = {"baton": [sys.executable, "-m", "sim"], "python": [sys.executable]}[words[0]] + words[1:]
        done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, f"{line}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    assert lived(copy) == lived(ROOT)


def plain_rules(folder: Path) -> dict:
    """Nothing is compiled for a copy that is used once."""
    return {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(folder), "MPLBACKEND": "Agg"}


@cache
def lived(folder: Path) -> str:
    """What happens in a firm that uses nothing new: an added lever, practice or panel moves nobody's luck.

    Who would support which practice is left out: somebody may like a new one that nobody decrees.
    """
    program = """if True:
        import hashlib, sim
        run = sim.run(sim.read("small-simple").but(days=90), seed=5)
        tables = [run.daily, run.leads, run.people.drop(columns="willing"), run.ties]
        print(hashlib.sha256("".join(table.to_csv() for table in tables).encode()).hexdigest())
    """
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=folder, env=plain_rules(folder), capture_output=True, text=True)
    assert done.returncode == 0 and len(done.stdout) == 65, done.stderr[-3000:]
    return done.stdout


def test_a_change_that_fits_nowhere_is_told():
    with pytest.raises(AssertionError, match="0 places"):
        changed("one\ntwo\n", [" three", "+four"])
    with pytest.raises(AssertionError, match="2 places"):
        changed("one\none\n", [" one", "+four"])
    assert changed("one\ntwo\n", [" o…", "-two", "+three"]) == "one\nthree\n"


def test_there_are_examples():
    assert {"A lever with a rule", "A practice", "A panel of the page"} <= set(EXAMPLES)
