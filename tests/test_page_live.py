"""A live page is one file that lives organizations from disk, with the network off, and ends as `sim.run` does."""

from __future__ import annotations

import base64
import gzip
import json
import random
import re

import pytest
from test_page_browser import CHROMIUM, WIDE, browser, change, closed, drawn, go_to, told  # noqa: F401
from test_page_share import until

import sim
from sim.errors import InputError
from sim.page import live
from sim.page.describe import NEEDS_FILES, rules_digest
from sim.page.lessons import lesson_names
from sim.page.lines import Lines
from sim.page.share import written
from sim.page.view import View
from sim.scenario import shipped

in_browser = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")


@pytest.fixture(scope="module")
def default_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("live") / "firm.html"
    live.write(live.Wanted(), path)
    return path


def test_it_is_one_small_file_that_asks_nobody(default_file):
    text = default_file.read_text(encoding="utf-8")
    assert default_file.stat().st_size <= live.LARGEST
    assert not re.findall(r"""(?:src|href)=["'](?!data:)""", text) and "https://" not in text
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1]
    assert "default-src 'none'" in policy and "unsafe-inline" not in policy and "'unsafe-eval'" not in policy


def test_the_same_wishes_make_the_same_file(tmp_path):
    wanted = live.Wanted({"silo": sim.read("silo")}, 7, locked=["liaison.count"])
    for name in ("one", "two"):
        live.write(wanted, tmp_path / f"{name}.html")
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()


def test_it_holds_what_was_named_and_the_lessons_that_it_can_hold():
    held = live.kept(live.Wanted({"silo": sim.read("silo"), "liaison": sim.read("liaison")}, 7))
    assert list(held["about"]["scenarios"]) == ["silo", "liaison"] == list(held["data"]["scenarios"])
    assert held["about"]["start"] == {"scenario": "silo", "seed": 7} and not held["lessons"]
    held = live.kept(live.Wanted({"silo": sim.read("silo")}, lesson="four-stages"))
    assert "four-stages" in [each["name"] for each in held["lessons"]]
    everything = live.kept(live.Wanted())
    assert len(everything["lessons"]) == len(lesson_names()) and len(everything["about"]["scenarios"]) > 30


def test_a_lesson_or_lever_that_is_not_there_is_refused_by_name(tmp_path):
    for wanted, said in ((live.Wanted(lesson="four-stage"), "four-stages"),
                         (live.Wanted(locked=["liaison.counts", "trust.gain"]), "liaison.count")):  # fmt: skip
        with pytest.raises(InputError, match=said):
            live.write(wanted, tmp_path / "firm.html")
    assert not list(tmp_path.iterdir())


@pytest.fixture
def opened(browser):  # noqa: F811
    """Opens files from disk with the network off; at the end none may have had an error, or asked anybody."""
    contexts, faults = [], []

    def open_file(path, viewport=WIDE, query="", before="", ready=True):
        context = browser.new_context(viewport=viewport, offline=True)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        page.on("request", lambda asked: asked.url.startswith(("file:", "data:", "blob:")) or faults.append(asked.url))
        if before:
            page.add_init_script(before)
        page.goto(path.as_uri() + query)
        if ready:
            page.wait_for_selector("body[data-ready='1']", state="attached")
        return page

    yield open_file
    faults += closed(contexts)
    assert not faults


def plan_of(page) -> View:
    """What the page shows, as Python has it."""
    plan = page.evaluate("() => ({ plan: baton.plan.organization, base: baton.plan.base, seed: baton.plan.seed })")
    made = [sim.read(each["scenario"]) for each in (plan["plan"], plan["base"])]
    moved = [scenario.but(changes=(*scenario.changes, *(sim.Change(c["day"], c["values"]) for c in each["changes"])))
             for scenario, each in zip(made, (plan["plan"], plan["base"]), strict=True)]  # fmt: skip
    return View({"a": moved[0]}, moved[1], plan["seed"], 0)


