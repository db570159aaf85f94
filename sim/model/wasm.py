"""The rules' committed module in Python, by wasmtime: where no rule is compiled yet, nobody waits for the compiler."""

from __future__ import annotations

import atexit
import ctypes
import functools
import hashlib
import importlib.util
import json
import math
import os
import threading
import time
from pathlib import Path

import numpy as np

from sim.model import kernel
from sim.model.kernel import LINE

STATIC = Path(__file__).parents[1] / "page" / "static"
WASM, LAYOUT = STATIC / "rules.wasm", STATIC / "rules.json"
FINE = (0, -2)  # what a rule answers when all is well: with something given back, and with nothing
BYTES_GROWN = 1 << 16  # by which a module's memory grows
MANY = 500  # runs that cost more to live by the module than to compile and live
PATIENCE = 30.0  # seconds that a process lives by the module before compiling pays

_lived = 0.0  # seconds so far
_here = threading.local()


@functools.cache
def fits() -> bool:
    """Whether there is a module of these very rules and wasmtime to run it, and numba is told nothing special."""
    told = {name for name in os.environ if name.startswith("NUMBA_")} - {"NUMBA_CACHE_DIR"}
    if not kernel.COMPILED or told or importlib.util.find_spec("wasmtime") is None:
        return False
    try:
        return _layout()["fingerprint"] == kernel.rules_fingerprint() and _module() is not None
    except Exception:  # it is not there, was damaged, or cannot run on this machine: the rules are compiled
        return False


def must_compile(runs: float = 1) -> bool:
    """Whether the rules are to be compiled before so many runs begin: few live by the module, where there is one."""
    return not kernel.is_compiled() and (runs >= MANY or _lived > PATIENCE or not fits())


def answer(rule, arguments: tuple):
    """What a rule gives back, lived by the module; NotImplemented for a rule that the module does not have."""
    global _lived
    name = f"{rule.__module__.rpartition('.')[2]}.{rule.__name__}"
    if name not in _layout()["doors"] or not rule.__module__.startswith("sim.model."):
        return NotImplemented
    begun = time.perf_counter()
    if not hasattr(_here, "host"):
        _here.host = _Host()
    found = _here.host.call(name, arguments)
    _lived += time.perf_counter() - begun
    return found


@functools.cache
def _layout() -> dict:
    return json.loads(LAYOUT.read_text(encoding="utf-8"))


@functools.cache
def _module():
    """The machine's own code for the module; raises where it is not the one that the layout describes."""
    import wasmtime

    raw = WASM.read_bytes()
    if hashlib.sha256(raw).hexdigest() != _layout()["sha256"]:
        raise ValueError(f"{WASM} and {LAYOUT} do not belong together")
    engine = wasmtime.Engine()
    atexit.register(_let_go)
    return engine, wasmtime.Module(engine, raw)


def _let_go() -> None:
    """What wasmtime holds goes before Python itself does: later each of its objects would complain."""
    _here.__dict__.clear()
    _module.cache_clear()


class _Host:
    """One thread's copy of the module. Arrays are carried in before a call and out again after it."""

    def __init__(self):
        import wasmtime

        engine, module = _module()
        self.store = wasmtime.Store(engine)
        self.exports = wasmtime.Instance(self.store, module, []).exports(self.store)
        self.memory = self.exports["memory"]
        self.frame = _line_after(self.exports["__heap_base"].value(self.store))

    def call(self, name: str, arguments: tuple):
        """Call a rule by its door: see `wasm_build.door_of`."""
        self.free = _line_after(self.frame + _layout()["frame"])
        flat, carried = [0], []
        for argument in arguments:
            self._lay(flat, carried, argument)
        firm = next((each for each in arguments if hasattr(each, "ledger")), None)
        memory = self._bytes()
        memory[self.frame : self.frame + 8 * len(flat)] = np.array(flat, np.uint64).view(np.uint8)
        for array, place in carried:
            raw, used = _raw(array), _used(firm, array)
            memory[place : place + used] = raw[:used]
            memory[place + used : place + len(raw)] = 0
        if self.exports[name](self.store, self.frame) not in FINE:
            raise RuntimeError(f"the rule {name} failed")
        memory = self._bytes()
        for array, place in reversed(carried):  # the ledger before the tables whose rows it counts
            if array.flags.writeable:
                used = _used(firm, array)
                _raw(array)[:used] = memory[place : place + used]
        return int(memory[self.frame : self.frame + 8].view(np.int64)[0])

    def _bytes(self) -> np.ndarray:
        """The memory up to where nothing lies, as large as it must be."""
        missing = self.free - self.memory.data_len(self.store)
        if missing > 0:
            self.memory.grow(self.store, -(-missing // BYTES_GROWN))
        begin = ctypes.cast(self.memory.data_ptr(self.store), ctypes.POINTER(ctypes.c_ubyte))
        return np.ctypeslib.as_array(begin, (self.free,))

    def _lay(self, flat: list[int], carried: list, argument) -> None:
        """Lay an argument out as rules take it (`wasm_build.flat`), each number as 64 bits."""
        if isinstance(argument, tuple):
            for part in argument:
                self._lay(flat, carried, part)
        elif isinstance(argument, np.ndarray):
            place = self._carry(carried, argument)
            flat += [0, 0, argument.size, argument.itemsize, place, *argument.shape, *argument.strides]
        elif isinstance(argument, np.void):
            flat.append(self._carry(carried, np.array(argument)))
        elif isinstance(argument, float):
            flat.append(int(np.float64(argument).view(np.uint64)))
        else:
            flat.append(int(argument) % (1 << 64))

    def _carry(self, carried: list, array: np.ndarray) -> int:
        if not array.flags.c_contiguous:
            raise ValueError("rules take arrays whose rows lie one after the other")
        place, self.free = self.free, _line_after(self.free + array.nbytes)
        if array.nbytes:
            carried.append((array, place))
        return place


def _raw(array: np.ndarray) -> np.ndarray:
    return array.reshape(-1).view(np.uint8)


def _used(firm, array: np.ndarray) -> int:
    """Bytes of a table's rows that the ledger counts; of any other array all."""
    for name in _layout()["pools"] if firm is not None else ():
        if array is getattr(firm, name):
            return int(firm.ledger[f"n_{name}"][0]) * array.strides[0]
    return array.nbytes


def _line_after(place: int) -> int:
    return math.ceil(place / LINE) * LINE
