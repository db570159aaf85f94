"""What `baton import` asks and says: each question when it can be asked, each sentence as it is."""

from __future__ import annotations

import datetime
import re
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.cli import code_of, importing
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


# --- what is said ---

ONE = {
    "deals": "Opportunity ID,Stage,Amount,Created Date,Close Date,Deal Owner\n1,Won,5 EUR,2025-01-02,2025-01-03,A\n",
    "leads": "Lead ID,Lead Status,Create Date,MQL Date,SQL Date,Converted\n1,Open,2025-01-02,2025-01-03,2025-01-04,1\n",
    "people": "Employee ID,Department\n1,Sales\n2,Marketing\n", "ties": "From,To\n1,2\n",
    "answers": "who," + ",".join(map(str, range(1, 21))) + "\nS1" + ",3" * 20 + "\n",
    "titled": "All that there is\nEmployee ID,Department,Hire Date\n1,Sales,2025-01-02\n2,Marketing,2025-01-02\n",
}  # fmt: skip
MANY = re.compile(
    r"\b(?<![.,\d])1 (lines|leads|owners|answers|ties|opportunities|people|files|days|cells|amounts|values)\b"
)


@pytest.mark.parametrize("names", [["deals"], ["leads"], ["deals", "leads"], ["answers"], ["people", "ties"],
                                   ["titled"], ["deals", "people", "ties", "leads", "answers"]])  # fmt: skip
def test_one_is_not_many_and_the_sheet_lists_what_is_there(tmp_path, capsys, names):
    files = []
    for name in names:
        files.append(tmp_path / f"{name}.csv")
        files[-1].write_text(ONE[name])
    assert code_of(["import", *map(str, files), "-o", str(tmp_path / "firm")]) == 0
    assert code_of(["funnel", str(tmp_path / "firm")]) == 0
    said = "".join(capsys.readouterr())
    page = (tmp_path / "firm" / "read.html").read_text(encoding="utf-8")
    assert not MANY.findall(said + page) and "None" not in said + page
    for name in ("people.csv", "ties.csv"):
        assert (f"<td>{name}</td>" in page) == (tmp_path / "firm" / name).exists()
    assert f"<p>{len(files)} file{'s were' if len(files) > 1 else ' was'} read on one machine" in page
    dated = set(names) & {"deals", "leads"}
    assert ("Seen until 2025-01-0" in said) == bool(dated) and ("There is no funnel" in said) != bool(dated)


def test_one_of_many_is_in_no_people_list(tmp_path):
    paths = []
    for name, text in (("people", ONE["people"]), ("deals", ONE["deals"]), ("ties", "From,To\n1,2\n1,9\n")):
        paths.append(tmp_path / name)
        paths[-1].write_text(text)
    told = read_exports(paths, Choices()).told
    assert "1 of 1 opportunity has an owner who is in no people list" in told
    assert "1 of 2 ties names somebody who is in no people list: left out" in told
