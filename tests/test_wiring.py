"""No hidden wiring: the stage is read off behaviour, no rule reads it back, and nothing knows what is being tested."""

from __future__ import annotations

import ast
import re

import house
import numpy as np
import pytest
from house import ROOT

from sim.model import audit
from sim.model.day_zero.opening import begin
from sim.model.dice import Dice
from sim.model.firm import Item, Practice, Side
from sim.model.kernel import uint64
from sim.model.theory import Theory, numbers, with_values

MODEL = ROOT / "sim" / "model"
# What the audit writes. `score` also names a column of the answers, `band` and `stage` stand in the ledger.
VERDICTS = {"score", "score_19", "score_m", "score_s", "stage", "band", "strategic", "know"}
# Where they may be touched: the audit itself writes them, day 0 sets the first.
WRITERS = {"audit.py", "ledger.py", "firm.py"}
# What the audit may read: counts of what was done and witnessed, never a lever, an attitude or a belief.
OBSERVED = {
    "people": {"working", "team", "n_ties", "saw", "stints", "training", "planned"},
    "ties": {"helped", "exchanged"},
    "practices": {"kept"},  # only who could judge: what is told in meetings and by the feedback loop
    "decisions": {"settled"},
    "days": {"won"},
    "ledger": {"n_people", "n_ties", "voters_m", "voters_s", "forecast", "yes_yes", "yes_no", "no_yes", "no_no",
               "stage", "band"},
    "audit": {"count", "base"},
    "answers": {"count", "base", "score", "know"},
    "quarters": {"score", "score_19", "score_m", "score_s", "band", "stage", "strategic"},
}  # fmt: skip


def fields_of(path) -> set[str]:
    """Every field of an array, or attribute, that a file mentions as a text in brackets."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        node.slice.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Subscript)
        and isinstance(node.slice, ast.Constant)
        and isinstance(node.slice.value, str)
    }


SHOWING = "showing"  # what is drawn of a day; no day depends on it
RULES = [p for p in house.rule_files() if p.name not in WRITERS and p.parent.name != SHOWING]


def test_no_day_depends_on_what_is_shown_of_it():
    """What reads the verdicts to draw them is called by nothing that lives a day."""
    for path in house.rule_files():
        imported = [
            n.module or "" for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.ImportFrom)
        ]
        of_it = [name for name in imported if name.startswith(f"sim.model.{SHOWING}")]
        assert not of_it or path.parent.name == SHOWING or path.name == "doors.py", (path, of_it)


@pytest.mark.parametrize("path", RULES, ids=lambda p: p.name)
def test_no_rule_reads_the_stage_or_the_score(path):
    assert fields_of(path) & VERDICTS == set()
    said = {n.id for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.Name)}
    assert said & {"Stage", "answers", "quarters"} == set()


def test_the_search_for_readers_finds_one(tmp_path):
    """A check that cannot fail is no check."""
    bad = tmp_path / "bad.py"
    bad.write_text('def f(firm):\n    return firm.ledger[0]["stage"] + firm.quarters["score"][0]\n')
    assert fields_of(bad) & VERDICTS == {"stage", "score"}


def test_stages_and_scores_change_nothing_that_follows():
    """Whatever is written over the verdicts in the middle of a run, the firm lives on as it would have."""
    plain, told = (begin(Theory(), 4, 330) for _ in range(2))
    for simulation in (plain, told):
        simulation.advance(200)
    firm = told.firm
    firm.quarters["stage"][:3], firm.quarters["score"][:3], firm.quarters["band"][:3] = 4, 100.0, 4
    firm.answers["score"][:3] = 5.0
    firm.ledger["stage"] = firm.ledger["band"] = 4
    for simulation in (plain, told):
        simulation.advance(330)
    for name in ("people", "ties", "beliefs", "leads", "customers", "practices", "days"):
        assert getattr(plain.firm, name).tobytes() == getattr(told.firm, name).tobytes(), name
    assert (plain.firm.quarters["score"][3:5] == told.firm.quarters["score"][3:5]).all()


def test_the_audit_reads_recorded_behaviour_and_nothing_else():
    fields = fields_of(MODEL / "audit.py") | fields_of(MODEL / "things" / "evidence.py")
    assert fields <= set().union(*OBSERVED.values())


def test_the_audit_reads_no_number_of_the_theory():
    """Its anchors stand in its own file and were typed in before any run; no lever reaches it but through behaviour."""
    text = (MODEL / "audit.py").read_text(encoding="utf-8")
    read = {n.attr for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name)
            and n.value.id == "theory"}  # fmt: skip
    assert read == set()
    aliases = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Assign) and "theory" in ast.unparse(n.value)]
    assert aliases == []


def test_other_levers_over_the_same_behaviour_give_the_same_audit():
    """The quarter's end under quite another theory: the scores are those of what was recorded."""
    scores = []
    rng = np.random.default_rng(3)
    for other in (False, True):
        simulation = begin(Theory(), 6, 130)
        simulation.advance(64)
        theory = simulation.theory
        if other:
            moved = {n.name: n.type(n.low + rng.random() * (n.high - n.low)) for n in numbers().values() if n.lever}
            theory = with_values(theory, moved)
            shuffled = rng.permutation(len(Practice))
            for column in ("decreed", "since", "pending", "push", "support"):
                simulation.firm.practices[column] = simulation.firm.practices[column][shuffled]
        from sim.model.kernel import numbers_for_kernels

        audit.close_quarter(simulation.firm, numbers_for_kernels(theory), Dice(uint64(6), 64))
        scores.append(simulation.firm.answers["score"][0].copy())
    assert (scores[0] == scores[1]).all()


def test_statements_without_evidence_score_one():
    """F03: two teams that never meet are not in harmony."""
    silent = {"rooms.contact": 0, "rooms.informal": 0, "rooms.practices": 0, "rooms.liaison": 0}
    simulation = begin(with_values(Theory(), silent), 5, 65)
    simulation.advance(65)
    answers = simulation.firm.answers[0, Side.BOTH]
    assert (answers["score"][answers["base"] == 0] == 1).all()
    assert (answers["score"][answers["count"] == 0] == 1).all()
    assert simulation.firm.quarters["score"][0] < 40
    assert answers["score"][Item.NOT_DISPUTES] == 1


def test_no_model_file_knows_a_pattern():
    """Nothing in the model may depend on what is being measured: it imports no study and names no scenario or row."""
    from sim.study.validation.patterns import PATTERNS

    for path in sorted(MODEL.rglob("*.py")):
        imported = {name for name, _, _ in house.imports(path)}
        assert not any(house.inside(name, "sim.study") or house.inside(name, "sim.scenario") for name in imported), path
        if path.name != "theory.py":  # sources of numbers name rows of evidence
            code = "\n".join(ast.unparse(n) for n in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
                             if isinstance(n, ast.Compare | ast.If))  # fmt: skip
            named = set(re.findall(r"[\"']([A-Z]+\d+[a-z]?)[\"']", code))
            assert not named & set(PATTERNS), path


def test_the_bands_follow_from_the_total_alone():
    for total in range(20, 101):
        assert audit.band_of(float(total)) == int(np.digitize(total, audit.BANDS)) + 1
