"""Outcomes as a person asks for them: `net_value`, `net_value(liaison) - net_value(base)`, `score >= 60`.

A small part of Python's own grammar, read by Python's parser and computed here:
names of outcomes (of an arm, in brackets), numbers, + - * /, comparisons, and, or, not.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from sim.errors import InputError, nearest
from sim.result.outcomes import KNOWN, SUCCESSORS, unknown
from sim.study.doubt import by_set
from sim.study.intervals import t_quantile
from sim.study.sensitivity.noise import filled

BASE = "base"
ARITHMETIC = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}
COMPARISONS = {ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge}
ALLOWED = "names of outcomes, an arm in brackets, numbers, + - * /, < <= > >=, and, or, not"


class Held(NamedTuple):
    """Where a condition holds.

    holds  (points,) true or false; without meaning where not known
    known  (points,) whether enough runs have a value
    clear  (points,) whether the markets leave no doubt (95 %); false with one market
    """

    holds: np.ndarray
    known: np.ndarray
    clear: np.ndarray


class Term:
    """An outcome or a condition, and the store it is asked of."""

    def __init__(self, text: str, tree: ast.expr, store, arm: str) -> None:
        self.text, self._tree, self._store, self._arm, self._all = text, tree, store, arm, False

    @property
    def is_condition(self) -> bool:
        return any(isinstance(node, ast.Compare) for node in ast.walk(self._tree))

    @property
    def unit(self) -> str:
        """The outcomes' unit, where they all have the same and are only added or subtracted."""
        units = {
            KNOWN[name].unit if name in KNOWN else self._store.units.get(name, "") for name, _ in _mentioned(self._tree)
        }
        scaled = any(isinstance(n, ast.BinOp) and isinstance(n.op, ast.Mult | ast.Div) for n in ast.walk(self._tree))
        return units.pop() if len(units) == 1 and not scaled else ""

    def values(self) -> np.ndarray:
        """The outcome in every run: (points, markets), NaN where a run failed; of numbers in doubt, (points, sets)."""
        return self._alone(np.asarray(self._values(self._tree), float))

    def by_market(self) -> np.ndarray:
        """The outcome in every run: (points, markets), NaN where a run failed; only markets that all points have."""
        return np.asarray(self._values(self._tree), float)

    def all_markets(self) -> np.ndarray:
        """The outcome in every run there is: (points, markets), NaN where a point has fewer markets than others."""
        self._all = True
        try:
            return self.by_market()
        finally:
            self._all = False

    def _alone(self, Y: np.ndarray) -> np.ndarray:
        """What is independent of each other: markets, or sets of numbers that two markets share."""
        experiment = self._store.experiment
        return by_set(Y, experiment.markets[: Y.shape[1]]) if getattr(experiment, "doubt", False) and Y.ndim == 2 else Y

    def held(self) -> Held:
        """Where the condition holds for the mean over markets."""
        return self._held(self._tree)

    def _values(self, node: ast.expr):
        if isinstance(node, ast.Constant):
            return float(node.value)
        if isinstance(node, ast.UnaryOp):
            value = self._values(node.operand)
            return -value if isinstance(node.op, ast.USub) else value
        if isinstance(node, ast.BinOp):
            with np.errstate(all="ignore"):
                return ARITHMETIC[type(node.op)](self._values(node.left), self._values(node.right))
        name, arm = _outcome(node)
        Y = np.asarray(self._store.matrix(name, arm=arm or self._arm)[1], float)
        return Y if self._all else Y[:, : self._store.experiment.fewest]

    def _held(self, node: ast.expr) -> Held:
        if isinstance(node, ast.BoolOp):
            parts = [self._held(each) for each in node.values]
            join = np.logical_and if isinstance(node.op, ast.And) else np.logical_or
            return Held(join.reduce([p.holds for p in parts]), np.logical_and.reduce([p.known for p in parts]),
                        np.logical_and.reduce([p.clear for p in parts]))  # fmt: skip
        if isinstance(node, ast.UnaryOp):
            part = self._held(node.operand)
            return part._replace(holds=~part.holds)
        if not isinstance(node, ast.Compare):
            raise TypeError(f"a condition holds no {type(node).__name__}")
        sides = [self._values(side) for side in (node.left, *node.comparators)]
        parts = [
            _compared(self._alone(np.asarray(left - right, float)), type(op))
            for left, op, right in zip(sides, node.ops, sides[1:], strict=False)
        ]
        return Held(*(np.logical_and.reduce([part[k] for part in parts]) for k in range(3)))


