"""Where the command runs: without a home, a terminal, room or memory, under odd names, stopped at any moment."""

from __future__ import annotations

import ast
import asyncio
import errno
import logging
import os
import signal
import subprocess
import sys
import time
from types import SimpleNamespace

import house
import pytest

from sim.cli import code_of
from sim.errors import InputError
from sim.page.door import Settings, allowed_origin, foreign_host
from sim.page.serve import Wanted, settings_of
from sim.page.server import said_once
from sim.page.view import view_of

HANGS = 120  # seconds; everything here takes one or two
BATON = [sys.executable, "-m", "sim"]
ENVIRONMENT = os.environ | {"PYTHONPATH": str(house.ROOT)}


def baton(*arguments, **more) -> subprocess.CompletedProcess:
    return subprocess.run([*BATON, *arguments], timeout=HANGS, env=ENVIRONMENT, stderr=subprocess.PIPE, **more)


def shell(line: str) -> subprocess.CompletedProcess:
    return subprocess.run(["bash", "-c", f"set -o pipefail; {line}"], timeout=HANGS, env=ENVIRONMENT,
                          capture_output=True, text=True)  # fmt: skip


# ---- the output


def test_an_output_that_is_closed_full_or_read_in_part():
    line = f"{sys.executable} -m sim levers --all"
    for ending, code in ((">&-", 0), ("| head -1", 0), ("2>&-", 0), (">/dev/full", 5), ("2>/dev/full", 0),
                         (">&- 2>&- <&-", 0)):  # fmt: skip
        done = shell(f"{line} {ending}")
        assert done.returncode == code, (ending, done)
        assert "Traceback" not in done.stderr and "our fault" not in done.stderr and "ignored" not in done.stderr
        assert ("no room left" in done.stderr) == (code == 5)
    assert shell(f"{line} nonsense 2>/dev/full").returncode == 3


def test_a_file_opened_while_the_output_is_closed_does_not_become_the_output(tmp_path):
    (tmp_path / "own.toml").write_text("days = 9\n")
    done = shell(f"cd {tmp_path}; {sys.executable} -m sim scenarios check own.toml >&-")
    assert done.returncode == 0 and (tmp_path / "own.toml").read_text() == "days = 9\n"


# ---- names, users, memory


def test_a_name_that_is_not_utf8_is_refused_and_no_trace_fails_on_it(tmp_path, capsys):
    (tmp_path / os.fsdecode(b"\xff.toml")).write_text("days = 9\n")
    done = baton("scenarios", "check", os.fsencode(tmp_path) + b"/\xff.toml")
    assert done.returncode == 3 and b"is not UTF-8" in done.stderr and b"Traceback" not in done.stderr
    from sim import cli

    name = cli._trace(ValueError("\udcff"))
    with open(name, encoding="utf-8") as file:
        assert "\\udcff" in file.read()
    os.unlink(name)


STRANGER = """import os
from sim.files.cache import own_folder
from sim.cli import code_of

assert code_of(["levers", "trust"]) == 0  # what is needed is loaded, wherever it lies
os.environ.clear()
os.setgroups([])
os.setgid(12345)
os.setuid(12345)
own_folder("numba")
raise SystemExit(code_of(["levers", "trust"]))
"""


@pytest.mark.skipif(os.name != "posix" or os.getuid() != 0, reason="only root can become somebody else")
def test_a_user_without_name_and_home():
    closed = [str(path) for path in (house.ROOT, *house.ROOT.parents) if not path.stat().st_mode & 0o001]
    if closed:
        pytest.skip(f"others may not read {closed[0]}, where the project lies")
    done = subprocess.run([sys.executable, "-c", STRANGER], timeout=HANGS, env=ENVIRONMENT, capture_output=True)
    assert done.returncode == 0 and b"Traceback" not in done.stderr, done.stderr


@pytest.mark.parametrize("fault", [MemoryError("std::bad_alloc"), MemoryError()], ids=repr)
def test_too_little_memory_is_said(monkeypatch, capsys, fault):
    def fail(*_, **__):
        raise fault

    monkeypatch.setattr("sim.cli.app", fail)
    assert code_of([]) == 3
    said = capsys.readouterr().err
    assert "there is not enough memory" in said and "fewer people" in said and "our fault" not in said


