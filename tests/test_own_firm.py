"""A firm's own folder: nobody is named in it, no small count, it runs, and all of it can be forgotten."""

from __future__ import annotations

import datetime
import json
import os
import re
import stat
import tomllib
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.cli import code_of
from sim.figures.own_funnel import own_funnel_plot
from sim.intake.exports.choices import Choices
from sim.intake.exports.reading import read_exports
from sim.study.own import counts, folder
from sim.study.own.hidden import FEWEST, rows_shown, spaced

MARK = "zyzzogeton"
SIZE = 120
FIRST = datetime.date(2025, 1, 6)


def day(n: int) -> str:
    return (FIRST + datetime.timedelta(days=n)).isoformat()


def deals_text() -> str:
    """120 opportunities of six owners: 40 won after 30 days, 60 lost after 20, 20 open; with what is private."""
    rows = ["Opportunity ID,Opportunity Name,Account Name,Stage,Amount,Currency,Created Date,Close Date,"
            "Opportunity Owner,Description,Phone"]  # fmt: skip
    for n in range(SIZE):
        stage, days = ("Closed Won", 30) if n < 40 else ("Closed Lost", 20) if n < 100 else ("Demo", 400)
        rows.append(f"{n},{MARK} deal {n},{MARK} Ltd,{stage},{1000 + n},EUR,{day(n)},{day(n + days)},{MARK} s{n % 6},"
                    f"{MARK} text,{MARK}")  # fmt: skip
    return "\n".join(rows)


def leads_text() -> str:
    rows = ["Lead ID,Lead Status,Lead Source,Create Date,Lead Owner,Created By,MQL Date,Handoff Date,"
            "Converted Opportunity ID"]  # fmt: skip
    for n in range(300):
        mql, hand = (day(n % 100), day(n % 100 + 3)) if n < SIZE + 40 else ("", "")
        source = "Web" if n % 2 else "Fair" if n % 50 else f"{MARK} referral {n}"
        owner = f"{MARK} s{n % 6}" if hand else "Marketing Queue"
        status = "Open" if n < 200 else "Unqualified"
        rows.append(f"L{n},{status},{source},{day(n % 100 - 2)},{owner},{MARK} m{n % 6},{mql},{hand},"
                    f"{n if n < SIZE else ''}")  # fmt: skip
    return "\n".join(rows)


def people_text() -> str:
    rows = ["Employee ID,Name,Email,Department,Location,Hire Date,Salary,Date of Birth,FTE"]
    for side, name, n in (("m", "Marketing", 6), ("s", "Sales", 6), ("x", "Finance", 2)):
        rows += [f"{MARK}-{side}{k},{MARK} {side}{k},{side}{k}@{MARK}.test,{MARK} {name} {k % 2},{MARK} town {k % 3},"
                 f"2020-03-{k + 11},77777,1980-01-01,1" for k in range(n)]  # fmt: skip
    return "\n".join(rows)


def ties_text() -> str:
    rows = [f"{MARK} m{k},{MARK} s{j},{MARK} asks,2" for k in range(6) for j in range(0, 6, k + 1)]
    return "\n".join(["From,To,Relation,Value", *rows, f"{MARK} m0,=cmd|'/c calc',{MARK} asks,1"])


@pytest.fixture(scope="module")
def desk(tmp_path_factory) -> Path:
    """A folder whose name, files and content carry the mark, as a firm's own may; and the firm imported beside it."""
    home = tmp_path_factory.mktemp("desk") / MARK
    home.mkdir()
    for name, text in (
        ("deals", deals_text()),
        ("leads", leads_text()),
        ("people", people_text()),
        ("ties", ties_text()),
    ):
        (home / f"{MARK}-{name}.csv").write_text(text, encoding="utf-8")
    return home


@pytest.fixture(scope="module")
def files(desk) -> list[str]:
    return [str(desk / f"{MARK}-{name}.csv") for name in ("deals", "leads", "people", "ties")]


