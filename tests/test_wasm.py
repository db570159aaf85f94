"""The rules as a WebAssembly module: it is of these rules, asks for nothing, and lives the same days bit for bit."""

from __future__ import annotations

import hashlib
import importlib.util
import inspect
import json
import os
import re
import shutil
import subprocess
import sys

import numpy as np
import pytest
from house import FEW, NEEDS_OTHER_DATA, ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from shells import said

import sim
from sim.model import hashes, kernel, network, theory, warm, wasm
from sim.model.firm import YEAR
from sim.scenario import read, shipped

STATIC = ROOT / "sim" / "page" / "static"
MODULE, LAYOUT = (STATIC / "rules.wasm").read_bytes(), json.loads((STATIC / "rules.json").read_text("utf-8"))
COMMAND = "python -m sim.model.wasm_build"
LARGEST = 350_000  # bytes that a visitor loads
IMPORTS, EXPORTS = 2, 7  # sections of a module
LINKER = shutil.which("wasm-ld") or shutil.which("wasm-ld-14") or importlib.util.find_spec("ziglang")


def number(raw: bytes, at: int) -> tuple[int, int]:
    """A whole number as modules write it (LEB128), and the place behind it."""
    value, shift = 0, 0
    while True:
        byte = raw[at]
        value, shift, at = value | (byte & 127) << shift, shift + 7, at + 1
        if byte < 128:
            return value, at


def sections(raw: bytes) -> dict[int, bytes]:
    """The sections of a module by their number."""
    assert raw[:8] == b"\0asm\1\0\0\0"
    found, at = {}, 8
    while at < len(raw):
        kind = raw[at]
        size, at = number(raw, at + 1)
        found[kind], at = raw[at : at + size], at + size
    return found


def names(section: bytes) -> set[str]:
    """What a section of exports names."""
    many, at = number(section, 0)
    found = set()
    for _ in range(many):
        size, at = number(section, at)
        found.add(section[at : at + size].decode())
        _, at = number(section, at + size + 1)
    return found


# --- what it is ---


def test_it_is_the_module_of_these_rules():
    assert LAYOUT["fingerprint"] == kernel.rules_fingerprint(), f"the rules have changed: type `{COMMAND}`"


def test_it_asks_for_nothing_and_is_small():
    found = sections(MODULE)
    assert IMPORTS not in found, "it wants something from its host"
    assert names(found[EXPORTS]) == {"memory", "__heap_base", *LAYOUT["doors"]}
    assert len(MODULE) <= LARGEST


def test_it_says_nothing_of_the_machine_that_built_it():
    assert not re.search(rb"/(?:tmp|home|usr|work)/|\.py\b", MODULE)


def test_the_layout_is_that_of_the_arrays_and_numbers():
    for name, table in LAYOUT["tables"].items():
        assert table["size"] and (name == "answers" or table["axes"] <= 2)
    declared = {f"{group}.{name}" for group, each in LAYOUT["numbers"].items()
                for name, field in each["fields"].items() if "of" not in field}  # fmt: skip
    assert declared == set(theory.numbers())
    rows = [field["of"] for each in LAYOUT["numbers"].values() for field in each["fields"].values() if "of" in field]
    assert len(rows) == 3 and all(len(row) == len(theory.Practice) for row in rows)


ANEW = """
import json, sys
from pathlib import Path
from sim.model import kernel, wasm, wasm_build

module, layout = wasm_build.build()
same = (module, layout.encode()) == (wasm.WASM.read_bytes(), wasm.LAYOUT.read_bytes())
wasm.WASM, wasm.LAYOUT = (Path(sys.argv[1], name) for name in ("rules.wasm", "rules.json"))
wasm.WASM.write_bytes(module)
wasm.LAYOUT.write_text(layout, encoding="utf-8")
kernel.is_compiled = lambda: False  # so a run is lived by the module
import sim

end = sim.run("small-simple", 3, days=195).about["state"]
print(json.dumps({"made_by": wasm_build.made_by(), "same": same, "lived": wasm._lived > 0, "end": end}))
"""


@pytest.mark.documents
@pytest.mark.skipif(not kernel.COMPILED, reason="nothing is compiled")
@pytest.mark.skipif(not LINKER, reason="no wasm-ld here: install Debian's package lld, or ziglang from PyPI")
def test_whoever_builds_it_anew_lives_the_same_days_and_by_the_same_versions_with_the_same_bytes(tmp_path):
    done = subprocess.run([sys.executable, "-c", ANEW, str(tmp_path)], capture_output=True, text=True, cwd=ROOT,
                          env=os.environ | {"BATON_CACHE_DIR": str(tmp_path / "cache")})  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["lived"] and found["end"] == sim.run("small-simple", 3, days=195).about["state"]
    assert found["same"] or found["made_by"] != LAYOUT["made_by"], f"type `{COMMAND}`"


