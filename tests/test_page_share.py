"""A link carries the whole plan: what its writer saw is what its reader sees, and a link from elsewhere is said."""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
import time
from urllib.parse import quote, unquote

import pytest
from house import ROOT
from hypothesis import given
from hypothesis import strategies as st
from test_page_browser import CHROMIUM, WIDE, browser, change, go_to, opened, told  # noqa: F401

import sim
from sim.cli import code_of
from sim.errors import InputError
from sim.model.theory import numbers
from sim.page.describe import LEVERS, about, rules_digest
from sim.page.replay_source import link_of, of_link
from sim.page.share import CODES, LONGEST, VIEWS, read_link, written

in_browser = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
BOUNDS = numbers()


def until(page, what: str) -> None:
    """Wait until an expression holds; the page forbids Playwright's own way of waiting (it evaluates text in it)."""
    for _ in range(500):
        if page.evaluate(what):
            return
        page.wait_for_timeout(20)
    raise AssertionError(f"never: {what}")


@st.composite
def plans(draw):
    def value(name):
        low, high = BOUNDS[name].low, BOUNDS[name].high
        whole = BOUNDS[name].type is int
        return draw(st.integers(int(low), int(high)) if whole else st.floats(low, min(high, 1e9)))

    def changes():
        days = sorted(draw(st.sets(st.integers(0, 1299), max_size=4)))
        names = st.lists(st.sampled_from(LEVERS), min_size=1, max_size=3, unique=True)
        return [{"day": day, "values": {name: value(name) for name in draw(names)}} for day in days]

    return {"scenario": draw(st.sampled_from(list(sim.scenario.shipped()))), "seed": draw(st.integers(0, 2**40)),
            "changes": changes(), "baseline": changes(), "other": None}  # fmt: skip


@given(plans(), st.integers(0, 1300), st.sampled_from(VIEWS))
def test_what_is_written_is_read(plan, day, view):
    found = read_link("http://127.0.0.1:8765/" + written(plan, "1.2.3", "0a1b2c3d", day, view))
    assert {key: found[key] for key in plan} == plan
    assert (found["day"], found["view"], found["version"], found["model"]) == (day, view, "1.2.3", "0a1b2c3d")


@pytest.mark.parametrize("link", ["", "#v=1-2", "#v=1-2&o=default&m=x", "#v=1-2&o=default&c=1:Z3", "#v=1-2&o=a&c=C1"])
def test_a_link_that_is_none_is_refused(link):
    with pytest.raises(InputError):
        read_link(link)


def test_a_link_that_was_cut_or_added_to_is_refused_wherever_it_was_cut():
    plan = {"scenario": "silo", "seed": 9, "changes": [{"day": 0, "values": {"liaison.count": 1}},
                                                      {"day": 650, "values": {"workforce.marketers": 12}}]}  # fmt: skip
    whole = written(plan, sim.__version__, rules_digest(), 431, "compare")
    assert of_link(whole).changes == plan["changes"] and of_link(quote(whole, safe="#=&")).day == 431
    for damaged in [whole[:end] for end in range(3, len(whole))] + [whole + "0", whole.replace("&e=", "&q=1&e=")]:
        with pytest.raises(InputError):
            of_link(damaged)


def test_a_link_for_what_it_cannot_carry_is_refused():
    base = sim.read()
    with pytest.raises(InputError, match=r"trust\.gain"):
        link_of("default", base, base.but(trust__gain=0.05), 1)
    with pytest.raises(InputError, match="shipped"):
        link_of("my.toml", base, base, 1)


def page_state(page) -> dict:
    return page.evaluate("() => ({...baton.plan.state, day: baton.day, mode: baton.mode})")


