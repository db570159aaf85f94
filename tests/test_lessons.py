"""Lessons are data, read strictly; and what each claims is what the model shows.

Markets 0 .. 29 are fixed, so a test here passes always or never. Rate of false alarms, had the markets been
drawn anew: a claim "worse" or "better" of no difference at all would pass in 2.5 % of all draws (one side of a
paired 95 % interval); one of the size measured would fail in less than 2 % (its mean lies four standard errors or more
from zero, except small-liaison, at three). "Same" is no proof of equality: it says that thirty markets cannot tell.
"""

from __future__ import annotations

import re
import shutil
from functools import cache
from typing import NamedTuple

import house
import numpy as np
import pandas as pd
import pytest

import sim
from sim.errors import InputError
from sim.model.theory import Kind
from sim.page.desks import leads_a_dot
from sim.page.lessons import FOLDER, check_values, lesson_list, lesson_names, read_lesson
from sim.page.lines import talking_hours
from sim.result.stories import OWN
from sim.scenario.faces import FACES
from sim.study.intervals import mean_interval

MARKETS = range(30)
HOURS = ("hours_contact", "hours_dispute", "hours_liaison")
LESSONS = {name: read_lesson(name) for name in lesson_names()}
CLAIMS = [(lesson, card) for lesson in LESSONS.values() for card in lesson["cards"] if "claim" in card]


class Lived(NamedTuple):
    """What is asked here of a run. The runs themselves, a thousand at the end, would be gigabytes."""

    outcomes: dict[str, float]
    quarters: pd.DataFrame
    daily: pd.DataFrame


@cache
def _runs(scenario: sim.Scenario) -> tuple[Lived, ...]:
    return tuple(_lived(sim.run(scenario, seed)) for seed in MARKETS)


def _lived(run: sim.Run) -> Lived:
    return Lived(run.outcomes(), run.quarters, run.daily[[*HOURS]].copy())


def _scenario(lesson: dict, card: dict, *, changed: bool) -> sim.Scenario:
    """The firm of a card, as it is or with what its bet changes, from the day on that its check names."""
    check = card["claim"]["check"]
    firm = sim.read(card.get("scenario", lesson["scenario"])).but(check.get("before", {}))
    if not changed or not check.get("change"):
        return firm
    day = check.get("days", [check.get("day", 0)])[0] if check["kind"] != "net" else check["day"]
    if not day:
        return firm.but(check["change"])
    return firm.but(changes=(*firm.changes, sim.Change(day=day, values=check["change"])))


def _quarters(run, name: str) -> np.ndarray:
    table = run.quarters
    if name == "calls":
        return (100 * table["followed"] / table["handed"].clip(lower=1)).to_numpy(float)
    if name == "talk":
        return (table["contacts"] / 13).to_numpy(float)
    return table[name].to_numpy(float)


def _first(before: np.ndarray, after: np.ndarray, start: int, stop: int) -> int:
    """The first quarter in which a measure is a tenth away from what it would have been; 99 if in none."""
    gone = np.flatnonzero(np.abs(after[start:stop] / before[start:stop] - 1) >= 0.1)
    return int(gone[0]) if len(gone) else 99


