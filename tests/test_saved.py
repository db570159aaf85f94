"""A saved state is checked before a rule sees it: damaged or made up, it is refused, and never crashes the process."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import numpy as np
import pytest

import sim
from sim.cli import code_of
from sim.model import firm as f
from sim.model.firm import Firm
from sim.model.hashes import state_hash
from sim.result import saved, sound

DAY = 130
# A process of its own spoils a state again and again, makes the check sum right, and lives on from what is accepted.
SPOIL = """
import io, json, sys
import numpy as np
from sim.result import saved
from sim.errors import InputError
from sim.run import live_until

ODD = (-1, 0, 1, 2, -2, 63, 255, 1024, 2**15 - 1, -2**15, 2**31 - 1, -2**31, 2**62,
       1e15, -1e15, 1e300, np.nan, np.inf, 0.5)

def spoilt(tables, random):
    tables = {name: table.copy() for name, table in tables.items()}
    name = list(tables)[random.integers(len(tables))]
    table, how = tables[name], random.integers(9)
    if name == "about" or how == 0:
        about = json.loads(bytes(tables["about"]))
        key = list(about)[random.integers(len(about))]
        if key == "theory":
            group = about[key][list(about[key])[random.integers(len(about[key]))]]
            group[list(group)[random.integers(len(group))]] = float(ODD[random.integers(len(ODD))])
        else:
            odd = (-1, 0, 10**30, None, [], {}, "1", True, [1] * 36, 0.5, about["day"] + 1, 200, 10**7)
            about[key] = odd[random.integers(len(odd))]
        tables["about"] = np.frombuffer(json.dumps(about).encode(), np.uint8)
    elif how == 1:
        tables[name] = table[: random.integers(len(table))] if len(table) else table
    elif how == 2:
        tables[name] = np.concatenate([table, table[: 1 + random.integers(3)]])
    elif how == 3:
        tables[name] = table[..., None] if random.integers(2) else table.reshape(-1)[:1]
    elif how == 4:
        del tables[name]
    elif how == 5:
        raw = bytearray(table.tobytes())
        for _ in range(1 + random.integers(3)):
            if raw:
                raw[random.integers(len(raw))] ^= 1 << int(random.integers(8))
        tables[name] = np.frombuffer(bytes(raw), table.dtype).reshape(table.shape)
    else:
        many = 1 + random.integers(3)
        for _ in range(many):
            column = table[table.dtype.names[random.integers(len(table.dtype.names))]] if table.dtype.names else table
            if column.size:
                place = np.unravel_index(random.integers(column.size), column.shape)
                with np.errstate(all="ignore"):
                    value = ODD[random.integers(len(ODD))]
                    if random.integers(2):
                        value = column.flat[random.integers(column.size)]
                    try:
                        column[place] = value
                    except (ValueError, OverflowError):
                        column[place] = column.dtype.type(-1) if column.dtype.kind == "i" else 0
    return tables

state, first, end = json.loads(sys.argv[1])
with np.load(state) as file:
    whole = dict(file)
refused = lived = 0
for number in range(first, end):
    print(number, file=sys.stderr, flush=True)
    random = np.random.default_rng(number)
    made = io.BytesIO()
    np.savez(made, **spoilt(whole, random))
    with open(state + ".spoilt", "wb") as file:
        file.write(saved.signed(made.getvalue()))
    try:
        simulation = saved.load(state + ".spoilt")
    except InputError:
        refused += 1
        continue
    coming = [(simulation.day, simulation.theory._replace(
        workforce=simulation.theory.workforce._replace(marketers=14, salespeople=20)), "reorganization")]
    live_until(min(simulation.day + 30, simulation.horizon), simulation, coming if number % 3 == 0 else [])
    lived += 1
