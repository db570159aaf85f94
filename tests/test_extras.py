"""The core does without the libraries of rarer verbs; where one is needed, a sentence names the line to type."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib

import house
import pytest

PROJECT = tomllib.loads((house.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
OTHER_NAMES = {"pillow": "pil", "markdown_it_py": "markdown_it"}  # distributions that are imported by another name


def names_of(requirements: list[str]) -> set[str]:
    names = {re.match(r"[\w-]+", each)[0].lower().replace("-", "_") for each in requirements}
    return {OTHER_NAMES.get(name, name) for name in names} - {"baton_sim"}


CORE = names_of(PROJECT["dependencies"])
EXTRAS = {name: names_of(needs) for name, needs in PROJECT["optional-dependencies"].items() if name != "test"}
LIBRARIES = sorted(set().union(*EXTRAS.values()))
BLOCKED = f"""
import sys

LIBRARIES = {LIBRARIES!r}

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0].lower() in LIBRARIES:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Blocked())
"""


def imports_of(tree: ast.AST, within: str | None = None):
    """Each outside library that is imported, with the extra in whose `with extra(…)` the import stands."""
    for node in ast.iter_child_nodes(tree):
        inner = within
        if isinstance(node, ast.With):
            calls = [item.context_expr for item in node.items if isinstance(item.context_expr, ast.Call)]
            inner = next((c.args[0].value for c in calls if getattr(c.func, "id", "") == "extra"), within)
        if isinstance(node, ast.Import):
            yield from ((alias.name.partition(".")[0], within) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.partition(".")[0], within
        else:
            yield from imports_of(node, inner)


@pytest.mark.parametrize("module", list(house.sources()))
def test_a_library_that_is_not_of_the_core_is_imported_within_its_extra(module):
    wrong = []
    for library, within in imports_of(ast.parse(house.sources()[module].read_text(encoding="utf-8"))):
        name = library.lower()
        if name in CORE or name in ("sim", "click", "dask", "llvmlite") or library in sys.stdlib_module_names:
            continue  # click comes with typer, dask with distributed, llvmlite with numba
        if within is None or name not in EXTRAS[within]:
            wrong.append(f"{library} within {within}")
    assert not wrong


def python(program: str) -> str:
    """What a fresh interpreter prints in which no library of an extra can be imported."""
    done = subprocess.run(
        [sys.executable, "-c", BLOCKED + program], cwd=house.ROOT, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_everything_can_be_imported_and_a_firm_lives_without_them():
    said = python(
        """
import importlib, pkgutil
import sim
for each in pkgutil.walk_packages(sim.__path__, "sim."):
    if each.name != "sim.__main__":
        importlib.import_module(each.name)
both = sim.compare("silo", "liaison", seeds=2, days=65)
print(len(both.summary()) > 0, sorted({each.partition(".")[0].lower() for each in sys.modules} & set(LIBRARIES)))
"""
    )
    assert said.split(maxsplit=1) == ["True", "[]\n"]


NEEDS = {
    "intake": "sim.intake.exports.sheets:encoding_of(bytes([200, 201]))",
    "pdf": "sim.figures.imprint_read:_pdf_text(None)",
    "qr": "sim.page.serve:qr_lines('')",
    "reach": "sim.study.adapters:Objective(None)(None)",
    "sensitivity": "sim.study.experiments.design:_shares(Sample('morris', 4), ['a', 'b'])",
    "discovery": "sim.study.sensitivity.boxes:_ema()",
    "cluster": "sim.study.sweep.cluster:check_cluster('local:2')",
    "fit": "sim.study.validation.logit:likelihood([], [], [])",
}


def test_each_extra_says_the_line_to_type():
    assert set(NEEDS) == set(EXTRAS) - {"all", "viz"}
    said = python(f"""
import importlib
import sim
from sim.study.experiments.experiment import Sample
for name, what in {NEEDS!r}.items():
    module, call = what.split(":", 1)
    try:
        eval("module." + call, {{"module": importlib.import_module(module), "Sample": Sample}})
    except sim.InputError as fault:
        print(fault.problems[0])
""")
    lines = said.splitlines()
    assert len(lines) == len(NEEDS)
    for name, line in zip(NEEDS, lines, strict=True):
        assert line.endswith(f'pip install "baton-sim[{name}]"'), line
