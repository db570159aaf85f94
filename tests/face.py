"""The public face as a page: what `import sim` gives, by purpose. `python tests/face.py` writes it."""

from __future__ import annotations

import inspect
import re

from house import ROOT

import sim

PAGE = ROOT / "docs" / "reference" / "python.md"
COMMAND = "python tests/face.py"
HEAD = f"""# The Python face

*Written by `{COMMAND}` from signatures and docstrings; do not edit.* All that `import sim` gives, by purpose, each
with its first sentence; `help(sim.compare)` tells the rest: units, shapes, faults. A name is loaded when it is first
asked for. What is wrong with an input is a `sim.InputError`, whose `problems` hold a sentence for each fault.

"""
PARTS = {
    "An organization and its runs": "read shipped Scenario Change run load Run many USUAL_MARKET",
    "Several organizations": "compare Comparison best Best explain Explanation brief reach Reach",
    "Time and luck": "survival Survival Stage futures Futures",
    "Experiments and stores": "read_experiment shipped_experiments Experiment Factor sweep sweep_on_cluster open_store "
    "Store grow merge add_outcomes write_bundle check_bundle",
    "What matters": "sensitivity discover how_many numbers",
    "Outcomes and theories of your own": "outcome read_outcomes another_day read_theory which_theory "
    "tournament validate",
    "People of your own": "read_organization OrganizationSource Organization",
    "Under another tool": "FirmModel salib_problem ema_model optuna_objective",
    "Faults and versions": "InputError __version__",
}
MEANING = {"USUAL_MARKET": "The market of a run where none is named.", "__version__": "The version that is installed."}


def called(name: str, given: object) -> str:
    """A call as it is written: names, kinds and defaults."""
    asked = inspect.signature(given)
    known = [each for each in asked.parameters.values() if each.name != "self"]
    said = re.sub(r"(: |-> )'([^']*)'", r"\1\2", str(asked.replace(parameters=known)))
    return name + re.sub(r"<function (\w+) at 0x\w+>", r"\1", said)


def first(given: object) -> str:
    """The first paragraph of what something says of itself."""
    return " ".join((inspect.getdoc(given) or "").split("\n\n")[0].split())


def described(name: str) -> str:
    """A name's part of the page."""
    given = getattr(sim, name)
    if name in MEANING:
        return f"- **`sim.{name}`** {MEANING[name]}"
    if not inspect.isclass(given):
        return f"- **`sim.{called(name, given)}`** {first(given)}"
    lines = [f"- **`sim.{name}`** {first(given)}"]
    for own, each in vars(given).items():
        if not own.startswith("_") and inspect.isfunction(each) and inspect.getdoc(each):
            lines.append(f"  - `.{called(own, each)}` {first(each)}")
    return "\n".join(lines)


def page() -> str:
    """The page, as it should stand on the disk."""
    parts = [f"## {title}\n\n" + "\n".join(map(described, names.split())) + "\n" for title, names in PARTS.items()]
    return HEAD + "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
