"""`baton fit`, `baton gate`, `baton backtest`: a firm of one's own, fitted, looked at, and held against what came."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.importing import Firm
from sim.cli.options import Json, Quiet, Threads, option
from sim.cli.screen import announce, print_json, screen


def fit_command(
    firm: Firm,
    until: Annotated[
        str | None, option("--until", metavar="DATE", help="only what had been seen until then: for baton backtest")
    ] = None,
    again: Annotated[
        int,
        option(
            "--again", min=0, max=256, help="fit so many simulated firms in full first, to see if they are found again"
        ),
    ] = 0,
    size: Annotated[int, option("--size", min=50, max=5000, help="particles of a population")] = 250,
    populations: Annotated[int, option("--populations", min=1, max=30, help="at most")] = 1,
    threads: Threads = 2,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Fit a firm's numbers to half of its own funnel; what is done is kept, so a stopped fit goes on.

    Every number ends as measured, fitted with its interval, or assumed, and says which column of an export would tell
    it. From then on compare, explain and reach of this firm run each market with another of 50 sets of numbers.

    \b
    Examples:
      baton fit firm
      baton fit firm --again 8              # are simulated firms found again? (a power of two)
      baton fit firm --until 2025-06-30     # then: baton backtest firm
    """
    screen.quiet = quiet or as_json
    if again & (again - 1):
        raise typer.BadParameter("give a power of two, such as 8", param_hint="--again")
    if until is not None:
        until = _day(until)
    announce(f"Fitting {firm} …", float("inf"))
    from sim.cli import fit_report
    from sim.study.own.fitting import fit_firm, write_fit

    found = fit_firm(firm, until, again=again, size=size, populations=populations, processes=threads,
                     told=screen.say, progress=screen.progress("first runs"))  # fmt: skip
    path = write_fit(found, firm)
    if as_json:
        print_json(found.table)
        return
    seen = str(found.table["until"] or "")
    if until and seen != until:
        screen.say(f"Seen until {seen}, the last end of a month before {until} that is kept.")
    screen.show(fit_report.fit_account(found.table))
    after = "backtest" if until else "gate"
    screen.say(f"Written: {path}\nNext: baton {after} {shlex.quote(str(firm))}")


def _day(text: str) -> str:
    import datetime

    try:
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        raise typer.BadParameter(f"{text!r} must be a day such as 2025-06-30", param_hint="--until") from None


def gate_command(
    firm: Firm,
    accept: Annotated[bool, option("--accept", help="it looks like us: what-ifs may be run")] = False,
    adjust: Annotated[bool, option("--adjust", help="something must be put right first")] = False,
    stop: Annotated[bool, option("--stop", help="the model is not for us")] = False,
    name: Annotated[str | None, option("--name", help="who says so")] = None,
    note: Annotated[str, option("--note", help="why")] = "",
    output: Annotated[
        Path | None,
        option("-o", "--output", metavar="FILE", help="page (.html) or picture (.png, .svg, .pdf) to write"),
    ] = None,
    threads: Threads = 2,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Does this look like you? The own funnel beside the simulated one, step by step; then say what you think.

    Until somebody accepts, what-ifs of a firm that baton import made are refused (exit code 4), and its briefs show no
    money. A new import or fit voids it.

    \b
    Examples:
      baton gate firm
      baton gate firm -o gate.html
      baton gate firm --accept --name "A. Person" --note "deals take a little long"
    """
    screen.quiet = quiet or as_json
    said = [word for word, given in (("accept", accept), ("adjust", adjust), ("stop", stop)) if given]
    if len(said) > 1:
        raise typer.BadParameter("give one of --accept, --adjust and --stop", param_hint=f"--{said[1]}")
    if said and not (name or "").strip():
        raise typer.BadParameter("say who says so", param_hint="--name")
    _check_picture(output)
    announce(f"Looking at {firm} …", 100)
    from sim.cli import fit_report
    from sim.study.own.accepted import gate_of, write_gate
    from sim.study.own.gate import look

    found = look(firm, threads, screen.progress("runs"))
    gate = write_gate(firm, said[0], name or "", note, found.sentence()) if said else gate_of(firm)
    if output is not None:
        _write(found, gate, firm, output)
    if as_json:
        from sim.study.own.gate_page import books_said, money_said, verdict_said

        print_json(found.table() | {"gate": gate and gate._asdict(), "verdict": verdict_said(gate),
                                    "money": money_said(found) if found.broke else "",
                                    "books_said": books_said(found)})  # fmt: skip
        return
    screen.show(fit_report.gate_account(found, gate))
    if output is not None:
        screen.say(f"Written: {output}")
    screen.say(f"Next: {_next(gate, shlex.quote(str(firm)), found.fitted)}")


def _next(gate, firm: str, fitted: bool) -> str:
    if gate is None or not gate.current:
        first = f"baton fit {firm}, or " if not fitted else ""
        return f"{first}baton gate {firm} with --accept, --adjust or --stop, and --name for who says so"
    if gate.answer == "accept":
        return f"baton plan {firm} first new, or baton reach aligned --from {firm}"
    return f"the import again with -o {firm} --overwrite, or a number in {firm}/firm.toml; then baton fit {firm}"


def _check_picture(output: Path | None) -> None:
    if output is not None and output.suffix.lower() not in (".html", ".htm"):
        from sim.figures import look

        look.kind_of(output)


def _write(found, gate, firm: Path, output: Path) -> None:
    """The page, or the picture, by the file's ending."""
    if output.suffix.lower() in (".html", ".htm"):
        from sim.files.folder import written_file
        from sim.study.own.gate_page import gate_page

        with written_file(output) as path:
            path.write_text(gate_page(found, gate, Path(firm).name), encoding="utf-8")
        return
    from sim.figures import look
    from sim.figures.gate_plot import gate_plot

    look.save(gate_plot(found), output)


def backtest_command(
    firm: Firm,
    threads: Threads = 2,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """What the model would have said of the months after a fit --until, scored against what came.

    Beside it two plain guesses: as a year before, and a straight line through the months that were known. Where one of
    them comes nearer than the model, it says so.

    \b
    Example:
      baton fit firm --until 2025-06-30
      baton backtest firm
    """
    screen.quiet = quiet or as_json
    announce(f"Holding {firm} against what came …", 100)
    from sim.cli import fit_report
    from sim.study.own.backtest import backtest

    found = backtest(firm, threads, screen.progress("runs"))
    if as_json:
        print_json(found.table())
    else:
        screen.show(fit_report.backtest_account(found))
