"""The house as data for tests/test_house.py: the order of imports, the owners of libraries, how sources are read."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# What stands at the border to the disk, and needs nothing of Baton's but its errors.
FILES = [
    f"sim.files.{stem}"
    for stem in ("cache", "file_kinds", "folder", "harmless", "parquet", "reading", "sums", "toml_written")
]
# A module may import what stands before it. A line is one place: its modules may import each other, but never in a
# circle, and rooms never import each other at all.
ORDER = (
    ("sim.errors",),
    ("sim.extras",),
    ("sim.arguments", *FILES),
    ("sim.model.kernel",),
    ("sim.model.arithmetic",),
    ("sim.files.own_day", "sim.files.provenance"),
    ("sim.model.theory", "sim.model.dice", "sim.model.formulas"),
    ("sim.model.firm",),
    ("sim.model.appointments",),
    ("sim.model.things",),
    ("sim.model.network", "sim.model.memory", "sim.model.hashes"),
    ("sim.model.rules",),
    ("sim.model.day", "sim.model.audit", "sim.model.diary"),
    (*(f"sim.model.day_zero.{stem}" for stem in ("seats", "ties", "stock", "shocks", "change")),),
    ("sim.model.drive", "sim.model.another_day"),
    ("sim.model.showing",),
    ("sim.model.day_zero.opening", "sim.model.doors"),
    ("sim.model.wasm", "sim.model.wasm_layout"),
    ("sim.model.warm", "sim.model.wasm_build"),
    ("sim.result.sound", "sim.result.saved"),
    ("sim.intake",),
    ("sim.scenario",),
    ("sim.result.accounts", "sim.result.outcomes", "sim.result.run_tables"),
    ("sim.result", "sim.run"),
    ("sim.contract", "sim.agents"),
    ("sim.study",),
    ("sim.figures",),
    ("sim.page",),
    ("sim.cli",),
)
ROOMS = "sim.model.rules"
# Packages' own files hold no logic; sim's gives its names on demand.
DOORS = {
    "sim",
    "sim.__main__",
    "sim.files",
    "sim.model",
    "sim.model.rules",
    "sim.model.things",
    "sim.model.day_zero",
    "sim.model.showing",
    "sim.study",
    "sim.page",
}
# A result's .plot() and .save() may reach ahead, inside the function, when called.
AHEAD = {"sim.figures"}

OWNERS = {
    "numpy": ("sim",),
    "numba": ("sim.model.kernel", "sim.model.wasm_build"),
    "llvmlite": ("sim.model.kernel", "sim.model.wasm_build"),  # numba's own back end
    "wasmtime": ("sim.model.wasm",),
    "mesa": ("sim.agents",),
    "networkx": ("sim.model.network", "sim.intake"),
    "pydantic": ("sim.scenario",),
    "typing_extensions": ("sim.scenario",),
    "pandas": ("sim.files.parquet", "sim.result", "sim.study", "sim.intake.exports"),
    "pyarrow": ("sim.files.parquet", "sim.result", "sim.study.store"),
    "matplotlib": ("sim.figures",),
    "PIL": ("sim.figures.look", "sim.figures.imprint_read"),
    "pypdf": ("sim.figures.imprint_read",),
    "scipy": ("sim.study",),
    "SALib": ("sim.study.experiments.design", "sim.study.sensitivity"),
    "optuna": ("sim.study.reach.sets", "sim.study.adapters"),
    "ema_workbench": ("sim.study.sensitivity.boxes", "sim.study.adapters"),
    "pyabc": ("sim.study.validation.fit",),
    "statsmodels": ("sim.study.validation.logit",),
    "distributed": ("sim.study.sweep.cluster",),
    "dask": ("sim.study.sweep.cluster",),
    "dask_jobqueue": ("sim.study.sweep.cluster",),
    "starlette": ("sim.page",),
    "uvicorn": ("sim.page",),
    "websockets": ("sim.page",),
    "markdown_it": ("sim.page",),
    "segno": ("sim.page",),
    "typer": ("sim.cli",),
    "click": ("sim.cli",),
    "rich": ("sim.cli",),
    "tomli_w": ("sim.files.toml_written",),
    "charset_normalizer": ("sim.intake.exports.sheets",),
    "python_calamine": ("sim.intake.exports.packed",),
    "filelock": ("sim.study.store.journal",),
}

# Only the square root has the same bits everywhere; exp, log and power of our own stand in sim.model.arithmetic.
SAME_BITS = {"sqrt"}
PLAIN_NUMPY = {"ndarray", "dtype", "int64", "float64", "uint64"}  # types, not arithmetic
ARRAY_ARITHMETIC = {"sum", "mean", "std", "var", "prod", "cumsum", "cumprod", "dot"}
HOMELESS_ALLOWED = {0, 1, 2, 0.5}

# Where a rule divides whole numbers, or makes one of a number with a fraction, and its form does not show that it is
# safe: the divisor or the number as it stands there, and why it is not 0, or is finite and small. Divided by 0, or
# beyond 64 bits, Python, a processor and a browser's engine give three different answers.
SAFE = {
    "(number + share) / of * patches": "one of so many",
    "exponent": "asked only below the numbers that are all even; infinity is one of those",
    "free / t.act_hours + share(look_after)": "an act takes a tenth of an hour at least",
    "m * _SLICES": "m lies about 1",
    "max(float(lead['hours']), 0.0) / theory.workload.day_hours": "a day has an hour at least",
    "n": "inside a loop over n people",
    "n_liaisons": "without a liaison the rule has ended",
    "notes[0]['per_dot']": "a dot stands for 1 lead at least",
    "per": "a desk stands for 1 person at least",
    "per_segment + share(key)": "there is room for a day of so many leads, or it is not lived",
    "row['ref_s'] * market.own_list * market_size(market, dice.day) / n_segments + share(key)": "the same",
    "t.decision_days * above + theory.communication.delay_days": "a part of 1,000 days, and 30 more",
    "t.per_rep * row['ref_s'] * market.size + 0.5": "there is room for so many customers",
    "t.start_deals * market.cycle_days / t.usual_cycle * row['ref_s'] * market.size + 0.5": "there is room for so many",
    "team + 0.5": "there is room for so many people",
    "theory.marketing.nurture_days": "260 days at most",
    "theory.selling.ramp_step": "1 to 21 days",
    "int(theory.selling.ramp_step)": "1 day at least",
    "there": "without a liaison the rule has ended",
    "wait": "a few times 30 days at most",
    "x * _A_STEP + (0.5 if x >= 0.0 else -0.5)": "x is the logarithm of a number that there is",
    "x + 0.5": "1 to 5",
}
# What calls of these give lies within bounds.
WITHIN = {"uniform", "share", "clip", "min", "max"}

# Scenarios that are templates for a user's own files, which are not shipped.
NEEDS_OTHER_DATA = {"company"}
# Scenarios that stand for all: each has something that the others lack. The rest is left to `pytest -m long`.
FEW = ["default", "company-example", "growth", "liaison-leaves", "reorganization", "small-simple"]


def few(scenarios: Iterable[str]) -> list:
    """These scenarios as parameters of a test: those that do not stand for all are long."""
    return [name if name in FEW else pytest.param(name, marks=pytest.mark.long) for name in scenarios]


def inside(module: str, package: str) -> bool:
    """Whether a module is the package or lies in it."""
    return module == package or module.startswith(package + ".")


def place(module: str) -> int:
    """Where a module stands in the order of imports."""
    for position, line in enumerate(ORDER):
        if any(inside(module, known) for known in line):
            return position
    raise LookupError(f"{module} has no place in ORDER (tests/house.py): say where it stands")


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def sources() -> dict[str, Path]:
    """Every module of sim by its name."""
    return {module_name(p): p for p in sorted((ROOT / "sim").rglob("*.py"))}


def rule_files() -> list[Path]:
    """The files that are compiled rules: rooms, things, day 0, what is shown, formulas, the day and the audit."""
    model = ROOT / "sim" / "model"
    packages = [
        path for name in ("rules", "things", "day_zero", "showing") for path in sorted((model / name).glob("*.py"))
    ]
    shared = [model / f"{name}.py" for name in ("formulas", "day", "diary", "audit")]
    return [path for path in packages + shared if kernels(path)]


def imports(path: Path) -> Iterator[tuple[str, int, str]]:
    """Each module that a file imports, with its line and when: at once, when a function is "called", for "types"."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    package = module_name(path).split(".") if path.name == "__init__.py" else module_name(path).split(".")[:-1]
    known = sources()

    def walk(node: ast.AST, when: str) -> Iterator[tuple[str, int, str]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Import):
                yield from ((alias.name, child.lineno, when) for alias in child.names)
            elif isinstance(child, ast.ImportFrom):
                above = package[: len(package) - child.level + 1] if child.level else []
                base = ".".join([*above, *([child.module] if child.module else [])])
                for alias in child.names:  # `from sim.model import firm` imports sim.model.firm
                    inner = f"{base}.{alias.name}"
                    yield (inner if inner in known else base), child.lineno, when
            elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                yield from walk(child, "called")
            elif isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
                yield from walk(child, "types")
            else:
                yield from walk(child, when)

    yield from walk(tree, "at once")


