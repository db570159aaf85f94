"""The result of one run: tables, stories and a folder of files."""

from __future__ import annotations

import dataclasses
import html
import tomllib
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from sim.errors import InputError
from sim.files.folder import written_file, written_whole
from sim.files.provenance import made_by, other_rules, tell_other_rules
from sim.files.sums import SUMS, Damaged, read_sums, sound, tell_unsummed
from sim.files.toml_written import toml_text
from sim.model import drive, hashes
from sim.model.audit import STATEMENTS
from sim.model.firm import QUARTER, WEEK, Stage
from sim.result import accounts, outcomes, own_outcomes, run_tables, saved, stories
from sim.scenario import Scenario
from sim.scenario.schema import UPGRADES
from sim.scenario.toml_file import carried

_FILES = ("leads", "customers", "people", "ties", "audit", "decisions")
_BEFORE = ("past_market", "past_days")  # of a run whose luck was drawn anew on the way
_BALANCES = ("from_day", "broke", "opening_equity", "closing_recurring", "discount")


def label(scenario: Scenario) -> str:
    """A short name of a scenario for tables: the title that `but` gave it, its file's name, or its first title."""
    return scenario.called or (Path(scenario.source).stem if scenario.source else scenario.title or "scenario")


def titled(scenario: Scenario) -> str:
    """Its title without the full stop, with the file and the hash of another theory that it lives by."""
    title, by = scenario.title.strip().rstrip("."), getattr(scenario, "own_theory", None)
    return f"{title} (lived by {by.called}, {by.digest})".strip() if by else title


class _About(dict):
    """What a run is known by; the hash of its state costs a quarter of the days, so it is reckoned when asked for."""

    def __init__(self, known: dict, simulation: drive.Simulation):
        super().__init__(known)
        self._simulation, self._day = simulation, simulation.day

    def __missing__(self, name: str) -> str:
        if name != "state":
            raise KeyError(name)
        if self._simulation.day != self._day:
            raise InputError(
                f"the simulation of day {self._day} has lived on to day {self._simulation.day}: its hash is gone"
            )
        self["state"] = f"{int(hashes.state_hash(self._simulation.firm)):016x}"
        return self["state"]

    def whole(self) -> dict:
        """All of it, the hash with it."""
        return {**self, "state": self["state"]}

    def __eq__(self, other: object) -> bool:
        return self.whole() == (other.whole() if isinstance(other, _About) else other)

    def __ne__(self, other: object) -> bool:
        return not self == other


