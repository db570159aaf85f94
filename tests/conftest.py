"""What all tests share: how Hypothesis searches, and where real data lies."""

from __future__ import annotations

import contextlib
import ctypes
import functools
import gc
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings

ROOT = Path(__file__).parent.parent
ARENA_MAX = -8  # of glibc's mallopt
COMPILING = "from sim.model import kernel, warm, wasm; warm.prepare(wasm.MANY); kernel.mark_compiled()"
MOST_HELD = 2 * 2**30  # bytes of memory a worker, in the mean: two of them lie within four GiB

# The gate must give the same verdict twice, so its examples are fixed;
# `pytest --hypothesis-profile explore` looks for new ones.
settings.register_profile("gate", deadline=None, max_examples=60, derandomize=True, database=None)
settings.register_profile("explore", deadline=None, max_examples=1000, print_blob=True)
settings.load_profile("gate")


# Tests interrupt commands as Ctrl-C does; a command begun in the background would inherit that it is ignored.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_configure(config) -> None:
    """Everywhere, and with BATON_TEST_FONTS=bare as on a machine without typefaces but those that matplotlib brings."""
    config.pluginmanager.register(Everywhere())
    with contextlib.suppress(OSError, TypeError, AttributeError):  # macOS, Windows, musl
        ctypes.CDLL(None).mallopt(ARENA_MAX, 2)  # else each thread keeps pieces of its own
    if os.environ.get("BATON_TEST_FONTS") == "bare":
        import matplotlib
        from matplotlib.font_manager import fontManager

        own = Path(matplotlib.get_data_path()).resolve()
        fontManager.ttflist = [font for font in fontManager.ttflist if Path(font.fname).resolve().is_relative_to(own)]
        fontManager.afmlist = []


class Everywhere:
    """What holds for the examples of docstrings too, which lie outside of this folder."""

    @pytest.fixture(autouse=True)
    def within_memory(self, tmp_path_factory):
        """The first test at which workers have come to hold more than two GiB each, added up, is red and named."""
        yield
        give_back()
        shares = held_by_each(tmp_path_factory.getbasetemp().parent)
        if sum(shares) > MOST_HELD * len(shares) and not _told:
            _told.append(True)
            each = " and ".join(f"{held / 2**30:.1f}" for held in shares)
            pytest.fail(f"{each} GiB of memory were held by a worker, or by a process that it began: what keeps them?")

    @pytest.fixture(scope="module", autouse=True)
    @classmethod
    def given_back(cls, request):
        """What a file of tests kept for its own tests is nobody's once they are through."""
        yield
        for each in list(vars(getattr(request, "module", cls)).values()):
            if callable(getattr(each, "cache_clear", None)) and each.__module__ == request.module.__name__:
                each.cache_clear()
        give_back(grown=0)

    @pytest.fixture(autouse=True)
    def own_outcomes_forgotten(self):
        """What a test, or an example of a docstring, declares as an outcome is nobody else's."""
        from sim.result.outcomes import OUTCOMES

        before = dict(OUTCOMES)
        yield
        if before != OUTCOMES:
            OUTCOMES.clear()
            OUTCOMES.update(before)


@pytest.fixture
def baton(capsys):
    """The command in this process: (exit code, stdout, stderr)."""
    from sim import cli  # not before the settings above

    def call(*words: object) -> tuple[int, str, str]:
        code = cli.code_of([str(word) for word in words])
        out = capsys.readouterr()
        return code, out.out, out.err

    return call


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items) -> None:
    """What asks for the browser bears its mark."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session", autouse=True)
def compiled_by_one(tmp_path_factory):
    """Tests are of compiled rules: of several workers one has them compiled, on all cores, and the others wait for it.

    In a process of its own, as a compiler never gives back what it held: some 400 MB.
    """
    from sim.model import kernel, warm, wasm

    prepare, several, cache = warm.prepare, "PYTEST_XDIST_WORKER" in os.environ, kernel.CACHE
    waiting = FileLock(tmp_path_factory.getbasetemp().parent / "compiling") if several else contextlib.nullcontext()

    @functools.wraps(prepare)
    def one_at_a_time(runs: float = 1) -> None:
        with waiting:
            if several and cache is not None and cache == kernel.CACHE and not kernel.is_compiled():
                subprocess.run([sys.executable, "-c", COMPILING], check=True)
            prepare(max(runs, wasm.MANY))

    warm.prepare = one_at_a_time


_told: list[bool] = []
_held_before, _written = [0], [0.0]
GROWN = 2**26  # bytes that a process may grow before it looks for what nobody holds any more


def give_back(grown: int = GROWN) -> None:
    """What tests freed goes back to the machine: pictures lie in rings until somebody looks, and glibc keeps pieces."""
    with contextlib.suppress(OSError, TypeError, AttributeError, ValueError):  # macOS, Windows, musl
        if held_now() > _held_before[0] + grown:
            gc.collect()
            ctypes.CDLL(None).malloc_trim(0)
            _held_before[0] = held_now()


def held_now() -> int:
    """Memory (bytes) that this process holds now, where Linux tells it."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def held_by_each(folder: Path) -> list[float]:
    """The most memory (bytes) of each worker until now, as they tell one another in a folder; of this process alone."""
    mine, held = os.environ.get("PYTEST_XDIST_WORKER"), most_held()
    if mine is None:
        return [held]
    if held > _written[0]:
        _written[0] = held
        (folder / f"held-{mine}").write_text(str(held))
    each = [path.read_text() for path in folder.glob("held-*") if path.name != f"held-{mine}"]
    return [held, *(float(text or 0) for text in each)] + [0.0] * (
        int(os.environ["PYTEST_XDIST_WORKER_COUNT"]) - 1 - len(each)
    )


def most_held() -> float:
    """The most memory (bytes) that this process had until now, or one that it began and that has ended."""
    try:
        import resource
    except ImportError:  # Windows
        return 0.0
    counted = 1 if sys.platform == "darwin" else 1024
    return counted * max(
        resource.getrusage(each).ru_maxrss for each in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real data that is not shipped: BATON_DATA, or shared/data beside the project's folder."""
    folder = Path(os.environ.get("BATON_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip("the real data is not part of the project: set BATON_DATA to the folder that holds company/")
    return folder


@pytest.fixture(scope="module")
def served(request):
    """One server of the page for the whole session."""
    from served import once, serving

    found = once(request.config, "served", serving)
    found.until_ready()
    return found


@pytest.fixture(scope="module")
def adapted(request):
    """One that takes no browser to be able to live anything: Python answers every question, by the same rules."""
    from served import once, serving

    found = once(request.config, "adapted", serving)
    found.until_ready()
    adapter = found.app.state.guests.prepared.adapter
    adapter.far = tuple(found.app.state.guests.prepared.about["scenarios"])
    return found


@pytest.fixture
def visitor(adapted):
    """Somebody new at that server."""
    with adapted.visitor() as found:
        yield found
