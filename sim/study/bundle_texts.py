"""What a bundle says in words: how it is run again and its pictures are proved, and a paragraph for the methods."""

from __future__ import annotations

import platform
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from sim.errors import InputError, plural
from sim.files.provenance import made_by
from sim.files.sums import SUMS
from sim.scenario.own_theory import MODEL, OwnTheory, shipped_digests
from sim.scenario.schema import in_words
from sim.scenario.toml_file import carried
from sim.study.experiments.experiment import BASE, OWN_FILE, Experiment
from sim.study.experiments.factors import Factor
from sim.study.store.store import Store

STORES, FIGURES, SOURCE, THEORIES = "stores", "figures", "baton", "theories"
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


# ---- what is in it


class Picture(NamedTuple):
    """A picture of a bundle: what its file says of itself (None: nothing), and the theories that it was lived by."""

    path: Path
    told: Any  # sim.figures.imprint.Told
    theories: tuple[OwnTheory, ...] = ()


def picture(path: Path) -> Picture:
    """A picture as its file tells of it; one that Baton did not write is a picture all the same."""
    from sim.figures.imprint_read import read

    try:
        told = read(path)
        lived = [carried(each["toml"], each["name"]).own_theory for each in told.scenarios if each["toml"]]
    except InputError:
        return Picture(path, None)
    return Picture(path, told, tuple(each for each in dict.fromkeys(lived) if each))


def theory_files(stores: Sequence[Store], pictures: Sequence[Picture] = ()) -> dict[str, OwnTheory]:
    """The theories of somebody's own by which stores and pictures were lived, each by the file that a bundle has it in.

    Two of one name stand in folders called by their hashes: a file's name is its theory's.
    """
    lived: list[OwnTheory | None] = []
    for each in stores:
        lived += [each.experiment.base.own_theory, *each.experiment.theories]
    lived += [theory for each in pictures for theory in each.theories]
    own = {each.digest: each for each in lived if each and each.digest not in shipped_digests()}
    names = [each.name for each in own.values()]
    return {"/".join((THEORIES, *([each.digest] if names.count(each.name) > 1 else []), f"{each.name}.py")): each
            for each in own.values()}  # fmt: skip


# ---- the reader's page


def holds_programs(stores: Sequence[Store]) -> bool:
    """Whether the runs of stores are lived again by somebody's own programs: theories, or outcomes."""
    return bool(theory_files(stores)) or any(each.experiment.own for each in stores)


def readme(
    title: str, stores: Sequence[Store], pictures: Sequence[Picture], theories: Mapping[str, OwnTheory]
) -> str:  # fmt: skip
    """What is in a bundle, and the lines by which it is run again, as they are typed in its folder."""
    named = [f"- `{STORES}/{each.folder.name}`: {each.experiment.title} ({each.experiment.n_runs:,} runs)"
             for each in stores]  # fmt: skip
    named += [f"- `{name}`: the theory {each}, a program of the authors' own." for name, each in theories.items()]
    for each in stores:
        outcomes = ", ".join(own.name for own in each.experiment.own)
        where = f"- `{STORES}/{each.folder.name}/{OWN_FILE}`: the outcomes {outcomes}, a program of the authors' own."
        named += [where] if outcomes else []
    python = f"PYTHONPATH={SOURCE} env/bin/python -m sim"
    code = holds_programs(stores)
    read_it = "\n\n`--own` runs the authors' own programs that are named above: read them first." if code else ""
    body = "\n".join(named)
    return f"""# {title}

{body}
- `methods.md`: a paragraph for a methods section, with references.
- `odd.md`: the model by the ODD protocol.
- `{FIGURES}/`, where there are any: each can be proved, see below.
- `{SOURCE}/`: Baton's source as it was, and `requirements.txt`: the exact libraries.
- `ro-crate-metadata.json`: what is what, for machines (RO-Crate 1.1). `{SUMS}`: `sha256sum --check {SUMS}`.

To run it again, in this folder, with Python {platform.python_version()}:

    python -m venv env
    env/bin/pip install -r requirements.txt
    {python} export bundle --check .{" --own" * code}

Every run is lived again and must come to the same market, the same last quarter and the same outcomes. (On Windows
the paths are `env\\Scripts`, and `set PYTHONPATH={SOURCE}` is a line of its own.){read_it}
{_proofs(stores, pictures, theories, python)}"""


