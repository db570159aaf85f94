"""The folder of a firm of one's own: a scenario, people and ties without names, a funnel; and the key beside it."""

from __future__ import annotations

import csv
import datetime
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import sim
from sim.errors import InputError
from sim.files.folder import place_of, written_file, written_whole
from sim.files.harmless import write_csv
from sim.files.reading import decoded, lines_of, read_bytes, read_text
from sim.files.toml_written import toml_text
from sim.intake.exports.choices import Choices
from sim.intake.exports.deals import is_nobody
from sim.intake.exports.reading import Imported
from sim.model.theory import numbers
from sim.scenario.toml_read import load
from sim.study.own import sheet
from sim.study.own.counts import teams_of
from sim.study.own.hidden import FEWEST

MARK, PLANS = "firm.toml", "plans"
SIDES = {"marketing": ("M", "Marketing"), "sales": ("S", "Sales")}
KEPT_SAID = ("columns", "won", "lost", "steps", "pipeline", "rates", "currency", "dates", "decimal", "tests",
             "skip_bad", "encoding", "sheet", "customers", "tie_from")  # fmt: skip
COUNTS_SAID = {"customers": (int,), "tie_from": (int, float)}
KEY = ["what", "code", "name"]
YEAR = 365.25
TITLE, QUESTION = "A firm of one's own", "How does this firm go on from where it is?"


def key_of(folder: str | Path) -> Path:
    """The file beside a folder that says who is who: `firm.key.csv` of `firm`."""
    place = place_of(folder)
    return place.with_name(f"{place.name}.key.csv")


def check_key(folder: str | Path, overwrite: bool = False) -> None:
    """Raise FileExistsError where another file, or a link, lies in the key's place; `overwrite` replaces a key only."""
    path = key_of(folder)
    if not (path.exists() or path.is_symlink()):
        return
    if not overwrite:
        raise FileExistsError(f"{path.name} is there: choose another folder, or allow overwriting (--overwrite)")
    if path.is_symlink() or not path.is_file() or not read_bytes(path).startswith(",".join(KEY).encode()):
        raise FileExistsError(f"{path.name} is no key that `baton import` wrote, so it is not replaced")


def write_firm(
    found: Imported, kept: dict[str, Any], choices: Choices, folder: str | Path, overwrite: bool = False
) -> None:
    """Write the folder whole or not at all, and the key beside it, readable by its owner only.

    Parameters
    ----------
    found, kept
        What was read, and its aggregates (`sim.study.own.counts.funnel_of`).
    choices
        What was said; all but departments is kept in firm.toml, these in the key.
    folder
        A new one, or one that an import wrote, with `overwrite`.

    Raises
    ------
    FileExistsError, InputError
        It cannot be written there.
    """
    people, key = members(found)
    check_key(folder, overwrite)
    plans = place_of(folder) / PLANS
    key += [("department", side, name) for name, side in choices.departments.items()]
    with written_file(key_of(folder), private=True) as secret, written_whole(folder, overwrite, MARK) as work:
        write_csv(pd.DataFrame(key, columns=KEY), secret)
        if people is not None:
            write_csv(people, work / "people.csv")
        ties = _ties(found, people)
        if ties is not None:
            write_csv(ties, work / "ties.csv")
        (work / "funnel.json").write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        (work / "read.html").write_text(sheet.page(found, kept), encoding="utf-8")
        if plans.is_dir():  # somebody wrote them by hand
            shutil.copytree(plans, work / PLANS, symlinks=True)
        (work / MARK).write_text(firm_text(found, kept, choices, people, ties), encoding="utf-8")


def members(found: Imported) -> tuple[pd.DataFrame | None, list[tuple[str, str, str]]]:
    """The people of both teams as the folder has them, in the order of their list, and who each of them is.

    Tenure is told in whole years; a site has a letter, a department only its side.
    """
    people = found.people
    if people is None or not set(SIDES) <= set(people["side"]):
        return None, []
    here = people[people["side"].isin(SIDES)]
    n, codes, key = dict.fromkeys(SIDES, 0), {}, []
    sites = {
        name: f"Site {number}"
        for number, name in enumerate(dict.fromkeys(here["site"]) if len(here) else (), 1)
        if name
    }
    for row, side in here["side"].items():
        n[side] += 1
        codes[row] = f"{SIDES[side][0]}{n[side]}"
        key.append(("person", codes[row], here.at[row, "shown"] or here.at[row, "email"] or here.at[row, "id"]))
    teams = dict(zip(zip(people["side"], people["department"], strict=True), teams_of(people), strict=True))
    key += [("team", code, name) for (side, name), code in teams.items() if side in SIDES]
    key += [("site", code, name) for name, code in sites.items()]
    years = here["tenure"].to_numpy(float)
    if found.as_of is not None:
        years = np.where(np.isnan(years), (pd.Timestamp(found.as_of) - here["hired"]).dt.days / YEAR, years)
    whole = [None if np.isnan(year) or year < 0 else int(year) for year in years]
    table = pd.DataFrame({
        "id": [codes[row] for row in here.index], "department": [SIDES[side][1] for side in here["side"]],
        "site": [sites.get(name, "") for name in here["site"]], "tenure_years": pd.array(whole, dtype="Int64"),
    }, index=here.index)  # fmt: skip
    return table, key


