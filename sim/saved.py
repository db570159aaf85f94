"""A simulation in a file, whole or not at all, and taken up again."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from sim.errors import InputError
from sim.folder import written_file
from sim.model import firm as tables
from sim.model.drive import Simulation
from sim.model.firm import Firm
from sim.model.kernel import rules_fingerprint
from sim.model.theory import Theory, with_values


def save(simulation: Simulation, path: str | Path) -> None:
    """Everything needed to go on, in one file; written beside and renamed, so never half."""
    numbers = {group: values._asdict() for group, values in simulation.theory._asdict().items()}
    about = {"seed": simulation.seed, "day": simulation.day, "horizon": simulation.horizon, "names": simulation.names}
    about |= {"own": simulation.own_people, "rules": rules_fingerprint(), "theory": numbers}
    said = np.frombuffer(json.dumps(about).encode(), np.uint8)
    with written_file(path) as scratch, open(scratch, "wb") as file:
        np.savez_compressed(file, about=said, **simulation.firm._asdict())


def load(path: str | Path) -> Simulation:
    """Take a saved simulation up again.

    Raises
    ------
    InputError
        The file is missing, damaged, or of other rules than these.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            about = json.loads(bytes(file["about"]))
            if about["rules"] != rules_fingerprint():
                raise InputError(
                    f"{path}: was saved by other rules ({about['rules']}) than these ({rules_fingerprint()}); "
                    "go on with that version of Baton, or live the scenario anew"
                )
            firm = Firm(**{name: _aligned(name, file[name]) for name in Firm._fields})
        values = {f"{g}.{k}": v for g, fields in about["theory"].items() for k, v in fields.items()}
        theory = with_values(Theory(), values)
        names = tuple(about["names"])
        return Simulation(firm, theory, about["seed"], about["day"], about["horizon"], names, about["own"])
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file") from None
    except InputError:
        raise
    except Exception as fault:
        raise InputError(f"{path}: not a saved state of Baton ({fault})") from None


def _aligned(name: str, table: np.ndarray) -> np.ndarray:
    """A table as read from a file, with the record type that the rules were compiled for (files forget alignment)."""
    if table.dtype.names is None:
        return table
    return table.view(tables.AUDIT if name == "answers" else getattr(tables, name.upper()))