@pytest.mark.parametrize("same", [True, False])
def test_check_says_whether_it_is_what_is_built_now(monkeypatch, same):
    from sim.model import wasm_build

    built = (MODULE if same else MODULE + b"x", wasm.LAYOUT.read_text(encoding="utf-8"))
    monkeypatch.setattr(wasm_build, "build", lambda: built)
    monkeypatch.setattr(sys, "argv", ["wasm_build", "--check"])
    with pytest.raises(SystemExit) as ended:
        wasm_build.main()
    assert ended.value.code == 0 if same else COMMAND in ended.value.code
    assert wasm.WASM.read_bytes() == MODULE


def test_arguments_that_are_laid_out_in_another_way_are_refused():
    """As another numba might: one more place behind an array, a number of another kind."""
    from llvmlite import binding as llvm

    from sim.model import wasm_build

    arguments = (np.zeros((2, 3)), (4, 0.5), True)
    right = ["ptr", "ptr", *wasm_build.flat(arguments)]
    assert right[2:] == ["ptr", "ptr", "i64", "i64", "ptr", "i64", "i64", "i64", "i64", "i64", "double", "i8"]
    for kinds in (right, [*right[:6], "ptr", *right[6:]], [*right[:-1], "i1"], right[:-1]):
        whole = llvm.parse_assembly(f"define i32 @rule({', '.join(kinds)}) {{\n  ret i32 0\n}}")
        if kinds == right:
            wasm_build.check_arguments(whole, "rule", arguments)
        else:
            with pytest.raises(sim.InputError, match="lays the arguments of rule out in another way than is known"):
                wasm_build.check_arguments(whole, "rule", arguments)


# --- that it lives the same days ---


def named(values: theory.Theory) -> dict[str, float]:
    """The numbers of a theory that are not the default's, by name."""
    plain = theory.Theory()
    return {f"{group}.{name}": value for group, numbers in values._asdict().items()
            for name, value in numbers._asdict().items() if value != getattr(getattr(plain, group), name)}  # fmt: skip


def told(scenario: sim.Scenario, seed: int) -> dict:
    """A scenario and a market as tests/js/rules.js takes them."""
    steps = [[day, named(values), shock] for day, values, shock in scenario.steps()]
    return {"values": named(scenario.theory), "seed": str(seed), "days": scenario.days, "steps": steps,
            "told": people_of(scenario)}  # fmt: skip


def people_of(scenario: sim.Scenario) -> dict | None:
    """A user's own people and ties, without their names; None where they are generated."""
    found = scenario.load_organization()
    if found is None:
        return None
    ties = network.in_order(found.ties)
    values = [{name: None if value != value else value for name, value in zip(ties.dtype.names, row, strict=True)}
              for row in ties.tolist()]  # fmt: skip
    days = np.nan_to_num(found.tenure_days, nan=float(YEAR)).astype(np.int64)
    return {"team": found.team.tolist(), "days": days.tolist(), "site": np.asarray(found.site).tolist(),
            "ties": values, "mates": found.mates.tolist()}  # fmt: skip


def compare(pairs: list[tuple[sim.Scenario, int]], shell: str = "node") -> None:
    """The module makes its own day 0, lives on through every change, and ends as `sim.run` does."""
    ends = [each["hash"] for each in said("rules.js", [told(*pair) for pair in pairs], shell)]
    assert ends == [sim.run(scenario, seed).about["state"] for scenario, seed in pairs]


SHIPPED = [name for name in sorted(shipped()) if name not in NEEDS_OTHER_DATA]


def test_scenarios_end_in_the_same_state():
    compare([(read(name), seed) for name in SHIPPED if name in FEW for seed in (1, 2**63 - 1)])


@pytest.mark.long
@pytest.mark.parametrize("name", SHIPPED)
def test_every_scenario_ends_in_the_same_state(name):
    compare([(read(name), seed) for seed in (0, 12, 2**40)])


LEVERS = [name for name, each in theory.numbers().items() if each.lever]


def moved(name: str) -> sim.Scenario | None:
    """The default, in which a lever goes to the end of its bounds on day 30; None where that is refused."""
    each = theory.numbers()[name]
    value = each.high if each.high != each.default else each.low
    if name.startswith("workforce.") and value > 60:  # of people: twice as many
        value = 2 * each.default or 5
    try:
        return sim.Scenario(days=140, changes=(sim.Change(30, {name: value}),))
    except sim.InputError:
        return None


def every_lever() -> list[tuple[sim.Scenario, int]]:
    pairs = [(scenario, 3) for scenario in map(moved, LEVERS) if scenario is not None]
    assert len(pairs) > len(LEVERS) / 2
    return pairs


def every_shock() -> list[tuple[sim.Scenario, int]]:
    """Each once a liaison was hired."""
    hired = sim.Change(10, {"liaison.count": 1, "liaison.hired": 1})
    return [(sim.Scenario(days=140, changes=(hired, sim.Change(40, {}, shock=each))), 3) for each in theory.SHOCKS]


