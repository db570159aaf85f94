"""The model's day with some of its rules replaced: a line of it, or a verb of a thing, wherever it is called."""

from __future__ import annotations

import ast
import functools
import inspect
import textwrap
from collections.abc import Callable, Iterator
from types import FunctionType, ModuleType

from sim.errors import InputError, cut, nearest
from sim.model.day import day as model_day
from sim.model.kernel import guest, plain

OWN = "_own"  # a theory's own numbers, on their way to who takes them


def another_day(**instead: Callable | None) -> Callable:
    """The model's own day, with rules of your own in place of some of its rules.

    Parameters
    ----------
    **instead
        The name of a rule (`talk`; of several of one name the line of the day), or with
        its file before it (`tie__warm_one`), and the function that is called in its
        place: with the same arguments, and one more if it takes your theory's own
        numbers. What gives no answer may be None: it is left out.

    Returns
    -------
    function
        A day. Whatever called the rules that were replaced is made anew around
        yours; the model's own day stays as it is.

    Raises
    ------
    InputError
        A name that is no rule of the day, with the nearest right one; a function with other arguments.

    Examples
    --------
    >>> quiet = another_day(talk=None)     # nobody speaks up across the gap
    >>> quiet.__name__
    'day'
    """
    chosen, faults = {}, []
    for name, mine in instead.items():
        rule, fault = _rule_called(name, len(faults))
        fault = fault or _misfit(name, rule, mine)
        faults += [fault] if fault else []
        chosen[rule] = mine
    if faults:
        raise InputError(faults)
    return _Builder(chosen).rule(plain(model_day))[0]


def rules() -> dict[str, FunctionType]:
    """Every rule of the day by its name with its file before it, in the order in which the day comes to them."""
    return dict(_rules())


@functools.cache
def _rules() -> tuple[tuple[str, FunctionType], ...]:
    found, todo = {}, [plain(model_day)]
    while todo:
        rule = todo.pop(0)
        found.setdefault(f"{rule.__module__.rpartition('.')[2]}__{rule.__name__}", rule)
        todo += [each for each in _called(rule) if each not in found.values() and each not in todo]
    return tuple(found.items())


def _rule_called(name: str, after: int) -> tuple[FunctionType | None, str]:
    """The rule of a name, or what is wrong with the name."""
    known = rules()
    if name in known:
        return known[name], ""
    same = [full for full in known if full.partition("__")[2] == name]
    same = [full for full in same if known[full] in _called(plain(model_day))] or same
    if len(same) == 1:
        return known[same[0]], ""
    if same:
        return None, f"another_day(): {name} is a rule in several files: say {' or '.join(same)}"
    near = nearest(name, [*known, *(full.partition("__")[2] for full in known)], after)
    return None, f"another_day(): {cut(name)} is no rule of the day{near}"


def _misfit(name: str, rule: FunctionType | None, mine: Callable | None) -> str:
    """Why a function cannot be called in a rule's place, or nothing."""
    if rule is plain(model_day):
        return "another_day(): day itself is what is made; write a function day of your own"
    takes = list(inspect.signature(rule).parameters) if rule else []
    if mine is None:
        returns = rule and any(isinstance(each, ast.Return) and each.value for each in ast.walk(_written(rule)))
        why = f"another_day(): {name} gives an answer, so that it cannot be left out; give a rule for it"
        return why if returns else ""
    if not isinstance(plain(mine), FunctionType):
        return f"another_day(): {name} = {cut(repr(mine))} is no function"
    given = len(inspect.signature(plain(mine)).parameters)
    if given in (len(takes), len(takes) + 1):
        return ""
    code = plain(mine).__code__
    where = f"{code.co_name} (line {code.co_firstlineno} of its file)"
    return (f"another_day(): {name} is called with ({', '.join(takes)}), and {where} takes {given} arguments; "
            "one more than the model's is for own numbers")  # fmt: skip


@functools.cache
def _source(rule: FunctionType) -> str:
    return textwrap.dedent(inspect.getsource(rule))


def _written(rule: FunctionType) -> ast.FunctionDef:
    tree = ast.parse(_source(rule))
    ast.increment_lineno(tree, rule.__code__.co_firstlineno - 1)
    made = tree.body[0]
    made.decorator_list = []
    return made


def _target(call: ast.Call, rule: FunctionType) -> FunctionType | None:
    """The rule of the model that a call in a rule's source calls, or None."""
    name, found = call.func, None
    if isinstance(name, ast.Name) and name.id not in rule.__code__.co_varnames:
        found = rule.__globals__.get(name.id)
    elif isinstance(name, ast.Attribute) and isinstance(name.value, ast.Name):
        home = rule.__globals__.get(name.value.id)
        found = getattr(home, name.attr, None) if isinstance(home, ModuleType) else None
    found = plain(found)
    ours = isinstance(found, FunctionType) and found.__module__.startswith("sim.model.")
    return found if ours and not found.__module__.endswith((".kernel", ".dice", ".arithmetic")) else None


def _called(rule: FunctionType) -> Iterator[FunctionType]:
    """The rules that a rule calls, in the order of its source."""
    calls = [each for each in ast.walk(_written(rule)) if isinstance(each, ast.Call)]
    for call in sorted(calls, key=lambda each: (each.lineno, each.col_offset)):
        if target := _target(call, rule):
            yield target


class _Builder:
    """Makes rules anew around those that were replaced; each once."""

    def __init__(self, chosen: dict):
        # what is called now in a rule's place, and whether it takes own numbers
        self.made: dict[FunctionType, tuple[Callable | None, bool]] = {}
        for rule, mine in chosen.items():
            more = mine is not None and len(inspect.signature(plain(mine)).parameters) > rule.__code__.co_argcount
            self.made[rule] = (mine if mine is None or hasattr(mine, "py_func") else guest(mine), more)

    def rule(self, rule: FunctionType) -> tuple[Callable | None, bool]:
        """A rule as it is called now, and whether it takes own numbers; itself where nothing below it was replaced."""
        if rule not in self.made:
            self.made[rule] = (rule, False)  # of a rule that calls itself
            below = {each: self.rule(each) for each in _called(rule)}
            if any(now is not each for each, (now, _) in below.items()):
                self.made[rule] = _rebuilt(rule, below)
        return self.made[rule]


def _rebuilt(rule: FunctionType, below: dict[FunctionType, tuple[Callable | None, bool]]) -> tuple[Callable, bool]:
    """A rule whose calls go to other rules, and whether own numbers must be handed to it."""
    names = {f"_{each.__module__.rpartition('.')[2]}_{each.__name__}": each for each in below}
    written, own = _written(rule), any(more for _, more in below.values())

    class Redirect(ast.NodeTransformer):
        def visit_Call(self, call: ast.Call) -> ast.AST:
            target = _target(call, rule)
            self.generic_visit(call)
            now, more = below.get(target, (target, False))
            if target is None or now is target:
                return call
            if now is None:
                return ast.copy_location(ast.Constant(None), call)
            name = next(name for name, each in names.items() if each is target)
            call.func = ast.copy_location(ast.Name(name, ast.Load()), call.func)
            call.args += [ast.copy_location(ast.Name(OWN, ast.Load()), call)] if more else []
            return call

    written = Redirect().visit(written)
    if own:
        written.args.args.append(ast.arg(OWN))
    module = ast.fix_missing_locations(ast.Module([written], []))
    place = {**rule.__globals__, **{name: below[each][0] for name, each in names.items() if below[each][0] is not each}}
    exec(compile(module, rule.__code__.co_filename, "exec"), place)
    return guest(place[rule.__name__]), own
