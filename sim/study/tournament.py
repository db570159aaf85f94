"""Several theories against the same published patterns, and the experiment that would tell two of them apart."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.errors import InputError
from sim.model.firm import QUARTER
from sim.model.theory import Mode
from sim.result.outcomes import BUILT_IN, KNOWN, measure
from sim.scenario import Scenario, read
from sim.scenario.own_theory import MODEL, OwnTheory
from sim.scenario.schema import NUMBERS, in_words
from sim.study.experiments.factors import which_theory
from sim.study.intervals import chance_of_none
from sim.study.many import at_once
from sim.study.sweep.sweep import lived
from sim.study.validation.page import tuned_to
from sim.study.validation.patterns import PATTERNS
from sim.study.validation.patterns.pattern import Pattern
from sim.study.validation.validate import chosen, validate

CHOOSING, JUDGING = 60_000, 70_000  # first markets: what is chosen on the ones is judged on the others
MARKETS = 14  # of each kind
PUBLISHED = {"A", "B", "C", "H"}  # grades of the table of evidence; D is derived, J and asks without a grade are ours
FALSE_ALARMS = 0.05  # of two theories that foretell the same, so many pairs are told apart all the same
ENOUGH = 0.8  # power from which an experiment tells two theories apart
MOST_FIRMS = 512  # at each setting; what needs more is no experiment
DRAWS = 2000
ENDS: dict[str, tuple[float, float]] = {  # what an experiment in the field could move, from where to where
    "liaison.count": (0, 1),
    "distance.between_teams_m": (5.0, 60.0),
    "communication.cost_hours": (0.25, 1.0),
    "communication.delay_days": (0.0, 10.0),
    "communication.agenda": (0.0, 1.0),
    "trust.initial": (0.2, 0.6),
    **{name: (int(Mode.FORBIDDEN), int(Mode.MANDATED)) for name in NUMBERS
       if name.startswith("practices.") and NUMBERS[name].lever and NUMBERS[name].choices is Mode},
}  # fmt: skip


class Apart(NamedTuple):
    """The experiment that best tells two theories apart, chosen on some markets and judged on others.

    low, high   what the lever is set to
    by_one, by_other   by how much each theory says that the outcome rises
    chance      that markets for judging would show as much of such a difference if there were none
    firms       at each setting, so that `ENOUGH` of all experiments find the right theory; 0: `chance` is not below
                `FALSE_ALARMS`, or no number up to MOST_FIRMS will do
    power       the share that finds it with so many firms (or with MOST_FIRMS), under the theory that is found less
    """

    one: str
    other: str
    lever: str
    outcome: str
    low: float
    high: float
    by_one: float
    by_other: float
    chance: float
    firms: int
    power: float

    def sentence(self) -> str:
        """What it comes to, for a reader."""
        if not self.firms:
            best = f"the best of all, {self.lever} and {self.outcome}, finds the right one in {self.power:.0%}"
            if self.chance >= FALSE_ALARMS:
                best = "the clearest difference on the markets for choosing is not confirmed on those for judging"
                best = "they foretell the same" if self.by_one == self.by_other else best
            return f"{self.one} and {self.other}: none tells them apart ({best})."
        low, high = (in_words(self.lever, value) for value in (self.low, self.high))
        unit, number = KNOWN[self.outcome].unit, (lambda value: f"{value:+,.3g}")
        says = f"{number(self.by_one)} against {number(self.by_other)} ({unit})"
        found = f"with {self.firms} firms at each setting the right one is found in {self.power:.0%}"
        where = f"move {self.lever} from {low} to {high} and look at {self.outcome}"
        return f"{self.one} and {self.other}: {where}: {says}; {found}."


class Tournament(NamedTuple):
    """Which theory shows which published patterns, and what would tell them apart.

    verdicts   a line a pattern: claim, expected, source, whether Baton's numbers were fitted to it, and the verdict
               under each theory, on the markets for judging
    holds      how many hold under each theory, on the markets for choosing and on those for judging
    markets    of each kind
    apart      an experiment for each pair of theories
    hashes     of each theory's file
    """

    verdicts: pd.DataFrame
    holds: pd.DataFrame
    apart: tuple[Apart, ...]
    hashes: dict[str, str]
    markets: int

    @property
    def chosen(self) -> list[str]:
        """The theories that show most patterns on the markets for choosing: several where as many."""
        best = self.holds["choosing"].max()
        return [str(name) for name in self.holds.index[self.holds["choosing"] == best]]

    def summary(self) -> pd.DataFrame:
        """How many patterns hold, fail and stay undecided under each theory, on the markets for judging."""
        return self.holds

    def sentences(self) -> list[str]:
        """The answer in words."""
        rows, names, best = len(self.verdicts), " and ".join(self.chosen), len(self.chosen) == 1
        held = ", ".join(f"{name} {count}" for name, count in self.holds["judging"].items())
        first = (f"On the markets for choosing {names} show{'s' * best} most patterns. On those for judging hold, of "
                 f"{rows}: {held}.")  # fmt: skip
        if not self.holds["choosing"].any():
            first = f"On the markets for choosing no pattern is sure to hold under any of them. On the others: {held}."
        return [first, *(each.sentence() for each in self.apart)]

    def split(self) -> pd.DataFrame:
        """The patterns that hold under one theory and fail under another."""
        said = self.verdicts[list(self.holds.index)]
        return self.verdicts[(said == "holds").any(axis=1) & (said == "fails").any(axis=1)]


def needs_no_ablation(row: Pattern) -> bool:
    """Whether a pattern is judged, and its organizations differ in what can be set: no mechanism is switched off."""
    moved = {name for arm in row.arms.values() for name in arm.levers}
    moved |= {n for arm in row.arms.values() for _, what in arm.changes if not isinstance(what, str) for n in what}
    return (row.above is not None or row.below is not None) and not row.control and not any(
        name.startswith("rooms.") or name not in NUMBERS for name in moved)  # fmt: skip


def is_published(row: Pattern) -> bool:
    """Whether a pattern's source is somebody else's: its row of the table of evidence has a grade of `PUBLISHED`."""
    return any(PUBLISHED & set(grades) for grades in re.findall(r"· ?([A-Z](?:/[A-Z])*)", row.source))


def tournament(
    theories: Sequence[str | Path | OwnTheory | None],
    rows: Iterable[str] | None = None,
    markets: int = MARKETS,
    *,
    base: Scenario | str | None = None,
    levers: Sequence[str] | None = None,
    outcomes: Sequence[str] = BUILT_IN,
    threads: int = 2,
    progress: Callable[[int, int], None] | None = None,
    told: Callable[[str], object] | None = None,
) -> Tournament:
    """Let theories compete for the published patterns, and look for the experiment that would tell them apart.

    Parameters
    ----------
    theories : names of theories that come with Baton, Python files, "baton" for the model's own
        At least two. None is fitted: each is as its numbers say.
    rows : names of patterns
        None: all published ones that need no ablation; none at all ([]): only the experiments.
    markets : int
        Markets for choosing, and as many others for judging.
    base : Scenario, name or path
        The organization on which experiments are tried; None is the default.
    levers : names among those of `ENDS`; None: all of them
    outcomes : names of Baton's outcomes
    threads, progress, told
        Runs at a time; a function (done, all); a function of a sentence.

    Returns
    -------
    Tournament

    Raises
    ------
    InputError
        Fewer than two theories, a row that needs an ablation, a lever that no experiment moves.
    """
    entered = which_theory(theories)
    names = [each.name if each else MODEL for each in entered.theories]
    rows = None if rows is None else list(rows)
    patterns = [] if rows == [] else [p for p in chosen(rows) if needs_no_ablation(p) and (rows or is_published(p))]
    faults = [] if rows is None else [f"{name}: cannot be asked of every theory: it is a control, is not judged, or "
              "switches a mechanism of Baton's own off" for name in rows
              if name in PATTERNS and not needs_no_ablation(PATTERNS[name])]  # fmt: skip
    moved = ENDS if levers is None else {name: ENDS[name] for name in levers if name in ENDS}
    faults += [f"{name}: no experiment moves it; known: {', '.join(ENDS)}" for name in levers or () if name not in ENDS]
    faults += [f"{name}: is no outcome of Baton's: {', '.join(BUILT_IN)}" for name in outcomes if name not in BUILT_IN]
    if faults:
        raise InputError(faults)
    say = told or (lambda sentence: None)
    verdicts, holds = _patterns(names, entered.theories, patterns, markets, threads, progress, say)
    scenario = read(base)
    trials = {}
    for name, theory in zip(names, entered.theories, strict=True):
        say(f"Experiments under {name} …")
        trials[name] = _trials(scenario.but(theory=theory), moved, outcomes, markets, threads, progress)
    apart = tuple(_apart(one, other, trials[one], trials[other], moved, outcomes, markets)
                  for one, other in itertools.combinations(names, 2))  # fmt: skip
    hashes = {each.name: each.digest for each in entered.theories if each}
    return Tournament(verdicts, holds, apart, hashes, markets)


def _patterns(names, theories, patterns, markets, threads, progress, say) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The verdicts under each theory on the markets for judging, and counts of what holds on both kinds."""
    rows = [p.name for p in patterns]
    table = pd.DataFrame({"claim": [p.claim for p in patterns], "expected": [p.expected for p in patterns],
                          "source": [p.source for p in patterns], "fitted": [row in tuned_to() for row in rows]},
                         pd.Index(rows, name="pattern"))  # fmt: skip
    counts = []
    for name, theory in zip(names, theories, strict=True):
        found = {}
        for what, first in (("choosing", CHOOSING), ("judging", JUDGING)):
            say(f"Patterns under {name}, on the markets for {what} …")
            seeds = range(first, first + markets)
            made = validate(rows, seeds, theory=theory, threads=threads, progress=progress) if rows else None
            found[what] = [each.verdict for each in made.findings] if made else []
        table[name] = found["judging"]
        counts.append({"theory": name, "choosing": found["choosing"].count("holds"),
                       "judging": found["judging"].count("holds"), "fails": found["judging"].count("fails"),
                       "undecided": found["judging"].count("undecided")})  # fmt: skip
    return table, pd.DataFrame(counts).set_index("theory")


