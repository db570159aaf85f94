"""Options that several verbs share."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperCommand

THE_MARKET = "the market: same seed, same prospects, needs and luck (none: 10)"
FIRST_MARKET = "the market (none: 10), or the first of --seeds (none: 0): same seed, same prospects, needs and luck"
DONE, OUR_FAULT, USAGE, INPUT, NO, PARTIAL, INTERRUPTED = 0, 1, 2, 3, 4, 5, 130


WRITTEN = {"--output", "--save-state"}  # options that name what is to be written


def option(*names: str, **about):
    """A typer option with its names first; where it names an output, that is asked for before anything is run."""
    if WRITTEN.intersection(names):
        about["callback"] = _can_be_written
    if {"min", "max"} & about.keys():
        about.setdefault("metavar", "N")
    return typer.Option(*names, **about)


class Verb(TyperCommand):
    """A command whose help says what is to be typed, and not by which type of Python it is read."""

    def format_options(self, ctx, formatter) -> None:
        parts: dict[str, list[tuple[str, str]]] = {"argument": [], "option": []}
        for param in self.get_params(ctx):
            kind, record = param.param_type_name, param.get_help_record(ctx)
            if record:
                parts[kind].append((re.sub(" <.*>$", "" if kind == "argument" else " TEXT", record[0]), record[1]))
        for kind, rows in parts.items():
            if rows:
                with formatter.section(f"{kind.capitalize()}s"):
                    formatter.write_dl(rows)


METRIC = ("--metric", "--outcome")  # the word is --metric; who says --outcome is understood


def _can_be_written(target: Path | None) -> Path | None:
    if target is not None:
        from sim.files.folder import place_of

        place_of(target)
    return target


ScenarioName = Annotated[
    str | None, typer.Argument(metavar="SCENARIO", help="name of a shipped scenario, or a TOML file")
]
ScenarioOrLink = Annotated[
    str | None,
    typer.Argument(metavar="SCENARIO|LINK", help="a shipped scenario, a TOML file, or a link of the page in quotes"),
]
Seed = Annotated[int | None, option("--seed", min=0, help=THE_MARKET)]
SeedOrFirst = Annotated[int | None, option("--seed", min=0, help=FIRST_MARKET)]
Days = Annotated[int | None, option("--days", min=1, help="simulate so many working days (260 a year)")]
Levers = Annotated[list[str] | None, option("--set", metavar="NAME=VALUE", help="move a lever: trust.gain=0.05")]
OwnDay = Annotated[Path | None, option("--day", metavar="FILE.py", help="another theory: a file with its own day()")]
BY_THEORY = ("--theory",)


def _no_browser_lives_it(given: str | None) -> None:
    if given is not None:
        from sim.errors import InputError

        why = "--theory: what this writes lives in browsers, which hold the model's own day alone"
        raise InputError(f"{why}; baton serve --theory shows another, baton export replay --theory keeps a run of it")


Theory = Annotated[
    str | None,
    option(*BY_THEORY, metavar="FILE.py|NAME", help="live by another theory"),
]
Theories = Annotated[
    list[str] | None,
    option(
        *BY_THEORY, metavar="FILE.py|NAME", help="live by another theory; of what is done already: each that may run"
    ),
]
NoTheory = Annotated[
    str | None, option(*BY_THEORY, hidden=True, help="refused with the reason", callback=_no_browser_lives_it)
]
OwnOutcomes = Annotated[
    Path | None,
    option("--outcomes", metavar="FILE.py", help="outcomes of your own: a file with @sim.outcome functions"),
]
Also = Annotated[
    list[str] | None, option("--also", metavar="NAME", help="a column of the daily table is an outcome too")
]
Output = Annotated[
    Path | None,
    option("-o", "--output", metavar="DIR", help="write tables (of a run: the picture too) to a folder"),
]
Overwrite = Annotated[bool, option("--overwrite", help="replace a folder that an earlier call wrote")]
Json = Annotated[bool, option("--json", help="print the result as JSON and nothing else")]
Quiet = Annotated[bool, option("--quiet", "-q", help="no messages, only the result")]
KeepNames = Annotated[
    bool, option("--keep-names", help="people by their own names; else those of your own files are M1, S1, …")
]
Doubt = Annotated[
    bool, option("--doubt", help="draw the guessed numbers from their plausible ranges; say what is luck and doubt")
]
Threads = Annotated[int, option("--threads", min=1, max=1024, help="runs at a time")]
