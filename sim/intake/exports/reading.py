"""From files to what they say together: one reading, whether it is only looked at or kept."""

from __future__ import annotations

import datetime
import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from sim.errors import InputError, cut, nearest, plural
from sim.files.reading import read_bytes
from sim.intake.csv_files import Problems
from sim.intake.exports import deals, graphs, leads, links, staff, wide
from sim.intake.exports.choices import Account, Choices, Desk, Question
from sim.intake.exports.match import IGNORE, match
from sim.intake.exports.sheets import Sheet, open_sheet, read_columns, sample_of
from sim.intake.exports.words import is_private, plain

READERS = {"opportunities": deals.read_deals, "history": deals.read_history, "leads": leads.read_leads,
           "lead-history": leads.read_log,
           "people": staff.read_staff, "ties": links.read_links, "answers": links.read_answers}  # fmt: skip

FEW = 6  # currencies without a rate that are named
LONGEST = 520  # working days before the export that are read as one story: two years


@dataclass
class Imported:
    """What the files say. Tables are None where no file holds such a thing.

    deals     one row an opportunity: id, created, closed, outcome, amount (in `currency`), currency, owner, source,
              first call, migrated, person (row of `people`, -1: unknown)
    leads     one row a lead: id, created, qualified at, handed at, first call, converted at, converted, opportunity,
              owner, creator, source, status, queue, person, maker
    people    one row a person: id, name, shown, email, department, side, site, hired, tenure, share, manager
    ties      one row a tie between two who are in `people`: one, other (rows), relation, value
    answers   one row an answer to the audit: who, side (marketing, sales or nothing), 1 … 20
    """

    accounts: list[Account] = field(default_factory=list)
    deals: pd.DataFrame | None = None
    leads: pd.DataFrame | None = None
    people: pd.DataFrame | None = None
    ties: pd.DataFrame | None = None
    answers: pd.DataFrame | None = None
    as_of: datetime.date | None = None
    currency: str = ""
    told: list[str] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    headers: list[str] = field(default_factory=list, repr=False)  # of all files
    departments: list[str] = field(default_factory=list, repr=False)  # in the people lists, whoever left

    @property
    def first(self) -> pd.Timestamp | None:
        """The first day of the story: the first lead or opportunity of its last two years; None where there is none."""
        table = self.leads if self.leads is not None else self.deals
        if table is None or self.as_of is None or not table["created"].notna().any():
            return None
        return max(table["created"].min(), pd.Timestamp(self.as_of) - pd.Timedelta(days=LONGEST // 5 * 7 - 1))


def read_exports(
    paths: Sequence[str | os.PathLike[str]], choices: Choices | None = None, now: Choices | None = None
) -> Imported:
    """Read exports of a CRM, people lists, ties and answers.

    Parameters
    ----------
    paths
        CSV, TSV, xlsx or GraphML.
    choices
        What was said about them.
    now
        What of it was said of these very files (None: all): what it names must be in them.

    Returns
    -------
    Imported
        With `questions`: what the files cannot say. Those that are needed must be answered before it is kept.

    Raises
    ------
    InputError
        With one sentence for each fault of all files.
    """
    choices = choices or Choices()
    problems, found, parts = Problems(), Imported(), {kind: [] for kind in READERS}
    unread = False
    for path in paths:
        try:
            _read_file(path, choices, problems, found, parts)
        except InputError as error:
            unread = True
            for sentence in error.problems:
                problems.add(sentence)
    _check_named(now or choices, [Path(path).name for path in paths], found, problems, unread)
    problems.stop()
    if not any(parts.values()):
        raise InputError([f"{each.name}: nothing is left to read: {'; '.join(each.told)}" for each in found.accounts])
    for account in found.accounts:
        if account.numbers.pop("nothing left", False):
            account.told.append("nothing of it is left")
    for kind in ("people", "answers", "ties"):
        if parts[kind]:
            setattr(found, kind, pd.concat(parts[kind], ignore_index=True))
    found.leads, said = leads.of_lists_and_logs(parts["leads"], parts["lead-history"])
    found.told += said
    if found.answers is not None:
        found.answers, sentence = links.each_once(found.answers)
        found.told += [sentence] if sentence else []
    found.deals = _deals(parts)
    _end_with(found, choices)
    _join(found)
    _own_currency(found, choices)
    found.as_of = choices.as_of or _last_day(found)
    _readings(found)
    _ask_customers(found, choices)
    return found


def _check_named(said: Choices, files: list[str], found: Imported, problems: Problems, unread: bool) -> None:
    """A fault for each file, column and department that somebody named and that is in none of the files.

    A column that its file cannot have as what was said is told: the file may be of another kind than it was.
    """
    opened = set(files) <= {account.name for account in found.accounts}
    spelt, names = dict.fromkeys(map(plain, found.departments)), dict.fromkeys(found.departments)
    for option, wrong, there in (
        ("--as", [name for name in said.kinds if name not in files], files),
        ("--map", [name for name in said.columns if opened and name not in found.headers], found.headers),
        ("--department", [name for name in said.departments if not unread and plain(name) not in spelt], names),
    ):
        what = {"--as": "files", "--map": "columns", "--department": "departments"}[option]
        for name in wrong:
            problems.add(f'{option}: "{cut(name)}" is none of the {what}{nearest(name, dict.fromkeys(there))}')
    for name, role in said.columns.items():
        used = any(name == header for account in found.accounts for header, *_ in account.used)
        for account in found.accounts:
            if name in account.ignored and not used and role != IGNORE:
                account.told.append(f'"{cut(name)}" was said to be {role}, which {account.kind} have not: ignored')


def _read_file(path, choices: Choices, problems: Problems, found: Imported, parts: dict) -> None:
    """One file (of GraphML: its people and its ties) into the tables of its kind, where a row of it is left."""
    name = Path(path).name
    digest = hashlib.sha256(read_bytes(path)).hexdigest()[:16]
    sheets = graphs.sheets_of(path) or {choices.kinds.get(name): open_sheet(path, choices.encoding, choices.sheet)}
    for kind, sheet in sheets.items():
        account = Account(name, digest)
        survey = wide.long_of(sheet, choices.columns) if kind in (None, "ties") else None
        if survey:
            found.headers += sheet.header
            kind, account.colleagues, sheet = "ties", tuple(sheet.header), survey.sheet
        found.accounts.append(account)
        asked = len(found.questions)
        table = _table(sheet, kind, account, choices, problems, found)
        if survey:
            each = f"{plural(len(survey.colleagues), 'column')} of colleagues"
            account.used = [(survey.giver, "from", "content"), (each, "value", "colleagues")]
            account.ignored = [header for header in survey.left if not is_private(header)]
            account.private = [header for header in survey.left if is_private(header)]
        if len(table):
            parts[account.kind].append(table)
        else:  # as if it were not there: what is not read asks nothing
            del found.questions[asked:]
            account.numbers["nothing left"] = True
            account.numbers |= readings(table) if "outcome" in table else {"leads": 0} if "queue" in table else {}


def _table(sheet: Sheet, kind: str | None, account: Account, choices: Choices, problems: Problems, found: Imported):
    """The rows of one sheet that are read; none may be left."""
    found.headers += sheet.header
    said = {header: role for header, role in choices.columns.items() if header in sheet.header}
    said |= dict(zip(wide.LONG, wide.LONG, strict=True)) if account.colleagues else {}
    matched = match(account.name, sheet.header, sample_of(sheet), kind, said)
    account.kind, account.encoding, account.delimiter = matched.kind, sheet.encoding, sheet.delimiter
    account.above, account.heading = sheet.above, sheet.heading
    account.used = [(column.header, column.role, column.how) for column in matched.columns]
    account.ignored, account.private = matched.ignored, matched.private
    account.told += [f"{sentence}: ignored" for sentence in matched.refused]
    read = read_columns(sheet, matched.places, problems, choices.skip_bad)
    account.numbers |= {"rows": len(read.table), "footer_lines": read.footer}
    if read.footer:
        account.told.append(f"{plural(read.footer, 'line')} of titles, footers or totals left out")
    if read.repeated:
        account.told.append(f"{plural(read.repeated, 'repeated header')} left out")
    if read.ragged:
        account.numbers["bad_rows"] = read.ragged
        account.told.append(f"{plural(read.ragged, 'line')} with more or fewer cells than the header left out")
    if not len(read.table):
        raise InputError(f"{account.name}: has no lines below the names of the columns")
    desk = Desk(account, choices, problems, found.questions)
    made = READERS[matched.kind](read, matched, desk)
    found.departments += desk.departments
    return made


def _deals(parts: dict) -> pd.DataFrame | None:
    """Opportunities of all files, each once; of a history only those that no list has."""
    found = [*parts["opportunities"], *parts["history"]]
    if not found:
        return None
    return pd.concat(found, ignore_index=True).drop_duplicates("id", ignore_index=True)


def _join(found: Imported) -> None:
    """Owners and makers are looked for among the people; ties keep those whose both ends are known."""
    directory = staff.Directory(found.people)
    if found.people is not None and (
        n := int(found.people.duplicated("id").where(found.people["id"] != "", False).sum())
    ):
        found.told.append(f"{plural(n, 'line')} of people whom another list has: the first counts")
        found.people = found.people[~found.people.duplicated("id") | (found.people["id"] == "")].reset_index(drop=True)
        directory = staff.Directory(found.people)
    if found.deals is not None:
        found.deals["person"] = directory.rows_of(found.deals["owner"], "sales")
        _say_unknown(found, found.deals, plural(len(found.deals), "opportunity", "opportunities"))
    if found.leads is not None:
        if found.deals is not None:  # some tools number a lead and its opportunity alike
            same = (found.leads["opportunity"] == "") & found.leads["id"].isin(set(found.deals["id"]))
            found.leads["opportunity"] = found.leads["opportunity"].where(~same, found.leads["id"])
            found.leads["converted"] |= same
            opened = found.leads["opportunity"].map(found.deals.set_index("id")["created"])
            found.leads["converted at"] = found.leads["converted at"].fillna(opened.astype("datetime64[s]"))
        found.leads["person"] = directory.rows_of(found.leads["owner"], "sales")
        found.leads["maker"] = directory.rows_of(found.leads["creator"], "marketing")
    if found.ties is not None:
        ends = found.ties.assign(one=directory.rows_of(found.ties["from"]), other=directory.rows_of(found.ties["to"]))
        known = (ends["one"] >= 0) & (ends["other"] >= 0)
        if n := int((~known).sum()):
            of = f"{n:,} of {plural(len(ends), 'tie')} {'names' if n == 1 else 'name'}"
            found.told.append(f"{of} somebody who is in no people list: left out")
        found.ties = ends[known][["one", "other", "relation", "value"]].reset_index(drop=True)


def _say_unknown(found: Imported, table: pd.DataFrame, what: str) -> None:
    if found.people is None:
        return
    owned = ~deals.is_nobody(table["owner"])
    n = int((owned & (table["person"] < 0).to_numpy()).sum())
    if n:
        found.told.append(f"{n:,} of {what} {'has' if n == 1 else 'have'} an owner who is in no people list")


def _own_currency(found: Imported, choices: Choices) -> None:
    """All amounts in one currency; what has no rate stays out of sums of money, and is told."""
    table = found.deals
    if table is None or not table["amount"].notna().any():
        return
    names = table.loc[table["amount"].notna() & (table["currency"] != ""), "currency"]
    own = choices.currency or next((name for name, rate in choices.rates.items() if rate == 1), None)
    if own is None and len(names):
        own = "EUR" if names.nunique() > 1 and "EUR" in set(names) else names.value_counts().index[0]
        if names.nunique() > 1:
            found.told.append(f"{own} is taken as the firm's own currency")
    if own is None:
        found.questions.append(
            Question("currency", "no file names a currency: which is it?", "--currency", needed=False)
        )
        found.told.append("no currency is named: amounts are taken as they stand")
    found.currency = own or ""
    rates = {**choices.rates, "": 1.0, found.currency: choices.rates.get(found.currency, 1.0)}
    without = sorted(set(names) - set(rates))
    for name in without:
        found.questions.append(Question("rates", f"how many {name} are one {own}?", "--rate", (), name, needed=False))
    rate = table["currency"].map(rates).to_numpy(float)
    missing = int((np.isnan(rate) & table["amount"].notna().to_numpy()).sum())
    if missing:
        named = ", ".join(map(cut, without[:FEW])) + (" …" if len(without) > FEW else "")
        found.told.append(
            f"{plural(missing, 'amount')} in currencies without a rate ({named}): they count as opportunities, not as "
            f"money, until it is said how many are one {own} (--rate {cut(without[0])}=…)"
        )
    found.deals["amount"] = table["amount"].to_numpy() / rate * rates[found.currency]


CHANGE_FIRST = {"dates", "pipeline"}  # questions that the first day hangs on


def _ask_customers(found: Imported, choices: Choices) -> None:
    """How many customers there were is in no export of leads and opportunities, and much of a firm's money."""
    if found.first is None or choices.customers is not None:
        return
    if any(question.answers in CHANGE_FIRST for question in found.questions):  # their answers may change the first day
        return
    ask = f"how many customers did the firm have on {found.first.date()}, when the files begin?"
    found.questions.append(Question("customers", ask, "--customers", needed=False))
    found.told.append(f"customers on {found.first.date()}, when the files begin: nobody said how many; each rep is "
                      "taken to have as many as Baton's default has (--customers)")  # fmt: skip


def _end_with(found: Imported, choices: Choices) -> None:
    """Refuse rows of days after that of the export, where it was said; with --skip-bad they are left out, and told."""
    end = pd.Timestamp(choices.as_of) if choices.as_of else None
    for name in ("deals", "leads"):
        table = getattr(found, name)
        if end is None or table is None:
            continue
        days = table[[column for column in table if str(table[column].dtype).startswith("datetime")]]
        late = (days >= end + pd.Timedelta(days=1)).any(axis=1)
        if not late.any():
            continue
        what = f"{plural(int(late.sum()), 'row')} of {'opportunities' if name == 'deals' else name}"
        if late.all() or not choices.skip_bad:
            last = days.max().max().date()
            raise InputError(f"--as-of {choices.as_of}: {what} tell of later days, up to {last}; give the day on which "
                             "the files were exported, or leave such rows out (--skip-bad)")  # fmt: skip
        found.told.append(f"{what} left out: they tell of days after {choices.as_of} (--as-of)")
        setattr(found, name, table[~late].reset_index(drop=True))


def _last_day(found: Imported) -> datetime.date | None:
    """The last day on which something happened: until then an open opportunity is known to be open."""
    days = []
    for table in (found.deals, found.leads):
        if table is not None:
            days += [table[name].max() for name in table if str(table[name].dtype).startswith("datetime")]
    days = [day for day in days if not pd.isna(day)]
    return max(days).date() if days else None


def _readings(found: Imported) -> None:
    """The readings of each file that the screen shows; of opportunities they are those of all files together."""
    for account in found.accounts:
        if account.kind in ("opportunities", "history") and found.deals is not None:
            account.numbers |= readings(found.deals)
        if account.kind == "leads" and found.leads is not None:
            account.numbers["leads"] = len(found.leads)


def readings(table: pd.DataFrame) -> dict:
    """Opportunities in numbers; those that were moved from another system are counted apart, they have no beginning."""
    here = table[~table["migrated"]]
    won, lost = here["outcome"] == "won", here["outcome"] == "lost"
    days = (here["closed"] - here["created"]).dt.days
    decided = int(won.sum() + lost.sum())
    money = here.loc[won, "amount"]
    owned = table.loc[~deals.is_nobody(table["owner"]), "owner"]
    return {
        "opportunities": len(here), "won": int(won.sum()), "lost": int(lost.sum()), "open": len(here) - decided,
        "win_rate": round(int(won.sum()) / decided, 4) if lost.any() else None,  # who lists no lost ones has no rate
        "won_value": round(float(money.sum()), 2), "median_won_value": _median(money),
        "median_won_days": _median(days[won]), "owners": int(owned.nunique()),
        "won_with_migrated": int((table["outcome"] == "won").sum()),
    }  # fmt: skip


def _median(column: pd.Series) -> float | None:
    return round(float(column.median()), 2) if column.notna().any() else None