def test_every_lever_may_move_in_the_middle_of_a_run():
    compare(every_lever())


def test_every_shock_may_happen():
    compare(every_shock())


def test_a_copy_lives_on_and_what_happens_to_another_does_not_touch_it():
    firm = read("growth").but(days=390)
    (found,) = said("rules.js", [{**told(firm, 8), "branch": 200}])
    assert found["hash"] == sim.run(firm, 8).about["state"]


def of_size(marketers: int, salespeople: int, days: int = 140) -> sim.Scenario:
    return sim.Scenario(days=days, values={"workforce.marketers": marketers, "workforce.salespeople": salespeople})


def test_firms_of_any_size():
    compare([(of_size(*each), 5) for each in [(1, 1), (2, 1), (1, 2), (5, 11), (40, 90), (150, 350)]])


@pytest.mark.long
def test_firms_of_every_size_and_one_of_thousands():
    sizes = [(1 + n // 3, n - n // 3) for n in (2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377, 499)]
    compare([*((of_size(*each, days=400), seed) for each in sizes for seed in (5, 6)), (of_size(1200, 2400, 70), 5)])


@pytest.mark.reference
@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=700))
def test_its_hash_is_blake2b(raw):
    words = np.frombuffer(raw.ljust(-(-max(len(raw), 1) // 128) * 128, b"\0"), np.uint64)
    state, work = np.zeros(8, np.uint64), np.zeros(16, np.uint64)
    with np.errstate(over="ignore"):
        hashes.digest(words, len(raw), state, work)
    assert state[:1].tobytes() == hashlib.blake2b(raw, digest_size=8).digest()


# --- in Python, while nothing is compiled ---


@pytest.fixture
def by_the_module(monkeypatch):
    """A process in which nothing was compiled yet."""
    if not wasm.fits():
        pytest.skip("the rules are plain, or there is no wasmtime here")
    monkeypatch.setattr(kernel, "is_compiled", lambda: False)
    monkeypatch.setattr(warm, "prepare", inspect.unwrap(warm.prepare))  # the suite's own compiles at once
    monkeypatch.setattr(warm, "_compiled", False)
    monkeypatch.setattr(wasm, "_lived", 0.0)
    yield
    kernel.answered_by(None)


@pytest.mark.reference  # so each Python that the gate has lives it
def test_python_ends_in_the_same_state_by_the_module(by_the_module, monkeypatch):
    few = [name for name in SHIPPED if name in FEW]
    ends = [sim.run(name, 7, until=700).about["state"] for name in few]
    assert wasm._lived > 0
    monkeypatch.undo()
    kernel.answered_by(None)
    assert ends == [sim.run(name, 7, until=700).about["state"] for name in few]


def test_a_first_run_compiles_nothing(by_the_module, tmp_path):
    program = "import sim; print(sim.run('small-simple', 1, days=65).about['state'])"
    done = subprocess.run([sys.executable, "-c", program], env=os.environ | {"BATON_CACHE_DIR": str(tmp_path)},
                          capture_output=True, text=True)  # fmt: skip
    assert done.returncode == 0 and not list(tmp_path.rglob("*.nb?")), done.stderr
    assert done.stdout.split() == [sim.run("small-simple", 1, days=65).about["state"]]


def test_many_runs_are_worth_compiling_and_so_is_a_long_session(by_the_module, monkeypatch):
    assert not wasm.must_compile() and not wasm.must_compile(wasm.MANY - 1)
    assert wasm.must_compile(wasm.MANY)
    monkeypatch.setattr(wasm, "_lived", wasm.PATIENCE + 1.0)
    assert wasm.must_compile()


def test_nothing_is_marked_as_compiled_that_was_not(by_the_module, monkeypatch, tmp_path):
    monkeypatch.setattr(kernel, "CACHE", tmp_path)
    sim.run(read("small-simple").but(days=10), 1)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("changed", ["fingerprint", "sha256"])
def test_a_module_that_is_not_of_these_rules_is_not_used(by_the_module, monkeypatch, changed):
    wasm._module.cache_clear()
    monkeypatch.setattr(wasm, "_layout", lambda: {**LAYOUT, changed: "another"})
    assert wasm.fits.__wrapped__() is False
    wasm._module.cache_clear()


@pytest.mark.parametrize("told, used", [({}, True), ({"NUMBA_BOUNDSCHECK": "1"}, False), ({"NUMBA_OPT": "1"}, False)])
def test_whoever_tells_numba_what_to_do_gets_what_it_does(by_the_module, monkeypatch, told, used):
    for name in [name for name in os.environ if name.startswith("NUMBA_")]:
        monkeypatch.delenv(name)
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    assert wasm.fits.__wrapped__() is used


def test_rules_of_other_files_are_none_of_the_modules(by_the_module):
    def live(firm):
        """Called as the model's own is."""

    live.__module__ = "drive"
    assert wasm.answer(live, ()) is NotImplemented
