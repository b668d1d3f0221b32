"""Names that go: warned of by a class that says with which version of the API they do."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from typing import Any


class VestibuleDeprecation(DeprecationWarning):
    """A plugin uses what will go; the subclass says when, the message what to use instead."""


class RemovedInApi2(VestibuleDeprecation):
    """What goes when `api = 2` comes."""


def moved(
    module: str, names: Mapping[str, tuple[Any, str, type[VestibuleDeprecation]]]
) -> Callable[[str], Any]:
    """A module's `__getattr__` that still gives its old names, each with a warning.

    `names` maps an old name to what it gives, what to write instead, and the warning's class.
    """

    def get(name: str) -> Any:
        if name not in names:
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        thing, instead, goes = names[name]
        version = goes.__name__.removeprefix("RemovedInApi")
        warnings.warn(f"{module}.{name} goes with API {version}: use {instead}.", goes, stacklevel=2)
        return thing

    return get
