"""The audit by a firm's own people: a form that sends nothing, answers that come back, nothing of fewer than five."""

from __future__ import annotations

import json
import re
import shutil

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.cli import code_of
from sim.errors import InputError
from sim.figures.own_audit import headline, own_audit_plot
from sim.intake.exports.choices import Choices
from sim.intake.exports.reading import read_exports
from sim.model.audit import STATEMENTS
from sim.study.own import asking
from sim.study.own.answers import read_answers
from sim.study.own.counts import audit_of
from sim.study.own.hidden import FEWEST

HEAD = "who,side," + ",".join(map(str, range(1, 21)))
CHROMIUM = shutil.which("chromium")


def write(folder, name: str, *rows: str):
    path = folder / name
    path.write_text("\n".join([HEAD, *rows]) + "\n", "utf-8")
    return path


def row(who: str, side: str, *cells: object) -> str:
    cells = cells or ("3",) * 20
    return ",".join([who, side, *map(str, cells)])


def many(folder, marketing: int, sales: int):
    return [write(folder, f"{side}{n}.csv", row(f"{side}{n}", side, *[1 + (n + k) % 5 for k in range(20)]))
            for side, number in (("marketing", marketing), ("sales", sales)) for n in range(number)]  # fmt: skip


# --- the form


def test_the_form_asks_all_twenty_and_can_send_nothing():
    page = asking.form("<b>Acme</b>")
    assert "<b>Acme" not in page and "&lt;b&gt;Acme" in page
    for n, statement in enumerate(STATEMENTS, 1):
        assert f'id="t{n}"' in page and f'aria-labelledby="t{n}"' in page and len(re.findall(f'name="q{n}"', page)) == 6
        assert statement.text.replace("'", "&#x27;") in page
    assert not re.search(r"https?://|src=|href=\"|fetch|XMLHttp|action=|localStorage|cookie", page)
    assert "default-src 'none'" in page and "form-action 'none'" in page


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
def test_a_filled_in_form_comes_back_as_an_answer_and_prints_on_one_sheet(tmp_path):
    from playwright.sync_api import sync_playwright

    (tmp_path / "audit.html").write_text(asking.form(), "utf-8")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.goto((tmp_path / "audit.html").as_uri())
        page.click("button")
        assert "which team" in page.inner_text("[role=status]")
        page.check('input[name=side][value="sales"]')
        for n in range(1, 21):
            if n != 7:
                page.check(f'input[name=q{n}][value="{1 + n % 5}"]')
        assert "19 of 20" in page.inner_text("[role=status]")
        with page.expect_download() as caught:
            page.click("button")
        caught.value.save_as(tmp_path / caught.value.suggested_filename)
        (tmp_path / "audit.pdf").write_bytes(page.pdf(prefer_css_page_size=True))
        browser.close()
    assert not said
    found = read_exports(list(tmp_path.glob("audit-answer-*.csv")), Choices(skip_bad=True)).answers
    assert list(found["side"]) == ["sales"] and np.isnan(found["7"][0]) and found["8"][0] == 4
    assert len(re.findall(rb"/Type\s*/Page\b", (tmp_path / "audit.pdf").read_bytes())) == 1


# --- answers


def test_a_cell_off_the_scale_is_lost_alone_and_a_skipped_one_is_no_1(tmp_path):
    files = many(tmp_path, 5, 5)
    files[0] = write(tmp_path, "marketing0.csv", row("m", "marketing", "6", "", "=1+1", "2.5", "-1", *("5",) * 15))
    asked, told = read_answers(files)
    assert asked["marketing"]["answers"] == 5
    assert asked["marketing"]["statements"][0] is None, "four are left who answered it"
    assert asked["sales"]["statements"][0] is None and asked["both"]["statements"][0] is not None
    assert asked["marketing"]["statements"][19] == pytest.approx((5 + sum(1 + (n + 19) % 5 for n in range(1, 5))) / 5)
    assert "4 values off the scale" in " ".join(told) and "1 statement skipped" in " ".join(told)


def test_an_answer_that_equals_its_column_is_no_header_and_a_second_one_does_not_count(tmp_path):
    files = many(tmp_path, 6, 6)
    files += [write(tmp_path, "like.csv", row("x", "Sales", *range(1, 6), *("3",) * 15)),
              write(tmp_path, "again.csv", row("x", "sales", *("1",) * 20))]  # fmt: skip
    asked, told = read_answers(files)
    assert asked["sales"]["answers"] == 7 and "the first counts" in " ".join(told)


def test_a_survey_with_columns_for_the_statements_counts_too(tmp_path):
    path = tmp_path / "survey.csv"
    head = "Respondent,Team," + ",".join(f"Q{n}" for n in range(1, 21))
    rows = [f"r{n},{'Marketing EMEA' if n < 6 else 'Vertrieb'}," + ",".join(["4"] * 20) for n in range(12)]
    path.write_text("\n".join([head, *rows]) + "\n", "utf-8")
    asked, _ = read_answers([path])
    assert {side: part["answers"] for side, part in asked.items()} == {"marketing": 6, "sales": 6, "both": 12}


