"""A constant is a number with a home that nobody moves: documented like any other, and refused wherever one is set."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

import sim
from sim.cli import code_of
from sim.errors import InputError
from sim.model.theory import Theory, numbers, with_values
from sim.page.lessons import lesson_names, read_lesson
from sim.page.view import view_of
from sim.scenario.schema import DECLARED, NUMBERS
from sim.study.experiments.factors import factor
from sim.study.upgrade import upgraded
from sim.study.validation.calibration import movable
from sim.study.validation.odd import table_of_numbers

FIXED = [number for number in numbers().values() if number.fixed]


def test_there_are_constants_and_they_are_no_levers():
    assert FIXED and not any(number.lever or number.choices for number in FIXED)
    assert {number.name for number in FIXED} == set(DECLARED) - set(NUMBERS)
    assert not {number.name for number in FIXED} & {number.name for number in movable()}


@pytest.mark.parametrize("number", FIXED, ids=lambda n: n.name)
def test_wherever_a_constant_is_set_it_is_refused_in_a_sentence(number, tmp_path, capsys):
    group, key = number.name.split(".")
    said = f"{number.name} is a constant ({number.default:g} {number.unit})"
    (tmp_path / "firm.toml").write_text(f"[{group}]\n{key} = {number.default}\n", encoding="utf-8")
    (tmp_path / "changed.toml").write_text(f"[[changes]]\nday = 5\n{number.name} = {number.high}\n", encoding="utf-8")
    arm = {"scenario": "silo", "changes": [{"day": 0, "values": {number.name: number.low}}]}
    for how in (lambda: sim.read(tmp_path / "firm.toml"), lambda: sim.read(tmp_path / "changed.toml"),
                lambda: sim.read().but({number.name: number.low}),
                lambda: sim.salib_problem({number.name: (number.low, number.high), "trust.initial": "bounds"}),
                lambda: view_of({"arms": {"a": arm}, "seed": 1})):  # fmt: skip
        with pytest.raises(InputError) as told:
            how()
        assert said in str(told.value)
    assert factor(number.name, "uncertainty", "bounds")[1][0].startswith(said)
    assert code_of(["run", "--set", f"{number.name}={number.default}"]) == 3 and said in capsys.readouterr().err


@pytest.mark.parametrize("number", FIXED, ids=lambda n: n.name)
def test_a_file_that_sets_a_constant_is_upgraded(number):
    group, key = number.name.split(".")
    found = upgraded(f"[{group}]\n{key} = {number.low}  # why\n", Path("firm.toml"))
    assert found.text == f"[{group}]\n# why\n" and "is a constant now" in found.steps[0].why
    text = f'claim = "x"\n[levers]\nliaison.count = [0, 1]\n[uncertainties]\n{number.name} = "bounds"\n'
    assert number.name not in upgraded(text, Path("e.toml")).text


def test_a_constant_is_documented_like_any_number(capsys):
    table = table_of_numbers()
    assert code_of(["levers", "--all", "--json"]) == 0
    told = {row["name"]: row for row in json.loads(capsys.readouterr().out)}
    for number in FIXED:
        assert f"| `{number.name}` (constant) | {number.default:g} |" in table
        assert told[number.name]["fixed"] and told[number.name]["value"] == number.default
    assert not any(row["fixed"] for name, row in told.items() if name in NUMBERS)
    assert code_of(["levers", FIXED[0].name]) == 0
    said = capsys.readouterr().out
    assert "a constant: no file, command or experiment moves it" in said and "--set" not in said


def test_nothing_that_comes_with_baton_moves_a_constant():
    """Scenarios, experiments and lessons: they would not be read."""
    for name in sim.shipped():
        sim.read(name)
    for lesson in map(read_lesson, lesson_names()):
        for card in lesson["cards"]:
            assert {*card.get("before", ()), *card.get("change", ())} <= set(NUMBERS)
    for path in (Path(__file__).parents[1] / "experiments").glob("*.toml"):
        named = json.dumps(tomllib.loads(path.read_text(encoding="utf-8")))
        assert not [number.name for number in FIXED if number.name in named]


def test_a_rules_own_test_may_still_move_one():
    name = FIXED[0].name
    group, key = name.split(".")
    assert getattr(getattr(with_values(Theory(), {name: numbers()[name].high}), group), key) == numbers()[name].high
