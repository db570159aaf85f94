"""From a TOML file to an Experiment; all faults of a file are told at once, each with its line."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path
from textwrap import wrap
from typing import Any

import pandas as pd

from sim.errors import InputError, cut, nearest, size
from sim.files.reading import read_text
from sim.run import free_bytes
from sim.scenario import Scenario
from sim.scenario import read as read_scenario
from sim.scenario import shipped as shipped_scenarios
from sim.scenario import toml_read as text
from sim.scenario.own_theory import carried_theory
from sim.scenario.scenario import THEORY
from sim.scenario.schema import GROUPS, LONGEST
from sim.study.experiments import design
from sim.study.experiments.allowed import allowed, chosen_among, constraints_leave
from sim.study.experiments.conditions import SUCH, read_condition
from sim.study.experiments.experiment import Experiment, Factor, Sample
from sim.study.experiments.factors import (
    MOST_WHOLE,
    NAMED,
    factor,
    flat_names,
    theories_of,
    theory_factor,
    which_theory,
)
from sim.study.experiments.people import people_factor
from sim.study.experiments.plain_tables import (
    Faults,
    read_arms,
    read_doubt,
    read_each,
    read_markets,
    read_outcomes,
    read_sample,
)
from sim.study.experiments.points import read_points
from sim.study.experiments.possible import bounded, faults_of
from sim.study.experiments.settings import DATE, PEOPLE, YEAR, begins

HERE = Path(__file__).parents[2]
FOLDERS = (HERE / "_experiments", HERE.parent / "experiments")  # inside sim when installed, beside it in a checkout
FACTORS = {"levers": "lever", "uncertainties": "uncertainty"}
KEYS = ("title", "claim", "base", "days", "theories", "constraints", *FACTORS, "outcomes", "sample",
        "replications", "compare")  # fmt: skip


def shipped() -> dict[str, Path]:
    """Name -> file, of the experiments that come with Baton."""
    for folder in FOLDERS:
        if found := {path.stem: path for path in sorted(folder.glob("*.toml"))}:
            return found
    return {}


def read(path_or_name: str | os.PathLike[str]) -> Experiment:
    """Read a file or a shipped experiment."""
    path = _find(os.fspath(path_or_name))
    return parse(read_text(path), path)


def _find(name: str) -> Path:
    known, path = shipped(), Path(name)
    if name in known:
        return known[name]
    if path.suffix == ".toml" or len(path.parts) > 1:
        return path
    said = f"there is no experiment {text.shown(name)}{nearest(name, known) or '.'}"
    names = wrap(", ".join(known), 100, break_on_hyphens=False)
    raise InputError([f"{said} Give the path of a TOML file, or one of these:", *(f"  {line}" for line in names)])


def parse(
    toml: str,
    path: Path,
    base: Scenario | None = None,
    points: pd.DataFrame | None = None,
    known_hash: str = "",
    own_text: str | None = None,
) -> Experiment:
    """An experiment from its text; `path` names the file in sentences, and its folder is where other files are sought.

    A store gives the base, the points and the source of the user's own outcomes as it keeps them, so that they are not
    sought again, and nothing of the source is run.
    """
    reader = _Reader(text.load(toml, str(path)), path, base, points, own_text)
    made = reader.experiment()
    lines = text.key_lines(toml)
    placed = sorted((text.line_of(lines, fault.path), fault.sentence) for fault in reader.faults)
    problems = [f"{path}{f', line {line}' if line else ''}: {sentence}" for line, sentence in placed]
    if made is None or problems:
        raise InputError(problems + reader.elsewhere)
    return dataclasses.replace(made, text=toml, source=str(path), known_hash=known_hash)


class _Reader:
    """Puts the tables of one file together, and collects what is wrong with them."""

    def __init__(
        self,
        tables: dict[str, Any],
        path: Path,
        base: Scenario | None,
        points: pd.DataFrame | None,
        own: str | None = None,
    ):
        self.tables, self.path, self.known_base, self.known_points, self.own_text = tables, path, base, points, own
        self.faults = Faults()
        self.places: dict[str, tuple] = {}  # where each factor stands
        self.elsewhere: list[str] = []  # sentences about other files

    def experiment(self) -> Experiment | None:
        """The experiment, or None where something is wrong."""
        for key in self.tables:
            if key not in KEYS:
                near = nearest(key, KEYS, len(self.faults)) or (
                    "; put it under [levers] or [uncertainties]" if key in GROUPS else ""
                )
                self.faults.say((key,), f"{cut(key)} is not known{near}")
        title, claim = self._text("title"), self._text("claim")
        if "claim" not in self.tables:
            self.faults.say((), 'claim is missing: a sentence that the experiment can refute, such as claim = "..."')
        base = self.known_base or self._base(self._text("base") or "default")
        factors = [*self._theories(), *self._factors(base)]
        outcomes, kept, own = read_outcomes(self.tables, self.faults, self.path.parent, self.own_text)
        sample = read_sample(self.tables, self.faults)
        markets = read_markets(self.tables, self.faults)
        doubt = read_doubt(self.tables, markets, self.faults) if self.known_base is None else self._kept_doubt()
        each = read_each(self.tables, self.faults)
        factors, points = self._points(sample, factors)
        constraints = self._conditions(factors, sample, base)
        arms = read_arms(self.tables, {each.name for each in factors}, self.faults)
        if not self.faults and not self.elsewhere:
            self._check_method(sample, factors)
        if not self.faults and not self.elsewhere:
            n = len(points) if points is not None else design.count(sample, tuple(factors))
            self._check_size(n, len(factors), len(arms), len(markets))
        if self.faults or self.elsewhere:
            return None
        made = Experiment(title or self.path.stem.replace("-", " "), claim, base, tuple(factors), outcomes,
                          sample=sample, markets=markets, arms=arms, given=points, own=own, constraints=constraints,
                          doubt=doubt, each=each, **kept)  # fmt: skip
        if self.known_base is None:
            self._check_livable(made)
            made = self._left(made)
        if each and not self.faults:
            try:
                _ = made.counts
            except InputError as fault:
                self.faults.say(("replications", "each"), f"replications.{fault.problems[0]}")
        return made

    def _conditions(self, factors: list[Factor], sample: Sample, base: Scenario) -> tuple[str, ...]:
        """The constraints, read; and whether each factor's own condition can be, and its date is there."""
        given, where = self.tables.get("constraints", []), ("constraints",)
        if not isinstance(given, list):
            self.faults.wrong(where, given, f"a list of conditions, such as [{text.quoted(SUCH)}]")
            given = []
        chosen = chosen_among(factors)
        asked = [(where, "constraints", each) for each in given]
        asked += [(self._place(each), f"{_label(each)}.where", each.where) for each in factors if each.where]
        for place, label, condition in asked:
            found, faults = read_condition(condition, chosen)
            for sentence in faults:
                self.faults.say(place, f"{label}: {sentence}")
            own = label.removesuffix(".where").partition(".")[2]
            if found and own in found.names:
                self.faults.say(place, f"{label} asks for {own} itself")
            moved = {each.name for each in factors}
            for name in dict.fromkeys(found.names if found else ()):
                self._check_there(place, label, name, base)
            if found and label == "constraints" and not moved & set(found.names):
                self.faults.say(
                    place, f"{label}: {text.shown(condition)} is about no factor, so it leaves all or nothing"
                )
        for each in factors:
            self._check_there(self._place(each), _label(each), each.name, base)
            if each.group and sample.method != "saltelli":
                said = f'says nothing to method = "{sample.method}"; it belongs to "saltelli"'
                self.faults.say(self._place(each), f"{_label(each)}.group {said}")
        return tuple(given)

    def _check_there(self, place: tuple, label: str, name: str, base: Scenario) -> None:
        """Whether the base has the dated change whose day is asked for, and lives to see the year."""
        if (found := DATE.fullmatch(name)) and int(found[1]) > len(base.changes):
            self.faults.say(place, f"{label}: the base has {len(base.changes)} dated changes, so there is no {name}")
        if (found := YEAR.fullmatch(name)) and begins(int(found[2])) >= base.days:
            self.faults.say(place, f"{label}: the run ends before year {found[2]}; it has {base.days} days")

    def _left(self, made: Experiment) -> Experiment:
        """The experiment with the points of a list that hold to its constraints; a fault where nothing is left."""
        try:
            constraints_leave(made)
        except InputError as fault:
            for sentence in fault.problems:
                self.faults.say(("constraints",), sentence)
            return made
        if made.given is None or not made.constraints:
            return made
        return dataclasses.replace(made, given=made.given[allowed(made, made.given)].reset_index(drop=True))

    def _kept_doubt(self) -> bool:
        """Whether a store's own text says so; a part of an experiment may hold one market of two."""
        return self.tables.get("replications", {}).get("doubt") is True

    def _text(self, key: str) -> str:
        given = self.tables.get(key, "")
        if isinstance(given, str):
            return given
        self.faults.wrong((key,), given, "a text")
        return ""

    def _base(self, given: str) -> Scenario:
        """The scenario that every point begins from, with the experiment's horizon."""
        beside = given.endswith(".toml") and given not in shipped_scenarios()
        try:
            base = read_scenario(self.path.parent / given if beside else given)
            base.load_organization()  # the user's own people, if there are any
        except InputError as error:
            self.faults.say(("base",), f"base = {text.shown(given)} cannot be read")
            self.elsewhere += error.problems
            base = Scenario()
        if "days" in self.tables:
            days = self.faults.whole(("days",), self.tables["days"], 1, LONGEST, base.days)
            try:
                base = base.but(days=days)
            except InputError as error:
                for sentence in error.problems:
                    self.faults.say(("days",), sentence)
        return base

    def _theories(self) -> list[Factor]:
        """The theories that are compared, as a factor; in a store nothing of them is run."""
        given = self.tables.get("theories")
        if given is None:
            return []
        ours = self.known_base is not None and isinstance(given, list) and all(isinstance(each, dict) for each in given)
        try:
            if ours:
                return [which_theory([carried_theory(each, self.path) if "text" in each else None for each in given])]
            if isinstance(given, list) and all(isinstance(each, str) for each in given):
                return [which_theory(given, self.path.parent)]
            self.faults.wrong(("theories",), given, 'a list such as ["baton", "mine.py"]')
        except InputError as error:
            self.faults.say(("theories",), f"theories = {text.shown(given)} cannot be lived by")
            self.elsewhere += error.problems
        return []

    def _factors(self, base: Scenario) -> list[Factor]:
        found: dict[str, Factor] = {}
        for table, kind in FACTORS.items():
            for name, where, value in flat_names(self.faults.table(self.tables, table), (table,)):
                if name == PEOPLE:
                    kept = self.known_base is not None
                    made, sentences, more = people_factor(kind, value, self.path.parent, base, kept)
                    self.elsewhere += more
                else:
                    made, sentences = factor(name, kind, value, len(self.faults))
                named = value in NAMED or (isinstance(value, dict) and "range" in value)
                made = bounded(made, base) if made and named else made
                for sentence in sentences:
                    self.faults.say(where, f"{table}.{sentence}")
                if made and name in found:
                    self.faults.say(where, f"{table}.{name} is there twice")
                elif made:
                    found[name], self.places[name] = made, where
        return list(found.values())

    def _place(self, each: Factor) -> tuple:
        """Where a factor stands in the file."""
        return ("theories",) if each.theories else self.places.get(each.name, ("sample", "file"))

    def _points(self, sample: Sample, factors: list[Factor]) -> tuple[list[Factor], pd.DataFrame | None]:
        """The listed points; where no factor was declared, the file's columns are the factors."""
        if self.known_points is not None:
            return factors or [theory_factor(str(name)) for name in self.known_points], self.known_points
        if not sample.file:
            return factors, None
        factors, points, problems = read_points(str(self.path.parent / sample.file), factors)
        if problems:
            self.faults.say(("sample", "file"), f"sample.file = {text.shown(sample.file)} cannot be used")
            self.elsewhere += problems
        return factors, points

    def _check_method(self, sample: Sample, factors: list[Factor]) -> None:
        """Whether the method can do with these factors."""
        if not factors:
            self.faults.say((), "there is nothing to vary: name a number under [levers] or [uncertainties]")
        if sample.method in ("saltelli", "morris") and len(factors) < 2:
            self.faults.say(("sample", "method"), f'method = "{sample.method}" needs at least two factors')
        for each in factors if sample.method == "grid" else ():
            few = each.whole and each.high - each.low < MOST_WHOLE
            if not (each.values or each.levels or few):
                needs = "a grid needs the values themselves, or levels = 4 with the range"
                self.faults.say(self._place(each), f"{_label(each)}: {needs}")

    def _check_size(self, points: int, factors: int, arms: int, markets: int) -> None:
        """Whether there are not too many points, for this machine or for any."""
        runs, needed, free = points * arms * markets, design.memory(points, factors), free_bytes()
        if points <= design.MOST_POINTS and runs <= design.MOST_RUNS and (not free or needed <= free):
            return
        where = ("sample", "points") if "points" in self.tables.get("sample", {}) else ("sample",)
        many = f"{points:,} points x {arms:,} arms x {markets:,} markets are {runs:,} runs"
        room = f"the design alone needs about {size(needed)} of memory, and {size(free)} are free"
        most = f"at most {design.MOST_POINTS:,} points and {design.MOST_RUNS:,} runs are taken"
        self.faults.say(where, f"{many}: {room}; {most}")

    def _check_livable(self, made: Experiment) -> None:
        """Whether the base can be run under each arm, and with each factor at one end at least."""
        for arm, changes in made.arms.items():
            for sentence in faults_of(made.base, changes, made.set_out):
                self.faults.say(("compare", arm), f"compare.{arm}: {sentence}")
        for each in made.factors:
            low, high = (
                faults_of(made.base, self._alone(made, each.name, value), made.set_out)
                for value in each.at([0.0, 0.999_999]).tolist()
            )
            if low and high:
                self.faults.say(self._place(each), f"{_label(each)}: {low[0]}")

    def _alone(self, made: Experiment, name: str, value: object) -> dict:
        """One factor's value, and where it is a theory's own number, that theory."""
        word = next((word for word, each in theories_of(made.factors).items() if each and each.has(name)), None)
        return {name: value} if word is None else {name: value, THEORY: word}


def _label(each: Factor) -> str:
    if each.theories:
        return "theories"
    return f"{'levers' if each.kind == 'lever' else 'uncertainties'}.{each.name}"
