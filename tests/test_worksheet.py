"""A worksheet: each student a market of its own, the key what the page shows, no address that no browser opens."""

# ruff: noqa: F811 (fixtures come by name)
from __future__ import annotations

import html
import re

import pytest
from test_page_browser import CHROMIUM, WIDE, browser, drawn, opened, told  # noqa: F401

import sim
from sim.cli import code_of
from sim.errors import InputError
from sim.page import pdf
from sim.page.replay_source import of_link
from sim.page.worksheet import Sheet, checked_address, links_of, money, outcomes, signed
from sim.page.worksheet import html as html_of

AT = "http://192.168.1.20:8765/?token=AbCdEfGhIjKlMnOp"
in_browser = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")


def sheet(levers: dict | None = None, students: int = 3, at: str = AT) -> Sheet:
    return Sheet("default", sim.read("default"), levers or {}, list(range(1, students + 1)), at)


def hrefs(page: str) -> list[str]:
    return [html.unescape(each) for each in re.findall(r'href="([^"]*)"', page)]


def key_rows(page: str) -> list[list[str]]:
    key = page.split("<section class=key>")[1]
    return [re.findall(r"<td>(.*?)</td>", row) for row in re.findall(r"<tr>(<td>.*?)</tr>", key)]


@pytest.mark.parametrize("levers", [None, {"liaison.count": 1}])
def test_each_student_has_a_market_and_the_key_its_numbers(levers):
    made = sheet(levers)
    page = html_of(made, outcomes(made))
    links, rows = hrefs(page), key_rows(page)
    runs = made.lived
    assert len(links) == 3 * len(runs) and len(set(links)) == len(links) and len(rows) == 3
    for student, row in enumerate(rows, 1):
        lived = [sim.run(each, student) for each in runs]
        opened_ = [of_link(link) for link in links[(student - 1) * len(runs) : student * len(runs)]]
        assert [(each.seed, each.scenario) for each in opened_] == [(student, each) for each in runs]
        assert row[:2] == [str(student), str(student)]
        values = [each.outcomes()["net_value"] for each in lived]
        assert [row[4], *row[7:8]] == [money(value / 1000) for value in values]
        if levers:
            assert row[8] == signed(values[1] - values[0])
    assert page.count('<section class="page">') == 1
    assert page.count("<article>") == 3 and not re.search(r'<script|<link|src="|url\(|@import', page)


def test_what_the_class_finds_together_is_said_with_what_it_cannot_tell():
    made = sheet({"communication.cost_hours": 0.51}, 4)
    said = html_of(made, outcomes(made))
    assert re.search(r"B is higher in \d of 4 markets, on average by [+−].* \(95 %: ", said)
    alone = sheet(None, 4)
    said = html_of(alone, outcomes(alone))
    assert re.search(r"Stage at the end, of 4 markets: (?:I+V?: \d(?:, )?)+\. Net value: median \d", said)


@pytest.mark.parametrize(
    ("given", "said"),
    [("javascript:alert(1)", "give an address such as"), ("file:///etc/passwd", "give an address such as"),
     ("192.168.1.20:8765", "give an address such as"), ("http://", "give an address such as"), ("", "give an address"),
     ("http://host/#v=1", "without the #"), ("http://a b/", "has no ' '"), ('http://host/"><script>', "has no '\"'"),
     ("http://host/\n", "has no"), ("http://host/ü", "has no 'ü'"), ("http://me:secret@host/", "no password"),
     ("http://host/?token=a&key=b", "teacher's own link"), ("http://host:99999/", "no address"),
     ("http://host:0/", "give an address such as"), ("http://[::1/", "no address")],
)  # fmt: skip
def test_an_address_that_is_none_is_refused(given, said):
    with pytest.raises(InputError, match=re.escape(said)):
        checked_address(given)


def test_an_address_that_is_one_stays_as_it_is():
    for given in (AT, "https://school.example/baton/", "http://[::1]:8765/?token=a", "https://host/live.html"):
        assert checked_address(given) == given
    assert checked_address("http://host") == "http://host/"
    assert checked_address("http://host?token=a") == "http://host/?token=a"