def project_files() -> list[Path]:
    """Every text or other file of the project: those git knows or would add, or all where there is no git."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"],
            cwd=ROOT, capture_output=True, check=True, text=True,
        ).stdout.split("\0")  # fmt: skip
        if (ROOT / ".git").exists():
            return [ROOT / name for name in listed if name and (ROOT / name).is_file()]
    except (OSError, subprocess.CalledProcessError):
        pass
    hidden = {".git", ".venv", "__pycache__", ".pytest_cache", ".ruff_cache", ".mypy_cache", ".hypothesis"}
    found = (p for p in ROOT.rglob("*") if p.is_file() and not hidden & set(p.relative_to(ROOT).parts))
    return [p for p in found if p.suffix not in {".pyc", ".pyo"} and not any(".egg-info" in part for part in p.parts)]


AUDIT = {"audit.py", "evidence.py"}  # what is scored, and what it is scored from


def literals(path: Path) -> list[tuple[int, float, str]]:
    """Numbers in a rule file that have no home: (line, value, the line's text).

    Allowed are 0, 1, 2 and 0.5; whole numbers that are given an UPPER_CASE name at the top of the file (bit masks,
    indices); whole numbers given to the dice, which tell draws apart; lines that say `# unit: ...` (they convert) or
    `# bound: ...` (a guard, no estimate). In the audit any number may have such a name: its anchors are frozen where
    they stand and are no part of the theory.
    """
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    tree = ast.parse(text)
    named: set[ast.AST] = set()
    for statement in tree.body:
        if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            names = [n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name)]
            if names and all(re.fullmatch(r"_?[A-Z][A-Z0-9_]*", name) for name in names):
                named.update(
                    n
                    for n in ast.walk(statement.value)
                    if isinstance(n, ast.Constant) and (type(n.value) is int or path.name in AUDIT)
                )
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"key_of", "key_for", "uniform", "normal"}:
            named.update(n for n in node.args if isinstance(n, ast.Constant) and type(n.value) is int)
    return [
        (node.lineno, node.value, lines[node.lineno - 1].strip())
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, int | float | complex)
        and not isinstance(node.value, bool)
        and node not in named
        and node.value not in HOMELESS_ALLOWED
        and not re.search("# (unit|bound): ", lines[node.lineno - 1])
    ]


def arithmetic(path: Path) -> list[tuple[int, str]]:
    """Uses of arithmetic that differs between compiled and plain Python: (line, what)."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Pow | ast.MatMult):
            found.append((node.lineno, "** or @"))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"sum", "pow"}:
            found.append((node.lineno, f"{node.func.id}()"))
        elif isinstance(node, ast.ImportFrom) and node.module in {"math", "numpy"}:
            found.append((node.lineno, f"from {node.module} import: write {node.module}. in front of each use"))
        elif isinstance(node, ast.Attribute):
            owner = node.value.id if isinstance(node.value, ast.Name) else None
            if owner == "math" and node.attr not in SAME_BITS:
                found.append((node.lineno, f"math.{node.attr}"))
            elif owner in {"np", "numpy"} and node.attr not in PLAIN_NUMPY:
                found.append((node.lineno, f"np.{node.attr}"))
            elif owner not in {"math", "np", "numpy"} and node.attr in ARRAY_ARITHMETIC:
                found.append((node.lineno, f".{node.attr}"))
    return found