@pytest.mark.documents
@pytest.mark.parametrize(("lesson", "card"), [pytest.param(a, b, id=f"{a['name']}-{b['name']}") for a, b in CLAIMS])
def test_what_a_lesson_claims_is_what_the_model_shows(lesson, card):
    check = card["claim"]["check"]
    kind = check["kind"]
    before, after = (_scenario(lesson, card, changed=changed) for changed in (False, True))
    if kind in ("calls", "talk"):
        quarter = check["day"] // 65 - 1
        values = [_quarters(run, kind)[quarter] for run in _runs(after)]
        assert check["low"] <= np.mean(values) <= check["high"]
        if after != before:
            assert np.mean(values) > np.mean([_quarters(run, kind)[quarter] for run in _runs(before)])
    elif kind == "net":
        pairs = list(zip(_runs(before), _runs(after), strict=True))
        gain = mean_interval(np.array([b.outcomes["net_value"] - a.outcomes["net_value"] for a, b in pairs]))
        assert ("better" if gain.low > 0 else "worse" if gain.high < 0 else "same") == check["way"]
        if "low" in check:
            rise = np.mean([b.outcomes["score"] - a.outcomes["score"] for a, b in pairs])
            assert check["low"] <= rise <= check["high"]
    elif kind == "first":
        start, stop = check["days"][0] // 65, check["days"][1] // 65
        pairs = list(zip(_runs(before), _runs(after), strict=True))
        when = [[_first(_quarters(a, n), _quarters(b, n), start, stop) for n in check["order"]] for a, b in pairs]
        means = np.mean(when, axis=0)
        assert all(np.diff(means) > 0)
        assert np.mean([first <= second <= third for first, second, third in when]) >= 0.9
    elif kind == "stage":
        first, last = (day // 65 for day in check["days"])
        stages = [_quarters(run, "stage")[first:last] for run in _runs(after)]
        assert min(map(min, stages)) >= check["low"]
        assert max(map(max, stages)) <= check["high"]
    elif kind == "path":
        through = [_all_stages(_quarters(run, "stage")[: check["day"] // 65]) for run in _runs(after)]
        assert np.mean(through) >= check["low"]
    else:
        assert kind == "reach", kind
        base = sim.read(lesson["scenario"])
        good, many = (_reached(base.but(check[name]), check["day"]) for name in ("before", "change"))
        assert good[0] >= check["low"]
        assert max(good[1]) <= check["high"] < min(many[1])


def _all_stages(stages: np.ndarray) -> bool:
    """Whether a firm came to I, II, III and IV one after the other, and stayed in each for two quarters or more."""
    firsts = [np.flatnonzero(stages == stage) for stage in (1, 2, 3, 4)]
    return all(len(found) >= 2 for found in firsts) and [found[0] for found in firsts] == sorted(
        found[0] for found in firsts
    )


def _reached(scenario: sim.Scenario, day: int) -> tuple[float, list[float]]:
    """Share of the markets that were aligned by a day, and the talking hours a week of each."""
    runs = _runs(scenario)
    reached = np.mean([(run.quarters["stage"].to_numpy()[: day // 65] >= 3).any() for run in runs])
    return reached, [talking_hours(_days(run), day).mean() for run in runs]


def _days(run) -> dict:
    return {name: run.daily[name].to_numpy() for name in HOURS}


def _net(lesson: str, name: str) -> tuple[int, str]:
    """In how many of the markets a card's change costs net value, and how much of it on average."""
    card = next(card for card in LESSONS[lesson]["cards"] if card["name"] == name)
    runs = [_runs(_scenario(LESSONS[lesson], card, changed=changed)) for changed in (False, True)]
    before, after = (np.array([run.outcomes["net_value"] for run in each]) for each in runs)
    return int((after < before).sum()), f"{100 * (1 - after.mean() / before.mean()):.1f}"


@pytest.mark.documents
def test_the_teachers_guide_quotes_what_the_markets_show():
    guide = " ".join((house.ROOT / "docs/guides/teaching.md").read_text(encoding="utf-8").split())
    markets, share = _net("four-stages", "distrusted")
    assert f"Sales distrusts is a small difference: {markets} of 30 markets, {share} % of net value" in guide
    shops, meetings = (_net("who-leads", card) for card in ("sales-leads", "marketing-leads"))
    assert f"costs {shops[1]} % of net value where goods are sold in shops ({shops[0]} of 30 markets)" in guide
    assert f"and {meetings[1]} % where deals are made in meetings ({meetings[0]} of 30)" in guide
    through = [_all_stages(_quarters(run, "stage")) for run in _runs(sim.read("journey"))]
    assert f"The journey goes through all four stages in order in {sum(through)} of 30 markets" in guide
    base = sim.read("default")
    free = {"communication.cost_hours": 0.05}
    for said, levers in (("at 0.05) does it in {} of 30 markets, with about {} hours", free),
                         ("first day does it in {} of 30, with about {};", {"distance.between_teams_m": 5}),
                         ("two liaisons do it in {} of 30", {"liaison.count": 2})):  # fmt: skip
        reached, hours = _reached(base.but(levers), 520)
        assert said.format(round(30 * reached), round(np.mean(hours))) in guide
    assert "In market 12, the lesson's, one liaison is enough, and so is one room" in guide
    for levers, enough in (({"liaison.count": 1}, 1), ({"distance.between_teams_m": 5}, 1), (free, 1)):
        run = sim.run(base.but(levers), LESSONS["four-stages"]["market"], until=520)
        assert (run.quarters["stage"].max() >= 3) == bool(enough)


@pytest.mark.documents
def test_who_leads_says_where_the_hours_and_the_inquiries_go():
    """What the lesson says beside its claims: which side inquiries move to, and whose hours orders take."""
    for name, inquiries, orders in (("sales-leads", -1, None), ("marketing-leads", 1, 1), ("equals", None, -1)):
        card = next(card for card in LESSONS["who-leads"]["cards"] if card["name"] == name)
        runs = [_runs(_scenario(LESSONS["who-leads"], card, changed=changed)) for changed in (False, True)]
        for what, sign in (("inquiries", inquiries), ("hours_support", orders)):
            before, after = (np.array([run.quarters[what].sum() for run in each]) for each in runs)
            gain = mean_interval(after - before)
            assert sign is None or (gain.low if sign > 0 else -gain.high) > 0, (name, what)


def test_every_claim_that_a_choice_rests_on_agrees_with_the_bet_beside_it():
    for lesson, card in CLAIMS:
        check = card["claim"]["check"]
        if card["kind"] == "bet" and card["bet"]["measure"] == "net":
            assert check.get("change") == card["change"], card["name"]
            assert check["day"] == card["from"], card["name"]
            assert check.get("before", {}) == card.get("before", {}), card["name"]
            assert (card.get("scenario") or lesson["scenario"]) in sim.shipped()
        if card["kind"] == "bet" and card["bet"]["measure"] == "calls":
            assert check["day"] == card["until"], card["name"]
            assert check.get("change", {}) == card.get("change", {}), card["name"]


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_says_what_it_needs(name):
    lesson = LESSONS[name]
    assert check_values(lesson) == []
    assert sum(card["facilitator"]["minutes"] for card in lesson["cards"]) == lesson["minutes"]
    assert all("claim" in card for card in lesson["cards"] if card["kind"] in ("bet", "challenge"))
    reveals = "".join(card.get("bet", {}).get("reveal", "") for card in lesson["cards"])
    assert not any(character.isdigit() for character in reveals.replace("100", ""))  # no answer is typed in


def test_there_are_seven_lessons_and_the_first_is_about_the_stages():
    assert [each["name"] for each in lesson_list()][0] == "four-stages"
    assert len(LESSONS) == 7
    for page in ("README.md", "docs/README.md", "docs/guides/teaching.md"):
        text = (house.ROOT / page).read_text(encoding="utf-8")
        assert "seven lessons" in text or all(f"| `{name}` | {LESSONS[name]['minutes']} |" in text for name in LESSONS)


def test_most_leads_end_before_the_gap_as_the_hook_says():
    assert "Most end before they reach the gap" in " ".join(LESSONS["four-stages"]["cards"][0]["text"])
    leads = sim.run("default", LESSONS["four-stages"]["market"], until=195).leads
    watched = leads[leads["born"].between(0, 64) & leads["marketer"].notna() & (leads["origin"] != OWN)]
    assert len(watched) > 1000 and watched["handed"].notna().mean() < 0.45


def test_the_first_lesson_says_of_how_many_leads_a_mark_is_one():
    lesson = LESSONS["four-stages"]
    assert leads_a_dot(sim.read(lesson["scenario"]).theory) == 10
    assert "every ten leads one is drawn" in " ".join(lesson["cards"][0]["text"])
    assert "one cross is ten leads" in " ".join(lesson["cards"][1]["text"])


FAULTS = {
    "an unknown name": ('minutes = 50', 'minutes = 50\nhours = 1', "unknown name hours"),
    "a kind that is none": ('kind = "look"', 'kind = "lok"', 'did you mean "look"'),
    "a measure that is none": ('measure = "calls"', 'measure = "cals"', 'did you mean "calls"'),
    "a missing word": ('low = "Fewer died', 'lo = "Fewer died', "low is missing"),
    "an option twice": ('value = "talk"', 'value = "calls"', "options must be"),
    "a sandbox in between": ('kind = "challenge"', 'kind = "sandbox"', "challenge"),
    "days the wrong way": ("until = 195", "until = 100", "no stretch of days"),
    "two levers": ('["liaison.trust_sales"]', '["liaison.trust_sales", "liaison.count"]', "one lever"),
    "no TOML": ("[[cards]]", "[[cards", "four-stages.toml"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_a_lesson_is_told_with_its_card(fault, tmp_path):
    old, new, said = FAULTS[fault]
    shutil.copy(FOLDER / "four-stages.toml", tmp_path)
    path = tmp_path / "four-stages.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError, match="four-stages") as told:
        read_lesson("four-stages", tmp_path)
    assert said in str(told.value)


def test_levers_and_scenarios_that_do_not_exist_are_refused():
    lesson = read_lesson("liaison")
    lesson["cards"][1]["change"] = {"liaison.cuont": 1}
    lesson["cards"][2]["scenario"] = "defualt"
    told = " ".join(check_values(lesson))
    assert 'did you mean "liaison.count"' in told
    assert 'did you mean "default"' in told


def test_a_card_ends_with_its_organization():
    lesson = read_lesson("four-stages")
    card = next(card for card in lesson["cards"] if card["name"] == "journey")
    assert card["until"] == sim.read("journey").days
    card["until"] += 1
    assert "journey: until 2081 is after the end of journey, which lasts 2080 days" in check_values(lesson)


def test_the_journey_begins_as_the_firm_that_the_class_knows():
    """Until the first decision it is, in the lesson's market, the lesson's own organization."""
    market, first = LESSONS["four-stages"]["market"], sim.read("journey").changes[0].day
    known, journey = (sim.run(name, market, until=first - 1) for name in ("default", "journey"))
    assert known.daily.equals(journey.daily)


@pytest.mark.parametrize(
    ("stages", "all_four"), [((1, 1, 2, 2, 3, 3, 4, 4), True), ((1, 1, 2, 3, 3, 4, 4, 4), False),
                             ((2, 2, 1, 1, 3, 3, 4, 4), False), ((1, 1, 2, 2, 3, 3), False)]
)  # fmt: skip
def test_what_going_through_all_stages_means(stages, all_four):
    assert _all_stages(np.array(stages)) == all_four


def test_a_lesson_that_is_not_there_is_said_before_anything_starts():
    from sim.page.serve import Wanted, settings_of

    assert settings_of(Wanted(lesson="four-stages")).start == {"lesson": "four-stages"}
    assert settings_of(Wanted()).start == {"scenario": "journey"}
    assert settings_of(Wanted("silo", seed=3)).start == {"scenario": "silo", "seed": 3}
    with pytest.raises(InputError, match="no such lesson.*did you mean"):
        settings_of(Wanted(lesson="four-stage"))


def test_whatever_a_lesson_or_an_organization_changes_has_words_on_the_page():
    """A number without a lever there is called by words, never by its name in the files."""
    words = (house.ROOT / "sim" / "page" / "static" / "common" / "words.js").read_text(encoding="utf-8")
    known = set(
        re.findall(r"^  '([a-z_]+\.[a-z_]+)':", words.partition("const FACELESS")[2].partition("\n};")[0], re.M)
    )
    changed = {name for scenario in map(sim.read, sim.scenario.shipped()) for change in scenario.changes
               for name in change.values}  # fmt: skip
    changed |= {name for lesson in LESSONS.values() for card in lesson["cards"] for name in card.get("change", ())}
    shocks = {name for name in changed if name.startswith("shock.")}
    assert known and changed - set(FACES) - shocks <= known
    modes = re.search(r"'structure.kind': \{.*?modes: \[(.*?)\]", words, re.S)[1]
    assert modes.count("'") == 2 * len(Kind), "a word for each, in the order of the model's"
