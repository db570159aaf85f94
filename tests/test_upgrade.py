"""Files of a former edition are rewritten whole or not at all; what was made by other rules is told by them."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.errors import Told
from sim.files import provenance
from sim.files.sums import SUMS, sums_of, sums_text
from sim.result.outcomes import SUCCESSORS
from sim.scenario.schema import NUMBERS, WENT
from sim.scenario.successors import CHANGED, CONVERSIONS, FORMER, unasked
from sim.study.upgrade import upgraded

OLD = """\
title = "Old firm"   # my firm
days = 130

# what nobody decrees
[practices]
informal = 0.29  # half as much
share_visit = 0.003
access_power = 0
rules = "mandated"

[[changes]]
day = 65  # the second quarter
practices.informal = 0.0   # and then nothing
"""
EXPERIMENT = """\
title = "An old experiment"
claim = "Unasked work matters."  # does it?
days = 65

[levers]
liaison.count = [0, 1]

[uncertainties]
practices.informal = [
    0.2, 0.58,
]  # from a study
"practices.access_power" = "bounds"
practices.threshold = { low = 0.05, high = 0.2, levels = 2 }

[compare]
near = { "practices.access_power" = 0, "liaison.hired" = 1 }  # as if near

[outcomes]
names = ["net_value_without_equity", "score"]

