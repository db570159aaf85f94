"""Answers to the audit that came back as files: read like any export, and told only as means of five and more."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.errors import InputError
from sim.intake.exports.choices import Choices
from sim.intake.exports.reading import read_exports
from sim.study.own.counts import audit_of


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
    told = [f"{n:,} answers from {len(found.accounts):,} files."]
    if unknown:
        told.append(f"{unknown:,} answers name neither Marketing nor Sales: left out.")
    for account in found.accounts:
        told += [f"{account.name}: {sentence}" for sentence in account.told]
    return audit_of(found.answers) or {}, told + found.told