print(refused, lived)
"""


@pytest.fixture(scope="module")
def state(tmp_path_factory):
    """A firm that grows, in the middle of its second quarter."""
    path = tmp_path_factory.mktemp("state") / "growth.npz"
    sim.run("growth", 4, until=DAY, days=260).save_state(path)
    return path


def spoil(state, first: int, end: int) -> tuple[int, int]:
    program = [sys.executable, "-c", SPOIL, json.dumps([str(state), first, end])]
    done = subprocess.run(program, capture_output=True, text=True, env=os.environ | {"PYTHONFAULTHANDLER": "1"})
    what = signal.Signals(-done.returncode).name if done.returncode < 0 else done.returncode
    assert done.returncode == 0, f"{what}: {done.stderr[-2000:]}"
    refused, lived = map(int, done.stdout.split())
    assert refused + lived == end - first
    return refused, lived


def test_sixty_spoilt_states_crash_nothing(state):
    refused, lived = spoil(state, 0, 60)
    assert refused > 20 and lived > 5


@pytest.mark.long
@pytest.mark.parametrize("part", range(8))
def test_thousands_of_spoilt_states_crash_nothing(state, part):
    assert min(spoil(state, 1000 * (part + 1), 1000 * (part + 1) + 500)) > 0


def test_every_flipped_bit_is_noticed(state, tmp_path, capsys):
    whole, path = state.read_bytes(), tmp_path / "flipped.npz"
    random = np.random.default_rng(5)
    for place in [0, 30, len(whole) - 1, len(whole) - 70, *random.integers(len(whole), size=40).tolist()]:
        raw = bytearray(whole)
        raw[place] ^= 1 << int(random.integers(8))
        path.write_bytes(raw)
        with pytest.raises(sim.InputError, match="check sum is wrong|not a saved state"):
            saved.load(path)
    for cut in (0, 1, 100, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:cut])
        with pytest.raises(sim.InputError):
            saved.load(path)
    assert code_of(["run", "growth", "--from", str(path)]) == 3
    said = capsys.readouterr().err
    assert "check sum is wrong" in said and "save anew" in said


def respoilt(state, path, change):
    """A state with something changed by hand, and its check sum made right."""
    with np.load(state) as file:
        tables = {name: table.copy() for name, table in file.items()}
    tables = change(tables) or tables
    whole = saved.io.BytesIO()
    np.savez(whole, **tables)
    path.write_bytes(saved.signed(whole.getvalue()))
    return path


def put(table: str, column: str, row: int, value):
    def change(tables):
        tables[table][column][row] = value

    return change


def knotted(tables):
    """The pages of two days lead to one another."""
    first, second = (int(page) for page in tables["agenda"][tables["agenda"] >= 0][:2])
    tables["pages"][first, 1], tables["pages"][second, 1] = second, first


@pytest.mark.parametrize(("change", "said"), [
    (lambda tables: tables | {"people": tables["people"][:3]}, "beliefs: is"),
    (lambda tables: tables | {"ties": tables["ties"][:3]}, r"ledger.n_ties: \d+ is written, and it is 3"),
    (lambda tables: tables | {"ties": tables["people"][:3]}, "ties: its columns"),
    (lambda tables: tables | {"heads": tables["heads"][:1]}, "heads: is 1 long where 2 is right"),
    (put("ties", "m", 4, 5000), "ties.m, row 4: 5000 is not within 0"),
    (put("links", "other", 7, -1), "links.other, row 7: -1 is not within 0"),
    (put("links", "tie", 7, 2**31 - 1), "links.tie, row 7"),
    (put("mates", "b", 0, 900), "mates.b, row 0"),
    (put("people", "first", 2, 10**6), "people.first"),
    (put("people", "seat", 2, 4), "people.seat"),
    (put("leads", "segment", 0, 99), "leads.segment, row 0"),
    (put("leads", "state", 0, 9), "leads.state, row 0"),
    (put("leads", "value", 0, np.nan), "leads.value, row 0: nan"),
    (put("customers", "lead", 0, 10**7), "customers.lead, row 0"),
    (put("customers", "satisfaction", 0, 1.5), "customers.satisfaction, row 0: 1.5 is not within 0 .. 1"),
    (put("ledger", "n_leads", 0, 10**9), "ledger.n_leads"),
    (put("ledger", "n_m", 0, 40), "ledger.n_m: 40 is written"),
    (put("ledger", "open_deals", 0, 0), "ledger.open_deals: 0 is written"),
    (put("ledger", "ref_m", 0, 1e14), "ledger.ref_m"),
    (put("ledger", "free_page", 0, 10**6), "ledger.free_page"),
    (put("agenda", ..., 3, 10**6), "agenda, row"),
    (knotted, "circle|two lists|numbers on a page"),
])  # fmt: skip
def test_what_is_wrong_is_named(state, tmp_path, change, said):
    with pytest.raises(sim.InputError, match=said):
        saved.load(respoilt(state, tmp_path / "made.npz", change))


def test_tables_that_would_fill_the_memory_are_not_unpacked(state, monkeypatch):
    monkeypatch.setattr(saved, "MOST", 10_000)
    with pytest.raises(sim.InputError, match="its tables take more than 10,000 bytes"):
        saved.load(state)


def test_a_sound_state_is_taken_up_as_it_was(state, tmp_path):
    made = respoilt(state, tmp_path / "made.npz", lambda tables: None)
    assert state_hash(saved.load(made).firm) == state_hash(saved.load(state).firm)
    again = sim.run("growth", from_state=made, until=200, days=260)
    assert again.about["state"] == sim.run("growth", 4, until=200, days=260).about["state"]


@pytest.mark.parametrize("name", ["default", "company-example", "liaison-leaves", "growth"])
@pytest.mark.parametrize("until", [0, 1, 400])
def test_every_state_that_the_rules_make_is_sound(tmp_path, name, until):
    there = sim.run(name, 2, until=until).state
    saved.save(there, tmp_path / "state.npz")
    assert state_hash(saved.load(tmp_path / "state.npz").firm) == state_hash(there.firm)


def test_every_whole_number_of_the_firm_says_what_it_may_be():
    """A field that is added to the firm must be declared, or a file could make it lead anywhere."""
    assert set(sound.SHAPES) == set(Firm._fields)
    for name in set(Firm._fields) - sound.FREE - set(sound.PLAIN):
        kind = sound.kind_of(name)
        whole = {column for column in kind.names if kind[column].base.kind in "iu"}
        assert whole == set(sound.WHOLE.get(name, {})), name
        assert all(low in f.Firm._fields for low, _ in sound.WHOLE.get(name, {}).values() if isinstance(low, str))