[sample]
method = "grid"
"""


def remarks(text: str) -> list[str]:
    return re.findall("#.*", text)


def test_a_scenario_is_rewritten_and_all_else_stays(baton, tmp_path):
    path = tmp_path / "firm.toml"
    path.write_text(OLD, encoding="utf-8")
    code, out, err = baton("scenarios", "upgrade", path)
    now = path.read_text(encoding="utf-8")
    assert code == 0 and not err and (tmp_path / "firm.toml.bak").read_text(encoding="utf-8") == OLD
    assert remarks(now) == remarks(OLD) and [line for line in now.splitlines() if line in OLD.splitlines()] == [
        line for line in OLD.splitlines() if not re.search("informal|share_visit|access_power", line)
    ]
    firm = sim.read(path)
    half = {
        name: firm.value(name) / NUMBERS[name].default for name in ("practices.unasked_help", "practices.unasked_plan")
    }
    assert all(share == pytest.approx(0.5, abs=1e-3) for share in half.values())
    assert firm.value("practices.screen") == 1.0
    assert set(firm.changes[0].values.values()) == {0.0} and len(firm.changes[0].values) == 3
    told = [line for line in out.splitlines() if ", line " in line]
    assert len(told) == 4 and all(str(path) in line for line in told)
    assert "line 6: practices.informal = 0.29 is now practices.unasked_help = 0.165" in told[0]
    assert "line 7: practices.share_visit = 0.003 is taken out" in told[1]
    code, out, _ = baton("scenarios", "upgrade", path, "--check")
    assert code == 0 and "nothing to rewrite" in out


def test_an_experiment_is_rewritten_with_its_factors_arms_and_outcomes(baton, tmp_path):
    path = tmp_path / "experiment.toml"
    path.write_text(EXPERIMENT, encoding="utf-8")
    assert baton("scenarios", "upgrade", path)[0] == 0
    now = path.read_text(encoding="utf-8")
    assert remarks(now) == remarks(EXPERIMENT)
    made = sim.read_experiment(path)
    varied = {each.name: each for each in made.factors}
    assert set(varied) == {"liaison.count", "practices.threshold", *unasked({})}
    for name in unasked({}):
        assert varied[name].values[-1] == pytest.approx(NUMBERS[name].default, rel=1e-3)  # 0.58 was the default
        assert varied[name].low / varied[name].high == pytest.approx(0.2 / 0.58, rel=1e-3)
    assert made.arms["near"] == {"practices.screen": 1.0, "liaison.hired": 1}
    assert made.outcomes == ("contribution", "score")
    assert all(name not in now for name in (*WENT, *SUCCESSORS))


VALUES = st.floats(0, 1).map(lambda x: round(x, 3))
REMARK = st.sampled_from(["", "  # why", "# a remark = 1", ' # "x" [practices]'])


@st.composite
def old_files(draw) -> str:
    """Scenarios of the first edition in the ways in which people write them."""
    went = sorted(name for name in WENT if name.startswith("practices."))
    names = draw(st.lists(st.sampled_from(went), unique=True, max_size=4))
    names += draw(st.lists(st.sampled_from(["practices.threshold", "practices.screen"]), unique=True))
    own = [(name, draw(VALUES)) for name in draw(st.permutations(names))]
    way = draw(st.sampled_from(["table", "dotted", "inline", "change"]))
    if way == "inline":
        inner = ", ".join(f"{name.split('.')[1]} = {value}" for name, value in own)
        body = f"practices = {{ {inner} }}{draw(REMARK)}\n"
    elif way == "table":
        body = "[practices]\n" + "".join(f"  {n.split('.')[1]}={v}{draw(REMARK)}\n" for n, v in own)
    else:
        body = "[[changes]]\nday = 5\nliaison.count = 1\n" if way == "change" else ""
        body += "".join(f"{name} = {value}{draw(REMARK)}\n" for name, value in own)
    text = f'title = "x"  # first\n{body}{draw(REMARK)}\n[trust]\ngain = 0.05{draw(REMARK)}'
    return text.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))


@settings(max_examples=150, deadline=None)
@given(old_files())
def test_what_is_rewritten_reads_keeps_every_remark_and_is_rewritten_once(text):
    path = Path("firm.toml")
    found = upgraded(text, path)
    now = tomllib.loads(found.text)
    names = {f"{g}.{k}" for t in (now, *now.get("changes", ())) for g, v in t.items() if isinstance(v, dict) for k in v}
    assert not names & set(WENT) and names <= set(NUMBERS)
    assert remarks(found.text) == remarks(text) and ("\r\n" in text) == ("\r\n" in found.text)
    assert upgraded(found.text, path) == (found.text, (), ())
    before = {line.strip() for line in text.splitlines() if not line.strip().startswith("#")}
    lines = text.replace("\r\n", "\n").split("\n")
    for step in found.steps:
        assert step.was.split(" = ")[0].split(".")[-1] in lines[step.line - 1]
    kept = [line.strip() for line in found.text.splitlines() if line.strip() in before]
    assert kept == [line.strip() for line in text.splitlines() if line.strip() in kept]
    if not found.steps:
        assert found.text == text


def test_conversions_stay_in_their_group_and_leave_the_default_as_it_was():
    for way in CONVERSIONS:
        assert set(way.of) <= set(WENT)
        now = way.now(dict.fromkeys(way.of, 0.0))
        assert all(name in NUMBERS for name in now)
        assert {name.split(".")[0] for name in (*way.of, *now)} == {way.of[0].split(".")[0]}
    assert unasked(FORMER) == {name: NUMBERS[name].default for name in unasked(FORMER)}
    assert set(CHANGED) <= set(NUMBERS)


WRONG = {
    "another.toml": (OLD + "gian = 1\n[trust]\nloss = 7\n", "trust.loss = 7"),
    "word.toml": ('[practices]\ninformal = "much"\n', "is no number"),
    "broken.toml": ("[practices\n", "is not valid TOML"),
    "nothing.toml": (
        'claim = "x"\n[levers]\n[uncertainties]\npractices.informal = "bounds"\n[sample]\nmethod = "grid"\n',
        "needs the values",
    ),
    "remarked.toml": ('claim = "x"\n[uncertainties]\npractices.informal = [\n 0.1, # low\n 0.2]\n', "by hand"),
    "looks-like.toml": ('question = """\n[practices]\ninformal = 1\n"""\n[practices]\ninformal = 0.1\n', "by hand"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_file_with_another_fault_is_left_whole(name, baton, tmp_path):
    text, said = WRONG[name]
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    code, out, err = baton("scenarios", "upgrade", path)
    assert code == 3 and said in err and str(path) in err and not out
    assert [each.name for each in tmp_path.iterdir()] == [name] and path.read_text(encoding="utf-8") == text


def test_looking_writes_nothing_and_an_output_leaves_the_file(baton, tmp_path):
    path, other = tmp_path / "firm.toml", tmp_path / "now.toml"
    path.write_text(OLD, encoding="utf-8")
    assert baton("scenarios", "upgrade", path, "--check")[0] == 4
    assert [each.name for each in tmp_path.iterdir()] == ["firm.toml"]
    assert baton("scenarios", "upgrade", path, "-o", other)[0] == 0
    assert path.read_text(encoding="utf-8") == OLD and sim.read(other).value("practices.screen") == 1.0
    assert baton("scenarios", "upgrade", path, "-o", path)[0] == 2
    (tmp_path / "firm.toml.bak").write_text("mine", encoding="utf-8")
    code, _, err = baton("scenarios", "upgrade", path)
    assert code == 3 and "firm.toml.bak" in err and path.read_text(encoding="utf-8") == OLD
    assert (tmp_path / "firm.toml.bak").read_text(encoding="utf-8") == "mine"


def test_files_that_are_based_on_each_other_are_rewritten_in_any_order(baton, tmp_path):
    (tmp_path / "base.toml").write_text(OLD, encoding="utf-8")
    (tmp_path / "firm.toml").write_text('based_on = "base.toml"\n[practices]\ninformal = 0.58\n', encoding="utf-8")
    code, _, err = baton("scenarios", "upgrade", tmp_path / "firm.toml", tmp_path / "base.toml")
    assert code == 0, err
    assert sim.read(tmp_path / "firm.toml").value("practices.unasked_plan") == NUMBERS["practices.unasked_plan"].default


def test_a_number_of_another_meaning_is_pointed_at_and_left(baton, tmp_path):
    path = tmp_path / "firm.toml"
    path.write_text("[selling]\nlate = 0.8\n", encoding="utf-8")
    code, out, _ = baton("scenarios", "upgrade", path, "--check")
    assert code == 0 and "line 2: selling.late is left as it is" in out and "days of delay" in out


@pytest.mark.parametrize("name", WENT)
def test_wherever_a_number_that_went_is_named_it_is_said(name, baton, tmp_path):
    said = f"{name} is no number of this version"
    (tmp_path / "points.csv").write_text(f"{name}\n0.5\n0.2\n", encoding="utf-8")
    (tmp_path / "e.toml").write_text(f'claim = "x"\n[uncertainties]\n{name} = "bounds"\n', encoding="utf-8")
    (tmp_path / "p.toml").write_text(
        'claim = "x"\n[sample]\nmethod = "points"\nfile = "points.csv"\n', encoding="utf-8"
    )
    for words in (("levers", name), ("run", "--set", f"{name}=0.5"), ("experiment", tmp_path / "e.toml", "--dry-run"),
                  ("experiment", tmp_path / "p.toml", "--dry-run")):  # fmt: skip
        code, _, err = baton(*words)
        assert code == 3 and said in err, words


def test_a_run_of_other_rules_is_read_with_a_word_or_refused_for_them(baton, tmp_path, monkeypatch):
    """Its tables may lack what today's have; then its rules are the reason, not the column."""
    with monkeypatch.context() as patch:
        patch.setattr(provenance, "rules_fingerprint", lambda: "0123456789ab")
        assert baton("run", "small-simple", "--days", 65, "-o", tmp_path / "out", "-q")[0] == 0
    with pytest.warns(Told, match="rules .0123456789ab.*read as it is"):
        assert baton("audit", tmp_path / "out")[0] == 0
    about = tmp_path / "out" / "run.toml"
    told = about.read_text(encoding="utf-8")
    for text, file in ((told.replace("toml = ", 'toml = "[practices]\\ninformal = 1"\nwas = ', 1), about),
                       ("no table", tmp_path / "out" / "people.parquet")):  # fmt: skip
        file.write_text(text, encoding="utf-8")
        (tmp_path / "out" / SUMS).write_text(sums_text(sums_of(tmp_path / "out")), encoding="utf-8")
        code, _, err = baton("audit", tmp_path / "out")
        assert code == 3 and "made by other rules (0123456789ab" in err.splitlines()[0]
        assert "upgrade" not in err  # what another file carries is not to be rewritten
        about.write_text(told, encoding="utf-8")


