"""A bundle for a paper: stores, figures, versions, the model described and its source, in one file that runs again."""

from __future__ import annotations

import io
import json
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import sim
from sim.errors import InputError, size
from sim.files.folder import written_file
from sim.files.provenance import made_by, other_rules
from sim.files.sums import SUMS, Damaged, read_sums, sum_of, sums_of, sums_text
from sim.result.own_outcomes import declare
from sim.study.bundle_needs import libraries
from sim.study.bundle_texts import FIGURES, SOURCE, STORES, Picture, methods, picture, readme, theory_files
from sim.study.experiments.experiment import OWN_FILE
from sim.study.store.store import Store, open_store
from sim.study.sweep.relive import unlike
from sim.study.sweep.sweep import sweep

CRATE = "ro-crate-metadata.json"
MOST_FILES, MOST_BYTES = 20_000, 4_000_000_000  # in a bundle that is opened
PIECE = 1 << 20


class Again(NamedTuple):
    """What came of running a bundle's store again: how many runs, and how many of them ended otherwise."""

    store: str
    runs: int
    otherwise: int


def write_bundle(
    stores: Sequence[Store | str | Path], target: str | Path, figures: Sequence[str | Path] = (), title: str = ""
) -> Path:
    """Write stores, figures, the model and how it was done as one zip file.

    Parameters
    ----------
    stores : list of Store or folder
        Complete ones, made by the rules that are here.
    target : path ending in .zip
    figures : list of path
        Pictures, of which each is copied as it is.
    title : str
        Of the bundle; none: the titles of the experiments.

    Returns
    -------
    Path

    Raises
    ------
    InputError
        A store that is not complete or was made by other rules, two of one name,
        a figure that is not there, or another ending.
    """
    target = Path(target)
    if target.suffix.lower() != ".zip":
        raise InputError(f"{target}: a bundle is written as .zip")
    opened, paths = [open_store(each) for each in stores], [Path(each) for each in figures]
    faults = _faults(opened, paths)
    if faults:
        raise InputError(faults)
    pictures = [picture(each) for each in paths]
    with tempfile.TemporaryDirectory(prefix="baton-bundle-") as work:
        folder = Path(work)
        for each in opened:
            _copy_store(each.folder, folder / STORES / each.folder.name)
        for each in paths:
            (folder / FIGURES).mkdir(exist_ok=True)
            shutil.copyfile(each, folder / FIGURES / each.name)
        _copy_source(folder / SOURCE)
        _write_texts(folder, opened, pictures, title or "; ".join(each.experiment.title for each in opened))
        (folder / SUMS).write_text(sums_text(sums_of(folder)), encoding="utf-8")
        with written_file(target) as path:
            _pack(folder, path)
    return target


def _faults(stores: Sequence[Store], figures: Sequence[Path]) -> list[str]:
    names, found = [each.folder.name for each in stores], []
    if not stores:
        found.append("a bundle needs a store at least")
    found += [f"{each.folder}: is not complete; let its experiment go on first" for each in stores
              if not each.is_complete]  # fmt: skip
    found += [why for each in stores if (why := other_rules(each.folder, each.about["versions"]))]
    found += [f"{name}: two stores of that name; rename one" for name in {n for n in names if names.count(n) > 1}]
    found += [f"{each}: there is no such file" for each in figures if not each.is_file()]
    return found


def _copy_store(folder: Path, target: Path) -> None:
    """What a store wrote, and nothing that lies beside it by chance: a bundle is mailed."""
    for name in (SUMS, *read_sums(folder)):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / name, target / name)


def _copy_source(folder: Path) -> None:
    """The package as it stands here: a reader needs no copy of it from anywhere else."""
    package = Path(sim.__file__).parent
    shutil.copytree(package, folder / "sim", ignore=shutil.ignore_patterns("__pycache__", "*.pyc", "*.nbi", "*.nbc"))


def _write_texts(folder: Path, stores: Sequence[Store], pictures: Sequence[Picture], title: str) -> None:
    from sim.study.validation.odd import odd

    theories = theory_files(stores, pictures)
    texts = {
        **{name: each.text for name, each in theories.items()},
        "README.md": readme(title, stores, pictures, theories),
        "methods.md": methods(stores, theories),
        "odd.md": odd(),
        "requirements.txt": "".join(f"{name}=={version}\n" for name, version in libraries(stores, pictures)),
    }
    for name, text in texts.items():
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        (folder / name).write_text(text, encoding="utf-8", newline="")  # a theory's hash is of its bytes
    (folder / CRATE).write_text(json.dumps(_crate(folder, title), indent=1, ensure_ascii=False), encoding="utf-8")


