"""No text of the live page says what is not so: random levers, pins, scrubs and days, held against the plan."""

from __future__ import annotations

import random
import re

import pandas as pd
import pytest
from test_page_browser import CHROMIUM, browser, drawn, go_to, opened  # noqa: F401

import sim

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")

SCENARIOS = ("default", "small-simple", "liaison-leaves", "marketing-under-sales", "growth")
VALUES = {
    "workforce.marketers": (6, 12, 20), "liaison.count": (0, 1, 2), "distance.between_teams_m": (5, 30, 2000),
    "communication.cost_hours": (0.5, 1, 2), "communication.delay_days": (0, 5, 10), "trust.initial": (0.1, 0.9),
    "practices.rules": (0, 1, 2), "practices.rotation": (0, 1, 2), "liaison.trust_sales": (0, 1),
}  # fmt: skip
DRIVEN = """async (steps) => {
  const { Plan } = await import('/static/common/plan.js');
  const { changedParts, textOf } = await import('/static/common/changed.js');
  const plan = new Plan(baton.about, { scenario: steps.scenario, seed: 3 });
  return steps.moves.map(([what, ...given]) => {
    plan.letGo();
    if (what === 'change') plan.change(...given);
    else if (what === 'other') plan.set({ other: given[0] });
    else plan[what]();
    return steps.days.map((day) => [day, plan.state, textOf(changedParts(plan, day)),
                                    textOf(changedParts(plan, day, Infinity))]);
  });
}"""
PHRASES = """async (asked) => {
  const { W } = await import('/static/common/words.js');
  return asked.map((each) => each.map((given) => W.change(baton.about.levers, ...given)));
}"""
COUNTED = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]


def moves(seed: int) -> dict:
    """A plan's history, and the days to look at: the same for the same seed."""
    luck = random.Random(seed)
    made = []
    for _ in range(luck.randint(4, 12)):
        what = luck.choices(["change", "pin", "undo", "redo", "other"], [10, 2, 2, 1, 1])[0]
        if what == "change":
            name = luck.choice(list(VALUES))
            made.append([what, name, luck.choice(VALUES[name]), luck.choice((0, 20, 20, 130, 250, 251))])
        else:
            made.append([what, *([luck.choice((*SCENARIOS, None))] if what == "other" else [])])
    return {"scenario": luck.choice(SCENARIOS), "moves": made, "days": DAYS}


def in_force(about: dict, scenario: str, changes: list, day: int) -> dict:
    """Every number that is said of an organization, as it stands on a day: change after change, nothing cleverer."""
    told = about["scenarios"][scenario]
    values = about["numbers"] | told["numbers"] | told["levers"]
    for change in sorted([*told["changes"], *changes], key=lambda each: each["day"]):
        if change["day"] <= day:
            values |= change["values"]
    return values


DAYS = (0, 19, 20, 130, 198, 250, 251, 600, 1299)  # on which levers are moved, or which are looked at


def turns(about: dict) -> list[int]:
    own = {change["day"] for name in SCENARIOS for change in about["scenarios"][name]["changes"]}
    return sorted({*DAYS, *own})


def unlike(about: dict, state: dict, day: int) -> dict:
    """name -> (value, the baseline's value)"""
    ours = in_force(about, state["other"] or state["scenario"], state["changes"], day)
    base = in_force(about, state["scenario"], state["baseline"], day)
    return {name: (ours[name], base[name]) for name in ours if ours[name] != base[name]}


