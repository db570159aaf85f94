"""The only file that knows numba: it turns a plain rule into a compiled one, or leaves it plain.

A rule is written once, in plain Python. `@kernel` compiles it; with the
environment variable NUMBA_DISABLE_JIT=1 it stays the Python function it is, and
gives the same bits. A rule whose arguments are all annotated with `float`,
`int`, `bool` or `uint64` is compiled for exactly these types (one compilation,
never one per kind of literal); any other rule is compiled for the arrays it is
first called with.

Compiled code is kept on disk in a folder named after a fingerprint of the
rules' sources, the versions and numba's settings. numba's own cache runs the
*old* rule after another file was edited; a new fingerprint means a new folder.
"""

from __future__ import annotations

import hashlib
import inspect
import os
import sys
import tempfile
from pathlib import Path

import numba
import numpy as np

uint64 = np.uint64
LINE = 64  # bytes that memory fetches at a time
COMPILED = not numba.config.DISABLE_JIT
_SCALARS = {"float": "float64", "int": "int64", "bool": "boolean", "uint64": "uint64", "None": "none",
            "tuple[float, float]": "UniTuple(float64, 2)"}  # fmt: skip


def rules_fingerprint() -> str:
    """Twelve hex digits that change whenever a rule changes; the same for plain and compiled rules."""
    return _of_the_rules().hexdigest()[:12]


def _of_the_rules():
    seen = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        seen.update(path.name.encode() + path.read_bytes())
    return seen


def fingerprint() -> str:
    """Twelve hex digits that change whenever a rule, a version or a numba setting changes."""
    seen = _of_the_rules()
    settings = sorted((k, v) for k, v in os.environ.items() if k.startswith("NUMBA_") and k != "NUMBA_CACHE_DIR")
    seen.update(repr((numba.__version__, np.__version__, sys.version, settings)).encode())
    return seen.hexdigest()[:12]


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def cache_folder() -> Path | None:
    """Where compiled rules are kept: the user's cache, else a temporary folder, else nowhere (None)."""
    base = os.environ.get("BATON_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    name = f"rules-{fingerprint()}"
    user = getattr(os, "getuid", lambda: 0)()
    for folder in (Path(base) / "baton" / name, Path(tempfile.gettempdir()) / f"baton-{user}" / name):
        if _writable(folder):
            return folder
    return None


CACHE = cache_folder() if COMPILED else None
_DONE = "compiled"


def is_compiled() -> bool:
    """Whether the rules need no compiling now: they are plain, or a process compiled them before."""
    return not COMPILED or (CACHE is not None and (CACHE / _DONE).exists())


def mark_compiled() -> None:
    """Remember that every rule lies in the cache, so that the next process need not announce a wait."""
    if CACHE is not None:
        (CACHE / _DONE).touch()


def _signature(rule) -> str | None:
    hints = inspect.get_annotations(rule)
    names = inspect.signature(rule).parameters
    if "return" not in hints or any(str(hints.get(n)) not in _SCALARS for n in names):
        return None
    return f"{_SCALARS[str(hints['return'])]}({', '.join(_SCALARS[str(hints[n])] for n in names)})"


def kernel(rule=None, *, inline: bool | None = None):
    """Compile a rule (or leave it plain under NUMBA_DISABLE_JIT=1), with the same bits either way.

    inline   whether the compiler puts the rule into its callers: for small acts called
             very often, where handing over the whole firm would cost more than the act.
             Unless it is said, the lines of a day, rule(firm, theory, dice), are put
             into it, since each stands there once

    No fastmath and no parallel loops inside a rule: both would change bits.
    Division follows numpy (no hidden check for zero), so rules guard theirs.
    """
    if rule is None:
        return lambda found: kernel(found, inline=inline)
    if not COMPILED:
        return rule
    if inline is None:
        inline = list(inspect.signature(rule).parameters) == ["firm", "theory", "dice"]
    before, numba.config.CACHE_DIR = numba.config.CACHE_DIR, str(CACHE or "")
    try:
        options = {
            "cache": CACHE is not None,
            "error_model": "numpy",
            "nogil": True,
            "forceinline": inline,
            "_nrt": False,
        }
        signature = _signature(rule)
        return numba.njit(signature, **options)(rule) if signature else numba.njit(**options)(rule)
    finally:
        numba.config.CACHE_DIR = before


if COMPILED:
    from llvmlite import ir
    from numba.core import cgutils, types
    from numba.extending import intrinsic

    @intrinsic
    def fetch(typingctx, table, row):
        """Ask memory for a row of a table that is needed soon, and do not wait: it changes nothing but the time.

        The row may be any number: one that there is not is not fetched.
        """
        size = table.dtype.size if table.ndim == 1 else 2 * LINE  # of a row of rows, what stands in front

        def code(context, builder, signature, arguments):
            kind, number, byte = signature.args[0], ir.IntType(32), ir.IntType(8).as_pointer()
            array = context.make_array(kind)(context, builder, arguments[0])
            place = [arguments[1]] + [context.get_constant(types.intp, 0)] * (kind.ndim - 1)
            begin = cgutils.get_item_pointer(context, builder, kind, array, place, wraparound=False)
            begin = builder.bitcast(begin, byte)
            shape = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
            ask = cgutils.get_or_insert_function(builder.module, shape, "llvm.prefetch.p0i8")
            for line in range(0, size, LINE):
                spot = builder.gep(begin, [ir.Constant(ir.IntType(64), line)])
                builder.call(ask, [spot, number(0), number(3), number(1)])  # to read, to keep, data
            return context.get_dummy_value()

        return types.void(table, types.intp), code

else:

    def fetch(table, row):
        """Ask memory for a row of a table: nothing to do in plain Python."""


def numbers_for_kernels(theory):
    """The theory as rules receive it: compiled rules take each group as one record, plain ones as it is."""
    if not COMPILED:
        return theory
    groups = []
    for group in theory:
        kinds = [(name, "i8" if isinstance(value, int) else "f8") for name, value in group._asdict().items()]
        row = np.zeros(1, np.dtype(kinds))
        row[0] = tuple(group)
        groups.append(row.view(np.recarray)[0])
    return type(theory)(*groups)


def guest(rule):
    """Compile a rule from a user's own file, without the disk cache (its fingerprint is not ours)."""
    return numba.njit(error_model="numpy", nogil=True)(rule) if COMPILED else rule


def compile_for(rule, *arguments) -> None:
    """Compile a rule for arguments like these, or take it from the cache, without calling it.

    With LLVM's first level of passes: the same bits, as quick, and a seventh less to wait for than with the third.
    """
    if COMPILED:
        before = numba.config.OPT
        numba.config.OPT = type(before)(min(before, 1))
        try:
            rule.compile(tuple(numba.typeof(argument) for argument in arguments))
        finally:
            numba.config.OPT = before


def versions() -> dict[str, str]:
    """The versions that a result depends on."""
    return {"python": sys.version.split()[0], "numpy": np.__version__, "numba": numba.__version__}
