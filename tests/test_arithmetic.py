"""Exponential, logarithm and power of our own: how exact they are, and that every machine gives the same bits."""

from __future__ import annotations

import hashlib
import math
import re
from decimal import Context, Decimal

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sim.model import arithmetic, dice, formulas, kernel

EXACT = Context(prec=60)
OFF = {"exp": 1.0, "log": 1.0, "power": 2.0}  # units in the last place that a normal finite result may be off
SPECIAL = [0.0, -0.0, 1.0, -1.0, math.inf, -math.inf, math.nan, 2.0, -2.0, 0.5, -0.5, 3.0, -3.0, 1e300, -1e300, 5e-324]
SPECIAL += [1e-310, 1e20, 1e22, -1e22, 2.0**53, 2.0**53 + 2.0, 1.0 + 2.0**-52, 1.0 - 2.0**-53, 709.9, -746.0, -708.5]


def off(got: float, exact: Decimal) -> float:
    """How many units in the last place a result is off."""
    return float(abs(Decimal(got) - exact) / Decimal(math.ulp(float(exact))))


def normal(exact: Decimal) -> bool:
    return Decimal("2.3e-308") < abs(exact) < Decimal("1.79e308")


@given(st.floats(-745.0, 709.78))
@example(0.0)
def test_exp_is_exact_to_one_unit(x):
    exact = EXACT.exp(Decimal(x))
    if normal(exact):
        assert off(arithmetic.exp(x), exact) <= OFF["exp"]


@given(st.floats(5e-324, 1.79e308) | st.floats(0.5, 2.0) | st.floats(1e-9, 1.0).map(lambda d: 1.0 + d))
def test_log_is_exact_to_one_unit(x):
    exact = EXACT.ln(Decimal(x))
    assert arithmetic.log(x) == 0.0 if x == 1.0 else off(arithmetic.log(x), exact) <= OFF["log"]


@given(st.floats(1e-300, 1e300) | st.floats(0.5, 2.0), st.floats(-50.0, 50.0) | st.floats(-1e5, 1e5))
def test_power_is_exact_to_two_units(base, exponent):
    if abs(exponent * math.log(base)) < 705.0 and normal(exact := EXACT.power(Decimal(base), Decimal(exponent))):
        assert off(arithmetic.power(base, exponent), exact) <= OFF["power"]


def same(a: float, b: float) -> bool:
    return (a != a and b != b) or (a == b and math.copysign(1.0, a) == math.copysign(1.0, b))


def libm(function, *arguments: float) -> float:
    """What Python's own gives; where Python raises, what C gives."""
    try:
        return function(*arguments)
    except OverflowError:
        return math.inf if len(arguments) == 1 or arguments[0] > 0.0 or arguments[1] % 2.0 == 0.0 else -math.inf
    except ValueError:
        if function is math.log:
            return -math.inf if arguments[0] == 0.0 else math.nan
        if arguments[0] != 0.0:
            return math.nan
        odd = abs(arguments[1]) < 2.0**53 and arguments[1] % 2.0 == 1.0
        return math.copysign(math.inf, arguments[0]) if odd else math.inf


def test_what_is_no_number_or_has_no_end_is_as_libm_has_it():
    for x in SPECIAL:
        for ours, theirs in ((arithmetic.exp, math.exp), (arithmetic.log, math.log)):
            ended = libm(theirs, x)
            assert same(ours(x), ended) or abs(ours(x) - ended) <= max(math.ulp(ended), 5e-324), (theirs, x)
        for y in SPECIAL:
            ended = libm(math.pow, abs(x) if x == 0.0 else x, y)
            assert same(arithmetic.power(x, y), ended) or abs(arithmetic.power(x, y) - ended) <= 2 * math.ulp(ended), (
                x,
                y,
            )


def many(n: int) -> dict[str, tuple]:
    """Arguments of every size, and near 1 where digits cancel."""
    draw = np.random.default_rng(12)
    bases = np.concatenate(
        [np.exp2(draw.integers(-900, 900, n)) * draw.uniform(1.0, 2.0, n), draw.uniform(0.4, 2.0, n)]
    )
    return {
        "exp": (np.concatenate([draw.uniform(-708.0, 709.0, n), draw.uniform(-1.0, 1.0, n)]),),
        "log": (np.concatenate([bases, 1.0 + draw.uniform(-1e-3, 1e-3, n)]),),
        "power": (bases, np.concatenate([draw.uniform(-0.7, 0.7, n), draw.uniform(-500.0, 500.0, n)])),
    }


