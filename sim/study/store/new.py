"""A store before its first run: what is asked, and by which versions; whether an old one is of the same experiment."""

from __future__ import annotations

import dataclasses
import io
import re
import shutil
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sim.errors import InputError, size, tell
from sim.files.folder import without_folders, written_file, written_whole
from sim.files.harmless import write_csv
from sim.files.parquet import table_in
from sim.files.provenance import made_by
from sim.files.sums import SUMS, Damaged, read_sums, sound, sum_of, sums_text
from sim.files.toml_written import toml_text
from sim.scenario.toml_read import quoted
from sim.study.experiments.differ import differing
from sim.study.experiments.experiment import OWN_FILE, Experiment
from sim.study.experiments.file import parse
from sim.study.experiments.possible import check_possible
from sim.study.store import parts
from sim.study.store.series import KINDS
from sim.study.store.store import ABOUT, about_store, open_store

THE_RULES = "the model's rules"
COLUMNS = {
    "seed": ("", "the market"),
    "point": ("", "row of design.parquet"),
    "arm": ("", "which changes were made to the point; base: none"),
    "status": ("", "done or failed"),
    "reason": ("", "why the run failed"),
    "market": ("", "hash of the market: equal where two runs met the same one"),
    "diary": ("", "check sum of all numbers of the last 65 days: equal where two runs came to the same end"),
    "broke": ("day", "the day the cash was gone; empty if it lasted"),
}


def other_versions(folder: Path) -> list[tuple[str, str]]:
    """By what else than today's versions a store was made: what it was, what it is now."""
    here = about_store(folder).get("versions", {})
    return [(f"{THE_RULES if name == 'rules' else name} {here.get(name, 'not said')}", now)
            for name, now in made_by().items() if here.get(name) != now]  # fmt: skip


def check_same(folder: Path, experiment: Experiment) -> None:
    """Refuse to add to a store of another experiment or another version."""
    about = about_store(folder)
    there, problems = about["store"], []
    if there.get("experiment") != experiment.hash:
        problems.append(
            f"{folder}: holds the experiment {there.get('title')!r} ({there.get('experiment')}), and this is "
            f"{experiment.title!r} ({experiment.hash}): they differ in more than title and claim"
            f"{_what_differs(there, experiment, folder)}; choose another folder"
        )
    for was, now in other_versions(folder):
        problems.append(f"{folder}: was begun with {was}, and this is {now}; "
                        "go on with that version, or begin another folder")  # fmt: skip
    if problems:
        raise InputError(problems)


def _what_differs(there: dict, experiment: Experiment, folder: Path) -> str:
    """Where a store's experiment and another one part, as far as the store says it; and the option that goes on."""
    found, named = [], _named(folder, experiment)
    for key, now in (("markets", list(experiment.markets)), ("each", list(experiment.each) or None),
                     ("points", experiment.n_points),
                     ("arms", list(experiment.arms)), ("days", experiment.base.days), ("base", experiment.base.hash),
                     ("method", experiment.sample.method)):  # fmt: skip
        if key in ("days", "base", "method") and named:
            continue  # the numbers themselves say it
        was = there.get(key)
        if was != now:
            if key == "markets" and was and now and was[0] != now[0]:  # no count of markets goes on with it
                found.append(f"other markets (from {was[0]} on there, from {now[0]} on here)")
                continue
            sizes = [len(each) if isinstance(each, list) else each for each in (was, now)]
            found.append(f"{key} ({sizes[0]} there, {sizes[1]} here)" if sizes[0] != sizes[1] else f"other {key}")
    if not found:
        return f": {named}" if named else " (levels of factors, levers of arms, or outcomes)"
    more = {"markets": "--markets", "points": "--grow", "arms": "--grow"}
    if there.get("each") and not experiment.each and {each.split()[0] for each in found} <= {"each", "markets"}:
        return ": its points have unequal markets; --until-known or --markets goes on with it"
    cure = next((f"; {more[each.split()[0]]} goes on with a store" for each in found if each.split()[0] in more), "")
    return f": {', '.join(found)}{f' ({named})' if named else ''}{cure}"


def _named(folder: Path, experiment: Experiment) -> str:
    """The numbers themselves in which a store's experiment is another, where the store can be read."""
    try:
        return differing(open_store(folder).experiment, experiment, markets=False)
    except (InputError, OSError):  # it is damaged, or of another version
        return ""


def begin_store(folder: Path, experiment: Experiment) -> None:
    """A new store without runs, whole or not at all."""
    _check_room(folder, experiment)
    check_possible(experiment)
    organization = experiment.base.organization
    if organization is not None and organization.graph is not None:
        raise InputError(
            f"{folder}: the people of {experiment.base.title!r} are a networkx graph, which no file holds, so that the "
            "store could not be opened again: write it (networkx.write_graphml(graph, 'people.graphml')), and give "
            "sim.OrganizationSource(graphml='people.graphml')"
        )
    files = _files(experiment)
    try:
        with written_whole(folder, mark=ABOUT) as work:
            for kind in ("parts", *experiment.tables):
                (work / kind).mkdir()
            for name, raw in files.items():
                (work / name).write_bytes(raw)
    except OSError as fault:
        if (folder / ABOUT).exists():  # another process has just begun it
            return
        if isinstance(fault, FileExistsError) and fault.errno is None:  # said by written_whole: it is not free
            raise InputError(f"{folder}: holds something else than a store; choose a new or an empty folder") from None
        raise


