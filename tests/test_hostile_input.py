"""Inputs that took for ever, or flooded the screen: each is answered, and what is wrong is told in a few sentences."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import house
import pytest

import sim
from sim.cli import code_of
from sim.errors import MOST, InputError
from sim.files.reading import read_bytes, read_text
from sim.intake.people import matches
from sim.scenario.changes import MOST_CHANGES
from sim.scenario.toml_file import DEEPEST, parse
from sim.scenario.toml_read import key_lines
from sim.study.experiments.file import parse as parse_experiment

HANGS = 120  # seconds after which a child process is taken to hang; each of these takes one or two


def told(text: str, read=parse) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(text, Path("own.toml"))
    assert len(str(caught.value)) < 20_000
    return caught.value.told


# ---- only a regular file, of a size that is said


def pipe(folder: Path) -> Path:
    os.mkfifo(folder / "pipe.toml")
    return folder / "pipe.toml"


@pytest.mark.parametrize(
    "make", [pipe, lambda _: Path("/dev/zero"), lambda _: Path("/dev/null")], ids=["pipe", "zeros", "null"]
)
def test_what_is_no_file_is_refused_wherever_a_user_names_one(make, tmp_path):
    given = make(tmp_path)
    company = tmp_path / "own.toml"
    text = (house.ROOT / "scenarios" / "company-example.toml").read_text(encoding="utf-8")
    company.write_text(text.replace('people = "', f'people = "{given}" # "'), encoding="utf-8")
    experiment = tmp_path / "points.toml"
    experiment.write_text(f'claim = "x"\n[sample]\nmethod = "points"\nfile = "{given}"\n', encoding="utf-8")
    graph = tmp_path / "graph.toml"
    graph.write_text(f'[organization]\ngraphml = "{given}"\nmarketing = ["a"]\nsales = ["b"]\ntie = ["c"]\n')
    asked = [lambda: read_bytes(given), lambda: read_text(given), lambda: sim.read(given),
             lambda: sim.read(company).load_organization(), lambda: sim.read(graph).load_organization(),
             lambda: sim.read_experiment(given), lambda: sim.read_experiment(experiment),
             lambda: sim.run(days=5, from_state=given)]  # fmt: skip
    for ask in asked:
        with pytest.raises(InputError, match="a pipe or a device, not a file"):
            ask()


def test_a_file_that_is_too_large_is_not_read(tmp_path):
    with open(tmp_path / "large.toml", "wb") as file:
        file.truncate(10**12)  # takes no room on the disk
    for read, most in ((sim.read, "1,000,000"), (sim.read_experiment, "1,000,000"), (read_bytes, "200,000,000")):
        with pytest.raises(InputError, match=f"larger than {most} bytes"):
            read(tmp_path / "large.toml")


def test_a_name_that_is_nearly_right_is_suggested(tmp_path):
    (tmp_path / "people.csv").write_text("")
    for name, said in (("poeple.csv", 'did you mean "people.csv"'), ("people.csv/x", "no such file"), ("", "a folder")):
        with pytest.raises(InputError, match=said):
            read_bytes(tmp_path / name)


def test_nobody_reads_a_users_file_by_himself():
    """One function opens what a user names; others open only what Baton itself wrote or ships."""
    # the reader; sources; a child's own work
    own = {"sim/files/reading.py", "sim/model/kernel.py", "sim/contract/contract.py"}
    calls = ("tomllib.load(", ".read_table(path", "read_csv(")
    for path in house.sources().values():
        name = path.relative_to(house.ROOT).as_posix()
        text = path.read_text(encoding="utf-8")
        if name not in own and name.startswith(("sim/intake", "sim/scenario", "sim/study/experiments")):
            # a part of an archive whose bytes were read already
            text = text.replace("archive.open(part)", "")
            assert "open(" not in text.replace("_open(", "") and ".read_bytes()" not in text, name
            assert ".read_text(" not in text.replace("text.read_text(", "").replace("reading.read_text(", ""), name
        assert not any(call in text for call in calls), name


# ---- long, many, deep


LONG_LINES = {
    "blanks after a bracket": "[" + " " * 200_000,
    "two brackets": "[[" + " \t" * 100_000 + "x",
    "blanks after a key": "a" + " " * 200_000,
    "a quotation without end": '"' + "a" * 300_000,
    "nested lists": "x = " + "[" * 100_000,
    "dots": "a." * 100_000,
    "a deep table": "[a" + ".a" * 100_000 + "]",
    "a deep key": "a" + ".a" * 100_000 + " = 1",
    "a key as deep as is read": "a" + ".a" * 4000 + " = 1",
}
READ_IT = """import json
import sys
from pathlib import Path
from sim.errors import InputError
from sim.scenario.toml_file import parse
from sim.scenario.toml_read import key_lines

for name, text in json.load(sys.stdin).items():
    print(name, flush=True)
    key_lines(text)
    try:
        parse(text, Path("own.toml"))
    except InputError as fault:
        print(json.dumps(str(fault)), flush=True)
