"""In what two experiments differ, told number by number: base, factors, arms, points, markets and what is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sim.errors import plural
from sim.scenario import Scenario
from sim.scenario.schema import in_words
from sim.study.experiments.experiment import Experiment
from sim.study.experiments.factors import Factor
from sim.study.store.series import KINDS

MOST = 5  # differences that are named one by one


def differing(
    one: Experiment, other: Experiment, where: tuple[str, str] = ("there", "here"), markets: bool = True
) -> str:
    """What differs between two experiments, up to a handful; empty where nothing does that is known of both.

    where     what the two are called
    markets   whether other markets are a difference
    """
    found = list(_all(one, other, where, markets))
    more = [f"{len(found) - MOST:,} more"] if len(found) > MOST else []
    return "; ".join([*found[:MOST], *more])


def bases(one: Scenario, other: Scenario, where: tuple[str, str] = ("there", "here")) -> list[str]:
    """The numbers, dated changes, people, horizon and theory in which two scenarios differ, a phrase each."""
    return [_pair(f"base: {name}", was, now, where) for name, was, now in one.differs(other)]


def _all(one: Experiment, other: Experiment, where: tuple[str, str], markets: bool) -> Iterator[str]:
    if one.base.hash != other.base.hash:
        yield from bases(one.base, other.base, where)
    before, after = ({each.name: each for each in made.factors} for made in (one, other))
    for name in {**before, **after}:
        was, now = (_said(each[name]) if name in each else "" for each in (before, after))
        if was != now:
            yield _pair(name, was, now, where)
    for arm in {**one.arms, **other.arms}:
        was, now = (_levers(made.arms[arm]) if arm in made.arms else "" for made in (one, other))
        if was != now:
            yield _pair(f"arm {arm}", was, now, where)
    if markets and one.markets != other.markets:
        yield _pair("markets", *(_run_on(made.markets) for made in (one, other)), where)
    for what in ("constraints", "outcomes", *KINDS):
        was, now = (getattr(made, what) for made in (one, other))
        gone, new = [each for each in was if each not in now], [each for each in now if each not in was]
        if was != now:
            yield _pair(what, ", ".join(gone), ", ".join(new), where) if gone or new else f"{what} in another order"
    was, now = ({each.name: each.digest for each in made.own} for made in (one, other))
    yield from (f"{name}: another source {where[1]}" for name in was if name in now and was[name] != now[name])
    if one.sample._replace(file="") != other.sample._replace(file=""):
        yield _pair("sample", _sample(one), _sample(other), where)
    elif before == after and one.constraints == other.constraints and not one.design().equals(other.design()):
        was, now = f"{one.n_points:,}", f"{other.n_points:,}"
        yield _pair("points", was, now if was != now else "others", where)
    if one.doubt != other.doubt:
        yield f"numbers in doubt {where[one.doubt < other.doubt]} only"


def _pair(name: str, was: Any, now: Any, where: tuple[str, str]) -> str:
    """One difference; what only one of the two has is not there at all in the other."""
    was, now = ("nothing" if value in ("", None) else str(value) for value in (was, now))
    return f"{name} ({where[0]}: {was}; {where[1]}: {now})"


def _said(factor: Factor) -> str:
    if factor.theories:
        said = ", ".join(str(each) if each else word for word, each in zip(factor.words, factor.theories, strict=True))
    else:
        said = ", ".join(map(str, factor.values)) if factor.values else f"{factor.low:g} to {factor.high:g}"
    said += f" in {factor.levels} levels" if factor.levels else ""
    said += f", {factor.scale} scale" if factor.scale != "linear" else ""
    said += f", where {factor.where}" if factor.where else ""
    said += f", group {factor.group}" if factor.group else ""
    return said + "".join(f", {name} {digest[:12]}" for name, (_, digest) in factor.sources.items())


def _levers(levers: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} = {in_words(name, value)}" for name, value in levers.items()) or "as the points are"


def _run_on(markets: tuple[int, ...]) -> str:
    if markets == tuple(range(markets[0], markets[0] + len(markets))):
        return f"{markets[0]} to {markets[-1]}"
    return plural(len(markets), "market") + f" from {markets[0]} to {markets[-1]}"


def _sample(made: Experiment) -> str:
    asked = made.sample
    more = f", {asked.points} points, seed {asked.seed}" if asked.points else ""
    order = ", without second order" if asked.method == "saltelli" and not asked.second_order else ""
    return f"{asked.method}{more}{order}"
