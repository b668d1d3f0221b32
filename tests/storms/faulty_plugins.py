"""What the pages of others cost beside each plugin that fails in running: p99 within twice of without it."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import structlog

from core import hooks
from core.app import ROOMS
from core.hooks.plugin import House as LoadedHouse
from core.settings import CHECKOUT
from core.spec.hooks import KINDS
from tests.faulty.plugin import Faulty
from tests.faulty.running import RUNNING, UNSEEN
from tests.storms.row import Row, Told
from tests.support.house import Browser, open_app
from tests.support.place import Place
from tests.support.world import small_practice

VISITS = 200
MOST = 2.0
CLIENT = "client@demo.test"


def rows(told: Told, folder: Path) -> Iterator[Row]:
    """One row a plugin: p99 of /inbox/ beside it against p99 without it, both taken in turn."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    place = Place("sqlite", folder / "data")
    place.data.mkdir(mode=0o700)
    small_practice(place)
    plugins = [*(one.plugin for one in RUNNING), *UNSEEN]
    for plugin in told.dice.sample(plugins, len(plugins)):
        without, beside, named = _measured(place, plugin, folder)
        ratio = beside / without
        found = f"{beside * 1000:.1f} / {without * 1000:.1f} ms = {ratio:.2f} x"
        yield Row(f"{plugin.name}{named}", found, f"p99 <= {MOST:.0f} x", ratio <= MOST)
    hooks.load(ROOMS, [CHECKOUT / "plugins"])


def _measured(place: Place, plugin: Faulty, folder: Path) -> tuple[float, float, str]:
    """Seconds of p99 of the Inbox without and beside the plugin, and where it was found to fail."""
    plugin.write(folder / plugin.name)
    with open_app(place, {"VESTIBULE_PLUGIN_FOLDERS": str(folder / plugin.name)}) as house:
        browser = house.browser(CLIENT)
        browser.get("/settings/")
        beside = {hook: hooks.implementations(hook) for hook in KINDS}
        without = {
            hook: [one for one in found if one.plugin.name != plugin.name] for hook, found in beside.items()
        }
        took: dict[bool, list[float]] = {False: [], True: []}
        for number in range(2 * VISITS):
            is_beside = bool(number % 2)
            # Both in one process and in turn: what else the machine does falls on both alike.
            LoadedHouse.implementations.update(beside if is_beside else without)
            took[is_beside].append(_visit(browser))
        LoadedHouse.implementations.update(beside)
        browser.get("/appointments/search")
        failures = [one.last_failure for one in hooks.plugins() if one.last_failure]
    named = f" ({failures[0].kind}, {failures[0].file}:{failures[0].line})" if failures else ""
    return _p99(took[False]), _p99(took[True]), named


def _visit(browser: Browser) -> float:
    began = time.perf_counter()
    answer = browser.get("/inbox/")
    took = time.perf_counter() - began
    if answer.status_code != 200:
        raise RuntimeError(f"/inbox/ answered {answer.status_code}")
    return took


def _p99(took: Sequence[float]) -> float:
    return sorted(took)[int(len(took) * 0.99)]
