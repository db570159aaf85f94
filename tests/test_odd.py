"""The ODD description: it says what the code says, and every submodel says what it rests on."""

from __future__ import annotations

import pytest
from house import ROOT

from sim.cli import code_of
from sim.model.theory import numbers
from sim.study.validation import odd


def test_the_committed_description_is_that_of_the_code():
    """If this fails: `baton export odd --declared -o docs/reference/odd.md`."""
    assert (ROOT / "docs/reference/odd.md").read_text(encoding="utf-8") == odd.odd(declared=True)


def test_the_committed_description_moves_with_declarations_only(monkeypatch):
    """What a rule says of itself may change without it; what is declared may not."""
    before = odd.odd(declared=True), odd.odd()
    monkeypatch.setattr(odd.ast, "get_docstring", lambda node: "Other words.")
    odd.submodels.cache_clear()
    assert odd.odd(declared=True) == before[0] and odd.odd() != before[1]
    odd.submodels.cache_clear()
    monkeypatch.setitem(odd.firm.BELIEFS_DOC, "needs", "another meaning")
    assert odd.odd(declared=True) != before[0]


@pytest.mark.parametrize("declared", [False, True])
def test_it_is_written_whole_to_where_it_is_asked(declared, tmp_path, capsys):
    arguments = ["export", "odd", "-o", str(tmp_path / "odd.md"), *(["--declared"] if declared else [])]
    assert code_of(arguments) == 0
    assert (tmp_path / "odd.md").read_text(encoding="utf-8") == odd.odd(declared)


@pytest.mark.parametrize("declared", [False, True])
def test_it_has_the_seven_elements_of_the_protocol_in_order(declared):
    heads = [line for line in odd.odd(declared).splitlines() if line.startswith("## ")]
    assert [h[3] for h in heads] == list("1234567")


def test_every_step_of_the_day_is_told_with_a_sentence():
    steps = odd.schedule()
    assert len(steps) > 35
    assert all(len(odd.sentence(name).split()) > 4 for _, name in steps)


def test_every_submodel_names_evidence_or_says_that_it_is_our_choice():
    text = odd.odd()
    for each in odd.submodels():
        part = text.split(f"#### `{each.name}`")[1].split("####")[0]
        assert "*Evidence:*" in part, each.name
        assert bool(each.evidence) != (odd.OURS in part), each.name
    assert sum(bool(each.evidence) for each in odd.submodels()) > 40


def test_no_rule_is_left_out():
    """A thing may have a room's name (language): its verbs are told by the rules that call them."""
    files = [*(odd.MODEL / "rules").glob("*.py"), odd.MODEL / "audit.py"]
    rules = {f"{path.stem}.{name}" for path in files for name in odd.functions_of(path)}
    assert len(rules) > 60 and rules == {each.name for each in odd.submodels()}


def test_numbers_are_found_by_whatever_name_their_group_has():
    read = {n.name for each in odd.submodels() for n in each.numbers}
    switches = {name for name in numbers() if name.startswith("rooms.")}
    assert len(read) > 0.75 * len(set(numbers()) - switches)
    follow = next(each for each in odd.submodels() if each.name == "selling.chance_of_follow_up")
    assert {"selling.base", "selling.load"} <= {n.name for n in follow.numbers} and "F20" in follow.evidence