def check_said(about: dict, state: dict, day: int, text: str, phrases: list[str], where: str) -> None:
    """All that is unlike the baseline on the day is named or counted, and nothing else is said."""
    titles = [about["scenarios"][name]["title"] for name in (state["other"], state["scenario"]) if name]
    another = f"{titles[0]} in place of {titles[-1]}; " if len(set(titles)) > 1 else ""
    assert text.startswith(another), (where, day, text)
    rest, named = text.removeprefix(another), 0  # first: a title may be the words of a change too
    for phrase in sorted(phrases, key=len, reverse=True):
        if phrase in rest:
            named += 1
            rest = rest.replace(phrase, "#", 1)
    counted = re.search(r"(\w+) older changes?; ", rest)
    assert named + (COUNTED.index(counted[1]) if counted else 0) == len(phrases), (where, day, text, phrases)
    if not phrases:
        assert rest in ("As the baseline. ", "As the baseline again. "), (where, day, text)
        past = any(unlike(about, state, earlier) for earlier in turns(about) if earlier <= day)
        assert past == (rest == "As the baseline again. "), (where, day, text)
        return
    each = r"#(, #)*( since day [\d,]+| from the first day)"
    whole = rf"Unlike the baseline: (\w+ older changes?; )?{each}(; {each})*; all else as in the baseline\. "
    assert re.fullmatch(whole, rest), (where, day, text, rest)
    for said in re.findall(r"since day ([\d,]+)", text):
        since = int(said.replace(",", ""))
        assert since <= day and any(
            unlike(about, state, since).get(name) == pair and unlike(about, state, since - 1).get(name) != pair
            for name, pair in unlike(about, state, day).items()
        ), (where, day, text)


def sequences(count: int, first: int = 0):
    return pytest.mark.parametrize("seeds", [range(first, first + count)], ids=[f"{count} sequences"])


@sequences(40)
def test_the_headline_names_what_is_in_force_on_the_day_and_nothing_else(opened, seeds):  # noqa: F811
    page = opened()
    about = page.evaluate("() => baton.about")
    for seed in seeds:
        steps = moves(seed)
        told = [each for step in page.evaluate(DRIVEN, steps) for each in step]
        asked = [unlike(about, state, day) for day, state, _, _ in told]
        phrases = page.evaluate(PHRASES, [[[n, *pair] for n, pair in each.items()] for each in asked])
        for (day, state, text, whole), said in zip(told, phrases, strict=True):
            check_said(about, state, day, text, said, f"seed {seed}")
            check_said(about, state, day, whole, said, f"seed {seed}")
            assert "older" not in whole


def test_what_is_shown_is_veiled_until_it_belongs_to_the_organization_that_is_named(opened):  # noqa: F811
    page = opened()
    go_to(page, 70)
    page.evaluate("""() => {
      const { floor } = baton.source.near, ask = floor.ask.bind(floor);
      floor.ask = async (request, wanted) => {
        while (request.do === 'set' && !globalThis.letGo) await new Promise((on) => setTimeout(on, 10));
        return ask(request, wanted);
      };
    }""")
    page.get_by_test_id("scenario").select_option("near-cheap")
    hidden = "name => getComputedStyle(document.querySelector(name)).opacity"
    for _ in range(3):  # longer than the page waits for a sign of life
        page.wait_for_timeout(1700)
        assert page.get_attribute("body", "data-veiled") == "1"
        assert {page.evaluate(hidden, name) for name in (".floorbox", ".headline", ".audit", ".kpi")} == {"0"}
    assert "Near and cheap" in page.get_by_test_id("waiting").inner_text()
    assert page.get_attribute("body", "data-connected") != "false"  # a late answer is no lost connection
    page.evaluate("() => { globalThis.letGo = true; }")
    drawn(page)
    assert page.get_attribute("body", "data-veiled") == "0" and page.evaluate(hidden, ".floorbox") == "1"
    page.evaluate("() => { globalThis.letGo = false; }")
    page.evaluate("() => { baton.change((plan) => plan.change('liaison.count', 3, 60)); }")  # days 61 to 70 are old
    assert page.get_attribute("body", "data-veiled") == "1"
    page.evaluate("() => { baton.player.time = 40; baton.said('day'); }")  # what is shown now holds for both
    assert page.get_attribute("body", "data-veiled") == "0"
    page.evaluate("() => { globalThis.letGo = true; }")
    drawn(page)


