"""What an export is and what its columns mean: by their names in several languages, and by what stands in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sim.errors import InputError, cut, nearest
from sim.intake.exports.values import FIGURES, _without_sign, is_date, is_serial
from sim.intake.exports.words import (
    ENTERED,
    LEAD_NAMES,
    LOST,
    MOVED,
    NEEDED,
    ROLES,
    WON,
    how_often,
    is_private,
    names_of,
    plain,
)

KINDS = tuple(ROLES)
IGNORE = "ignore"
DATES = {"created", "closed", "won at", "lost at", "at", "converted at", "qualified at", "handed at", "first call",
         "hired", "left"}  # fmt: skip
MOST_STAGES = 40  # different words in a column that may be stages
FEW = 3  # columns of which it is said why they are not read
STATEMENTS = 15  # columns of numbered statements that make a file answers of an audit


class Column(NamedTuple):
    """One column that is read: its header, its place, its meaning how known ("name", "content", "option")."""

    header: str
    at: int
    role: str
    how: str


class Match(NamedTuple):
    """What a file is, which columns are read, and which are not: of no use, or private."""

    kind: str
    columns: list[Column]
    ignored: list[str]
    private: list[str]
    refused: list[str]  # sentences: columns that are called like a role and hold something else

    def has(self, *roles: str) -> bool:
        """Whether one of these roles has a column."""
        return any(column.role in roles for column in self.columns)

    @property
    def places(self) -> dict[str, int]:
        """Role -> place of its column."""
        return {column.role: column.at for column in self.columns}

    def header(self, role: str) -> str:
        """What the column of a role is called in the file."""
        return next(column.header for column in self.columns if column.role == role)


def match(name: str, header: list[str], sample: list[list[str]], kind: str | None, said: Mapping[str, str]) -> Match:
    """What a file is and what its columns mean.

    Parameters
    ----------
    name
        Of the file, for sentences.
    header, sample
        Names of the columns, and the first rows as wide as they.
    kind
        What somebody said it is; None: find out.
    said
        Header -> role, as somebody said it; a role of "ignore" is not read.

    Raises
    ------
    InputError
        It is nothing that is known, or a private column was asked for.
    """
    private = {at for at, each in enumerate(header) if is_private(each) and not _is_other_end(at, header, sample)}
    wanted = [header[at] for at in sorted(private) if said.get(header[at], IGNORE) != IGNORE]
    if wanted:
        raise InputError([f'{name}: the column "{cut(each)}" is private and is never read' for each in wanted])
    _twice(name, header, said)
    tried = {each: _columns(each, header, sample, private, said) for each in ([kind] if kind else KINDS)}
    good = [each for each, columns in tried.items() if not lacking(each, {column.role for column in columns})]
    chosen = _chosen(good, tried, header, sample)
    if chosen is None:
        if kind:
            missing = " and ".join(lacking(kind, {column.role for column in tried[kind]}))
            why = "".join(f"; {each}" for each in _refused(kind, header, sample, tried[kind], private))
            raise InputError(f"{name}: to be {kind} it needs a column for {missing}; {_shown(header)}{why}")
        every = [each for kind in KINDS for each in _refused(kind, header, sample, tried[kind], private)]
        first = {sentence.partition(" would be ")[0]: sentence for sentence in reversed(every)}
        why = "".join(f"; {each}" for each in list(first.values())[-FEW:])
        raise InputError(f"{name}: cannot be told what it is (--as {name}=opportunities, history, leads, lead-history, "
                         f"people, ties or answers; --map HEADER=ROLE); {_shown(header)}{why}")  # fmt: skip
    used = {column.at for column in tried[chosen]}
    left = [at for at, each in enumerate(header) if at not in used and each]
    known = private | {header.index(each) for each in said}
    return Match(chosen, tried[chosen], [header[at] for at in left if at not in private],
                 [header[at] for at in left if at in private],
                 _refused(chosen, header, sample, tried[chosen], known))  # fmt: skip


def _twice(name: str, header: list[str], said: Mapping[str, str]) -> None:
    """Refuse two columns of one file that were said to be the same."""
    for role in sorted(set(said.values()) - {IGNORE}):
        columns = [f'"{cut(each)}"' for each in dict.fromkeys(header) if said.get(each) == role]
        if len(columns) > 1:
            raise InputError(f"{name}: {' and '.join(columns)} cannot both be {role} (--map)")


def _refused(kind: str, header: list[str], sample: list[list[str]], found: list[Column], but: set[int]) -> list[str]:
    """What is called like a role that has no column, and is not read as it, because of what stands in it."""
    used, roles, sentences = {column.at for column in found}, {column.role for column in found}, []
    for role, names in ROLES[kind].items():
        for at, each in enumerate(header):
            if role not in roles and at not in used | but and set(names_of(each)) & set(names):
                texts = [row[at] for row in sample]
                if not _may_be(role, texts):
                    what = "dates" if role in DATES else "addresses" if role == "email" else "numbers"
                    example = next(text for text in texts if text)
                    sentences.append(f'"{cut(each)}" would be {role}, but holds no {what} (such as "{cut(example)}")')
    return list(dict.fromkeys(sentences))


def _is_other_end(at: int, header: list[str], sample: list[list[str]]) -> bool:
    """Whether "alter" is the other end of a tie, as beside "ego", and not German for somebody's age."""
    names = {plain(each) for each in header}
    texts = "".join(row[at] for row in sample)
    among = bool(texts) and not any(map(str.isdigit, texts)) and bool(names & set(ROLES["ties"]["from"]))
    return plain(header[at]) == "alter" and ("ego" in names or among)


