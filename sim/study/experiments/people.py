"""Whose people a point has, as a factor: the base's, generated, drawn by lot, of GraphML files, of other firms."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputError, nearest
from sim.intake import OrganizationSource, read_organization
from sim.intake.drawn import KINDS
from sim.scenario import Scenario
from sim.scenario import read as read_scenario
from sim.scenario.toml_file import OWN_FIRM, shipped_scenarios
from sim.scenario.toml_read import shown
from sim.study.experiments.factors import Factor
from sim.study.experiments.settings import AS_BASE, GENERATED, PEOPLE

if TYPE_CHECKING:
    from sim.study.experiments.experiment import Experiment

WORDS = (AS_BASE, GENERATED, *KINDS)
FORMS = (
    f"a list of texts out of {', '.join(f'{word!r}' for word in WORDS)}, GraphML files, folders of them, and scenarios "
    "with people of their own"
).replace("'", '"')
MOST = 1000  # files


def people_factor(
    kind: str, given: Any, folder: Path, base: Scenario, kept: bool = False
) -> tuple[Factor | None, list[str], list[str]]:
    """The factor; what is wrong with it; and what is wrong with the files that it names.

    folder   where files are sought
    kept     it stands in a store: its texts are names, and no file is opened
    """
    more: dict[str, Any] = {}
    if isinstance(given, dict) and "values" in given and set(given) <= {"values", "where", "group"}:
        more, given = {key: value for key, value in given.items() if key != "values"}, given["values"]
    texts = [given] if isinstance(given, str) else given
    right = isinstance(texts, list) and texts and all(isinstance(each, str) and each for each in texts)
    if not right or not all(isinstance(value, str) for value in more.values()):
        return None, [f"{PEOPLE} = {shown(given)} must be {FORMS}"], []
    if kept:
        return Factor(PEOPLE, kind, 0, len(texts) - 1, tuple(texts), **more), [], []
    named: list[tuple[str, Path | str]] = []
    faults: list[str] = []
    for text in texts:
        found, said = _found(text, folder)
        named += found
        faults += said
    twice = [name for name, times in Counter(name for name, _ in named).items() if times > 1]
    faults += [f"{PEOPLE}: two are called {shown(name)}; give the files different names" for name in twice]
    if not faults and not 2 <= len(named) <= MOST:
        faults.append(f"{PEOPLE} = {shown(given)} is {len(named)} of them; give from 2 to {MOST:,}")
    if faults:
        return None, faults, []
    sources, elsewhere = {}, []
    for name, where in named:
        if where in WORDS:
            continue
        try:
            source = _source(where, base)
            sources[name] = (source, read_organization(source).digest)
        except InputError as error:
            elsewhere += error.problems
    names = tuple(name for name, _ in named)
    return Factor(PEOPLE, kind, 0, len(names) - 1, names, sources=sources, **more), [], elsewhere


def missing_people(experiment: Experiment) -> list[str]:
    """Names of people that only the experiment's own files have: a store keeps their names alone."""
    return [name for each in experiment.factors if each.name == PEOPLE
            for name in each.values if name not in (*WORDS, *each.sources)]  # fmt: skip


def check_people(experiment: Experiment) -> None:
    """Raise InputError where a run needs people that are not there."""
    if gone := missing_people(experiment):
        said = (f"the people of {', '.join(gone)} are not in the store; run the experiment's own file, beside theirs "
                "(with one outcome more in it, and into a new folder, to keep that too)")  # fmt: skip
        raise InputError(f"{experiment.title!r}: {said}")


def _found(text: str, folder: Path) -> tuple[list[tuple[str, Path | str]], list[str]]:
    """What a text names: (name in the design, where it is read from); or what is wrong with it."""
    if text in WORDS:
        return [(text, text)], []
    if text in shipped_scenarios():
        return [(text, shipped_scenarios()[text])], []
    try:
        path = folder / text
        if path.is_dir() and not (path / OWN_FIRM).is_file():
            files = sorted(path.glob("*.graphml"))
            return [(each.stem, each) for each in files], [] if files else [f"{PEOPLE}: {shown(text)} has no .graphml"]
        if path.exists():
            return [(path.stem, path)], []
    except (OSError, ValueError):
        pass
    near = nearest(text, [*WORDS, *shipped_scenarios()])
    return [], [f"{PEOPLE}: there is no file, folder or scenario {shown(text)}{near}"]


def _source(where: Path | str, base: Scenario) -> OrganizationSource:
    """Where people are read from; a GraphML file is read by the words of the base's [organization]."""
    if Path(where).suffix == ".graphml":
        path = str(Path(where).absolute())
        if isinstance(base.organization, OrganizationSource):
            return replace(base.organization, graphml=path, people=None, ties=None, graph=None)
        return OrganizationSource(("Marketing*",), ("Sales*",), graphml=path)
    own = read_scenario(where).organization
    if not isinstance(own, OrganizationSource):
        raise InputError(f"{where}: has no people of its own ([organization])")
    return own