def whole_numbers(path: Path) -> list[tuple[int, str]]:
    """Divisions of whole numbers, and whole numbers made of others, that do not look safe: (line, by or of what)."""
    found = []
    for node in (node for rule in kernels(path) for node in ast.walk(rule)):
        if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.FloorDiv | ast.Mod):
            by = node.right if isinstance(node, ast.BinOp) else node.value
            if not _is_positive(by):
                found.append((node.lineno, ast.unparse(by)))
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "int" and not _is_bounded(node.args[0]):
            found.append((node.lineno, ast.unparse(node.args[0])))
    return found


def _is_positive(by: ast.expr) -> bool:
    """A number written there, a constant's name, or what is 1 at least."""
    if isinstance(by, ast.Call) and getattr(by.func, "id", "") == "max":
        return any(isinstance(each, ast.Constant) and each.value > 0 for each in by.args)
    return isinstance(by, ast.Constant) and by.value > 0 or isinstance(by, ast.Name) and by.id.isupper()


def _is_bounded(value: ast.expr) -> bool:
    """A column, a draw or what is cut to bounds, some bits, a choice of these, or a product with one of them."""
    if isinstance(value, ast.Call):
        return getattr(value.func, "id", "") in WITHIN
    if isinstance(value, ast.IfExp):
        return _is_bounded(value.body) and _is_bounded(value.orelse)
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Mult):
        return _is_bounded(value.left) or _is_bounded(value.right)
    return isinstance(value, ast.Subscript) or isinstance(value, ast.BinOp) and isinstance(value.op, ast.BitAnd)


