"""From a TOML file to a Scenario and back; all faults of a file are told at once, each with its place."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from sim.errors import InputError, nearest
from sim.files import file_kinds
from sim.files.toml_written import toml_text
from sim.intake import Columns, Grievance, OrganizationSource, Trust, Withheld
from sim.scenario import toml_read as text
from sim.scenario.changes import MOST_CHANGES, after_the_end, faults_across, shock_fault, too_many_changes
from sim.scenario.fitted import as_table, sets_in_file, with_customers, without
from sim.scenario.own_theory import OwnTheory, carried_theory, read_theory, shipped_theories
from sim.scenario.refusals import COUNTED, PLACED, measured
from sim.scenario.scenario import HORIZON, Change, Scenario
from sim.scenario.schema import ALLOWED, GROUPS, Fault, check, flat, in_words

HERE = Path(__file__).parents[1]
OWN_FIRM = "firm.toml"  # of a folder that `baton import` wrote
DEEPEST = 12  # files that are based on each other
FOLDERS = (HERE / "_scenarios", HERE.parent / "scenarios")  # inside sim when installed, beside it in a checkout


def shipped_scenarios() -> dict[str, Path]:
    """Name -> file, of the scenarios that come with Baton."""
    for folder in FOLDERS:
        if (folder / "default.toml").is_file():
            return {path.stem: path for path in sorted(folder.glob("*.toml"))}
    return {}


def read_scenario(path_or_name: str | os.PathLike[str], chain: tuple[Path, ...] = ()) -> Scenario:
    """Read a file or a shipped scenario; `chain` is the files that are based on this one."""
    path = _find(os.fspath(path_or_name))
    if len(chain) > DEEPEST:
        raise InputError(f"{chain[0]}: based_on leads over more than {DEEPEST} files")
    if path in chain:
        names = " -> ".join(p.name for p in (*chain[chain.index(path) :], path))
        raise InputError(f"{path}: based_on goes in a circle: {names}")
    return parse(text.read_text(path), path, (*chain, path))


def read_unfitted(folder: str | os.PathLike[str]) -> Scenario:
    """The firm that `baton import` wrote, as its own file says it: a fit that lies beside it is not looked at."""
    path = Path(folder) / OWN_FIRM
    return parse(text.read_text(path), path, (path,), fitted=False)


def _find(name: str) -> Path:
    known = shipped_scenarios()
    path = Path(name)
    if name in known:
        return known[name]
    if not name:
        raise InputError('scenario = "": give the name of a shipped one (baton scenarios list), or the path of a file')
    if _exists(path) and path.is_dir() and (path / OWN_FIRM).is_file():
        return path / OWN_FIRM
    if path.suffix == ".toml" or len(path.parts) > 1 or _exists(path):
        if path.stem in known and not _exists(path):
            raise InputError(f'{name}: there is no such file; the shipped scenario is called "{path.stem}"')
        return path
    near = nearest(name, known) or "; see baton scenarios list"
    raise InputError(f'there is no scenario and no file "{text.shown(name)[1:-1]}"{near}')


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def parse(toml: str, path: Path, chain: tuple[Path, ...] = (), fitted: bool = True, ours: bool = False) -> Scenario:
    """A scenario from its text; `path` names the file in sentences, and its folder is where other files are sought.

    ours   whether Baton wrote the text: only then it may carry a theory in itself
    """
    tables = text.load(toml, str(path))
    if what := file_kinds.other_than_scenario(tables):
        raise InputError(f"{path}: is no scenario but {what}")
    lines = text.key_lines(toml)
    problems: list[str] = []
    faults: list[Fault] = []

    base = _base(tables.pop("based_on", None), path, chain, faults, problems)
    theory = _theory(tables.pop("theory", base.own_theory), path, ours, faults, problems)
    base = base if theory == base.own_theory else base._living_by(theory)
    dated = _dated_practices(tables, faults)
    own_changes = tables.pop("changes", None)
    imported = tables.pop("imported", None)  # what `baton import` was told, and where its numbers are from
    carried_sets = tables.pop("fitted", None)
    good, more = check("file", tables)
    faults += more
    organization = base.organization
    if "organization" in good and not any(fault.path[0] == "organization" for fault in more):
        organization = _organization(good["organization"], path, faults)
    own = flat(good)
    sets, middle = sets_in_file(carried_sets, path, imported if fitted else None, own, faults)
    values = with_customers({**base.values, **own}, middle)
    days = good.get("days", base.days)
    changes = list(base.changes) if own_changes is None else _changes(own_changes, days, faults)
    changes += dated
    faults += [Fault(("practices",), f"practices: {after_the_end(c.day, days)}") for c in dated if c.day >= days]
    faults += faults_across(days, values, changes, organization)
    placed = sorted((text.line_of(lines, fault.path), fault.sentence) for fault in faults)
    problems = [f"{path}{f', line {line}' if line else ''}: {sentence}" for line, sentence in placed] + problems
    if problems:
        raise InputError(problems)
    title = good.get("title", path.stem.replace("-", " "))
    try:
        return Scenario(
            title, good.get("question", ""), days, values, tuple(changes), organization, str(path),
            sets=sets or without(base.sets, own),
            firm=base.firm if imported is None else str(path.parent.resolve()), own_theory=theory,
        )  # fmt: skip
    except InputError as error:  # such as a change of the file it is based on that comes after the end
        raise InputError([f"{path}: {sentence}" for sentence in error.problems]) from None


def carried(toml: str, name: str | Path) -> Scenario:
    """The scenario that another file carries as text (a run, a store, a picture); no file that it names is opened."""
    if "based_on" in text.load(toml, str(name)):
        raise InputError(f"{name}: the scenario that it carries names another file (based_on), which is not opened")
    return parse(toml, Path(name), ours=True)


def _theory(given: object, path: Path, ours: bool, faults: list[Fault], problems: list[str]) -> OwnTheory | None:
    """The theory that a scenario lives by: a file that lies beside it, or what a file that Baton wrote carries."""
    if given is None or isinstance(given, OwnTheory):
        return given
    if isinstance(given, dict) and ours:
        return carried_theory(given, path)
    if not isinstance(given, str):
        faults.append(Fault(("theory",), f"theory = {text.shown(given)} must be {ALLOWED['theory']}"))
        return None
    try:
        return read_theory(given, path.parent)
    except InputError as error:
        faults.append(Fault(("theory",), f"theory = {text.shown(given)} cannot be lived by"))
        problems += error.problems
        return None


def _base(given: object, path: Path, chain, faults: list[Fault], problems: list[str]) -> Scenario:
    """The scenario whose values are inherited."""
    if given is None:
        return Scenario()
    if not isinstance(given, str):
        faults.append(Fault(("based_on",), f"based_on = {text.shown(given)} must be the name or path of a scenario"))
        return Scenario()
    name = given if given in shipped_scenarios() else str(path.parent / given) if given.endswith(".toml") else given
    try:
        return read_scenario(name, chain)
    except InputError as error:
        faults.append(Fault(("based_on",), f"based_on = {text.shown(given)} cannot be read"))
        problems += error.problems
        return Scenario()


def _dated_practices(tables: dict[str, Any], faults: list[Fault]) -> list[Change]:
    """Practices written `{mode = "mandated", day = 260}`: taken out of the tables, as changes."""
    practices = tables.get("practices")
    if not isinstance(practices, dict):
        return []
    changes = []
    for key, given in list(practices.items()):
        if not isinstance(given, dict):
            continue
        del practices[key]
        path = ("practices", key)
        if set(given) != {"mode", "day"}:
            faults.append(Fault(path, f'practices.{key} must be a word, or such as {{mode = "mandated", day = 260}}'))
            continue
        good, more = check("change", {"day": given["day"], "practices": {key: given["mode"]}})
        faults += [Fault(path, f"practices.{key}: {fault.sentence}") for fault in more]
        if not more:
            changes.append(Change(good["day"], flat(good)))
    return changes


def _changes(given: object, days: int, faults: list[Fault]) -> list[Change]:
    """The dated changes that are right."""
    if not isinstance(given, list) or not all(isinstance(table, dict) for table in given):
        faults.append(Fault(("changes",), "changes must be tables, each under its own line [[changes]]"))
        return []
    if len(given) > MOST_CHANGES:  # before each of them is looked at
        faults.append(Fault(("changes",), too_many_changes(len(given))))
        return []
    changes = []
    for n, table in enumerate(given):
        where, name = ("changes", n), f"changes {n + 1}"
        shock = None
        if not isinstance(table.get("shock", {}), dict):
            shock = table["shock"]
            table = {key: value for key, value in table.items() if key != "shock"}
        good, more = check("change", table)
        if "day" not in table:
            more.append(Fault((), f"day is missing; give {ALLOWED['day']}"))
        elif good.get("day", 0) >= days:
            more.append(Fault(("day",), after_the_end(good["day"], days)))
        if sentence := shock_fault(shock):
            more.append(Fault(("shock",), sentence))
        if not more:
            try:
                changes.append(Change(good["day"], flat(good), shock, good.get("days")))
            except InputError as error:
                more = [Fault((), sentence) for sentence in error.problems]
        faults += [Fault((*where, *fault.path), f"{name}: {fault.sentence}") for fault in more]
    return changes


def _organization(table: Mapping[str, Any], path: Path, faults: list[Fault]) -> OrganizationSource | Withheld | None:
    """`[organization]` as the intake wants it; its files are sought beside the scenario file."""
    given = dict(table)
    if "withheld" in given:
        return Withheld.of_table(given, path.parent)
    for key in ("people", "ties", "graphml"):
        if key in given:
            given[key] = str((path.parent / given[key]).absolute())
    columns = {("from_" if key == "from" else key): value for key, value in given.get("columns", {}).items()}
    try:
        for key, kind, keys in (("trust", Trust, ("relation", "low", "high")),
                                ("grievance", Grievance, ("relation", "from"))):  # fmt: skip
            if key in given:
                missing = [k for k in keys if k not in given[key]]
                if missing:
                    raise InputError(
                        f"organization.{key}: {missing[0]} is missing; it must be {ALLOWED['organization.' + key]}"
                    )
                given[key] = kind(*(given[key][k] for k in keys))
        return OrganizationSource(
            marketing=tuple(given.pop("marketing", ())), sales=tuple(given.pop("sales", ())),
            tie=tuple(given.pop("tie", ())), columns=Columns(**columns),
            distances=tuple(given.pop("distances_m", {}).items()),
            **{key: value for key, value in given.items() if key != "columns"},
        )  # fmt: skip
    except InputError as error:
        faults += [Fault(("organization",), sentence) for sentence in error.problems]
        return None


def found_again(withheld: Withheld) -> OrganizationSource:
    """The people whom a file that may be mailed only knows by their hash, from the scenario file that names them."""
    known = shipped_scenarios()
    for path in (*withheld.places(), *filter(None, [known.get(Path(withheld.file).stem)])):
        if _exists(path):
            own = read_scenario(path).organization
            if isinstance(own, OrganizationSource):
                return replace(own, keep_names=withheld.keep_names)
    said = f"its people are not in this file (it may be mailed); they are known by the hash {withheld.digest[:12]}"
    where = f"do it where {withheld.file} is, or put this beside it" if withheld.file else "they were given in Python"
    raise InputError(f"{said}: {where}")


def _withheld(scenario: Scenario) -> Withheld:
    """What a file that may be mailed says of a user's own people."""
    own = scenario.organization
    if isinstance(own, Withheld):
        return own
    sizes = [int(scenario.value(name)) for name in COUNTED]
    metres = measured(scenario.load_organization()).get(PLACED)
    return Withheld(scenario.people, *sizes, metres, own.lists_ties, Path(scenario.source).name)


