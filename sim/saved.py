"""A simulation in a file, whole or not at all, behind a check sum, and taken up again when it is sound."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path

import numpy as np

from sim import sound
from sim.errors import InputError
from sim.folder import written_file
from sim.model.drive import Simulation
from sim.model.firm import Firm
from sim.model.kernel import rules_fingerprint
from sim.model.theory import Theory, numbers, with_values
from sim.reading import read_bytes

SIGN = b"baton "  # the archive's own comment: this, and the check sum of all before it
COMMENT = len(SIGN) + hashlib.sha256().digest_size * 2
KINDS = {"seed": int, "day": int, "horizon": int, "names": list, "own": bool, "rules": str, "theory": dict}


def save(simulation: Simulation, path: str | Path) -> None:
    """Everything needed to go on, in one file; written beside and renamed, so never half."""
    values = {group: values._asdict() for group, values in simulation.theory._asdict().items()}
    about = {"seed": simulation.seed, "day": simulation.day, "horizon": simulation.horizon, "names": simulation.names}
    about |= {"own": simulation.own_people, "rules": rules_fingerprint(), "theory": values}
    said = np.frombuffer(json.dumps(about).encode(), np.uint8)
    whole = io.BytesIO()
    np.savez_compressed(whole, about=said, **simulation.firm._asdict())
    with written_file(path) as scratch:
        scratch.write_bytes(signed(whole.getvalue()))


def load(path: str | Path) -> Simulation:
    """Take a saved simulation up again.

    Raises
    ------
    InputError
        The file is missing, damaged, of other rules than these, or holds what no rule could live with.
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
        return _simulation(raw)
    except Exception as fault:  # whatever a file may hold
        said = fault.problems if isinstance(fault, InputError) else [f"not a sound state of Baton ({fault})"]
        raise InputError([f"{path}: {each}" for each in said]) from None


def signed(raw: bytes, commented: bool = False) -> bytes:
    """A zip archive with its check sum as its comment; `commented` if the length of one is written already."""
    raw = raw if commented else raw[:-2] + COMMENT.to_bytes(2, "little")
    return raw + SIGN + hashlib.sha256(raw).hexdigest().encode()


def _simulation(raw: bytes) -> Simulation:
    with np.load(io.BytesIO(raw), allow_pickle=False) as file:
        about = json.loads(bytes(file["about"]))
        wrong = [name for name, kind in KINDS.items() if type(about.get(name)) is not kind]
        if wrong:
            raise sound.Unsound(f"about.{wrong[0]} is missing or of another type")
        if about["rules"] != rules_fingerprint():
            raise InputError(
                f"was saved by other rules ({about['rules']}) than these ({rules_fingerprint()}); "
                "go on with that version of Baton, or live the scenario anew"
            )
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
