"""What is known of each room and plugin: its manifest, its state, and how often it failed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

import pluggy

from core.spec.errors import PluginRefused

FIRST_LINE = 1

hookimpl = pluggy.HookimplMarker("vestibule")
PutEvent = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that breaks the contract: the file inside the plugin's folder, the line, the mend."""

    file: str
    line: int
    words: str

    def __str__(self) -> str:
        return f"{self.file} line {self.line}: {self.words}"


@dataclass(frozen=True, slots=True)
class Failure:
    """How a hook failed last: the type of the error and where, never what it said."""

    hook: str
    kind: str
    file: str
    line: int
    at: datetime

    def __str__(self) -> str:
        return f"{self.hook}: {self.kind} at {self.file} line {self.line}"


@dataclass
class Plugin:
    """A core room or a plugin, as its manifest tells; `refused` says why it is quarantined.

    `package` is what Python imports, `origin` where it was found; `refusals` are all reasons, `refused`
    the first of them; `written` are the hooks that a refused one would implement. `faults` counts failures
    by hook since the start, `faults_kept` those of them written down; `rests_until` is when a hook that hung
    is asked again.
    """

    name: str
    title: str
    version: str
    needs: frozenset[str]
    gates: tuple[str, ...] = ()
    folder: Path | None = None
    is_core: bool = False
    refused: str = ""
    faults: dict[str, int] = field(default_factory=dict)
    faults_kept: dict[str, int] = field(default_factory=dict)
    connectors: tuple[str, ...] = ()
    required_settings: tuple[str, ...] = ()
    package: str = ""
    origin: str = "core"
    refusals: tuple[str, ...] = ()
    written: frozenset[str] = frozenset()
    last_failure: Failure | None = None
    rests_until: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Implementation:
    """A hook as one room or plugin implements it."""

    plugin: Plugin
    hook: str
    function: Callable[..., Any]
    arguments: tuple[str, ...]


class House:
    """What is loaded in this process; there is one."""

    manager = pluggy.PluginManager("vestibule")
    plugins: ClassVar[dict[str, Plugin]] = {}
    # Refused for a name that was taken: they have none to be found by, and are shown all the same.
    nameless: ClassVar[list[Plugin]] = []
    absent: ClassVar[list[Plugin]] = []
    implementations: ClassVar[dict[str, list[Implementation]]] = {}
    declarations: ClassVar[dict[str, list[tuple[str, Any]]]] = {}
    put_event: PutEvent | None = None


def plugins() -> list[Plugin]:
    """Every room and plugin that was found, in the order of loading, quarantined ones too."""
    return [*House.plugins.values(), *House.nameless]


def title_of(name: str) -> str:
    """What people call a plugin, one that is gone too."""
    found = [one.title for one in [*House.plugins.values(), *House.absent] if one.name == name]
    return found[0] if found else name


def is_plugin(name: str) -> bool:
    """Whether this is a plugin's name, and no core room's."""
    return name in House.plugins and not House.plugins[name].is_core


def is_refused(name: str) -> bool:
    """Whether this plugin is quarantined, or not here at all."""
    return name not in House.plugins or bool(House.plugins[name].refused)


def needs_of(name: str) -> frozenset[str]:
    """What a plugin's things need. Raises PluginRefused for one that is not here."""
    if name not in House.plugins:
        raise PluginRefused(name, "is not installed")
    return House.plugins[name].needs


def note_absent(absent: Iterable[Plugin]) -> None:
    """Take the plugins that were here and are gone: their gates count as closed until forgotten."""
    House.absent[:] = absent