def test_a_store_of_other_rules_says_so_first(baton, tmp_path, monkeypatch):
    text = 'claim = "x"\nbase = "small-simple"\ndays = 20\n[levers]\nliaison.count = [0, 1]\n'
    text += '[sample]\nmethod = "grid"\n[replications]\nmarkets = 1\n'
    (tmp_path / "e.toml").write_text(text, encoding="utf-8")
    store = tmp_path / "store"
    with monkeypatch.context() as patch:
        patch.setattr(provenance, "rules_fingerprint", lambda: "0123456789ab")
        assert baton("experiment", tmp_path / "e.toml", "-o", store, "-q")[0] == 0
    with pytest.warns(Told, match="rules .0123456789ab.*read as it is"):
        assert baton("export", "csv", store, "-o", tmp_path / "tables")[0] == 0
    kept = store / "experiment.toml"
    kept.write_text(
        kept.read_text(encoding="utf-8") + '[uncertainties]\npractices.informal = "bounds"\n', encoding="utf-8"
    )
    (store / SUMS).write_text(sums_text(sums_of(store)), encoding="utf-8")
    code, _, err = baton("export", "csv", store, "-o", tmp_path / "again")
    assert code == 3 and "0123456789ab" in err and WENT["practices.informal"] in err and "upgrade" not in err


def test_a_replay_of_a_link_from_other_rules_says_so():
    from sim.page import replay_source

    source = replay_source.of_link("#v=0.1.0-2b5af3b3&o=silo&m=10&e=29")
    assert "other rules (Baton 0.1.0, rules 2b5af3b3)" in source.warning
