"""A people list: who is in which department, place and team, under whom; what does not add up is told, not refused."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

import numpy as np
import pandas as pd

from sim.errors import cut, plural
from sim.intake.exports.choices import SIDES, Desk, Question
from sim.intake.exports.deals import MISSING, dates_in
from sim.intake.exports.match import Match
from sim.intake.exports.sheets import Read
from sim.intake.exports.values import read_amounts
from sim.intake.exports.words import GONE, MARKETING, SALES, plain

PERCENT = 1.5  # a share above it is a percentage, as 50 is; up to it, more than one full seat
LEAST_PERCENT = 10  # the largest of a column of percentages is no smaller
WEEK, LIFE = 168, 80  # hours in a week, and the most years of work
FULL_WEEK = 35.0  # hours from which somebody works full time where no column says what that is
TEXTS = ("id", "name", "first", "last", "email", "department", "site", "manager", "status", "tenure")
MARKS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\*+|\s+\d+$")


def named(text: str) -> str:
    """A person's name as it can be compared: no marks, first name first.

    >>> named("Quill, Ada (On Leave)"), named("Max Orel [C]"), named("Dag Ferro**")
    ('ada quill', 'max orel', 'dag ferro')
    """
    text = MARKS.sub(" ", text)
    last, comma, first = text.partition(",")
    return plain(f"{first} {last}" if comma else text)


def _shown(text: str) -> str:
    return " ".join(MARKS.sub(" ", text).split())


def team_of(text: str) -> str:
    """A department without the head who stands in brackets behind it.

    >>> team_of("Marketing EMEA (Ada Quill)")
    'Marketing EMEA'
    """
    return " ".join(re.sub(r"\([^()]*\)", " ", text).split())


def read_staff(read: Read, matched: Match, desk: Desk) -> pd.DataFrame:
    """One row a person who is there: id, name, email, department, side, site, hired, share of a full seat, manager."""
    table, account = read.table, desk.account
    days, wrong = dates_in(read, matched, desk)
    nothing = pd.Series([""] * len(table), dtype="str")
    column = {role: table[role] if matched.has(role) else nothing for role in TEXTS}
    full = (column["first"] + " " + column["last"]).str.strip()
    name = column["name"].where(column["name"] != "", full)
    made = pd.DataFrame({
        "id": column["id"], "name": name.map(named), "shown": name.map(_shown), "email": column["email"].str.casefold(),
        "department": column["department"].map(team_of), "site": column["site"],
        "hired": days.get("hired", MISSING), "tenure": _tenure(read, matched, desk),
        "share": _shares(read, matched, desk), "manager": column["manager"],
    })  # fmt: skip
    desk.departments += [name for name in made["department"].unique() if name]
    gone = column["status"].map(lambda text: bool(GONE.match(plain(text)))).to_numpy(bool)
    if "left" in days:
        gone = gone | days["left"].notna().to_numpy() & ~(days["left"] > pd.Timestamp.now()).to_numpy()
    if n := int(gone.sum()):
        account.told.append(f"{plural(n, 'person', 'people')} who left, left out")
    empty = ((made["name"] == "") & (made["email"] == "") & (made["id"] == "")).to_numpy()
    made = made[~(wrong | gone | empty)].reset_index(drop=True)
    made["side"] = _sides(made["department"], desk)
    account.numbers |= {"people": len(made), "marketing": int((made["side"] == "marketing").sum()),
                        "sales": int((made["side"] == "sales").sum()), "others": int((made["side"] == "other").sum()),
                        "template_rows": read.repeated}  # fmt: skip
    _bosses(made, desk)
    return made


def _tenure(read: Read, matched: Match, desk: Desk) -> np.ndarray:
    """Years in the firm; NaN where nobody says them."""
    if not matched.has("tenure"):
        return np.full(len(read.table), np.nan)
    found = read_amounts(read.table["tenure"], desk.choices.decimal or ".")
    wrong = found.wrong | (found.value < 0) | (found.value > LIFE)
    return _without(found.value, wrong, read, matched, "tenure", f"is no number of years from 0 to {LIFE}", desk)


def _without(value: np.ndarray, wrong: np.ndarray, read: Read, matched: Match, role: str, what: str, desk: Desk):
    """The values of a column without those that are wrong: each a fault, or with --skip-bad left out alone."""
    desk.refuse(read.lines, read.table[role], wrong, matched.header(role), what, of="value")
    return np.where(wrong, np.nan, value)


def _shares(read: Read, matched: Match, desk: Desk) -> np.ndarray:
    """Shares of a full seat: said as such, as a percentage, or by weekly hours against the longest usual week."""
    if matched.has("share"):
        texts = read.table["share"]
        bare, signed = texts.str.rstrip("% "), texts.str.endswith("%").to_numpy(bool)
        found = read_amounts(bare, desk.choices.decimal or ".")
        percent = signed | (found.value > PERCENT) & (np.nanmax(found.value, initial=0.0) >= LEAST_PERCENT)
        share = np.where(percent, found.value / 100, found.value)
        wrong = found.wrong | ((bare == "") & (texts != "")).to_numpy(bool)
        wrong = wrong | (share < 0) | (share > np.where(percent, 1.0, PERCENT))
        what = "is no share of a full seat (such as 0.5, 50 or 50%)"
        share = _without(share, wrong, read, matched, "share", what, desk)
        if n := int((share > 1).sum()):
            desk.account.told.append(f'{plural(n, "value")} of "{cut(matched.header("share"))}" above 1: a full seat')
        return np.minimum(share, 1)
    if matched.has("hours"):
        found = read_amounts(read.table["hours"], desk.choices.decimal or ".")
        desk.account.numbers["decimal"] = found.decimal or "."
        wrong = found.wrong | (found.value < 0) | (found.value > WEEK)
        hours = _without(found.value, wrong, read, matched, "hours", f"is no number of hours from 0 to {WEEK}", desk)
        return np.minimum(hours / max(FULL_WEEK, float(np.nanmax(hours, initial=0.0))), 1)
    return np.full(len(read.table), np.nan)


def _sides(departments: pd.Series, desk: Desk) -> list[str]:
    """marketing, sales or other, a person; what a name leaves open is asked."""
    said = {plain(name): side for name, side in desk.choices.departments.items()}
    known, guesses = {}, defaultdict(list)
    for name in departments.unique():
        word = plain(name)
        market, sell = bool(MARKETING.search(word)), bool(SALES.search(word))
        if word in said:
            known[name] = said[word]
        elif market and sell:
            asked = f'{desk.account.name}: is the department "{cut(name)}" marketing or sales?'
            desk.ask(Question("departments", asked, "--department", SIDES, name))
            known[name] = "other"
        else:
            known[name] = "marketing" if market else "sales" if sell else "other"
            guesses[known[name]].append(name)
    for side, names in guesses.items():
        shown = ", ".join(f'"{cut(name)}"' for name in names[:6] if name) + (" ..." if len(names) > 6 else "")
        if shown:
            desk.account.guessed.append(f"{shown} {'is' if len(names) == 1 else 'are'} {side}")
    doubtful = any(question.answers == "departments" for question in desk.questions)
    for side in ("marketing", "sales"):
        if side not in known.values() and not doubtful:
            open_ = tuple(sorted(name for name, what in known.items() if what == "other" and name))
            if side not in desk.choices.departments.values():
                desk.ask(Question("departments", f"{desk.account.name}: which department is {side}?", "--department",
                                  open_[:40], f"?{side}"))  # fmt: skip
    return [known[name] for name in departments]


class Directory:
    """Who is meant by an address, an id or a name: asked in this order."""

    def __init__(self, staff: pd.DataFrame | None):
        self.known: dict[str, dict[str, list[int]]] = {"email": {}, "id": {}, "name": {}}
        self.sides: list[str] = []
        if staff is None:
            return
        self.sides = list(staff["side"]) if "side" in staff else [""] * len(staff)
        for column in self.known:
            for row, text in enumerate(staff[column]):
                if text:
                    self.known[column].setdefault(text if column != "id" else str(text).casefold(), []).append(row)

    def find(self, text: str, side: str = "") -> int | None:
        """The row of whom a text names; of namesakes the one of that side, else of the two teams; else None."""
        for column, form in (("email", text.casefold()), ("id", text.casefold()), ("name", named(text))):
            rows = self.known[column].get(form, [])
            for sides in ((side,) if side else (), ("marketing", "sales")):
                if len(rows) > 1:
                    rows = [row for row in rows if self.sides[row] in sides] or rows
            if len(rows) == 1:
                return rows[0]
        return None

    def rows_of(self, column: pd.Series, side: str = "") -> np.ndarray:
        """The row of everybody whom a column names; -1: nobody who is known."""
        codes, texts = pd.factorize(column)
        found = [self.find(text, side) if text else None for text in texts]
        return np.array([*(-1 if row is None else row for row in found), -1])[codes]


def _bosses(staff: pd.DataFrame, desk: Desk) -> None:
    """Loops, people who are their own boss, and bosses who are not in the list: told, and left out."""
    directory = Directory(staff)
    boss = directory.rows_of(staff["manager"])
    named_by = [str(each or name) for each, name in zip(staff["id"], staff["shown"], strict=True)]
    own = [named_by[row] for row in np.flatnonzero(boss == np.arange(len(staff)))]
    unknown = sorted({text for text, row in zip(staff["manager"], boss, strict=True) if text and row < 0})
    loops, done = [], set()
    for start in range(len(staff)):
        path, at = [], start
        while at >= 0 and at not in done and at not in path:
            path.append(at)
            at = boss[at] if boss[at] != at else -1
        if at in path:
            loops.append(sorted(named_by[row] for row in path[path.index(at) :]))
        done.update(path)
    account = desk.account
    if unknown and (boss < 0).all():
        account.told.append("the column of bosses names nobody of the list: it is not used")
        unknown = []
    account.numbers |= {"loops": loops, "own_boss": own, "unknown_boss": unknown}
    for names, what in ((own, "said to be their own boss"), (unknown, "named as a boss and not in the list")):
        if names:
            account.told.append(f"{len(names):,} {what}: {', '.join(map(cut, names[:5]))}")
    account.told += [f"report to each other in a loop: {', '.join(map(cut, loop[:5]))}" for loop in loops]
    double = [name for name, times in Counter(staff["name"]).items() if name and times > 1]
    if double:
        account.numbers["namesakes"] = len(double)
        account.told.append(f"{plural(len(double), 'name')} that two people share: told apart by address, id or side")
