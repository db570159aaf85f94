"""What exports say, for a terminal: how each file was read, and a firm's own funnel."""

from __future__ import annotations

from typing import Any

from sim.cli.layout import Table
from sim.errors import cut, plural
from sim.intake.exports.reading import Imported

NAMES = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "bar"}
BY_CONTENT = ("content", "colleagues")
SHOWN = 8  # columns of one kind that are named
HIDDEN = "–"
TOLD = {"dates": "dates", "decimal": "decimal sign"}


def import_account(found: Imported) -> list[str | Table]:
    """One block a file, then what they say together."""
    parts: list[str | Table] = [_file(account) for account in found.accounts]
    together = [f"  {sentence}" for sentence in found.told]
    if found.as_of is not None:
        together.append(f"  seen until {found.as_of}")
    if together:
        parts.append("\n".join(["Together", *together]))
    return parts


def import_data(found: Imported, kept: dict[str, Any] | None, written: str | None) -> dict[str, Any]:
    """The same as data: each file with what it reads as and what its columns may mean, and what must be asked.

    kept, written   what is kept (None: something must be answered first), and where it was written
    """
    from sim.intake.exports.words import ROLES

    files = [
        vars(account) | {"reads": _readings(account.kind, account.numbers), "roles": list(ROLES[account.kind])}
        for account in found.accounts
    ]
    asked = [question._asdict() for question in found.questions]
    return {"files": files, "told": found.told, "questions": asked, "kept": kept, "written": written}


def _file(account) -> str:
    cut_by = NAMES.get(account.delimiter, account.delimiter)
    layout = [each for each in (account.encoding, cut_by) if each]
    layout += [f"{plural(account.above, 'line')} above the header"] if account.above else []
    layout += [f"{name} {account.numbers[key]}" for key, name in TOLD.items() if key in account.numbers]
    lines = [f"{account.name}: {account.kind} ({', '.join(layout)})"]
    by_name = [f"{header} = {role}" for header, role, how in account.used if how not in BY_CONTENT]
    guessed = [f"{header} = {role}, by what stands in it" for header, role, how in account.used if how in BY_CONTENT]
    for word, found in (("used", by_name), ("guessed", guessed + account.guessed), ("ignored", account.ignored),
                        ("private", account.private)):  # fmt: skip
        if found:
            more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN and word != "guessed" else ""
            kept = found if word == "guessed" else found[:SHOWN]
            lines.append(f"  {word:<9}{('; ' if word == 'guessed' else ', ').join(map(cut, kept))}{more}")
    lines += [f"  {'told':<9}{sentence}" for sentence in account.told]
    lines.append(f"  {'reads as':<9}{_readings(account.kind, account.numbers)}")
    return "\n".join(lines)


def _readings(kind: str, n: dict[str, Any]) -> str:
    if kind in ("opportunities", "history"):
        said = f"{plural(n['opportunities'], 'opportunity', 'opportunities')}: {n['won']:,} won, {n['lost']:,} lost, "
        said += f"{n['open']:,} open"
        if n["median_won_days"] is not None:
            said += f"; a won one takes {_counted(n['median_won_days'], 'day')} (median)"
        return said + f"; {plural(n['owners'], 'owner')}" + (f"; {n['won_value']:,.2f} won" if n["won_value"] else "")
    if kind == "people":
        sides = f"{n['marketing']:,} in Marketing, {n['sales']:,} in Sales"
        return f"{plural(n['people'], 'person', 'people')}: {sides}, {n['others']:,} elsewhere"
    if kind in ("leads", "lead-history"):
        steps = (("mql", "qualified", ""), ("sql", "handed off", ""),
                 ("converted", "became an opportunity", "became opportunities"))  # fmt: skip
        here = [plural(n[key], one, many or one) for key, one, many in steps if key in n]
        return ", ".join([plural(n["leads"], "lead"), *here])
    return plural(n["edges"], "tie") if kind == "ties" else plural(n["answers"], "answer")


def _counted(number: float, noun: str) -> str:
    return f"{number:g} {noun}{'' if number == 1 else 's'}"


def funnel_account(kept: dict[str, Any]) -> list[str | Table]:
    """A firm's own funnel in tables."""
    parts: list[str | Table] = []
    if kept["steps"]:
        rows = [(row["step"], _count(row["reached"]), _share(row["rate"]), _days(row["wait"])) for row in kept["steps"]]
        parts.append(Table("Leads, step by step", ("", "reached", "of the step before", "wait (days)"), rows))
    if kept["dead"]:
        rows = [(f"after {row['after']}" if row["after"] in _steps(kept) else row["after"], _count(row["leads"]))
                for row in kept["dead"]]  # fmt: skip
        parts.append(Table("Where leads die (no step for 90 days)", ("", "leads"), rows))
    deals = kept.get("deals")
    if deals:
        parts.append(_deals(deals, kept.get("currency", ""), kept.get("measured", {}).get("renewed")))
    for name, title in (("by_source", "By source"), ("by_pair", "By pair of teams"), ("by_month", "By month")):
        if kept[name]:
            first, *columns = kept[name][0]
            rows = [(str(row[first]), *(_count(row.get(column)) for column in columns)) for row in kept[name]]
            parts.append(Table(title, ("", *columns), rows))
    seen = f" Seen until {kept['as_of']}." if kept.get("as_of") else ""
    if parts:
        parts.append(f"{HIDDEN}: unknown, or one of the counts from 1 to 4 that are never kept.{seen}")
    else:
        parts.append("There is no funnel: no lead and no opportunity was imported.")
    return parts


def _steps(kept: dict) -> set[str]:
    return {row["step"] for row in kept["steps"]}


def _deals(deals: dict, currency: str, renewed: dict | None) -> Table:
    rows = [(name, _count(deals.get(name))) for name in ("opportunities", "won", "lost", "open")]
    rows.append(("won, of those that ended", _share(deals.get("win_rate"))))
    rows.append(("days to won (quarter, median, three quarters)", _days(deals.get("won_days"))))
    rows.append(("days to lost", _days(deals.get("lost_days"))))
    closing = deals.get("closing") or {}
    if closing.get("median_days") is not None:
        rows.append(("days to the end, open ones counted (median)", f"{closing['median_days']:g}"))
    if deals.get("won_value") is not None:
        rows.append((f"won, {currency}".rstrip(", "), f"{deals['won_value']:,.0f}"))
        rows.append(("a won one, median", f"{deals['median_won_value']:,.0f}"))
    if renewed:
        rows.append((f"renewals won, of {renewed['n']:,} that ended", _share(renewed["share"])))
    rows.append(("days of a clean-up", _count(deals.get("clean_up_days"))))
    return Table("Opportunities", ("", ""), rows)


def _count(n: int | None) -> str:
    return HIDDEN if n is None else f"{n:,}"


def _share(rate: float | None) -> str:
    return HIDDEN if rate is None else f"{100 * rate:.1f} %"


def _days(wait: dict | None) -> str:
    return HIDDEN if not wait else f"{wait['quarter']:g}, {wait['median']:g}, {wait['three quarters']:g}"