@pytest.mark.parametrize("seeds", [range(2), pytest.param(range(2, 14), marks=pytest.mark.long)], ids=["few", "many"])
def test_whatever_is_done_the_page_itself_says_what_is_so(opened, seeds):  # noqa: F811
    """The page as it stands: its headline, its comparison, and the stories of leads and people, on random days."""
    page = opened()
    about = page.evaluate("() => baton.about")
    for seed in seeds:
        luck, steps = random.Random(seed), moves(seed)
        page.evaluate("([name, seed]) => baton.change((plan) => plan.set({scenario: name, seed, other: null, "
                      "changes: [], baseline: []}))", [steps["scenario"], seed])  # fmt: skip
        for step, (what, *given) in enumerate(steps["moves"][:6]):
            page.evaluate("""([what, given]) => {
              baton.plan.letGo();
              baton.change((plan) => what === 'other' ? plan.set({ other: given[0] }) : plan[what](...given));
            }""", [what, given])  # fmt: skip
            drawn(page)
            go_to(page, wanted := luck.choice((19, 131, 198, 251, 90)))
            where = f"seed {seed}, step {step}, day {wanted}"
            state = page.evaluate("() => baton.plan.state")
            said = unlike(about, state, wanted)
            (phrases,) = page.evaluate(PHRASES, [[[name, *pair] for name, pair in said.items()]])
            line = page.get_by_test_id("changed").text_content()
            text = re.sub(r"(This week|No one crossed).*$", "", line)
            check_said(about, state, wanted, text, phrases, where)
            check_stories(page, wanted, where)
        page.evaluate("() => baton.setMode('compare')")
        drawn(page)
        listed = page.locator(".compare-left tbody").first.locator("tr").count() if said else 0
        more = re.search(r"And (\w+) more\.", page.get_by_test_id("else").inner_text())
        assert listed + (COUNTED.index(more[1]) if more else 0) == len(said), where
        check_stories(page, wanted, where)
        page.evaluate("() => baton.setMode('run')")
        drawn(page)


def check_stories(page, day: int, where: str) -> None:
    """No line of a story is of a later day, though later days have been lived."""
    told = page.evaluate("""async () => {
      const { arms, stores, day } = baton, found = [];
      for (const arm of arms) {
        const born = [...stores[arm].leads.values()].filter((lead) => lead.versions[0].day <= day);
        for (const lead of [born[0], born[born.length >> 1], born.at(-1)].filter(Boolean))
          found.push(...(await baton.source.story(arm, { lead: lead.number, day })).sentences);
        const [desk] = stores[arm].desksAt(day);
        found.push(`Day ${(await baton.source.story(arm, { person: desk.row, day })).day}: seen`);
      }
      return found;
    }""")
    days = [re.match(r"(?:Day ([\d,]+)|\d+ days? before day 0): ", sentence)[1] or "0" for sentence in told]
    assert days and max(int(each.replace(",", "")) for each in days) <= day, (where, told)


def test_words_hold_for_one_and_for_many_and_over_the_full_day(opened):  # noqa: F811
    page = opened()
    said = page.evaluate("""async () => {
      const { W } = await import('/static/common/words.js');
      const person = { team: 'sales', joined: 0, ties: 1, complaints: 0, trusts: null, language: 0.5, load: 1.12,
                       open_deals: 1 };
      return [W.head.stage(2, 11, null), W.head.stage(2, 10, null), W.head.stage(2, 5, null), W.floor.marketing(1),
              W.floor.sales(24), W.story.person(person).join(' '), W.lesson.counts(1, 1), W.totalOf(59.6),
              W.totalOf(60), W.strip.band(200)];
    }""")  # fmt: skip
    assert said[:5] == ["Defined for two years and three quarters", "Defined for two and a half years",
                        "Defined for a year and a quarter", "Marketing, 1 person", "Sales, 24 people"]  # fmt: skip
    assert "has 1.12 days' work a day" in said[5] and "112 %" not in said[5] and "1 person across" in said[5]
    assert said[6:] == ["In numbers: 1 call to 1 lead that was handed over.", 59, 60, "200 markets"]


