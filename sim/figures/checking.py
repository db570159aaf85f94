"""The proof of a picture: run again what it says it shows, and compare every number."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import sim
from sim.errors import InputError
from sim.figures import provenance, recipes, styles
from sim.figures.provenance import Told
from sim.figures.reading import Difference, differences, read
from sim.scenario import Scenario
from sim.scenario_file import parse


@dataclasses.dataclass(frozen=True)
class Check:
    """What came of drawing a picture's numbers again."""

    path: Path
    told: Told
    numbers: int  # compared
    differences: list[Difference]
    notes: list[str]  # what else is not as it was: version, scenario, market

    @property
    def same(self) -> bool:
        """Whether every number is the same."""
        return not self.differences

    def sentences(self, most: int) -> list[str]:
        """The answer for people; at most so many numbers one by one."""
        told, n = self.told, len(self.differences)
        head = [f"{self.path}: {told.title}"]
        head += [f"  {told.command}"] if told.command else []
        scenarios = ", ".join(f"{each['name']} {each['hash']}" for each in told.scenarios)
        head.append(f"  Baton {told.version}, scenario {scenarios}, market {told.market}")
        said = ["\n".join(head)] + (["\n".join(self.notes)] if self.notes else [])
        if self.same:
            return [*said, f"The same figure: {self.numbers:,} numbers compared, none differs."]
        rows = [f"  {each}" for each in self.differences[:most]]
        rows += [f"  and {n - most:,} more"] if n > most else []
        first = f"Another figure: {n:,} of {self.numbers:,} numbers differ{', the most:' if n > most else ':'}"
        return [*said, "\n".join([first, *rows])]


def check(path: str | Path, work: recipes.Work, read_again: Callable[[dict], Scenario]) -> Check:
    """Draw a picture's numbers again and compare them with those its file carries.

    Parameters
    ----------
    path
        A picture that Baton wrote.
    work
        How the runs are done.
    read_again
        From what a user named ({"given": name, "set": levers}) to a scenario. It
        is read anew, so that a file changed since is found out; a scenario that
        cannot be read any more is taken from the picture itself.

    Raises
    ------
    InputError
        No picture of Baton, or one whose runs cannot be done again here.
    """
    told = read(path)
    notes = [] if told.version == sim.__version__ else [
        f"It was drawn by Baton {told.version}; this is Baton {sim.__version__}."]  # fmt: skip
    if told.figure in recipes.RECIPES and recipes.recipe(told.figure).of_store:
        return _check_store(path, told, work, notes)
    if told.figure not in recipes.RECIPES or not told.scenarios or not all(each["toml"] for each in told.scenarios):
        raise InputError(f"{path}: this picture does not say of which scenarios it is, so it cannot be drawn again")
    scenarios = [_scenario(each, read_again, notes) for each in told.scenarios]
    again = _again(told, scenarios, work)
    if told.market and again.market != told.market:
        notes.append(f"The market is another one: {told.market} in the file, {again.market} now.")
    return _compared(path, told, again, notes)


def _check_store(path: str | Path, told: Told, work: recipes.Work, notes: list[str]) -> Check:
    """As `check`, for a picture of a sweep: its folder is read again."""
    if not told.options.get("store"):
        raise InputError(f"{path}: this picture does not say in which folder its sweep lies; draw it by "
                         "baton export figure")  # fmt: skip
    again = _again(told, (), work)
    was, now = told.options.get("experiment"), again.options.get("experiment")
    if was != now:
        notes.append(f"{told.options['store']} holds another experiment: its hash was {was} and is {now}.")
    return _compared(path, told, again, notes)


def _again(told: Told, scenarios, work: recipes.Work) -> Told:
    with styles.dressed(styles.style_called(told.style)):
        return provenance.of(recipes.draw(told.figure, scenarios, told.seeds, told.options, work))


def _compared(path: str | Path, told: Told, again: Told, notes: list[str]) -> Check:
    every = {(each.name, at) for side in (told.data, again.data) for each in side for at in each.at}
    return Check(Path(path), told, len(every), differences(told.data, again.data), notes)


def _scenario(kept: dict, read_again: Callable[[dict], Scenario], notes: list[str]) -> Scenario:
    """The scenario as it is now under the name it was given, or else as the picture carries it."""
    given = kept.get("given")
    if given is not None:
        try:
            now = read_again(kept)
        except InputError as fault:
            notes.append(f"{given} cannot be read any more ({fault.problems[0]}); the scenario is taken from the file.")
        else:
            if now.hash != kept["hash"]:
                hashes = f"its hash was {kept['hash']} and is {now.hash}"
                notes.append(f"{given} has changed since: {hashes}. {_moved(kept, now)}")
            return now
    carried = parse(kept["toml"], Path(kept["name"] + ".toml"))
    if carried.hash != kept["hash"]:
        notes.append(f"{kept['name']}: the default of a number has changed since: its hash was {kept['hash']} and is "
                     f"{carried.hash}.")  # fmt: skip
    return carried


def _moved(kept: dict, scenario: Scenario) -> str:
    """Which levers of a scenario differ from those the picture carries."""
    rows = parse(kept["toml"], Path(kept["name"] + ".toml")).differs(scenario)
    if not rows:
        return "No lever of its own differs: a default of the theory does."

    def word(value) -> str:
        return "nothing" if value in ("", None) else str(value)

    return f"Different: {'; '.join(f'{name} was {word(was)}, is {word(now)}' for name, was, now in rows)}."
