"""`baton export odd`: the model described by the ODD protocol."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from sim.cli.options import Quiet, option
from sim.cli.screen import put, screen


def odd_command(
    output: Annotated[Path | None, option("-o", "--output", metavar="FILE", help="write it to a file")] = None,
    declared: Annotated[bool, option("--declared", help="without the rules' words: fields, numbers, order")] = False,
    quiet: Quiet = False,
) -> None:
    """Write the ODD description of the model, made from its code.

    \b
    Examples:
      baton export odd -o odd.md
      baton export odd | less
      baton export odd --declared -o docs/reference/odd.md     as the committed page is written
    """
    screen.quiet = quiet
    screen.say("Describing the model …")
    from sim.study.validation.odd import odd

    text = odd(declared)
    if output is None:
        put(text, end="")
        return
    from sim.files.folder import written_file

    with written_file(output) as path:
        path.write_text(text, encoding="utf-8")
    screen.say(f"The description is {output}\nNext: baton validate --quick")
