"""Rules make whole numbers only of what every machine makes the same of, and never divide by zero, at all bounds.

Where a float is too large for a whole number, or none at all, processors and WebAssembly give different ones, and plain
Python another or a fault.
"""

from __future__ import annotations

from importlib import import_module

import house
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import sim
from sim.model import kernel, theory

pytestmark = [
    pytest.mark.reference,
    pytest.mark.skipif(kernel.COMPILED, reason="asked of the plain rules, in the reference pass"),
]
LARGEST = 2.0**53  # up to here floats know every whole number
NUMBERS = {name: each for name, each in theory.numbers().items()
           if name.split(".")[0] != "workforce" and name not in ("market.size", "market.segments")}  # fmt: skip
ENDS = st.dictionaries(
    st.sampled_from(sorted(NUMBERS)), st.sampled_from(("low", "high")), min_size=10, max_size=60
).map(lambda ends: {name: getattr(NUMBERS[name], end) for name, end in ends.items()})


def whole(value) -> int:
    """What `int` makes of a value that every machine makes the same of."""
    assert not isinstance(value, float) or abs(value) < LARGEST, f"{value} is turned into a whole number"
    return int(value)


@pytest.fixture(scope="module")
def watched():
    """Every rule's `int` is `whole`, and a division by zero of numpy's numbers is a fault."""
    rules = [house.module_name(path) for path in house.rule_files()]
    with pytest.MonkeyPatch.context() as patch, np.errstate(divide="raise", invalid="raise"):
        for name in (*rules, "sim.model.dice", "sim.model.arithmetic", "sim.model.appointments"):
            patch.setattr(import_module(name), "int", whole, raising=False)
        yield


@settings(max_examples=30, deadline=None, derandomize=True)
@given(ENDS, st.integers(1, 5), st.integers(1, 7), st.integers(0, 2**63 - 1))
def test_at_the_ends_of_the_bounds(watched, ends, marketers, salespeople, seed):
    sizes = {"workforce.marketers": marketers, "workforce.salespeople": salespeople}
    firm, some = None, dict(ends)
    while firm is None:  # numbers that do not go together are left out, the last first
        try:
            firm = sim.Scenario(days=70, values={**some, **sizes})
        except sim.InputError:
            some.popitem()
    try:
        sim.run(firm, seed)
    except sim.InputError:  # too much memory, say
        assume(False)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1e300, np.float64(2.0**60)])
def test_it_would_be_seen(value):
    """A check that cannot fail is no check."""
    with pytest.raises(AssertionError):
        whole(value)
