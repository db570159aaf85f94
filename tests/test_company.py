"""*Your company* on the page: this machine alone, files that harm nobody, the same lines as the command's."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from hypothesis import given
from hypothesis import strategies as st
from test_own_firm import deals_text, people_text

from sim.cli import code_of
from sim.errors import InputError
from sim.page import company
from sim.page.bundle import bundled
from sim.page.company_lines import LINES, line_of
from sim.page.door import Settings
from sim.page.server import application as live_page

CHROMIUM = os.environ.get("BATON_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
SCRIPT = "<img src=x onerror=document.title='harmed'>"
TEXTS = st.text(max_size=30) | st.sampled_from(
    ["--overwrite", "-o", "../../x", "a=b", "\x1b[31m", "x\ny", "\0", SCRIPT]
)
VALUES = st.none() | st.booleans() | st.integers(-5, 5000) | TEXTS | st.lists(TEXTS, max_size=3) | st.dictionaries(
    TEXTS, TEXTS, max_size=3)  # fmt: skip
ASKED = ["won", "lost", "columns", "departments", "rates", "kinds", "currency", "as_of", "skip_bad", "overwrite",
         "plan", "name", "note", "say", "action", "given", "number", "seeds", "size", "title",
         "question", "other"]  # fmt: skip


class Page:
    """A running page, spoken to without a browser."""

    def __init__(self, port: int, token: str):
        self.port, self.token = port, token
        self.url = f"http://127.0.0.1:{port}/?token={token}"

    def ask(self, path: str, method: str = "GET", body: bytes | None = None, token: str | None = None, **headers):
        query = f"{'&' if '?' in path else '?'}token={self.token if token is None else token}"
        asked = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}{query}", body, headers, method=method)
        try:
            with urllib.request.urlopen(asked, timeout=120) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as fault:
            return fault.code, fault.headers, fault.read()

    def run(self, **question):
        code, _, raw = self.ask("/run", "POST", json.dumps(question).encode())
        assert code == 200, raw
        found, end = json.loads(raw), time.monotonic() + 400
        while found["code"] is None:
            assert time.monotonic() < end
            time.sleep(0.05)
            found = json.loads(self.ask("/run")[2])
        return found

    def drop(self, name: str, raw: bytes):
        return self.ask(f"/files?name={urllib.request.quote(name)}", "POST", raw)


@contextlib.contextmanager
def opened(firm: Path) -> Iterator[Page]:
    settings = Settings(token="secret")
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(64)
        app = company.application(firm, settings)
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield Page(listening.getsockname()[1], "secret")
        finally:
            server.should_exit = True
            thread.join(15)
            assert not thread.is_alive()


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> Iterator[Page]:
    with opened(tmp_path_factory.mktemp("company") / "firm") as found:
        yield found


# --- who comes in


@pytest.mark.parametrize("path", ["/", "/state", "/run", "/brief"])
def test_only_who_has_the_link_comes_in_and_no_other_page(page, path):
    assert page.ask(path)[0] in (200, 404)
    assert page.ask(path, token="wrong")[0] == 403 and page.ask(path, Host="evil.test")[0] == 403
    assert page.ask(path, Origin="http://evil.test")[0] == 403
    assert page.ask(path, Origin=f"http://127.0.0.1:{page.port}")[0] in (200, 404)


def test_every_answer_forbids_what_is_foreign(page):
    for path in ("/", "/state", "/static/company/main.js", "/nothing"):
        headers = page.ask(path)[1]
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy
        assert headers["cache-control"].startswith("no-") and headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("words", [["--lan", "127.0.0.1"], ["--lesson", "four-stages"], ["--seed", "3"]])
def test_it_is_served_to_this_machine_alone(words, tmp_path):
    assert code_of(["serve", "--company", str(tmp_path / "firm"), *words, "--no-open"]) == 2
    assert code_of(["serve", "liaison", "--company", str(tmp_path / "firm"), "--no-open"]) == 2


def test_a_folder_of_somebody_else_is_refused(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine", "utf-8")
    assert code_of(["serve", "--company", str(tmp_path), "--no-open"]) == 3


def test_a_live_file_and_the_page_of_a_class_never_import():
    for entry in ("live.js", "replay.js"):
        assert "company" not in bundled(entry)
    paths = {getattr(route, "path", "") for route in live_page(Settings()).routes}
    assert not paths & {"/files", "/run", "/brief", "/state"}


# --- files


def test_names_are_never_paths_and_nothing_is_kept(tmp_path):
    with opened(tmp_path / "firm") as page:
        for name in ("../../evil.csv", "/etc/passwd", SCRIPT, "a\0b.xlsx", "x" * 5000, ""):
            assert page.drop(name, b"a,b\n1,2\n")[0] == 200
        names = json.loads(page.ask("/state")[2])["files"]
        assert len(names) == 6 and all(len(name) <= 80 and "\0" not in name for name in names)
        found = page.run(do="look")
        assert found["code"] == 3 and "dropped-" not in json.dumps(found) and str(tmp_path) not in json.dumps(found)
        assert page.ask("/files", "DELETE")[0] == 200
        assert page.run(do="plan", plan="x")["code"] == 3
    assert list(tmp_path.iterdir()) == []


def test_a_name_is_a_text_and_no_data(page):
    page.ask("/files", "DELETE")
    name = 'x", "kept": {"harm": 1}, "y": "\\.csv'
    page.drop(name, people_text().encode())
    found = page.run(do="look")
    assert found["code"] == 0 and found["result"]["files"][0]["name"] == name and "y" not in found["result"]
    page.ask("/files", "DELETE")


def test_too_much_is_refused_and_what_was_dropped_stays(page, monkeypatch):
    page.ask("/files", "DELETE")
    monkeypatch.setattr(company, "MOST_BYTES", 1000)
    assert page.drop("small.csv", b"x" * 900)[0] == 200
    assert page.drop("large.csv", b"x" * 200)[0] == 413
    monkeypatch.setattr(company, "MOST_FILES", 1)
    assert page.drop("one.csv", b"x")[0] == 413
    assert json.loads(page.ask("/state")[2])["files"] == ["small.csv"]
    page.ask("/files", "DELETE")


def test_the_page_reads_as_the_command_does_and_asks_what_it_asks(tmp_path, capsys):
    text = deals_text().replace("Closed Won", "Stage 7").replace("Closed Lost", "Stage 8")
    (tmp_path / "deals.csv").write_text(text, "utf-8")
    with opened(tmp_path / "firm") as page:
        page.drop("deals.csv", text.encode())
        open_ = page.run(do="look")
        assert open_["code"] == 3 and open_["result"]["kept"] is None
        assert {each["answers"] for each in open_["result"]["questions"]} >= {"won"}
        kept = page.run(do="keep")
        assert kept["code"] == 3 and not (tmp_path / "firm").exists() and "--won" in " ".join(kept["said"])
        said = {"won": ["Stage 7"], "lost": ["Stage 8"]}
        seen = page.run(do="look", **said)
        words = ["import", str(tmp_path / "deals.csv"), "--won=Stage 7", "--lost=Stage 8", "--dry-run", "--json"]
        assert code_of([*words, "-o", str(tmp_path / "firm")]) == 0
        assert seen["result"] == json.loads(capsys.readouterr().out)
        assert not (tmp_path / "firm").exists()
        assert page.run(do="keep", **said)["code"] == 0
        assert json.loads(page.ask("/state")[2])["imported"]
        assert page.run(do="keep", **said)["code"] == 2, "what is there is replaced only where that is said"
        shutil.rmtree(tmp_path / "firm")
        state = json.loads(page.ask("/state")[2])
        assert state["taken"] and not state["imported"], "the key is there still, and can be replaced by who says so"
        assert page.run(do="keep", **said)["code"] == 2 and page.run(do="keep", overwrite=True, **said)["code"] == 0


# --- lines


@given(st.sampled_from(sorted(LINES)), st.dictionaries(st.sampled_from(ASKED), VALUES, max_size=5))
def test_no_question_makes_another_line_than_its_own(do, more):
    firm, files = Path("/f/firm"), [Path("/w/dropped-1.csv")]
    plain = line_of({"do": "look"}, firm, files, Path("/w/brief.html"))
    try:
        words = line_of({"do": do, **more}, firm, files, Path("/w/brief.html"))
    except InputError as fault:
        assert fault.told
        return
    assert words[0] == {"look": "import", "keep": "import", "fit": "fit", "gate": "gate", "funnel": "funnel",
                        "brief": "brief"}.get(do, "plan")  # fmt: skip
    assert not any("\0" in word or "\n" in word for word in words)
    assert sum(word in ("-o", "--overwrite") for word in words) <= 2 and plain[0] == "import"
    for word in words[1:]:
        assert not word.startswith("-") or word in ("-o", "--json") or "=" in word or word.startswith(
            ("--dry-run", "--overwrite", "--skip-bad", "--size", "--seeds", "--accept", "--adjust", "--stop",
             "--actions")), word  # fmt: skip


@pytest.mark.parametrize("raw", [b"", b"[]", b"{" * 100_000, b"\xff", b'{"do": 3}', b'{"do": "forget"}',
                                 b'{"do": "look", "other": 1}', b"x" * 100_000])  # fmt: skip
def test_what_is_no_question_is_refused_in_a_sentence(page, raw):
    code, _, text = page.ask("/run", "POST", raw)
    assert code == 400 and json.loads(text)["faults"]


def test_one_line_runs_at_a_time_and_can_be_stopped(page):
    code, _, raw = page.ask("/run", "POST", b'{"do": "actions"}')
    assert code == 200 and json.loads(raw)["code"] is None
    assert page.ask("/run", "POST", b'{"do": "actions"}')[0] == 409 and page.drop("x.csv", b"x")[0] == 409
    assert json.loads(page.ask("/run", "DELETE")[2])["code"] not in (None, 0)


# --- in a browser


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
def test_a_stranger_goes_from_files_to_a_plan(tmp_path):
    """Files with markup in names and headers are read, asked about and kept; the gate is looked at and accepted; a plan
    is written and run. Nothing of the files acts in the page, and nobody else is asked for anything."""
    from playwright.sync_api import sync_playwright

    people, deals = tmp_path / "people.csv", tmp_path / f"{SCRIPT.replace('/', '')}.csv"
    people.write_text(people_text(), "utf-8")
    lines = deals_text().replace("Closed Won", "Stage 7").split("\n")
    deals.write_text("\n".join([f"{lines[0]},{SCRIPT}", *(f"{line},{SCRIPT}" for line in lines[1:])]), "utf-8")
    faults: list[str] = []
    with opened(tmp_path / "firm") as served, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        view = browser.new_page(viewport={"width": 1280, "height": 900})
        view.set_default_timeout(400_000)
        view.on("pageerror", lambda fault: faults.append(str(fault)))
        view.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        view.on("request", lambda asked: asked.url.startswith((f"http://127.0.0.1:{served.port}/", "data:"))
                or faults.append(asked.url))  # fmt: skip
        shot = _shots(view)

        def at(name: str):
            return view.get_by_test_id(name)

        view.goto(served.url)
        at("choose").set_input_files([str(people), str(deals)])
        at("answer-won").wait_for()
        assert at("keep").count() == 0, "what must be said is asked first"
        shot("1-asked")
        assert at("answer-customers").get_attribute("type") == "number"  # no letters are taken for a number
        at("answer-won").select_option("Stage 7")
        at("look").click()
        at("keep").wait_for()
        assert view.title() == "Your company - Baton" and SCRIPT in view.inner_text("main")
        assert "false" not in view.inner_text("body") and "undefined" not in view.inner_text("body")
        shot("2-read")
        at("keep").click()
        at("look-at-it").click()
        view.wait_for_function(
            "() => document.body.dataset.runs === '1' && !document.querySelector('main button:enabled')"
        )
        at("steps").wait_for()
        shot("3-gate")
        at("accept").click()
        assert "who says so" in at("faults").inner_text()
        at("name").fill("A. Person")
        at("note").fill(SCRIPT)
        at("accept").click()
        view.wait_for_function("() => document.querySelector('[data-testid=verdict]').innerText.includes('A. Person')")
        at("to-plans").click()
        at("plan-name").fill("without")
        at("question").fill("What if S3 goes?")
        at("begin").click()
        at("action").select_option("remove")
        at("of-who").fill("S3")
        at("of-day").fill("20")
        at("of-cost_once").fill("5")
        at("add").click()
        view.get_by_text("day 20", exact=True).wait_for()
        at("seeds").fill("2")
        at("run").click()
        at("brings").wait_for()
        shot("4-plan")
        browser.close()
    assert not faults
    assert (tmp_path / "firm" / "plans" / "without.toml").is_file()


def _shots(view):
    """Pictures of the screens, where BATON_SHOTS names a folder for them."""
    folder = os.environ.get("BATON_SHOTS")

    def shot(name: str) -> None:
        if folder:
            view.screenshot(path=f"{folder}/{name}.png", full_page=True)

    return shot
