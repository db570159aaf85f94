"""The worked example of docs/tutorials/extending.md. (Its own code and commands are run by test_readme.)"""

from __future__ import annotations

import json
import math
from runpy import run_path

import house
import numpy as np
import pytest

import sim
from sim.cli import code_of
from sim.contract import ContractError, check_day
from sim.errors import InputError
from sim.files.own_day import read_day, record
from sim.model.hashes import state_hash
from sim.model.kernel import COMPILED
from sim.run import run

GOSSIP = house.ROOT / "docs" / "tutorials" / "gossip.py"
SMALL = "small-simple"


@pytest.fixture(scope="module")
def gossip():
    return run_path(str(GOSSIP))


@pytest.mark.reference
@pytest.mark.bounds
def test_gossip_keeps_the_contract(gossip):
    report = check_day(gossip["day"], SMALL if not COMPILED else "default", days=66, seeds=[1])
    assert report.day == "day"


def test_gossip_has_the_same_bits_in_plain_rules(gossip):
    check_day(gossip["day"], SMALL, days=15, seeds=[1], plain=True)


def test_gossip_moves_trust_and_notes_it(gossip):
    scenario = sim.read("silo").but(days=65)
    talked, silent = (run(scenario, 2, step=step).state.firm for step in (gossip["day"], None))
    assert talked.guest["b"].sum() > 20
    assert (talked.guest["a"] > 0).all() and (talked.guest["a"] < 2).all()
    assert talked.guest["c"].sum() < 0  # bad news goes further
    assert not np.array_equal(talked.ties["cog"], silent.ties["cog"])
    assert (silent.guest["a"] == 0).all()


def test_without_mates_there_is_no_gossip(gossip):
    """Zero means nothing happens: only the readiness to gossip is noted."""
    scenario = sim.read("silo").but(days=30, workforce__mates=0)
    talked, silent = (run(scenario, 2, step=step).state.firm for step in (gossip["day"], None))
    assert (talked.guest["b"] == 0).all()
    talked.guest["a"] = 0
    assert state_hash(talked) == state_hash(silent)


def test_excerpts_are_taken_from_the_file():
    """Every line of a `py` block of the document stands in the example."""
    lines = {line.strip() for line in GOSSIP.read_text(encoding="utf-8").splitlines()}
    text = (house.ROOT / "docs" / "tutorials" / "extending.md").read_text(encoding="utf-8")
    blocks = [body for info, body, _ in house.fences(text) if info == "py"]
    assert len(blocks) == 3
    for line in "".join(blocks).splitlines():
        assert line.strip() in lines, line


# ---- a fault of the user's file is the user's, with its file and line

DAY = "def day(firm, theory, dice):\n"
FAULTS = {  # file, line, what is said where rules are compiled and where they are plain
    "syntax": ("def day(firm, theory, dice)\n    pass\n", 1, "expected ':'"),
    "import": ("import nosuchmodule\n" + DAY + "    pass\n", 1, "nosuchmodule"),
    "when read": ("\nRATE = 1 / 0\n" + DAY + "    pass\n", 2, "ZeroDivisionError"),
    "exit": ("import sys\nsys.exit(0)\n", 2, "SystemExit"),
    "zero byte": (DAY + "    x = 1\x00\n", 1, "null bytes"),
    "two arguments": ("def day(firm, theory):\n    pass\n", 1, "3 arguments"),
    "unknown name": (DAY + "    today = 1\n    firm.guest[0]['a'] += todya\n", 3, "todya"),
    "unknown array": (DAY + "    firm.peple['team'][0] = 1\n", 2, "peple"),
    "argument left out": (
        "from sim.model.kernel import guest\n\n\n@guest\ndef two(a, b):\n    return a\n\n\n" + DAY + "    two(firm)\n",
        10, "b'"),
}  # fmt: skip


@pytest.mark.reference
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_of_a_day_file_is_told_with_its_line(name, tmp_path, capsys):
    text, line, said = FAULTS[name]
    path = tmp_path / "gossip.py"
    path.write_text(text, encoding="utf-8")
    assert code_of(["run", SMALL, "--days", "3", "--day", str(path), "--quiet"]) == 3
    err = capsys.readouterr().err
    assert f"gossip.py, line {line}: " in err and said in err and "our fault" not in err
    assert len(err) < 500 and "\x1b" not in err


@pytest.mark.reference
def test_a_day_that_fails_on_its_way_is_told_with_its_line(tmp_path):
    """Also in Python, in many markets, and in the contract; a fault that is ours stays one."""
    path = tmp_path / "fails.py"
    path.write_text(DAY + "    if dice.day == 2:\n        raise ValueError('day two')\n", encoding="utf-8")
    step = read_day(path)
    for tried in (lambda: run(SMALL, 1, step=step), lambda: sim.many(SMALL, 2, step=step)):
        with pytest.raises(InputError, match=r"fails\.py, line 3: ValueError: day two"):
            tried()
    with pytest.raises(ContractError, match=r"fails\.py, line 3: ValueError: day two"):
        check_day(step, SMALL, days=4, seeds=[1])


def test_what_compiled_code_refuses_is_the_files_fault(tmp_path):
    if not COMPILED:
        pytest.skip("plain rules take a dictionary")
    path = tmp_path / "rates.py"
    path.write_text("RATES = {'a': 1.0, 'b': 2}\n" + DAY + "    firm.guest[0]['a'] += RATES['a']\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"rates\.py, line 3: Untyped global name 'RATES'") as told:
        run(SMALL, 1, step=read_day(path))
    assert len(str(told.value)) < 400


def test_a_day_file_replaces_no_module_and_is_read_anew_when_it_is_edited(tmp_path):
    before = (math, json, sim)
    for name in ("math", "json", "sim"):
        path = tmp_path / f"{name}.py"
        path.write_text(DAY + "    return 1\n", encoding="utf-8")
        first = read_day(path)
        assert read_day(path) is first  # compiled once
        assert record(first)["day"] == f"{name}.py"
    import importlib

    assert tuple(importlib.import_module(each.__name__) for each in before) == before
    path.write_text(DAY + "    return 2\n", encoding="utf-8")
    assert read_day(path) is not first


def test_a_plain_function_will_do_and_anything_else_is_refused():
    def day(firm, theory, dice):
        firm.guest[0]["a"] = 1.0

    assert run(SMALL, 1, until=1, step=day).state.firm.guest["a"][0] == 1.0
    with pytest.raises(InputError, match="not a function day"):
        run(SMALL, 1, step="gossip.py")
