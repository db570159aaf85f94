"""What tools write as events, messages or a wide table says what a list of the same says."""

from __future__ import annotations

import datetime
import re
from collections import Counter

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_import import read, write

from sim.cli import code_of
from sim.errors import InputError
from sim.intake.exports.leads import STEP_OF, STEPS

NAMES = ["Ada Quill", "Bo Tarn", "Cy Ferro", "Dag Ito", "Eve Moor", "Finn Okar"]
SIDES = ["Marketing"] * 3 + ["Sales"] * 3
PEOPLE = "\n".join(["Employee #,First Name,Last Name,Work Email,Department", *(
    f"{n},{name.replace(' ', ',')},{name.lower().replace(' ', '.')}@x.example,{side}"
    for n, (name, side) in enumerate(zip(NAMES, SIDES, strict=True), 1))])  # fmt: skip
CALLED = {"qualified": "Marketing Qualified Lead", "handed off": "SQL", "called": "Working - Contacted",
          "opportunity": "Closed - Converted"}  # fmt: skip
FIRST = datetime.date(2024, 1, 1)
ASKED = ["{}", "How often do you work with? [{}]", "Work with: {}", "I talk with (this person) [{}]"]
OFTEN = {0: "Never", 1: "Yearly", 2: "once a month", 3: "Weekly", 4: "Daily"}


def mail(name: str) -> str:
    return name.lower().replace(" ", ".") + "@x.example"


def day(n: int) -> str:
    return (FIRST + datetime.timedelta(n)).isoformat()


# --- the log of leads' stages ---


@given(st.lists(st.dictionaries(st.sampled_from(list(CALLED)), st.integers(0, 300)), min_size=2, max_size=12),
       st.lists(st.integers(0, 300), min_size=12, max_size=12), st.randoms(use_true_random=False))  # fmt: skip
def test_the_log_of_leads_says_what_a_list_of_their_days_says(tmp_path_factory, leads, came, random):
    """In whatever order its events stand; other fields, and stages that are no step, change nothing."""
    folder = tmp_path_factory.mktemp("log")
    events, rows = [], ["Lead ID,Created Date,MQL Date,SQL Date,First call date,Converted Date"]
    for n, steps in enumerate(leads):
        at = {step: came[n] + wait for step, wait in steps.items()}
        rows.append(",".join([f"L{n}", day(came[n]), *(day(at[step]) if step in at else "" for step in STEP_OF)]))
        events.append((f"L{n}", "created", "", day(came[n])))
        events += [(f"L{n}", "Status", CALLED[step], day(when)) for step, when in at.items()]
        events += [(f"L{n}", "Status", CALLED[step], day(when + 9)) for step, when in at.items()]  # once more, later
        events.append((f"L{n}", "Owner", "Working - Contacted", day(came[n] + 400)))
        events.append((f"L{n}", "Status", "Open - Not Contacted", day(came[n])))
    random.shuffle(events)
    lines = ["Id,LeadId,Field,NewValue,CreatedDate", *(f"E{n},{','.join(each)}" for n, each in enumerate(events))]
    log, listed = write(folder, "log.csv", "\n".join(lines)), write(folder, "list.csv", "\n".join(rows))
    of_log, of_list = read(log), read(listed)
    assert of_log.accounts[0].kind == "lead-history" and of_list.accounts[0].kind == "leads"
    columns = ["id", "created", *STEPS, "converted"]
    one, other = (each.leads[columns].sort_values("id", ignore_index=True) for each in (of_log, of_list))
    pd.testing.assert_frame_equal(one, other)
    both = read(log, listed)  # a log beside a list adds nothing that the list knows
    pd.testing.assert_frame_equal(both.leads[columns].sort_values("id", ignore_index=True), other)


def test_a_log_fills_in_the_days_that_a_list_lacks(tmp_path):
    listed = write(tmp_path, "leads.csv", "Lead ID,Lead Status,Created Date,Lead Owner\nA,Open,2024-01-02,Dag Ito\n"
                                          "B,Open,2024-01-03,Dag Ito\n")  # fmt: skip
    log = write(tmp_path, "log.csv", "Lead ID,Old Value,New Value,Edit Date\nA,New,MQL,2024-01-09\n"
                                     "A,MQL,Called,2024-02-01\nC,New,MQL,2024-03-01\n")  # fmt: skip
    found = read(listed, log)
    assert found.leads["id"].tolist() == ["A", "B"] and "1 lead of a log that no list has: left out" in found.told
    assert str(found.leads["qualified at"][0])[:10] == "2024-01-09" and found.leads["qualified at"].isna()[1]
    assert (
        str(found.leads["first call"][0])[:10] == "2024-02-01" and str(found.leads["created"][0])[:10] == "2024-01-02"
    )


