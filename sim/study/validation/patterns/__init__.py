"""Published patterns as small declared objects, and safeguards and controls beside them: the rows of `baton validate`.

Each row says what is compared, what is measured, what is expected and by whom,
and a change of the model under which it has been seen to fail.
"""

from __future__ import annotations

from sim.study.validation.patterns import (
    causes,
    claims,
    dimensions,
    earnings,
    firms,
    follow_up,
    hurt_and_healed,
    ladder,
    lever_reach,
    promises,
    ranges,
    scores,
    talk,
    texts_practice,
)
from sim.study.validation.patterns.pattern import Pattern

GROUPS = {
    "The ladder": ladder.ROWS,
    "Talk, distance, liaison": talk.ROWS,
    "Leads": follow_up.ROWS,
    "Trust": hurt_and_healed.ROWS,
    "Customers, growth, pull and push": promises.ROWS,
    "Which firms, under whom": firms.ROWS,
    "Levers, years, order": lever_reach.ROWS,
    "The audit and the pairing": (*scores.ROWS, *dimensions.ROWS, *causes.ROWS),
    "Face validity": ranges.ROWS,
    "What it earns": earnings.ROWS,
    "Claims of the texts": claims.ROWS,
    "What the texts claim of practice": texts_practice.ROWS,
}
PATTERNS: dict[str, Pattern] = {each.name: each for rows in GROUPS.values() for each in rows}
if len(PATTERNS) < sum(len(rows) for rows in GROUPS.values()):
    raise ValueError("two rows of one name")