def same_end(page) -> None:
    """Lived to its end, the page's organization is in the state in which `sim.run` ends."""
    plan = plan_of(page)
    go_to(page, plan.base.days)
    state = page.evaluate("async () => (await baton.source.hash()).a.state")
    assert state == sim.run(plan.arms["a"], plan.seed).about["state"]


@in_browser
def test_days_play_a_lever_moves_in_the_middle_and_the_end_is_that_of_sim_run(opened, default_file):
    page = opened(default_file, query="#v=0-0&o=default&m=12")
    assert page.locator("[data-testid^=person-]").count() >= 30
    page.get_by_test_id("speed-quarter").click()
    page.get_by_test_id("play").click()
    until(page, "Number(document.body.dataset.day) >= 40")
    page.keyboard.press(" ")
    go_to(page, 300)
    change(page, "liaison.count", 1, 300)
    assert page.get_by_test_id("headline").is_visible()
    same_end(page)


@in_browser
def test_its_thirty_markets_are_those_of_python(opened, default_file):
    page = opened(default_file, query="#v=0-0&o=silo&m=3&c=0:C1")
    until(page, "baton.markets !== null")
    found = page.evaluate("() => ({ ...baton.markets, rev: undefined })")
    ours = Lines().many_markets(plan_of(page), 30, lambda done, of: True)
    assert {name: found[name] for name in ours} == json.loads(json.dumps(ours))


@in_browser
def test_two_organizations_are_compared_and_a_lead_and_a_person_tell_their_story(opened, default_file):
    page = opened(default_file, query="#v=0-0&o=default&m=12&w=compare&x=liaison")
    go_to(page, 200)
    assert page.evaluate("baton.stores.a.last >= 200 && baton.stores.b.last >= 200")
    page.get_by_test_id("compare").click()
    go_to(page, 200)
    page.get_by_test_id("person-S7").dispatch_event("click")
    until(page, "document.querySelector('#story ol').children.length > 1")
    page.keyboard.press("Escape")
    page.locator("[data-testid^=lead-]").first.dispatch_event("click")
    until(page, "document.querySelector('#story h2').textContent.startsWith('Lead')")
    until(page, "document.querySelector('#story ol').children.length > 0")


@in_browser
def test_it_says_why_by_step_of_the_funnel_and_tells_a_leads_two_lives(opened, default_file):
    page = opened(default_file, query="#v=0-0&o=small-simple&m=4&c=0:C1")
    bars, told_ = page.evaluate("""async () => {
      const { source } = baton, { bars } = (await source.why('funnel', () => {})).bars, { name } = bars[1];
      const [row] = (await source.bar('funnel', name)).rows;
      return [bars.length, await source.lives('funnel', name, row.a, row.b)];
    }""")
    assert bars > 5 and all(sentence.startswith("Day ") for side in "ab" for sentence in told_[side])


@in_browser
def test_its_address_says_what_is_shown_and_opens_it_again(opened, default_file):
    page = opened(default_file)
    change(page, "liaison.count", 2, 0)
    go_to(page, 70)
    until(page, "location.hash.includes('C2') && location.hash.includes('d=70')")
    page.reload()
    page.wait_for_selector("body[data-day='70']", state="attached")
    assert plan_of(page).arms["a"].theory_on(70).liaison.count == 2


@in_browser
def test_without_workers_it_does_all_by_itself(opened, default_file):
    page = opened(default_file, query="#v=0-0&o=small-simple&m=4", before="delete globalThis.Worker")
    until(page, "baton.markets !== null")
    same_end(page)