@in_browser
def test_a_link_opens_the_same_run_elsewhere(opened):  # noqa: F811
    page = opened()
    change(page, "liaison.count", 1, 10)
    change(page, "distance.between_teams_m", 8, 40)
    page.evaluate("() => baton.change((plan) => plan.set({ seed: 7 }))")
    page.evaluate("() => baton.sending")
    go_to(page, 70)
    page.keyboard.press("c")
    page.wait_for_selector("body[data-mode='compare']", state="attached")
    page.evaluate("() => baton.sending")
    page.keyboard.press("s")
    link = page.get_by_test_id("share-link").input_value()
    assert len(link) <= LONGEST and "#" in link
    assert link.endswith(written(page_state(page), sim.__version__, rules_digest(), 70, "compare"))
    there = opened(query=link[link.index("#") :])
    there.wait_for_selector("body[data-day='70'][data-mode='compare']", state="attached")
    assert page_state(there) == page_state(page)
    hashes = "() => baton.source.hash().then(({ a, b }) => [a, b])"
    assert there.evaluate(hashes) == page.evaluate(hashes)
    assert there.get_by_test_id("undo").is_disabled()


@in_browser
def test_the_link_is_copied(opened):  # noqa: F811
    page = opened(permissions=["clipboard-read", "clipboard-write"])
    page.get_by_test_id("share").click()
    until(page, "document.querySelector('[data-testid=share-said]').textContent")
    assert told(page, "share-said") == "Link copied."
    assert page.evaluate("() => navigator.clipboard.readText()") == page.get_by_test_id("share-link").input_value()


@in_browser
def test_no_link_is_offered_for_an_organization_that_is_nowhere_else(opened):  # noqa: F811
    """In the words of the command; what comes with Baton has its link."""
    page = opened()
    page.evaluate("() => { baton.about.scenarios.default.shipped = false; }")
    page.get_by_test_id("share").click()
    until(page, "document.querySelector('[data-testid=share-dialog]').open")
    with pytest.raises(InputError, match="a link names a shipped scenario") as refused:
        link_of("my.toml", sim.read(), sim.read(), 1)
    assert refused.value.problems[0].endswith("mail the file itself")
    assert "a link names a shipped scenario; mail the file itself" in page.get_by_test_id("share-dialog").inner_text()
    assert page.get_by_test_id("share-link").input_value() == "" and page.get_by_test_id("share-copy").is_disabled()


def test_the_page_knows_what_comes_with_baton():
    told = about({"mine": sim.read("silo")})["scenarios"]
    assert told["silo"]["shipped"] and told["company-example"]["shipped"] and not told["mine"]["shipped"]


@in_browser
def test_a_link_from_other_rules_and_a_damaged_one_are_said(opened):  # noqa: F811
    link = f"#v=0.0.1-deadbeef&o=silo&m=3&d=5&c=0:{CODES['liaison.count']}1"
    page = opened(query=link)
    page.wait_for_selector("body[data-day='5'][data-seed='3']", state="attached")
    until(page, "document.querySelector('#notice').textContent.includes('other rules')")
    assert "0.0.1" in told(page, "notice") and page.get_by_test_id("notice").is_visible()
    ours = written({"scenario": "silo", "seed": 3, "changes": []}, sim.__version__, rules_digest())
    for damaged in ("#v=1-2&o=nowhere&m=3", ours[:-1], ours[: ours.index("&e")], ours.replace("m=3", "m=34")):
        page = opened(query=damaged)
        assert "link" in told(page, "notice").lower()
        assert page_state(page)["scenario"] == "default"


@in_browser
@pytest.mark.parametrize(
    ("query", "named"),
    [("?scenario=nope", "scenario"), ("#m=bad&y=x", "y"), pytest.param("#<b>", "<b>", marks=pytest.mark.long)],
)
def test_a_link_that_cannot_be_read_is_said_until_somebody_plays(opened, query, named):  # noqa: F811
    page = opened(query=query)
    said = f"This link could not be read: “{named}” is no part of a link; this is the default firm."
    assert said in told(page, "notice")
    assert page.get_by_test_id("notice").is_visible()
    page.get_by_test_id("play").click()
    page.get_by_test_id("notice").wait_for(state="hidden")


@in_browser
def test_the_command_prints_a_link_that_the_page_reads(opened, capsys):  # noqa: F811
    assert code_of(["export", "link", "silo", "--seed", "9", "--set", "liaison.count=1", "-q"]) == 0
    link = capsys.readouterr().out.strip()
    page = opened(query=link[link.index("#") :])
    state = page_state(page)
    assert (state["scenario"], state["seed"]) == ("silo", 9)
    assert state["changes"] == [{"day": 0, "values": {"liaison.count": 1}}]
    assert not page.get_by_test_id("notice").is_visible()