def kernels(path: Path) -> list[ast.FunctionDef]:
    """The functions of a file that are compiled."""

    def is_kernel(decorator: ast.expr) -> bool:
        return getattr(decorator, "id", getattr(decorator, "attr", None)) == "kernel"

    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and any(map(is_kernel, n.decorator_list))]


def named_in_rules() -> set[str]:
    """Every function of the model as `room.function`, the way documents name rules."""
    found = set()
    for path in (ROOT / "sim" / "model").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found |= {f"{path.stem}.{node.name}" for node in tree.body if isinstance(node, ast.FunctionDef)}
    return found


def read_by_the_model(names: Iterable[str]) -> set[str]:
    """Those numbers (`group.field`) that some function of the model reads.

    A function reads a number if it mentions the field and, as an attribute or an argument, the group. A group's rows
    (one place for each practice) read the numbers that they are made of.
    """
    found = read_by_rows(names)
    for path in (ROOT / "sim" / "model").rglob("*.py"):
        if path.name == "theory.py":
            continue
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(function, ast.FunctionDef):
                continue
            said = {node.attr for node in ast.walk(function) if isinstance(node, ast.Attribute)}
            given = {argument.arg for argument in function.args.args}
            pairs = ((name, *name.split(".")) for name in names)
            found |= {name for name, group, field in pairs if field in said and group in said | given}
    return found