def _files(experiment: Experiment) -> dict[str, bytes]:
    """What a store holds before its first run."""
    design = pa.Table.from_pandas(experiment.design().reset_index(), preserve_index=False)
    points = io.BytesIO()
    pq.write_table(design.replace_schema_metadata(None), points, compression="zstd")
    texts = {"experiment.toml": _text(experiment), "base.toml": experiment.base.to_toml(shared=True),
             "columns.csv": _columns(experiment), ABOUT: _about(experiment)}  # fmt: skip
    if experiment.own:
        texts[OWN_FILE] = experiment.own[0].text
    return {name: text.encode() for name, text in texts.items()} | {"design.parquet": points.getvalue()}


def mend(folder: Path, experiment: Experiment) -> dict[str, str]:
    """Write again what a store held before its first run, where that is damaged; the check sums of all files.

    Raises Damaged where a file cannot be made again, because it said something else.
    """
    try:
        sums = read_sums(folder)
    except Damaged as fault:
        sums = _reckoned(folder, experiment)
        with written_file(folder / SUMS) as work:
            work.write_text(sums_text(sums))
        tell(f"{fault.problems[0].partition(';')[0]}: reckoned anew from what can be read")
    fresh = _files(experiment)
    for name, raw in fresh.items():
        try:
            sound(folder, name, sums)
        except Damaged as fault:
            if sum_of(raw) != sums.get(name):
                cure = "this experiment or version says something else there, so it cannot be written again"
                raise Damaged(folder, name, fault.problems[0].partition(": ")[2].partition(";")[0], cure) from None
            with written_file(folder / name) as work:
                work.write_bytes(raw)
            tell(f"{fault.problems[0].partition(';')[0]}: written again")
    return sums


def _reckoned(folder: Path, experiment: Experiment) -> dict[str, str]:
    """The check sums of a store that has lost them: of its parts that can be read and have the right number of rows."""
    sums = {name: sum_of(raw) for name, raw in _files(experiment).items()}
    for block in range(parts.blocks(experiment)):
        for name in parts.files_of(experiment, block):
            try:
                raw = (folder / name).read_bytes()
                table = table_in(raw)
            except (OSError, ValueError):  # pyarrow's faults are of these
                continue
            if not name.startswith("parts") or len(table) == len(parts.numbers_in(experiment, block)):
                sums[name] = sum_of(raw)
    return sums


def _text(experiment: Experiment) -> str:
    """The file as it was read; or one that says the same, for an experiment that was made or changed in Python."""
    plain = experiment.sample._replace(file=without_folders(experiment.sample.file))
    design, experiment = experiment.design(), dataclasses.replace(experiment, sample=plain)
    read = experiment.text
    for line in re.finditer(r"(?m)^(base|file) *= *(['\"])(.*)\2", read):  # a store keeps both itself
        read = read.replace(line[0], f"{line[1]} = {quoted(without_folders(line[3]))}")
    own = experiment.own[0].text if experiment.own else ""  # given, so that nothing is run to read it
    said = experiment.to_toml()
    kept = own or experiment.theories  # what outcomes and theories of the user's own are must stand in the store
    for text in (said,) if kept else (read, said):
        why = "what was written reads back to another experiment"
        try:
            if parse(text, Path("experiment.toml"), experiment.base, design, own_text=own) == experiment:
                return text
        except InputError as fault:
            why = "; ".join(fault.problems)
    raise InputError(f"{experiment.title!r} cannot be written as a file: {why}")


def _check_room(folder: Path, experiment: Experiment) -> None:
    """Refuse what the disk cannot hold before anything is run."""
    near = next((each for each in (folder, *folder.parents) if each.exists()), None)
    needed, free = parts.bytes_of(experiment), shutil.disk_usage(near).free if near else 0
    if needed > free:
        there = f"need about {size(needed)} on disk, and {size(free)} are free"
        raise InputError(f"{folder}: {experiment.n_runs:,} runs {there}")


def _about(experiment: Experiment) -> str:
    sample = experiment.sample
    named = [each for each in (experiment.base.own_theory, *experiment.theories) if each]
    theories = {each.name: each.digest for each in named}
    store = {
        "format": parts.FORMAT, "experiment": experiment.hash, "title": experiment.title, "claim": experiment.claim,
        "base": experiment.base.hash, "days": experiment.base.days, "method": sample.method,
        "points": experiment.n_points, "arms": list(experiment.arms), "markets": list(experiment.markets),
        "each": list(experiment.each) or None, "runs": experiment.n_runs, "runs_a_part": parts.BLOCK,
        "theories": theories or None,
    }  # fmt: skip
    return toml_text({"store": store, "versions": made_by(lived=named)})


def _columns(experiment: Experiment) -> str:
    """What every column of every table means, and in what it is measured."""
    rows = [("design", "point", "", "number of the point, from 0")]
    rows += [("design", f.name, f.unit, f.number.meaning) for f in experiment.factors]
    rows += [("parts", name, unit, meaning) for name, (unit, meaning) in COLUMNS.items()]
    rows += [("parts", name, each.unit, each.meaning) for name, each in experiment.kept.items()]
    for kind, names in experiment.tables.items():
        about = KINDS[kind]
        rows += [(kind, name, *COLUMNS[name]) for name in ("seed", "point", "arm")]
        rows += [(kind, about.row, about.row, about.rows_are)]
        rows += [(kind, name, about.unit(name), about.means(name)) for name in names]
    text = io.StringIO(newline="")
    write_csv(pd.DataFrame(rows, columns=["table", "name", "unit", "meaning"]), text)
    return text.getvalue()
