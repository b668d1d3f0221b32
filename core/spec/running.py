"""What a plugin declares for those who run the installation: whether it is well, and its own commands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """A question that the operator asks of a plugin: `function(scope)` returns nothing when all is well.

    Otherwise it returns a sentence on what is wrong and how to mend it, without a word of people. It is asked
    once for all providers that have the plugin on, which are the scope's, and may take a second.
    """

    name: str
    title: str
    function: Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class Command:
    """`vestibule <plugin> <name>`: `function(scope, **values)` returns what is printed.

    It is called for each provider that has the plugin on, or for the one named by `--provider`. `help` and
    `example` are what `--help` says; `options` are click's own, and give the values by their names.
    """

    name: str
    help: str
    function: Callable[..., str]
    example: str = ""
    options: tuple[Any, ...] = ()
