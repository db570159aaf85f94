"""Results as plain CSV tables for R, Stata or a spreadsheet, and a dictionary of every column.

UTF-8, comma, decimal point, a line feed; empty where there is no value; 0 and 1
for no and yes; names that R and Stata take as they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

import sim
from sim.errors import InputError
from sim.files.folder import written_whole
from sim.files.harmless import is_long, write_csv
from sim.files.toml_written import toml_text
from sim.result import Run, label
from sim.result.outcomes import OUTCOMES
from sim.run import run
from sim.scenario import Scenario
from sim.study.many import at_once, markets, outcomes_of
from sim.study.store.series import KINDS
from sim.study.tables.csv_words import meaning_of, unit_of
from sim.study.tables.survival import survival, survival_of_store

ZERO_ONE = ("event", "left", "from_start")  # counted as numbers, but only ever 0 or 1
MARK = "export.toml"  # a folder that holds it may be overwritten
Tables = dict[str, pd.DataFrame]


def run_tables(each: Run, wide: bool = False) -> Tables:
    """One run: its days, quarters and outcomes, and a row for each lead, customer, person, tie, answer, decision."""
    found = {"runs": _about(each)}
    head = {"run": each.name, "scenario": label(each.scenario), "seed": each.seed}
    if wide:
        found["daily"], found["quarters"] = _headed(each.daily, head), _headed(each.quarters, head)
        found["outcomes"] = pd.DataFrame([head | each.outcomes()])
    else:
        found["days"] = each.df
        found["outcomes"] = _long(pd.DataFrame([head | each.outcomes()]), list(head), _outcome_unit)
    found |= {name: getattr(each, name) for name in ("leads", "customers", "people", "ties", "audit", "decisions")}
    found["ties"] = found["ties"].drop(columns="key")  # a number for the dice, too large for R's and Stata's
    return found


def market_tables(
    scenario: Scenario, seeds: int | Sequence[int], wide: bool = False, threads: int = 2, progress=None
) -> Tables:
    """One scenario in many markets: its quarters and outcomes in each, and the times to each stage."""

    def one(seed: int) -> tuple:
        each = run(scenario, seed)
        row = outcomes_of(each)
        return _about(each), row, _headed(each.quarters, {"scenario": row["scenario"], "seed": seed})

    numbers = markets(seeds)
    parts = at_once([lambda s=seed: one(s) for seed in numbers], threads, progress)
    rows = pd.DataFrame([row for _, row, _ in parts])[["scenario", "seed", *OUTCOMES]]
    quarters = pd.concat([part for *_, part in parts], ignore_index=True)
    found = {"runs": pd.concat([about for about, *_ in parts], ignore_index=True)}
    if wide:
        found |= {"outcomes": rows, "quarters": quarters}
    else:
        found["outcomes"] = _long(rows, ["scenario", "seed"], _outcome_unit)
        keys = ["scenario", "seed", "quarter", "day"]
        found["quarters"] = _long(quarters.drop(columns="stage_name"), keys, lambda name: unit_of(name, "quarters"))
    found["survival"] = survival(scenario, numbers, threads=threads).df
    return found


def store_tables(store, wide: bool = False, threads: int = 2, progress=None) -> Tables:
    """A sweep: the design, every run, its outcomes, what was kept by quarter, and the times to each stage if kept."""
    made, keys = store.experiment, ["point", "arm", "seed"]
    runs = store.runs
    found = {"design": store.design.reset_index()}
    found["runs"] = runs[[name for name in runs.columns if name not in store.outcomes]]
    if wide:
        found["outcomes"] = runs.loc[runs["status"] == "done", [*keys, *store.outcomes]]
    else:
        found["outcomes"] = store.df
    found["outcomes"].attrs["own"] = {each.name: (each.meaning, each.unit) for each in made.own}
    for kind in made.tables:
        kept = getattr(store, kind)
        found[kind] = kept if wide else _long(kept, [*keys, KINDS[kind].row], unit_of)
    if "stage" in made.series:
        found["survival"] = survival_of_store(store, threads, progress).df
    return found


def _about(each: Run) -> pd.DataFrame:
    about = each.about
    row = {"run": each.name, "scenario": label(each.scenario), "seed": each.seed, "days": each.days,
           "broke": each.broke, "scenario_hash": about["scenario_hash"], "market_hash": about["market"],
           "state_hash": about["state"], "baton": about["versions"].get("baton", sim.__version__)}  # fmt: skip
    table = pd.DataFrame([row])
    table["broke"] = table["broke"].astype("Int64")
    return table


def _headed(table: pd.DataFrame, head: Mapping) -> pd.DataFrame:
    """The table with the same few columns in front of every row."""
    table = table.reset_index(drop=True)
    for place, (name, value) in enumerate(head.items()):
        table.insert(place, name, value)
    return table


def _outcome_unit(name: str) -> str:
    return OUTCOMES[name].unit


def _long(table: pd.DataFrame, keys: list[str], unit) -> pd.DataFrame:
    """One row a number: keys, metric, value, unit."""
    found = table.melt(keys, var_name="metric", value_name="value")
    found["unit"] = found["metric"].map({name: unit(name) for name in found["metric"].unique()})
    return found


# ---- to the disk


def plain(table: pd.DataFrame) -> pd.DataFrame:
    """The table with names and values that every program takes: 0 and 1 for no and yes, dots in names replaced."""
    table = table.copy()
    table.columns = [safe_name(str(name)) for name in table.columns]
    for name in table.columns:
        if table[name].dtype == bool:
            table[name] = table[name].astype("i8")
        elif table[name].dtype.kind == "f":
            table[name] = table[name].replace([np.inf, -np.inf], np.nan)
    return table


def safe_name(name: str) -> str:
    """A name of at most 32 letters, digits and underscores, as Stata wants it.

    >>> safe_name("distance.between_teams_m")
    'distance_between_teams_m'
    """
    return re.sub(r"\W", "_", name)[:32]


def kind_of(column: pd.Series) -> str:
    """What a column holds: "0/1", "integer", "number" or "text"."""
    name = str(column.dtype)
    if name == "bool" or column.name in ZERO_ONE:
        return "0/1"
    if is_long(column):
        return "text"
    if name.lower().startswith(("int", "uint")):
        return "integer"
    return "number" if name.startswith("float") else "text"


def columns_of(tables: Tables) -> pd.DataFrame:
    """One row a column, and in long tables one a metric: name, table, meaning, unit, type.

    A metric is a value of the column `metric`; its row has the type "metric".
    """
    rows = []
    for table, content in tables.items():
        own = content.attrs.get("own", {})  # of one's own outcomes a store says what each means
        for name in map(str, content.columns):
            told = own.get(name)
            meaning, unit = told if told else (meaning_of(name, table), unit_of(name, table))
            rows.append({"name": safe_name(name), "table": table, "meaning": meaning, "unit": unit,
                         "type": kind_of(content[name])})  # fmt: skip
        if "metric" in content:
            for name in dict.fromkeys(content["metric"].astype(str)):
                unit = content.loc[content["metric"] == name, "unit"].iloc[0]
                meaning = own[name][0] if name in own else meaning_of(name, table)
                rows.append({"name": name, "table": table, "meaning": meaning, "unit": unit,
                             "type": "metric"})  # fmt: skip
    return pd.DataFrame(rows)


def write_tables(tables: Tables, folder: str | Path, about: Mapping[str, Mapping], overwrite: bool = False) -> Path:
    """Write each table as NAME.csv, and `columns.csv` and `export.toml` beside them; all of it or nothing.

    Raises
    ------
    InputError
        Two columns that would have the same name.
    FileExistsError
        The folder holds something else.
    """
    faults = []
    for name, table in tables.items():
        names = [safe_name(str(column)) for column in table.columns]
        twice = sorted({each for each in names if names.count(each) > 1})
        faults += [f"{name}: two columns would be called {each}" for each in twice]
    if faults:
        raise InputError(faults)
    with written_whole(folder, overwrite, MARK) as work:
        for name, table in tables.items():
            write_csv(plain(table), work / f"{name}.csv")
        write_csv(columns_of(tables), work / "columns.csv")
        (work / MARK).write_text(toml_text(about), encoding="utf-8")
    return Path(folder)