"""


def test_a_long_line_is_read_in_one_go():
    found = subprocess.run([sys.executable, "-c", READ_IT], input=json.dumps(LONG_LINES), capture_output=True,
                           text=True, timeout=HANGS, cwd=house.ROOT)  # fmt: skip
    said = found.stdout.splitlines()
    assert found.returncode == 0 and said[::2] == list(LONG_LINES), (said[-1:], found.stderr)
    for name, told in zip(LONG_LINES, said[1::2], strict=True):
        assert json.loads(told).startswith("own.toml") and len(told) < 2000, name


def test_lines_are_counted_as_editors_count_them():
    text = 'title = "a\u2028b\u0085c\x0bd"\r\n# \u2029\n[trust]\ngain = 7\n'.replace("\x0b", "")
    assert key_lines(text)[("trust", "gain")] == 4
    assert told(text)[0].startswith("own.toml, line 4: trust.gain = 7")


@pytest.mark.parametrize("pattern", ["*a" * 40 + "*", "a*" * 5000, "*" * 5000 + "b"])
def test_a_pattern_of_departments_is_matched_in_one_go(pattern):
    assert not matches(pattern, "a" * 4000 + "c") or pattern.endswith("a*") or pattern.startswith("*a")
    assert not matches("*a" * 40 + "*b", "a" * 5000) and matches("*a" * 40 + "*", "a" * 5000)


def test_thousands_of_unknown_names_are_told_in_a_few_sentences(monkeypatch):
    asked = []
    from sim import errors

    real = errors.difflib.get_close_matches
    monkeypatch.setattr(errors.difflib, "get_close_matches", lambda *a, **k: asked.append(a) or real(*a, **k))
    unknown = "\n".join(f"trust_{n} = 1" for n in range(5000))
    for text, read in ((unknown, parse), (f"[trust]\n{unknown}", parse), (f'claim = "x"\n{unknown}', parse_experiment),
                       (f'claim = "x"\n[levers]\n{unknown}', parse_experiment)):  # fmt: skip
        found = told(text, read)
        assert len(found) == MOST + 1 and found[-1].startswith("... and ") and "more faults" in found[-1]
    with pytest.raises(InputError) as caught:
        sim.read().but({f"trust_{n}": 1 for n in range(5000)})
    assert len(caught.value.told) == MOST + 1 and "4,980 more" in caught.value.told[-1]
    assert len(asked) < 2500, "the nearest name was looked for, for nobody"


def test_long_names_are_cut(tmp_path):
    long = "x" * 100_000
    assert all(len(each) < 700 for each in told(f"{long} = 1\n[trust]\n{long} = 2\ngain = '{long}'"))
    with pytest.raises(InputError) as caught:
        sim.read(long)
    assert len(str(caught.value)) < 700
    folder = tmp_path / "own"
    folder.mkdir()
    text = (house.ROOT / "scenarios" / "company-example.toml").read_text(encoding="utf-8")
    source = sim.read("company-example").organization
    people, ties = Path(source.people).read_text("utf-8"), Path(source.ties).read_text("utf-8")
    (folder / "people.csv").write_text(people, "utf-8")
    head = ties.splitlines()[0]
    cells = len(head.split(","))
    rows = [",".join([f"{'y' * 20_000}{n}", f"{'z' * 20_000}{n}", *["1"] * (cells - 2)]) for n in range(100)]
    (folder / "ties.csv").write_text("\n".join([head, *rows]), "utf-8")
    (folder / "own.toml").write_text(text.replace(Path(source.people).name, "people.csv"), "utf-8")
    given = re.sub(r"(?m)^people = .*$", 'people = "people.csv"', text)
    (folder / "own.toml").write_text(re.sub(r"(?m)^ties = .*$", 'ties = "ties.csv"', given), "utf-8")
    with pytest.raises(InputError) as caught:
        sim.read(folder / "own.toml").load_organization()
    assert len(caught.value.told) == MOST + 1 and all(len(each) < 700 for each in caught.value.told)


def test_so_many_changes_and_no_more():
    change = "[[changes]]\nday = {}\ntrust.gain = 0.1\n"
    found = told("".join(change.format(n % 1000) for n in range(20_000)))
    assert found == [f"own.toml: changes: there are 20,000; at most {MOST_CHANGES:,} are read"]


def test_files_that_are_based_on_each_other_without_end(tmp_path):
    for n in range(400):
        (tmp_path / f"{n}.toml").write_text(f'based_on = "{n + 1}.toml"\n')
    (tmp_path / "400.toml").write_text("days = 9\n")
    assert sim.read(tmp_path / f"{400 - DEEPEST + 1}.toml").days == 9
    with pytest.raises(InputError, match=f"more than {DEEPEST} files") as caught:
        sim.read(tmp_path / "0.toml")
    assert len(caught.value.told) <= MOST + 1


@pytest.mark.parametrize(
    "line",
    ["run --seeds", "compare default liaison --seeds", "explain default liaison --seeds", "reach aligned --seeds",
     "export csv default -o x --seeds", "export survival default -o x --seeds", "validate --markets",
     "export brief default liaison -o x.pdf --seeds", "export figure run default -o x.png --seeds"],
)  # fmt: skip
def test_more_markets_than_anybody_can_run_are_refused_before_any_list_of_them(line, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    code = code_of([*line.split(), "1000000000000"])
    assert code == 2 and "1000000" in capsys.readouterr().err and not list(tmp_path.iterdir())


def test_more_markets_than_anybody_can_run_in_python():
    for ask in (lambda n: sim.many("default", n), lambda n: sim.compare("default", "liaison", seeds=n)):
        for n in (10**12, range(10**12)):
            with pytest.raises(InputError, match="at most 1,000,000"):
                ask(n)


def test_the_command_tells_twenty_faults_and_counts_the_rest(tmp_path, capsys):
    (tmp_path / "own.toml").write_text("\n".join(f"x{n} = 1" for n in range(3000)))
    for verb in (["run"], ["scenarios", "check"]):
        assert code_of([*verb, str(tmp_path / "own.toml")]) == 3
        lines = capsys.readouterr().err.strip().split("\n")
        assert len(lines) == MOST + 1 and lines[-1] == "... and 2,980 more faults"
