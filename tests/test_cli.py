"""The command: exit codes, streams, and results that a program can read."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pandas as pd
import pytest
import typer
from house import ROOT
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim import cli
from sim.cli import layout, report


@pytest.fixture
def baton(capsys):
    """The command in this process: (exit code, stdout, stderr)."""

    def call(*words: object) -> tuple[int, str, str]:
        cli._say_what_is_told()  # as the command's main does; pytest puts back what it was
        code = cli.code_of([str(word) for word in words])
        out = capsys.readouterr()
        return code, out.out, out.err

    return call


def command(*words: str, **options) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", "sim", *words], capture_output=True, text=True, **options)


def test_which_markets_is_said(baton):
    code, out, err = baton("run", "silo", "--seeds", 3, "--seed", 4, "--days", 5)
    assert "5 days." in out and "years" not in out.split("\n")[0]
    assert code == 0 and "3 markets (4 to 6)" in out and "the markets 4 to 6" in err
    assert "3 markets: medians and ranges" in out and "lowest" in out and "80 %" not in out
    assert "market 10" in baton("run", "silo", "--days", 5)[2]
    assert "2 markets (0 to 1)" in baton("compare", "silo", "liaison", "--seeds", 2, "--days", 5)[1]


def test_a_total_above_both_sides_is_explained():
    """Statement 18, seen by a half and by less than a quarter: both 5, Marketing 3.0, Sales 1.9."""
    both, m, s = (pd.DataFrame({"score": score, "know": know}, index=[1, 18]) for score, know in (
        ([3.0, 5.0], [1.0, 1.0]), ([3.0, 3.0], [1.0, 0.5]), ([2.0, 1.9], [1.0, 0.23])))  # fmt: skip
    (said,) = report._unseen(m, s, both)
    assert said.startswith("Statement 18: 5.0 for all that happened, but 50 % of Marketing and 23 % of Sales saw it")


def test_help_leads_with_examples():
    done = command("--help")
    assert done.returncode == 0 and done.stderr == ""
    assert done.stdout.index("Examples:") < done.stdout.index("Options:") < done.stdout.index("Commands:")


def every_command(command=None, words=()):
    """Every verb and verb of a verb, with the words that lead to it."""
    command = command or typer.main.get_command(cli.app)
    for name, each in getattr(command, "commands", {}).items():
        yield (*words, name), each
        yield from every_command(each, (*words, name))


def test_every_verb_has_help_that_says_what_to_type(monkeypatch):
    """No name of a Python type, nothing longer than a terminal but an example, and a word on every option."""
    monkeypatch.setenv("COLUMNS", "80")
    found = list(every_command())
    assert len(found) > 40
    for words, command in found:
        text = command.get_help(typer.Context(command, info_name=" ".join(words)))
        assert "Usage:" in text
        assert not re.search(r"<(int|str|float|path|list)\b|set by --set", text), words
        assert all(len(line) <= 80 for line in text.splitlines() if "    baton " not in line), words
        assert all(p.help for p in command.params if p.param_type_name == "option"), words


def test_version(baton):
    code, out, _ = baton("--version")
    assert code == 0 and out == f"baton {sim.__version__}\n"


def test_help_loads_nothing_heavy():
    program = "import sys; from sim import cli; cli.code_of(['--help']); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not {"numpy", "numba", "pandas", "matplotlib", "rich"} & set(done.stdout.split())


def test_a_run_tells_its_story_on_stdout_and_its_messages_on_stderr(baton):
    code, out, err = baton("run", "silo", "--seed", 2, "--days", 260)
    assert code == 0
    for part in (
        "Stage by quarter",
        report.LEGEND,
        "Money by year",
        "Leads by fate",
        "Hours by use",
        report.LIMIT,
        "Next:",
    ):
        assert part in out, part
    assert err.startswith("Running silo in market 2") and "Running" not in out
    assert "\x1b" not in out + err


def test_an_outcome_for_until_needs_until(baton):
    code, out, err = baton("compare", "silo", "liaison", "--metric", "score", "--seeds", 2)
    assert (code, out) == (2, "") and "--until" in err


def test_quiet_says_nothing_but_the_result(baton):
    code, out, err = baton("run", "silo", "--days", 65, "--quiet")
    assert (code, err) == (0, "") and out


def test_json_is_json_and_nothing_else(baton):
    code, out, err = baton("run", "silo", "--seed", 2, "--days", 130, "--json")
    assert (code, err) == (0, "")
    data = json.loads(out)
    run = sim.run("silo", 2, until=130)
    assert data["hashes"]["state"] == run.about["state"] and data["days"] == 130
    assert data["net_value"]["total"] == pytest.approx(run.net_value.total)
    assert sum(data["leads_by_fate"]["marketing"].values()) + sum(data["leads_by_fate"]["own"].values()) == len(
        run.leads
    )


def test_levers_are_set_from_the_command(baton):
    _, out, _ = baton(
        "run", "silo", "--set", "liaison.count=1", "--set", "practices.rules=mandated", "--days", 65, "--json"
    )
    scenario = sim.read("silo").but({"liaison.count": 1, "practices.rules": "mandated"})
    assert json.loads(out)["hashes"]["state"] == sim.run(scenario, until=65).about["state"]


def test_days_may_be_fewer_or_more_than_the_scenarios(baton):
    """A run that is cut short stops before later changes; a longer one has a longer horizon."""
    _, short, _ = baton("run", "liaison-leaves", "--days", 30, "--json")
    _, long, _ = baton("run", "small-simple", "--days", 1310, "--json")
    assert json.loads(short)["days"] == 30
    assert json.loads(long)["days"] == 1310 or json.loads(long)["broke"] is not None


def test_a_run_is_written_and_its_audit_read(baton, tmp_path):
    out_dir = tmp_path / "new" / "out"
    code, _, err = baton("run", "silo", "--days", 130, "-o", out_dir)
    assert code == 0 and str(out_dir) in err
    kept = tomllib.loads((out_dir / "run.toml").read_text())
    assert kept["run"]["days"] == 130 and set(kept["hashes"]) >= {"market", "inputs", "scenario", "state"}
    code, out, _ = baton("audit", out_dir)
    assert code == 0 and "quarter 2 of 2" in out and "total" in out and "counted: acts counted" in out
    code, out, _ = baton("audit", out_dir, "--quarter", 1, "--json")
    assert len(json.loads(out)["items"]) == 60
    assert baton("audit", out_dir, "--quarter", 3)[0] == 3


def test_a_folder_in_use_is_refused_before_anything_is_run(baton, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    code, out, err = baton("run", "silo", "-o", tmp_path)
    assert (code, out) == (2, "") and "not empty" in err and "Running" not in err
    code, _, err = baton("run", "silo", "-o", tmp_path, "--overwrite")
    assert code == 2 and "not replaced" in err
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


def test_a_state_is_kept_and_gone_on_from(baton, tmp_path):
    state = tmp_path / "day100.npz"
    assert baton("run", "silo", "--seed", 4, "--days", 100, "--save-state", state)[0] == 0
    code, out, _ = baton("run", "silo", "--from", state, "--days", 200, "--json")
    assert code == 0
    assert json.loads(out)["hashes"]["state"] == sim.run("silo", 4, until=200).about["state"]
    assert baton("run", "silo", "--from", state, "--seeds", 3)[0] == 2
    code, out, _ = baton("run", "silo", "--from", state, "--seed", 5, "--days", 200, "--json")
    assert code == 0, "another market is another future of the same past"
    assert json.loads(out)["hashes"]["state"] not in {sim.run("silo", n, until=200).about["state"] for n in (4, 5)}


def test_many_markets(baton, tmp_path):
    code, out, _ = baton("run", "silo", "--seeds", 3, "--seed", 7, "--days", 130, "-o", tmp_path / "out")
    assert code == 0 and "3 markets: medians and ranges" in out and "Net value: contribution" in out
    rows = sim.load(tmp_path / "out")
    assert rows.seed == 7 and (tmp_path / "out" / "markets.parquet").is_file()
    code, out, _ = baton("run", "silo", "--seeds", 2, "--days", 65, "--json")
    assert [row["seed"] for row in json.loads(out)["markets"]] == [0, 1]


def test_compare(baton, tmp_path):
    code, out, _ = baton("compare", "silo", "liaison", "--seeds", 3, "--days", 130, "-o", tmp_path / "pair")
    assert code == 0 and "market check: identical" in out and "liaison against silo" in out
    assert "Net value: contribution" in out and "renewals do not count" in out
    assert (tmp_path / "pair" / "summary.csv").is_file()
    code, out, _ = baton("compare", "silo", "silo", "--seeds", 2, "--days", 65)
    assert "are the same in every market" in out
    code, out, _ = baton("compare", "silo", "liaison", "--seeds", 2, "--days", 65, "--json")
    assert {row["outcome"] for row in json.loads(out)["differences"]} >= {"net_value", "revenue"}
    assert baton("compare", "silo")[0] == 2


def test_network(baton, tmp_path):
    code, out, _ = baton("network", "liaison", "-o", tmp_path / "net.png", "--at", 20)
    assert code == 0 and (tmp_path / "net.png").read_bytes().startswith(b"\x89PNG")
    assert out.strip() == str(tmp_path / "net.png") and len(list(tmp_path.iterdir())) == 1


def test_scenarios(baton, tmp_path):
    code, out, _ = baton("scenarios", "list")
    assert code == 0 and "silo" in out
    assert {each["name"] for each in json.loads(baton("scenarios", "list", "--json")[1])} == set(sim.shipped())
    code, out, _ = baton("scenarios", "show", "silo")
    (tmp_path / "again.toml").write_text(out)
    assert sim.read(tmp_path / "again.toml") == sim.read("silo")
    assert "liaison.count" in baton("scenarios", "diff", "silo", "near-cheap")[1]
    assert "the same" in baton("scenarios", "diff", "silo", "silo")[1]
    bad = tmp_path / "bad.toml"
    bad.write_text("[trust]\ngian = 0.05\nloss = 7\n")
    code, out, err = baton("scenarios", "check", "silo", bad)
    assert code == 3 and "silo: right" in out and len(err.strip().splitlines()) == 2 and "trust.gain" in err


def test_doctor(baton):
    code, out, _ = baton("doctor")
    assert code == 0 and "FAIL" not in out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["run", "sillo"], 3, "silo"),
        (["run", "nowhere.toml"], 3, "nowhere.toml"),
        (["run", "--set", "trust.gian=0.1"], 3, "trust.gain"),
        (["run", "--set", "trust.gain=nan"], 3, "trust.gain"),
        (["run", "--set", "trust.gain"], 2, "NAME=VALUE"),
        (["run", "--seed", "-1"], 2, "--seed"),
        (["run", "--seed", str(2**63)], 3, "market"),
        (["run", "--days", "0"], 2, "--days"),
        (["run", "--bogus"], 2, "--bogus"),
        (["rnu"], 2, "rnu"),
        (["audit", "nowhere-at-all"], 3, "nowhere-at-all"),
        (["run", "--from", "nowhere.npz"], 3, "nowhere.npz"),
        (["run", "--day", "nowhere.py"], 3, "nowhere.py"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(baton, words, code, said):
    got, out, err = baton(*words)
    assert (got, out) == (code, "") and said in err and "Traceback" not in err


@pytest.mark.parametrize(
    ("words", "help_of"),
    [
        (["compare", "default"], "baton compare"),
        (["run", "--seeds", "0"], "baton run"),
        (["export", "figure"], "baton export figure"),
        (["rnu"], "baton"),
    ],
)
def test_wrong_usage_points_to_its_own_help(baton, words, help_of):
    assert baton(*words)[2].endswith(f" (see {help_of} --help)\n")


def test_a_verb_left_out_has_its_help_and_nothing_more(baton):
    code, out, err = baton("export")
    assert (code, out) == (2, "") and err.startswith("Usage: baton export") and "(see " not in err


@pytest.mark.parametrize("words", [["run"], ["audit"], ["network"], ["explain", "silo"], ["compare", "silo"],
                                   ["run", "silo", "--day"]], ids=" ".join)  # fmt: skip
def test_nothing_is_said_to_run_that_cannot_be_read(baton, words):
    code, out, err = baton(*words, "zzzqq")
    assert (code, out) == (3, "") and len(err.splitlines()) == 1 and "zzzqq" in err


def test_our_own_fault_is_one_line_and_a_file(baton, monkeypatch):
    def fails(*_, **__):
        raise RuntimeError("broken inside")

    monkeypatch.setattr("sim.scenario.read", fails)
    code, _, err = baton("run", "silo")
    last = err.strip().splitlines()[-1]
    assert code == 1 and "our fault" in last and "Traceback" not in err
    trace = Path(last.split()[-1])
    assert "broken inside" in trace.read_text()
    trace.unlink()


def test_an_interruption_has_its_own_code(baton, monkeypatch):
    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.scenario.read", stop)
    code, _, err = baton("run", "silo")
    assert code == 130 and "Interrupted" in err


def test_what_finished_before_an_interruption_is_told(baton, monkeypatch):
    from sim.study import many as module

    real = module.run

    def run(scenario, seed, **options):
        if seed == 2:
            raise KeyboardInterrupt
        return real(scenario, seed, **options)

    monkeypatch.setattr(module, "run", run)
    code, out, err = baton("run", "silo", "--seeds", 9, "--days", 65, "--threads", 1)
    assert code == 130 and re.search(r"\b([23]) of 9 markets were finished", err) and "markets: medians" in out


def test_a_reader_who_has_seen_enough_is_no_fault():
    """`baton scenarios list | head -1` ends quietly."""
    ahead = subprocess.Popen(
        [sys.executable, "-m", "sim", "scenarios", "list"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert ahead.stdout is not None and ahead.stderr is not None
    ahead.stdout.close()
    said = ahead.stderr.read()
    ahead.wait()
    assert b"Traceback" not in said and b"our fault" not in said


def test_plain_text_where_letters_are_few():
    done = command("scenarios", "diff", "silo", "near-cheap", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0 and "liaison.count" in done.stdout


@pytest.mark.parametrize("width", [60, 80, 120])
def test_a_terminal_that_is_narrow_cuts_no_figure(width, monkeypatch):
    """Words fold, spare columns are named and left out, and what still does not fit is longer than the line."""
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("NO_COLOR", "1")
    columns = ("", "silo", "liaison", "difference", "95 % from", "to", "all", "higher in", "saved")
    figures = ("55,126", "187,266", "+132,139", "+125,794", "+138,484", "*", "20 of 20", "×10.1")
    rows = [("net value and its parts, contribution", *figures)]
    table = layout.Table("liaison against silo", columns, rows, spare=(8,))
    said = layout.drawn(table, True)
    assert all(figure in said for figure in figures[:-1])
    assert ("×10.1" in said) == (width == 120) == ("Not shown on a screen so narrow: saved." not in said)
    assert max(map(len, said.splitlines())) <= max(width, 79)
    assert not said.endswith("\n") and "\n\n\n" not in said


@pytest.mark.parametrize("width", [40, 61, 80, 100, 200])
def test_a_table_of_words_loses_none(width, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("NO_COLOR", "1")
    rows = [
        ("distance.spread", "0.0", "how far desks are scattered, a so-many-th", "F39 (pairs of 2 to 200 m); our guess"),
        ("distance.between_teams_m", "30.0", "between the teams", "F39, B"),
    ]
    table = layout.Table("numbers", ("name", "default", "meaning", "source"), rows, (0, 2, 3))
    said = layout.drawn(table, True)
    assert sorted(said.replace("─", "").split()) == sorted(
        " ".join([table.title, *table.columns, *sum(rows, ())]).split()
    )
    assert max(map(len, said.splitlines())) <= max(width, 53)


@given(st.text("ab ,\n", max_size=300), st.integers(10, 120))
def test_prose_is_folded_without_losing_a_word(text, width):
    folded = layout.folded(text, width)
    assert folded.split() == text.split()
    assert all(len(line) <= width or " " not in line.strip() or "  " in line.strip() for line in folded.split("\n"))


def test_what_is_said_to_come_next_can_be_typed(baton, tmp_path, monkeypatch):
    """No word that stands for another, in any sentence of the commands that begins with Next."""
    monkeypatch.chdir(tmp_path)
    for path in sorted((ROOT / "sim" / "cli").glob("*.py")):
        for text in re.findall(r"Next: ([^\"\n]*)", path.read_text(encoding="utf-8")):
            assert not re.search(r"\b[A-Z]{3,}\b|…", re.sub(r"\{[^}]*\}", "", text)), (path.name, text)
    for line in (["scenarios", "list"], ["levers", "liaison"], ["experiment"],
                 ["run", "silo", "--days", 65], ["run", "default", "--days", 65, "--seeds", 2]):  # fmt: skip
        code, out, _ = baton(*line)
        after = [each for each in re.findall(r"baton ([a-z][^\n,]*)", out.partition("Next: ")[2]) if each]
        assert code == 0 and after, line
        for words in map(shlex.split, after):
            if words[0] == "compare":
                words = [*words[:3], "--seeds", "2", "--days", "65"]
            assert baton(*words, *(["--days", "65"] if words[0] == "run" else []))[0] == 0, words


def test_a_plan_named_beside_its_firm_is_refused_with_what_to_type(baton, tmp_path, monkeypatch):
    """Its name may be a shipped scenario's too, which is another firm: then how to name that one is said as well."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "firm" / "plans").mkdir(parents=True)
    for name in ("liaison", "mine"):
        (tmp_path / "firm" / "plans" / f"{name}.toml").touch()
    told = {name: baton("compare", "firm", name) for name in ("liaison", "mine")}
    for name, (code, _, err) in told.items():
        assert code == 3 and f"baton plan firm {name} run" in err
    assert "baton scenarios show liaison > liaison.toml" in told["liaison"][2]
    assert "scenarios show" not in told["mine"][2]
