"""Where numbers come from, and how far they may move."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import Told
from sim.model.theory import numbers
from sim.study.validation import calibration as c
from sim.study.validation.calibration_page import calibration_page
from sim.study.validation.patterns import PATTERNS

NUMBERS = numbers()


def test_every_number_has_one_kind_of_source():
    kinds = {name: c.kind_of(n) for name, n in NUMBERS.items()}
    assert set(kinds.values()) == set(c.KINDS)
    assert all(kinds[n.name] == "fitted" for n in NUMBERS.values() if "fitted" in n.source)
    assert all(kinds[name] == "fixed" for name in NUMBERS if name.startswith("rooms."))
    assert all(kinds[n.name] in ("guess", "direction", "fitted") for n in NUMBERS.values() if "our guess" in n.source)


@given(st.sampled_from(c.movable()), st.floats(0.1, 10))
def test_a_moved_number_stays_one(number, factor):
    value = c.moved_to(number, factor)
    if value is not None:
        assert number.low <= value <= number.high and type(value) is number.type and value != number.default
    assert c.moved_to(number, 1.0) in (None, float(f"{number.default:.6g}"))


def test_the_rows_are_there_and_call_organizations_that_are_there():
    for name, arms in c.ROWS.items():
        assert set(arms) == set(PATTERNS[name].arms) and set(arms.values()) <= set(c.ARMS)
        for theirs, ours in arms.items():
            assert PATTERNS[name].arms[theirs].levers == c.ARMS[ours], f"{name}: {theirs} is not {ours}"


@pytest.fixture(scope="module")
def moves(tmp_path_factory):
    keep = tmp_path_factory.mktemp("kept") / "moves.jsonl"
    names = ["structure.chief_cost", "selling.deal_hours"]
    told = []
    found = c.defend(keep, names, markets=3, progress=lambda done, all_: told.append((done, all_)))
    assert told == [(1, 2), (2, 2)]
    return found, keep, names


def test_a_number_that_acts_nowhere_moves_nothing(moves):
    found = [m for m in moves[0] if m.name == "structure.chief_cost"]
    assert [m.factor for m in found] == [0.5, 2.0]
    assert all(m.score == (0.0, 0.0, 0.0) and m.net_value == (0.0, 0.0, 0.0) and not m.flipped for m in found)


def test_a_number_that_matters_moves_something(moves):
    found = {m.factor: m for m in moves[0] if m.name == "selling.deal_hours"}
    assert found[0.5].net_value[0] != 0 and math.isfinite(found[2.0].score[0])


def test_moves_are_taken_up_again(moves, monkeypatch):
    found, keep, names = moves
    monkeypatch.setattr(c, "Bench", None)
    assert c.defend(keep, names, markets=3) == found


def test_a_damaged_line_costs_what_it_held_and_is_told(moves, tmp_path, monkeypatch):
    found, keep, names = moves
    monkeypatch.setattr(c, "Bench", lambda *_: SimpleNamespace(move=lambda number, factor: wanted[number.name, factor]))
    raw, wanted = bytearray(keep.read_bytes()), {(move.name, move.factor): move for move in found}
    raw[60] ^= 1
    (tmp_path / "moves").write_bytes(bytes(raw) + b'a line that was never finished, ["')
    with pytest.warns(Told, match="1 of its lines damaged"):
        assert c.defend(tmp_path / "moves", names, markets=3) == found
    monkeypatch.setattr(c, "Bench", None)
    with pytest.warns(Told, match="2 of its lines"):  # the one that was never finished is a line now
        assert c.defend(tmp_path / "moves", names, markets=3) == found


def test_the_page_counts_all_numbers(moves):
    text = calibration_page(moves[0], 3)
    assert f"Of {len(NUMBERS)} declared numbers" in text and f"Only 2 of these {len(c.movable())} numbers" in text
    assert "`structure.chief_cost`" in text.split("## Numbers that nothing shows")[1]