ANSWERS = st.lists(st.tuples(st.sampled_from(["marketing", "sales", ""]),
                             st.lists(st.sampled_from([1.0, 3.0, 5.0, float("nan")]), min_size=3, max_size=3)),
                   max_size=24)  # fmt: skip


@given(ANSWERS)
def test_nothing_of_fewer_than_five_is_shown_nor_told_by_subtraction(given_):
    table = pd.DataFrame([{"side": side, **{str(n): values[n % 3] for n in range(1, 21)}} for side, values in given_],
                         columns=["side", *map(str, range(1, 21))])  # fmt: skip
    asked = audit_of(table)
    size = {side: int((table["side"] == side).sum()) for side in ("marketing", "sales")}
    assert "both" not in asked or sum(size.values()) >= 2 * FEWEST
    assert all(size[side] >= FEWEST for side in size if side in asked)
    for side, other in (("marketing", "sales"), ("sales", "marketing")):
        for n in range(20):
            few = table.loc[table["side"] == other, str(n + 1)].notna().sum()
            told = [
                asked.get(name, {"statements": [None] * 20})["statements"][n] is not None for name in (side, "both")
            ]
            assert not (all(told) and 0 < few < FEWEST), "the difference of the two would tell the other side"
            if told[0]:
                assert table.loc[table["side"] == side, str(n + 1)].notna().sum() >= FEWEST


@pytest.mark.parametrize(
    "raw",
    [b"", b"\x00\x01", b"who,side\nx,sales\n", b"PK\x03\x04", b"1," * 30 + b"\n", b"who,side," + b"9," * 5000],
)
def test_what_is_no_answer_is_named_and_nothing_breaks(tmp_path, raw):
    (tmp_path / "bad.csv").write_bytes(raw)
    with pytest.raises(InputError) as fault:
        read_answers([tmp_path / "bad.csv", *many(tmp_path, 5, 5)])
    assert "bad.csv" in " ".join(fault.value.problems)


# --- the picture and the verb


def test_the_picture_holds_both_sources_and_says_who_gives_how_much(tmp_path):
    asked, _ = read_answers(many(tmp_path, 6, 7))
    ours = {side: [2.0] * 20 for side in ("marketing", "sales", "both")}
    figure = own_audit_plot(asked, ours)
    figure.savefig(tmp_path / "x.png")
    words = " ".join(text.get_text() for text in figure.findobj(lambda each: hasattr(each, "get_text")))
    assert all(statement.text.split()[0] in words for statement in STATEMENTS)
    assert headline(asked, ours).endswith("the simulated 40 and 40")
    total_only = {"both": asked["both"]}
    assert "The firm gives" in headline(total_only, ours)
    own_audit_plot(total_only, ours)


def test_the_verb_tells_both_and_says_no_where_too_few_answered(tmp_path, capsys):
    folder = tmp_path / "firm"
    folder.mkdir()
    (folder / "firm.toml").write_text("days = 65\n[workforce]\nmarketers = 4\nsalespeople = 6\n", "utf-8")
    assert code_of(["ask", str(folder), "-o", str(tmp_path / "a.html")]) == 0
    place = tmp_path / "answers"
    place.mkdir()
    files = many(place, 6, 5)
    capsys.readouterr()
    assert code_of(["audit", str(folder), "--answers", str(place), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["asked"]["both"]["answers"] == 11 and len(found["simulated"]["both"]) == 20
    assert code_of(["audit", str(folder), "--answers", str(files[0]), str(files[1])]) == 4
    assert code_of(["audit", str(folder), str(files[0])]) == 2
    assert code_of(["audit", str(folder), "--answers", str(tmp_path / "nothing")]) == 3


def test_a_survey_that_was_imported_is_drawn_without_its_files(tmp_path, capsys):
    folder, place = tmp_path / "firm", tmp_path / "answers"
    place.mkdir()
    people = tmp_path / "people.csv"
    people.write_text("Name,Email,Department\n" + "".join(
        f"P{n},p{n}@x.test,{'Marketing' if n < 3 else 'Sales'}\n" for n in range(7)), "utf-8")  # fmt: skip
    files = [str(each) for each in many(place, 6, 5)]
    assert code_of(["import", *files, str(people), "-o", str(folder), "--quiet"]) == 0
    (folder / "firm.toml").write_text(f"days = 65\n{(folder / 'firm.toml').read_text('utf-8')}", "utf-8")
    capsys.readouterr()
    picture = tmp_path / "audit.png"
    assert code_of(["audit", str(folder), "-o", str(picture), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["asked"] == json.loads((folder / "funnel.json").read_text("utf-8"))["audit"] == read_answers(files)[0]
    assert picture.read_bytes()[:4] == b"\x89PNG"
    kept = json.loads((folder / "funnel.json").read_text("utf-8"))
    for wrong in ({"sales": {"answers": 4, "statements": [3] * 20}}, {"x": {}}, [1], {"both": {"answers": 12}}):
        (folder / "funnel.json").write_text(json.dumps(kept | {"audit": wrong}), "utf-8")
        assert code_of(["audit", str(folder)]) == 3
    (folder / "funnel.json").write_text(json.dumps(kept | {"audit": None}), "utf-8")
    assert code_of(["audit", str(folder), "-o", str(picture)]) == 2