@in_browser
def test_a_lesson_locked_levers_and_a_frame(opened, tmp_path, default_file):
    live.write(live.Wanted({"silo": sim.read("silo")}, locked=["liaison.count"], embedded=True), tmp_path / "f.html")
    page = opened(tmp_path / "f.html", viewport={"width": 1100, "height": 700})
    assert page.get_by_test_id("lever-liaison.count").is_disabled()
    assert page.get_by_test_id("lever-distance.between_teams_m").is_enabled()
    assert page.get_by_test_id("play").is_visible() and not page.get_by_test_id("share").is_visible()
    page = opened(default_file, query="?lesson=four-stages")
    page.wait_for_selector("[data-testid=lesson] h2", state="attached")
    assert not page.get_by_test_id("open-facilitator").count()


# ---- links


def link(levers=None, scenario="silo", seed=9, day=0) -> str:
    changes = [{"day": 0, "values": levers}] if levers else []
    return written({"scenario": scenario, "seed": seed, "changes": changes}, sim.__version__, rules_digest(), day)


@pytest.fixture(scope="module")
def lesson_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("lesson") / "lesson.html"
    live.write(live.Wanted({"silo": sim.read("silo")}, lesson="four-stages", locked=["practices.rules"]), path)
    return path


@in_browser
def test_a_link_opens_its_plan_where_a_lesson_is_the_usual_beginning(opened, lesson_file):
    """So a student finds the own market of a worksheet, and Share's link what was shared."""
    page = opened(lesson_file, query=link({"liaison.count": 1}, day=35))
    page.wait_for_selector("body[data-day='35'][data-seed='9']", state="attached")
    assert page.evaluate("() => baton.plan.organization.scenario") == "silo"
    assert not page.get_by_test_id("lesson").count()
    for query in (link()[:-1], "?lesson=four-stages" + link(), ""):
        page = opened(lesson_file, query=query)
        page.wait_for_selector("[data-testid=lesson] h2", state="attached")


@in_browser
def test_what_a_file_keeps_looks_so_and_no_link_moves_it(opened, lesson_file):
    page = opened(lesson_file, query=link({"liaison.count": 1}))
    page.wait_for_selector("body[data-seed='9']", state="attached")
    kept, free = (page.locator(f"[data-lever='practices.{name}']") for name in ("rules", "rotation"))
    assert "locked" in kept.inner_text() and "locked" not in free.inner_text()
    assert "off" in kept.get_attribute("class") and "off" not in free.get_attribute("class")
    page = opened(lesson_file, query=link({"practices.rules": 1}))
    assert "This link moves what this file keeps as it is (Rules of engagement)" in told(page, "notice")
    assert page.evaluate("() => baton.plan.changes") == []


@in_browser
@pytest.mark.parametrize("view", ["run", "compare"])
def test_a_link_for_more_than_a_page_can_live_opens_the_page_without_it_and_says_why(opened, default_file, view):
    far = {"workforce.marketers": 5000, "workforce.salespeople": 5000}
    state = {"scenario": "silo", "seed": 9, "changes": [{"day": 0, "values": far}]}
    page = opened(default_file, query=written(state, sim.__version__, rules_digest(), 0, view))
    assert "the page shows at most 4,000 people" in told(page, "notice") and page.get_by_test_id("notice").is_visible()
    assert page.evaluate("() => [baton.plan.changes.length, baton.mode, document.body.dataset.veiled]") == [
        0,
        "run",
        "0",
    ]
    page.get_by_test_id("play").click()
    until(page, "baton.day > 5")
    drawn(page)


@in_browser
def test_after_a_link_that_was_cut_the_address_names_what_is_shown_and_a_good_one_is_taken(opened, default_file):
    page = opened(default_file, query=link({"liaison.count": 1}))
    shown = page.evaluate("() => location.hash")
    page.evaluate("(cut) => { location.hash = cut; }", link(seed=4)[:-2])
    until(page, "document.querySelector('#notice').textContent.includes('nothing has changed')")
    until(page, f"location.hash === {shown!r}")
    page.evaluate("(good) => { location.hash = good; }", link(seed=4))
    page.wait_for_selector("body[data-seed='4']", state="attached")
    page.get_by_test_id("notice").wait_for(state="hidden")


