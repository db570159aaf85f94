"""The proof of a picture: run again what it says it shows, and compare every number."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path

import sim
from sim.errors import InputError, plural
from sim.figures import imprint, recipes, styles
from sim.figures.imprint import Told
from sim.figures.imprint_read import Difference, differences, read
from sim.files.provenance import made_by, other_day, other_rules
from sim.scenario import Scenario, shipped
from sim.scenario.toml_file import carried
from sim.scenario.toml_read import load

MOST_RUNS = 2_000  # markets that a picture may ask for
MOST_WORK = 500_000_000  # days times people of all runs that a picture may ask for


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
        own = f", day {told.made['day']} ({told.made['day_hash']})" if "day_hash" in told.made else ""
        own += f", theory {told.made['theory']} ({told.made['theory_hash']})" if "theory_hash" in told.made else ""
        head.append(
            f"  Baton {told.version}, rules {told.made['rules']}{own}, scenario {scenarios}, market {told.market}"
        )
        said = ["\n".join(head)] + (["\n".join(self.notes)] if self.notes else [])
        if self.same:
            return [*said, f"The same figure: {self.numbers:,} numbers compared, none differs."]
        rows = [f"  {each}" for each in self.differences[:most]]
        rows += [f"  and {n - most:,} more"] if n > most else []
        first = f"Another figure: {n:,} of {self.numbers:,} numbers differ{', the most:' if n > most else ':'}"
        return [*said, "\n".join([first, *rows])]


def check(
    path: str | Path,
    work: recipes.Work,
    read_again: Callable[[dict], Scenario],
    named: Sequence[str] = (),
    anyway: bool = False,
) -> Check:
    """Draw a picture's numbers again and compare them with those its file carries.

    A picture may come from anybody, so no file that it names is opened: a
    scenario is read again if it is shipped with Baton or if the user names it,
    else it is the one that the picture carries.

    Parameters
    ----------
    path
        A picture that Baton wrote.
    work
        How the runs are done, and by whose day.
    read_again
        From what a user named ({"given": name, "set": levers}) to a scenario.
    named
        The picture's scenarios (of a sweep's picture: its folder) as the user names them now, in their order.
    anyway
        Compare the numbers although the rules have changed since.

    Raises
    ------
    InputError
        No picture of Baton, one that was made by other rules or by another day,
        or one whose runs cannot be done again here.
    """
    told = read(path)
    changed, notes = other_rules(path, told.made), []
    if fault := (changed if not (anyway and told.made.get("rules")) else "") or other_day(path, told.made, work.step):
        hint = "; --anyway compares its numbers all the same" if fault is changed and told.made.get("rules") else ""
        raise InputError(fault + hint)
    if changed:
        notes.append(f"It was made by other rules: {told.made['rules']} then, {made_by()['rules']} now.")
    if told.version != sim.__version__:
        notes.append(f"It was drawn by Baton {told.version}; this is Baton {sim.__version__}.")
    if told.figure in recipes.RECIPES and recipes.recipe(told.figure).of_store:
        return _check_store(path, told, work, notes, named)
    if told.figure not in recipes.RECIPES or not told.scenarios or not all(each["toml"] for each in told.scenarios):
        raise InputError(f"{path}: this picture does not say of which scenarios it is, so it cannot be drawn again")
    if named and len(named) != len(told.scenarios):
        raise InputError(f"{path}: is a picture of {plural(len(told.scenarios), 'scenario')}, and {len(named)} named")
    now = named or [None] * len(told.scenarios)
    scenarios = [_scenario(path, *pair, read_again, notes) for pair in zip(told.scenarios, now, strict=True)]
    _check_size(path, told, scenarios)
    again = _again(told, scenarios, work)
    if told.market and again.market != told.market:
        notes.append(f"The market is another one: {told.market} in the file, {again.market} now.")
    return _compared(path, told, again, notes)


def _check_store(path: str | Path, told: Told, work: recipes.Work, notes: list[str], named: Sequence[str]) -> Check:
    """As `check`, for a picture of a sweep: the folder that the user names is read again."""
    if len(named) != 1:
        raise InputError(f"{path}: is a picture of a sweep; name its folder: baton export figure --check {path} STORE")
    again = _again(dataclasses.replace(told, options=told.options | {"store": named[0]}), (), work)
    was, now = told.options.get("experiment"), again.options.get("experiment")
    if was != now:
        notes.append(f"{named[0]} holds another experiment: its hash was {was} and is {now}.")
    return _compared(path, told, again, notes)


def _check_size(path: str | Path, told: Told, scenarios: Sequence[Scenario]) -> None:
    """Refuse a picture that asks for more than anybody waits for."""
    runs = len(told.seeds) + len(told.options.get("band", ()))
    work = runs * sum(each.days * (each.theory.workforce.marketers + each.theory.workforce.salespeople)
                      for each in scenarios)  # fmt: skip
    if work > MOST_WORK or runs > MOST_RUNS:
        raise InputError(f"{path}: asks for {runs:,} markets, {work:,} days of people in all; a check does at most "
                         f"{MOST_RUNS:,} and {MOST_WORK:,}. If you trust it, draw it anew by its command")  # fmt: skip


def _again(told: Told, scenarios, work: recipes.Work) -> Told:
    with styles.dressed(styles.style_called(told.style)):
        return imprint.of(recipes.draw(told.figure, scenarios, told.seeds, told.options, work))


def _compared(path: str | Path, told: Told, again: Told, notes: list[str]) -> Check:
    every = {(each.name, at) for side in (told.data, again.data) for each in side for at in each.at}
    return Check(Path(path), told, len(every), differences(told.data, again.data), notes)


def _scenario(
    path: str | Path, kept: dict, named: str | None, read_again: Callable[[dict], Scenario], notes: list[str]
) -> Scenario:
    """The scenario as it is now under the name it has, or else as the picture carries it."""
    name = named or kept.get("given")
    if named or name in shipped():
        now = read_again(kept | {"given": name} | _by_hand(kept, name, read_again))
        if now.hash != kept["hash"]:
            hashes = f"its hash was {kept['hash']} and is {now.hash}"
            notes.append(f"{name} has changed since: {hashes}. {_moved(kept, now)}")
        return now
    there = carried(kept["toml"], kept["name"] + ".toml")
    if there.organization is not None:
        raise InputError(f"{path}: {kept['name']} is an organization of its own, whose files the picture does not "
                         "carry; name its scenario after --check FILE")  # fmt: skip
    if name is not None:
        notes.append(f"The scenario {name} is taken from the picture, which is trusted with no file; to compare with "
                     "yours, name it after --check FILE.")  # fmt: skip
    if there.hash != kept["hash"]:
        notes.append(f"{kept['name']}: the default of a number has changed since: its hash was {kept['hash']} and is "
                     f"{there.hash}.")  # fmt: skip
    return there


def _by_hand(kept: dict, name: str, read_again: Callable[[dict], Scenario]) -> dict:
    """The theory that a scenario was given beside its name, as the picture carries it: `{"theory": …}`, or nothing.

    Nothing of it is run before somebody has named its file.
    """
    if "theory" not in load(kept["toml"], kept["name"]) or read_again({"given": name}).own_theory is not None:
        return {}
    return {"theory": carried(kept["toml"], kept["name"] + ".toml").own_theory}


def _moved(kept: dict, scenario: Scenario) -> str:
    """Which levers of a scenario differ from those the picture carries."""
    try:
        rows = carried(kept["toml"], kept["name"] + ".toml").differs(scenario)
    except InputError:
        return "The one in the picture cannot be read any more."
    if not rows:
        return "No lever of its own differs: a default of the theory does."

    def word(value) -> str:
        return "nothing" if value in ("", None) else str(value)

    return f"Different: {'; '.join(f'{name} was {word(was)}, is {word(now)}' for name, was, now in rows)}."
