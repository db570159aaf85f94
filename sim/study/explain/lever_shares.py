"""Which of the changed levers did it: every mixture of two scenarios, and each lever's average part over all orders."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from sim.errors import InputError
from sim.run import run
from sim.scenario import Change, Scenario
from sim.scenario.refusals import MEASURED
from sim.scenario.scenario import THEORY
from sim.scenario.schema import NUMBERS, in_words, moved
from sim.study import doubt
from sim.study.explain.shapley import of_all, sampled

EXACT = 8  # changed levers up to which all 2^k mixtures are run
ORDERS = 24  # sampled orders a market beyond that


class Lever(NamedTuple):
    """Something in which two scenarios differ, moved as one."""

    name: str  # for a person: "liaison.count 0 → 1"
    values: dict  # numbers of the second scenario; or its theory
    without: tuple[Change, ...] = ()  # dated changes of the first that it takes away
    added: tuple[Change, ...] = ()  # and those of the second that it brings
    people: bool = False  # whether it brings the second's own people


def each_for_itself(scenario: Scenario) -> Scenario:
    """The same, with every number that moves on a day as a change of its own; what happens to people stays whole."""
    changes: list[Change] = []
    for change in scenario.changes:
        apart = len(change.values) > 1 and not change.shock
        changes += [dataclasses.replace(change, values={name: value}) for name, value in change.values.items()
                    ] if apart else [change]  # fmt: skip
    return scenario.but(changes=changes) if len(changes) > len(scenario.changes) else scenario


def levers_of(a: Scenario, b: Scenario) -> list[Lever]:
    """In what two scenarios differ, each lever for itself; each number of a dated change counts as a lever.

    Two dated changes of the same number on another day, or to another value, are
    one lever. Levers of which one cannot stand without the other (a liaison drawn
    from marketers who come with her) are joined.

    Raises
    ------
    InputError
        The scenarios do not differ, or have different horizons.
    """
    if a.days != b.days:
        raise InputError(f"the scenarios last {a.days} and {b.days} days; give one horizon for both (days=, --days)")
    a, b = each_for_itself(a), each_for_itself(b)
    others = a.people != b.people
    found = [Lever("people and ties", {}, people=True)] if others else []
    own = () if b.own_theory is None else tuple(each.name for each in b.own_theory.numbers)
    if a.own_theory != b.own_theory:  # its own numbers come with it
        brought = {THEORY: b.own_theory, **{name: b.values[name] for name in own if name in b.values}}
        found.append(Lever(f"theory {a.lives_by} → {b.lives_by}", brought))
        own = ()
    for name in (*NUMBERS, *own):
        if others and name in MEASURED and name not in b.values:
            continue  # what is counted on people goes with them
        here, there = (s.value(name) for s in (a, b))
        if here != there:
            found.append(Lever(f"{name} {moved(name, shown(name, here), shown(name, there))}", {name: there}))
    gone = [change for change in a.changes if change not in b.changes]
    for change in (change for change in b.changes if change not in a.changes):
        old = next((each for each in gone if _same_lever(each, change)), None)
        if old is not None:
            gone.remove(old)
        found.append(Lever(f"{old} → {change}" if old else str(change), {}, (old,) if old else (), (change,)))
    found += [Lever(f"without {change}", {}, (change,)) for change in gone]
    if not found:
        raise InputError("the two scenarios are the same in all that matters to a run: there is nothing to explain")
    return _joined(a, b, found)


def shown(name: str, value: float) -> str:
    """A lever's value as a scenario file says it.

    >>> shown("practices.rules", 1), shown("liaison.count", 2), shown("trust.initial", 0.25)
    ('mandated', '2', '0.25')
    """
    said = in_words(name, value)
    return said if isinstance(said, str) else f"{said:g}"


def _same_lever(one: Change, other: Change) -> bool:
    return one.shock == other.shock and set(one.values) == set(other.values)


class Mixtures:
    """The scenarios between two: the first with some of the levers moved to where the second has them."""

    def __init__(self, a: Scenario, b: Scenario, levers: Sequence[Lever]):
        self.a, self.b, self.levers = each_for_itself(a), each_for_itself(b), list(levers)
        self._made: dict[int, Scenario] = {}

    def of(self, mask: int) -> Scenario:
        """The mixture in which lever i is moved where bit i of the mask is set; each is made once."""
        if mask not in self._made:
            self._made[mask] = mixture(self.a, self.b, [each for i, each in enumerate(self.levers) if mask >> i & 1])
        return self._made[mask]


def mixture(a: Scenario, b: Scenario, levers: Sequence[Lever]) -> Scenario:
    """The first scenario with some levers moved to where the second has them."""
    values = {name: value for lever in levers for name, value in lever.values.items()}
    without = [change for lever in levers for change in lever.without]
    changes = [change for change in a.changes if change not in without]
    changes += [change for lever in levers for change in lever.added]
    brings = any(lever.people for lever in levers)
    people = b.organization if brings else a.organization
    if brings and people is not None:  # they are counted on themselves
        a = dataclasses.replace(a, values={name: each for name, each in a.values.items() if name not in MEASURED})
    try:
        return a.but(values, changes=changes, organization=people, title=b.title if levers else a.title)
    except InputError as fault:
        some = ", ".join(lever.name for lever in levers)
        raise InputError([f"with only {some} changed: {problem}" for problem in fault.problems]) from fault


def _joined(a: Scenario, b: Scenario, levers: list[Lever]) -> list[Lever]:
    """Levers that cannot be moved alone, or not be left out alone, joined with one that makes it possible."""

    def stands(chosen: Sequence[Lever]) -> bool:
        try:
            mixture(a, b, chosen).load_organization()
        except InputError:
            return False
        return True

    for lever in levers:
        rest = [each for each in levers if each is not lever]
        alone, left_out = stands([lever]), stands(rest)
        if alone and left_out:
            continue
        if not rest:
            mixture(a, b, [lever]).load_organization()  # says why
        helps = [each for each in rest if alone or stands([lever, each])]
        helps = [each for each in helps if left_out or stands([r for r in rest if r is not each])]
        other = (helps or rest)[0]
        joined = Lever(
            f"{lever.name}, {other.name}", {**lever.values, **other.values}, lever.without + other.without,
            lever.added + other.added, lever.people or other.people,
        )  # fmt: skip
        return _joined(a, b, [joined if each is lever else each for each in levers if each is not other])
    return levers


class ByLever(NamedTuple):
    """One market's difference by lever."""

    bars: np.ndarray  # (levers,) their sum is after - before
    error: np.ndarray  # (levers,) standard error of the sampled orders; 0 where all mixtures were run
    before: float
    after: float


