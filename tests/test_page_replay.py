"""A replay is one file that plays a run from disk, with the network off, and shows what the live page shows."""

from __future__ import annotations

import gzip
import json
import re
from base64 import b64decode

import pytest
from test_page_browser import CHROMIUM, WIDE, browser, go_to, told  # noqa: F401
from test_page_share import until

import sim
from sim.errors import InputError
from sim.page import replay
from sim.page.bundle import bundled
from sim.page.histories import lead_told
from sim.page.life import Life
from sim.page.replay_source import of_link, of_run, of_scenario
from sim.page.share import written

in_browser = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")


@pytest.fixture(scope="module")
def default_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("replay") / "run.html"
    base = sim.read()
    replay.write(of_scenario(base, base.but(liaison__count=1), 10), path)
    return path


def data_of(path) -> dict:
    packed = re.search(r'id="recording">([^<]*)<', path.read_text(encoding="utf-8"))[1]
    return json.loads(gzip.decompress(b64decode(packed)))


def test_the_default_run_is_one_small_file_without_links(default_file):
    text = default_file.read_text(encoding="utf-8")
    assert default_file.stat().st_size <= replay.LARGEST
    assert not re.findall(r"""(?:src|href)=["'](?!data:)""", text)
    assert "https://" not in text


def test_the_run_in_the_file_is_that_of_sim_run(default_file):
    run = sim.run(sim.read().but(liaison__count=1), 10)
    kept = data_of(default_file)
    assert kept["state"] == run.about["state"]
    assert kept["days"] == run.days
    number = next(iter(kept["leads"]))
    assert [text for _, until, text in kept["leads"][number] if until is None] == run.lead_story(int(number))


def test_a_recorded_story_is_on_every_day_what_the_engine_tells_on_that_day(default_file):
    kept, life = data_of(default_file), Life(sim.read().but(liaison__count=1), 10, 10)
    compared = 0
    for day in (1, 17, 64, 130, 131, 400):
        life.live(day)
        leads = life.simulation.firm.leads
        for number in [int(each) for each in kept["leads"] if int(each) < life.simulation.firm.ledger["n_leads"][0]]:
            if leads["born"][number] >= day or day - leads["born"][number] > 70:
                continue
            told_ = [s for s in lead_told(life.simulation, number)["sentences"] if ": still open (" not in s]
            recorded = kept["leads"][str(number)]
            known = [said for begins, ends, said in recorded if begins <= day and (ends is None or day < ends)]
            stays = [s for s in told_ if "by then it had been sent back" not in s]  # this one is dated with its telling
            assert [s for s in known if "by then it had been sent back" not in s] == stays, (day, number)
            compared += 1
    assert compared > 300


def test_a_replay_names_whatever_differs_also_what_is_no_lever_of_the_page(tmp_path):
    base = sim.read().but(days=66)
    values = {"liaison.count": 1, "market.pull_share": 0.4, "workforce.marketers": 14, "trust.initial": 0.6}
    kept = replay.recording(of_scenario(base, base.but(values), 3))
    assert kept["plan"]["changes"] == [{"day": 0, "values": values}]
    assert kept["about"]["numbers"]["market.pull_share"] == 0.6


def test_the_same_run_makes_the_same_file(tmp_path):
    base = sim.read().but(days=130)
    for name in ("one", "two"):
        replay.write(of_scenario(base, base, 3), tmp_path / f"{name}.html")
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()


def test_a_saved_run_and_a_link_make_a_recording(tmp_path):
    scenario = sim.read("silo").but(days=130)
    run = sim.run(scenario, 5)
    run.save(tmp_path / "silo")
    assert replay.recording(of_run(tmp_path / "silo"))["state"] == run.about["state"]
    plan = {"scenario": "silo", "seed": 5, "changes": [{"day": 7, "values": {"liaison.count": 1}}]}
    source = of_link(written(plan, sim.__version__, "00000000", 9))
    assert source.scenario.theory_on(7).liaison.count == 1 and source.base.theory_on(7).liaison.count == 0
    assert source.warning and source.day == 9


def test_a_run_of_other_rules_is_refused(tmp_path):
    base = sim.read().but(days=65)
    source = of_scenario(base, base, 3)
    with pytest.raises(InputError, match="other rules"):
        replay.write(type(source)(**{**vars(source), "state": "0" * 16}), tmp_path / "run.html")
    assert not list(tmp_path.iterdir())


