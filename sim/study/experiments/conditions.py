"""Conditions between factors, such as `workforce.salespeople >= 2 * workforce.marketers`: a small grammar, never eval.

Python's own parser reads the text, and only what is listed here is walked: names
of numbers, numbers, words in quotes, + - * /, comparisons, and, or, not.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from sim.errors import cut, nearest
from sim.scenario.schema import NUMBERS, words
from sim.scenario.toml_read import quoted, shown
from sim.study.experiments import settings

ARITHMETIC = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}
ORDERED = {ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge}
SAME = {ast.Eq: operator.eq, ast.NotEq: operator.ne}
LONGEST = 400  # characters
LARGEST = 1e15
ALLOWED = "names of numbers, numbers, words in quotes, + - * /, < <= > >= == !=, and, or, not, ( )"
SUCH = "workforce.salespeople >= 2 * workforce.marketers"


class Condition(NamedTuple):
    """A condition that was read, and the names it asks for."""

    text: str
    tree: ast.expr
    names: tuple[str, ...]

    def holds(self, columns: Mapping[str, Any], points: int) -> np.ndarray:
        """Where it holds: columns are arrays of values (or one value for all points), by name."""
        with np.errstate(all="ignore"):
            found = _value(self.tree, columns)
        return np.broadcast_to(np.asarray(found, bool), (points,))


def read_condition(
    text: object, chosen: Mapping[str, tuple[str, ...]] = MappingProxyType({})
) -> tuple[Condition | None, list[str]]:
    """A condition, or what is wrong with it.

    chosen    the names of people, and of theories, that the experiment chooses among

    >>> read_condition("liaison.cuont > 0")[1]
    ['liaison.cuont is not known; did you mean "liaison.count"?']
    """
    such = f"a condition, such as {quoted(SUCH)}"
    if not isinstance(text, str) or not text.strip() or len(text) > LONGEST:
        return None, [f"{shown(text)} must be {such}, of at most {LONGEST} characters"]
    try:
        tree = ast.parse(text.strip(), mode="eval").body
        faults = [*dict.fromkeys(_faults(tree, chosen))]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None, [f"{shown(text)} cannot be read: give {such}"]
    if faults:
        return None, faults
    names = tuple(dict.fromkeys(_names(tree)))
    return Condition(text.strip(), tree, names), [] if names else [f"{shown(text)} names no number"]


def _name(node: ast.AST) -> str:
    """The dotted name that a node is; nothing where it is none."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


def _names(node: ast.AST) -> Iterator[str]:
    if name := _name(node):
        yield name
        return
    for child in ast.iter_child_nodes(node):
        yield from _names(child)


def _faults(node: ast.expr, chosen: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """What may not stand where a truth is wanted."""
    if isinstance(node, ast.BoolOp):
        for each in node.values:
            yield from _faults(each, chosen)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield from _faults(node.operand, chosen)
    elif isinstance(node, ast.Compare) and all(type(op) in ORDERED | SAME for op in node.ops):
        sides = (node.left, *node.comparators)
        texts = [words_of(_name(side), chosen) for side in sides]
        spoken = any(texts) or any(_text(side) is not None for side in sides)
        if not spoken:
            for side in sides:
                yield from _number_faults(side)
        else:
            yield from _word_faults(node, sides, texts)
    else:
        yield f"{_said(node)} is no comparison; allowed are {ALLOWED}"


def _word_faults(node: ast.Compare, sides: tuple[ast.expr, ...], texts: list[tuple[str, ...]]) -> Iterator[str]:
    """What is wrong with a comparison of a name that takes words with a word."""
    name, word = ("", None) if len(sides) != 2 else (_name(sides[0]) or _name(sides[1]), _text(sides[1]))
    word = _text(sides[0]) if word is None and len(sides) == 2 else word
    known = texts[0] or texts[-1]
    if name and not known and settings.about(name) is None:
        yield _unknown(name)
    elif not known or word is None or type(node.ops[0]) not in SAME:
        yield f"{_said(node)}: what takes words is compared by == or != with one of its words in quotes"
    elif word not in known:
        listed = ", ".join(map(quoted, known))
        yield f"{name} is never {shown(word)}{nearest(word, known) or f'; it is one of {listed}'}"


def words_of(name: str, chosen: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The words that a name takes; none where it takes numbers or is not known."""
    if name in chosen or name == settings.PEOPLE:
        return chosen.get(name) or (settings.AS_BASE,)
    number = settings.about(name) if name else None
    return words(number) if number is not None else ()


def _number_faults(node: ast.expr) -> Iterator[str]:
    """What may not stand where an amount is wanted."""
    if isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC:
        yield from _number_faults(node.left)
        yield from _number_faults(node.right)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        yield from _number_faults(node.operand)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        if not abs(node.value) <= LARGEST:
            yield f"{_said(node)} is too large a number"
    elif name := _name(node):
        number = settings.about(name)
        if number is None:
            yield _unknown(name)
        elif words(number):
            yield f"{name} takes words: it is compared by == or != with one of them in quotes"
    else:
        yield f"{_said(node)} is no amount; allowed are {ALLOWED}"


def _unknown(name: str) -> str:
    elsewhere = [known for known in NUMBERS if known.split(".")[1] == name.split(".")[-1]]
    near = nearest(name, NUMBERS) or (f"; did you mean {quoted(elsewhere[0])}?" if elsewhere else "")
    return f"{cut(name)} is not known{near}"


def _text(node: ast.AST) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _said(node: ast.AST) -> str:
    return shown(ast.unparse(node))


def _value(node: ast.expr, columns: Mapping[str, Any]) -> Any:
    """What a checked expression comes to."""
    if name := _name(node):
        return columns[name]
    if isinstance(node, ast.Constant):
        return float(node.value) if isinstance(node.value, int | float) else node.value
    if isinstance(node, ast.BoolOp):
        join = np.logical_and if isinstance(node.op, ast.And) else np.logical_or
        parts = [np.asarray(_value(each, columns), bool) for each in node.values]
        found = parts[0]
        for each in parts[1:]:
            found = join(found, each)
        return found
    if isinstance(node, ast.UnaryOp):
        inner = _value(node.operand, columns)
        if isinstance(node.op, ast.Not):
            return np.logical_not(inner)
        return -inner if isinstance(node.op, ast.USub) else inner
    if isinstance(node, ast.BinOp):
        return ARITHMETIC[type(node.op)](np.asarray(_value(node.left, columns)), _value(node.right, columns))
    if not isinstance(node, ast.Compare):
        raise TypeError(f"a condition holds no {type(node).__name__}")
    sides = [np.asarray(_value(side, columns)) for side in (node.left, *node.comparators)]
    found = np.asarray(True)
    for left, op, right in zip(sides, node.ops, sides[1:], strict=False):
        found = found & np.asarray((ORDERED | SAME)[type(op)](left, right), bool)
    return found
