"""`baton validate`: every row is declared in full, judged by its interval, kept, and the page is in step with the "
"code."""

from __future__ import annotations

import json
import math
import re

import numpy as np
import pytest
from house import ROOT
from hypothesis import assume, given
from hypothesis import strategies as st

import sim
from sim.errors import InputError
from sim.model.theory import numbers
from sim.study.intervals import Interval
from sim.study.many import Interrupted
from sim.study.validation import audit_structure as structure
from sim.study.validation import page as validate_page
from sim.study.validation import validate
from sim.study.validation.factors import congruence, factors_of
from sim.study.validation.patterns import PATTERNS, causes, dimensions
from sim.study.validation.patterns import pattern as p
from sim.study.validation.patterns.measured_run import Arm, live
from sim.study.validation.patterns.organizations import drawn

KNOWN = numbers()


def cli(*arguments: str) -> int:
    from sim.cli import code_of

    return code_of(list(arguments))


# --- declarations ---


def test_there_are_enough_rows_and_every_pattern_of_the_specification_has_one():
    assert len(PATTERNS) >= 30
    wanted = {f"P{n}" for n in range(1, 23)}
    assert wanted <= {re.match(r"P\d+", name)[0] for name in PATTERNS if re.match(r"P\d+", name)}
    assert sum(each.control for each in PATTERNS.values()) >= 8


@pytest.mark.parametrize("name", list(PATTERNS))
def test_every_row_is_declared_in_full(name):
    row = PATTERNS[name]
    assert len(row.claim.split()) > 2 and row.source.strip()
    assert row.above is not None or row.below is not None
    assert row.above is None or row.below is None or row.above < row.below
    assert len(row.mutation.what.split()) >= 2
    assert row.mutation.values or row.mutation.moved, "a row must name a change of the model under which it fails"
    assert set(row.mutation.only) | set(row.mutation.moved) <= set(row.arms)
    dated = [what for arm in row.arms.values() for _, what in arm.changes if not isinstance(what, str)]
    for levers in (row.mutation.values, *(arm.levers for arm in row.arms.values()), *dated):
        for lever, value in levers.items():
            assert lever in KNOWN and not KNOWN[lever].fixed, lever
            assert KNOWN[lever].low <= value <= KNOWN[lever].high, lever


def test_a_declaration_that_moves_has_another_fingerprint():
    from dataclasses import replace

    row = PATTERNS["P1a"]
    before = p.fingerprint_of([row])
    assert p.fingerprint_of([row]) == before
    for moved in (
        replace(row, above=0.95),
        replace(row, claim="Another claim altogether"),
        replace(row, arms={"default": Arm(days=650)}),
        replace(row, mutation=p.Mutation("another", {"trust.gain": 0.5})),
    ):
        assert p.fingerprint_of([moved]) != before


# --- verdicts ---


def row(**more) -> p.Pattern:
    told = {"name": "X", "claim": "x", "source": "J", "arms": {"one": Arm()}, "observe": lambda v: 0.0}
    return p.Pattern(**{**told, "mutation": p.Mutation("nothing at all moves", {"trust.gain": 0.0}), **more})


@given(st.lists(st.floats(-1, 1), min_size=5, max_size=30), st.floats(-2, 2), st.floats(0.1, 2))
def test_a_verdict_is_where_the_interval_lies(values, low, width):
    found = p.judge(row(above=low, below=low + width), np.array(values))
    m = found.measured
    inside = low < m.low and m.high < low + width
    outside = m.high <= low or m.low >= low + width
    assert found.verdict == ("holds" if inside else "fails" if outside else "undecided")
    assert (found.verdict == "undecided") == (not math.isnan(found.needed))


@given(st.floats(0.02, 0.3), st.integers(10, 200))
def test_the_markets_it_would_take_would_do(half, n):
    """With so many markets, and the same mean and spread, the interval no longer holds the bound."""
    measured = Interval(0.5, 0.5 - half, 0.5 + half)
    bound = 0.5 - half / 3
    needed = p.markets_needed(measured, n, bound, math.inf)
    assert needed > n
    assert 0.5 - half * math.sqrt(n / needed) >= bound - 1e-9


