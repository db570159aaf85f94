"""The tree of sim/ as a page: every file with its first sentence, the day first. `python tests/tree.py` writes it."""

from __future__ import annotations

import ast
import re

import house
from house import ROOT

PAGE = ROOT / "docs" / "reference" / "tree.md"
COMMAND = "python tests/tree.py"
HEAD = f"""# The tree of sim/

*Written by `{COMMAND}` from each file's first sentence; do not edit.* First the model, from the day down
to what it stands on; then what stands on the model, in the order of imports; last the small files that all of it uses.

"""


def first_sentence(path) -> str:
    """What a file says of itself; a package says it in its `__init__.py`."""
    text = path.read_text(encoding="utf-8")
    said = " ".join((ast.get_docstring(ast.parse(text)) or "").split("\n\n")[0].split())
    return re.split(r"(?<=[.?!])\s+(?=[A-Z`])", said)[0]


def standing(module: str) -> tuple:
    """Where a reader meets a module: see HEAD."""
    place, day = house.place(module), house.place("sim.model.day")
    rooms = house.order_of_the_day()
    room = module.rpartition(".")[2]
    if house.inside(module, house.ROOMS):
        return 0, 1, rooms.index(room) if room in rooms else len(rooms), module
    if not house.inside(module, "sim.model"):
        return 2 if place < day else 1, place, 0, module
    if place > day:
        return 0, 3, place, module
    return 0, 0 if module == "sim.model.day" else 2, -place, module


def page() -> str:
    """The page, as it should stand on the disk."""
    files = {name: path for name, path in house.sources().items() if path.name != "__main__.py"}
    modules = [name for name, path in files.items() if path.name != "__init__.py"]
    lines: list[str] = []

    def draw(folder, names: list[str]) -> None:
        depth = len(folder.relative_to(ROOT).parts)
        link = f"../../{folder.relative_to(ROOT).as_posix()}/"
        lines.append(f"{'  ' * (depth - 1)}- **[{folder.name}/]({link})** {first_sentence(folder / '__init__.py')}")
        inner: dict = {}  # files and folders, each where its first module stands
        for name in names:
            inner.setdefault(folder / files[name].relative_to(folder).parts[0], []).append(name)
        for path, within in inner.items():
            if path.suffix == ".py":
                link = f"../../{path.relative_to(ROOT).as_posix()}"
                lines.append(f"{'  ' * depth}- [{path.name}]({link}) {first_sentence(path)}")
            else:
                draw(path, within)

    draw(ROOT / "sim", sorted(modules, key=standing))
    return HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
