"""An executed notebook: a result's `.plot()` as a cell's last line is one picture, with and without a magic."""

from __future__ import annotations

import base64
import re

import pytest
from jupyter_client.manager import start_new_kernel

from sim.figures import look

BEGIN = "import sim; two = ('silo', sim.read('silo').but(liaison__count=1)); few = {'seeds': 3, 'days': 130}"
PLOTS = (
    "sim.run('silo', 3, days=130).plot()",
    "sim.compare(*two, **few).plot()",
    "sim.compare(*two, **few).plot('score')",
    "sim.brief(two[1].but(days=130), seeds=3).plot()",
    "sim.explain(*two, **few).plot()",
    "sim.survival('silo', **few).plot()",
)


@pytest.fixture(scope="module")
def kernel():
    manager, client = start_new_kernel(kernel_name="python3")
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def executed(kernel, cell: str) -> list[dict]:
    """What a cell shows: the data of each output, in order."""
    shown: list[dict] = []

    def heard(message):
        if message["msg_type"] in ("execute_result", "display_data"):
            shown.append(message["content"]["data"])

    answer = kernel.execute_interactive(cell, timeout=600, output_hook=heard)["content"]
    assert answer["status"] == "ok", "\n".join(answer.get("traceback", ()))
    return shown


@pytest.mark.parametrize("magic", ["", "%matplotlib inline"])
def test_a_plot_as_the_last_line_is_one_picture(kernel, magic):
    executed(kernel, f"{BEGIN}\n{magic}")
    for cell in PLOTS:
        (shown,) = executed(kernel, cell)
        assert base64.b64decode(shown["image/png"]).startswith(b"\x89PNG"), cell
        assert executed(kernel, f"picture = {cell}") == []


def test_every_figure_is_one_that_a_notebook_shows(root):
    assert hasattr(look.new_figure(100, 100).add_subplot(), "_repr_png_")
    for path in (root / "sim" / "figures").glob("*.py"):
        made = re.findall(r"\bFigure\(|pyplot as|subplots\(", path.read_text(encoding="utf-8"))
        assert not made, f"{path.name}: look.new_figure makes figures that notebooks show"
