"""Libraries that only a rarer verb needs: where one is missing, the sentence that names the line to type."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from sim.errors import InputError


@contextlib.contextmanager
def extra(name: str, what: str) -> Iterator[None]:
    """Around an import that needs an extra of pyproject.toml.

    >>> with extra("fit", "A fit to data"):
    ...     import no_such_library
    Traceback (most recent call last):
    sim.errors.InputError: A fit to data needs no_such_library: pip install "baton-sim[fit]"
    """
    try:
        yield
    except ImportError as fault:
        missing = (fault.name or "").partition(".")[0]
        raise InputError(f'{what} needs {missing}: pip install "baton-sim[{name}]"') from None
