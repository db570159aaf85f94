"""What `baton import` asks and says: each question when it can be asked, each sentence as it is."""

from __future__ import annotations

import datetime
import re
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.cli import importing
from sim.intake.exports.choices import Choices, Question
from sim.intake.exports.reading import read_exports


@pytest.fixture
def typed(monkeypatch):
    """A terminal on which somebody types answers: gives a way to import there, which gives what was asked, and said."""

    def on(files, *answers, said=Choices()):  # noqa: B008
        asked, left = [], list(answers)
        monkeypatch.setattr("typer.prompt", lambda text, **_: asked.append(text) or left.pop(0))
        terminal = SimpleNamespace(isatty=lambda: True, write=lambda text: None, flush=lambda: None)
        monkeypatch.setattr(importing, "sys", SimpleNamespace(stdin=terminal, stderr=terminal))
        monkeypatch.setattr(importing.screen, "quiet", False)
        found, said = importing._read(files, said, files[0].parent / "none")
        assert left == []
        return asked, said, found

    return on


ROWS = "".join(f"{n},{'Signed' if n % 3 else 'Dropped'},5,3/{n}/2025,4/{n}/2025\n" for n in range(4, 12))


@pytest.mark.parametrize(("order", "first"), [("dmy", "2025-04-03"), ("mdy", "2025-03-04")])
def test_a_question_that_hangs_on_another_answer_waits_for_it(tmp_path, typed, order, first):
    path = tmp_path / "a.csv"
    path.write_text("id,stage,amount,created,closed\n" + ROWS)
    waiting = read_exports([path], Choices()).questions
    assert "customers" not in {question.answers for question in waiting}  # nobody knows when the files begin
    asked, said, _ = typed([path], order, "Signed", "Dropped", "EUR", "7")
    assert [each.partition("?")[0] for each in asked] == [
        "a.csv: no date proves the order: is 3/4 the 3rd of April (dmy) or the 4th of March (mdy)",
        "a.csv: which stage means won", "a.csv: which stage means lost", "no file names a currency: which is it",
        f"how many customers did the firm have on {first}, when the files begin"]  # fmt: skip
    assert "Signed" not in asked[2] and (said.dates, said.customers) == (order, 7)


def test_an_answer_for_one_file_is_not_asked_for_again_of_the_next(tmp_path, typed):
    paths = [tmp_path / "a.csv", tmp_path / "b.csv"]
    for path, number in zip(paths, "12", strict=True):
        path.write_text("id,stage,amount,created,closed\n" + re.sub("^", number, ROWS, flags=re.M).removesuffix(number))
    asked, _, found = typed(paths, "dmy", "Signed", "Dropped", "", "")
    assert len(asked) == 5 and found.first.date() == datetime.date(2025, 4, 3)


def test_a_department_that_is_marketing_is_not_offered_as_sales(tmp_path, typed):
    path = tmp_path / "a.csv"
    path.write_text("Employee ID,Department\n1,Red\n2,Blue\n3,Green\n")
    asked, _, found = typed([path], "Red", "Blue")
    assert "(Blue, Green, Red)" in asked[0] and "(Blue, Green)" in asked[1]
    assert found.people["side"].tolist() == ["marketing", "sales", "other"]


@given(st.lists(st.tuples(st.sampled_from(importing.ASKED), st.sampled_from(["", "USD", "?sales", "?marketing"])),
                min_size=1))  # fmt: skip
def test_no_two_questions_of_a_round_have_one_answer(pairs):
    questions = [Question(answers, "?", "--x", (), about) for answers, about in pairs]
    now = importing._next(questions)
    assert now and {question.answers for question in now} == {
        min((each for each, _ in pairs), key=importing.ASKED.index)
    }
    assert len({question.about.split("?")[0] + "?" * ("?" in question.about) for question in now}) == len(now)