class Run:
    """One organization in one market, from its first day to its last.

    Attributes
    ----------
    scenario, seed, days
        What was run, in which market, and for how many days (fewer than the
        horizon if the money ran out).
    daily, weekly, quarters : DataFrame
        One row a period; units in `.attrs["units"]`.
    df : DataFrame
        One long table: run, scenario, seed, day, metric, value, unit.
    leads, customers, people, ties, audit, decisions : DataFrame
        One row each; days are nullable integers, codes are words.
    revenue_bridge, accounts, ratios : DataFrame
        Recurring revenue by quarter; income, and what it says of selling and marketing, by year.
    state
        The simulation at its end (None for a loaded run).
    about : dict
        Hashes, versions and the balances that the tables begin with; `before`: of a run whose luck was drawn anew
        (`from_state` with another market), its first market and how many days it lived there.
    """

    def __init__(self, scenario: Scenario, seed: int, days: int, about: dict, made: dict, state=None):
        self.scenario, self.seed, self.days, self.about, self.state = scenario, seed, days, about, state
        self._made = made

    @classmethod
    def of(cls, scenario: Scenario, simulation: drive.Simulation, about: dict) -> Run:
        """The result of a simulation that has ended; `about` is what was known only when it began."""
        firm, days = simulation.firm, int(simulation.day)
        about = about | {
            "versions": about.get("versions") or made_by(lived=[scenario]),
            "scenario_hash": scenario.hash,
            "market": hashes.market_hash(scenario.theory, simulation.seed, scenario.days, simulation.before),
            "before": simulation.before,
            "broke": int(firm.ledger["broke"][0]),
            "opening_equity": float(firm.ledger["opening_equity"][0]),
            "closing_recurring": float(firm.ledger["recurring"][0]),
            "discount": float(scenario.theory.money.discount),
        }
        return cls(scenario, int(simulation.seed), days, _About(about, simulation), {}, simulation)

    def _table(self, name: str) -> pd.DataFrame:
        """A table, made from the arrays when it is first asked for."""
        if name not in self._made:
            firm, names = self.state.firm, self.state.names
            make = {
                "daily": lambda: run_tables.daily(firm, self.days),
                "bare_quarters": lambda: run_tables.quarters(firm, self.days),
                "audit": lambda: run_tables.audit(firm, self.days, STATEMENTS),
                "decisions": lambda: run_tables.decisions(firm, self.days),
            }
            self._made[name] = make[name]() if name in make else getattr(run_tables, name)(firm, names)
        return self._made[name]

    leads = property(lambda self: self._table("leads"), doc="One row a lead.")
    customers = property(lambda self: self._table("customers"), doc="One row a customer.")
    people = property(lambda self: self._table("people"), doc="One row a seat, at the end.")
    ties = property(lambda self: self._table("ties"), doc="One row a tie, at the end.")
    audit = property(lambda self: self._table("audit"), doc="One row a quarter, side and statement.")
    decisions = property(lambda self: self._table("decisions"), doc="One row a quarter and each of the four Ps.")
    daily = property(lambda self: self._table("daily"), doc="One row a day.")

    @property
    def name(self) -> str:
        """Scenario and market in short, such as `silo-12`."""
        return f"{label(self.scenario)}-{self.seed}"

    @property
    def state_hash(self) -> str:
        """The hash of everything at the run's end, 16 hex digits: the same run has the same, here and on the page."""
        return str(self.about["state"])

    @property
    def broke(self) -> int | None:
        """The day the cash ran out, or None."""
        return self.about["broke"] if self.about["broke"] >= 0 else None

    @property
    def weekly(self) -> pd.DataFrame:
        """One row a week of five days."""
        return run_tables.gathered(self.daily, WEEK, "week")

    @property
    def quarters(self) -> pd.DataFrame:
        """One row a whole quarter: audit, stage, customer equity, the diary's sums, and the assumed `overhead`."""
        if "quarters" not in self._made:
            table = run_tables.dressed_quarters(self._table("bare_quarters"), self.daily)
            table["overhead"] = self._overhead * table["revenue"]
            self._made["quarters"] = run_tables.with_units(table, {**table.attrs["units"], "overhead": "k€"})
        return self._made["quarters"]

    @property
    def df(self) -> pd.DataFrame:
        """One long table: run, scenario, seed, day, metric, value, unit."""
        return run_tables.long(self.daily, self._table("bare_quarters"), self.name, label(self.scenario), self.seed)

    @property
    def opening_recurring(self) -> float:
        """k€ a year of recurring revenue at day 0."""
        flows = self.daily[["new_value", "expansion", "contraction", "churned_value"]].sum()
        return self.about["closing_recurring"] - float(
            flows["new_value"] + flows["expansion"] - flows["contraction"] - flows["churned_value"]
        )

    @property
    def revenue_bridge(self) -> pd.DataFrame:
        """Recurring revenue, k€ a year: opening + new + expansion - contraction - churn = closing, each quarter."""
        return accounts.revenue_bridge(self.quarters, self.opening_recurring)

    @property
    def accounts(self) -> pd.DataFrame:
        """Income by year, k€; `working_together`, `overhead` and what is left after it are memo lines."""
        return accounts.accounts(self.daily, self._overhead)

    @property
    def ratios(self) -> pd.DataFrame:
        """By year: selling and marketing over revenue, cost of a new euro, net retention, growth, what is left."""
        return accounts.ratios(self.daily, self.opening_recurring, self._overhead)

    @property
    def _overhead(self) -> float:
        """What is assumed for research, administration and service: a share of revenue, a constant."""
        return self.scenario.theory.money.overhead

    @property
    def net_value(self) -> outcomes.NetValue:
        """Net value and its parts, discounted to day 0."""
        return outcomes.net_value(self.daily["contribution"], self.daily["equity"], *self._worth())

    def outcomes(self, more: Sequence[str] = ()) -> dict[str, float]:
        """Every number of `sim.result.outcomes.OUTCOMES` for this run, and columns of the diary by name.

        Raises
        ------
        InputError
            An outcome of the user's own fails (told with its file and line), or gives no number.
        """
        if self.state is None:
            days, quarters = self.daily, self._table("bare_quarters")
        else:  # the same numbers, without making tables
            days, quarters = self.state.firm.days[: self.days], self.state.firm.quarters[: self.days // QUARTER]
        found = outcomes.measure(days, quarters, *self._worth()) | own_outcomes.values(self)
        return found | {name: outcomes.of_diary(days, name) for name in more if name not in found}

    def _worth(self) -> tuple[float, float, bool]:
        return self.about["opening_equity"], self.about["discount"], self.broke is not None

    def summary(self) -> pd.DataFrame:
        """By year, in k€: revenue, new business, contribution, change in customer equity; stage at its end."""
        opening, _, broke = self._worth()
        return accounts.by_year(self.daily, self._table("bare_quarters"), opening, broke)

    def stage_changes(self) -> list[dict]:
        """Each change of stage: day, quarter, from, to, a sentence, and the audit items that moved most."""
        return stories.stage_changes(self.quarters, self.audit)

    def lead_story(self, lead: int) -> list[str]:
        """What happened to one lead, in sentences with days."""
        if not 0 <= lead < len(self.leads):
            raise InputError(f"lead {lead}: this run has the leads 0 to {len(self.leads) - 1}")
        hours = self.scenario.theory.workload.day_hours
        return stories.lead_story(self.leads.iloc[lead].to_dict(), self.days, hours)

    def plot(self, **options):
        """The run on one page: stage, revenue, contribution, trust and contacts (a matplotlib figure)."""
        from sim import figures

        return figures.run_page(self, None, **options)

    def save_state(self, path: str | Path) -> Path:
        """Keep the organization as it is at the end, to go on from with `run(…, from_state=path)`."""
        if self.state is None:
            raise InputError("a loaded run has no state; run it again and save the state then")
        with written_file(path) as work:
            saved.save(self.state, work, self.about["versions"])
        return Path(path)

    def save(self, folder: str | Path, overwrite: bool = False, extra: dict | None = None, **options) -> Path:
        """Write all tables, the scenario as run and the page to a new folder, whole or not at all.

        `run.parquet` (long), `leads`, `customers`, `people`, `ties`, `audit` and
        `decisions` (`.parquet`), `run.toml`, `run.png`. Raises FileExistsError if the folder
        holds something; `overwrite` replaces an earlier saved run and nothing
        else. `extra` adds tables by name; other options go to the figure.
        """
        from sim import figures

        with written_whole(folder, overwrite) as work:
            self.df.to_parquet(work / "run.parquet", index=False)
            for name, table in {**{n: self._table(n) for n in _FILES}, **(extra or {})}.items():
                table.to_parquet(work / f"{name}.parquet", index=False)
            (work / "run.toml").write_text(self._toml(), encoding="utf-8")
            figures.run_page(self, work / "run.png", **options)
        return Path(folder)

    def _toml(self) -> str:
        about = self.about
        scenario = {"name": label(self.scenario), "title": self.scenario.title, "question": self.scenario.question,
                    "source": Path(self.scenario.source).name, "toml": self.scenario.to_toml(shared=True)}  # fmt: skip
        hashes = {"scenario": about["scenario_hash"], "market": about["market"], "inputs": about["inputs"],
                  "state": about["state"]}  # fmt: skip
        run_part = {"seed": self.seed, "days": self.days, **{n: about[n] for n in _BALANCES}}
        run_part |= dict(zip(_BEFORE, about.get("before") or (), strict=False))
        return toml_text({"run": run_part, "scenario": scenario, "hashes": hashes, "versions": about["versions"]})

    def __repr__(self) -> str:
        last = self._table("bare_quarters")["stage"]
        stage = f", ends {run_tables.words(Stage)[int(last.iloc[-1]) - 1]}" if len(last) else ""
        return f"<Run {self.name}: {self.days} days{stage}>"

    def _repr_html_(self) -> str:
        head = html.escape(
            f"{self.scenario.title or label(self.scenario)}, market {self.seed}{past_market(self)}, {self.days} days"
        )
        return f"<p><b>{head}</b> (k€)</p>{self.summary().round(1).to_html()}"


def past_market(run) -> str:
    """What follows a run's market in accounts and captions: the one of its past, where luck was drawn anew on the way.

    >>> from types import SimpleNamespace
    >>> past_market(SimpleNamespace(about={"before": (3, 65)})), past_market(SimpleNamespace(about={}))
    (' (its first 65 days in market 3)', '')
    """
    before = getattr(run, "about", {}).get("before")
    return f" (its first {before[1]:,} days in market {before[0]})" if before else ""


def load(folder: str | Path) -> Run:
    """A run that was saved: the same tables, without the simulation's state."""
    folder = Path(folder)
    if not folder.is_dir():
        raise InputError(f"{folder}: there is no such folder")
    missing = [n for n in ("run.toml", "run.parquet", *(f"{n}.parquet" for n in _FILES)) if not (folder / n).is_file()]
    if missing:
        raise InputError(f"{folder}: not a saved run, {', '.join(missing)} missing")
    sums = read_sums(folder, "run it again") if (folder / SUMS).exists() else tell_unsummed(folder)

    from sim.files.parquet import frame_in

    def read(name: str) -> bytes:
        return sound(folder, name, sums, cure="run it again")

    kept: dict = {}
    try:
        kept = tomllib.loads(read("run.toml").decode("utf-8"))
        scenario = _scenario_of(kept["scenario"], folder)
        daily, bare = run_tables.wide(frame_in(read("run.parquet")))
        made = {"daily": daily, "bare_quarters": bare}
        made |= {name: frame_in(read(f"{name}.parquet")) for name in _FILES}
        faults = [f"{name}.parquet {fault}" for name in _FILES if (fault := run_tables.strange(name, made[name]))]
        about = {n: kept["run"][n] for n in _BALANCES} | {n: kept["hashes"][n] for n in ("market", "inputs", "state")}
        about |= {"scenario_hash": kept["hashes"]["scenario"], "versions": kept["versions"]}
        about["before"] = tuple(int(kept["run"][n]) for n in _BEFORE) if _BEFORE[0] in kept["run"] else None
    except Damaged:
        raise
    except InputError as fault:
        raise InputError(
            _of_other_rules(folder, kept) + [each.replace(UPGRADES, "") for each in fault.problems]
        ) from None
    except (KeyError, ValueError, TypeError, AttributeError, OSError) as fault:
        said = _of_other_rules(folder, kept) or [f"{folder}: not a saved run that can be read ({fault})"]
        raise InputError(said) from fault
    if faults:
        strange = [f"{folder}: not a saved run of Baton, {fault}" for fault in faults]
        raise InputError(_of_other_rules(folder, kept) or strange)
    tell_other_rules(folder, kept["versions"])
    return Run(scenario, kept["run"]["seed"], kept["run"]["days"], about, made)


def _of_other_rules(folder: Path, kept: dict) -> list[str]:
    """Why a run cannot be read where it says that it was made by other rules: a sentence, or none."""
    made = kept.get("versions")
    return (
        [other_rules(folder, made)]
        if isinstance(made, dict) and made.get("rules") and other_rules(folder, made)
        else []
    )


def _scenario_of(kept: dict, folder: Path) -> Scenario:
    """The scenario that a saved run carries, read by the one reader there is."""
    scenario = carried(kept["toml"], folder / (Path(kept["source"]).name or "run.toml"))
    return dataclasses.replace(scenario, source=kept["source"])