@pytest.fixture(scope="module")
def firm(desk, files) -> Path:
    assert code_of(["import", *files, "-o", str(desk.parent / "firm"), "--quiet"]) == 0
    return desk.parent / "firm"


# --- privacy ---


def test_no_file_of_the_folder_names_a_person_department_site_or_path(firm, desk):
    names = {each.name for each in firm.iterdir()}
    assert names == {"firm.toml", "people.csv", "ties.csv", "funnel.json", "read.html", "checksums.sha256"}
    for each in firm.iterdir():
        text = each.read_text(encoding="utf-8")
        assert MARK not in text and str(desk.parent) not in text, each.name
    assert MARK in folder.key_of(firm).read_text(encoding="utf-8")  # the check can fail


def test_the_key_is_its_owner_s_alone_from_its_first_moment(firm, tmp_path, monkeypatch):
    key = folder.key_of(firm)
    assert key.parent == firm.parent and key.name == "firm.key.csv"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    modes = []
    replace = os.replace
    monkeypatch.setattr(os, "replace", lambda a, b: (modes.append(stat.S_IMODE(os.stat(a).st_mode)), replace(a, b)))
    from sim.files.folder import written_file

    (tmp_path / "key").write_text("old")
    os.chmod(tmp_path / "key", 0o644)
    with written_file(tmp_path / "key", private=True) as work:
        modes.append(stat.S_IMODE(work.stat().st_mode))
    assert modes == [0o600, 0o600]
    table = pd.read_csv(key)
    assert table.loc[table["what"] == "person", "code"].tolist() == [f"{s}{n}" for s in "MS" for n in range(1, 7)]


@pytest.mark.parametrize("secret", ["77777", "1980-01-01", f"{MARK} text", f"{MARK} Ltd"])
def test_pay_birth_and_texts_are_neither_read_nor_kept(files, firm, secret):
    found = read_exports(files, Choices())
    tables = (found.deals, found.leads, found.people, found.ties)
    assert all(secret not in table.to_csv() for table in tables)
    assert all(secret not in each.read_text(encoding="utf-8") for each in [*firm.iterdir(), folder.key_of(firm)])
    private = {header for account in found.accounts for header in account.private}
    assert private == {"Description", "Phone", "Salary", "Date of Birth"}


def test_no_column_is_held_that_has_no_role(files, monkeypatch):
    """What stands in an unmapped column does not even come into a table."""
    from sim.intake.exports import sheets

    seen = []
    real = sheets.read_columns
    monkeypatch.setattr("sim.intake.exports.reading.read_columns",
                        lambda *given: seen.append(real(*given)) or seen[-1])  # fmt: skip
    found = read_exports(files, Choices())
    for read, account in zip(seen, found.accounts, strict=True):
        assert list(read.table) == [role for _, role, _ in account.used]
    assert not any("Ltd" in read.table.to_csv() for read in seen)


