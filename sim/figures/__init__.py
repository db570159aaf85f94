"""Tables to pictures: one run on a page, the network as a card, comparisons, the audit.

Pictures are matplotlib figures that no window knows about: nothing here calls
`show`, touches pyplot, or leaves a setting changed.
"""

from sim.figures.boxes_plot import discovery_plot
from sim.figures.brief_page import brief_page
from sim.figures.card import network_card
from sim.figures.look import save
from sim.figures.markets_plot import how_many_plot
from sim.figures.onepage import band_of, run_page
from sim.figures.onepanel import panel_plot
from sim.figures.panels import yearly
from sim.figures.plots import compare_plot, series_plot
from sim.figures.reach_plot import reach_plot, write_reach
from sim.figures.sensitivity_plots import sensitivity_plot, write_sensitivity
from sim.figures.shares import stages_plot
from sim.figures.stages import survival_plot
from sim.figures.statements import audit_plot
from sim.figures.styles import dressed
from sim.figures.validation import validation_page
from sim.figures.waterfall import waterfall

__all__ = [
    "audit_plot",
    "band_of",
    "brief_page",
    "compare_plot",
    "discovery_plot",
    "dressed",
    "how_many_plot",
    "network_card",
    "panel_plot",
    "reach_plot",
    "run_page",
    "save",
    "sensitivity_plot",
    "series_plot",
    "stages_plot",
    "survival_plot",
    "validation_page",
    "waterfall",
    "write_reach",
    "write_sensitivity",
    "yearly",
]