def _crate(folder: Path, title: str) -> dict:
    """RO-Crate 1.1: the folder, its files with their check sums, and the software they were made with."""
    sums = sums_of(folder)
    files = [{"@id": name, "@type": "File", "sha256": value, "contentSize": str((folder / name).stat().st_size)}
             for name, value in sorted(sums.items()) if not name.startswith(SOURCE)]  # fmt: skip
    root = {
        "@id": "./", "@type": "Dataset", "name": title, "datePublished": datetime.now(UTC).date().isoformat(),
        "description": "Simulated experiments with all that is needed to run them again.",
        "license": {"@id": "https://spdx.org/licenses/MIT"},
        "hasPart": [{"@id": each["@id"]} for each in files], "mentions": {"@id": "#baton"},
    }  # fmt: skip
    software = {"@id": "#baton", "@type": "SoftwareApplication", "name": "Baton",
                "softwareVersion": sim.__version__, "identifier": made_by()["rules"]}  # fmt: skip
    about = {"@id": CRATE, "@type": "CreativeWork", "about": {"@id": "./"},
             "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"}}  # fmt: skip
    return {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": [about, root, software, *files]}


def _pack(folder: Path, path: Path) -> None:
    """The same folder gives the same bytes, but for the day in its description: names in order, no times."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in sorted(folder.rglob("*")):
            if each.is_file():
                about = zipfile.ZipInfo(each.relative_to(folder).as_posix(), (1980, 1, 1, 0, 0, 0))
                about.compress_type, about.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                archive.writestr(about, each.read_bytes())


# ---- run again


def check_bundle(
    bundle: str | Path, *, own: bool = False, threads: int = 2, progress: Callable[[int, int], None] | None = None,
    told: Callable[[Again], None] | None = None,
) -> list[Again]:  # fmt: skip
    """Run every store of a bundle again, and compare run by run.

    Parameters
    ----------
    bundle : path of a .zip, or of the folder that it was unpacked to
    own : bool
        Run outcomes and theories of somebody's own (Python code in the bundle); without it a store that has some is
        refused.
    threads, progress
        As for `sim.sweep`.
    told : function of an Again
        Called after each store.

    Returns
    -------
    list of Again

    Raises
    ------
    InputError
        No bundle, a damaged one, one of other rules than these, or with code that is not to be run.
    """
    found = []
    with unpacked(bundle) as folder:
        _check_sums(folder)
        stores = [open_store(each) for each in sorted((folder / STORES).iterdir())]
        faults = [why for each in stores if (why := other_rules(each.folder.name, each.about["versions"]))]
        code = f"has outcomes of its authors' own, which are Python code ({OWN_FILE}); read it, and say --own to run it"
        faults += [f"{each.folder.name}: {code}" for each in stores if each.experiment.own and not own]
        for each in stores if not own else ():
            theories = (each.experiment.base.own_theory, *each.experiment.theories)
            faults += [f"{each.folder.name}: lives by {by}, which is Python code; read it, and say --own to run it"
                       for by in dict.fromkeys(theories) if by and not by.is_trusted]  # fmt: skip
        if faults:
            raise InputError(faults)
        for store in stores:
            declare(store.experiment.own)
            with tempfile.TemporaryDirectory(prefix="baton-again-") as work:
                again = sweep(store.experiment, Path(work) / "store", threads, progress)
                found.append(Again(store.folder.name, store.experiment.n_runs, unlike(store, again)))
            if told:
                told(found[-1])
    return found


@contextmanager
def unpacked(bundle: str | Path) -> Iterator[Path]:
    """The folder of a bundle; a zip is unpacked for as long as it is looked at, and nothing outside of that folder."""
    path = Path(bundle)
    if path.is_dir():
        yield path
        return
    if not path.exists():
        raise InputError(f"{path}: there is no such file")
    with tempfile.TemporaryDirectory(prefix="baton-bundle-") as work:
        try:
            with zipfile.ZipFile(path) as archive:
                _unpack(archive, Path(work), path)
        except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as fault:
            raise InputError(f"{path}: is no bundle that can be read ({fault})") from None
        yield Path(work)


def _unpack(archive: zipfile.ZipFile, folder: Path, path: Path) -> None:
    parts, left = archive.infolist(), MOST_BYTES
    if len(parts) > MOST_FILES:
        raise InputError(f"{path}: holds {len(parts):,} files, and a bundle has no more than {MOST_FILES:,}")
    for part in parts:
        name = PurePosixPath(part.filename)
        if part.is_dir():
            continue
        if name.is_absolute() or ".." in name.parts or "\\" in part.filename or ":" in part.filename:
            raise InputError(f"{path}: the name {part.filename!r} leads out of the bundle")
        place = folder.joinpath(*name.parts)
        place.parent.mkdir(parents=True, exist_ok=True)
        part.file_size = left + 2 * PIECE  # what it says of itself is not believed: it is counted
        with archive.open(part) as file, io.FileIO(place, "x") as out:
            while piece := file.read(PIECE):
                left -= len(piece)
                if left < 0:
                    raise InputError(f"{path}: unpacks to more than {size(MOST_BYTES)}")
                out.write(piece)


def _check_sums(folder: Path) -> None:
    try:
        wanted = read_sums(folder, "get it again")
    except Damaged:
        raise InputError(f"{folder.name}: is no bundle, or its list of check sums ({SUMS}) is damaged") from None
    wrong = [name for name, value in wanted.items()
             if not (folder / name).is_file() or sum_of((folder / name).read_bytes()) != value]  # fmt: skip
    if wrong:
        raise InputError([f"{name}: is missing or not as it was written; get the bundle again" for name in wrong[:20]])
