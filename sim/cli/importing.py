"""`baton import`, `baton funnel`, `baton forget`: a firm of one's own, from its exports to a folder and away again."""

from __future__ import annotations

import contextlib
import datetime
import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.options import INPUT, Json, Overwrite, Quiet, option
from sim.cli.screen import check_output, print_json, screen
from sim.errors import InputError

Files = Annotated[list[Path], typer.Argument(metavar="FILES", help="CSV, TSV, xlsx or GraphML")]
Firm = Annotated[Path, typer.Argument(metavar="FIRM", help="a folder that `baton import` wrote")]
MOST_CUSTOMERS = 10**7
ASKED = (
    "dates",
    "decimal",
    "pipeline",
    "departments",
    "won",
    "lost",
    "currency",
    "rates",
    "customers",
)  # as they depend


def import_command(
    files: Files,
    output: Annotated[Path, option("-o", "--output", metavar="DIR", help="folder to write")] = Path("firm"),
    dry_run: Annotated[bool, option("--dry-run", help="say how the files are read, and write nothing")] = False,
    kinds: Annotated[
        list[str] | None,
        option("--as", metavar="FILE=KIND", help="opportunities, history, leads, lead-history, people, ties, answers"),
    ] = None,
    columns: Annotated[
        list[str] | None, option("--map", metavar="HEADER=ROLE", help="what a column means; ignore: not read")
    ] = None,
    won: Annotated[list[str] | None, option("--won", metavar="STAGE", help="a stage that means won")] = None,
    lost: Annotated[list[str] | None, option("--lost", metavar="STAGE", help="a stage that means lost")] = None,
    steps: Annotated[
        list[str] | None,
        option("--step", metavar="STAGE=STEP", help="of leads: qualified, handed off, called, opportunity or none"),
    ] = None,
    pipeline: Annotated[str | None, option("--pipeline", help="the one that sells to new customers")] = None,
    departments: Annotated[
        list[str] | None, option("--department", metavar="NAME=SIDE", help="marketing, sales or other")
    ] = None,
    currency: Annotated[str | None, option("--currency", help="the firm's own, such as EUR")] = None,
    rates: Annotated[
        list[str] | None, option("--rate", metavar="USD=1.25", help="so many are one of the firm's own currency")
    ] = None,
    dates: Annotated[str | None, option("--dates", help="dmy or mdy, where no date proves it")] = None,
    decimal: Annotated[str | None, option("--decimal", help="the decimal sign, where no number proves it")] = None,
    tests: Annotated[
        str | None, option("--tests", help="drop (if nobody says so) or keep: opportunities whose names say test")
    ] = None,
    as_of: Annotated[str | None, option("--as-of", metavar="DATE", help="day of the export: 2026-01-31")] = None,
    encoding: Annotated[str | None, option("--encoding", help="of text files, such as cp1250")] = None,
    sheet: Annotated[str | None, option("--sheet", help="of spreadsheets; the largest by default")] = None,
    customers: Annotated[
        int | None, option("--customers", min=0, max=MOST_CUSTOMERS, help="on the first day that the files tell of")
    ] = None,
    tie_from: Annotated[
        float | None,
        option("--tie-from", metavar="N", help="how many messages, or which answer, make a tie"),
    ] = None,
    skip_bad: Annotated[bool, option("--skip-bad", help="leave out lines with faults, and say how many")] = False,
    overwrite: Overwrite = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Read exports of a CRM, a people list, ties and audit answers into a folder without names.

    What can be known is found out; what cannot is asked, or said by an option. What was said is kept, so the same line
    asks nothing again. People become M1, S1, …; the key stands beside the folder (FIRM.key.csv), for its owner only.

    \b
    Examples:
      baton import opportunities.csv leads.csv people.csv -o firm
      baton import deals.csv people.xlsx --dry-run
      baton import deals.csv --won Signed --lost Dropped --rate USD=1.25
    """
    screen.quiet = quiet or as_json
    if not dry_run:
        _check_places(output, overwrite)
    screen.say(f"Reading {len(files)} file{'s' if len(files) > 1 else ''} …")
    from sim.intake.exports.choices import Choices

    said = Choices(
        kinds=_pairs(kinds, "--as"), columns=_pairs(columns, "--map"), won=tuple(won or ()), lost=tuple(lost or ()),
        steps=_pairs(steps, "--step"), pipeline=pipeline,
        departments=_pairs(departments, "--department"), currency=currency and currency.upper(),
        rates={name.upper(): _number(value, "--rate") for name, value in _pairs(rates, "--rate").items()},
        dates=_one_of(dates, ("dmy", "mdy"), "--dates"), decimal=_one_of(decimal, (".", ","), "--decimal"),
        tests=_one_of(tests, ("drop", "keep"), "--tests"), as_of=_day(as_of), skip_bad=skip_bad, encoding=encoding,
        sheet=sheet, customers=customers, tie_from=tie_from,
    )  # fmt: skip
    _check(said)
    found, said = _read(files, said, output)
    from sim.cli import import_report
    from sim.study.own.counts import funnel_of
    from sim.study.own.signs import kept_for_fit

    if needed := [question for question in found.questions if question.needed]:
        if as_json and dry_run:  # whoever reads this may ask
            print_json(import_report.import_data(found, None, None))
            raise typer.Exit(INPUT)
        raise InputError([_with_option(question) for question in needed])
    kept = funnel_of(found) | {"fit": kept_for_fit(found)}
    if not dry_run:
        from sim.study.own.folder import key_of, write_firm

        write_firm(found, kept, said, output, overwrite)
    if as_json:
        print_json(import_report.import_data(found, kept, None if dry_run else str(output)))
        return
    screen.show(import_report.import_account(found))
    if dry_run:
        screen.say("Nothing was written. Next: the same line without --dry-run")
    else:
        screen.say(f"Written: {output} (without names) and {key_of(output).name} beside it (who is who; keep it).")
        screen.say(f"Next: baton funnel {shlex.quote(str(output))}")


def _check_places(output: Path, overwrite: bool) -> None:
    """Refuse a folder, or a key beside it, that cannot be written or is not ours, before anything is read."""
    from sim.study.own.folder import MARK, check_key

    check_output(output, overwrite, MARK)
    try:
        check_key(output, overwrite)
    except FileExistsError as fault:
        raise typer.BadParameter(str(fault), param_hint="--output") from None


def _pairs(given: list[str] | None, name: str) -> dict[str, str]:
    found = {}
    for pair in given or []:
        left, equals, right = pair.rpartition("=")
        if not equals or not left.strip() or not right.strip():
            raise typer.BadParameter(f"{pair!r}: give it as NAME=VALUE", param_hint=name)
        found[left.strip()] = right.strip()
    return found


def _one_of(given: str | None, allowed: tuple[str, ...], name: str):
    if given is not None and given not in allowed:
        raise typer.BadParameter(f"{given!r} is not one of {', '.join(allowed)}", param_hint=name)
    return given


def _number(text: str, name: str) -> float:
    from sim.intake.csv_files import number

    value = number(text)
    if value is None or value <= 0:
        raise typer.BadParameter(f"{text!r} must be a number above 0", param_hint=name)
    return value


def _day(text: str | None) -> datetime.date | None:
    try:
        return None if text is None else datetime.date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} must be a day such as 2026-01-31", param_hint="--as-of") from None


def _check(said) -> None:
    """What only a list of words can tell: kinds, steps and sides."""
    from sim.intake.exports.choices import SIDES
    from sim.intake.exports.leads import NONE, STEP_OF
    from sim.intake.exports.match import KINDS

    for step in said.steps.values():
        _one_of(step, (*STEP_OF, NONE), "--step")
    for kind in said.kinds.values():
        _one_of(kind, KINDS, "--as")
    for side in said.departments.values():
        _one_of(side, SIDES, "--department")


def _read(files: list[Path], said, output: Path):
    """Read the files; what they cannot say is taken from the folder that is there, or asked on a terminal."""
    import hashlib

    from sim.files.reading import read_bytes
    from sim.intake.exports.reading import read_exports
    from sim.study.own.folder import said_in

    digests = {}
    for path in files:
        with contextlib.suppress(InputError):  # told below, with the faults of the other files
            digests[path.name] = hashlib.sha256(read_bytes(path)).hexdigest()[:16]
    now, said = said, said_in(output, said, digests)  # what is kept in the folder may be of other files
    found = read_exports(files, said, now)
    left_open: list = []
    there = sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty() and not screen.quiet
    while there and (new := _next([question for question in found.questions if question not in left_open])):
        for question in new:
            said = _asked(question, said)
        left_open += [question for question in new if not question.needed]
        found = read_exports(files, said, now)
    return found, said


def _next(questions: list) -> list:
    """Those that may be asked before the files are read anew: none waits for an answer to another of them."""
    first = min((ASKED.index(question.answers) for question in questions), default=0)
    alone: dict = {}
    for question in questions:
        if ASKED.index(question.answers) == first:  # rates, and departments that are named, stand each by itself
            alone.setdefault(question.about if not question.about.startswith("?") else "?", question)
    return list(alone.values())


def _with_option(question) -> str:
    if question.answers == "departments":
        side = question.about.removeprefix("?")
        way = f"NAME={side}" if question.about.startswith("?") else f"{question.about}=marketing"
        known = f"; there are {', '.join(question.allowed)}" if question.about.startswith("?") else ""
        return f"{question.sentence} Say it by {question.option} {shlex.quote(way)}{known}"
    return f"{question.sentence} Say it by {question.option}: {', '.join(question.allowed)}"


def _asked(question, said):
    """What was said, with one more answer that somebody types; nothing typed leaves open what may stay open."""
    from sim.files.harmless import printable
    from sim.intake.csv_files import number

    while True:
        allowed = f" ({', '.join(question.allowed)})" if question.allowed else ""
        answer = typer.prompt(printable(question.sentence + allowed), default="" if not question.needed else None,
                              show_default=False, err=True).strip()  # fmt: skip
        if not answer and not question.needed:
            return said
        if question.allowed and answer not in question.allowed:
            screen.say(f"{answer!r} is not one of {', '.join(question.allowed)}")
            continue
        if question.answers == "departments":
            name, side = (answer, question.about[1:]) if question.about.startswith("?") else (question.about, answer)
            return said.but(departments={**said.departments, name: side})
        if question.answers == "rates":
            if (rate := number(answer)) is None or rate <= 0:
                screen.say("give a number above 0")
                continue
            return said.but(rates={**said.rates, question.about: rate})
        if question.answers == "customers":
            if not answer.isdecimal() or int(answer) > MOST_CUSTOMERS:
                screen.say("give a whole number")
                continue
            return said.but(customers=int(answer))
        if question.answers in ("won", "lost"):
            return said.but(**{question.answers: (*getattr(said, question.answers), answer)})
        return said.but(**{question.answers: answer.upper() if question.answers == "currency" else answer})


def funnel_command(
    firm: Firm,
    output: Annotated[
        Path | None, option("-o", "--output", metavar="FILE", help="picture to write (.png, .svg, .pdf)")
    ] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Show a firm's own funnel: counts, rates and waits of each step, by source, pair of teams and month.

    Open opportunities are counted by Kaplan and Meier, and days on which somebody cleaned up end no deal. No count from
    1 to 4 is shown.

    \b
    Examples:
      baton funnel firm
      baton funnel firm -o funnel.png
    """
    screen.quiet = quiet or as_json
    from sim.study.own.folder import read_funnel

    kept = read_funnel(firm)
    if output is not None:
        from sim.figures import look
        from sim.figures.own_funnel import own_funnel_plot

        look.kind_of(output)
        look.save(own_funnel_plot(kept), output)
    if as_json:
        print_json(kept)
        return
    from sim.cli import import_report

    screen.show(import_report.funnel_account(kept))
    if output is not None:
        screen.say(f"The picture is {output}")
    screen.say(f"Next: baton run {shlex.quote(str(firm))}")


def forget_command(
    firm: Firm,
    yes: Annotated[bool, option("--yes", help="do not ask")] = False,
    quiet: Quiet = False,
) -> None:
    """Remove a folder that `baton import` wrote, with all that lies in it, and the key beside it.

    \b
    Example:
      baton forget firm --yes
    """
    screen.quiet = quiet
    from sim.study.own.folder import forget, to_forget

    found = to_forget(firm)
    if not yes:
        if sys.stdin is None or not sys.stdin.isatty():
            raise typer.BadParameter("nobody can be asked here: say it", param_hint="--yes")
        typer.confirm(f"Remove {', '.join(map(str, found))}?", abort=True, err=True)
    for each in forget(firm):
        screen.say(f"Removed {each}")
