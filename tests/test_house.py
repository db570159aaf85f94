"""The house itself: which way imports point, where numbers live, and that the papers say what the disk holds."""

from __future__ import annotations

import ast
import math
import re
import subprocess
import sys
import tomllib
from graphlib import TopologicalSorter

import house
import numpy as np
import pytest
import tree
from house import ROOT

from sim.model import firm, theory

RULES = house.rule_files()
MODULES = house.sources()
NUMBERS = theory.numbers()
DOCUMENTS = [path for path in house.project_files() if path.suffix == ".md"]


def name_of(path) -> str:
    return path.relative_to(ROOT).as_posix()


# --- imports ---


@pytest.mark.parametrize("module", [m for m in MODULES if m not in house.DOORS])
def test_imports_point_one_way(module):
    wrong = []
    for name, line, when in house.imports(MODULES[module]):
        if not house.inside(name, "sim") or name in house.DOORS:
            continue
        before = house.place(name) < house.place(module)
        at_home = house.place(name) == house.place(module) and not house.inside(module, house.ROOMS)
        ahead = when == "called" and any(house.inside(name, a) for a in house.AHEAD)
        if not (before or at_home or ahead):
            wrong.append(f"line {line} imports {name}")
    assert not wrong, wrong


def test_no_imports_in_a_circle():
    after = {module: set() for module in MODULES}
    for module, path in MODULES.items():
        after[module] = {name for name, _, when in house.imports(path) if when == "at once" and name in MODULES}
    list(TopologicalSorter(after).static_order())  # raises CycleError, which names the circle


@pytest.mark.parametrize("module", list(MODULES))
def test_each_outside_library_has_one_owner(module):
    wrong = []
    for name, line, _ in house.imports(MODULES[module]):
        library = name.split(".")[0]
        if library == "sim" or library in sys.stdlib_module_names:
            continue
        if not any(house.inside(module, owner) for owner in house.OWNERS.get(library, ())):
            wrong.append(f"line {line} imports {library}")
    assert not wrong, wrong


def test_parquet_is_read_in_one_place_and_without_threads_that_outlive_the_process():
    """With them a short process ended in an abort in 8 of 160 tries on a busy machine."""
    reads = re.compile(r"\b(?:read_parquet|pq\.read_table|ParquetFile|ParquetDataset|to_pandas)\((.*)")
    found = {(module, call) for module, path in MODULES.items()
             for call in reads.findall(path.read_text(encoding="utf-8"))}  # fmt: skip
    assert {module for module, _ in found} == {"sim.files.parquet", "sim.study.store.store"}, found
    assert all("use_threads=False" in call for _, call in found), found


@pytest.mark.parametrize("statement", ["import sim", "import sim.cli"])
def test_the_doors_are_light(statement):
    """`import sim` and `baton --help` must be quick, so no heavy library comes with them."""
    heavy = {"numba", "pandas", "pyarrow", "matplotlib", "mesa", "networkx", "pydantic", "scipy", "numpy"}
    program = f"import sys; {statement}; print(*sorted({heavy!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split() == []


def test_the_command_speaks_through_one_door():
    """What a title or a name could do to a terminal is cleaned in one place, `sim.cli.screen.put`."""
    speaks = re.compile(r"^[^>#`]*(?<![\w.])(print|typer\.echo)\(", re.MULTILINE)
    wrong = [module for module, path in MODULES.items()
             if house.inside(module, "sim.cli") and speaks.search(path.read_text(encoding="utf-8"))]  # fmt: skip
    assert wrong == ["sim.cli.screen"]


def test_csv_is_written_by_one_writer():
    """What a spreadsheet would reckon with is made harmless in one place, `sim.files.harmless.write_csv`."""
    wrong = [module for module, path in MODULES.items()
             if re.search(r"to_csv\(|csv\.(writer|DictWriter)", path.read_text(encoding="utf-8"))]  # fmt: skip
    assert wrong == ["sim.files.harmless"]


# --- rules ---


def test_there_are_rules_to_check():
    assert len(RULES) >= 15