def to_toml(scenario: Scenario, shared: bool = False, beside: bool = False) -> str:
    """A text that reads back to an equal scenario; `shared`: without a path, or a name of the user's own; `beside`: the
    file of its theory lies in the same folder."""
    table: dict[str, Any] = {"title": scenario.title, "question": scenario.question or None}
    table["days"] = scenario.days if scenario.days != HORIZON else None
    if scenario.own_theory is not None:
        own_theory = replace(scenario.own_theory, file=scenario.own_theory.called) if beside else scenario.own_theory
        carried_too = shared and not beside
        table["theory"] = own_theory.table() if carried_too else _theory_named(own_theory)
    if scenario.organization is not None:
        own = scenario.organization
        hidden = shared or isinstance(own, Withheld)
        table["organization"] = _withheld(scenario).table() if hidden else _organization_table(own)
    table["changes"] = [
        {"day": change.day, "days": change.days, "shock": change.shock, **_grouped(change.values)}
        for change in scenario.changes
    ] or None
    return toml_text(table | _grouped(scenario.values) | {"fitted": as_table(scenario.sets)})


def _theory_named(theory: OwnTheory) -> str | dict[str, Any]:
    """A theory as a user's own file names it; one whose file is not here is carried."""
    shipped = shipped_theories().get(theory.name)
    if shipped and str(shipped.absolute()) == theory.file:
        return theory.name
    return theory.file or theory.table()


