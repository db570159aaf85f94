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
What lies there is run: so only a folder that nobody else can write is used
(`sim.files.cache`), and a file whose check sum is wrong is thrown away.
"""

from __future__ import annotations

import contextlib
import dis
import functools
import hashlib
import inspect
import io
import itertools
import os
import pickle
import sys
import types as types_of_python
from pathlib import Path

import numba
import numpy as np

from sim.errors import tell
from sim.files import cache

uint64 = np.uint64
LINE = 64  # bytes that memory fetches at a time
COMPILED = not numba.config.DISABLE_JIT
_SCALARS = {"float": "float64", "int": "int64", "bool": "boolean", "uint64": "uint64", "None": "none",
            "tuple[float, float]": "UniTuple(float64, 2)"}  # fmt: skip


MODEL = Path(__file__).resolve().parent  # what the fingerprints cover


def rules_fingerprint() -> str:
    """Twelve hex digits that change whenever a rule changes; the same for plain and compiled rules."""
    return _of_the_rules().hexdigest()[:12]


def _of_the_rules():
    seen = hashlib.sha256()
    for path in sorted(MODEL.rglob("*.py")):
        seen.update(path.name.encode() + path.read_bytes())
    return seen


def fingerprint() -> str:
    """Twelve hex digits that change whenever a rule, a version or a numba setting changes."""
    seen = _of_the_rules()
    settings = sorted((k, v) for k, v in os.environ.items() if k.startswith("NUMBA_") and k != "NUMBA_CACHE_DIR")
    seen.update(repr((numba.__version__, np.__version__, sys.version, settings)).encode())
    return seen.hexdigest()[:12]


CACHE, WHY_NO_CACHE = cache.own_folder(f"rules-{fingerprint()}") if COMPILED else (None, "")
_DONE = "compiled"


def is_compiled() -> bool:
    """Whether the rules need no compiling now: they are plain, or a process compiled them before."""
    return not COMPILED or (CACHE is not None and (CACHE / _DONE).exists())


def mark_compiled() -> None:
    """Remember that every rule lies in the cache, so that the next process need not announce a wait."""
    if CACHE is not None and _instead is None:
        (CACHE / _DONE).touch()


_instead = None  # who answers Python's calls of rules while none is compiled, or nobody


def answered_by(other) -> None:
    """Let another host of the same rules answer Python's calls of them (`sim.model.wasm`); None: let them be compiled.

    other    function (rule, arguments); NotImplemented for a rule that it does not have
    """
    global _instead
    _instead = other


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
    if signature := _signature(rule):
        return _Formula(rule, inline, signature)
    return _Rule(rule, inline)


def _compiled(rule, inline: bool, door: bool = True):
    """numba's function of a rule; without a door only other compiled rules can call it (Python would crash)."""
    compiled = numba.njit(
        error_model="numpy",
        nogil=True,
        forceinline=inline,
        _nrt=False,
        no_cfunc_wrapper=True,
        no_cpython_wrapper=not door,
    )(rule)
    if CACHE is not None:
        with contextlib.suppress(RuntimeError, OSError):  # no file can be written there: compiled in every process
            compiled._cache = _Cache(rule, door)
    return compiled


class _Rule:
    """A compiled rule that takes arrays: rules call it without a door, Python by a door that is made when it knocks.

    To take a whole firm out of Python's objects costs the compiler as much as the rule itself,
    and of three hundred rules Python calls thirty.
    """

    def __init__(self, rule, inline: bool):
        functools.update_wrapper(self, rule)
        self.py_func, self._inline = rule, inline
        self.inside = _compiled(rule, inline, door=False)
        self._numba_type_ = numba.typeof(self.inside)  # what numba finds where a rule names this one

    @functools.cached_property
    def door(self):
        return _compiled(self.py_func, self._inline)

    def __call__(self, *arguments):
        if _instead is not None and (answer := _instead(self, arguments)) is not NotImplemented:
            return answer
        return self.door(*arguments)


class _Formula:
    """A compiled rule of numbers alone: compiled for its types and no others, when somebody first asks for it."""

    def __init__(self, rule, inline: bool, signature: str):
        functools.update_wrapper(self, rule)
        self.py_func = rule
        self.inside = compiled = _compiled(rule, inline)
        self._numba_type_ = numba.typeof(compiled)

        def compile_once(_=None):
            with compiler_lock.global_compiler_lock:  # two threads may ask at once
                if not compiled.overloads:
                    type(compiled).compile(compiled, signature)
                    compiled.disable_compile()
                return next(iter(compiled.overloads.values())).entry_point

        compiled.compile = compile_once

    def __call__(self, *arguments):
        if _instead is not None:
            with np.errstate(over="ignore"):
                return self.py_func(*arguments)
        if not self.inside.signatures:
            self.inside.compile()
        return self.inside(*arguments)


