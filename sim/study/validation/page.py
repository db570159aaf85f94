"""A validation as a table, a Markdown page and a folder: what holds, what does not, and how sure that is."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pandas as pd

import sim
from sim.files.folder import written_file, written_whole
from sim.model.theory import numbers
from sim.study.validation.patterns import GROUPS, PATTERNS
from sim.study.validation.patterns.pattern import CONFIDENCE, FALSE_ALARM, Finding, fingerprint_of
from sim.study.validation.validate import Validation

MARK = "validation.parquet"
WORDS = {"holds": "holds", "fails": "**fails**", "undecided": "undecided", "reported": "reported"}
# What the golden run comes to: whoever changes a rule or a number changes these, whoever only moves text does not.
GOLDEN = ("revenue", "net_value", "new_business", "score", "followed_up", "contacts_per_head")


def number(value: float) -> str:
    """A number with about three figures.

    >>> number(0.02346), number(-123456.0), number(0.0)
    ('0.0235', '-123,456', '0')
    """
    if not math.isfinite(value):
        return "–"
    if value == 0 or abs(value) < 1e-9:
        return "0"
    places = max(0, min(6, 2 - math.floor(math.log10(abs(value)))))
    return f"{value:,.{places}f}"


def interval(finding: Finding) -> str:
    """An interval in words, or nothing where there is no chance."""
    m = finding.measured
    if math.isnan(m.low) or m.low == m.high:
        return ""
    return f"{number(m.low)} to {number(m.high)}"


def verdict(finding: Finding) -> str:
    """The verdict, with the number of markets that would decide."""
    if finding.verdict != "undecided":
        return finding.verdict
    return f"undecided ({needed(finding)})"


def needed(finding: Finding) -> str:
    """How many markets would decide, as a person says it."""
    if not math.isfinite(finding.needed):
        return "no number of markets would decide"
    rough = 10 ** max(math.floor(math.log10(finding.needed)) - 1, 0)
    return f"about {math.ceil(finding.needed / rough) * rough:,} markets"


def group_of(name: str) -> str:
    """The heading under which a row stands."""
    return next(group for group, rows in GROUPS.items() if any(each.name == name for each in rows))


def table(found: Validation, mutated: Validation | None = None) -> pd.DataFrame:
    """All findings, a line a row of the validation."""
    under = {f.pattern.name: f for f in mutated.findings} if mutated else {}
    rows = []
    for f in found.findings:
        p = f.pattern
        rows.append({
            "pattern": p.name, "group": group_of(p.name), "claim": p.claim, "expected": p.expected,
            "above": p.above, "below": p.below, "measured": f.measured.mean, "low": f.measured.low,
            "high": f.measured.high, "verdict": f.verdict, "markets": f.markets, "needed": f.needed,
            "source": p.source, "control": p.control, "mutation": p.mutation.what,
            "under_mutation": under[p.name].measured.mean if p.name in under else math.nan,
            "verdict_under_mutation": under[p.name].verdict if p.name in under else None, "note": p.note,
        })  # fmt: skip
    frame = pd.DataFrame(rows)
    frame.attrs = {"confidence": CONFIDENCE, "fingerprint": found.fingerprint, "declared": found.declared}
    return frame


def golden() -> dict[str, float]:
    """What the default comes to in the usual market: the document is checked against this."""
    outcomes = sim.run(seed=sim.USUAL_MARKET).outcomes()
    return {name: float(f"{outcomes[name]:.9g}") for name in GOLDEN}


def footer() -> str:
    """The line by which a test sees whether the page is of this model and of these declarations."""
    values = " ".join(f"{name}={value!r}" for name, value in golden().items())
    return f"<!-- baton {sim.__version__}; declared {fingerprint_of(list(PATTERNS.values()))}; golden {values} -->"


def _cell(text: str) -> str:
    return text.replace("|", "/")


def markdown_table(head: list[str], body: list[list[str]]) -> str:
    """A table in Markdown: a head, and lines of cells."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(_cell(x) for x in row) + " |" for row in body])


INTRODUCTION = """\
*Written by `baton validate -o`; do not edit.* What these rows cannot say is in [limits.md](../reference/limits.md).

One default calibration, {rows} rows, each in {markets} markets ({first} to {last}) that no number was fitted
to: **{counts}**. Intervals are of {confidence:.0%}: a row is called *holds* although the truth lies on the edge
of its range, or *fails* although it lies there, with a chance of at most {false_alarm:.1%}, so among all rows
less than one false word is to be expected. *Undecided* means that the interval reaches over the edge; beside it
stands about how many markets would decide.

{fitted} numbers marked "fitted" in `sim/model/theory.py` were moved, on markets 100 to 423, until patterns P1
to P11 and the rows that a number names showed: for these {tuned} rows agreement is fit and not validation
({tuned_counts}); of the other {others} {other_counts}. The
mutations of the first edition's rows were chosen in a pilot on markets 6000 to 6023; those of E, J and S rows
were written with them, before they were measured. Of that pilot are the organizations of P6a, P16e
and P16f, the statistics of P6e and P19f, and narrower bounds for P6f, P8a, P8b, P8e, P13b, F49 and S1, because
with the first ones no change of the model made these rows fail. Sources are rows of the project's table of
evidence with their grade: A causal or meta-analysis, B peer-reviewed, C practitioner, D derived, H the article
of 2006, J our judgement. A control is something that must not appear.

P17 asks as well that own or indirect sales force changes nothing: the model has no such lever, so nothing is
tested."""