def test_a_stage_of_leads_means_what_was_said_of_it(tmp_path):
    log = write(
        tmp_path, "log.csv", "Lead ID,New Value,Edit Date\nA,Warm,2024-01-09\nA,Hot,2024-02-01\nB,Warm,2024-03-01\n"
    )
    found = read(log)
    assert found.accounts[0].told == [
        'no stage says how far a lead came; say it by --step STAGE=STEP; there are "Warm", "Hot"'
    ]
    found = read(log, steps={"warm": "qualified", "HOT": "handed off", "Cold": "called"})
    assert found.leads["qualified at"].notna().all() and found.leads["handed at"].notna().tolist() == [True, False]
    assert found.accounts[0].told == ['no stage is called "Cold" (--step)']


# --- the log of opportunities' fields ---


def test_other_fields_of_opportunities_are_no_stages(tmp_path):
    head = "Id,OpportunityId,Field,NewValue,CreatedDate"
    rows = ["1,A,created,,2024-01-01", "2,A,StageName,Closed Won,2024-02-01", "3,B,created,,2024-01-05",
            "4,B,StageName,Closed Lost,2024-03-01"]  # fmt: skip
    more = [*rows, "5,B,NextStep,we have won them,2024-01-20", "6,A,Amount,5000,2024-01-09"]
    few, all_ = (read(write(tmp_path, f"{n}.csv", "\n".join([head, *each]))) for n, each in enumerate((rows, more)))
    pd.testing.assert_frame_equal(few.deals, all_.deals)
    assert all_.deals["outcome"].tolist() == ["won", "lost"]
    assert "2 events of other fields than the stage: their values are not read" in all_.accounts[0].told


def test_a_list_with_the_name_of_each_opportunity_is_no_log(tmp_path):
    rows = [
        f"{n},Firm {n},{'Closed Won' if n % 2 else 'Closed Lost'},2024-01-{n + 1:02},2024-03-{n + 1:02}"
        for n in range(9)
    ]
    found = read(write(tmp_path, "a.csv", "\n".join(["ID,Opportunity,Stage,Created Date,Close Date", *rows])))
    assert found.accounts[0].kind == "opportunities" and found.deals["closed"].notna().all()


# --- surveys with a column for each colleague ---


@given(st.lists(st.lists(st.sampled_from([None, 0, 1, 2, 3, 4]), min_size=6, max_size=6), min_size=3, max_size=6),
       st.sampled_from(ASKED), st.booleans(), st.booleans())  # fmt: skip
def test_a_wide_survey_says_what_the_same_answers_in_lines_say(tmp_path_factory, answers, asked, words, by_mail):
    folder = tmp_path_factory.mktemp("wide")
    people = write(folder, "people.csv", PEOPLE)
    shown = mail if by_mail else str
    label = dict.fromkeys(NAMES, "")
    rows = [",".join(["Timestamp", "Your name", *(asked.format(shown(name)) for name in NAMES)])]
    lines = ["from,to,value"]
    for giver, row in zip(NAMES, answers, strict=False):
        cells = ["" if value is None or name == giver else OFTEN[value] if words else str(value)
                 for name, value in zip(NAMES, row, strict=True)]  # fmt: skip
        rows.append(",".join(["2024-05-01", shown(giver), *cells]))
        lines += [f"{shown(giver)},{shown(name)},{value}" for name, value in zip(label, row, strict=True)
                  if value is not None and name != giver]  # fmt: skip
    wide, long = write(folder, "wide.csv", "\n".join(rows)), write(folder, "long.csv", "\n".join(lines))
    of_wide = read(people, wide)
    assert of_wide.accounts[1].kind == "ties" and of_wide.accounts[1].numbers["edges"] == len(lines) - 1
    if len(lines) > 1:
        of_long = read(people, long)
        kept = ["one", "other", "value"]
        pd.testing.assert_frame_equal(of_wide.ties[kept], of_long.ties[kept])