def each(rule, *columns) -> np.ndarray:
    """A rule for every row of its arguments."""
    return np.array([rule(*row) for row in zip(*(column.tolist() for column in columns), strict=True)])


@pytest.mark.skipif(
    np.finfo(np.longdouble).nmant < 63, reason="this machine has no numbers of 64 digits to compare with"
)
@pytest.mark.parametrize("n", [20_000, pytest.param(3_000_000, marks=pytest.mark.long)])
@pytest.mark.parametrize("name", OFF)
def test_many_arguments(name, n):
    """Against 64 binary digits, whose own error is a thousandth of a unit; a pow of 64 digits loses up to a tenth."""
    columns = many(n)[name]
    theirs = getattr(np, name)(*(column.astype(np.longdouble) for column in columns))
    ours = each(getattr(arithmetic, name), *columns)
    plain = np.isfinite(ours) & (np.abs(ours) > 1e-300)
    units = np.abs(ours[plain] - theirs[plain]) / np.spacing(np.abs(theirs[plain].astype(float)))
    assert plain.sum() > 0.9 * len(ours) and units.max() <= OFF[name] + 0.1


@pytest.mark.reference
def test_the_bits_are_the_same_compiled_plain_and_on_every_machine():
    """Typed here once: whoever moves a digit of them moves every run there ever was."""
    found = {}
    for name, columns in many(500).items():
        found[name] = hashlib.sha256(each(getattr(arithmetic, name), *columns).tobytes()).hexdigest()[:16]
    assert found == {"exp": "3d92b855173b5489", "log": "dae6f14b9a6cf37a", "power": "085dfa10d861d6a6"}


# --- what the compiler makes of it ---

LIBM = {
    "exp",
    "exp2",
    "expm1",
    "log",
    "log2",
    "log10",
    "log1p",
    "pow",
    "powf",
    "fma",
    "sin",
    "cos",
    "tan",
    "tanh",
    "erf",
}


def guilty(code: bytes) -> set[str]:
    """Names of a system's mathematics among the names that a piece of compiled code looks for."""
    return {word.decode() for word in re.findall(rb"(?<=\0)[a-z0-9_]{3,20}(?=\0)", code)} & LIBM


@pytest.mark.skipif(not kernel.COMPILED, reason="nothing is compiled")
def test_no_compiled_rule_calls_a_systems_mathematics():
    from sim.files import cache
    from sim.model import warm, wasm

    warm.prepare(wasm.MANY)
    files = [path for path in kernel.CACHE.rglob("*.nbc") if "__test" not in path.name]
    assert len(files) > 200
    own = {path: path.name.split(".")[1].split("-")[0] for path in files}  # a file holds its rule's own name
    assert {path.name: found for path in files if (found := guilty(cache.read(path) or b"") - {own[path]})} == {}
    assert guilty(b"a\0exp\0b\0rexp\0") == {"exp"}


@pytest.mark.skipif(not kernel.COMPILED, reason="nothing is compiled")
def test_nothing_is_fused_or_reordered(monkeypatch):
    """No fused multiply-add, no fast mathematics: in LLVM's text, and in the processor's."""
    monkeypatch.setattr(kernel, "CACHE", None)
    rules = [arithmetic.exp, arithmetic.log, arithmetic.power, dice.normal_at, dice.logistic, formulas.access_at]

    def texts(rule) -> str:
        fresh = kernel._compiled(kernel.plain(rule), inline=False)
        fresh.compile(kernel._signature(kernel.plain(rule)))
        return "".join([*fresh.inspect_llvm().values(), *fresh.inspect_asm().values()])

    forbidden = re.compile(r"vfn?m(add|sub)|llvm\.fm|fmuladd|\bcontract\b|\bfast\b|\breassoc\b|@(exp|log|pow)\b")
    for rule in rules:
        assert not forbidden.search(texts(rule)), kernel.plain(rule).__name__

    def with_libm(x: float) -> float:
        """A check that cannot fail is no check."""
        return math.exp(x)

    assert re.search(r"@(llvm\.)?exp\b", texts(with_libm))