def test_a_total_on_another_rung_than_the_stage_says_why(opened):  # noqa: F811
    page = opened()
    page.get_by_test_id("scenario").select_option("near-cheap")
    drawn(page)
    go_to(page, 390)
    quarters = page.evaluate(
        "() => baton.store.quartersTo(390).map(({ score, band, stage }) => ({ score, band, stage }))"
    )
    apart = next(n for n, each in enumerate(quarters, 1) if each["band"] != each["stage"])
    same = next(n for n, each in enumerate(quarters, 1) if each["band"] == each["stage"])
    note = page.get_by_test_id("two-quarters")
    go_to(page, 65 * same)
    assert not note.is_visible()
    go_to(page, 65 * apart)
    numerals = ("", "I", "II", "III", "IV")
    assert f"stands in {numerals[quarters[apart - 1]['band']]};" in note.inner_text()
    assert f"still {numerals[quarters[apart - 1]['stage']]}," in note.inner_text()
    assert "two quarters in its band" in note.inner_text()


def four_ps(page) -> list[list[str]]:
    """The table as it is read out: cells by row."""
    rows = page.locator("[data-testid=four-ps] tbody tr").all()
    return [[cell.text_content() for cell in row.locator("th, td").all()] for row in rows]


@pytest.mark.parametrize("scenario", ["default", "one-chief"])
def test_the_four_ps_stand_as_the_table_of_the_run_has_them(opened, scenario):  # noqa: F811
    page = opened()
    page.get_by_test_id("scenario").select_option(scenario)
    drawn(page)
    table = page.get_by_test_id("four-ps")
    go_to(page, 64)
    assert not table.is_visible()
    seed = page.evaluate("() => baton.plan.state.seed")
    told = sim.run(scenario, seed, until=390).decisions
    for quarter in (1, 4, 6):
        go_to(page, 65 * quarter + 3)  # what a quarter's end said stands until the next
        wanted = []
        for each in told[told["quarter"] == quarter].itertuples():
            other = "Sales" if each.led_by == "Marketing" else "Marketing"
            name = "Place" if each.decision == "placement" else each.decision.capitalize()
            since = "start" if pd.isna(each.since) else f"{each.since:,}"
            heard = f"{other}: {'yes' if each.heard else 'no'}"
            wanted.append([f"{each.led_by} leads: {name}", heard, since, each.quality])
        shown = four_ps(page)
        assert [row[:3] for row in shown] == [row[:3] for row in wanted]
        assert [float(row[3]) for row in shown] == pytest.approx([row[3] for row in wanted], abs=0.5 / 100 + 1 / 255)
        settles = page.get_by_test_id("settles").text_content()
        assert settles == ("The one chief settles all four." if scenario == "one-chief" else "")
    assert table.is_visible()


def test_a_comparison_names_whose_stage_changed_and_ends_with_whoever_is_broke(opened):  # noqa: F811
    page = opened()
    stopped = "() => baton.said('stopped', { change: true, arm: 'b', day: 130, from: 1, to: 2, moved: [] })"
    page.evaluate(stopped)
    assert page.get_by_test_id("notice").inner_text().startswith("Day 130: from undefined")
    page.evaluate("() => baton.setMode('compare')")
    drawn(page)
    page.evaluate(stopped)
    assert page.get_by_test_id("notice").inner_text().startswith("Day 130, B: from undefined")
    go_to(page, 20)
    end = page.evaluate("""() => {
      const { b } = baton.stores;
      b.truncate(20);
      b.frames.at(-1).broke = true;
      return baton.player.end;
    }""")
    assert end == 20  # B has no further day, whatever A has


def test_liaisons_are_refused_in_the_words_of_the_page(opened):  # noqa: F811
    page = opened()
    page.evaluate("() => baton.change((plan) => plan.change('workforce.marketers', 2, 0))")
    drawn(page)
    page.evaluate("() => baton.change((plan) => plan.change('liaison.count', 2, 0))")
    drawn(page)
    said = page.get_by_test_id("notice").inner_text()
    assert "at least one marketer stays" in said and "liaison." not in said
    assert page.evaluate("() => baton.plan.value('liaison.count', 0)") == 0
