"""The sentences of docs/reports/fit.md."""

from __future__ import annotations

import re
import textwrap

HEAD = """\
# Fits to real data

*Written by `python experiments/fit.py`; do not edit. The data are not shipped.*

Needs `pip install 'baton-sim[fit]'`: approximate Bayesian computation is pyABC's, the logit statsmodels'. The command
is `python experiments/fit.py --funnel FOLDER --company FOLDER -o docs/reports/fit.md`; what is done is kept in the
user's cache, and a command that was stopped goes on there. The same versions of the libraries give the same page,
however many processes share the work and wherever it was stopped. No default of the model was moved to a value found
here."""

FUNNEL = """\
## The funnel

**The data.** {leads:,} leads of the Olist marketing funnel first contacted from January 2018 on (closings are recorded
only from December 2017). {won} became sellers: conversion {conversion:.1%} of those leads, by origin {fewest:.0%} to
{most:.0%} ({unknown:.0%} where the origin is unknown). Among those won, quartiles of {first:.0f}, {second:.0f} and
{third:.0f} whole days from first contact to contract; standard deviation of the logarithm {sd:.2f}. They identify
reduced-form conversion and delay, not follow-up, handoff or losses; the model has no origins.

**The same in the model.** Denominator: Marketing's leads that were qualified (Olist publishes no others), whose
inquiry came in the first {last} working days. A win counts if it came within {shortest} to {longest} calendar days,
the earlier the lead the longer, as in the data. Days run from the inquiry (Olist: the form that was filled in); a
working day is 1.4.

**The fit.** {numbers} numbers, each uniform on its range (or its logarithm). Sequential Monte Carlo with an adaptive
distance over five statistics, fitted on one random half of the leads: {size} sets of numbers in each of {populations}
populations, {runs:,} runs. It ends when fewer than {least:.0%} of the runs are near enough.

**Recovery first.** {again} truths spread over the same ranges, each with data simulated by the model and a shorter fit
of its own (at most {most_again} populations of {size_again}; {runs_again:,} runs together). A number whose interval is
hardly narrower than the range there (by less than {narrowed:.0%} in the median) or misses the truth too often (more
than a quarter of the times) is not identified by such data. It is **assumed**, whatever the fit to the data says. Of
all {intervals} intervals of 90 % {held} hold the truth ({share_held:.0%}); where that is fewer than 90 %, the intervals
below are somewhat too narrow."""

MISFIT = """\
The five statistics, fitted on one half of the leads and compared with the other half. The two halves differ by chance
too, so a misfit below their difference says nothing:"""

LIMITS_OF_FUNNEL = """\
Follow-up, readiness, interest and the chance to win multiply into one conversion, so the numbers behind it trade off
against each other. Delays come from the selling cycle; what the handoff and nurturing add cannot be told from it. The
fit converts fewer leads than Olist did, and even towards the ends of the ranges the model's delays spread less (first
and last row): some of these shops signed at once and some after half a year, and the model has one kind of lead. The
misfit is told, not mended: no rule was bent to such a market. The data are of one Brazilian marketplace that sells to
small shops; the default's firm sells larger contracts, more slowly, and is not moved to these values."""

SURVEY = """\
## Who asks whom for advice

**The data.** One wave in one company: {people} people who rate others, {pairs} pairs of a rater and somebody whose
feeling was rated (the denominator of everything but the densities). Advice is asked in {asked:.0%} of them;
{required:.0%} of this asking goes to people with whom contact is required, {chosen:.0%} is chosen. Both ends' ratings
correlate by {mutual_feeling:.2f} for feeling ({n_feeling} mutual pairs) and {mutual_conflict:.2f} for conflict
({n_conflict}). Of all pairs of people with a known department ({known} of {all} people), contact is required in
{required_in:.0%} within departments and {required_out:.1%} across, advice asked in {advice_in:.0%} and
{advice_out:.1%}.

**The logit** of asking for advice, intervals of 95 % robust to who answers. Fitted on every second person, the mean
log-likelihood of the others' pairs is {moved:.3f}; their own fit has {own:.3f}, a constant alone {alone:.3f}."""

MODEL = """\
**The same logit run on the model** (indirect inference, recovery first): {pairs:,} ties of the default in {markets}
markets, predictors on day {day}, whether a talk was understood on the next {window} days; intervals by market. Each
number is set to nought and to twice its default ({runs} runs in all). Only if its own slope follows it clearly could a
survey of this kind tell the number:"""

SIZES = """\
In the model full trust against none adds {trust:g} to the log-odds of talking; four points of feeling add
{feeling:.1f} here. Familiarity adds {strength:g}, required contact {required:.1f} here. An open grievance adds
{complaint:g} in the model (people talk to complain), while rated conflict hardly moves asking for advice: the survey
knows no talk about complaints. Trust on the default's ties spreads by {spread:.2f} (standard deviation; feeling on the
same scale of 0 to 1: {spread_data:.2f}) and both ends' affect correlates by {mutual:.2f}. The survey was taken inside
of one building and not across the gap between two teams, so it tests sign and size of two slopes and nothing else;
distance, language, the liaison and adoption remain **assumed**."""


def filled(text: str, **values: object) -> str:
    """A text with its values, its paragraphs filled to 120 columns."""
    said = re.sub(r"(\d)%", r"\1 %", text.format(**values))
    return "\n\n".join(textwrap.fill(part, 120, break_on_hyphens=False) for part in said.split("\n\n"))