def _ties(found: Imported, people: pd.DataFrame | None) -> pd.DataFrame | None:
    """Ties between people of the two teams; relations are numbered, as their names may be somebody's words."""
    if found.ties is None or people is None:
        return None
    here = found.ties[found.ties["one"].isin(people.index) & found.ties["other"].isin(people.index)]
    if not len(here):
        return None
    relations = {name: f"relation {number}" for number, name in enumerate(dict.fromkeys(here["relation"]), 1)}
    ids = people["id"]
    return pd.DataFrame({
        "from": ids.reindex(here["one"]).to_numpy(), "to": ids.reindex(here["other"]).to_numpy(),
        "relation": here["relation"].map(relations).to_numpy(), "value": here["value"].to_numpy(),
    })  # fmt: skip


def firm_text(found: Imported, kept: dict, choices: Choices, people, ties) -> str:
    """firm.toml: a scenario of the firm as it is, and under [imported] what was said and where each number is from."""
    values, sources = read_off(found, kept, people, choices.customers)
    table: dict[str, Any] = {"title": TITLE, "question": QUESTION}
    if people is not None:
        table["organization"] = {
            "people": "people.csv", "ties": None if ties is None else "ties.csv", "marketing": ["Marketing"],
            "sales": ["Sales"], "tie": None if ties is None else sorted(set(ties["relation"])),
            "columns": {"site": "site", "tenure": "tenure_years"},
        }  # fmt: skip
    for name, value in values.items():
        group, number = name.split(".")
        table.setdefault(group, {})[number] = value
    said = {name: value for name in KEPT_SAID if (value := getattr(choices, name)) not in (None, (), {}, False)}
    digests = {account.name: account.digest for account in found.accounts}
    names = {header for account in found.accounts for header in account.colleagues}
    said["columns"] = {header: role for header, role in choices.columns.items() if header not in names} or None
    said["kinds"] = {digests[name]: kind for name, kind in choices.kinds.items() if name in digests} or None
    table["imported"] = {
        "by": f"baton {sim.__version__}", "as_of": found.as_of and found.as_of.isoformat(),
        "files": [{"digest": each.digest, "kind": each.kind, "rows": each.numbers["rows"]} for each in found.accounts],
        "said": said, "measured": sources, "assumed": "every other number: Baton's default",
    }  # fmt: skip
    return toml_text(table)


def read_off(
    found: Imported, kept: dict, people: pd.DataFrame | None, customers: int | None = None
) -> tuple[dict[str, float], dict[str, str]]:
    """Numbers of the theory that the exports, or somebody, tell by themselves, and what each is read off from."""
    values, sources = {}, {}

    def take(name: str, value: float, source: str) -> None:
        about = numbers()[name]
        bounded = min(max(value, about.low), about.high)
        values[name] = int(round(bounded)) if about.type is int else float(f"{bounded:.4g}")
        sources[name] = source + ("" if bounded == value else f"; it was {value:.4g}, beyond the bounds")

    if people is not None:
        for side, name in (("marketing", "marketers"), ("sales", "salespeople")):
            here = found.people[found.people["side"] == side]
            seats = (
                f", {here['share'].sum():g} full seats" if here["share"].notna().all() and len(here) >= FEWEST else ""
            )
            sources[f"workforce.{name}"] = f"the people list: {len(here)}{seats}"
    elif found.deals is not None:
        owners = int(found.deals.loc[~is_nobody(found.deals["owner"]), "owner"].nunique())
        if owners:
            take("workforce.salespeople", owners, "owners of opportunities")
    if customers is not None:
        reps = values.get("workforce.salespeople", numbers()["workforce.salespeople"].default)
        reps = reps if people is None else int((people["department"] == SIDES["sales"][1]).sum())
        take("customers.per_rep", customers / max(reps, 1), f"{customers:,} customers on the first day, as was said")
    law = kept["measured"].get("cycle")
    if law:
        said = f"{_of(law)}ended opportunities, open ones censored; lognormal, error {law['error_log']:.2f} (log)"
        take("market.cycle_days", law["median"], f"working days; {said}")
        take("market.cycle_sd", law["sd_log"], said)
    law = kept["measured"].get("value")
    if law:
        said = (
            f"amounts of {_of(law)}opportunities, taken as worth a year; lognormal, error {law['error_log']:.2f} (log)"
        )
        take("market.value", law["median"] / 1000, f"thousands of {found.currency or 'the currency'}; {said}")
        take("market.value_sd", law["sd_log"], said)
    return values, sources