def test_modules_become_one_script_in_the_order_they_need_each_other(tmp_path):
    (tmp_path / "a.js").write_text("import { b as c } from './b.js';\nexport const a = c + 1;\n")
    (tmp_path / "b.js").write_text("export const b = 1;\n")
    script = bundled("a.js", tmp_path)
    assert script.index("modules['b.js'] =") < script.index("modules['a.js'] =")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "c.js").write_text(
        "import { a } from '../a.js';\nimport { d } from './d.js';\nexport const c = a + d;\n"
    )
    (tmp_path / "deep" / "d.js").write_text("export const d = 1;\n")
    script = bundled("deep/c.js", tmp_path)
    assert "const {a} = modules['a.js'];" in script and "const {d} = modules['deep/d.js'];" in script
    (tmp_path / "b.js").write_text("export default 1;\n")
    with pytest.raises(ValueError, match="one script"):
        bundled("a.js", tmp_path)
    (tmp_path / "b.js").write_text("import { a } from './a.js';\nexport const b = a;\n")
    with pytest.raises(ValueError, match="circle"):
        bundled("a.js", tmp_path)


@pytest.fixture
def played(browser, default_file):  # noqa: F811
    faults = []
    context = browser.new_context(viewport=WIDE, offline=True)
    page = context.new_page()
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.on("request", lambda asked: asked.url.startswith(("file:", "data:")) or faults.append(asked.url))
    page.goto(default_file.as_uri())
    page.wait_for_selector("body[data-ready='1']", state="attached")
    yield page
    context.close()
    assert not faults


@in_browser
def test_it_plays_and_scrubs_from_disk(played):
    page = played
    assert told(page, "recorded").startswith("A recording")
    page.get_by_test_id("speed-quarter").click()
    page.get_by_test_id("play").click()
    until(page, "Number(document.body.dataset.day) >= 30")
    page.keyboard.press(" ")
    run = sim.run(sim.read().but(liaison__count=1), 10)
    for day in (1300, 455):
        go_to(page, day)
        assert page.get_attribute("body", "data-stage") == str(run.quarters["stage"].iloc[day // 65 - 1])
    seen = "() => baton.store.quartersTo(1300).map((each) => each.score)"
    assert page.evaluate(seen) == pytest.approx(run.quarters["score"].tolist())
    rows, decided = page.locator("[data-testid=four-ps] tbody tr"), run.decisions[run.decisions["quarter"] == 455 // 65]
    heard = [rows.nth(i).locator("td").first.inner_text().endswith("yes") for i in range(rows.count())]
    assert heard == decided["heard"].tolist()
    assert page.get_by_test_id("ribbon").is_visible() and page.get_by_test_id("band").count()
    assert page.locator("[data-testid^=person-]").count() >= 30


@in_browser
def test_its_people_and_leads_tell_their_history_up_to_the_day(played):
    page = played
    go_to(page, 300)
    page.get_by_test_id("person-S7").dispatch_event("click")
    until(page, "document.querySelector('#story ol').children.length > 1")
    page.keyboard.press("Escape")
    lead = page.locator("[data-testid^=lead-]").first
    number = lead.get_attribute("data-testid").removeprefix("lead-")
    lead.dispatch_event("click")
    until(page, "document.querySelector('#story h2').textContent.startsWith('Lead')")
    until(page, "document.querySelector('#story ol').children.length > 0")
    said = page.locator("#story li").all_text_contents()
    days = [int(re.match(r"Day ([\d,]+)", each)[1].replace(",", "")) for each in said]
    assert max(days) <= 300 and number.isdecimal()


@in_browser
def test_its_levers_are_shown_and_none_moves(played):
    page = played
    sliders = page.locator(".left input, .left .tri button")
    assert sliders.count() > 9
    assert all(sliders.nth(i).is_disabled() for i in range(sliders.count()))
    for name in ("scenario", "seed"):
        assert page.get_by_test_id(name).is_disabled()
    page.keyboard.press("?")
    assert not page.get_by_test_id("info").is_visible()
    page.keyboard.press("Escape")
    for name in ("share", "compare", "undo", "dice", "pin"):
        assert not page.get_by_test_id(name).first.is_visible()
    page.keyboard.press("c")
    assert page.get_attribute("body", "data-mode") == "run"
