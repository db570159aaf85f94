"""A picture may come from anybody: whatever it says, `--check` answers kindly and soon, and opens no other file."""

from __future__ import annotations

import copy
import json
import os
import random
import re
import time
from xml.sax.saxutils import escape, unescape

import pytest

from sim import cli
from sim.figures import imprint_read

SCENARIO = 'title = "Mine"\nbased_on = "small-simple"\ndays = 10\n'
SOURCE = re.compile("<dc:source>(.*?)</dc:source>", re.DOTALL)
SECRET = "nobody-should-read-this"
HOSTILE = [None, True, -1, 0, 2_000_000_000, 2**63, 10**400, 1e308, -0.5, "", "x", "\x1b[31m", "/dev/zero", [], {},
           [[]], {"a": 1}, [None], {"first": 0, "step": 1, "n": 2_000_000_000},
           {"first": 0, "step": 0, "n": 999_999}]  # fmt: skip


@pytest.fixture(scope="module")
def picture(tmp_path_factory):
    """A small picture's text, and its record."""
    folder = tmp_path_factory.mktemp("picture")
    (folder / "mine.toml").write_text(SCENARIO, encoding="utf-8")
    (folder / "secret.toml").write_text(SECRET, encoding="utf-8")
    os.mkfifo(folder / "pipe.toml")
    words = ["export", "figure", "revenue", "mine.toml", "-o", "f.svg", "-q"]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert cli.code_of(words) == 0
    text = (folder / "f.svg").read_text(encoding="utf-8")
    return folder, text, json.loads(unescape(SOURCE.search(text)[1]))


@pytest.fixture
def check(picture, monkeypatch, capsys):
    """(exit code, what is said) of a check of the picture with another record."""
    folder, text, _ = picture
    monkeypatch.chdir(folder)

    def call(record, *words: str) -> tuple[int, str]:
        packed = record if isinstance(record, str) else json.dumps(record)
        other = SOURCE.sub(lambda _: f"<dc:source>{escape(packed)}</dc:source>", text, count=1)
        (folder / "g.svg").write_text(other, encoding="utf-8")
        begun = time.process_time()
        code = cli.code_of(["export", "figure", "--check", "g.svg", *words, "-q"])
        assert time.process_time() - begun < 20
        return code, "".join(capsys.readouterr())

    return call


def edited(record: dict, **changes) -> dict:
    return {**copy.deepcopy(record), **changes}


def scenario(record: dict, **changes) -> dict:
    return edited(record, scenarios=[{**record["scenarios"][0], **changes}])


EDITS = {
    "two thousand million markets": lambda r: edited(r, seeds={"first": 0, "step": 1, "n": 2_000_000_000}),
    "a market that is none": lambda r: edited(r, seeds=[-1]),
    "markets as text": lambda r: edited(r, seeds="12"),
    "no market": lambda r: edited(r, seeds=[]),
    "a band of a million": lambda r: edited(r, options={"band": {"first": 0, "step": 1, "n": 900_000}}),
    "a million days": lambda r: scenario(r, toml=r["scenarios"][0]["toml"].replace("days = 10", "days = 1000000")),
    "a hundred years of a large firm": lambda r: edited(
        scenario(r, toml="days = 26000\n[workforce]\nmarketers = 300\nsalespeople = 400\n"), seeds=list(range(99))),
    "until a text": lambda r: edited(r, options={"until": "x"}),
    "an option that is none": lambda r: edited(r, options={"x": "y"}),
    "another figure": lambda r: edited(r, figure="network"),
    "a figure that is none": lambda r: edited(r, figure="x"),
    "a figure of a store": lambda r: edited(r, figure="sensitivity", options={"store": "/etc"}),
    "a figure that is a list": lambda r: edited(r, figure=["run"]),
    "another style": lambda r: edited(r, style="paper wide"),
    "no style": lambda r: edited(r, style=""),
    "no scenario": lambda r: edited(r, scenarios=[]),
    "a scenario that is a text": lambda r: edited(r, scenarios=["x"]),
    "no text of a scenario": lambda r: scenario(r, toml=""),
    "a scenario that is no TOML": lambda r: scenario(r, toml="]"),
    "a lever moved to nowhere": lambda r: scenario(r, given="silo", set=["x"]),
    "numbers that are none": lambda r: edited(r, data="AAAA"),
    "another format": lambda r: edited(r, format=[]),
    "no versions": lambda r: edited(r, versions=[]),
    "a record that is a list": lambda r: [r],
    "a record that is a number": lambda r: 7,
}  # fmt: skip


@pytest.mark.parametrize("name", EDITS)
def test_an_edited_picture_is_answered_kindly(name, check, picture):
    code, said = check(EDITS[name](picture[2]))
    assert code == (4 if name == "another figure" else 3), said  # that one can be drawn, and has other numbers
    assert "our fault" not in said and len(said) < 2000


@pytest.mark.parametrize("path", ["secret.toml", "pipe.toml", "/dev/zero", "../../etc/passwd"])
def test_no_file_is_opened_because_a_picture_names_it(path, check, picture):
    folder, record = picture[0], picture[2]
    for where in (path, str(folder / path)):
        code, said = check(scenario(record, given=where))
        assert code == 0 and SECRET not in said, said  # the scenario is taken from the picture
        for toml in (f'based_on = "{where}"\n', f'[organization]\npeople = "{where}"\n'):
            code, said = check(scenario(record, toml=toml))
            assert code == 3 and SECRET not in said, said
    code, said = check(scenario(record, given="silo"), "secret.toml")
    assert code == 3, "named by the user, so it is read"


def test_only_files_of_some_size_are_read(tmp_path, monkeypatch, capsys):
    os.mkfifo(tmp_path / "p.svg")
    (tmp_path / "d.svg").mkdir()
    (tmp_path / "zero.svg").symlink_to("/dev/zero")
    with open(tmp_path / "big.svg", "wb") as file:
        file.truncate(imprint_read.LARGEST + 1)
    for name in ("p.svg", "d.svg", "zero.svg", "big.svg"):
        assert cli.code_of(["export", "figure", "--check", str(tmp_path / name), "-q"]) == 3
        assert name in capsys.readouterr().err


@pytest.mark.parametrize("edits", [20, pytest.param(4000, marks=pytest.mark.long)])
def test_no_edit_at_all_is_our_fault(edits, check, picture):
    """Any part of the record becomes any of the hostile values, goes, or comes twice."""
    chance = random.Random(7)
    for number in range(edits):
        record = copy.deepcopy(picture[2])
        for _ in range(chance.choice((1, 1, 1, 2, 4))):
            _spoil(record, chance)
        code, said = check(record)
        assert code in (0, 3, 4) and "our fault" not in said and "\x1b" not in said, (number, said, record)


def _spoil(record: dict, chance: random.Random) -> None:
    place: dict | list = record
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            return
        key = chance.choice(keys)
        inner = place[key]
        if isinstance(inner, dict | list) and inner and chance.random() < 0.6:
            place = inner
            continue
        how = chance.random()
        if how < 0.15:
            del place[key]
        elif how < 0.3 and isinstance(inner, str):
            at = chance.randrange(len(inner) + 1)
            place[key] = inner[:at] + chance.choice(["\x00", "9", "'", "\n", "é", "="]) + inner[at + 1 :]
        else:
            place[key] = copy.deepcopy(chance.choice(HOSTILE))  # it may be spoilt further
        return
