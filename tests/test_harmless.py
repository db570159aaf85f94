"""What strangers write is seen and not done: in a terminal, in a picture, in a spreadsheet."""

from __future__ import annotations

import csv
import math
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import cli, figures
from sim.cli.report import reasons_by_kind
from sim.errors import InputError
from sim.figures import imprint, imprint_read, look
from sim.figures.imprint import Told
from sim.files.harmless import EXACT, FORMULA, printable, write_csv
from sim.page.lessons import read_lesson
from sim.result import run_tables
from sim.run import run

EVIL = "A $x_1$ and \x1b]0;owned\x07 \x1b[31mred\x9b1m \u202eback $\\frac{1}{$ & <b> -- \ufffe"
SCENARIO = 'title = {}\nquestion = "?"\nbased_on = "small-simple"\ndays = 10\n'


def quoted(text: str) -> str:
    return '"' + "".join(c if c.isalnum() or c == " " else f"\\u{ord(c):04x}" for c in text) + '"'


@given(st.text())
def test_nothing_that_does_something_is_printed(text):
    seen = printable(text)
    assert all(c in "\n\t" or not ("\x00" <= c < " " or "\x7f" <= c < "\xa0") for c in seen)
    assert printable(seen) == seen
    assert ElementTree.fromstring(f"<a>{seen.replace('&', '').replace('<', '')}</a>") is not None
    seen.encode()


@pytest.mark.parametrize("kind", ["svg", "pdf", "png"])
def test_a_title_is_text_in_every_picture(kind, tmp_path):
    """Dollars are no formulas, control characters no XML that cannot be read; and the picture can be checked."""
    path = tmp_path / f"p.{kind}"
    with figures.dressed("page"), look.drawing():
        figure = look.new_figure(300, 100)
        words = figure.text(0.1, 0.5, EVIL)
        imprint.attach(figure, Told("run", EVIL, EVIL, ({"name": EVIL, "hash": "", "toml": ""},)))
        assert not words.get_parse_math()
    figures.save(figure, path)
    assert imprint_read.read(path).title == EVIL
    if kind == "svg":
        text = path.read_text(encoding="utf-8")
        ElementTree.fromstring(text)
        assert "\x1b" not in text and "\ufffe" not in text


def test_an_evil_title_reaches_neither_the_terminal_nor_a_picture(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "evil.toml").write_text(SCENARIO.format(quoted(EVIL)), encoding="utf-8")
    commands = (["scenarios", "check", "evil.toml"], ["run", "evil.toml"], ["run", "evil.toml", "--json"],
                ["export", "figure", "revenue", "evil.toml", "-o", "f.svg"],
                ["export", "brief", "evil.toml", "--seeds", "2", "-o", "b.svg"],
                ["export", "figure", "--check", "f.svg"], ["run", "\x1b[31m.toml"], ["run", "--\x1b[31m"])  # fmt: skip
    for words in commands:
        code = cli.code_of(words)
        said = "".join(capsys.readouterr())
        assert code == (0 if "\x1b" not in words[1] else 3 if words[1].endswith("toml") else 2), said
        assert "\x1b" not in said and "\x07" not in said and "\x9b" not in said and "\u202e" not in said
    for name in ("f.svg", "b.svg"):
        ElementTree.parse(tmp_path / name)


CELLS = st.one_of(st.text(max_size=8), st.sampled_from(["=cmd|' /C calc'!A0", "+1", "-1", "@x", "\tx", "\rx", "plain"]))


@given(st.lists(st.tuples(CELLS, st.floats(allow_infinity=False)), min_size=1))
def test_no_cell_begins_as_a_formula_and_numbers_stay_numbers(rows):
    import io

    table = pd.DataFrame(rows, columns=["=name", "value"])
    table["kind"] = table["=name"].astype("category")
    memory = io.StringIO()
    write_csv(table, memory)
    memory.seek(0)
    head, *found = list(csv.reader(memory, lineterminator="\n"))
    assert head[0] == "'=name" and len(found) == len(rows)
    for each in found:
        assert not each[0].startswith((*FORMULA, "\r")) and each[0] == each[2]
    again = [float(each[1]) if each[1] else math.nan for each in found]
    np.testing.assert_array_equal(again, [value for _, value in rows])


def test_a_market_beyond_what_r_keeps_is_written_digit_by_digit(tmp_path):
    write_csv(pd.DataFrame({"seed": [EXACT + 1, 2**63 - 1], "n": [1, 2]}), tmp_path / "t.csv")
    rows = list(csv.reader((tmp_path / "t.csv").open(encoding="utf-8")))
    assert rows[1:] == [[f"'{EXACT + 1}", "1"], [f"'{2**63 - 1}", "2"]]
    write_csv(pd.DataFrame({"seed": [EXACT, 3]}), tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_text().split() == ["seed", str(EXACT), "3"]


def test_reasons_that_differ_in_numbers_only_are_one():
    reasons = [f"liaison.count = {n} needs {n + 2.5} marketers" for n in range(2, 9)] + ["out of memory"] * 2
    assert reasons_by_kind(reasons) == [
        "  7 x liaison.count = 2 needs 4.5 marketers (and the same with other numbers)", "  2 x out of memory"
    ]  # fmt: skip
    assert reasons_by_kind(["a", "b", "b"], most=1)[-1].startswith("  1 for other reasons")


def test_a_lesson_that_is_no_text_is_refused(tmp_path):
    (tmp_path / "bad.toml").write_bytes(b'title = "\xff\xfe"')
    with pytest.raises(InputError, match=r"bad\.toml: .*utf-8"):
        read_lesson("bad", tmp_path)


def test_tables_of_somebody_else_are_told_from_a_runs():
    """Each of a run's tables, with a column missing or of another kind."""
    each = run("small-simple", 1, until=10)
    for name in ("leads", "customers", "people", "ties", "audit"):
        right = getattr(each, name)
        assert not run_tables.strange(name, right)
        for wrong in (pd.DataFrame({"x": [1]}), right.drop(columns=right.columns[0])):
            assert "has no column" in run_tables.strange(name, wrong)
        number = right.select_dtypes("number").columns[0]
        assert "holds no numbers" in run_tables.strange(name, right.assign(**{number: "words"}))


def test_metric_is_the_word_and_outcome_is_understood(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for words in (["compare", "silo", "liaison"], ["explain", "silo", "liaison"],
                  ["export", "figure", "compare", "silo", "liaison"]):  # fmt: skip
        for option in ("--metric", "--outcome"):
            assert cli.code_of([*words, option, "net_valu"]) in (2, 3)
            said = capsys.readouterr().err
            assert "no such" in said or "is what --until" in said, (words, option, said)


def test_no_name_of_a_lever_is_cut_in_a_journals_column():
    from sim.figures.sensitivity_plots import NAMES
    from sim.model.theory import numbers

    with figures.dressed("paper", 89) as now, look.drawing():
        longest = max(numbers(), key=look.text_width)
        room = NAMES * now.width - look.text_width("00") - now.length(16)
        assert look.shortened(longest, room, now.type(8.5)) == longest
