"""The command `baton`. Only typer is loaded at the start; everything else when a verb needs it."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import sys
from typing import Annotated

import typer

from sim.cli import (
    asking,
    comparing,
    experimenting,
    explaining,
    exporting,
    futures_command,
    importing,
    levers_command,
    looking,
    own_command,
    plan_brief,
    plan_command,
    reaching,
    running,
    scenarios,
    sensitivity_command,
    serving,
    theory_command,
    validating,
)
from sim.cli.options import DONE, INPUT, INTERRUPTED, NO, OUR_FAULT, PARTIAL, USAGE, Verb, option
from sim.cli.screen import put

_LOOK = {"no_args_is_help": True, "add_completion": False, "rich_markup_mode": None, "pretty_exceptions_enable": False}
app = typer.Typer(
    name="baton",
    help="""How Marketing and Sales work together, drift apart, and what that does to revenue.

    \b
    Examples:
      baton run                              the default organization, five years
      baton run silo --seed 12 -o out        one market, with tables and a picture
      baton run silo --set liaison.count=1   one lever moved
      baton serve                            the live page: watch it, change it
      baton compare silo liaison --seeds 30  two organizations, the same markets
      baton explain silo liaison             why they differ
      baton import deals.csv people.csv      your own firm, from its exports
      baton scenarios list                   what is shipped
    """,
    **_LOOK,
)
scenarios_app = typer.Typer(help="List, show and check scenario files, tell two apart, upgrade old ones.", **_LOOK)
app.add_typer(scenarios_app, name="scenarios")
store_app = typer.Typer(help="Put stores of experiments together.", **_LOOK)
app.add_typer(store_app, name="store")
theory_app = typer.Typer(help="List theories, try one of your own, let several compete.", **_LOOK)
app.add_typer(theory_app, name="theory")
export_app = typer.Typer(help=exporting.HELP, **_LOOK)
app.add_typer(export_app, name="export")
for _home, _verbs in (
    (app, {"run": running.run_command, "serve": serving.serve_command, "compare": comparing.compare_command,
           "explain": explaining.explain_command, "import": importing.import_command,
           "funnel": importing.funnel_command, "forget": importing.forget_command,
           "ask": asking.ask_command, "plan": plan_command.plan_command,
           "brief": plan_brief.plan_brief_command,
           "fit": own_command.fit_command, "gate": own_command.gate_command,
           "backtest": own_command.backtest_command,
           "reach": reaching.reach_command, "audit": looking.audit_command,
           "network": looking.network_command, "levers": levers_command.levers_command,
           "futures": futures_command.futures_command,
           "experiment": experimenting.experiment_command, "sensitivity": sensitivity_command.sensitivity_command,
           "validate": validating.validate_command, "doctor": looking.doctor_command}),
    (scenarios_app, {"list": scenarios.list_command, "show": scenarios.show_command,
                     "check": scenarios.check_command, "diff": scenarios.diff_command,
                     "upgrade": scenarios.upgrade_command}),
    (theory_app, {"list": theory_command.list_command, "check": theory_command.check_command,
                  "tournament": theory_command.tournament_command}),
    (store_app, {"merge": experimenting.merge_command}),
    (export_app, exporting.VERBS),
):  # fmt: skip
    for _name, _verb in _verbs.items():
        _home.command(_name, cls=Verb)(_verb)


def _version(wanted: bool) -> None:
    if wanted:
        import sim

        put(f"baton {sim.__version__}")
        raise typer.Exit()


@app.callback()
def _options(
    version: Annotated[bool, option("--version", callback=_version, is_eager=True, help="print the version")] = False,
) -> None:
    pass


def _trace(fault: BaseException) -> str:
    """Write what went wrong to a file and give its name."""
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile(
        "w", prefix="baton-trace-", suffix=".txt", delete=False, encoding="utf-8", errors="backslashreplace"
    ) as file:
        file.write(" ".join(sys.argv) + "\n\n")
        traceback.print_exception(fault, file=file)
    return file.name


def _usage(fault) -> str:
    """What was wrong in the command typed, and where its help is; a verb that was left out has its help at once."""
    if type(fault).__name__ == "NoArgsIsHelpError":
        return fault.format_message()
    where = getattr(fault, "ctx", None)
    return f"baton: {fault.format_message()} (see {where.command_path if where else 'baton'} --help)"


def _our_fault(fault: BaseException) -> int:
    _complain(f"baton: our fault, {type(fault).__name__}; please send us {_trace(fault)}")
    return OUR_FAULT


def main(args: list[str] | None = None) -> None:
    """Run the command and end the process with its exit code.

    0 done, 1 our fault (trace in a named file), 2 wrong usage, 3 the input is
    wrong, 4 it ran and the answer is "no", 5 partial, 130 interrupted.
    """
    try:
        _open_streams()
        if signal.getsignal(signal.SIGTERM) == signal.SIG_DFL:
            signal.signal(signal.SIGTERM, signal.default_int_handler)  # who is asked to end says so, and keeps what is
        _say_what_is_told()
        code = code_of(args)
    except KeyboardInterrupt:  # pressed twice
        code = INTERRUPTED
    with contextlib.suppress(OSError):
        sys.stderr.flush()
    sys.exit(code)


def _open_streams() -> None:
    """Something to write to also where the caller closed it, and no letter that cannot be written."""
    while (handle := os.open(os.devnull, os.O_RDWR)) <= 2:  # else the next file opened would be our output
        pass
    os.close(handle)
    sys.stdout = sys.stdout or open(1, "w", closefd=False)  # noqa: SIM115 - open as long as we live
    sys.stderr = sys.stderr or open(2, "w", closefd=False)  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _complain(*sentences: str) -> None:
    """Say what went wrong, if there is anything to say it on."""
    with contextlib.suppress(OSError):
        for sentence in sentences:
            put(sentence, file=sys.stderr)
            sys.stderr.flush()


def _silence() -> None:
    """Nothing more is written: the interpreter's own last flush would fail again."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say_what_is_told() -> None:
    """What Python shows as a warning of ours is a plain line among the command's messages."""
    import warnings

    from sim.errors import Told

    others = warnings.showwarning

    def show(message, category, *place, **more) -> None:
        if issubclass(category, Told):
            put(message, file=sys.stderr, flush=True)
        else:
            others(message, category, *place, **more)

    warnings.showwarning = show


