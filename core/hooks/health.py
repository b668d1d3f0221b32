"""Health checks: each plugin is asked whether it is well, by itself, for those who run the installation."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

import gevent

from core import db, subscriptions
from core.hooks.calling import ask
from core.hooks.declaring import declared
from core.hooks.failing import note_fault
from core.hooks.patience import Patience
from core.hooks.plugin import House, Implementation, Plugin
from core.hooks.shapes import WrongShape
from core.spec.running import HealthCheck
from core.tenancy import Provider, Scope

HOOK = "register_health_checks"
CHECK_SECONDS = 1.0
# Whoever asks whether the process is ready does so every few seconds, and need not be told the newest.
KEPT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check came to: `said` is the plugin's sentence where it is unwell; `idle` is on for nobody."""

    plugin: str
    name: str
    title: str
    state: Literal["well", "unwell", "failed", "idle"]
    said: str = ""


class _Kept:
    unwell: tuple[str, ...] = ()
    until = 0.0


def check_health(plugin: str = "") -> list[Checked]:
    """Ask every check, or those of one plugin; one that fails is counted and harms no other."""
    with db.connection():
        ids = [row.id for row in db.house_rows(Provider, Provider.id)]
        asked = [(owner, check) for owner, check in declared(HOOK) if plugin in ("", owner)]
        return [_checked(House.plugins[owner], check, ids) for owner, check in asked]


def unwell() -> tuple[str, ...]:
    """The names of the checks that are not well, as `plugin.name`; a minute old at most."""
    if _Kept.until < time.monotonic():
        _Kept.until = time.monotonic() + KEPT_SECONDS
        found = check_health()
        _Kept.unwell = tuple(f"{one.plugin}.{one.name}" for one in found if one.state in ("unwell", "failed"))
    return _Kept.unwell


def forget_health() -> None:
    """Ask anew at the next question, as after a load."""
    _Kept.until = 0.0


def _checked(plugin: Plugin, check: HealthCheck, provider_ids: Iterable[UUID]) -> Checked:
    held = subscriptions.of(provider_ids)
    on = frozenset(key for key, each in held.items() if each.covers(plugin.needs, plugin.name))
    title = str(check.title)
    if not on:
        return Checked(plugin.name, check.name, title, "idle")
    scope = Scope("system", reason=f"health of {plugin.name}", providers=on)
    try:
        with Patience(CHECK_SECONDS):
            said = ask(Implementation(plugin, HOOK, check.function, ("scope",)), {"scope": scope})
        if not isinstance(said, str):
            raise WrongShape(f"{HOOK}: {check.name} returned {type(said).__name__}, not words")
    except gevent.GreenletExit:
        raise
    except BaseException as error:  # noqa: BLE001 -- whatever comes out, the others are asked
        note_fault(plugin, HOOK, error, check.function)
        if isinstance(error, gevent.Timeout) and not db.in_transaction():
            db.discard()
        return Checked(plugin.name, check.name, title, "failed")
    return Checked(plugin.name, check.name, title, "unwell" if said else "well", said)
