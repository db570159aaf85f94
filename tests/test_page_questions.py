"""What may be asked of an organization is one table: in Python, in a browser's engine, in every source of the page."""

from __future__ import annotations

import re

from house import ROOT

from sim.page.questions import QUESTIONS

STATIC = ROOT / "sim" / "page" / "static"
SOURCE = (STATIC / "common" / "source.js").read_text(encoding="utf-8")
TYPES = (STATIC / "common" / "types.js").read_text(encoding="utf-8")
SERVED = (STATIC / "engine" / "served.js").read_text(encoding="utf-8")
ANSWERS = (STATIC / "engine" / "engine.js").read_text(encoding="utf-8")
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
    assert set(asked) == set(QUESTIONS)
    for do, given in asked.items():
        if do != "class":  # what a class says is put together by act: static/class
            assert given | SPREAD.get(do, set()) == set(QUESTIONS[do].takes), do


def test_every_source_of_frames_has_the_same_face():
    typed = re.findall(r"^ \* @property \{.*?\} (\[?)(\w+)\]?$", TYPES.split("@typedef {object} Source\n")[1]
                       .split("@typedef")[0].replace("\n *   ", " "), flags=re.M)  # fmt: skip
    face = {"connect", *(OWN.get(name, name) for name in QUESTIONS)}
    assert {name for _, name in typed} == face
    assert {name for optional, name in typed if not optional} == set(methods(REPLAY, "RecordedSource")) - {
        "constructor"
    }
    assert face <= set(methods(SOURCE, "SocketSource"))
    for source, name in ((OWN_ENGINE, "EngineSource"), (SERVED, "ServedSource")):
        assert face == set(methods(source, name)) - {"constructor"}


def test_the_browsers_engine_answers_every_question_itself():
    """Beside them only what a page's source asks of a helper beside the floor."""
    answered = set(re.findall(r"^  (\w+)\(engine", ANSWERS, flags=re.M))
    assert answered - {"plan", "market", "pieces", "piece", "sum"} == set(QUESTIONS) - {"class"}


def test_what_nobody_declared_reaches_nobody():
    for question in QUESTIONS.values():
        message = dict.fromkeys(("do", "id", "visitor", "who", "extra ", "__proto__", *question.takes), 1)
        assert set(question.asked(message)) == set(question.takes)
        assert not {"do", "id", "visitor", "who"} & set(question.takes)


def test_only_the_web_server_answers_without_an_organization():
    assert {name for name, question in QUESTIONS.items() if question.answer is None} == {"class"}