# ---- lived by the command


def test_a_link_for_more_than_a_page_lives_is_printed_with_a_word(capsys):
    far = ["--set", "workforce.marketers=5000", "--set", "workforce.salespeople=5000"]
    assert code_of(["export", "link", "silo", *far]) == 0
    assert "the page shows at most 4,000 people" in capsys.readouterr().err
    assert code_of(["export", "link", "silo"]) == 0 and "at most" not in capsys.readouterr().err


def a_link(**more) -> str:
    """As the page writes it: another organization with dated changes, against a baseline that was pinned."""
    plan = {"scenario": "silo", "other": "liaison", "seed": 7,
            "baseline": [{"day": 0, "values": {"liaison.count": 1}}],
            "changes": [{"day": 65, "values": {"distance.between_teams_m": 8, "workforce.marketers": 14}},
                        {"day": 130, "values": {"liaison.count": 2}}]} | more  # fmt: skip
    return "http://127.0.0.1:8765/" + written(plan, sim.__version__, rules_digest(), 70, "compare")


def test_the_command_lives_what_a_link_shows(capsys):
    source = of_link(a_link())
    assert code_of(["run", a_link(), "--days", "200"]) == 0
    said = capsys.readouterr().out
    assert f"State on day 200: {sim.run(source.scenario, 7, until=200).state_hash} " in said
    assert code_of(["run", a_link(), "--days", "140", "--json"]) == 0
    there = json.loads(capsys.readouterr().out)
    by_hand = sim.read("liaison").but(
        changes=[sim.Change(65, {"distance.between_teams_m": 8, "workforce.marketers": 14}),
                 sim.Change(130, {"liaison.count": 2})])  # fmt: skip
    assert there["hashes"]["state"] == sim.run(by_hand, 7, until=140).state_hash
    assert code_of(["compare", a_link(), "--seeds", "2", "--days", "200", "--json"]) == 0
    both = json.loads(capsys.readouterr().out)
    assert both["scenarios"] == ["silo", "liaison"]
    base = sim.read("silo").but(changes=[sim.Change(0, {"liaison.count": 1})])
    pair = sim.compare(base, source.scenario, seeds=2, days=200).summary()["difference"].tolist()
    assert [row["difference"] for row in both["differences"]] == pytest.approx(pair, nan_ok=True)


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [(["run", a_link()[:-9]], 3, "between quotes"), (["run", a_link().replace("&m=7", "&m=88")], 3, "changed on its"),
     (["run", "http://127.0.0.1:8765/"], 3, "no link of a Baton page"),
     (["run", a_link(scenario="silo", other=None).replace("silo", "../x")], 3, "no scenario '../x'"),
     (["run", a_link(), "--seed", "3"], 2, "says it all already"),
     (["run", a_link(), "--set", "liaison.count=1"], 2, "says it all already"),
     (["compare", a_link(other=None, changes=[], baseline=[])], 3, "one organization alone"),
     (["compare", "silo"], 2, "two to four scenarios, or one link")],
)  # fmt: skip
def test_a_link_that_cannot_be_lived_is_refused_with_its_reason(capsys, command, code, said):
    assert code_of(command) == code
    assert said in capsys.readouterr().err


# ---- cited


@in_browser
@pytest.mark.parametrize("mode", ["run", "compare"])
def test_the_page_shows_and_copies_the_hash_of_the_run(opened, mode):  # noqa: F811
    page = opened(permissions=["clipboard-read", "clipboard-write"])
    page.evaluate("() => baton.change((plan) => plan.set({ seed: 7 }))")
    change(page, "liaison.count", 1, 10)
    go_to(page, 12)
    if mode == "compare":
        page.keyboard.press("c")
    page.evaluate("() => baton.sending")
    page.get_by_test_id("share").click()
    until(page, "document.querySelector('[data-testid=share-cite]').textContent")
    cited = told(page, "share-cite")
    source = of_link(page.get_by_test_id("share-link").input_value())
    lived = [source.base, source.scenario] if mode == "compare" else [source.scenario]
    for scenario in lived:
        assert f"state {sim.run(scenario, 7).state_hash} on day {scenario.days}" in cited
    assert f"Baton {sim.__version__} (rules {rules_digest()}), market 7; default" in cited
    page.get_by_test_id("share-cite-copy").click()
    until(page, "document.querySelector('[data-testid=share-cite-said]').textContent")
    assert page.evaluate("() => navigator.clipboard.readText()") == cited
    assert told(page, "share-again").startswith(f"baton {mode} 'http")