@in_browser
def test_a_firm_of_ones_own_in_a_file_is_shared_by_its_address_and_cited(opened, tmp_path):
    mine = sim.read("small-simple").but(title="Mine", days=130)
    live.write(live.Wanted({"mine": mine}), tmp_path / "mine.html")
    page = opened(tmp_path / "mine.html", query=link({"liaison.count": 1}, "mine", 11))
    page.get_by_test_id("share").click()
    until(page, "document.querySelector('[data-testid=share-cite]').textContent.includes('state')")
    end = sim.run(mine.but(changes=(sim.Change(0, {"liaison.count": 1}),)), 11).about["state"]
    assert f"state {end} on day 130" in told(page, "share-cite")
    assert "whoever has the very same file" in page.get_by_test_id("share-dialog").inner_text()
    assert "baton run" not in page.get_by_test_id("share-dialog").inner_text().replace("by baton run", "")
    again = opened(
        tmp_path / "mine.html", query="#" + page.get_by_test_id("share-link").input_value().partition("#")[2]
    )
    again.wait_for_selector("body[data-seed='11']", state="attached")


@in_browser
def test_the_address_of_a_site_opens_a_plan_on_its_live_page(opened, tmp_path, baton):
    assert baton("export", "site", "-o", tmp_path / "site")[0] == 0
    page = opened(tmp_path / "site" / "index.html", query=link({"liaison.count": 1}, seed=5, day=3))
    page.wait_for_selector("body[data-seed='5'][data-day='3']", state="attached")
    assert page.url.partition("#")[0].endswith("/site/live.html")


# ---- memory that is not there


@in_browser
@pytest.mark.parametrize("when", ["begins", "goes on"])
def test_memory_that_is_not_there_is_said_and_what_was_there_stays(opened, default_file, when):
    """No worker, so that the page's own memory is the engine's."""
    full = "WebAssembly.Memory.prototype.grow = () => { throw new RangeError('failed to grow memory'); }"
    said = "document.querySelector('#notice')?.textContent.includes('There is not enough memory for this')"
    if when == "begins":
        page = opened(default_file, before=f"delete globalThis.Worker; {full}", ready=False)
        until(page, said)
    else:
        page = opened(default_file, before="delete globalThis.Worker")
        until(page, "!baton.stale")
        page.evaluate(f"() => {{ {full} }}")
        change(page, "workforce.salespeople", 350, 0)
        until(page, said)
        assert page.evaluate("baton.plan.value('workforce.salespeople') < 350 && !baton.stale")
        assert page.locator("[data-testid^=person-]").count() >= 30


# ---- a file that was damaged, or edited

SAID = re.compile(r"This file is damaged, or was changed|Opening\. If this line stays")
NO_NUMBER = re.compile(r"NaN|undefined|Infinity|\[object")


DRAWN = "document.body?.dataset.ready === '1' && document.querySelectorAll('.desk').length > 3"
RESTS = f"""{DRAWN} || /damaged, or was changed|too old/.test(document.body?.innerText)
  || performance.now() > (document.querySelector('#opening') ? 3000 : 8000)"""


def answered(page) -> str:
    """What an edited file shows once it has come to rest: the page, a sentence, or nothing."""
    until(page, RESTS)
    text = re.sub(r"\S{200,}", "", page.evaluate("document.body.innerText"))  # packed parts, should they be seen
    assert not NO_NUMBER.search(text)
    if page.evaluate(DRAWN):
        return "page"
    return "sentence" if SAID.search(text) else "nothing"


def edited_data(text: str) -> str:
    """The file with other numbers in its data, packed as Baton packs them."""
    packed = re.search(r'id="kept">([^<]*)<', text)[1]
    held = json.loads(gzip.decompress(base64.b64decode(packed)))
    held["data"]["scenarios"]["default"]["values"]["workload.day_hours"] = 0
    return text.replace(packed, base64.b64encode(live.packed(json.dumps(held).encode())).decode())


