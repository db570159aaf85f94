"""`baton validate`: which published patterns the model shows, which it does not, and how sure that is."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from sim import MOST_MARKETS
from sim.cli.options import INTERRUPTED, Json, Output, Overwrite, Quiet, Theory, Threads, option
from sim.cli.screen import announce, check_output, print_json, put, screen


def validate_command(
    patterns: Annotated[
        list[str] | None, typer.Argument(metavar="[PATTERN …]", help="only these: P13, P8c, F16, …")
    ] = None,
    quick: Annotated[bool, option("--quick", help="a few markets: a minute, and wide intervals")] = False,
    markets: Annotated[int | None, option("--markets", min=2, max=MOST_MARKETS, help="number of markets (100)")] = None,
    mutations: Annotated[
        bool, option("--mutations", help="run each row under its named change of the model instead")
    ] = False,
    theory: Theory = None,
    output: Output = None,
    document: Annotated[
        Path | None, option("--document", metavar="FILE", help="also write the page to a file, its picture beside it")
    ] = None,
    overwrite: Overwrite = False,
    threads: Threads = 2,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Measure every published pattern with the default calibration and judge it.

    A row holds if its whole 99 % interval lies in the expected range, fails if
    none of it does, and is undecided otherwise. Rows that were measured are
    kept: an interrupted call goes on where it stopped. With -o or --document
    the rows are also run under their mutations and the audit's structure is
    reported.

    \b
    Examples:
      baton validate --quick
      baton validate P13 P22
      baton validate -o validation
      baton validate --mutations
      baton validate P13 --theory structure-alone
    """
    screen.quiet = quiet or as_json
    if quick and markets is not None:
        raise typer.BadParameter("give --quick or a number of markets, not both", param_hint="--markets")
    if theory is not None and (output is not None or document is not None):
        said = "the page that is written is the model's own; leave -o and --document out, and take --json"
        raise typer.BadParameter(said, param_hint="--theory")
    if output is not None:
        check_output(output, overwrite, "validation.parquet")
    from sim.model import wasm
    from sim.study.many import Interrupted
    from sim.study.validation import validate as study

    rows = study.chosen(patterns or None)
    many = study.QUICK if quick else markets or (study.MUTATED if mutations else study.FULL)
    announce(f"Measuring {len(rows)} rows in {many} markets …", wasm.MANY)
    names = [row.name for row in rows]
    found = changed = None
    try:
        found = study.validate(
            names, many, mutated=mutations, theory=theory, threads=threads, progress=screen.progress("runs")
        )
        more = ""
        if (output is not None or document is not None) and not mutations:
            few = min(many, study.MUTATED)
            screen.say(f"The same under their mutations, in {few} markets …")
            changed = study.validate(names, few, mutated=True, threads=threads, progress=screen.progress("runs"))
            more = _structure(threads)
    except Interrupted as stopped:
        if not (found or stopped.finished):
            raise KeyboardInterrupt from None
        _show(found or stopped.finished[0], mutations, as_json)
        done = len((found or stopped.finished[0]).findings)
        put(f"{done} of {len(rows)} rows were finished, and are kept: the same call goes on there.", file=sys.stderr)
        raise typer.Exit(INTERRUPTED) from None
    if output is not None or document is not None:
        from sim.study.validation import page as validate_page

        if output is not None:
            validate_page.save(output, found, changed, more, overwrite)
            screen.say(f"The table, the page and its picture are in {output}")
        if document is not None:
            validate_page.save_document(document, found, changed, more)
            screen.say(f"The page is {document}")
    _show(found, mutations, as_json)


def _structure(threads: int) -> str:
    from sim.study.validation.audit_structure import measure_structure, structure_page

    screen.say("The audit's structure …")
    return structure_page(measure_structure(threads=threads))


def _show(found, mutations: bool, as_json: bool) -> None:
    from sim.study.validation.page import table

    if as_json:
        print_json({"markets": found.markets, "fingerprint": found.fingerprint, "declared": found.declared,
                    "theory": found.theory and {"name": found.theory.name, "hash": found.theory.digest},
                    "mutated": mutations, "rows": table(found).to_dict("records")})  # fmt: skip
        return
    screen.show([*_account(found, mutations), _next(found, mutations)])


def _account(found, mutations: bool) -> list:
    from sim.cli.layout import Table
    from sim.study.validation.page import interval, number, verdict
    from sim.study.validation.patterns import GROUPS

    parts: list = []
    for group, rows in GROUPS.items():
        names = {each.name for each in rows}
        lines = [
            (f.pattern.name, f.pattern.mutation.what if mutations else f.pattern.claim, f.pattern.expected,
             number(f.measured.mean), interval(f), verdict(f), f.pattern.source)
            for f in found.findings if f.pattern.name in names
        ]  # fmt: skip
        if lines:
            what = "change of the model" if mutations else "pattern"
            columns = ("", what, "expected", "measured", "99 % from … to", "verdict", "source")
            parts.append(Table(group, columns, lines, (0, 1, 5, 6)))
    counts = ", ".join(f"{found.count(v)} {'hold' if v == 'holds' else 'fail' if v == 'fails' else v}"
                       for v in ("holds", "undecided", "fails"))  # fmt: skip
    said = f"{len(found.findings)} rows in {len(found.markets)} markets: {counts}."
    if mutations:
        said += " Under its mutation every row should fail."
    if found.theory is not None:
        said += f" Lived by {found.theory}; the expectations are of the published patterns, whoever explains them."
    return [*parts, said]


def _next(found, mutations: bool) -> str:
    from sim.cli.report import LIMIT

    if mutations:
        return f"{LIMIT}\nNext: baton validate"
    return f"{LIMIT}\nNext: baton validate --mutations    (can every row fail?)"
