"""How far a firm's folder may be believed: what was measured, fitted and assumed, the misfit, and the gate's answer."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from sim.errors import InputError
from sim.files.reading import read_bytes, read_text
from sim.scenario.schema import NUMBERS, spoken
from sim.scenario.toml_read import load
from sim.study.own.folder import MARK
from sim.study.own.judged import sets_of

GATE = "gate.toml"


class NotAccepted(InputError):
    """The input is right and the answer is no: exit code 4."""


@dataclass(frozen=True)
class Standing:
    """Whether the gate was accepted, and what stands behind the numbers, in sentences."""

    accepted: bool
    sentences: list[str]
    measured: list[str]
    fitted: list[str]
    misfit: Any = None


def standing_of(folder: str | Path) -> Standing:
    """What is known of a folder's numbers."""
    tables = load(read_text(Path(folder) / MARK), str(Path(folder) / MARK))
    imported = tables.get("imported") if isinstance(tables.get("imported"), dict) else None
    measured = sorted(name for name in (imported or {}).get("measured") or {} if name in NUMBERS)
    fitted = sorted({name for each in sets_of(folder) for name in each} - set(measured))
    accepted, gate = gate_of(folder)
    misfit = gate.get("misfit")
    said = []
    if imported is None:
        said.append("Written by hand: nothing was measured on exports.")
        accepted = True
    elif accepted:
        by, note = (gate[key] if isinstance(gate.get(key), str) else "" for key in ("name", "note"))
        said.append(
            f"The gate was accepted by {by or 'somebody'}{f': {note}' if note else ''}. Misfit: {misfit or 'none'}."
        )
    else:
        said.append("Misfit: unknown. Nobody has said yet that today's run looks like this firm (baton gate).")
    if imported is not None:
        rest = len(NUMBERS) - len(measured) - len(fitted)
        said.append(f"Measured: {_names(measured)}. Fitted: {_names(fitted)}. Assumed: the other {rest}, Baton's "
                    "defaults for a made-up firm.")  # fmt: skip
    said.append("How fast real firms change is not known; the plan's costs are its own words. "
                "Equity is what contracts are worth; R&D, G&A and service are not modelled.")  # fmt: skip
    return Standing(accepted, said, measured, fitted, misfit)


def _names(names: list[str]) -> str:
    return ", ".join(spoken(name).lower() for name in names) if names else "none"


def ask(folder: str | Path) -> None:
    """Refuse a what-if of a folder that an import made and nobody has accepted.

    Raises
    ------
    NotAccepted
        With the command that accepts it.
    """
    if not standing_of(folder).accepted:
        name = Path(folder).name
        raise NotAccepted(
            f"{name}: nobody has said yet that it looks like your firm (or it changed since), so no what-if of it is "
            f"run; look at it by: baton gate {name}; then add --accept, with --name. baton brief tells shares meanwhile"
        )


def gate_of(folder: str | Path) -> tuple[bool, dict[str, Any]]:
    """Whether the gate of a folder was accepted, with nothing changed since, and what stands in gate.toml."""
    path = Path(folder) / GATE
    if not path.is_file():
        return False, {}
    found = load(read_text(path), str(path))
    seen = {name: sha256(read_bytes(place)).hexdigest() for name in ("funnel", "fit")
            if (place := Path(folder) / f"{name}.json").is_file()}  # fmt: skip
    return found.get("answer") == "accept" and found.get("seen") == seen, found