def by_lever(
    mixtures: Mixtures,
    seed: int,
    metric: str,
    known: Mapping[tuple[str, int], float] | None = None,
    orders: int = ORDERS,
    in_doubt: Sequence[str] = (),
    **options,
) -> ByLever:
    """Each lever's Shapley value in one market, from runs of mixtures; no mixture is run twice.

    Parameters
    ----------
    known : mapping of (scenario's hash, market) to the outcome, where it is known already
    orders : int
        Sampled orders where there are more than EXACT levers, an even number.
    in_doubt : names of numbers
        All mixtures take the set of them that is the market's (`sim.study.doubt`).
    **options
        Passed to `sim.run`.
    """
    k, found = len(mixtures.levers), dict(known or {})

    def value(mask: int) -> float:
        scenario = mixtures.of(mask)
        if (scenario.hash, seed) not in found:
            lived = doubt.in_doubt(scenario, in_doubt, seed) if in_doubt else scenario
            found[scenario.hash, seed] = run(lived, seed, **options).outcomes((metric,))[metric]
        return found[scenario.hash, seed]

    before, after = value(0), value((1 << k) - 1)
    if k <= EXACT:
        return ByLever(of_all(np.array([value(mask) for mask in range(1 << k)])), np.zeros(k), before, after)
    return ByLever(*sampled(value, k, orders, np.random.default_rng([seed, k])), before, after)


def runs_needed(k: int, orders: int = ORDERS) -> int:
    """Runs a market that k levers take at most.

    >>> runs_needed(3), runs_needed(10)
    (8, 218)
    """
    return 1 << k if k <= EXACT else orders * (k - 1) + 2
