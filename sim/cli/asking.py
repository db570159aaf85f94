"""`baton ask` and the answers of `baton audit`: what a firm's own people say to the twenty statements."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import Annotated, Any

import typer

from sim.cli.options import NO, Quiet, option
from sim.cli.screen import announce, print_json, put, screen, usual

MOST = 10_000  # files of answers
QUARTER = 4  # of the run that answers are held against: the end of the first year


def ask_command(
    firm: Annotated[Path, typer.Argument(metavar="FIRM", help="a folder that `baton import` wrote")],
    output: Annotated[Path, option("-o", "--output", metavar="FILE", help="page to write")] = Path("audit.html"),
    title: Annotated[str, option("--title", help="what the firm is called on the page; else no name")] = "",
    quiet: Quiet = False,
) -> None:
    """Write the audit as a form that your people fill in.

    One page for both sides: it works from disk, loads and sends nothing, and is one sheet of A4 when printed. Who fills
    it in saves a small file and sends it to you.

    \b
    Examples:
      baton ask firm -o audit.html
      baton audit firm --answers answers/
    """
    screen.quiet = quiet
    from sim.files.folder import written_file
    from sim.study.own import asking, plans

    plans.firm_at(firm)
    with written_file(output) as work:
        work.write_text(asking.form(title), encoding="utf-8")
    put(output)
    screen.say(
        "Mail it; put what comes back into a folder, such as answers. "
        f"Next: baton audit {shlex.quote(str(firm))} --answers answers"
    )


def files_of(given: list[Path]) -> list[Path]:
    """Files, and of folders all that lies in them and ends as tables do.

    Raises InputError where there are none, or too many.
    """
    from sim.errors import InputError

    found: list[Path] = []
    for each in given:
        if each.is_dir():
            with os.scandir(each) as inside:
                names = [
                    entry.name for entry in inside if entry.name.lower().endswith((".csv", ".tsv", ".xlsx", ".txt"))
                ]
            if not names:
                raise InputError(f"{each}: holds no file of answers (CSV, TSV, xlsx)")
            found += [each / name for name in sorted(names)]
        else:
            found.append(each)
    if len(found) > MOST:
        raise InputError(f"--answers: {len(found):,} files; at most {MOST:,} are read")
    return found


def answers_account(
    firm: str,
    given: list[Path] | None,
    output: Path | None,
    quarter: int | None,
    seed: int | None,
    levers,
    theory: str | None,
    as_json: bool,
) -> None:
    """What a firm's people answered beside what the simulated ones say; exit code 4 where too few answered.

    given   files of answers; None: what an import kept of a survey
    """
    from sim.cli.screen import read_scenario
    from sim.errors import InputError
    from sim.figures import look
    from sim.run import run
    from sim.study.own.answers import kept_answers, read_answers

    if output is not None:
        look.kind_of(output)
    asked, told = kept_answers(firm) if given is None else read_answers(files_of(given))
    scenario = read_scenario(firm, levers, theory)
    announce(f"Running {firm} in market {usual(seed)} …")
    result = run(scenario, seed)
    last = len(result.quarters)
    if quarter is not None and quarter > last or not last:
        raise InputError(f"quarter {quarter or 1}: this run has {last} whole quarters")
    quarter = quarter or min(QUARTER, last)
    rows = result.audit[result.audit["quarter"] == quarter]
    simulated = {side.lower(): part.sort_values("item")["score"].tolist() for side, part in rows.groupby("side")}
    if output is not None and asked:
        from sim.figures.own_audit import own_audit_plot

        about = f"Simulated: market {result.seed}, quarter {quarter}."
        look.save(own_audit_plot(asked, simulated, about), output)
    if as_json:
        print_json({"asked": asked, "simulated": simulated, "quarter": quarter, "market": result.seed, "told": told})
    else:
        screen.show([*told, *_tables(asked, simulated, quarter)])
        if output is not None and asked:
            screen.say(f"The picture is {output}")
    if not asked:
        raise typer.Exit(NO)


def _tables(asked: dict[str, Any], simulated: dict[str, list[float]], quarter: int) -> list:
    from sim.cli.layout import Table
    from sim.figures.own_audit import headline
    from sim.model.audit import STATEMENTS

    if not asked:
        return ["Fewer than five of each side answered, and fewer than ten in all: nothing is shown."]
    sides = list(asked)
    heads = {"marketing": "M", "sales": "S", "both": "both"}
    rows = []
    for n, statement in enumerate(STATEMENTS):
        people = [asked[side]["statements"][n] for side in sides]
        ours = [simulated[side][n] for side in sides]
        known = {side: value for side, value in zip(sides, people, strict=True) if value is not None}
        gap = (
            f"{round(known['marketing'] - known['sales'], 1) + 0.0:+.1f}"
            if {"marketing", "sales"} <= set(known)
            else ""
        )
        rows.append((str(n + 1), statement.text, *("hidden" if x is None else f"{x:.1f}" for x in people), gap,
                     *(f"{x:.1f}" for x in ours)))  # fmt: skip
    columns = (
        "",
        "statement",
        *(heads[side] for side in sides),
        "M less S",
        *("counted" if s == "both" else f"sim. {heads[s]}" for s in sides),
    )
    counted = ", ".join(f"{asked[side]['answers']} {side}" for side in sides)
    title = f"The people ({counted}), and the simulated ones in quarter {quarter}: 1 never to 5 always"
    note = "Sides are shown from five answers on, the total from ten; a skipped statement counts for nothing."
    if "both" in sides:
        note += "\ncounted: what happened in the simulation, of which each of its sides knows a part."
    return [headline(asked, simulated), Table(title, columns, rows, (1,)), note]
