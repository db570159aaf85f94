"""`baton export`: what other programs and other people take from Baton. A verb of the group is a line in VERBS."""

from __future__ import annotations

from sim.cli.brief_command import brief_command
from sim.cli.bundle_command import bundle_command
from sim.cli.crm_command import crm_command
from sim.cli.figure_command import figure_command
from sim.cli.link_command import link_command
from sim.cli.live_command import live_command, site_command
from sim.cli.odd_command import odd_command
from sim.cli.replay_command import replay_command
from sim.cli.tables_command import csv_command, survival_command
from sim.cli.worksheet_command import worksheet_command

HELP = """Figures for papers and talks, tables for R and Stata, runs and live pages to mail, a synthetic CRM.

    \b
    Examples:
      baton export figure run silo --style paper -o silo.pdf
      baton export figure --check silo.pdf
      baton export brief silo liaison -o brief.pdf
      baton export bundle store -o paper.zip
      baton export csv silo --seeds 30 -o silo-csv
      baton export survival liaison --seeds 100 -o liaison.csv
      baton export crm liaison --as hubspot -o crm
      baton export odd -o odd.md
      baton export replay liaison --seed 12 -o run.html
      baton export link liaison --seed 12
      baton export live -o firm.html
      baton export site -o site
      baton export worksheet --set liaison.count=1 --at http://192.168.1.20:8765/ -o sheet.html
    """
VERBS = {
    "figure": figure_command,
    "brief": brief_command,
    "bundle": bundle_command,
    "csv": csv_command,
    "survival": survival_command,
    "crm": crm_command,
    "odd": odd_command,
    "replay": replay_command,
    "link": link_command,
    "live": live_command,
    "site": site_command,
    "worksheet": worksheet_command,
}
