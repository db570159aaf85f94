"""What the documents show is run: their Python, and their `baton` lines, in a temporary folder."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys

import house
import pytest
from house import ROOT

DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
pytestmark = pytest.mark.documents
SHELLS = {"sh", "bash", "shell", "console"}


def blocks(path, kinds) -> list[tuple[str, int]]:
    """The fenced blocks of these kinds; one marked `not run` after its kind is left out (it opens a window, say)."""
    text = path.read_text(encoding="utf-8")
    return [(body, line) for info, body, line in house.fences(text) if info in kinds]


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A folder such as a reader has: the scenarios and experiments, and nothing else."""
    for folder in ("scenarios", "experiments", "docs"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("path", [p for p in DOCUMENTS if blocks(p, {"python"})], ids=lambda p: p.name)
def test_python_in_documents_runs(path, desk, monkeypatch):
    """The blocks of one document are one session, in order, in a process of their own."""
    lines = []
    for body, line in blocks(path, {"python"}):
        lines += [""] * (line - len(lines)) + body.splitlines()  # so that errors name the document's line
    script = desk / f"{path.stem}_blocks.py"
    script.write_text("\n".join(lines) + "\n", encoding="utf-8")
    environment = {**os.environ, "MPLBACKEND": "Agg"}
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, env=environment, cwd=desk)
    assert done.returncode == 0, done.stderr


def commands() -> list[tuple[str, str]]:
    found = []
    for path in DOCUMENTS:
        for body, _ in blocks(path, SHELLS):
            for line in body.replace("\\\n", " ").splitlines():
                line = line.strip().removeprefix("$ ")
                if line.startswith("baton "):
                    found.append((path.name, line))
    return found


@pytest.mark.parametrize("name", sorted({name for name, _ in commands()}))
def test_commands_in_documents_run(name, desk):
    """The `baton` lines of one document, in order; each ends well."""
    for document, line in commands():
        if document != name:
            continue
        words = shlex.split(line, comments=True)
        command = [sys.executable, "-m", "sim", *words[1:]]
        done = subprocess.run(command, capture_output=True, text=True, cwd=desk)
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"


def test_the_number_in_the_readme_is_what_its_lines_print(desk):
    """The first Python block prints the difference and its interval; the sentence below it tells them."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (body, _), *_ = blocks(ROOT / "README.md", {"python"})
    done = subprocess.run([sys.executable, "-c", body], capture_output=True, text=True, cwd=desk)
    printed = re.findall(r"^(?:difference|low|high)\s+(\S+)$", done.stdout, re.M)
    told = re.search(r"\*\*(\S+) points \(95 % interval (\S+) to (\S+)\)\*\*", readme)
    assert told and list(told.groups()) == printed, done.stdout + done.stderr


def test_the_readme_is_read_over_one_coffee():
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 150


def test_there_is_something_to_run():
    assert commands() and blocks(ROOT / "README.md", {"python"})
