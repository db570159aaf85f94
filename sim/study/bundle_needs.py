"""Which libraries a bundle needs: those of Baton's core, and what its pictures, samples and own programs ask for."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Sequence
from importlib import metadata

from sim.study.bundle_texts import Picture, theory_files
from sim.study.store.store import Store

BATON = "baton-sim"
OF_SAMPLE = {"saltelli": "sensitivity", "morris": "sensitivity"}  # extras of pyproject.toml


def libraries(stores: Sequence[Store], pictures: Sequence[Picture] = ()) -> list[tuple[str, str]]:
    """What a bundle needs, in the versions that are installed here, with what those need."""
    extras = {OF_SAMPLE.get(each.experiment.sample.method, "") for each in stores}
    extras |= {"pdf" for each in pictures if each.told and each.path.suffix.lower() == ".pdf"}
    extras |= {"sensitivity" for each in pictures if each.told and each.told.figure == "sensitivity"}
    found: dict[str, str] = {}
    asked = [*_needs(BATON, extras), *_imported(stores, pictures)]
    while asked:
        name = asked.pop()
        known = re.sub(r"[-_.]+", "-", name).lower()
        if known in found:
            continue
        try:
            found[known] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue  # wanted on other systems only
        asked += _needs(name)
    found.pop(BATON, None)  # its source is in the bundle
    return sorted(found.items())


def _needs(name: str, extras: set[str] = frozenset()) -> Iterator[str]:  # type: ignore[assignment]
    try:
        wanted = metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        wanted = []
    for each in wanted:
        if "extra ==" not in each or any(re.search(f"extra == .{extra}.$", each.strip()) for extra in extras if extra):
            yield re.split(r"[ <>=!~;\[(]", each, maxsplit=1)[0]


def _imported(stores: Sequence[Store], pictures: Sequence[Picture]) -> Iterator[str]:
    """The libraries that theories and outcomes of somebody's own import."""
    texts = [each.text for each in theory_files(stores, pictures).values()]
    texts += [each.text for store in stores for each in store.experiment.own]
    owners = metadata.packages_distributions()
    for text in dict.fromkeys(texts):
        for each in ast.walk(ast.parse(text)):
            names = [alias.name for alias in each.names] if isinstance(each, ast.Import) else []
            names += [each.module] if isinstance(each, ast.ImportFrom) and each.module and not each.level else []
            for name in {name.partition(".")[0] for name in names} - {"sim"} - sys.stdlib_module_names:
                yield from owners.get(name, ())