def code_of(args: list[str] | None) -> int:
    """Run the command and return its exit code."""
    from sim.errors import InputError, Refused, cut

    try:
        for each in sys.argv[1:] if args is None else args:
            if each != each.encode("utf-8", "replace").decode():
                raise InputError(f"{cut(ascii(each))}: is not UTF-8; give it another name")
        code = int(app(args, prog_name="baton", standalone_mode=False) or DONE)
        sys.stdout.flush()
    except InputError as fault:
        _complain(*fault.told)
        return NO if isinstance(fault, Refused) else INPUT
    except MemoryError as fault:  # among them C++'s own
        _complain(f"baton: there is not enough memory ({cut(str(fault)) or 'none is left'}); try fewer people, days, "
                  "markets or runs at a time")  # fmt: skip
        return INPUT
    except (KeyboardInterrupt, typer.Abort) as fault:
        if isinstance(cause := fault.__cause__ or fault.__context__, EOFError):  # typer takes a file's end for Ctrl-D
            return _our_fault(cause)
        code = INTERRUPTED
    except (BrokenPipeError, SystemExit) as fault:  # whoever read our output has seen enough; typer makes an exit of it
        if isinstance(fault, SystemExit) and getattr(fault.__context__, "errno", None) != errno.EPIPE:
            raise
        _silence()
        return DONE
    except Exception as fault:
        if hasattr(fault, "format_message"):  # typer's own: wrong usage
            _complain(_usage(fault))
            return USAGE
        if getattr(fault, "errno", None) in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
            _silence()
            _complain(f"baton: there is no room left to write to{f' ({fault.filename})' if fault.filename else ''}")
            return PARTIAL
        return _our_fault(fault)
    if code == INTERRUPTED:
        _complain("Interrupted.")
    return code
