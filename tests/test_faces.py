"""What a lever of the page is called, how far it goes and its letter are said once, and the page shows just that."""

from __future__ import annotations

import json
import re
from itertools import pairwise

import pytest
from house import ROOT
from test_page_browser import CHROMIUM, browser, change, opened  # noqa: F401

from sim.page.describe import LEVERS, about
from sim.page.share import CODES
from sim.scenario.faces import FACES, GROUPS, Moved
from sim.scenario.schema import NUMBERS

STATIC = ROOT / "sim" / "page" / "static"
GIVEN = {  # letters that links bear since they were given: none is ever taken back, or given to another lever
    "workforce.marketers": "M", "workforce.salespeople": "S", "liaison.count": "C", "liaison.trust_marketing": "T",
    "liaison.trust_sales": "U", "trust.initial": "I", "distance.between_teams_m": "G", "communication.cost_hours": "H",
    "communication.delay_days": "D", "practices.rules": "R", "practices.events": "V", "practices.meetings": "E",
    "practices.feedback_loop": "F", "practices.joint_planning": "J", "practices.key_accounts": "K",
    "practices.shared_metrics": "Q", "practices.rotation": "O",
}  # fmt: skip
PICTURED = {"floor/floor.js"}  # the gap is drawn as wide as the teams are apart
TRIED = {"bar/info.js"}  # examples that the help opens name what they move, as a scenario file does


def test_a_face_is_that_of_a_lever_and_every_practice_has_one():
    assert all(NUMBERS[name].lever for name in FACES)
    practices = {name for name, number in NUMBERS.items() if name.startswith("practices.") and number.choices}
    assert practices <= set(FACES)
    assert LEVERS == tuple(FACES) == tuple(CODES)


def test_a_letter_once_given_stays_with_its_lever():
    owners = {code: name for name, code in GIVEN.items()}
    assert GIVEN.items() <= CODES.items()
    assert all(owners.get(code, name) == name for name, code in CODES.items())
    assert len(set(CODES.values())) == len(CODES) and all(re.fullmatch("[A-Z]", code) for code in CODES.values())


@pytest.mark.parametrize("name", FACES)
def test_a_face_fits_its_number(name):
    face, number = FACES[name], NUMBERS[name]
    assert face.group in GROUPS and face.label and face.flag
    if face.scale is None:
        assert list(number.choices) == [0, 1, 2]  # the modes that the page has words and marks for
        assert not (face.named or face.unit or face.none or face.change)
        return
    assert number.low <= face.scale.low < face.scale.high <= number.high and not number.choices
    parts = round(1 / face.scale.step)
    assert parts * face.scale.step == 1 and (parts == 1 or number.type is float)
    assert face.scale.low > 0 or not face.scale.log
    assert not face.none or face.scale.low == 0
    if face.named:
        values, words = zip(*face.named, strict=True)
        assert values[0] <= face.scale.low and all(a < b for a, b in pairwise(values))
        assert values[-1] <= face.scale.high or face.scale.high < number.high
        assert len(set(words)) == len(words)
    if isinstance(face.change, Moved):
        assert face.change.less != face.change.more
        assert {*re.findall(r"\{.*?\}", face.change.less + face.change.more)} <= {"{value}"}


def test_labels_tell_levers_apart_and_groups_have_levers():
    assert len({face.label for face in FACES.values()}) == len(FACES)
    assert {face.group for face in FACES.values()} == set(GROUPS)


def test_the_page_is_served_every_face_as_it_was_declared():
    told = json.loads(json.dumps(about({}), allow_nan=False))
    assert list(told["levers"]) == list(FACES) and list(told["groups"].items()) == list(GROUPS.items())
    for name, lever in told["levers"].items():
        face, number = FACES[name], NUMBERS[name]
        assert [tuple(each) for each in lever["named"]] == list(face.named)
        for field in ("label", "code", "group", "flag", "unit", "none"):
            assert lever[field] == getattr(face, field)
        for field in ("scale", "change"):
            assert lever[field] == (getattr(face, field) and getattr(face, field)._asdict())
        assert (lever["low"], lever["high"], lever["whole"]) == (number.low, number.high, number.type is int)
        assert (lever["hours"] is not None) == (face.scale is None)
        assert lever["needs"] is None or lever["needs"] in FACES


def test_no_script_of_the_page_names_a_lever_or_what_it_is_called():
    """But where a lever has a picture of its own, and examples; what makes a firm (rules/, engine/) is none."""
    texts = {path.relative_to(STATIC).as_posix(): path.read_text(encoding="utf-8") for path in STATIC.rglob("*.js")}
    texts = {path: text for path, text in texts.items() if not path.startswith(("rules/", "engine/"))}
    assert {path for path, text in texts.items() if any(name in text for name in FACES)} == PICTURED | TRIED
    labels = {face.label for face in FACES.values()}
    called = labels | {word for face in FACES.values() for _, word in face.named if " " in word}
    quoted = {path: [word for word in called if re.search(f"['\"`]{word}['\"`]", text)] for path, text in texts.items()}
    assert {path: found for path, found in quoted.items() if found} == {}


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
def test_the_panel_shows_what_is_declared(opened):  # noqa: F811
    page = opened()
    rows = page.locator(".left [data-lever]").evaluate_all(
        "rows => rows.map((row) => [row.dataset.lever, row.querySelector('span').textContent])"
    )
    assert rows == [[name, face.label] for name, face in FACES.items()]
    assert page.locator(".left .group > span:first-child").all_text_contents() == list(GROUPS.values())
    change(page, "liaison.count", 1)
    for name, face in FACES.items():
        for value, word in [each for each in face.named if each[0] >= face.scale.low]:
            said = page.evaluate(
                """async ([name, value]) => {
                  baton.plan.change(name, value, 0);
                  for (let i = 0; i < 2; i++) { baton.draw(); await new Promise(requestAnimationFrame); }
                  return document.querySelector(`[data-lever="${name}"] .said`).textContent;
                }""",
                [name, value],
            )
            assert said.startswith(f"{word}, "), name