# ---- the address


def settled(page) -> str:
    """The address as it stands when nothing is on its way."""
    page.evaluate("() => baton.sending")
    page.wait_for_timeout(800)
    return page.evaluate("() => location.hash")


@in_browser
def test_every_step_stands_in_the_address_and_back_forward_and_reload_keep_it(opened):  # noqa: F811
    page = opened()
    seen = [(settled(page), page_state(page))]
    begun = page.evaluate("() => history.length")

    def step(act, *given):
        page.evaluate(act, *given)
        seen.append((settled(page), page_state(page)))

    step("() => baton.change((plan) => plan.set({ seed: 7 }))")
    step("() => { baton.player.seek(40); baton.change((plan) => plan.change('liaison.count', 1, 0)); }")
    step("""async () => { for (const metres of [29, 20, 12, 8]) {  // a hand on a lever
        baton.change((plan) => plan.change('distance.between_teams_m', metres, 30, true));
        await new Promise((on) => setTimeout(on, 450)); } baton.plan.letGo(); }""")
    step("() => baton.setMode('compare')")
    step("() => { baton.said('way', 'funnel'); baton.said('why'); }")
    step("() => baton.said('project')")
    assert page.evaluate("() => history.length") == begun + len(seen) - 1
    assert len({address for address, _ in seen}) == len(seen) and seen[0][0] == ""
    assert max(len(address) for address, _ in seen) <= LONGEST
    for address, state in seen[-2::-1]:
        page.go_back()
        assert settled(page) == address and page_state(page) == state
    assert not page.evaluate("() => document.body.classList.contains('is-projected')")
    for address, state in seen[1:]:
        page.go_forward()
        assert settled(page) == address and page_state(page) == state
    assert page.evaluate("() => document.body.classList.contains('is-projected') && baton.way") == "funnel"
    page.reload()
    page.wait_for_selector("body[data-ready='1'].is-projected", state="attached")
    assert settled(page) == seen[-1][0] and page_state(page) == seen[-1][1]


@in_browser
def test_days_that_pass_stay_within_their_step_and_outlive_a_reload(opened):  # noqa: F811
    page = opened()
    begun = page.evaluate("() => history.length")
    page.get_by_test_id("play").click()
    page.wait_for_timeout(900)
    page.keyboard.press(" ")
    address, state = settled(page), page_state(page)
    assert f"d={state['day']}&" in address and page.evaluate("() => history.length") == begun
    page.reload()
    page.wait_for_selector(f"body[data-ready='1'][data-day='{state['day']}']", state="attached")
    assert page_state(page) == state


# ---- any text


def strange(draw: random.Random) -> str:
    """A link as it may come: whole, cut, with a part of another, a part twice, or letters that nobody typed."""
    plan = {"scenario": draw.choice(list(sim.scenario.shipped())), "seed": draw.randrange(10**draw.randrange(1, 17)),
            "other": draw.choice([None, None, "silo"])}  # fmt: skip
    for key in ("changes", "baseline"):
        plan[key] = [{"day": draw.randrange(1400), "values": {
            name: draw.choice([0, 1, 2, 8, 0.5, -1, 1e9]) for name in draw.sample(LEVERS, draw.randrange(1, 3))}}
            for _ in range(draw.choice([0, 0, 1, 1, 3, 61]) if draw.random() < 0.7 else 0)]  # fmt: skip
    link = written(plan, sim.__version__, draw.choice([rules_digest(), "deadbeef"]), draw.randrange(1500),
                   draw.choice(VIEWS))  # fmt: skip
    for _ in range(draw.choice([0, 0, 1, 2, 5])):
        at, until_ = sorted(draw.randrange(len(link) + 1) for _ in range(2))
        new = draw.choice(["", "&", "=", ";", "&m=3", "%", "%F0%9F", "😀", "٣", "\x00", "<b>", "&e=9", "1e999",
                           "__proto__", "x" * 3000, "C1" * 2000, "-" * 3000, link])  # fmt: skip
        link = link[:at] + new + (link[until_:] if draw.random() < 0.5 else link[at:])
    if draw.random() < 0.5:  # with an end that fits what stands there now
        body = link.rpartition("&e=")[0] or link
        link = f"{body}&e={len(unquote(body))}"
    return link if link.startswith("#") else "#" + link