def test_a_value_on_the_edge_does_not_hold():
    assert p.judge(row(above=0.0), np.zeros(10)).verdict == "fails"
    assert p.judge(row(below=1e-9), np.zeros(10)).verdict == "holds"
    assert p.judge(row(above=0.0), np.full(10, math.nan)).verdict == "undecided"


def test_intervals_hold_the_truth_as_often_as_they_say():
    """Ratios of means by the bootstrap, shares by Wilson: of 200 intervals of 99 %, 190 or more (by chance once in "
    "10^5)."""
    rng = np.random.default_rng(1)
    ratio = row(combine=p.over, above=0.0)
    shares = row(above=0.0, share=True)
    hits = [0, 0]
    for _ in range(200):
        x = rng.normal([2.0, 4.0], [1.0, 1.0], (30, 2))
        m = p.statistic(ratio, x)
        hits[0] += m.low <= 0.5 <= m.high
        m = p.statistic(shares, (rng.random((30, 1)) < 0.8).astype(float))
        hits[1] += m.low <= 0.8 <= m.high
    assert min(hits) >= 190


def test_r2_from_moments_is_that_of_least_squares():
    from sim.study.validation.patterns.scores import r2

    rng = np.random.default_rng(2)
    x, e = rng.normal(size=(500, 3)), rng.normal(size=500)
    y = x @ [1.0, -2.0, 0.0] + e
    full = np.column_stack([np.ones(500), x, y])
    moments = (full[:, :, None] * full[:, None, :]).mean(0).ravel()
    assert float(r2(moments)) == pytest.approx(structure.r2(x, y), rel=1e-9)


# --- running ---

FEW = ["P4d", "N1", "P2a"]


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    keep = tmp_path_factory.mktemp("kept")
    return validate.validate(FEW, 4, keep=keep), keep


def test_rows_come_in_their_order_and_again_from_what_was_kept(found, monkeypatch):
    first, keep = found
    assert [f.pattern.name for f in first.findings] == FEW and len(first.markets) == 4

    def never(*arguments):
        raise AssertionError("a row that was measured is run again")

    monkeypatch.setattr(validate, "live", never)
    again = validate.validate(FEW, 4, keep=keep)
    assert [f.measured for f in again.findings] == [f.measured for f in first.findings]
    with pytest.raises(AssertionError):
        validate.validate(FEW, 3, keep=keep)


def test_a_result_shows_itself(found):
    summary = found[0].summary()
    assert list(summary.index) == FEW and summary.loc["N1", "verdict"] == "holds"
    assert "holds" in found[0]._repr_html_()
    assert len(found[0].plot().axes) == 1


def test_results_do_not_depend_on_threads(found, tmp_path):
    again = validate.validate(["P4d"], 4, threads=1, keep=tmp_path)
    assert again.findings[0].measured == found[0].findings[0].measured


def test_a_row_can_fail(found, tmp_path):
    assert [f.verdict for f in found[0].findings[:2]] == ["holds", "holds"]
    changed = validate.validate(["P4d", "N1"], 4, mutated=True, keep=tmp_path)
    assert [f.verdict for f in changed.findings] == ["fails", "fails"]


def test_an_interruption_leaves_whole_rows(tmp_path):
    def stop(done, all_):
        if done > 5:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted) as stopped:
        validate.validate(["P4d", "P2a"], 4, keep=tmp_path, progress=stop, threads=1)
    assert [f.pattern.name for f in stopped.value.finished[0].findings] == ["P4d"]
    assert len(list(tmp_path.iterdir())) == 1


def test_names_are_patterns_or_groups_of_rows():
    assert [row.name for row in validate.chosen(["P13"])] == ["P13a", "P13b", "P13c", "P13d", "P13e"]
    assert [row.name for row in validate.chosen(["P1"])] == ["P1a", "P1b", "P1c"]
    with pytest.raises(InputError, match="P99.*\n.*XY"):
        validate.chosen(["P99", "XY"])


# --- the command ---


