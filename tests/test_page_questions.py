"""What may be asked of the page's engine is one table; the page's own list says the same, name by name."""

from __future__ import annotations

import ast
import re

import pytest
from house import ROOT

from sim.page.pipe import Refused
from sim.page.questions import OF_VISITORS, QUESTIONS, Held, Pace
from sim.page.reveal import Hold

STATIC = ROOT / "sim" / "page" / "static"
SOURCE = (STATIC / "common" / "source.js").read_text(encoding="utf-8")
TYPES = (STATIC / "common" / "types.js").read_text(encoding="utf-8")
OWN_ENGINE = (STATIC / "engine" / "source.js").read_text(encoding="utf-8")
REPLAY = (STATIC / "replay.js").read_text(encoding="utf-8")
OWN = {"class": "tell"}  # the one method that is not called as its question
SPREAD = {"set": {"arms", "base", "seed", "day"}, "story": {"lead", "person", "day"}}  # given to a method in one table


def methods(text: str, name: str) -> dict[str, str]:
    """The methods of a class in a script, with their bodies; those that begin with _ are its own."""
    body = text.split(f"class {name} ")[1].split("\n}\n")[0]
    found = re.split(r"^  (?:async )?(\w+)\((?=.*\) \{$)", body, flags=re.M)[1:]
    return {method: text for method, text in zip(found[::2], found[1::2], strict=True) if method[0] != "_"}


def test_the_page_asks_just_what_may_be_asked():
    asked = {}
    for method, body in methods(SOURCE, "SocketSource").items():
        for do, given in re.findall(r"_ask\(\{ do: '(\w+)'((?:, [\w.]+)*)", body):
            assert OWN.get(do, do) == method
            asked[do] = {name for name in given.split(", ") if name and not name.startswith("...")}
    assert set(asked) == set(OF_VISITORS)
    for do, given in asked.items():
        if do != "class":  # what a class says is put together by act: static/class
            assert given | SPREAD.get(do, set()) == set(QUESTIONS[do].takes), do


def test_every_source_of_frames_has_the_same_face():
    typed = re.findall(r"^ \* @property \{.*?\} (\[?)(\w+)\]?$", TYPES.split("@typedef {object} Source\n")[1]
                       .split("@typedef")[0].replace("\n *   ", " "), flags=re.M)  # fmt: skip
    face = {"connect", *(OWN.get(name, name) for name in OF_VISITORS)}
    assert {name for _, name in typed} == face
    assert {name for optional, name in typed if not optional} == set(methods(REPLAY, "RecordedSource")) - {
        "constructor"
    }
    assert face <= set(methods(SOURCE, "SocketSource"))
    assert face == set(methods(OWN_ENGINE, "EngineSource")) - {"constructor"}


def test_the_server_asks_just_what_only_it_may_ask():
    asked: dict[str, set[str]] = {}
    nodes = [
        node for path in (ROOT / "sim" / "page").glob("*.py") for node in ast.walk(ast.parse(path.read_text("utf-8")))
    ]
    for call in (node for node in nodes if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "ask"):
        if isinstance(call.args[0], ast.Dict):
            given = {key.value: value for key, value in zip(call.args[0].keys, call.args[0].values, strict=True) if key}
            do = given.pop("do").value
            asked[do] = set(given) - {"visitor"}
    assert set(asked) == set(QUESTIONS) - set(OF_VISITORS)
    for do, given in asked.items():
        assert given <= set(QUESTIONS[do].takes), do


def test_what_nobody_declared_reaches_nobody():
    for question in QUESTIONS.values():
        message = dict.fromkeys(("do", "id", "visitor", "who", "extra ", "__proto__", *question.takes), 1)
        assert set(question.asked(message)) == set(question.takes)
        assert not {"do", "id", "visitor", "who"} & set(question.takes)


def test_only_the_web_server_answers_without_the_engine():
    assert {name for name, question in QUESTIONS.items() if question.answer is None} == {"class"}
    assert {name for name, question in QUESTIONS.items() if question.kept} == {"set"}
    assert not any(question.visitor for question in QUESTIONS.values() if question.pace is Pace.AT_ONCE)


@pytest.mark.parametrize("name", OF_VISITORS)
def test_what_tells_of_a_run_to_its_end_waits_in_a_class(name):
    """All that is slow is so because it lives whole runs; a hash is so at a run's end alone, and answered in turn."""
    question = QUESTIONS[name]
    assert (question.slow or name == "hash") == (question.held is Held.ALL)


def test_a_hold_goes_by_the_table():
    hold = Hold(65, frozenset(), frozenset({"default"}))
    for name, question in OF_VISITORS.items():
        asked = {"do": name, "from": 66, "to": 70, "base": {"scenario": "silo"}}
        if question.held in (Held.PLANS, Held.DAYS):
            with pytest.raises(Refused):
                hold.check(asked)
        elif question.held is Held.DAY:
            assert hold.check(asked)["day"] == hold.check(asked | {"day": 70})["day"] == 65
        else:
            assert hold.check(asked) == asked