def test_each_question_of_a_wide_survey_is_a_relation_and_a_mark_is_a_1(tmp_path):
    head = ",".join(["Name", *(f"{asked} [{name}]" for asked in ("Work", "Advice") for name in NAMES)])
    rows = [head, *(f"{name},{'x,,x,,,x'},{',no,,yes,,'}" for name in NAMES[:4])]
    found = read(write(tmp_path, "p.csv", PEOPLE), write(tmp_path, "s.csv", "\n".join(rows)))
    assert found.ties.groupby("relation")["value"].sum().to_dict() == {"Work": 10, "Advice": 3}
    assert found.accounts[1].used == [("Name", "from", "content"), ("12 columns of colleagues", "value", "colleagues")]


def test_the_names_over_a_wide_survey_are_kept_nowhere(tmp_path):
    rows = [",".join(["Timestamp", "Name", *NAMES, "Remarks by Gus Hale"]),
            *(f"2024-05-01,{name},{'1,,1,,,1'},good" for name in NAMES)]  # fmt: skip
    survey, people = write(tmp_path, "s.csv", "\n".join(rows)), write(tmp_path, "p.csv", PEOPLE)
    said = ["--map", "Bo Tarn=ignore", "--map", "Timestamp=ignore", "-o", str(tmp_path / "firm"), "-q"]
    assert code_of(["import", str(survey), str(people), *said]) == 0
    kept = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "firm").iterdir() if path.is_file())
    assert "5 columns of colleagues" in kept
    assert not [name for name in (*NAMES, "Gus Hale") if re.search(rf"\b{name.split()[1]}\b", kept)]
    ties = (tmp_path / "firm" / "ties.csv").read_text(encoding="utf-8").splitlines()
    assert len(ties) - 1 == 3 * len(NAMES) - 3  # nobody is tied to themselves


def test_a_wrong_cell_of_a_wide_survey_has_its_line_and_column(tmp_path):
    rows = ["Name," + ",".join(NAMES), "Ada Quill,,1,sure,2,2,1", "Bo Tarn,1,,1,1,1,1", "Cy Ferro,1,1,,1,1,maybe"]
    with pytest.raises(InputError) as caught:
        read(write(tmp_path, "s.csv", "\n".join(rows)), skip_bad=False)
    assert [each.partition(" is no ")[0] for each in caught.value.problems] == [
        's.csv, line 2, column "Cy Ferro": "sure"', 's.csv, line 4, column "Finn Okar": "maybe"']  # fmt: skip
    with pytest.raises(InputError, match=r"s.csv, line 3: has 8 cells, the header has 7"):
        read(write(tmp_path, "s.csv", "\n".join([*rows[:2], rows[2] + ",1", *rows[2:]]).replace("sure", "1")))


# --- messages ---


SOME = st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True)


@given(st.lists(st.tuples(st.sampled_from(NAMES), SOME), min_size=1, max_size=40), st.integers(1, 4))
def test_messages_are_counted_and_every_recipient_has_one(tmp_path_factory, sent, least):
    folder = tmp_path_factory.mktemp("trace")
    rows = ["Received,Sender Address,Recipient Address,Subject,Status"]
    rows += [f"2024-05-01T10:00:00,{mail(one)},{';'.join(map(mail, to))},secret,Delivered" for one, to in sent]
    counted = Counter((one, other) for one, to in sent for other in to if one != other)
    found = read(write(folder, "p.csv", PEOPLE), write(folder, "t.csv", "\n".join(rows)), tie_from=least)
    ties = (
        {} if found.ties is None else {(NAMES[row.one], NAMES[row.other]): row.value for row in found.ties.itertuples()}
    )
    assert ties == {pair: n for pair, n in counted.items() if n >= least}
    assert found.accounts[1].private == ["Subject"]


def test_a_number_of_somebody_is_no_name(tmp_path):
    """As BambooHR lists people: "Employee #" is an id."""
    found = read(write(tmp_path, "p.csv", PEOPLE))
    assert found.people["name"].tolist() == [name.lower() for name in NAMES]
    assert found.people["id"].tolist() == [str(n) for n in range(1, 7)]