@pytest.mark.parametrize("path", RULES, ids=name_of)
def test_every_number_in_a_rule_has_a_home(path):
    assert house.literals(path) == [], "move it to theory.py, or say which unit it converts with `# unit: ...`"


@pytest.mark.parametrize(
    "path", RULES + [ROOT / "sim" / "model" / f"{name}.py" for name in ("dice", "appointments")], ids=name_of
)
def test_rules_use_only_arithmetic_with_the_same_bits(path):
    assert house.arithmetic(path) == []


def test_whole_numbers_are_divided_and_made_only_where_it_is_safe():
    """Else the module and Python part: by 0, and where a number with a fraction is too large for a whole one."""
    paths = sorted((ROOT / "sim" / "model").rglob("*.py"))
    found = [(path.name, *each) for path in paths for each in house.whole_numbers(path)]
    assert [each for each in found if each[2] not in house.SAFE] == []
    assert {what for _, _, what in found} == set(house.SAFE), "what stands there no more need not be said to be safe"


@pytest.mark.parametrize("path", RULES, ids=name_of)
def test_every_kernel_says_what_it_does(path):
    silent = [k.name for k in house.kernels(path) if len((ast.get_docstring(k) or "").split()) < 5]
    assert not silent


def test_a_field_of_the_state_is_written_in_one_file_only():
    writers: dict[str, list[str]] = {}
    for path in sorted((ROOT / "sim" / "model").rglob("*.py")):
        for field in house.writes(path):
            writers.setdefault(field, []).append(path.name)
    assert len(writers) > 200
    assert {field: files for field, files in writers.items() if len(files) > 1} == {}


def test_the_search_for_writers_knows_local_names(tmp_path):
    """A check that cannot fail is no check."""
    path = tmp_path / "rule.py"
    path.write_text(
        "def f(firm, ties, e):\n    row, b = firm.ledger[0], 1\n    row['cash'] += 1.0\n    aff = ties['aff']\n"
        "    aff[e, 0] = 1.0\n    today = firm.days[3]\n    today['won'], x = 2.0, 3\n    ties[e]['scar'][1] = 0.0\n"
    )
    assert house.writes(path) == {"ledger.cash", "ties.aff", "days.won", "ties.scar"}


def test_the_lint_finds_what_it_should(tmp_path):
    """A check that cannot fail is no check."""
    bad = tmp_path / "bad.py"
    bad.write_text(
        "import math\nimport numpy as np\nMASK = 255\nRATE = 0.3\n"
        "@kernel\ndef f(x):\n    y = 3 * x + 0.5 + 2 - 1\n    z = x ** 2 + math.exp(x)\n    w = np.sum(x) + x.sum()\n"
        "    h = x / 60  # unit: minutes to hours\n    return y\n"
        "@kernel\ndef g(n, x):\n    a = n // x + n % 2 + n % max(x, 1)\n    n %= x\n"
        "    return int(x / n) + int(x * share(n))\n"
    )
    assert [(line, value) for line, value, _ in house.literals(bad)] == [(4, 0.3), (7, 3)]
    assert sorted(house.arithmetic(bad)) == [(8, "** or @"), (8, "math.exp"), (9, ".sum"), (9, "np.sum")]
    assert sorted(house.whole_numbers(bad)) == [(14, "x"), (15, "x"), (16, "x / n")]
    assert [k.name for k in house.kernels(bad)] == ["f", "g"]


# --- declarations ---


@pytest.mark.parametrize("name", list(NUMBERS))
def test_every_number_is_declared_in_full(name):
    n = NUMBERS[name]
    assert n.unit.strip() and n.source.strip() and len(n.meaning.split()) >= 1
    assert math.isfinite(n.low) and math.isfinite(n.high) and n.low < n.high
    assert n.low <= n.default <= n.high
    assert type(n.default) is n.type
    if n.choices is not None:
        assert [int(c) for c in n.choices] == list(range(int(n.low), int(n.high) + 1))


def test_every_number_is_read_by_the_model():
    """A lever that moves nothing is a false promise; one number is the accounts' alone, and nobody sets it."""
    assert set(NUMBERS) - house.read_by_the_model(NUMBERS) == {"money.overhead"}
    assert NUMBERS["money.overhead"].fixed


