"""A plugin that hangs is ended; one that waits because the process is busy is not."""

from __future__ import annotations

import time

import gevent
import pytest

from core.hooks.patience import Patience

BURST_SECONDS = 0.06


def test_what_hangs_is_ended_in_its_own_greenlet() -> None:
    with pytest.raises(gevent.Timeout), Patience(0.05):
        gevent.sleep(60)


def test_what_is_done_in_time_goes_on_and_nothing_comes_later() -> None:
    with Patience(0.05):
        gevent.sleep(0)
    gevent.sleep(0.1)


def test_an_error_of_the_block_is_its_own() -> None:
    with pytest.raises(KeyError), Patience(0.05):
        raise KeyError("of the block")


def test_a_busy_process_is_not_the_plugins_fault() -> None:
    busy = gevent.spawn(hold_the_process_in_bursts)
    try:
        with Patience(0.1):
            gevent.sleep(0.3)
    finally:
        busy.kill()


def hold_the_process_in_bursts() -> None:
    while True:
        until = time.monotonic() + BURST_SECONDS
        while time.monotonic() < until:
            pass
        gevent.sleep(0)