EDITS = {
    "cut in the middle": lambda text: text[: len(text) // 2],
    "a letter of the data": lambda text: text[:200_000] + ("A" if text[200_000] != "A" else "B") + text[200_001:],
    "a letter of the first script": lambda text: text.replace("const OLD", "const  OLD"),
    "numbers of the data": edited_data,
    "a look": lambda text: text.replace("style-src 'sha256-", "style-src 'sha256-AAAA"),
}  # fmt: skip


@in_browser
@pytest.mark.parametrize("edit", EDITS)
def test_an_edited_file_says_so(browser, default_file, tmp_path, edit):  # noqa: F811
    text = default_file.read_text(encoding="utf-8")
    (tmp_path / "f.html").write_text(EDITS[edit](text), encoding="utf-8")
    assert (tmp_path / "f.html").read_text(encoding="utf-8") != text
    page = browser.new_page()
    page.goto((tmp_path / "f.html").as_uri())
    assert answered(page) == "sentence"
    page.close()


@in_browser
def test_a_file_whose_lines_end_otherwise_opens(opened, default_file, tmp_path):
    """As a mail's attachment may come."""
    (tmp_path / "f.html").write_bytes(default_file.read_bytes().replace(b"\n", b"\r\n"))
    assert answered(opened(tmp_path / "f.html")) == "page"


# Edited texts as a browser reads them, with their own first script, which runs if the text's policy knows it: either it
# hands over to the page what the file holds, untouched, or it says a sentence, or one stands there already.
FIRST_SCRIPT = """async ([whole, edits]) => {
  const apply = (edits) => edits.reduce((now, [at, to, put]) => now.slice(0, at) + put + now.slice(to), whole);
  const sum = async (text) => btoa(String.fromCharCode(...new Uint8Array(
    await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))));
  const open = async (text) => {
    const parsed = new DOMParser().parseFromString(text, 'text/html');
    const policy = parsed.querySelector('meta[http-equiv="Content-Security-Policy"]')?.content;
    Object.defineProperty(parsed, 'styleSheets', { value: [1] }); // nothing is drawn here
    const script = [...parsed.querySelectorAll('script:not([type])')].at(-1), found = { crypto, baton: {} };
    const runs = script && (policy === undefined || policy.includes(await sum(script.textContent)));
    if (runs) {
      const run = new Function('document', 'globalThis', `return eval(${JSON.stringify(script.textContent)})`);
      try { await run(parsed, found); } catch { /* it has said so */ }
    }
    return found.batonFile ?? parsed.body.textContent;
  };
  const told = (found) => JSON.stringify({ ...found, wasm: Array.from(new Uint8Array(found.wasm)) });
  const good = told(await open(whole)), count = { whole: 0, said: 0, wrong: [] };
  const sentence = /This file is damaged, or was changed|too old for this file|Opening\\. If this line stays/;
  const stands = whole.indexOf('<p id="opening"') + 200; // whoever cuts before its end has taken the sentence away
  for (const edit of edits) {
    const found = await open(apply(edit));
    if (typeof found !== 'string' && told(found) === good) count.whole++;
    else if (typeof found === 'string' && (sentence.test(found) || edit.some(([at]) => at < stands))) count.said++;
    else count.wrong.push([edit, typeof found]);
  }
  return count;
}"""
PIECES = ["", "", "A", "&", "<", ">", "</script>", "<script>", "<!--", "\x00", "😀", "-", "\r\n", "</body>", "x" * 3000]


def strange(draw: random.Random, text: str) -> list:
    """Edits of a file: cut, letters lost, put in or written twice; as often in its few lines as in its packed parts."""
    lines = [0, text.index('id="kept">')], [text.rindex("</script>", 0, len(text) - 200), len(text)], [0, len(text)]
    edits = []
    for _ in range(draw.choice([1, 1, 1, 2, 5])):
        low, high = draw.choice(lines)
        at = draw.randrange(low, high)
        if draw.random() < 0.15:
            edits.append([at, len(text) + 9999, ""])
            continue
        to = min(at + draw.choice([0, 1, 1, 4, 40, 4000]), len(text))
        twice = draw.randrange(len(text))
        edits.append([at, to, draw.choice([*PIECES, text[twice : twice + draw.choice([1, 30, 2000])]])])
    return edits


@in_browser
@pytest.mark.long
@pytest.mark.timeout(3600)
def test_ten_thousand_edited_files_are_all_answered(browser, tmp_path):  # noqa: F811
    """None is lived but with the rules and data that Baton wrote; what cannot be opened says so."""
    live.write(live.Wanted({"small-simple": sim.read("small-simple")}), tmp_path / "firm.html")
    text, draw, whole, said = (tmp_path / "firm.html").read_text(encoding="utf-8"), random.Random(21), 0, 0
    (tmp_path / "blank.html").write_text("<!doctype html>", encoding="utf-8")
    page = browser.new_page()
    page.goto((tmp_path / "blank.html").as_uri())
    for _ in range(100):
        found = page.evaluate(FIRST_SCRIPT, [text, [strange(draw, text) for _ in range(100)]])
        assert found["wrong"] == []
        whole, said = whole + found["whole"], said + found["said"]
    assert whole + said == 10_000 and whole > 300 and said > 5000, (whole, said)
    page.close()


@in_browser
@pytest.mark.long
def test_edited_files_opened_for_good_hang_nowhere_and_show_no_nonsense(browser, tmp_path):  # noqa: F811
    live.write(live.Wanted({"small-simple": sim.read("small-simple")}), tmp_path / "firm.html")
    text, draw, seen = (tmp_path / "firm.html").read_text(encoding="utf-8"), random.Random(22), []
    stands = text.index('<p id="opening"') + 200  # whoever cuts before its end has taken the sentence away
    for _ in range(120):
        now, edits = text, strange(draw, text)
        for at, to, put in edits:
            now = now[:at] + put + now[to:]
        (tmp_path / "f.html").write_text(now, encoding="utf-8", newline="")
        page = browser.new_page()
        page.goto((tmp_path / "f.html").as_uri())
        seen.append(answered(page))
        page.close()
        assert seen[-1] != "nothing" or any(at < stands for at, _, _ in edits), edits
    assert {"page", "sentence"} <= set(seen)


def test_a_site_has_every_page_that_it_leads_to_and_nothing_from_elsewhere(baton, tmp_path):
    """Whatever path a host puts it under: links are relative, and lead to files of the site or out to the web."""
    code, out, err = baton("export", "site", "-o", tmp_path / "site")
    assert code == 0, err
    pages = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "site").glob("*.html")}
    assert {"index.html", "live.html", "teaching.html", "limits.html"} <= set(pages)
    for name in shipped():
        if name not in NEEDS_FILES:
            assert f"o={name}" in pages["index.html"], name
    for page, text in pages.items():
        links = re.findall(r'(?:href|src)="([^"]+)"', text)
        for link in (each for each in links if not re.match(r"https?://|#|data:|mailto:", each)):
            assert not link.startswith("/") and (tmp_path / "site" / re.split(r"[?#]", link)[0]).is_file(), (page, link)
    assert baton("export", "site", "-o", tmp_path / "site")[0] == 2, "what is there is not overwritten unasked"
    assert baton("export", "site", "-o", tmp_path / "site", "--overwrite")[0] == 0
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "index.html").write_text("somebody's")
    assert baton("export", "site", "-o", tmp_path / "shop", "--overwrite")[0] == 2
    assert (tmp_path / "shop" / "index.html").read_text() == "somebody's"