def _grouped(values: Mapping[str, float]) -> dict[str, dict[str, Any]]:
    """Numbers by their groups, in words, as a file has them."""
    found: dict[str, dict[str, Any]] = {}
    for group in dict.fromkeys([*GROUPS, *(name.split(".")[0] for name in values)]):
        own = {n.split(".")[1]: in_words(n, v) for n, v in values.items() if n.split(".")[0] == group}
        if own:
            found[group] = own
    return found


def _organization_table(source: OrganizationSource) -> dict[str, Any]:
    """`[organization]` as a file says it; a networkx graph cannot be written, so its place is named."""
    plain = Columns()
    columns = {key.rstrip("_"): value for key, value in vars(source.columns).items() if value != getattr(plain, key)}
    table = {
        "people": source.people,
        "ties": source.ties,
        "graphml": source.graphml if source.graph is None else "(a networkx graph: save it as GraphML)",
        "marketing": source.marketing,
        "sales": source.sales,
        "others": source.others if source.others != "left out" else None,
        "tie": source.tie,
        "trust": source.trust and vars(source.trust),
        "grievance": source.grievance and {"relation": source.grievance.relation, "from": source.grievance.at_least},
        "columns": columns or None,
        "distances_m": dict(source.distances) or None,
    }
    return {key: value for key, value in table.items() if value is not None}
