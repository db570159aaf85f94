"""A simulation in a file, whole or not at all, behind a check sum, and taken up again when it is sound."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from sim.errors import InputError
from sim.files.folder import written_file
from sim.files.provenance import made_by, other_day, other_rules, other_theory
from sim.files.reading import read_bytes
from sim.model.drive import Simulation
from sim.model.firm import Firm
from sim.model.theory import Theory, numbers, with_values
from sim.result import sound

SIGN = b"baton "  # the archive's own comment: this, and the check sum of all before it
COMMENT = len(SIGN) + hashlib.sha256().digest_size * 2
MOST = 4_000_000_000  # bytes of all tables: 36,000 people and their leads take a fifth of it
KINDS = {"seed": int, "day": int, "horizon": int, "names": list, "own": bool, "made": dict, "theory": dict}


def save(simulation: Simulation, path: str | Path, made: Mapping[str, str] | None = None) -> None:
    """Everything needed to go on, in one file; written beside and renamed, so never half.

    made   by what it was lived (`sim.files.provenance.made_by`); without it by the model's own day
    """
    values = {group: values._asdict() for group, values in simulation.theory._asdict().items()}
    about = {"seed": simulation.seed, "day": simulation.day, "horizon": simulation.horizon, "names": simulation.names}
    about |= {"own": simulation.own_people, "made": dict(made or made_by()), "theory": values}
    said = np.frombuffer(json.dumps(about).encode(), np.uint8)
    whole = io.BytesIO()
    np.savez_compressed(whole, about=said, **simulation.firm._asdict())
    with written_file(path) as scratch:
        scratch.write_bytes(signed(whole.getvalue()))


def load(path: str | Path, step: Callable | None = None) -> Simulation:
    """Take a saved simulation up again, to go on by the model's own day or by `step`.

    Raises
    ------
    InputError
        The file is missing, damaged, of other rules than these or of another day of
        the user's own, or holds what no rule could live with.
    """
    raw = read_bytes(path)
    if not raw.startswith(b"PK"):
        raise InputError(f"{path}: not a saved state of Baton; one is written by --save-state or save_state()")
    if raw != signed(raw[:-COMMENT], commented=True):
        raise InputError(
            f"{path}: is damaged or cut short, or was saved by an earlier version (its check sum is wrong); "
            "live the scenario to that day again and save anew"
        )
    try:
        return _simulation(raw, step)
    except Exception as fault:  # whatever a file may hold
        said = fault.problems if isinstance(fault, InputError) else [f"not a sound state of Baton ({fault})"]
        raise InputError([f"{path}: {each}" for each in said]) from None


def signed(raw: bytes, commented: bool = False) -> bytes:
    """A zip archive with its check sum as its comment; `commented` if the length of one is written already."""
    raw = raw if commented else raw[:-2] + COMMENT.to_bytes(2, "little")
    return raw + SIGN + hashlib.sha256(raw).hexdigest().encode()


def _simulation(raw: bytes, step: Callable | None) -> Simulation:
    with np.load(io.BytesIO(raw), allow_pickle=False) as file:
        if sum(each.file_size for each in file.zip.infolist()) > MOST:
            raise sound.Unsound(f"its tables take more than {MOST:,} bytes")
        about = json.loads(bytes(file["about"]))
        wrong = [name for name, kind in KINDS.items() if type(about.get(name)) is not kind]
        if wrong:
            raise sound.Unsound(f"about.{wrong[0]} is missing or of another type")
        made = {str(name): str(value) for name, value in about["made"].items()}
        other = other_day("state", made, step, may_begin=True) or other_theory("state", made, step)
        if fault := other_rules("state", made) or other:
            raise InputError(fault.removeprefix("state: "))
        firm = Firm(**{name: file[name] for name in Firm._fields})
    sound.check_tables(firm)
    # A file forgets alignment, and to the compiler that is another type.
    firm = Firm(
        **{name: np.ascontiguousarray(table).view(sound.kind_of(name)) for name, table in firm._asdict().items()}
    )
    firm.tray[:] = 0  # nothing on it outlives a rule
    names = tuple(str(name) for name in about["names"])
    simulation = Simulation(firm, _theory(about), about["seed"], about["day"], about["horizon"], names, about["own"])
    sound.check(simulation)
    return simulation


def _theory(about: dict) -> Theory:
    values = {f"{group}.{name}": value for group, fields in about["theory"].items() for name, value in fields.items()}
    for name, number in numbers().items():
        if type(values.get(name)) not in ((int,) if number.type is int else (int, float)):
            raise sound.Unsound(f"{name} is missing or no number")
    return with_values(Theory(), values)