def _trials(scenario: Scenario, moved, outcomes, markets: int, threads: int, progress) -> np.ndarray:
    """What every experiment comes to under one theory: (levers, low or high, markets of both kinds, outcomes)."""
    seeds = [*range(CHOOSING, CHOOSING + markets), *range(JUDGING, JUDGING + markets)]
    firms = [scenario.but({name: end}) for name, ends in moved.items() for end in ends]

    def one(firm: Scenario, seed: int) -> list[float]:
        simulation = lived(firm, seed)
        end = simulation.firm, int(simulation.day)
        found = measure(end[0].days[: end[1]], end[0].quarters[: end[1] // QUARTER],
                        float(end[0].ledger["opening_equity"][0]), float(firm.theory.money.discount),
                        int(end[0].ledger["broke"][0]) >= 0)  # fmt: skip
        return [float(found[name]) for name in outcomes]

    work = [lambda f=firm, s=seed: one(f, s) for firm in firms for seed in seeds]
    return np.array(at_once(work, threads, progress)).reshape(len(moved), 2, len(seeds), len(outcomes))


def _apart(one: str, other: str, a: np.ndarray, b: np.ndarray, moved, outcomes, markets: int) -> Apart:
    """The experiment whose outcome two theories foretell most differently for its noise; its power on other markets."""
    first, rest = slice(0, markets), slice(markets, None)
    with np.errstate(divide="ignore", invalid="ignore"):
        says = [(each[:, 1, first] - each[:, 0, first]).mean(1) for each in (a, b)]  # (levers, outcomes)
        noise = np.sqrt(sum(each[:, :, first].var(2).sum(1) for each in (a, b)) / 2.0)
        clear = np.where(np.isfinite(noise), np.abs(says[0] - says[1]) / np.maximum(noise, 1e-12), 0.0)
    clear = np.nan_to_num(clear)
    lever, outcome = np.unravel_index(int(clear.argmax()), clear.shape)
    foretold = float(says[0][lever, outcome]), float(says[1][lever, outcome])
    real = [each[lever, :, rest, outcome] for each in (a, b)]
    chance = _chance(real, foretold)
    firms, power = _firms_needed(real, foretold) if chance < FALSE_ALARMS else (0, 0.5)
    name = list(moved)[lever]
    return Apart(one, other, name, outcomes[outcome], *moved[name], *foretold, chance, firms, power)


def _chance(real: Sequence[np.ndarray], foretold: tuple[float, float]) -> float:
    """How often two theories that foretell the same would differ as much, this way, on the markets for judging.

    A paired t-test over markets, one-sided: which way was said before.
    """
    apart, said = np.subtract(*(each[1] - each[0] for each in real)), foretold[0] - foretold[1]
    both = chance_of_none(apart)
    if said == 0.0 or not math.isfinite(both):
        return 1.0
    return both / 2.0 if float(np.nanmean(apart)) * said > 0.0 else 1.0 - both / 2.0


def _firms_needed(real: Sequence[np.ndarray], foretold: tuple[float, float]) -> tuple[int, float]:
    """Firms at each setting from which the nearer of two foretold effects is the right one often enough; and how often.

    A firm is drawn from the markets for judging, as if these were all there are.

    real   under each theory, the outcomes at the low and the high setting (2, markets): firms are drawn from these
    """
    if foretold[0] == foretold[1] or not np.isfinite([*foretold, *real[0].ravel(), *real[1].ravel()]).all():
        return 0, 0.5
    random, power, n = np.random.default_rng(7), 0.5, 2
    while n <= MOST_FIRMS:
        right = []
        for truth, outcomes in enumerate(real):
            drawn = [random.choice(level, (DRAWS, n)).mean(1) for level in outcomes]
            away = [np.abs(drawn[1] - drawn[0] - effect) for effect in foretold]
            right.append(float((away[truth] < away[1 - truth]).mean()))
        power = min(right)
        if power >= ENOUGH:
            return n, power
        n *= 2
    return 0, power
