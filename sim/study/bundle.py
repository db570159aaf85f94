"""A bundle for a paper: stores, figures, versions, the model described and its source, in one file that runs again."""

from __future__ import annotations

import io
import json
import platform
import re
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import sim
from sim.errors import InputError, size
from sim.files.folder import written_file
from sim.files.provenance import made_by, other_rules
from sim.files.sums import SUMS, Damaged, read_sums, sum_of, sums_of, sums_text
from sim.result.own_outcomes import declare
from sim.study.experiments.experiment import OWN_FILE, Experiment
from sim.study.store.store import Store, open_store
from sim.study.sweep.relive import unlike
from sim.study.sweep.sweep import sweep

CRATE = "ro-crate-metadata.json"
STORES, FIGURES, SOURCE = "stores", "figures", "baton"
MOST_FILES, MOST_BYTES = 20_000, 4_000_000_000  # in a bundle that is opened
PIECE = 1 << 20
PAPERS = (
    "Grimm, V. et al. 2020. The ODD protocol for describing agent-based and other simulation models: a second update. "
    "Journal of Artificial Societies and Social Simulation 23(2) 7.",
    "Steele, G. L., Lea, D. and Flood, C. H. 2014. Fast splittable pseudorandom number generators. OOPSLA '14.",
)
OF_METHOD = {
    "sobol": "Sobol', I. M. 1967. On the distribution of points in a cube. USSR Comput. Math. Math. Phys. 7(4) 86-112.",
    "saltelli": "Saltelli, A. et al. 2010. Variance based sensitivity analysis of model output. Computer Physics "
    "Communications 181(2) 259-270.",
    "morris": "Morris, M. D. 1991. Factorial sampling plans for preliminary computational experiments. "
    "Technometrics 33(2) 161-174.",
    "latin-hypercube": "McKay, M. D., Beckman, R. J. and Conover, W. J. 1979. A comparison of three methods for "
    "selecting values of input variables. Technometrics 21(2) 239-245.",
}


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
    opened = [open_store(each) for each in stores]
    pictures = [Path(each) for each in figures]
    faults = _faults(opened, pictures)
    if faults:
        raise InputError(faults)
    with tempfile.TemporaryDirectory(prefix="baton-bundle-") as work:
        folder = Path(work)
        for each in opened:
            _copy_store(each.folder, folder / STORES / each.folder.name)
        for each in pictures:
            (folder / FIGURES).mkdir(exist_ok=True)
            shutil.copyfile(each, folder / FIGURES / each.name)
        _copy_source(folder / SOURCE)
        _write_texts(folder, opened, title or "; ".join(each.experiment.title for each in opened))
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


def _write_texts(folder: Path, stores: Sequence[Store], title: str) -> None:
    from sim.study.validation.odd import odd

    texts = {
        "README.md": _readme(title, stores),
        "methods.md": methods(stores),
        "odd.md": odd(),
        "requirements.txt": "".join(f"{name}=={version}\n" for name, version in _libraries()),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / CRATE).write_text(json.dumps(_crate(folder, title), indent=1, ensure_ascii=False), encoding="utf-8")


def _libraries() -> list[tuple[str, str]]:
    """What Baton's core needs, in the versions that are installed here, with what those need."""
    found, asked = {}, list(_needs("baton-sim"))
    while asked:
        name = asked.pop()
        if name.lower() in found:
            continue
        try:
            found[name.lower()] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue  # wanted on other systems only
        asked += _needs(name)
    return sorted(found.items())


def _needs(name: str) -> Iterator[str]:
    try:
        wanted = metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        wanted = []
    return (re.split(r"[ <>=!~;\[(]", each, maxsplit=1)[0] for each in wanted if "extra ==" not in each)


def methods(stores: Sequence[Store]) -> str:
    """A paragraph for the methods section of a paper, from what the stores say; references beneath."""
    versions = made_by()
    lines = ["# Methods\n"]
    lines += [_paragraph(each.experiment) for each in stores]
    libraries = ", ".join(f"{name} {value}" for name, value in versions.items() if name not in ("baton", "rules"))
    lines.append(
        f"Runs were made with Baton {versions['baton']} (rules {versions['rules']}; {libraries}). Organizations are "
        "compared in the same markets: every random number is a hash of the market, what is drawn, the day and the "
        "entity (Steele et al. 2014), so that two organizations meet the same prospects, needs and luck, and "
        "differences are taken market by market. The model is described by the ODD protocol (Grimm et al. 2020) in "
        "odd.md. How fast organizations change has no published measure; most speeds and sizes are the model's "
        "authors' guesses, as odd.md says of each number."
    )
    used = dict.fromkeys(OF_METHOD[each.experiment.sample.method] for each in stores
                         if each.experiment.sample.method in OF_METHOD)  # fmt: skip
    return "\n\n".join(lines) + "\n\n## References\n\n" + "".join(f"- {each}\n" for each in (*PAPERS, *used))


def _paragraph(asked: Experiment) -> str:
    factors = ", ".join(f"`{each.name}` ({_span(each)})" for each in asked.factors)
    few = f"{asked.fewest:,} to " if asked.each else ""
    markets = f"{few}{len(asked.markets):,} markets ({asked.markets[0]} to {asked.markets[-1]})"
    arms = f", each under {len(asked.arms)} arms ({', '.join(asked.arms)})" if len(asked.arms) > 1 else ""
    own = f" Of these {', '.join(each.name for each in asked.own)} are the authors' own (outcomes.py)." * bool(
        asked.own
    )
    return (
        f"**{asked.title}.** Claim: {asked.claim} The base is the scenario \"{asked.base.title}\" over "
        f"{asked.base.days:,} working days. Varied were {factors}, by the design *{asked.sample.method}*: "
        f"{asked.n_points:,} points{arms}, in {markets}: {asked.n_runs:,} runs. Outcomes: "
        f"{', '.join(asked.outcomes)}.{own} Experiment {asked.hash}."
    )  # fmt: skip


def _span(factor) -> str:
    return ", ".join(map(str, factor.values)) if factor.values else f"{factor.low:g} to {factor.high:g}"


def _readme(title: str, stores: Sequence[Store]) -> str:
    named = "\n".join(f"- `{STORES}/{each.folder.name}`: {each.experiment.title} ({each.experiment.n_runs:,} runs)"
                      for each in stores)  # fmt: skip
    return f"""# {title}

{named}
- `methods.md`: a paragraph for a methods section, with references.
- `odd.md`: the model by the ODD protocol.
- `{FIGURES}/`, where there are any: each can be proved by `baton export figure --check`.
- `{SOURCE}/`: Baton's source as it was, and `requirements.txt`: the exact libraries.
- `{CRATE}`: what is what, for machines (RO-Crate 1.1). `{SUMS}`: `sha256sum --check {SUMS}`.

To run it again, in this folder, with Python {platform.python_version()}:

    python -m venv env
    env/bin/pip install -r requirements.txt
    PYTHONPATH={SOURCE} env/bin/python -m sim export bundle --check .

Every run is lived again and must come to the same market, the same last quarter and the same outcomes. (On Windows
the paths are `env\\Scripts`, and `set PYTHONPATH={SOURCE}` is a line of its own.)
"""


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