def read_by_rows(names: Iterable[str]) -> set[str]:
    """Those numbers that move a row of their group, where a row is read."""
    from sim.model.theory import Theory, numbers, with_values

    text = "".join(path.read_text(encoding="utf-8") for path in rule_files())
    found, plain = set(), Theory()
    for name in names:
        group, number = name.split(".")[0], numbers()[name]
        for row in getattr(getattr(plain, group), "ROWS", ()):
            other = with_values(plain, {name: number.high if number.default != number.high else number.low})
            if f".{row}[" in text and getattr(getattr(other, group), row) != getattr(getattr(plain, group), row):
                found.add(name)
    return found


def fences(text: str) -> list[tuple[str, str, int]]:
    """The fenced blocks of a Markdown text: (what stands after the fence, body, line of the fence)."""
    found, info, body, start = [], None, [], 0
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("```"):
            if info is None:
                info, body, start = line[3:].strip(), [], number
            else:
                found.append((info, "\n".join(body) + "\n", start))
                info = None
        elif info is not None:
            body.append(line)
    return found


def without_fences(text: str) -> list[str]:
    """The lines of a Markdown text that stand outside its fenced blocks."""
    kept, fenced = [], False
    for line in text.splitlines():
        if line.startswith("```"):
            fenced = not fenced
        elif not fenced:
            kept.append(line)
    return kept


def order_of_the_day() -> list[str]:
    """The rooms in the order in which day.py first calls them."""
    tree = ast.parse((ROOT / "sim" / "model" / "day.py").read_text(encoding="utf-8"))
    rooms = {
        alias.asname or alias.name: node.module.removeprefix(ROOMS).lstrip(".") or alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module and inside(node.module, ROOMS)
        for alias in node.names
    }
    parts = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}

    def called_in(function: ast.FunctionDef) -> Iterator[str]:
        calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
        for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
            owner = call.func.value if isinstance(call.func, ast.Attribute) else call.func
            name = owner.id if isinstance(owner, ast.Name) else ""
            if name in rooms:
                yield rooms[name]
            elif name in parts:
                yield from called_in(parts[name])

    return list(dict.fromkeys(called_in(parts["day"])))


def slugs(text: str) -> set[str]:
    """The anchors of a Markdown text's headings, as GitHub makes them."""
    plain = [line.lstrip("#").strip() for line in without_fences(text) if re.match(r"#{1,6} ", line)]
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in plain}


TABLES = ("people", "beliefs", "ties", "links", "mates", "leads", "customers", "segments", "practices", "heads",
          "decisions", "ledger", "days", "audit", "answers", "quarters")  # fmt: skip


def writes(path: Path) -> set[str]:
    """The fields of the state that a file writes, as `table.field`; a local name for a table, row or column counts."""
    found = set()
    for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(function, ast.FunctionDef):
            found |= _written_in(function)
    return found


def _written_in(function: ast.FunctionDef) -> set[str]:
    known = {each.arg: (each.arg, "") for each in function.args.args if each.arg in TABLES}

    def field(node: ast.AST) -> tuple[str, str] | None:
        """Table and field that an expression stands for; no field where it is a whole table or row."""
        if isinstance(node, ast.Attribute):
            return (node.attr, "") if node.attr in TABLES else None
        if isinstance(node, ast.Name):
            return known.get(node.id)
        base = field(node.value) if isinstance(node, ast.Subscript) else None
        if base and not base[1] and isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
            return base[0], node.slice.value
        return base

    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            pairs = [(target, node.value) for target in node.targets if isinstance(target, ast.Name)]
            for target in node.targets:
                if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                    pairs += zip(target.elts, node.value.elts, strict=True)
            known |= {name.id: field(value) for name, value in pairs if isinstance(name, ast.Name) and field(value)}
    targets = [t for n in ast.walk(function) if isinstance(n, ast.Assign) for t in n.targets]
    targets += [n.target for n in ast.walk(function) if isinstance(n, ast.AugAssign)]
    flat = [t for target in targets for t in (target.elts if isinstance(target, ast.Tuple) else [target])]
    return {".".join(field(t)) for t in flat if isinstance(t, ast.Subscript) and field(t)}