def tuned_to() -> set[str]:
    """The rows that numbers were moved for: P1 to P11, and those that a fitted number's source names.

    A name such as "P7" stands for P7a, P7b, …
    """
    named = {f"P{n}" for n in range(1, 12)}
    for each in numbers().values():
        if "fitted" in each.source:
            named.update(re.findall(r"[A-Z]+\d*[a-z]?", each.source.partition("calibration): ")[2]))
    return {name for name in PATTERNS if name in named or re.sub(r"[a-z]$", "", name) in named}


def _counts(findings: list[Finding]) -> str:
    return ", ".join(f"{sum(f.verdict == v for f in findings)} {v}" for v in ("holds", "undecided", "fails"))


def page(found: Validation, mutated: Validation | None = None, more: str = "", picture: str = "") -> str:
    """The whole page in Markdown."""
    names = tuned_to()
    tuned = [f for f in found.findings if f.pattern.name in names]
    others = [f for f in found.findings if f.pattern.name not in names]
    told = INTRODUCTION.format(
        rows=len(found.findings),
        markets=len(found.markets),
        first=found.markets[0],
        last=found.markets[-1],
        counts=_counts(found.findings),
        confidence=CONFIDENCE,
        false_alarm=FALSE_ALARM,
        fitted=sum("fitted" in each.source for each in numbers().values()),
        tuned=len(tuned),
        tuned_counts=_counts(tuned),
        others=len(others),
        other_counts=_counts(others),
    )
    parts = ["# What the model shows, and what it does not", told]
    if picture:
        parts.append(f"![All rows: how far inside or outside of their range]({picture})")
    wrong = [_wrong(f) for f in found.findings if f.verdict == "fails"]
    parts += ["## What fails", "\n".join(wrong) or "Nothing."]
    head = ["", "claim", "expected", "measured", "interval", "verdict", "source"]
    for group, rows in GROUPS.items():
        names = {each.name for each in rows}
        body = [_line(f) for f in found.findings if f.pattern.name in names]
        if body:
            parts += [f"## {group}", markdown_table(head, body)]
    if mutated:
        parts += ["## Every row can fail", _mutations(found, mutated)]
    return "\n\n".join([*parts, *([more] if more else []), footer()]) + "\n"


def whole_claim(name: str) -> str:
    """A row's claim; one that goes on from the row above begins with that."""
    head = ""
    for each in PATTERNS.values():
        goes_on = each.claim.startswith("…")
        head = head if goes_on else each.claim
        if each.name == name:
            return f"{head} {each.claim}" if goes_on else each.claim
    raise KeyError(name)


def _wrong(f: Finding) -> str:
    note = f" {f.pattern.note[:1].upper()}{f.pattern.note[1:]}." if f.pattern.note else ""
    claim = whole_claim(f.pattern.name)
    return f"- **{f.pattern.name}** {claim}: {number(f.measured.mean)}, expected {f.pattern.expected}.{note}"


def _line(f: Finding) -> list[str]:
    name = f.pattern.name + (" (control)" if f.pattern.control else "")
    said = verdict(f).replace(f.verdict, WORDS[f.verdict], 1)
    return [name, f.pattern.claim, f.pattern.expected, number(f.measured.mean), interval(f), said, f.pattern.source]


def _mutations(found: Validation, mutated: Validation) -> str:
    under = {f.pattern.name: f for f in mutated.findings}
    failed = sum(f.verdict == "fails" for f in mutated.findings)
    text = (
        f"Each row was also run with one change of the model, named here, in {len(mutated.markets)} markets "
        f"(`baton validate --mutations`). {failed} of {len(under)} rows fail then; other verdicts are in italics."
    )
    others = {name for name, f in under.items() if f.verdict != "fails"}
    already = [f.pattern.name for f in found.findings if f.pattern.name in others and f.verdict == "fails"]
    if already:
        text += f" Of the others {', '.join(already)} {'fails' if len(already) == 1 else 'fail'} in the model as it is."
    if len(already) < len(others):
        text += f" **Not seen to fail: {', '.join(sorted(others.difference(already)))}.**"
    body = []
    for f in found.findings:
        g = under.get(f.pattern.name)
        if g is not None:
            said = g.verdict if g.verdict == "fails" else f"*{g.verdict}*"
            values = [number(f.measured.mean), number(g.measured.mean)]
            body.append([f.pattern.name, f.pattern.mutation.what, f.pattern.expected, *values, said])
    return (
        text + "\n\n" + markdown_table(["", "change of the model", "expected", "as it is", "changed", "verdict"], body)
    )


def save(
    folder: str | Path, found: Validation, mutated: Validation | None = None, more: str = "", overwrite: bool = False
) -> Path:
    """Write `validation.parquet`, `validation.png` and `validation.md` to a folder, or nothing."""
    from sim import figures

    with written_whole(folder, overwrite, MARK) as work:
        table(found, mutated).to_parquet(work / MARK, index=False)
        figures.validation_page(found, work / "validation.png")
        (work / "validation.md").write_text(page(found, mutated, more, "validation.png"), encoding="utf-8")
    return Path(folder)


def save_document(target: str | Path, found: Validation, mutated: Validation | None = None, more: str = "") -> None:
    """Write the page to a file of its own, and its picture beside it, both whole."""
    from sim import figures

    target = Path(target)
    picture = target.with_suffix(".png")
    with written_file(picture) as path:
        figures.validation_page(found, path)
    with written_file(target) as path:
        path.write_text(page(found, mutated, more, picture.name), encoding="utf-8")
