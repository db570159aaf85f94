"""An organization on Mesa's own page: `solara run docs/guides/app.py` (needs `pip install -e '.[viz]'`)."""

import solara
from mesa.visualization import SolaraViz, make_plot_component
from mesa.visualization.utils import update_counter

import sim
from sim.figures import network_card


def slider(kind, label, value, low, high, step):
    return {"type": kind, "label": label, "value": value, "min": low, "max": high, "step": step}


@solara.component
def Floor(model):
    """Both teams across the gap, and who trusts whom."""
    update_counter.get()  # drawn again after each step
    solara.FigureMatplotlib(network_card(model.simulation), format="png", bbox_inches=None)


def chart(names, title, unit, low=None, high=None):
    """A line for each reporter of the model, over the five years of the default horizon."""

    def dress(axes):
        axes.set(title=title, ylabel=unit, xlim=(0, 1300), ylim=(low, high))
        axes.figure.set_size_inches(6.4, 4.2)
        axes.legend(list(names.values()), loc="upper left", frameon=False, ncols=len(names))
        if len(names) == 1:
            axes.get_lines()[0].set_color("black")
            axes.get_legend().remove()

    colours = dict(zip(names, ("#0072b2", "#d55e00", "#999999"), strict=False))
    return make_plot_component(colours, post_process=dress)


levers = {
    "scenario": "silo",
    "seed": slider("SliderInt", "Market", 1, 0, 50, 1),
    "liaison__count": slider("SliderInt", "Liaisons", 0, 0, 3, 1),
    "distance__between_teams_m": slider("SliderFloat", "Metres apart", 60.0, 2.0, 300.0, 2.0),
    "communication__cost_hours": slider("SliderFloat", "Hours a contact", 1.0, 0.1, 3.0, 0.1),
    "trust__initial": slider("SliderFloat", "Trust on day 0", 0.3, 0.05, 0.95, 0.05),
}
start = {name: lever["value"] if isinstance(lever, dict) else lever for name, lever in levers.items()}

page = SolaraViz(
    sim.FirmModel(**start),
    components=[
        Floor,
        chart(
            {"trust_ms": "trust in Sales", "trust_sm": "trust in Marketing", "language": "common language"},
            "What they think of each other", "0..1", 0, 1,
        ),
        chart({"score": "score"}, "How well they work together: the audit of 20 statements", "20..100", 20, 100),
        chart({"revenue": "revenue"}, "Revenue", "k€ a day", 0),
    ],
    model_params=levers,
    name="Baton",
    play_interval=1,
    render_interval=21,  # draw once a month
)  # fmt: skip
page  # noqa: B018 (Solara shows the last expression)