def test_the_command_tells_a_table(found, capsys, monkeypatch):
    monkeypatch.setattr(validate, "kept_folder", lambda: found[1])
    assert cli("validate", "P4d", "N1", "--markets", "4") == 0
    said = capsys.readouterr()
    assert "2 rows in 4 markets: 2 hold" in said.out and "limits.md" in said.out and "Next: baton" in said.out
    assert cli("validate", "P4d", "--markets", "4", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["rows"][0]["pattern"] == "P4d" and told["rows"][0]["verdict"] == "holds"


def test_a_name_that_is_none_is_refused(capsys):
    assert cli("validate", "P2q") == 3
    assert "P2q: no such pattern" in capsys.readouterr().err
    assert cli("validate", "--quick", "--markets", "4") == 2


def test_a_folder_holds_table_page_and_picture(tmp_path, monkeypatch):
    pd = pytest.importorskip("pandas")
    monkeypatch.setattr(structure, "DESIGNS", 24)
    monkeypatch.setenv("BATON_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(structure.measure_structure, "__defaults__", (24, 2, None))
    out = tmp_path / "out"
    assert cli("validate", "P4d", "N1", "--markets", "4", "-q", "-o", str(out)) == 0
    table = pd.read_parquet(out / "validation.parquet")
    assert list(table["pattern"]) == ["P4d", "N1"] and list(table["verdict_under_mutation"]) == ["fails", "fails"]
    text = (out / "validation.md").read_text(encoding="utf-8")
    assert "## Every row can fail" in text and "Cronbach" in text and "validation.png" in text
    assert (out / "validation.png").stat().st_size > 10_000


# --- firms that live in several markets, and causes of statements ---


def test_a_firm_lives_on_in_another_market_as_it_was_drawn_in_the_first():
    here = Arm(design=3, permitted="some", days=65)
    away = live(here._replace(market=7), 100)
    same = live(Arm(drawn(3, 100, "some"), days=65), 107)
    assert (away.items == same.items).all() and away.sums["revenue"].tolist() == same.sums["revenue"].tolist()
    assert (away.sums["revenue"] != live(here, 100).sums["revenue"]).any()


def test_of_all_markets_at_once_is_judged_as_of_their_means():
    numbers = np.random.default_rng(8).normal(3, 1, (60, 2))
    about = {"name": "X", "claim": "", "source": "", "arms": {}, "observe": None, "mutation": p.IN_VAIN}
    means = p.statistic(p.Pattern(**about, combine=lambda m: m[..., 0] / m[..., 1]), numbers)
    whole = p.statistic(p.Pattern(**about, whole=lambda x: x[:, 0].mean() / x[:, 1].mean()), numbers)
    assert whole.mean == pytest.approx(means.mean)
    assert whole[1:] == pytest.approx(means[1:], abs=0.05)


def test_what_one_number_explains_is_found_over_firms_and_all_observables():
    rng = np.random.default_rng(9)
    seen = rng.normal(size=(50 * dimensions.FIRMS, 20))
    score = seen[:, 7] + 0.5 * rng.normal(size=len(seen))
    numbers = np.column_stack([seen, score]).reshape(50, -1)
    assert dimensions.best_single(numbers) == pytest.approx(np.corrcoef(seen[:, 7], score)[0, 1] ** 2)


def test_each_statement_has_one_cause_that_there_is():
    assert sorted(c.statement for c in causes.CAUSES) == list(range(20))
    declared = numbers()
    for c in causes.CAUSES:
        assert declared[c.name].low <= c.value <= declared[c.name].high
        assert causes.FIRMS[c.firm].get(c.name, declared[c.name].default) != c.value


@given(st.integers(0, 19), st.floats(1.1, 4), st.floats(-1, 1))
def test_a_statement_counts_as_moved_by_what_the_others_are_not(statement, moved, others):
    assume(abs(moved - abs(others) - 1) > 1e-9)
    row = np.full(20, others)
    row[statement] = moved
    assert causes.margins(row)[statement] == pytest.approx(moved - abs(others))
    all_of_them = np.array([np.where(np.arange(20) == c.statement, c.way * moved, others) for c in causes.CAUSES])
    expected = 20 if moved - abs(others) >= 1 else 0
    assert causes.confirmed(all_of_them.ravel()) == expected
    assert causes.confirmed(-all_of_them.ravel()) == 0
    assert causes.confirmed_by_others(all_of_them.ravel()) == expected - 2 * (expected > 0)


# --- the audit's structure ---


def test_two_planted_factors_are_found():
    rng = np.random.default_rng(3)
    a, b = rng.normal(size=(2, 600))
    x = np.column_stack(
        [a + 0.5 * rng.normal(size=600) for _ in range(5)] + [b + 0.5 * rng.normal(size=600) for _ in range(5)]
    )
    found = factors_of(x)
    assert found.kept == 2 and found.loadings.shape == (10, 2)
    big = np.abs(found.loadings) > 0.6
    assert sorted(big.sum(0)) == [5, 5] and (big.sum(1) == 1).all()
    assert sorted(map(sorted, (found.own(0), found.own(1)))) == [[0, 1, 2, 3, 4], [5, 6, 7, 8, 9]]
    assert (np.sort(found.margins(), 0)[-5:] > 0).all() and (np.sort(found.margins(), 0)[:5] < 0).all()


def test_what_one_half_shows_the_other_shows_too_where_there_is_something():
    rng = np.random.default_rng(5)
    causes, weights = rng.normal(size=(400, 3)), np.repeat(np.eye(3), 4, axis=0)
    seen = causes @ weights.T + 0.6 * rng.normal(size=(400, 12))
    halves = [factors_of(x, number=3).loadings for x in (seen[:200], seen[200:])]
    assert congruence(*halves) > 0.95
    assert congruence(halves[0], -halves[1][:, [2, 0, 1]]) == pytest.approx(congruence(*halves))
    nothing = [factors_of(rng.normal(size=(200, 12)), number=3).loadings for _ in range(2)]
    assert congruence(*nothing) < 0.8
    assert factors_of(rng.normal(size=(400, 12)), 3).loadings.shape[1] == 3


def test_planted_classes_are_found():
    rng = np.random.default_rng(4)
    truth = rng.integers(0, 3, 500)
    x = np.clip(np.round(1 + 2 * truth[:, None] + 0.5 * rng.normal(size=(500, 12))), 1, 5)
    bic, members = structure.latent_classes(x)
    assert min(bic, key=lambda k: bic[k]) == 3
    assert structure.rand_index(members[3], truth) > 0.95


# --- the committed page ---

PAGE = ROOT / "docs" / "reports" / "validation.md"


def test_the_committed_page_is_of_these_rows_and_this_model():
    """If this fails: `baton validate --document docs/reports/validation.md`."""
    about = re.search(r"<!-- baton (\S+); declared (\w+); golden (.*) -->", PAGE.read_text(encoding="utf-8"))
    assert about, "the page has no footer"
    assert about[1] == sim.__version__
    assert about[2] == p.fingerprint_of(list(PATTERNS.values()))
    golden = dict(pair.split("=") for pair in about[3].split())
    assert set(golden) == set(validate_page.GOLDEN)
    for name, value in validate_page.golden().items():
        assert float(golden[name]) == pytest.approx(value, rel=1e-6), name


def test_the_committed_page_tells_every_row():
    text = PAGE.read_text(encoding="utf-8")
    lines = [
        line.split("|")[1].strip().removesuffix(" (control)") for line in text.splitlines() if line.startswith("| ")
    ]
    for name in PATTERNS:
        assert lines.count(name) == 2, f"{name}: once among the patterns, once among the mutations"
    assert "[limits.md](../reference/limits.md)" in text


def test_what_limits_call_open_is_open_in_the_validation():
    """Every row that docs/reference/limits.md names among claims that cannot be told from nothing."""
    limits = (ROOT / "docs" / "reference" / "limits.md").read_text(encoding="utf-8")
    claims = limits.partition("- **Claims that cannot be told from nothing**")[2].partition("\n- **")[0]
    rows = re.findall(r"\b[A-Z][0-9]+[a-z]\b", claims)
    page = PAGE.read_text(encoding="utf-8")
    assert rows and all(re.search(rf"^\| {row} \|.*\| undecided ", page, re.M) for row in rows)