def _of(law: dict[str, Any]) -> str:
    """Of how many a law is, where it may be told."""
    return f"{law['n']} " if law["n"] is not None else ""


# --- a folder that is there ---


def read_funnel(folder: str | Path) -> dict[str, Any]:
    """The aggregates that a folder holds."""
    path = Path(folder) / "funnel.json"
    if not path.exists():
        raise InputError(f"{folder}: holds no funnel.json; `baton import FILES -o {folder}` makes one from exports")
    try:
        kept = json.loads(read_bytes(path, 20_000_000))
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: is not JSON as `baton import` writes it ({' '.join(str(error).split())})") from None
    lists = ("steps", "dead", "by_source", "by_pair", "by_month")
    if not isinstance(kept, dict) or any(not isinstance(kept.get(name), list) for name in lists):
        raise InputError(f"{path}: is not a funnel as `baton import` writes it")
    return kept


def measured_in(path: str) -> set[str]:
    """The numbers of a folder that were read off its exports."""
    if not path or not Path(path).is_file():
        return set()
    imported = load(read_text(path), path).get("imported")
    sources: Any = imported.get("measured") if isinstance(imported, dict) else None
    return set(sources) if isinstance(sources, dict) else set()


def said_in(folder: str | Path, choices: Choices, digests: dict[str, str]) -> Choices:
    """What was said when a folder was made, where it is not said anew; departments from the key.

    The day of the export is that of its files: others have their own.

    digests   name of a file -> its digest, for what was said of one file
    """
    path = place_of(folder) / MARK
    if not path.is_file():
        return choices
    imported = load(read_text(path), str(path)).get("imported")
    said = imported.get("said") if isinstance(imported, dict) else None
    if not isinstance(said, dict):
        return choices
    plain = Choices()
    new: dict[str, Any] = {}
    for name in KEPT_SAID:
        now, known = getattr(choices, name), getattr(plain, name)
        if name in said and type(said[name]) in COUNTS_SAID.get(name, (type(known), list, str)):
            before = tuple(said[name]) if isinstance(known, tuple) else said[name]
            if isinstance(known, dict):
                new[name] = {**before, **now}
            elif now == known:
                new[name] = before
    known_kinds = said["kinds"] if isinstance(said.get("kinds"), dict) else {}
    kinds = {name: known_kinds[digest] for name, digest in digests.items() if digest in known_kinds}
    new["kinds"] = {**kinds, **choices.kinds}
    files = imported.get("files")
    known = {each.get("digest") for each in files if isinstance(each, dict)} if isinstance(files, list) else set()
    if choices.as_of is None and isinstance(imported.get("as_of"), str) and set(digests.values()) <= known:
        new["as_of"] = datetime.date.fromisoformat(imported["as_of"])
    new["departments"] = {**_departments(folder), **choices.departments}
    return choices.but(**new)


def _departments(folder: str | Path) -> dict[str, str]:
    path = key_of(folder)
    if not path.is_file():
        return {}
    head, *rows = list(csv.reader(lines_of(decoded(read_bytes(path), path.name)))) or [[]]
    if head != KEY:
        return {}
    return {row[2].removeprefix("'"): row[1] for row in rows if len(row) == len(KEY) and row[0] == "department"}


def forget(folder: str | Path) -> list[Path]:
    """Remove a folder that an import wrote, with all that lies in it, and its key. Gives what was removed."""
    return [_removed(path) for path in to_forget(folder)]


def to_forget(folder: str | Path) -> list[Path]:
    """What `forget` would remove; refuses what no import wrote."""
    given = Path(folder)
    if given.is_symlink():
        raise InputError(f"{folder}: is a link; name the folder itself")
    path, key = place_of(folder) / MARK, key_of(folder)
    if not given.exists() and key.is_file() and not key.is_symlink():
        return [key]
    if not path.is_file() or "imported" not in load(read_text(path), str(path)):
        raise InputError(f"{folder}: holds no {MARK} that `baton import` wrote, so it is not removed")
    return [path.parent, *([key] if key.is_file() and not key.is_symlink() else [])]


def _removed(path: Path) -> Path:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
    return path
