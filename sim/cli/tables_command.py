"""`baton export csv` and `baton export survival`: tables for R, Stata or a spreadsheet."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from sim import MOST_MARKETS
from sim.cli.options import (
    INTERRUPTED,
    Days,
    KeepNames,
    Levers,
    Overwrite,
    Quiet,
    SeedOrFirst,
    Theories,
    Threads,
    option,
)
from sim.cli.screen import announce, check_output, read_scenario, screen
from sim.cli.typed import command_text

What = Annotated[
    str, typer.Argument(metavar="SCENARIO|RUN|STORE", help="a scenario, or a folder that run or experiment wrote")
]
Seeds = Annotated[int | None, option("--seeds", min=1, max=MOST_MARKETS, help="so many markets, from 0 or --seed on")]


def csv_command(
    what: What,
    output: Annotated[Path, option("-o", "--output", metavar="DIR", help="folder for the tables")],
    wide: Annotated[bool, option("--wide", help="a column a number, in place of a row a number")] = False,
    seed: SeedOrFirst = None,
    seeds: Seeds = None,
    days: Days = None,
    levers: Levers = None,
    theory: Theories = None,
    overwrite: Overwrite = False,
    threads: Threads = 2,
    keep_names: KeepNames = False,
    quiet: Quiet = False,
) -> None:
    """Write tables as CSV, with a dictionary of every column (columns.csv).

    Long tables (one row a number) unless --wide. UTF-8, decimal point, empty
    where there is nothing, 0 and 1 for no and yes.

    \b
    Examples:
      baton export csv silo --seed 3 -o silo-csv
      baton export csv silo --seeds 30 --wide -o silo-csv
      baton export csv sweep-store -o sweep-csv
    """
    screen.quiet = quiet
    screen.keep_names = keep_names
    check_output(output, overwrite, "export.toml")
    announce(f"Writing the tables of {what} …")
    from sim.files.provenance import made_by
    from sim.study.tables import csv_tables

    options = {"seed": seed, "seeds": seeds, "days": days, "set": levers, "theory": theory}
    kind, source = _source(what, options)
    progress, made = screen.progress("runs"), {}
    if kind == "run":
        made = source.about["versions"]
        tables, about = csv_tables.run_tables(source, wide), _about_run(source)
    elif kind == "store":
        made = source.about["versions"]
        tables, about = csv_tables.store_tables(source, wide, threads, progress), _about_store(source)
    elif seeds:
        first = seed or 0
        made = made_by(lived=[source])
        tables = csv_tables.market_tables(source, range(first, first + seeds), wide, threads, progress)
        about = {
            "scenario": source.hash,
            "toml": source.to_toml(shared=True),
            "seeds": list(range(first, first + seeds)),
        }
    else:
        from sim.run import run

        each = run(source, seed, progress=screen.progress("days"))
        made = each.about["versions"]
        tables, about = csv_tables.run_tables(each, wide), _about_run(each)
    command = command_text("csv", what, **options, wide=wide or None)
    record = {"export": {"command": command, **about}, "versions": made}
    csv_tables.write_tables(tables, output, record, overwrite)
    rows = "\n".join(f"  {name + '.csv':<16}{len(table):>10,} rows" for name, table in tables.items())
    screen.show([f"{output}\n{rows}\n  {'columns.csv':<16}  what every column means"])
    screen.say(f"Next in R: read.csv({str(output / (next(iter(tables)) + '.csv'))!r})")


def survival_command(
    what: What,
    output: Annotated[Path, option("-o", "--output", metavar="FILE", help="table to write (.csv)")] = Path(
        "survival.csv"
    ),
    seeds: Seeds = None,
    seed: SeedOrFirst = None,
    days: Days = None,
    levers: Levers = None,
    theory: Theories = None,
    threads: Threads = 2,
    quiet: Quiet = False,
) -> None:
    """Write the time to each stage, and the time in it, as survival data with censoring.

    One row a market and stage: time in days until the stage first counted, event 1 or 0 (censored), and why.

    \b
    Examples:
      baton export survival liaison --seeds 100 -o liaison.csv
      baton export survival sweep-store -o sweep.csv
      baton export survival own-store --theory mine.py     a store that kept no stages: its runs are lived again
    """
    screen.quiet = quiet
    from sim.errors import InputError

    if output.suffix.lower() != ".csv":
        raise InputError(f"{output}: survival data is written as .csv")
    announce(f"Times to each stage in {what} …")
    kind, source = _source(what, {"seed": seed, "seeds": seeds, "days": days, "set": levers, "theory": theory})
    from sim.study.many import Interrupted
    from sim.study.tables.survival import survival, survival_of_store

    if kind == "run":
        raise InputError(f"{what}: one run is one market; give its scenario and --seeds, or a store")
    progress, stopped = screen.progress("runs"), False
    try:
        if kind == "store":
            found = survival_of_store(source, threads, progress)
        else:
            first = seed or 0
            found = survival(source, range(first, first + (seeds or 30)), threads=threads, progress=progress)
    except Interrupted as fault:
        if not fault.finished:
            raise KeyboardInterrupt from None
        found, stopped = fault.finished[0], True
    found.save(output)
    from sim.cli.survival_report import survival_account

    screen.show(survival_account(found, output))
    if kind == "scenario":
        screen.say(f"Next: baton export figure survival {shlex.quote(what)} --seeds {len(found.seeds)} -o survival.pdf")
    else:
        screen.say('Next in R: survival::survfit(Surv(time, event) ~ stage_name, data, conf.type = "log-log")')
    if stopped:
        raise typer.Exit(INTERRUPTED)


def _source(what: str, options: dict) -> tuple[str, object]:
    """What the user named: ("run", Run), ("store", Store) or ("scenario", Scenario)."""
    from sim.errors import InputError

    folder, given = Path(what), [f"--{name}" for name, value in options.items() if value is not None]
    if not folder.is_dir() or (folder / "firm.toml").is_file():
        theories = options["theory"] or [None]
        if len(theories) > 1:
            raise typer.BadParameter("a scenario is lived by one", param_hint="--theory")
        scenario = read_scenario(what, options["set"], theories[0])
        days = options["days"]
        return "scenario", scenario.but(days=days) if days is not None else scenario
    if (folder / "run.toml").is_file():
        kind = "run"
    elif (folder / "store.toml").is_file():
        kind = "store"
    else:
        raise InputError(f"{what}: this folder holds neither a run (run.toml) nor a sweep (store.toml)")
    given = [each for each in given if kind == "run" or each != "--theory"]
    if given:
        raise InputError(f"{what}: {', '.join(given)} cannot be said of a {kind} that is already done")
    if kind == "run":
        from sim.run import load

        return kind, load(folder)
    from sim.files.provenance import tell_other_rules
    from sim.study.store.store import name_theories, open_store

    store = open_store(folder)
    name_theories(store, options["theory"] or ())
    tell_other_rules(folder, store.about["versions"])
    return kind, store


def _about_run(each) -> dict:
    before = each.about.get("before")
    past = {"past_market": before[0], "past_days": before[1]} if before else {}
    return {"scenario": each.about["scenario_hash"], "toml": each.scenario.to_toml(shared=True), "seeds": [each.seed],
            **past, "market": each.about["market"], "state": each.about["state"]}  # fmt: skip


def _about_store(store) -> dict:
    return {"experiment": store.experiment.hash, "title": store.experiment.title, "runs": len(store.runs)}
