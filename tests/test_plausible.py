"""Plausible ranges stand beside the bounds: every guess has one, within its bounds and around its default."""

from __future__ import annotations

import csv
import json
import math

import pytest

import sim
from sim.cli import code_of
from sim.model.theory import GUESS, N, numbers, plausible
from sim.study.experiments.factors import factor
from sim.study.experiments.file import parse
from sim.study.validation.calibration import kind_of
from sim.study.validation.odd import table_of_numbers

# Levers of which 0 means "not said": who is there decides, or nobody is idle. They are settings, not guesses.
SETTINGS = {"market.for_marketers", "market.for_salespeople", "workforce.idle"}
GUESSED = [n for n in numbers().values() if GUESS in n.source and n.choices is None and n.name not in SETTINGS]
SWITCH = {0, 1}


@pytest.mark.parametrize("number", GUESSED, ids=lambda n: n.name)
def test_every_guess_has_a_plausible_range_around_its_default(number):
    if number.type is int and {number.low, number.high} == SWITCH:
        return
    low, high = number.plausible
    assert number.low <= low < high <= number.high and low <= number.default <= high
    assert type(low) is type(high) is number.type


@pytest.mark.parametrize("number", numbers().values(), ids=lambda n: n.name)
def test_a_range_that_is_told_lies_within_the_bounds(number):
    if kind_of(number) == "fixed" or number.choices is not None:
        assert number.plausible is None
    if number.plausible:
        low, high = number.plausible
        assert number.low <= low < high <= number.high and low <= number.default <= high


def test_the_rule_of_thumb_is_half_to_double_within_the_bounds():
    assert plausible(N("0..1", 0, 1, "x"), float, 0.8) == (0.4, 1.0)
    assert plausible(N("ties", 1, 100, "x"), int, 3) == (2, 6)
    low, high = plausible(N("log-odds", -10, 10, "x"), float, 1.0)
    assert math.exp(1.0 - low) == pytest.approx(2, rel=0.01) == math.exp(high - 1.0)
    assert plausible(N("log-odds", 0, 20, "what trust adds"), float, 4.0) == (2.0, 8.0)  # a weight, not a place
    assert plausible(N("x", 0, 1, "x", "F10"), float, 0.5) is None
    assert plausible(N("x", 0, 1, "x", "F10 (0.2-0.7)", plausible=(0.2, 0.7)), float, 0.5) == (0.2, 0.7)


def test_it_is_served_to_levers_and_the_odd(capsys):
    assert code_of(["levers", "--all", "--json"]) == 0
    told = {row["name"]: row["plausible"] for row in json.loads(capsys.readouterr().out)}
    assert told == {name: list(n.plausible) if n.plausible else None for name, n in numbers().items()}
    assert code_of(["levers", "trust.gain"]) == 0 and "0.02 to 0.1: its plausible range" in capsys.readouterr().out
    rows = list(csv.reader(table_of_numbers().splitlines(), delimiter="|"))
    at = [cell.strip() for cell in rows[0]].index("plausible")
    assert {row[1].strip(): row[at].strip() for row in rows}["`trust.gain` (lever)"] == "0.02 to 0.1"


def test_an_experiment_says_it_in_a_word_or_with_levels(tmp_path):
    path = tmp_path / "e.toml"
    text = 'claim = "x"\n[levers]\nliaison.count = "plausible"\ntrust.initial = { range = "plausible", levels = 4 }\n'
    text += '[uncertainties]\nconflict.lapse = { range = "bounds", levels = 3 }\n[sample]\nmethod = "grid"\n'
    path.write_text(text, encoding="utf-8")
    made = sim.read_experiment(path)
    assert [(each.low, each.high, each.levels) for each in made.factors] == [(0, 2, 0), (0.15, 0.65, 4), (0.0, 1.0, 3)]
    assert made.factors[1].steps()[-1] == 0.65
    assert parse(made.to_toml(), path, made.base).factors == made.factors


@pytest.mark.parametrize("name", numbers())
def test_every_plausible_range_is_a_factor_or_is_refused_with_the_reason(name):
    made, problems = factor(name, "uncertainty", "plausible")
    ends = None if numbers()[name].fixed else numbers()[name].plausible
    assert (made.low, made.high) == ends if ends else made is None and len(problems) == 1 and name in problems[0]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"range": "plausibel"}, 'did you mean "plausible"'),
        ({"range": 3}, 'must be one of "bounds", "plausible"'),
        ({"range": "plausible", "low": 0.1}, "says low already"),
        ({"range": "plausible", "levels": 1}, "levels"),
    ],
)
def test_what_is_wrong_with_a_named_range_is_said(given, said):
    made, problems = factor("trust.initial", "lever", given)
    assert made is None and said in problems[0]


def test_liaisons_go_as_far_as_there_are_marketers():
    one = sim.salib_problem({"liaison.count": "plausible"}, sim.read("silo").but(workforce__marketers=2))
    assert one["bounds"] == [[-0.5, 1.5]]
