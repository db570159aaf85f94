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


def said(number) -> str:
    return f"{number.name} is a constant ({number.default:g} {number.unit})"


def test_wherever_constants_are_set_each_is_refused_in_a_sentence(tmp_path, capsys):
    """Some at a time, as all errors are told at once, and one by itself."""
    for chosen in (FIXED[-1:], *(FIXED[i : i + 10] for i in range(0, len(FIXED), 10))):
        groups = sorted({n.name.split(".")[0] for n in chosen})
        tables = [[f"[{g}]", *(f"{n.name.split('.')[1]} = {n.default}" for n in chosen if n.name.split(".")[0] == g)]
                  for g in groups]  # fmt: skip
        (tmp_path / "firm.toml").write_text("\n".join(line for table in tables for line in table), encoding="utf-8")
        changes = "\n".join(f"{n.name} = {n.high}" for n in chosen)
        (tmp_path / "changed.toml").write_text(f"[[changes]]\nday = 5\n{changes}\n", encoding="utf-8")
        low = {n.name: n.low for n in chosen}
        arm = {"scenario": "silo", "changes": [{"day": 0, "values": low}]}
        bounds = {n.name: (n.low, n.high) for n in chosen}
        for how in (lambda: sim.read(tmp_path / "firm.toml"), lambda: sim.read(tmp_path / "changed.toml"),
                    lambda low=low: sim.read().but(low),
                    lambda bounds=bounds: sim.salib_problem({**bounds, "trust.initial": "bounds"}),
                    lambda arm=arm: view_of({"arms": {"a": arm}, "seed": 1})):  # fmt: skip
            with pytest.raises(InputError) as told:
                how()
            assert not [n.name for n in chosen if said(n) not in str(told.value)]
        settings = [x for n in chosen for x in ("--set", f"{n.name}={n.default}")]
        assert code_of(["run", *settings]) == 3
        heard = capsys.readouterr().err
        assert not [n.name for n in chosen if said(n) not in heard]
    for number in FIXED:
        assert factor(number.name, "uncertainty", "bounds")[1][0].startswith(said(number))


def test_a_file_that_sets_constants_is_upgraded():
    lines = [(f"[{n.name.split('.')[0]}]\n{n.name.split('.')[1]} = {n.low}  # why\n", n) for n in FIXED]
    for text, number in (*lines[::20], lines[-1]):
        found = upgraded(text, Path("firm.toml"))
        assert found.text == f"[{number.name.split('.')[0]}]\n# why\n" and "is a constant now" in found.steps[0].why
    names = "\n".join(f'{n.name} = "bounds"' for n in FIXED)
    text = f'claim = "x"\n[levers]\nliaison.count = [0, 1]\n[uncertainties]\n{names}\n'
    found = upgraded(text, Path("e.toml"))
    assert not [n.name for n in FIXED if n.name in found.text] and len(found.steps) == len(FIXED)


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