@pytest.mark.parametrize(
    ("given", "code", "said"),
    [([], 2, "--at"), (["--at", "http://h/", "-o", "x.docx"], 3, ".html or .pdf"),
     (["--at", "http://h/", "--students", "0"], 2, "--students"),
     (["--at", "http://h/", "--set", "liaison.count=0"], 3, "has this already"),
     (["--at", "http://h/", "--set", "trust.gain=0.05"], 3, "the page's levers only"),
     (["company", "--at", "http://h/"], 3, "company"), (["--at", "http://h/" + "a" * 280], 3, "at most 300"),
     (["--at", "javascript:alert(1)"], 3, "give an address"), (["no.toml", "--at", "http://h/"], 3, "no.toml")],
)  # fmt: skip
def test_what_cannot_be_printed_is_said_before_anything_is_run_or_written(
    tmp_path, monkeypatch, capsys, given, code, said
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sim.page.worksheet.outcomes", lambda *_: pytest.fail("it was run"))
    assert code_of(["export", "worksheet", *given]) == code
    assert said in capsys.readouterr().err and not list(tmp_path.iterdir())


def test_an_organization_of_ones_own_is_nowhere_else(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('title = "<b>Mine</b>"\n', encoding="utf-8")
    with pytest.raises(InputError, match="shipped"):
        links_of(Sheet(str(path), sim.read(path), {}, [1], AT))


def test_without_a_browser_a_pdf_says_what_to_do(monkeypatch):
    monkeypatch.delenv("BATON_CHROMIUM", raising=False)
    monkeypatch.setattr(pdf, "NAMES", ())
    with pytest.raises(InputError, match="write a .html and print it"):
        pdf.browser()


def test_a_browser_that_does_not_print_is_said_and_nothing_is_written(tmp_path):
    for name in ("/no/such/browser", "false"):
        with pytest.raises(InputError, match="write a .html instead"):
            pdf.print_page(name, "<p>a</p>", tmp_path / "a.pdf")
    assert not list(tmp_path.iterdir())


@pytest.mark.browser
@in_browser
def test_printed_on_a4_three_students_a_page_and_the_key_apart(tmp_path, monkeypatch):
    from pypdf import PdfReader

    monkeypatch.setenv("BATON_CHROMIUM", CHROMIUM)
    target = tmp_path / "sheet.pdf"
    given = ["--students", "5", "--set", "liaison.count=1", "--at", AT, "-o", str(target), "-q"]
    assert code_of(["export", "worksheet", *given]) == 0
    pages = PdfReader(target).pages
    assert len(pages) == 3 and [round(float(side)) for side in pages[0].mediabox[2:]] == [595, 842]
    texts = [page.extract_text() for page in pages]
    assert [text.count("yours alone") for text in texts] == [3, 2, 0]
    assert ["For the teacher alone" in text for text in texts] == [False, False, True]
    clicked = [{each.get_object()["/A"]["/URI"] for each in page.get("/Annots", [])} for page in pages]
    assert [len(links) for links in clicked] == [6, 4, 0]  # a code can be clicked as well


@in_browser
def test_a_student_finds_on_the_page_what_the_key_says(opened, served):
    made = sheet({"liaison.count": 1}, 1, served.url)
    page_text = html_of(made, outcomes(made))
    for link, (stage, total, net) in zip(hrefs(page_text), (key_rows(page_text)[0][2:5], key_rows(page_text)[0][5:8]),
                                         strict=True):  # fmt: skip
        page = opened(query=link[len(served.url) :])
        page.evaluate("() => { baton.player.seek(5000); }")
        page.wait_for_selector("body[data-day='1300']", state="attached", timeout=60_000)
        page.wait_for_function("() => document.body.textContent.includes('Net value of the run')", timeout=60_000)
        drawn(page)
        assert f"Net value of the run {net} M€." in page.locator("body").inner_text()
        label = page.locator(".right svg[role=img]").first.get_attribute("aria-label")
        stages = ["", "Undefined", "Defined", "Aligned", "Integrated"]
        assert label == f"Audit total {total} of 100: {stages[['–', 'I', 'II', 'III', 'IV'].index(stage)]}"