def _compared(apart: np.ndarray, how: type) -> Held:
    """A comparison of means, market by market: the difference's mean against 0, and whether its interval leaves 0."""
    Y = filled(apart).Y
    mean, markets = Y.mean(1), Y.shape[1]
    known = np.isfinite(mean)
    clear = np.zeros(len(Y), bool)
    if markets > 1:
        half = t_quantile(0.975, markets - 1) * Y.std(1, ddof=1) / np.sqrt(markets)
        clear = known & (np.abs(mean) > half)
    return Held(COMPARISONS[how](np.nan_to_num(mean), 0.0) & known, known, clear)


def read_term(text: str, store, arm: str | None = None) -> Term:
    """Read an outcome or a condition; every fault at once.

    Raises
    ------
    InputError
        Not an expression, an unknown outcome or arm, or something else than is allowed.
    """
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except SyntaxError:
        raise InputError(f"{text!r} cannot be read: give {ALLOWED}, such as net_value(base) < 0") from None
    problems = [*_faults(tree, boolean=_is_boolean(tree))]
    known, arms = list(store.outcomes), arms_of(store)
    named = [*_mentioned(tree)] if not problems else []
    if arm is not None and arm not in arms:
        problems.append(f"{arm}: no such arm{nearest(arm, arms)} ({', '.join(arms)})")
    for name, of in named:
        if name not in known:
            there = f"{name}: the store holds no such outcome{nearest(name, known)} ({', '.join(known)})"
            problems.append(unknown(name) if name in SUCCESSORS else there)
        if of and of not in arms:
            problems.append(f"{name}({of}): no such arm{nearest(of, arms)} ({', '.join(arms)})")
    if not named and not problems:
        problems.append(f"{text!r} names no outcome ({', '.join(known)})")
    if problems:
        raise InputError(dict.fromkeys(problems))
    return Term(text.strip(), tree, store, arm or BASE)


def arms_in(term: Term) -> set[str]:
    """The arms that a term speaks of."""
    return {arm or term._arm for _, arm in _mentioned(term._tree)}


def arms_of(store) -> list[str]:
    """The arms of a store's experiment, base first."""
    return list(dict.fromkeys([BASE, *store.experiment.arms]))


def _is_boolean(node: ast.expr) -> bool:
    denied = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
    return denied or isinstance(node, ast.Compare | ast.BoolOp)


def _faults(node: ast.expr, boolean: bool) -> Iterator[str]:
    """What stands in an expression that may not, where a truth (`boolean`) or an amount is wanted."""
    said = ast.unparse(node)
    if boolean:
        if isinstance(node, ast.BoolOp):
            for each in node.values:
                yield from _faults(each, True)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield from _faults(node.operand, True)
        elif isinstance(node, ast.Compare) and all(type(op) in COMPARISONS for op in node.ops):
            for each in (node.left, *node.comparators):
                yield from _faults(each, False)
            if not [*_mentioned(node)]:
                yield f"{said!r} names no outcome"
        else:
            yield f"{said!r}: not a comparison; allowed are {ALLOWED}"
    elif isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC:
        yield from _faults(node.left, False)
        yield from _faults(node.right, False)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        yield from _faults(node.operand, False)
    elif not (isinstance(node, ast.Constant) and type(node.value) in (int, float)) and not _outcome(node)[0]:
        yield f"{said!r}: not an outcome; allowed are {ALLOWED}"


def _outcome(node: ast.expr) -> tuple[str, str]:
    """The outcome and the arm that `net_value`, `net_value(liaison)` or `net_value("her way")` name; else nothing."""
    if isinstance(node, ast.Name):
        return node.id, ""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) == 1 and not node.keywords:
        arm = node.args[0]
        if isinstance(arm, ast.Name):
            return node.func.id, arm.id
        if isinstance(arm, ast.Constant) and isinstance(arm.value, str):
            return node.func.id, arm.value
        if isinstance(arm, ast.BinOp) and isinstance(arm.op, ast.Sub):  # an arm's name with a hyphen
            return node.func.id, ast.unparse(arm).replace(" ", "")
    return "", ""


def _mentioned(node: ast.expr) -> Iterator[tuple[str, str]]:
    """Every outcome in an expression, with its arm."""
    name, arm = _outcome(node)
    if name:
        yield name, arm
        return
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            yield from _mentioned(child)
