"""A day of the user's own: read from its file, and its faults told as the user's, with file and line."""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import inspect
import re
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import CodeType, FrameType, ModuleType

from sim.errors import InputError
from sim.files.reading import SHORT, decoded, opened
from sim.model.kernel import guest

ARGUMENTS = ("firm", "theory", "dice")
LONGEST = 300  # characters of a fault that are told
TEXT = "__baton_text__"  # of a module that was made from a text
MODEL_DAY = Path(__file__).resolve().parents[1] / "model" / "day.py"  # what sim.another_day writes anew
HASH = 12  # hex digits of a file's hash
# Lines with which numba begins, before it says what is wrong.
PREAMBLE = ("Failed in", "Internal error", "No implementation", "Invalid use", "During:", "Overload", "Rejected", "- ")


NO_NUMBERS = "a rule in it takes own numbers, and there are none: declare them in a class Numbers(NamedTuple)"
_ONE_AT_A_TIME = threading.RLock()  # a second thread waits until a file has been run, and finds all that it defines


def read_day(path: str | Path) -> Callable:
    """The function `day` of a researcher's own file, compiled where rules are.

    The file becomes a module under a private name that holds its hash, so it
    replaces no module of the same name, and a file that is edited is read anew.

    Raises
    ------
    InputError
        There is no such file, it has no such function, or it ends in a fault.
    """
    path = Path(path)
    day = getattr(module_of(path, "another theory is"), "day", None)
    if not callable(day):
        raise InputError(f"{path}: has no function day({', '.join(ARGUMENTS)})")
    step = step_of(day, decoded(path.read_bytes(), str(path)), path)
    remember(step, path.name, _hash(path.read_bytes()))  # of the file as it was read
    return step


def module_of(path: Path, what: str) -> ModuleType:
    """A user's file as a module under a private name that holds its hash; `what` begins the sentence that it is none.

    Raises
    ------
    InputError
        There is no such file, it is not Python's, or it ends in a fault.
    """
    opened(path, SHORT).close()
    if path.suffix != ".py":
        raise InputError(f"{path}: {what} a Python file (.py)")
    name = f"_baton_{hashlib.sha256(str(path.resolve()).encode() + path.read_bytes()).hexdigest()[:16]}"
    with _ONE_AT_A_TIME:
        if name not in sys.modules:
            spec = importlib.util.spec_from_file_location(name, path)
            if spec is None or spec.loader is None:
                raise InputError(f"{path}: not a Python file")
            module = importlib.util.module_from_spec(spec)
            _run_as(module, path, lambda: spec.loader.exec_module(module))
        return sys.modules[name]


def module_of_text(text: str, file: str = "", what: str = "the store's own outcomes") -> ModuleType:
    """The same of a file's text that came with a store: on another machine the file is not there.

    file   where the text is from, if it is there: faults are told with its lines
    what   what it is called else

    Raises
    ------
    InputError
        It is not Python, or ends in a fault.
    """
    name = f"_baton_{hashlib.sha256(text.encode()).hexdigest()[:16]}"
    with _ONE_AT_A_TIME:
        if name not in sys.modules:
            module = ModuleType(name)
            module.__dict__[TEXT] = text
            code = file or f"<{name}>"
            _run_as(module, file or what, lambda: exec(compile(text, code, "exec"), module.__dict__))
        return sys.modules[name]


def _run_as(module: ModuleType, path: str | Path, execute: Callable[[], None]) -> None:
    sys.modules[module.__name__] = module
    try:
        execute()
    except (Exception, SystemExit) as fault:
        del sys.modules[module.__name__]
        raise InputError(told(fault, path)) from fault


def text_of(function: Callable) -> str:
    """The text that a function comes from: its file's; of a notebook's function its own.

    Raises OSError or TypeError where no text is to be had.
    """
    code = _plain(function).__code__
    text = getattr(sys.modules.get(function.__module__), TEXT, None)
    if text is None and Path(code.co_filename).is_file():
        text = Path(code.co_filename).read_text(encoding="utf-8")
    return text if text is not None else inspect.getsource(_plain(function))


