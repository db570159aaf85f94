"""Exports that were damaged, or made to harm: each is read or refused in sentences, never with a trace."""

from __future__ import annotations

import random

import pytest
from test_import import PIPEDRIVE, SALESFORCE, STAFF

from sim.errors import InputError
from sim.intake.exports.choices import Choices
from sim.intake.exports.reading import read_exports
from sim.study.own.counts import funnel_of
from sim.study.own.folder import firm_text, members

LEADS = "Lead ID,Lead Status,Create Date,Lead Owner,MQL Date,Converted Opportunity ID\n" + "".join(
    f"L{n},Open,2025-01-{n + 1:02} 09:00,Kim {n % 3},2025-02-{n + 1:02},{n if n % 2 else ''}\n" for n in range(12)
)
HISTORY = "Id,OpportunityId,CreatedDate,StageName,Amount\n" + "".join(
    f"{n},{n // 2},2025-01-{n + 1:02} 10:00:00,{'Lost' if n % 4 == 1 else 'Won' if n % 2 else 'Demo'},5\n"
    for n in range(12)
)
LOG = "Id,LeadId,CreatedDate,Field,NewValue\n" + "".join(
    f"{n},L{n // 3},2025-01-{n + 1:02},{'Status' if n % 3 else 'created'},{('', 'MQL', 'Contacted')[n % 3]}\n"
    for n in range(12)
)
GRID = "Name," + ",".join(f"Talk with? [A{n} B]" for n in range(6)) + "\n" + "".join(
    f"A{n} B,1,weekly,3,,x,{n}\n" for n in range(6)
)  # fmt: skip
TRACE = "Received,Sender Address,Recipient Address\n" + "".join(
    f"2025-01-{n + 1:02},a{n % 3}@x.example,b@x.example;c{n}@x.example\n" for n in range(9)
)
TIES = ",Source,Target,Weight\n" + "".join(f"{n},a{n},b{n % 3},{n}\n" for n in range(9))
ANSWERS = (
    "side,who," + ",".join(map(str, range(1, 21))) + "\nSales,S1" + ",3" * 20 + "\nMarketing,M1" + ",4" * 20 + "\n"
)
WHOLE = [SALESFORCE.encode("latin-1"), PIPEDRIVE.encode("cp1252"), STAFF.encode("utf-16"), LEADS.encode(),
         HISTORY.encode(), LOG.encode(), GRID.encode(), TRACE.encode(), TIES.encode(), ANSWERS.encode()]  # fmt: skip
HEAD = "Opportunity ID,Opportunity Name,Stage,Amount,Created Date,Close Date,Type\n"
BARE = {  # whole files of which no row is left with --skip-bad, though their columns are good
    "renewals": HEAD + "".join(f"{n},A{n},Signed,5,3/{n}/2025,4/{n}/2025,Renewal\n" for n in range(1, 4)),
    "tests": HEAD + "".join(f"{n},TEST {n},Won,5,2025-01-0{n},2025-02-0{n},New\n" for n in range(1, 4)),
    "days": HEAD + "".join(f"{n},A{n},Won,5,2025-02-3{n},2025-02-0{n},New\n" for n in (0, 1)),
    "leads": "Lead ID,Lead Status,Create Date,Lead Owner\nL1,Open,2025-02-30,Kim\nL2,Open,2025-02-31,Kim\n",
    "history": "Id,OpportunityId,CreatedDate,StageName\n1,1,2025-02-30,Demo\n2,1,2025-02-31,Signed\n",
    "log": "Id,LeadId,CreatedDate,Field,NewValue\n1,1,2025-02-30,Status,MQL\n2,1,2025-02-31,Status,MQL\n",
    "people": "Employee ID,Name,Department,Status\n1,A B,Both,Terminated\n2,C D,Both,Terminated\n",
    "ties": "Source,Target\nA B,A B\nC D,C D\n",
}
SEEDS = [b"\x00", b'"', b"\n", b",", b";", b"\t", b"\xff", b"=1", b"1e999", b"9" * 40, b"\xe2\x80\xae", b"31/31/2025",
         b"0000-00-00", b"-", b"\r", b"Won", b"Lost", b"nan", b"inf", b"@", b"2025-02-29", b"\xef\xbb\xbf"]  # fmt: skip


def damaged(dice: random.Random) -> bytes:
    """A whole file with a few places changed, cut out, doubled or mixed with another file's."""
    raw = bytearray(dice.choice(WHOLE))
    for _ in range(dice.randint(1, 3)):
        at, end = sorted(dice.randrange(len(raw) + 1) for _ in range(2))
        end = min(end, at + dice.choice((1, 4, 40)))
        piece = {0: b"", 1: bytes(raw[at:end]) * 2, 2: dice.choice(SEEDS), 3: bytes([dice.randrange(256)])}[
            dice.randrange(4)
        ]
        raw[at:end] = piece
        raw = raw or bytearray(b"x")
    if dice.random() < 0.1:
        raw += dice.choice(WHOLE)
    return bytes(raw)


def try_many(folder, first: int, n: int) -> int:
    """Read so many damaged files, one or two at a time: how many were read. Only InputErrors are no fault of ours."""
    read = 0
    for seed in range(first, first + n):
        dice, paths = random.Random(seed), []
        for k in range(dice.choice((1, 1, 2))):
            paths.append(folder / f"{k}.csv")
            bare = k and dice.random() < 0.5
            paths[-1].write_bytes(dice.choice(list(BARE.values())).encode() if bare else damaged(dice))
        try:
            dice.shuffle(paths)
            found = read_exports(paths, Choices(skip_bad=dice.random() < 0.7, dates="dmy", decimal="."))
            kept = funnel_of(found)
            firm_text(found, kept, Choices(), members(found)[0], None)
            read += 1
        except InputError as fault:
            assert fault.problems and all(sentence.strip() for sentence in fault.told), seed
        except Exception as fault:
            raise AssertionError(f"seed {seed}: {type(fault).__name__}: {fault}") from fault
    return read


def test_damaged_files_are_read_or_refused(tmp_path):
    assert 20 < try_many(tmp_path, 0, 150) < 150  # some of each, or the test would say nothing


@pytest.mark.parametrize("bare", BARE)
def test_a_file_of_which_no_row_is_left_asks_nothing_and_takes_nothing_from_the_others(tmp_path, bare):
    alone, beside = tmp_path / "bare.csv", tmp_path / "whole.csv"
    alone.write_text(BARE[bare])
    said = Choices(skip_bad=True)
    with pytest.raises(InputError, match=r"^bare\.csv: nothing is left to read: \S.*[^:;]$") as caught:
        read_exports([alone], said)
    assert "means" not in str(caught.value)
    for text in (LEADS, HISTORY, ANSWERS, SALESFORCE):
        beside.write_text(text)
        want, found = read_exports([beside], said), read_exports([alone, beside], said)
        assert found.questions == want.questions and found.as_of == want.as_of
        assert found.accounts[0].told[-1] == "nothing of it is left"
        assert funnel_of(found) == funnel_of(want)
        firm_text(found, funnel_of(found), said, members(found)[0], None)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_ten_thousand_damaged_files_are_read_or_refused(tmp_path):
    assert try_many(tmp_path, 1000, 10_000) > 1000
