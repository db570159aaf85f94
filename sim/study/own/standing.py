"""How far a firm's folder may be believed: what was measured, fitted and assumed, the misfit, and the gate's answer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from sim.files.reading import read_bytes, read_text
from sim.scenario import Scenario
from sim.scenario.fitted import FILE, MOST_BYTES
from sim.scenario.schema import NUMBERS, spoken
from sim.scenario.toml_read import load
from sim.study.own.accepted import GATE, gate_of, is_accepted
from sim.study.own.folder import MARK, measured_in


@dataclass(frozen=True)
class Standing:
    """Whether amounts of money may be told, and what stands behind the numbers, in sentences."""

    accepted: bool
    sentences: list[str]
    measured: list[str]
    fitted: list[str]
    misfit: str = ""


def standing_of(folder: str | Path, as_is: Scenario) -> Standing:
    """What is known of a folder's numbers."""
    measured = sorted(measured_in(str(Path(folder) / MARK)) & set(NUMBERS))
    drawn, words = {name for each in as_is.sets for name in each} - set(measured), words_of_fit(folder)
    fitted = sorted(name for name in drawn if words.get(name) != "assumed")
    untold = sorted(drawn - set(fitted))
    accepted, misfit, said = True, "", []
    if not as_is.firm:
        said.append("Written by hand: nothing was measured on exports.")
    else:
        accepted, gate = is_accepted(folder), gate_of(folder)
        misfit = misfit_of(folder) if gate else ""
        if gate and gate.current:
            note = f" ({gate.note})" if gate.note else ""
            said.append(f"{gate.name} said “{gate.answer}” on {gate.date}{note}. Misfit: {misfit or 'unknown'}.")
        else:
            said.append("Nobody has said yet that today's run looks like this firm; baton gate shows what does not.")
        rest = len(NUMBERS) - len(measured) - len(drawn)
        wide = f" Drawn as widely as is plausible, since nothing tells them: {_names(untold)}." if untold else ""
        said.append(f"Measured: {_names(measured)}. Fitted: {_names(fitted)}.{wide} Assumed: the other {rest}, Baton's "
                    "defaults for a made-up firm.")  # fmt: skip
    said.append("How fast real firms change is not known; the plan's costs are its own words. "
                "Equity is what contracts are worth; R&D, G&A and service are not modelled.")  # fmt: skip
    return Standing(accepted, said, measured, fitted, misfit)


def words_of_fit(folder: str | Path) -> dict[str, str]:
    """What `baton fit` called each number: measured, fitted or assumed; nothing where there is no fit."""
    path = Path(folder) / FILE
    kept = json.loads(read_bytes(path, MOST_BYTES)) if path.is_file() else {}
    rows = kept.get("numbers") if isinstance(kept, dict) else None
    rows = rows if isinstance(rows, dict) else {}
    return {
        name: row["word"] for name, row in rows.items() if isinstance(row, dict) and isinstance(row.get("word"), str)
    }


def misfit_of(folder: str | Path) -> str:
    """The sentence that the gate left on what lies outside."""
    path = Path(folder) / GATE
    said = load(read_text(path), str(path)).get("misfit")
    return said if isinstance(said, str) else ""


def _names(names: list[str]) -> str:
    return ", ".join(spoken(name).lower() for name in names) if names else "none"