def _shown(header: list[str]) -> str:
    return (
        "it has " + ", ".join(f'"{cut(each)}"' for each in header[:12] if each) + (" ..." if len(header) > 12 else "")
    )


def lacking(kind: str, roles: set[str]) -> list[str]:
    """What a file needs to be of a kind and does not have.

    >>> lacking("ties", {"from"}), lacking("opportunities", {"stage"})
    (['to'], ['created or closed or won at'])
    """
    if kind == "answers":
        return [] if sum(role.isdigit() for role in roles) >= STATEMENTS else ["the statements 1 to 20"]
    found = []
    for need in NEEDED[kind]:
        ways = (need,) if isinstance(need, str) else need
        if not roles & set(ways):
            found.append(" or ".join(ways))
    return found


def _chosen(good: list[str], tried: dict, header: list[str], sample: list[list[str]]) -> str | None:
    """The kind that explains most: what only one kind has is asked first."""
    if "answers" in good or len(good) == 1:
        return "answers" if "answers" in good else good[0]
    lead = any(name in LEAD_NAMES for each in header for name in names_of(each)[:1])
    for log, other in (("lead-history", "leads"), ("history", "opportunities")):
        if log in good:
            if _is_log(tried[log], other in good, sample) and lead == (log == "lead-history"):
                return log
            good.remove(log)
    if "leads" in good and (lead or "opportunities" not in good):
        if lead or "people" not in good:
            return "leads"
    if "leads" in good:
        good.remove("leads")
    return max(good, key=lambda each: len(tried[each]), default=None)


def _is_log(columns: list[Column], may_be_list: bool, sample: list[list[str]]) -> bool:
    """Whether each row is an event of something that others are of too, and not a thing by itself."""
    places = {column.role: column.at for column in columns}
    ids = [row[places["id"]] for row in sample]
    again = len(ids) - len(set(ids))
    moved = any(each.role == "stage" and plain(each.header) in MOVED for each in columns)
    return moved or "field" in places or again > len(ids) / 2 or "event" in places and (again > 0 or not may_be_list)


def _columns(kind: str, header: list[str], sample: list[list[str]], private: set[int], said: Mapping[str, str]):
    """The columns of a file if it is of this kind."""
    roles, found, taken = ROLES[kind], [], set(private)
    unknown = sorted(
        {role for role in said.values() if role != IGNORE and not any(role in each for each in ROLES.values())}
    )
    if unknown:
        known = sorted({role for each in ROLES.values() for role in each if not role.isdigit()})
        raise InputError([f'--map: "{cut(role)}" is no role{nearest(role, known) or "; roles are " + ", ".join(known)}'
                          for role in unknown])  # fmt: skip
    for at, name in enumerate(header):
        if name in said and at not in private:
            taken.add(at)
            if said[name] in roles and name not in header[:at]:
                found.append(Column(name, at, said[name], "option"))
    for role, names in roles.items():
        if any(column.role == role for column in found):
            continue
        ranked = [(names.index(name), at) for at, each in enumerate(header) if at not in taken and each
                  for name in names_of(each) if name in names]  # fmt: skip
        for _, at in sorted(ranked):
            if _may_be(role, [row[at] for row in sample]):
                found.append(Column(header[at], at, role, "name"))
                taken.add(at)
                break
    return found + _by_content(kind, header, sample, {column.role for column in found}, taken)


def _share(texts: list[str], is_one) -> float:
    filled = [text for text in texts if text]
    return sum(map(is_one, filled)) / len(filled) if filled else 0.0


def _is_figure(text: str) -> bool:
    return bool(FIGURES.match(_without_sign(text.rstrip("% "))[0]))


def _may_be(role: str, texts: list[str]) -> bool:
    """Whether what stands in a column is such as its role has; an empty column may be anything."""
    if role in DATES and any(texts):
        return _share(texts, lambda text: is_date(text) or is_serial(text)) >= 0.5
    if role in ("amount", "value", "share", "hours", "tenure") and any(texts):
        return _share(texts, lambda text: _is_figure(text) or role == "value" and how_often(text) is not None) >= 0.5
    if role == "email" and any(texts):
        return _share(texts, lambda text: "@" in text) >= 0.5
    if role == "name":  # "Employee": a number of somebody is no name
        return _share(texts, str.isdecimal) < 0.5
    return True


def _by_content(kind: str, header: list[str], sample: list[list[str]], have: set[str], taken: set[int]) -> list[Column]:
    """Columns whose names say nothing, known by what stands in them: stages, two dates, an address."""
    found: list[Column] = []
    free = {at: [row[at] for row in sample] for at in range(len(header)) if at not in taken and header[at]}
    if kind == "opportunities" and not have & {"stage", "status"}:
        for at, texts in free.items():
            words = {plain(text) for text in texts}
            if len(words) <= MOST_STAGES and any(map(WON.search, words)) and any(map(LOST.search, words)):
                found.append(Column(header[at], at, "stage", "content"))
                break
    if kind == "opportunities" and not have & {"created", "closed", "won at", "lost at"}:
        dates = [
            at for at, texts in free.items() if not ENTERED.match(plain(header[at])) and _share(texts, is_date) > 0.9
        ]
        if len(dates) == 2:  # the one that is filled more often is the day of opening
            dates.sort(key=lambda at: -sum(map(bool, free[at])))
            found += [
                Column(header[at], at, role, "content") for at, role in zip(dates, ("created", "closed"), strict=True)
            ]
    if kind == "people" and "email" not in have:
        for at, texts in free.items():
            if _share(texts, lambda text: "@" in text and " " not in text) > 0.9:
                found.append(Column(header[at], at, "email", "content"))
                break
    return found
