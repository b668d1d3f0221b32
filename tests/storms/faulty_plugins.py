"""What the pages of others cost beside each plugin that fails in running: p99 within twice of without it."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import structlog

from core import hooks
from core.app import ROOMS
from core.settings import CHECKOUT
from tests.faulty.plugin import Faulty
from tests.faulty.running import RUNNING, UNSEEN
from tests.storms.row import Row
from tests.support.house import Browser, open_app
from tests.support.place import Place
from tests.support.world import small_practice

VISITS, ANEW = 200, 5
MOST = 2.0
CLIENT = "client@demo.test"


def rows(chance: random.Random, folder: Path) -> Iterator[Row]:
    """One row a plugin: p99 of /inbox/ beside it against p99 without any, taken anew every few plugins."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    place = Place("sqlite", folder / "data")
    place.data.mkdir(mode=0o700)
    small_practice(place)
    plugins = [*(one.plugin for one in RUNNING), *UNSEEN]
    without = 0.0
    for number, plugin in enumerate(chance.sample(plugins, len(plugins))):
        if number % ANEW == 0:
            without, _none = _measured(place, None, folder)
        beside, named = _measured(place, plugin, folder)
        ratio = beside / without
        found = f"{beside * 1000:.1f} / {without * 1000:.1f} ms = {ratio:.2f} x"
        yield Row(f"{plugin.name}{named}", found, f"p99 <= {MOST:.0f} x", ratio <= MOST)
    hooks.load(ROOMS, [CHECKOUT / "plugins"])


def _measured(place: Place, plugin: Faulty | None, folder: Path) -> tuple[float, str]:
    """Seconds of p99 of the Inbox, and where the plugin was found to fail."""
    more = {}
    if plugin is not None:
        plugin.write(folder / plugin.name)
        more["VESTIBULE_PLUGIN_FOLDERS"] = str(folder / plugin.name)
    with open_app(place, more) as house:
        browser = house.browser(CLIENT)
        browser.get("/settings/")
        took = [_visit(browser) for _visit_number in range(VISITS)]
        browser.get("/appointments/search")
        failures = [one.last_failure for one in hooks.plugins() if one.last_failure]
    named = f" ({failures[0].kind}, {failures[0].file}:{failures[0].line})" if failures else ""
    return _p99(took), named


def _visit(browser: Browser) -> float:
    began = time.perf_counter()
    answer = browser.get("/inbox/")
    took = time.perf_counter() - began
    if answer.status_code != 200:
        raise RuntimeError(f"/inbox/ answered {answer.status_code}")
    return took


def _p99(took: Sequence[float]) -> float:
    return sorted(took)[int(len(took) * 0.99)]
