"""A server of the live page for tests: in a thread, on a free port of this machine."""

from __future__ import annotations

import base64
import contextlib
import json
import socket
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import uvicorn
from websockets.sync.client import connect

from sim.page.door import Settings
from sim.page.serve import _more_files
from sim.page.server import application

_open: dict[str, Any] = {}


def once(config, name: str, make: Callable[[], contextlib.AbstractContextManager]) -> Any:
    """What all files of a test run share: a server whose lines are lived but once; it is closed when the run ends."""
    if name not in _open:
        manager = make()
        _open[name] = manager.__enter__()
        config.add_cleanup(lambda: manager.__exit__(None, None, None))
    return _open[name]


class Served:
    """A running server: its address, and visitors to it."""

    def __init__(self, port: int, settings: Settings, app):
        self.port, self.settings, self.app = port, settings, app
        self.url = f"http://127.0.0.1:{port}/" + (f"?token={settings.token}" if settings.token else "")

    def state(self) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=5) as answer:
            return answer.read().decode()

    def until_ready(self, seconds: float = 300.0) -> None:
        """Wait until pages are told what they ask for."""
        end = time.monotonic() + seconds
        while self.state() != "ready":
            assert time.monotonic() < end, f"still {self.state()}"
            time.sleep(0.05)

    def visitor(self, **more) -> Visitor:
        return Visitor(self.port, **more)


class Visitor:
    """A visitor without a browser."""

    def __init__(self, port: int, query: str = "", **more):
        self._opened = connect(f"ws://127.0.0.1:{port}/socket{query}", max_size=None, **more)
        self.socket = self._opened.__enter__()
        self.number, self.asides = 0, []

    def __enter__(self):
        return self

    def __exit__(self, *why):
        self._opened.__exit__(*why)

    def hear(self, timeout: float = 60.0) -> dict:
        """The next message."""
        return json.loads(self.socket.recv(timeout=timeout))

    def past_greeting(self, timeout: float = 60.0):
        """The next message that is not the greeting, which comes whenever the models can be used."""
        heard = self.hear(timeout)
        while heard["is"] == "about":
            heard = self.hear(timeout)
        return heard

    def ask(self, do: str, **message):
        """Ask and wait for the answer; what else is said meanwhile is kept in `asides`."""
        self.number += 1
        self.socket.send(json.dumps({"do": do, "id": self.number, **message}))
        while True:
            heard = self.hear()
            if heard.get("id") == self.number and "done" not in heard:
                return base64.b64decode(heard["bytes"]) if "bytes" in heard else heard
            self.asides.append(heard)

    def set(self, changes=(), scenario="default", seed=12, day=0, base=None, **more):
        arm = {"scenario": scenario, "changes": list(changes)}
        arms = {"a": arm} | more.pop("arms", {})
        return self.ask("set", arms=arms, base=base or {"scenario": scenario}, seed=seed, day=day, **more)


@contextlib.contextmanager
def serving(**settings) -> Iterator[Served]:
    """A server while the block runs."""
    _more_files()
    chosen = Settings(**settings)
    with socket.socket(proto=socket.IPPROTO_TCP) as listening:  # as sim.page.serve makes it
        listening.bind(("127.0.0.1", 0))
        listening.listen(1024)
        app = application(chosen)
        config = uvicorn.Config(app, log_level="warning", ws="websockets-sansio", ws_max_size=4 << 16,
                                timeout_graceful_shutdown=2, access_log=False)  # fmt: skip
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        served = Served(listening.getsockname()[1], chosen, app)
        try:
            yield served
        finally:
            server.should_exit = True
            thread.join(15)
            assert not thread.is_alive(), "the server does not stop"