def _proofs(
    stores: Sequence[Store], pictures: Sequence[Picture], theories: Mapping[str, OwnTheory], python: str
) -> str:  # fmt: skip
    """The lines that draw each picture's numbers again, and why there is none for some."""
    lines, without = [], []
    for each in pictures:
        name = f"{FIGURES}/{each.path.name}"
        if each.told is None:
            without.append(f"`{name}` does not say of itself what it shows, and is here as it was given.")
            continue
        words = ["export", "figure", "--check", name]
        if each.told.options.get("experiment"):
            words += [f"{STORES}/{store.folder.name}" for store in stores
                      if store.experiment.hash == each.told.options["experiment"]][:1]  # fmt: skip
        for file, theory in theories.items():
            words += ["--theory", file] if theory in each.theories else []
        metric = each.told.options.get("metric")
        own = [store.folder.name for store in stores if metric in [own.name for own in store.experiment.own]]
        words += ["--outcomes", f"{STORES}/{own[0]}/{OWN_FILE}"] if own else []
        if day := each.told.made.get("day_hash"):
            words += ["--day", each.told.made["day"]]
            without.append(f"`{name}` was lived by {each.told.made['day']} ({day}), which is not in the bundle.")
        lines.append(f"    {python} {shlex.join(words)}")
    proofs = ["\nTo draw the numbers of its pictures again, and compare them:\n", *lines, ""] if lines else []
    return "\n".join([*proofs, *(f"\n{said}" for said in without), *([""] if without else [])])


# ---- for the paper


def methods(stores: Sequence[Store], theories: Mapping[str, OwnTheory] | None = None) -> str:
    """A paragraph for the methods section of a paper, from what the stores say; references beneath."""
    versions = made_by()
    files = {each.digest: name for name, each in (theories or {}).items()}
    lines = ["# Methods"]
    lines += [_paragraph(each.experiment, files) for each in stores]
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


def _paragraph(asked: Experiment, files: Mapping[str, str]) -> str:
    factors = ", ".join(f"`{each.name}` ({_span(each)})" for each in asked.factors)
    few = f"{asked.fewest:,} to " if asked.each else ""
    markets = f"{few}{plural(len(asked.markets), 'market')} ({asked.markets[0]} to {asked.markets[-1]})"
    named = "; ".join(_arm(name, levers) for name, levers in asked.arms.items())
    arms = f", each under {len(asked.arms)} arms ({named})"
    own = f" The authors' own among them ({OWN_FILE}): {', '.join(each.name for each in asked.own)}."
    left_out = f", of which only those are run where {' and '.join(map(_code, asked.constraints))}"
    doubt = (
        f" The {len(asked.guessed):,} numbers that are guesses were drawn anew for each pair of markets, from their "
        "plausible ranges."
    )
    title = asked.title if asked.title.endswith((".", "?", "!")) else f"{asked.title}."
    return (
        f"**{title}** Claim: {asked.claim} The base is the scenario \"{asked.base.title}\" over "
        f"{asked.base.days:,} working days.{_theories(asked, files)} Varied were {factors}, by the design "
        f"*{asked.sample.method}*{left_out * bool(asked.constraints)}: "
        f"{asked.n_points:,} points{arms * (len(asked.arms) > 1)}, in {markets}: {asked.n_runs:,} runs."
        f"{doubt * asked.doubt} Outcomes: {', '.join(asked.outcomes)}.{own * bool(asked.own)} Experiment {asked.hash}."
    )  # fmt: skip


def _theories(asked: Experiment, files: Mapping[str, str]) -> str:
    """By which theories the firms live, where that is not the model's own alone."""

    def named(each: OwnTheory | None) -> str:
        if each is None:
            return f"the model's own ({MODEL})"
        return f"*{each.name}* (hash {each.digest}; {files.get(each.digest, 'it comes with Baton')})"

    if asked.theories:
        return f" The firms live by one of {len(asked.theories)} theories: {', '.join(map(named, asked.theories))}."
    return f" The firms live by the theory {named(asked.base.own_theory)}." if asked.base.own_theory else ""


def _arm(name: str, levers: Mapping) -> str:
    sets = ", ".join(f"`{each}` = {in_words(each, value)}" for each, value in levers.items())
    return f"{name}: {sets}" if name != BASE else name


def _span(factor: Factor) -> str:
    span = ", ".join(map(str, factor.values)) if factor.values else f"{factor.low:g} to {factor.high:g}"
    span += ", on a log scale" if factor.scale == "log" else ""
    return f"{span}, where {_code(factor.where)}, else as in the base" if factor.where else span


def _code(text: str) -> str:
    return f"`{text}`"
