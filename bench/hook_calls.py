"""What a hook costs over six plugins, beside the bare call that takes no care of anybody."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from core import hooks
from core.app import ROOMS
from core.hooks.plugin import House
from core.settings import CHECKOUT
from tests.support.house import House as OpenHouse
from tests.support.plugin_folders import write_plugin

PLUGINS, CALLS, ROUNDS = 6, 100, 500
CODE = """from vestibule.web import Card, hookimpl


@hookimpl
def home_cards(scope):
    return [Card("Mood", "inbox.home", "Open")]
"""


def hook_call_us(house: OpenHouse, client: str, folder: Path) -> tuple[float, float]:
    """Microseconds of ours and of the bare call, the best of several rounds in turn; one card each.

    Ours asks for each plugin where it is on, bounds its time, and judges what it returned.
    """
    for number in range(PLUGINS):
        write_plugin(folder / f"plugin{number}", f"plugin{number}", CODE)
    hooks.load({}, [folder])
    scope = house.client_scope(client, "ortiz")
    bare = House.manager.hook.home_cards
    acts: list[Callable[[], Any]] = [
        lambda: hooks.contributed("home_cards", scope),
        lambda: bare(scope=scope),
    ]
    assert [len(act()) for act in acts] == [PLUGINS, PLUGINS]
    best = [float("inf"), float("inf")]
    for _round in range(ROUNDS):
        for number, act in enumerate(acts):
            began = time.process_time()
            for _call in range(CALLS):
                act()
            best[number] = min(best[number], (time.process_time() - began) / CALLS * 1e6)
    hooks.load(ROOMS, [CHECKOUT / "plugins"])
    return best[0], best[1]