if COMPILED:
    from llvmlite import ir
    from numba.core import caching, cgutils, compiler_lock, types
    from numba.extending import intrinsic

    class _Folder(caching.UserProvidedCacheLocator):
        """Where the compiled rules of a file lie: in our folder, whatever numba is set to.

        What the fingerprint covers is the same wherever it is installed: two installations share it.
        """

        def __init__(self, rule, path):
            super().__init__(rule, path)
            found = Path(path).resolve()
            ours = found.is_relative_to(MODEL)
            place = found.parent.relative_to(MODEL.parent) if ours else self.get_suitable_cache_subpath(path)
            self._cache_path = str(CACHE / place)

        @classmethod
        def from_function(cls, rule, path):
            made = cls(rule, path)
            if Path(made._cache_path).exists() and not Path(made._cache_path).is_dir():
                cache.throw_away(Path(made._cache_path), "it is a file")
            made.ensure_cache_path()
            return made

    class _Files(caching.IndexDataCacheFile):
        """numba's two kinds of files, each behind its check sum: nothing is unpickled before that holds."""

        @contextlib.contextmanager
        def _open_for_write(self, path):
            whole = io.BytesIO()
            yield whole
            if Path(path).is_dir():  # nothing can be written over a folder
                cache.throw_away(Path(path), "it is a folder")
            with super()._open_for_write(path) as file:
                file.write(cache.signed(whole.getvalue()))

        def _load_index(self):
            raw = cache.read(self._index_path)
            if raw is None:
                return {}
            whole = io.BytesIO(raw)
            if pickle.load(whole) != self._version:
                return {}
            stamp, found = pickle.load(whole)
            return found if stamp == self._source_stamp else {}

        def _load_data(self, name):
            raw = cache.read(self._data_path(name))
            if raw is None:
                raise FileNotFoundError(name)  # numba compiles
            return pickle.loads(raw)

    class _Cache(caching.FunctionCache):
        """numba's cache of a rule that may lose any file at any time, and may fail to keep one."""

        class _impl_class(caching.CompileResultCacheImpl):
            _locator_classes = [_Folder]

        def __init__(self, rule, door: bool, of: str = ""):
            super().__init__(rule)
            old = self._cache_file
            name = self._impl.filename_base + ("" if door else ".inside") + of
            self._cache_file = _Files(self._cache_path, name, old._source_stamp)

        def save_overload(self, signature, data):
            try:
                super().save_overload(signature, data)
            except OSError as fault:
                tell(f"compiled rules cannot be kept in {CACHE} ({fault.strerror}): the next run compiles them again")

    def _short(kind) -> tuple[str, tuple]:
        """What a named tuple is called in the names of compiled rules; numba would spell out every field."""
        return f"{kind.instance_class.__name__}_{hashlib.sha256(kind.name.encode()).hexdigest()[:12]}", ()

    types.NamedTuple.mangling_args = property(_short)  # names of 40 kB otherwise, and a cache four times as large

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
    return theory if not COMPILED else type(theory)(*map(group_for_kernels, theory))


def group_for_kernels(group):
    """One group of numbers as rules receive it."""
    return group if not COMPILED else _record(type(group), *group)


@functools.lru_cache(maxsize=1024, typed=True)  # theories of a sweep share all groups but one or two
def _record(kind, *values):
    """A group of numbers as one record, made once; nobody can write in it."""
    group = kind(*values)
    numbers = group._asdict() | {name: getattr(group, name) for name in getattr(group, "ROWS", ())}
    row = np.array(tuple(numbers.values()), [(name, *_kind_of(value)) for name, value in numbers.items()])
    row.flags.writeable = False
    return row[()]


def plain(rule):
    """A rule as the Python function that it is written as: formulas without branches take whole arrays."""
    return getattr(rule, "py_func", rule)


def is_line(rule) -> bool:
    """Whether this is a rule that takes firm, theory and dice, as the lines of a day do."""
    written = plain(rule)
    return inspect.isfunction(written) and list(inspect.signature(written).parameters) == ["firm", "theory", "dice"]


def length_of(rule) -> int:
    """How long a rule is, in bytes of Python's own code: about how long it takes to compile."""
    return len(plain(rule).__code__.co_code)


@functools.cache
def reached(rule) -> set:
    """A rule and every rule that it calls, or that one of these calls."""
    found, todo = {rule}, [rule]
    while todo:
        written = plain(todo.pop())
        for step, after in itertools.pairwise(dis.get_instructions(written)):
            named = written.__globals__.get(step.argval) if step.opname == "LOAD_GLOBAL" else None
            if inspect.ismodule(named):
                named = getattr(named, after.argval, None)
            if hasattr(named, "py_func") and named not in found:
                found.add(named)
                todo.append(named)
    return found


def _kind_of(value) -> tuple:
    """The type of a number in a record, and how many there are where it is a row of them."""
    if isinstance(value, tuple):
        return (*_kind_of(value[0]), len(value))
    return ("i8" if isinstance(value, int) else "f8",)


def guest(rule):
    """Compile a rule from a user's own file, without the disk cache (its fingerprint is not ours)."""
    return numba.njit(error_model="numpy", nogil=True)(rule) if COMPILED else rule


def guest_with(rule, names: dict, of: str = ""):
    """A rule of ours that finds a user's own under some global names; with all that it calls it is kept on disk.

    of    a hash of the user's file, under which it is kept; none: it is compiled in every process
    """
    made = types_of_python.FunctionType(rule.__code__, {**rule.__globals__, **names}, rule.__name__)
    made.__qualname__, made.__module__ = rule.__qualname__, rule.__module__
    compiled = guest(made)
    if COMPILED and CACHE is not None and of:
        with contextlib.suppress(RuntimeError, OSError):
            compiled._cache = _Cache(made, True, f".{of}")
    return compiled


def compile_for(rule, *arguments, door: bool = True) -> None:
    """Compile a rule for arguments like these, or take it from the cache, without calling it.

    door   whether Python is to call it, and not only other rules

    With LLVM's first level of passes: the same bits, as quick, and a seventh less to wait for than with the third.
    """
    if COMPILED:
        before = numba.config.OPT
        numba.config.OPT = type(before)(min(before, 1))
        try:
            (rule.door if door else rule.inside).compile(tuple(numba.typeof(argument) for argument in arguments))
        finally:
            numba.config.OPT = before


def versions() -> dict[str, str]:
    """The versions that a result depends on."""
    return {"python": sys.version.split()[0], "numpy": np.__version__, "numba": numba.__version__}