# ---- the moment at which it is stopped


def test_ctrl_c_while_it_is_loaded_shows_no_trace():
    for after in (0.0, 0.1, 0.3):
        child = subprocess.Popen([*BATON, "scenarios", "list"], env=ENVIRONMENT | {"PYTHONPROFILEIMPORTTIME": "1"},
                                 stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)  # fmt: skip
        said = ""
        while "typer" not in (line := child.stderr.readline()):  # Python itself is up, and sim is being loaded
            said += line
        time.sleep(after)
        child.send_signal(signal.SIGINT)
        said += line + child.stderr.read()
        # ended by the signal itself while Python comes up or goes down, it is 130 to a shell too
        assert child.wait(HANGS) in (130, -signal.SIGINT, 0)
        assert "Traceback" not in said


def test_who_is_asked_to_end_says_so():
    child = subprocess.Popen([*BATON, "serve", "--port", "0", "--no-open"], env=ENVIRONMENT, text=True,
                             stderr=subprocess.PIPE)  # fmt: skip
    try:
        for line in child.stderr:
            if "Ctrl-C" in line:
                break
        time.sleep(1)
        child.send_signal(signal.SIGTERM)
        said = child.stderr.read()
        assert child.wait(HANGS) in (0, 130) and ("Ended." in said or "Interrupted." in said) and "Trace" not in said
    finally:
        child.kill()


# ---- checks that stay checks


def test_no_check_is_an_assert_that_python_o_drops():
    for name, path in house.sources().items():
        found = [node.lineno for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Assert)]
        assert not found, f"{name}, line {found}: raise, an assert is gone under python -O"


# ---- who is let in, and what is said to whom


def test_every_address_answers_under_its_own_name_alone():
    from starlette.testclient import TestClient

    from sim.page.server import application

    client = TestClient(application(Settings()), base_url="http://evil.example")
    for path in ("/", "/health", "/static/main.js", "/lessons", "/docs/limits"):
        found = client.get(path)
        assert found.status_code == 403 and "its own name" in found.text, path


@pytest.mark.parametrize(
    ("origin", "host", "ours"),
    [(None, "localhost:8765", True), ("http://localhost:8765", "localhost:8765", True),
     ("http://localhost:3000", "localhost:8765", False), ("http://localhost", "localhost:8765", False),
     ("http://127.0.0.1:8765", "localhost:8765", False), ("ws://localhost:8765", "localhost:8765", False),
     ("http://[::1]:8765", "[::1]:8765", True), ("null", "localhost:8765", False)],
)  # fmt: skip
def test_only_our_own_page_on_our_own_port_opens_a_socket(origin, host, ours):
    assert allowed_origin(origin, host, Settings()) == ours
    assert not foreign_host(SimpleNamespace(headers={"host": host}), Settings())


def test_a_visitor_learns_no_path_of_the_server():
    with pytest.raises(InputError) as caught:
        view_of({"arms": {"a": {"scenario": "company"}}, "seed": 1, "day": 0})
    assert "cannot be read" in str(caught.value) and "/" not in str(caught.value)


def test_a_network_without_an_address_is_none():
    for given in ("", "  "):
        with pytest.raises(InputError, match="--lan: give"):
            settings_of(Wanted(lan=given))


def test_out_of_files_is_said_once_a_minute(caplog):
    loop = SimpleNamespace(default_exception_handler=lambda context: others.append(context))
    others: list[dict] = []
    handle = said_once()
    with caplog.at_level(logging.WARNING, "uvicorn.error"):
        for _ in range(1000):
            handle(loop, {"exception": OSError(errno.EMFILE, "Too many open files"), "message": "accept"})
        handle(loop, {"exception": ValueError("another"), "message": "x"})
    assert len(caplog.records) == 1 and "no more files" in caplog.text and len(others) == 1
    assert asyncio.iscoroutinefunction(handle) is False