def counted(value, name=""):
    """Every whole number of a nested table that counts something."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from counted(inner, key)
    elif isinstance(value, list) and name not in ("day", "won_day"):
        for inner in value:
            yield from counted(inner, name)
    elif isinstance(value, int) and name != "clean_up_days":
        yield value


def test_no_count_under_five_is_kept(firm):
    kept = json.loads((firm / "funnel.json").read_text(encoding="utf-8"))
    found = list(counted(kept))
    assert len(found) > 30 and not [n for n in found if 0 < n < FEWEST]
    sources = {row["source"] for row in kept["by_source"]}
    assert {"Web", "Fair"} <= sources and len(sources) <= 3


@given(st.lists(st.tuples(*[st.integers(0, 12)] * 3), min_size=1, max_size=8))
def test_hidden_cells_cannot_be_had_back_from_totals(groups):
    rows = [{"of": str(n), "n": sum(cells), **dict(zip("abc", cells, strict=True))} for n, cells in enumerate(groups)]
    kept = rows_shown(rows, "n", tuple("abc"), "of")
    assert not [row for row in kept if 0 < row["n"] < FEWEST]
    hidden = [row for row in kept if row["a"] is None]
    assert len(hidden) != 1 or len(kept) == 1
    for row in kept:
        assert {row[cell] is None for cell in "abc"} in ({True}, {False})
        assert row["a"] is None or not [row[cell] for cell in "abc" if 0 < row[cell] < FEWEST]
    left_out = sum(row["n"] for row in rows) - sum(row["n"] for row in kept)
    assert left_out < FEWEST and (left_out == 0 or not kept)


def counted_firm(won: int, lost: int, open_: int, undated: int, steps: list[int], pairs: int):
    """A firm of so many opportunities, `undated` of them without a first day, and leads that come so far by steps."""
    n, at = won + lost + open_, pd.Timestamp("2025-01-06")
    days = pd.to_timedelta(np.arange(n) % 60, "D")
    deals = pd.DataFrame({
        "id": [f"D{k}" for k in range(n)], "created": at + days, "closed": at + days + pd.Timedelta(days=20),
        "outcome": ["won"] * won + ["lost"] * lost + ["open"] * open_, "amount": 1000.0 + np.arange(n), "source": "",
        "migrated": False, "person": [0 if k < pairs else -1 for k in range(n)], "owner": "a",
    })  # fmt: skip
    deals.loc[deals["outcome"] == "open", "closed"] = pd.NaT
    deals.loc[: undated - 1, "created"] = pd.NaT
    reach = np.searchsorted(-np.array(steps), -np.arange(steps[0]), side="left") - 1  # lead k came to step reach[k]
    born = pd.Series(at + pd.to_timedelta(np.arange(steps[0]) % 60, "D"))
    leads = pd.DataFrame({
        "id": [f"L{k}" for k in range(steps[0])], "created": born,
        **{name: born.where(reach >= k) for k, name in
           ((1, "qualified at"), (2, "handed at"), (3, "first call"), (4, "converted at"))},
        "converted": reach >= 4, "owner": "a", "queue": False, "person": 0, "maker": 1, "source": "",
        "opportunity": [f"D{k}" if k < n and k < pairs else "" for k in range(steps[0])],
    })  # fmt: skip
    people = pd.DataFrame({"side": ["sales", "marketing"], "department": ["A", "B"]})
    return SimpleNamespace(deals=deals, leads=leads, people=people, answers=None, accounts=[], currency="EUR",
                           as_of=datetime.date(2025, 6, 6))  # fmt: skip


def tells_of_few(kept: dict) -> list[str]:
    """Which differences of what is kept are counts from 1 to 4."""
    found = {}

    def held(name: str, whole, *parts) -> None:
        if whole is not None and None not in parts:
            found[name] = whole - sum(parts)

    deals, reached = kept["deals"], [row["reached"] for row in kept["steps"]]
    whole = deals["opportunities"]
    for i, one in enumerate(reached):
        for k, other in enumerate(reached[:i]):
            held(f"steps {k}, {i}", other, one)
        if kept["steps"][i]["wait"]:
            held(f"wait {i}", one, kept["steps"][i]["wait"]["n"])
    stopped = {row["step"]: (row["reached"], after) for row, after in
               zip(kept["steps"], [*reached[1:], 0], strict=True)}  # fmt: skip
    for row in kept["dead"]:
        if None not in (pair := stopped.get(row["after"], (None, None))):
            held(f"dead {row['after']}", pair[0] - pair[1], row["leads"])
    for name in ("won", "lost"):
        held(
            f"{name} days",
            deals[name] if deals[name] is not None else whole,
            (deals[f"{name}_days"] or {"n": None})["n"],
        )
    ends = [(deals[f"{name}_days"] or {"n": None})["n"] for name in ("won", "lost")]
    held("ended", whole, *ends)
    for name, law in kept["measured"].items():
        held(name, whole, law["n"])
    held("closing", whole, (deals["closing"] or {"n": None})["n"])
    for name in ("by_pair", "by_month"):
        for cell in ("opportunities", "won", "lost", "open"):
            held(f"{name} {cell}", deals[cell], *(row[cell] for row in kept[name])) if kept[name] else None
    return [f"{name}: {n}" for name, n in found.items() if 0 < n < FEWEST]


SOME = st.sampled_from([0, 1, 2, 3, 4, 5, 8, 13, 20, 40])


@given(SOME, SOME, SOME, st.sampled_from([0, 0, 1, 6]), st.lists(SOME, min_size=5, max_size=5), SOME)
def test_no_difference_of_what_is_kept_is_a_count_under_five(won, lost, open_, undated, falls, pairs):
    """Beside every count stands another from which it could be taken: neither may tell of one to four."""
    steps = np.cumsum(falls[::-1])[::-1].tolist()
    if won + lost + open_ == 0 or steps[0] == 0:
        return
    kept = counts.funnel_of(counted_firm(won, lost, open_, min(undated, won + lost + open_), steps, pairs))
    assert not [n for n in counted(kept) if 0 < n < FEWEST] and not tells_of_few(kept)


def test_the_differences_that_once_told_are_hidden():
    """20 won, 15 lost, 3 open; 98 of 100 leads handed off; and the rest is told where nothing is given away."""
    kept = counts.funnel_of(counted_firm(20, 15, 3, 0, [100, 98, 96, 60, 40], 0))
    assert [row["reached"] for row in kept["steps"]] == [100, None, None, 60, 40]
    assert kept["deals"]["won"] is None and kept["measured"]["cycle"]["n"] is None
    assert kept["measured"]["value"]["n"] == kept["deals"]["opportunities"] == 38
    told = counts.funnel_of(counted_firm(20, 15, 5, 0, [100, 90, 80, 60, 40], 0))
    assert [row["reached"] for row in told["steps"]] == [100, 90, 80, 60, 40] and told["measured"]["cycle"]["n"] == 35
    assert told["deals"]["won_days"]["n"] == 20 and len(str(kept["measured"]["cycle"]["error_log"])) == 4  # 0.0x


@given(st.lists(st.integers(0, 9), min_size=1, max_size=40))
def test_points_of_a_curve_are_five_apart(found):
    places = spaced(found)
    assert all(sum(found[a + 1 : b + 1]) >= FEWEST for a, b in zip(places, places[1:], strict=False))


def test_the_sheet_for_a_works_council_says_what_was_read_and_what_was_refused(firm):
    page = (firm / "read.html").read_text(encoding="utf-8")
    for said in ("Opportunity Owner (owner)", "Account Name", "Salary, Date of Birth", "people.csv", "Never kept"):
        assert said in page
    assert not re.search(r"https?://|<script|src=|href=", page)


def test_forget_removes_all_and_nothing_else(desk, files, tmp_path, capsys):
    place = tmp_path / "firm"
    assert code_of(["import", *files, "-o", str(place), "--quiet"]) == 0
    (place / "plans").mkdir()
    (place / "plans" / "a.toml").write_text("title = 'a plan'")
    (tmp_path / "other.txt").write_text("stays")
    link = tmp_path / "link"
    link.symlink_to(place)
    assert code_of(["forget", str(link), "--yes"]) == 3 and place.is_dir()
    assert code_of(["forget", str(place)]) == 2 and place.is_dir()  # nobody to ask
    assert code_of(["forget", str(desk), "--yes"]) == 3 and desk.is_dir()  # no import wrote it
    assert code_of(["forget", str(place), "--yes"]) == 0
    assert sorted(each.name for each in tmp_path.iterdir()) == ["link", "other.txt"]


def test_cells_that_look_like_formulas_are_text(tmp_path):
    people = "id,name,department\n1,=1+1,Marketing\n2,@sum,Sales\n3,+x,Sales\n"
    (tmp_path / "p.csv").write_text(people)
    assert code_of(["import", str(tmp_path / "p.csv"), "-o", str(tmp_path / "firm"), "--quiet"]) == 0
    for path in (*(tmp_path / "firm").glob("*.csv"), tmp_path / "firm.key.csv"):
        assert not re.search(r'(^|,)"?[=+@-]', path.read_text(encoding="utf-8"), re.MULTILINE), path


# --- what is kept ---


def test_the_funnel_counts_what_the_files_say(firm):
    kept = json.loads((firm / "funnel.json").read_text(encoding="utf-8"))
    assert [(row["step"], row["reached"]) for row in kept["steps"]] == [
        ("inquiry", 300), ("qualified", 160), ("handed off", 160), ("opportunity", 120)]  # fmt: skip
    assert kept["steps"][2]["wait"] == {"n": 160, "quarter": 3.0, "median": 3.0, "three quarters": 3.0}
    deals = kept["deals"]
    assert [deals[name] for name in ("opportunities", "won", "lost", "open", "win_rate")] == [120, 40, 60, 20, 0.4]
    assert deals["won_days"]["median"] == 30 and deals["lost_days"]["median"] == 20
    assert sum(row["leads"] for row in kept["by_source"]) == 300
    assert {row["pair"] for row in kept["by_pair"]} == {f"Marketing {a} - Sales {a}" for a in (1, 2)}
    assert sum(row["opportunities"] for row in kept["by_month"]) == 120


def test_renewals_tell_how_many_stay_and_are_no_new_business(tmp_path):
    rows = [
        f"{n},{'Won' if n % 4 else 'Lost'},2025-01-20,2025-02-20,{'Renewal' if n < 40 else 'New'}" for n in range(60)
    ]
    (tmp_path / "a.csv").write_text("\n".join(["id,stage,created,closed,type", *rows]))
    kept = counts.funnel_of(read_exports([tmp_path / "a.csv"], Choices()))
    assert kept["deals"]["opportunities"] == 20
    assert (kept["measured"]["renewed"]["share"], kept["measured"]["renewed"]["n"]) == (0.75, 40)


def test_open_deals_count_until_they_were_last_seen():
    """40 end after 10 days and 60 are open for 100: the median is not reached; leaving them out would say 10 days."""
    deals = pd.DataFrame({
        "created": pd.Timestamp("2025-01-01"), "closed": [pd.Timestamp("2025-01-11")] * 40 + [pd.NaT] * 60,
        "outcome": ["won"] * 40 + ["open"] * 60, "amount": 1.0, "migrated": False,
    })  # fmt: skip
    kept = counts.deals_of(deals, pd.Timestamp("2025-04-11"))
    assert kept["closing"]["median_days"] is None
    assert kept["closing"]["closed"][-1] == 0.4 == kept["closing"]["won"][-1]


def test_a_day_on_which_somebody_cleaned_up_ends_no_deal():
    rng = np.random.default_rng(7)
    made = pd.Timestamp("2025-01-01") + pd.to_timedelta(rng.integers(0, 200, 300), "D")
    ends = made + pd.to_timedelta(rng.integers(5, 60, 300), "D")
    deals = pd.DataFrame({"created": made, "closed": ends, "amount": 1.0, "migrated": False,
                          "outcome": np.where(rng.random(300) < 0.3, "won", "lost")})  # fmt: skip
    before = counts.deals_of(deals, pd.Timestamp("2026-01-01"))
    swept = deals.assign(closed=pd.Timestamp("2025-12-31"), outcome="lost").head(80)
    after = counts.deals_of(pd.concat([deals, swept]), pd.Timestamp("2026-01-01"))
    assert (before["clean_up_days"], after["clean_up_days"]) == (0, 1)
    assert before["closing"]["median_days"] <= after["closing"]["median_days"]
    assert max(after["closing"]["day"]) < 300  # nothing is told of the 80 but that they were still there


@given(st.integers(0, 2**31), st.integers(30, 300))
def test_shares_of_ended_and_won_rise_and_won_is_the_smaller(seed, n):
    rng = np.random.default_rng(seed)
    times, events = rng.integers(0, 90, n).astype(float), rng.integers(0, 2, n)
    won = (rng.random(n) < 0.5) & (events == 1)
    grid = np.arange(0, 95.0)
    share = counts.won_by(times, events, won)(grid)
    curve = counts.kaplan_meier(times, events)
    ended = curve.share[np.searchsorted(curve.time, grid, side="right") - 1]
    assert (np.diff(share) >= 0).all() and (share <= ended + 1e-9).all()
    both = share + counts.won_by(times, events, ~won & (events == 1))(grid)
    assert both == pytest.approx(ended)  # ended is won or lost


@pytest.mark.parametrize("cycle", [4, 12, 40, 80])  # working days: short ones are seen in whole days alone
@given(seed=st.integers(0, 2**31))
def test_the_laws_that_are_read_off_are_found_again(cycle, seed):
    """Value and cycle of 4,000 deals, a part censored: within five standard errors (false alarm: 1 in 10**6)."""
    rng = np.random.default_rng(seed)
    n, as_of = 4000, np.datetime64("2025-01-01")
    made = np.busday_offset(as_of, -rng.integers(5, 200, n), roll="backward")
    closed = np.busday_offset(made, rng.lognormal(np.log(cycle), 0.5, n).clip(1).astype(int))
    ended = closed <= as_of
    deals = pd.DataFrame({"created": pd.to_datetime(made), "closed": pd.Series(pd.to_datetime(closed)).where(ended),
                          "outcome": np.where(ended, "won", "open"), "migrated": False,
                          "amount": rng.lognormal(np.log(20_000), 0.8, n)})  # fmt: skip
    found = counts.measured(deals, pd.Timestamp(as_of))
    assert abs(np.log(found["cycle"]["median"] / cycle)) < 5 * found["cycle"]["error_log"]
    assert abs(found["cycle"]["sd_log"] - 0.5) < 5 * found["cycle"]["error_log"] / np.sqrt(2)
    assert abs(np.log(found["value"]["median"] / 20_000)) < 5 * found["value"]["error_log"]
    assert abs(found["value"]["sd_log"] - 0.8) < 0.06


# --- the folder ---


def test_the_folder_is_a_scenario_that_runs(firm):
    scenario = sim.read(firm)
    own = scenario.load_organization()
    assert own.team.tolist() == [0] * 6 + [1] * 6 and len(own.ties) == len(ties_text().splitlines()) - 2
    assert scenario.value("workforce.marketers") == 6
    assert scenario.value("market.value") == pytest.approx(1.058, abs=0.01)
    assert len(sim.run(scenario.but(days=30), seed=1).daily) == 30


def test_every_number_says_where_it_is_from(firm):
    import tomllib

    table = tomllib.loads((firm / "firm.toml").read_text(encoding="utf-8"))
    measured = table["imported"]["measured"]
    written = {f"{group}.{name}" for group in table if group not in ("title", "question", "organization", "imported")
               for name in table[group]}  # fmt: skip
    assert written <= set(measured) and all(text.strip() for text in measured.values())
    assert "Baton's default" in table["imported"]["assumed"]
    last = json.loads((firm / "funnel.json").read_text(encoding="utf-8"))["as_of"]
    assert last and table["imported"]["as_of"] == last, "a plan may have dates though nobody said --as-of"


def test_the_same_line_asks_nothing_again(desk, tmp_path, capsys):
    (tmp_path / "a.csv").write_text(deals_text().replace("Closed Won", "Signed").replace("Closed Lost", "Dropped"))
    (tmp_path / "p.csv").write_text(people_text().replace(f"{MARK} Marketing 0", f"{MARK} Sales and Marketing"))
    line = ["import", str(tmp_path / "a.csv"), str(tmp_path / "p.csv"), "-o", str(tmp_path / "firm"), "--quiet"]
    assert code_of(line) == 3
    told = capsys.readouterr().err
    assert "--won" in told and "--lost" in told and f"--department '{MARK} Sales and Marketing=marketing'" in told
    assert not (tmp_path / "firm").exists() and not (tmp_path / "firm.key.csv").exists()
    said = ["--won", "Signed", "--lost", "Dropped", "--department", f"{MARK} Sales and Marketing=marketing"]
    assert code_of([*line, *said]) == 0
    before = (tmp_path / "firm" / "funnel.json").read_bytes(), (tmp_path / "firm" / "firm.toml").read_bytes()
    assert MARK not in before[1].decode()
    assert code_of([*line, "--overwrite"]) == 0
    assert before == ((tmp_path / "firm" / "funnel.json").read_bytes(), (tmp_path / "firm" / "firm.toml").read_bytes())


def test_another_export_has_a_last_day_of_its_own(desk, tmp_path):
    """What was said of a folder is kept for other files, but not the day on which its first files ended."""
    line = ["import", str(tmp_path / "a.csv"), "-o", str(tmp_path / "firm"), "--quiet", "--overwrite"]
    ends = []
    for text in (deals_text(), deals_text().replace("2025", "2026"), deals_text()):
        (tmp_path / "a.csv").write_text(text)
        assert code_of(line) == 0
        ends.append(tomllib.loads((tmp_path / "firm" / "firm.toml").read_text(encoding="utf-8"))["imported"]["as_of"])
    assert ends[0] == ends[2] < ends[1]


def test_what_nobody_said_is_not_kept_as_said_and_what_was_said_can_be_said_otherwise(files, tmp_path):
    line = ["import", *files, "-o", str(tmp_path / "firm"), "--quiet", "--overwrite"]
    for more, kept in (([], None), (["--tests", "keep"], "keep"), ([], "keep"), (["--tests", "drop"], "drop")):
        assert code_of([*line, *more]) == 0
        said = tomllib.loads((tmp_path / "firm" / "firm.toml").read_text(encoding="utf-8"))["imported"].get("said", {})
        assert said.get("tests") == kept, (more, said)


def test_how_many_customers_there_were_is_said_kept_and_lived_by(files, tmp_path, capsys):
    line = ["import", *files, "-o", str(tmp_path / "firm"), "--json"]
    assert code_of(line) == 0
    open_ = json.loads(capsys.readouterr().out)
    assert any("nobody said how many" in each for each in open_["told"]) and sim.read(tmp_path / "firm").value(
        "customers.per_rep") == 75  # fmt: skip
    assert [each for each in open_["questions"] if each["answers"] == "customers" and not each["needed"]]
    assert code_of([*line, "--overwrite", "--customers", "90"]) == 0
    assert "customers" not in [each["answers"] for each in json.loads(capsys.readouterr().out)["questions"]]
    assert code_of([*line, "--overwrite"]) == 0, "what was said is kept"
    scenario = sim.read(tmp_path / "firm")
    assert scenario.value("customers.per_rep") == 15, "six of Sales"
    customers = sim.run(scenario.but(days=1), seed=2).state.firm.customers
    assert (customers["since"] < 0).sum() == 90
    assert "90 customers" in (tmp_path / "firm" / "firm.toml").read_text()
    for wrong in ("-1", "many", "1.5"):
        assert code_of([*line, "--customers", wrong]) == 2


def test_the_preview_says_what_the_import_says_and_writes_nothing(files, tmp_path, capsys):
    line = ["import", *files, "-o", str(tmp_path / "firm"), "--json"]
    assert code_of([*line, "--dry-run"]) == 0
    preview = json.loads(capsys.readouterr().out)
    assert list(tmp_path.iterdir()) == []
    assert code_of(line) == 0
    done = json.loads(capsys.readouterr().out)
    assert preview | {"written": done["written"]} == done and preview["written"] is None


def test_a_people_list_alone_is_enough_and_so_are_deals_alone(files, tmp_path):
    assert code_of(["import", files[2], "-o", str(tmp_path / "people"), "--quiet"]) == 0
    assert sim.read(tmp_path / "people").load_organization().team.sum() == 6
    assert code_of(["import", files[0], "-o", str(tmp_path / "deals"), "--quiet"]) == 0
    assert sim.read(tmp_path / "deals").value("workforce.salespeople") == 6
    assert code_of(["funnel", str(tmp_path / "people"), "--quiet"]) == 0


def test_on_a_terminal_what_cannot_be_known_is_asked(tmp_path, monkeypatch):
    rows = [f"{n},{'Signed' if n % 3 else 'Dropped'},3/{n}/2025,4/{n}/2025" for n in range(1, 12)]
    (tmp_path / "a.csv").write_text("\n".join(["id,stage,created,closed", *rows]))
    answers, asked = iter(["perhaps", "mdy", "Signed", "Dropped", "many", "-3", "30"]), []
    monkeypatch.setattr("typer.prompt", lambda text, **_: asked.append(text) or next(answers))
    from sim.cli import importing

    terminal = SimpleNamespace(isatty=lambda: True, write=lambda text: None, flush=lambda: None)
    monkeypatch.setattr(importing, "sys", SimpleNamespace(stdin=terminal, stderr=terminal))
    monkeypatch.setattr(importing.screen, "quiet", False)
    found, said = importing._read([tmp_path / "a.csv"], Choices(), tmp_path / "firm")
    assert len(asked) == 7 and (said.dates, said.won, said.lost) == ("mdy", ("Signed",), ("Dropped",))
    assert "on 2025-03-01" in asked[-1] and said.customers == 30
    assert found.accounts[0].numbers["won"] == 8


def test_a_file_that_lies_where_the_key_would_is_not_replaced(files, tmp_path):
    line = ["import", files[0], "-o", str(tmp_path / "firm"), "--quiet"]
    key = tmp_path / "firm.key.csv"
    key.write_text("my own file")
    assert code_of(line) == 2 and code_of([*line, "--overwrite"]) == 2 and key.read_text() == "my own file"
    key.unlink()
    key.symlink_to(tmp_path / "elsewhere")
    assert code_of([*line, "--overwrite"]) == 2 and not (tmp_path / "firm").exists()
    key.unlink()
    assert code_of(line) == 0 and code_of(line) == 2 and code_of([*line, "--overwrite"]) == 0


@pytest.mark.parametrize("words", [["--rate", "USD"], ["--rate", "USD=0"], ["--dates", "ymd"], ["--as", "a.csv=deals"],
                                   ["--as-of", "soon"], ["--tests", "perhaps"], ["--department", "x=hr"]])  # fmt: skip
def test_what_is_typed_wrong_is_wrong_usage(files, tmp_path, words):
    assert code_of(["import", *files, *words, "--dry-run"]) == 2


def test_a_folder_that_is_damaged_or_somebody_elses_is_refused(files, tmp_path):
    (tmp_path / "firm").mkdir()
    (tmp_path / "firm" / "thesis.txt").write_text("mine")
    assert code_of(["import", files[0], "-o", str(tmp_path / "firm"), "--overwrite", "--quiet"]) == 2
    (tmp_path / "firm" / "funnel.json").write_text("[1, 2")
    assert code_of(["funnel", str(tmp_path / "firm")]) == 3
    (tmp_path / "firm" / "funnel.json").write_text('{"steps": 3}')
    assert code_of(["funnel", str(tmp_path / "firm")]) == 3


def test_a_folder_without_a_firm_says_how_one_is_made(tmp_path, capsys):
    assert code_of(["funnel", str(tmp_path)]) == 3
    assert "holds no funnel.json; `baton import FILES -o" in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_the_picture_tells_its_numbers(firm, tmp_path, kind):
    kept = folder.read_funnel(firm)
    figure = own_funnel_plot(kept)
    assert figure.baton.title == "40 of 120 opportunities were won, 40 % of those that ended"
    assert code_of(["funnel", str(firm), "-o", str(tmp_path / f"a.{kind}"), "--quiet"]) == 0
    assert (tmp_path / f"a.{kind}").stat().st_size > 1000
    own_funnel_plot({**kept, "deals": None, "steps": []})  # nothing to draw is drawn too
