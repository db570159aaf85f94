"""Answers to the audit, of files that came back or of an import: told only as means of five and more."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.errors import InputError, plural
from sim.intake.exports.choices import Choices
from sim.intake.exports.reading import read_exports
from sim.study.own.counts import STATEMENTS, audit_of
from sim.study.own.folder import read_funnel
from sim.study.own.hidden import FEWEST

SIDES = {"marketing": FEWEST, "sales": FEWEST, "both": 2 * FEWEST}  # and the fewest answers of which each is told


def read_answers(paths: Sequence[str | Path]) -> tuple[dict[str, Any], list[str]]:
    """Means by side (`counts.audit_of`), and sentences on what was left out.

    Parameters
    ----------
    paths
        What the form saved, or surveys with columns for the twenty statements: CSV, TSV, xlsx.

    Raises
    ------
    InputError
        With one sentence for each file that cannot be read or holds no answers.
    """
    found = read_exports(paths, Choices(skip_bad=True))
    others = [account.name for account in found.accounts if account.kind != "answers"]
    if others or found.answers is None:
        raise InputError([f"{name}: holds no answers to the twenty statements" for name in others])
    n, unknown = len(found.answers), int((found.answers["side"] == "").sum())
    told = [f"{plural(n, 'answer')} from {plural(len(found.accounts), 'file')}."]
    if unknown:
        told.append(f"{plural(unknown, 'answer')} of neither Marketing nor Sales: left out.")
    for account in found.accounts:
        told += [f"{account.name}: {sentence}" for sentence in account.told]
    return audit_of(found.answers) or {}, told + found.told


def has_answers(folder: str | Path) -> bool:
    """Whether an import kept answers of a survey in a folder."""
    return (Path(folder) / "funnel.json").is_file() and bool(read_funnel(folder).get("audit"))


def kept_answers(folder: str | Path) -> tuple[dict[str, Any], list[str]]:
    """Means by side that an import kept of a survey, as `read_answers` gives them: nothing of fewer than five.

    Raises
    ------
    InputError
        The folder holds none, or what no import has written.
    """
    kept, path = read_funnel(folder).get("audit"), Path(folder) / "funnel.json"
    if kept is None:
        raise InputError(f"{folder}: holds no answers of a survey; baton audit {Path(folder).name} --answers FILES")
    if not isinstance(kept, dict) or not all(side in SIDES and _is_told(side, part) for side, part in kept.items()):
        raise InputError(f"{path}: its audit is not as `baton import` writes it")
    told = [f"{part['answers']:,} answers of {side.capitalize()}." for side, part in kept.items() if side != "both"]
    if not told and kept:
        told = [f"{kept['both']['answers']:,} answers of both sides."]
    return dict(kept), [*told, "They are of the survey that was imported."] if told else []


def _is_told(side: str, part: Any) -> bool:
    """Whether this is a side's number of answers, five and more, with twenty means from 1 to 5 or nothing."""
    if not isinstance(part, dict) or type(part.get("answers")) is not int or part["answers"] < SIDES[side]:
        return False
    means = part.get("statements")
    return (isinstance(means, list) and len(means) == len(STATEMENTS)
            and all(x is None or type(x) in (int, float) and 1 <= x <= 5 for x in means))  # fmt: skip
