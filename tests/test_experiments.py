"""The experiments can be run: their help, and the smallest question of each."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.documents

SCRIPTS = ("speed", "rooms", "calibration")


def call(root, script: str, *arguments: str) -> str:
    program = [sys.executable, f"experiments/{script}.py", *arguments]
    done = subprocess.run(program, cwd=root, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": ""})
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("script", SCRIPTS)
def test_help_says_what_it_is_for(root, script):
    said = call(root, script, "--help")
    assert f"python experiments/{script}.py" in said and "--output" in said


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_part_that_does_not_exist_is_refused(root, script):
    option = "--rooms" if script == "rooms" else "--only"
    program = [sys.executable, f"experiments/{script}.py", option, "nonsense"]
    done = subprocess.run(program, cwd=root, capture_output=True, text=True)
    assert done.returncode == 2 and "nonsense" in done.stderr and "Traceback" not in done.stderr


def test_calibration_moves_a_number_and_takes_it_up_again(root, tmp_path):
    keep, page = tmp_path / "moves.jsonl", tmp_path / "page.md"
    asked = ("--only", "trust.gain", "--markets", "2", "--keep", str(keep))
    said = call(root, "calibration", *asked)
    assert said.count("trust.gain") >= 2 and "net value" in said
    lines = keep.read_text().splitlines()
    call(root, "calibration", *asked, "--output", str(page))
    assert keep.read_text().splitlines() == lines
    assert "## Which numbers matter most" in page.read_text() and "`trust.gain`" in page.read_text()


def test_rooms_compares_with_and_without(root, tmp_path):
    out = tmp_path / "rooms.json"
    call(root, "rooms", "--seeds", "5000:2", "--scenarios", "default", "--rooms", "liaison,practices", "-o", str(out))
    liaison, practices = json.loads(out.read_text())["rooms"]
    assert not liaison["earns"], "the default has no liaison: without her room nothing may change"
    assert practices["difference"]["mean"] != 0


def test_speed_counts_and_pairs(root, tmp_path):
    out = tmp_path / "speed.json"
    call(root, "speed", "--only", "g", "--rounds", "1", "--seeds", "5000:3", "-o", str(out))
    assert len(json.loads(out.read_text())["g"]) == 8


def test_the_counted_run_counts_every_phase(root):
    """The floor rests on these counts, so they are looked at: plain rules, a few days."""
    done = subprocess.run(
        [sys.executable, "-m", "helpers.speed.counts", "--days", "6"],
        cwd=root / "experiments",
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
    )
    found = json.loads(done.stdout)
    assert found["person_days"] == 6 * 36
    phases = found["calls"]
    assert phases["workload.begin_day"]["write people"] >= 6 * 36
    assert phases["contact.talk"]["mix"] > 6 * 36 and phases["marketing.attract"]["share"] > 0


def test_rows_are_judged_under_other_numbers_beside_the_default(root, tmp_path):
    tried = tmp_path / "numbers.toml"
    tried.write_text("[selling]\nwin = 0.3\n")
    line = call(root, "pulling", "--rows", "B5", "--try", str(tried)).splitlines()[-1].split()
    assert line[0] == "B5" and float(line[-2]) < float(line[-4]) and line[-1] == "fails"