@pytest.mark.long
@pytest.mark.skipif(shutil.which("node") is None, reason="no node here: install Debian's package nodejs")
def test_ten_thousand_links_are_all_answered_and_the_page_takes_none_for_another():
    """No hang, no exception but a reason; the page takes nothing that the command refuses, and both read the same."""
    draw = random.Random(20)
    links = [strange(draw) for _ in range(10_000)]
    begun = time.monotonic()
    asked = json.dumps({"about": about({}), "links": links})
    answer = subprocess.run(["node", str(ROOT / "tests/js/links.js")], input=asked, capture_output=True, text=True,
                            timeout=120, check=True)  # fmt: skip
    theirs, taken = json.loads(answer.stdout), 0
    for link, page in zip(links, theirs, strict=True):
        try:
            told_ = read_link(link)
        except InputError as fault:
            assert fault.problems and all(fault.problems)
            told_ = None
        assert page is not None and bool(page.get("fault")) != bool(page.get("plan"))
        if told_ and page.get("plan"):
            plan = page["plan"]
            assert (plan["scenario"], plan["seed"], plan["other"]) == (told_["scenario"], told_["seed"], told_["other"])
            for key in ("changes", "baseline"):
                assert plan[key] == sorted(told_[key], key=lambda each: each["day"])
            taken += 1
        elif page.get("plan"):
            raise AssertionError(f"the page takes what the command does not: {link[:300]!r}")
    assert 1000 < taken < 9000
    assert time.monotonic() - begun < 100


@pytest.mark.long
@pytest.mark.timeout(3600)
@in_browser
def test_links_opened_for_good_hang_nowhere_and_show_no_nonsense(browser, tmp_path):  # noqa: F811
    """Strange ones, and whole ones of firms of any size: each ends in a page that lives, or says why it is another."""
    from sim.page import live

    live.write(live.Wanted(), tmp_path / "f.html")
    draw, seen = random.Random(21), {"taken": 0, "told": 0}
    for n in range(300):
        link = strange(draw)
        if n % 3 == 0:
            values = {"workforce.marketers": draw.choice([1, 40, 900, 20_000]), "liaison.count": draw.choice([0, 1, 3]),
                      "workforce.salespeople": draw.choice([1, 40, 900, 20_000])}  # fmt: skip
            plan = {"scenario": draw.choice(["silo", "liaison-leaves", "company-example"]), "seed": n,
                    "changes": [{"day": draw.choice([0, 0, 9]), "values": values}]}  # fmt: skip
            link = written(plan, sim.__version__, rules_digest(), draw.choice([0, 70]), draw.choice(VIEWS))
        page = browser.new_context(viewport=WIDE, offline=True).new_page()
        page.goto((tmp_path / "f.html").as_uri() + link)
        page.wait_for_selector("body[data-ready='1']", state="attached", timeout=120_000)
        until(page, "!baton.sending && !baton.veiled")
        noticed = page.get_by_test_id("notice").is_visible()
        fresh = page.evaluate("() => JSON.stringify(baton.plan.state) === JSON.stringify(baton.fresh)")
        assert not fresh or noticed or link == "#", link
        seen["told" if fresh else "taken"] += 1
        assert not re.search(r"NaN|\[object ", page.locator("body").inner_text()), link
        page.context.close()
    assert min(seen.values()) > 30, seen