@cache
def as_step(day: Callable, arguments: tuple[str, ...] = ARGUMENTS) -> Callable:
    """A day function as a run takes it: compiled, or plain where rules are plain.

    Raises
    ------
    InputError
        It is no function, or one that does not take firm, theory and dice.
    """
    if not callable(day):
        raise InputError(f"{day!r}: not a function day({', '.join(arguments)})")
    try:
        if _is_made(day) and len(inspect.signature(_plain(day)).parameters) < len(arguments):
            return _with_own(day)
        inspect.signature(_plain(day)).bind(*arguments)
    except TypeError as fault:
        where = _where(day)
        if _is_made(day):  # around rules of the user's: no line of Baton's own is at fault
            raise InputError(f"sim.another_day(): {NO_NUMBERS}") from None
        said = f"Baton calls it with {len(arguments)} arguments, day({', '.join(arguments)}); {fault}"
        raise InputError(f"{_shown(where[0])}, line {where[1]}: {said}" if where else said) from None
    except ValueError:  # nothing is known of its arguments
        pass
    return day if hasattr(day, "py_func") else guest(day)


def step_of(day: Callable, text: str, path: str | Path, arguments: tuple[str, ...] = ARGUMENTS) -> Callable:
    """The same of the day that a file's text gives: what `sim.another_day` made is told with the text's own line."""
    try:
        return as_step(day, arguments)
    except InputError:
        if not _is_made(day):
            raise
        raise InputError(f"{path}, line {line_of(text, 'day')}: sim.another_day(): {NO_NUMBERS}") from None


def _is_made(day: Callable) -> bool:
    """Whether `sim.another_day` made a day, and nobody wrote it."""
    where = _where(day)
    return where is not None and Path(where[0]).resolve() == MODEL_DAY


def _with_own(day: Callable) -> Callable:
    """A day that is handed own numbers, around one none of whose rules takes them: a line left out takes nothing."""

    def with_own(firm, theory, dice, own):
        day(firm, theory, dice)

    return guest(with_own)


@cache
def record(step: Callable | None) -> dict[str, str]:
    """Name and hash of the file that a day comes from (of a notebook's day: of its source); nothing for the model's."""
    if step is None:
        return {}
    if step in _FILES:
        return dict(_FILES[step])
    plain, where = _plain(step), _where(step)
    if where and Path(where[0]).is_file():
        return {"day": Path(where[0]).name, "day_hash": _hash(Path(where[0]).read_bytes())}
    try:
        source = inspect.getsource(plain)
    except (OSError, TypeError):
        source = repr((plain.__code__.co_code, plain.__code__.co_consts)) if where else repr(plain)
    return {"day": f"{getattr(plain, '__name__', 'day')}()", "day_hash": _hash(source.encode())}


_FILES: dict[Callable, dict[str, str]] = {}  # days whose file is known: of one that is made, no line says it


def remember(step: Callable, file: str, digest: str) -> None:
    """Say of a day which file it comes from, by name and hash."""
    _FILES[step] = {"day": file, "day_hash": digest}


def line_of(text: str, *names: str) -> int:
    """The line of a text on which a name is given its meaning, or one within it: (class, field); 1: there is none."""
    found, inside = 1, ast.parse(text).body
    for name in names:
        for each in inside:
            targets = getattr(each, "targets", [getattr(each, "target", None)])
            if getattr(each, "name", None) == name or any(getattr(target, "id", None) == name for target in targets):
                found, inside = each.lineno, getattr(each, "body", [])
                break
    return found


def imports_of_own(text: str) -> list[tuple[int, str]]:
    """The imports in a text that are neither Baton's nor a library's: line, and name."""
    found = []
    for each in ast.walk(ast.parse(text)):
        names = [alias.name for alias in each.names] if isinstance(each, ast.Import) else []
        names += [each.module or "."] if isinstance(each, ast.ImportFrom) else []
        for name in names:
            spec = importlib.util.find_spec(name.partition(".")[0]) if name.strip(".") else None
            if name.startswith(".") or (spec and spec.origin and _is_own(spec.origin)):
                found.append((each.lineno, name))
    return found


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:HASH]


def _plain(day: Callable) -> Callable:
    return getattr(day, "py_func", day)


def _where(day: Callable) -> tuple[str, int] | None:
    """File and line of a function."""
    code = getattr(_plain(day), "__code__", None)
    return (code.co_filename, code.co_firstlineno) if isinstance(code, CodeType) else None


