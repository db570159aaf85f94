"""docs/reports/findings.md: six experiments, each with its effect, interval, figure and what would change our mind.

The prose stands in the *.tmpl beside it with gaps that are filled from the
stores. A sentence that depends on a sign or a verdict is such a gap, chosen by
what was found, so that another result writes another page.
"""

from __future__ import annotations

import functools
import string
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from helpers import ROOT
from helpers.found.results import Results
from helpers.six import firms, heads, orders, talk
from helpers.six.doubt import doubted
from helpers.six.words import Section, bullets
from sim.figures.look import save
from sim.study.experiments.experiment import Experiment, read_experiment
from sim.study.sweep.sweep import sweep

ROOMS = (talk, heads, orders, firms)
SECTIONS = {key: tell for room in ROOMS for key, tell in room.SECTIONS.items()}
DOUBTS = {key: doubt for room in ROOMS for key, doubt in room.DOUBTS.items()}
ORDER = ("scaffold", "dependency", "goodhart", "order", "surge", "apart")
STORES = (
    "scaffold-6-months", "scaffold-12-months", "scaffold-24-months", "liaison-dependency", "goodhart",
    "order-of-practices", "aligned-without-defined", "lead-surge", "who-should-stay-apart",
)  # fmt: skip
HERE = Path(__file__).resolve().parent
DOCS = ROOT / "docs" / "reports"
AGAIN = "python experiments/findings.py --six --stores ."


class Found(NamedTuple):
    """The stores that the page is made from."""

    stores: dict[str, Results]
    doubts: dict[str, Results]  # by the keys of DOUBTS


def made(folder: Path, threads: int, read: Callable[[str], Experiment] = read_experiment) -> Found:
    """The stores of the six and of the doubts about them, made or gone on with."""

    def results(name: str, experiment: Experiment) -> Results:
        store = sweep(experiment, folder / name, threads)
        if len(store.failed):
            print(f"{name}: {len(store.failed)} runs failed: {store.failed['reason'].iloc[0]}")
        return Results(store)

    doubts = {key: doubted(read(doubt.experiment), doubt) for key, doubt in DOUBTS.items()}
    return Found(
        {name: results(name, read(name)) for name in STORES},
        {key: results(f"doubts-{key}", each) for key, each in doubts.items()},
    )


def size(experiment: Experiment) -> str:
    """How much was run."""
    arms = f" × {len(experiment.arms)} arms" if len(experiment.arms) > 1 else ""
    return f"{experiment.n_points} points{arms} × {len(experiment.markets)} markets, {experiment.n_runs:,} runs"


def varied(experiment: Experiment) -> str:
    """What is varied; factors with the same values together."""
    same: dict[str, list[str]] = {}
    for factor in experiment.factors:
        values = [f"{each:g}" if isinstance(each, float) else str(each) for each in factor.values]
        same.setdefault(", ".join(values) or f"{factor.low:g} to {factor.high:g}", []).append(f"`{factor.name}`")
    return "; ".join(f"{', '.join(names)} ({values})" for values, names in same.items())


def ran(names, found: Found) -> str:
    """What was run, for each experiment: claim, size, factors."""
    told = []
    for name in names:
        each = found.stores[name].store.experiment
        told.append(f"[{name}](experiments.md#{name}): {size(each)} of {each.base.days:,} days. {varied(each)}. "
                    f"Claim: *{each.claim}*")  # fmt: skip
    return bullets(told)


def text(section: Section, found: Found) -> str:
    """One finding as the page has it.

    Raises
    ------
    KeyError
        The template has a gap that nothing fills, or there is a word without a gap.
    """
    template = (HERE / f"{section.key}.tmpl").read_text(encoding="utf-8")
    commands = [f"baton experiment {name} -o {name}" for name in section.stores]
    words = {**section.words, "title": section.title, "ran": ran(section.stores, found),
             "commands": "\n".join([*commands, AGAIN])}  # fmt: skip
    gaps = {name for _, name, _, _ in string.Formatter().parse(template) if name}
    if gaps != set(words):
        raise KeyError(f"six/{section.key}.tmpl: gaps and words differ in {sorted(gaps ^ set(words))}")
    return reflowed(template.format(**words).strip())


def write(found: Found, docs: Path = DOCS) -> list[Path]:
    """Write the page and its six pictures into a folder; the paths, the page first."""
    sections = [SECTIONS[key](found.stores, found.doubts) for key in ORDER]
    pictures = [slim(save(each.draw(), docs / f"findings-{each.key}.png")) for each in sections]
    texts = [text(each, found) for each in sections]
    headings = [each.splitlines()[0].removeprefix("## ") for each in texts]
    contents = [f"[{h}](#{anchor(h)}) {each.title}." for h, each in zip(headings, sections, strict=True)]
    head = (HERE / "head.tmpl").read_text(encoding="utf-8").format(contents=bullets(contents)).strip()
    page = docs / "findings.md"
    page.write_text("\n\n".join([reflowed(head), *texts]) + "\n", encoding="utf-8")
    return [page, *pictures]


def reflowed(page: str) -> str:
    """Paragraphs and points with lines of the house's width; headings, tables, pictures and commands as they are."""
    wrap = functools.partial(textwrap.fill, width=120, break_long_words=False, break_on_hyphens=False)
    blocks = []
    for block in page.split("\n\n"):
        if block.startswith("- "):
            points = [" ".join(each.split()) for each in block[2:].split("\n- ")]
            blocks.append("\n".join(wrap(f"- {each}", subsequent_indent="  ") for each in points))
        else:
            blocks.append(block if block[0] in "#|!`" else wrap(" ".join(block.split())))
    return "\n\n".join(blocks)


def slim(path: Path) -> Path:
    """A picture with at most 256 colours, a third of the size; what it says about itself stays."""
    with Image.open(path) as image:
        image.load()
        told, dpi = PngInfo(), image.info.get("dpi")
        for key, words in image.text.items():
            told.add_text(key, words) if words.isascii() else told.add_itxt(key, words)
        few = image.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    few.save(path, optimize=True, pnginfo=told, dpi=dpi)
    return path


def anchor(heading: str) -> str:
    """A heading's address within the page.

    >>> anchor("Goodhart: what if heads are paid by the audit?")
    'goodhart-what-if-heads-are-paid-by-the-audit'
    """
    return "".join(c for c in heading.lower().replace(" ", "-") if c.isalnum() or c == "-")
