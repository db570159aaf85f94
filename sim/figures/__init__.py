"""Tables to pictures: one run on a page, the network as a card, comparisons, the audit.

Pictures are matplotlib figures that no window knows about: nothing here calls
`show`, touches pyplot, or leaves a setting changed.
"""

from sim.figures.card import network_card
from sim.figures.onepage import band_of, run_page
from sim.figures.panels import yearly
from sim.figures.plots import audit_plot, compare_plot, series_plot

__all__ = ["audit_plot", "band_of", "compare_plot", "network_card", "run_page", "series_plot", "yearly"]