# ---- whose fault it is


@contextmanager
def blamed(step: Callable | None) -> Iterator[None]:
    """What fails in here fails by the user's day, if there is one: it is told with file and line.

    Raises
    ------
    InputError
        In place of any other fault.
    """
    try:
        yield
    except InputError:
        raise
    except Exception as fault:
        if step is None:
            raise
        where = _where(step)
        raise InputError(told(fault, where[0] if where else None, where[1] if where else 1)) from fault


def told(fault: BaseException, file: str | Path | None, line: int = 1) -> str:
    """A fault of a user's own code as one sentence: `gossip.py, line 7: NameError: …`.

    `file` and `line` are where it is looked for if the fault itself does not say.
    """
    text = _clean(str(fault))
    if isinstance(fault, SyntaxError):
        return f"{_shown(fault.filename or file)}, line {fault.lineno or line}: {fault.msg}"
    ours = isinstance(fault, InputError)
    kind = "" if ours or type(fault).__module__.startswith("numba") else f"{type(fault).__name__}: "
    said = kind + (_kernel_words(text) if not kind and not ours else text)
    found = _line_of(fault, text, file)
    where = f"{_shown(found[0])}, line {found[1]}" if found else f"{_shown(file)}, line {line}" if file else "your day"
    return f"{where}: {said[:LONGEST].rstrip(': ') or type(fault).__name__}"


def own_line(frame: FrameType | None) -> str:
    """File and line of the user's own code that is run now, seen from the innermost frame."""
    while frame is not None and not _is_own(frame.f_code.co_filename):
        frame = frame.f_back
    return "your day" if frame is None else f"{_shown(frame.f_code.co_filename)}, line {frame.f_lineno}"


def _shown(file: str | Path | None) -> str:
    """A file as people look for it: from here where it lies below, else its name."""
    path = Path(file or "your day")
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except (ValueError, OSError):
        return path.name


def _clean(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def _kernel_words(text: str) -> str:
    """What the compiler found wrong, without its stages and without the types of the whole firm."""
    lines = [each.strip() for each in text.splitlines()]
    first = next((each for each in lines if each and not each.startswith(PREAMBLE)), text)
    if first.startswith("Cannot bind") or "missing a required argument" in text or "too many positional" in text:
        named = re.search(r"missing a required argument: '\w+'|too many positional arguments", text)
        return f"a function is called with other arguments than it takes{f' ({named[0]})' if named else ''}"
    if first.startswith("Untyped global name"):
        first += " (what compiled code takes from outside is a number, a text, a tuple or an array)"
    return re.sub(r" of type Firm\(.*", " of firm", first)


def _line_of(fault: BaseException, text: str, file: str | Path | None) -> tuple[str, int] | None:
    """The innermost line of code that is neither Baton's nor a library's."""
    named = [
        (name, int(line)) for name, line in re.findall(r"(?:typing of [\w -]+ at|Raised from) (\S.*?) \((\d+)\)", text)
    ]
    named += [(name, int(line)) for name, line in re.findall(r'File "(.*?)", line (\d+)', text)]
    run = [(each.filename, each.lineno or 1) for each in reversed(traceback.extract_tb(fault.__traceback__))]
    for name, line in [*named, *run]:
        if _is_own(name):
            return name, line
    unknown = re.search(r"name '(\w+)' is not defined", text)
    return _first_use(unknown[1], file) if unknown and file else None


def _is_own(name: str) -> bool:
    path, ours = Path(name), Path(__file__).parents[1]
    libraries = {Path(sys.prefix).resolve() / "lib", Path(sys.base_prefix).resolve() / "lib", ours}
    if not path.is_file():  # compiled from a notebook, or a stage of the interpreter
        return False
    path = path.resolve()
    return not any(path.is_relative_to(each) for each in libraries) and "site-packages" not in path.parts


def _first_use(name: str, file: str | Path) -> tuple[str, int] | None:
    try:
        tree = ast.parse(Path(file).read_text(encoding="utf-8"))
    except (OSError, ValueError, SyntaxError):
        return None
    found = [each.lineno for each in ast.walk(tree) if isinstance(each, ast.Name) and each.id == name]
    return (str(file), min(found)) if found else None