TABLES = {name: getattr(firm, name) for name in vars(firm) if isinstance(getattr(firm, name), np.dtype)}


@pytest.mark.parametrize("table", list(TABLES))
def test_every_field_of_the_firm_has_a_meaning(table):
    meaning = getattr(firm, f"{table}_DOC")
    assert set(meaning) == set(TABLES[table].names)
    assert all(text.strip() for text in meaning.values())


def test_every_array_of_the_firm_is_described():
    assert len(TABLES) >= 15
    text = (ROOT / "sim/model/firm.py").read_text(encoding="utf-8")
    silent = [f for f in firm.Firm._fields if not re.search(rf"^    {f}: np\.ndarray  # \(.*\S", text, re.M)]
    assert not silent, "each array says its axes in a comment"


def test_a_lead_takes_at_most_64_bytes():
    assert firm.LEADS.itemsize <= 64


# --- scenarios and experiments ---


def test_every_shipped_scenario_reads():
    from sim import scenario

    shipped = scenario.shipped()
    assert len(shipped) >= 14
    on_disk = {p.stem for p in (ROOT / "scenarios").glob("*.toml")}
    assert set(shipped) == on_disk
    for name in shipped:
        if name in house.NEEDS_OTHER_DATA:
            continue
        read = scenario.read(name)
        assert read.title and read.question.rstrip().endswith("?"), name


@pytest.mark.parametrize("path", sorted((ROOT / "experiments").glob("*.toml")), ids=name_of)
def test_every_experiment_states_a_claim(path):
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    assert table.get("claim") or table.get("question") or table.get("title")


# --- papers ---


def test_the_tree_page_is_the_tree_on_disk():
    assert tree.PAGE.read_text(encoding="utf-8") == tree.page(), f"the tree moved: run `{tree.COMMAND}`"
    drawn = re.findall(r"\]\(\.\./\.\./(sim/.*?)\)", tree.page())
    files = [p.relative_to(ROOT) for p in MODULES.values() if not p.name.startswith("__")]
    folders = {parent for f in files for parent in f.parents} - {ROOT.relative_to(ROOT)}
    assert sorted(drawn) == sorted([*(f.as_posix() for f in files), *(f"{d.as_posix()}/" for d in folders)])


def test_every_file_says_in_a_sentence_what_it_is():
    silent = [name_of(path) for path in MODULES.values() if len(tree.first_sentence(path).split()) < 3]
    assert not silent


def test_the_rooms_stand_in_the_order_of_the_day():
    """A reader who goes down the tree goes through the day."""
    rooms = re.findall(r"\(\.\./\.\./sim/model/rules/(\w+)\.py\)", tree.page())
    day = house.order_of_the_day()
    assert [r for r in rooms if r in day] == day


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_links_between_documents_resolve(path):
    text = path.read_text(encoding="utf-8")
    prose = "\n".join(line for line in house.without_fences(text))
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", prose):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        there = (path.parent / file) if file else path
        if not there.exists() or (anchor and anchor not in house.slugs(there.read_text(encoding="utf-8"))):
            broken.append(target)
    assert not broken


def test_the_claims_name_rules_and_numbers_that_exist():
    text = (ROOT / "docs/reference/model.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z_]+\.[a-z_]+)`", text))
    assert len(named) >= 50
    assert named - set(NUMBERS) - house.named_in_rules() == set()


def test_the_version_is_the_same_everywhere():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert f"## [{version}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"version: {version}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")


def test_nothing_of_one_machine_is_committed():
    """No registry's address, no lock file that holds one, no path of a developer's machine, nothing large."""
    registry = re.compile(r'https?://[^\s"]+/(?:simple|packages)/')
    home = re.compile(r"(?:^|[^A-Za-z0-9_.])/(?:work|farm|home/\w+|Users/\w+)/", re.M)
    found = []
    for path in house.project_files():
        if path.name in {"uv.lock", "pylock.toml"} or path.stat().st_size > 2**20:
            found.append(name_of(path))
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if registry.search(text) or home.search(text):
            found.append(name_of(path))
    assert not found
    assert "https://" not in (ROOT / "requirements.lock.txt").read_text(encoding="utf-8")
