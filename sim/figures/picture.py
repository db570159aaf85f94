"""A figure that shows itself as the last line of a notebook's cell, as do its axes."""

from __future__ import annotations

import io

from matplotlib.axes import Axes
from matplotlib.figure import Figure

SHARP = 2  # pixels of the file for one of the screen


class Shown:
    """What a notebook asks for when a value is a cell's last line.

    pyplot's magics do the same for figures that pyplot knows; ours are not
    among them, so each is shown once, with such a magic and without.
    """

    figure: Figure

    def _repr_png_(self) -> tuple[bytes, dict]:
        from sim.figures import look

        whole, memory = self.figure, io.BytesIO()
        with look.drawing():
            whole.savefig(memory, format="png", dpi=SHARP * whole.dpi)
            wide, high = whole.get_size_inches() * whole.dpi
        return memory.getvalue(), {"width": round(wide), "height": round(high)}


class Panel(Shown, Axes):
    """Axes of a picture; shown, they bring the whole picture."""


class Picture(Shown, Figure):
    """A figure whose axes are `Panel`s."""

    def add_axes(self, *args, **kwargs) -> Axes:
        return super().add_axes(*args, **{"axes_class": Panel} | kwargs)

    def add_subplot(self, *args, **kwargs) -> Axes:
        return super().add_subplot(*args, **{"axes_class": Panel} | kwargs)
