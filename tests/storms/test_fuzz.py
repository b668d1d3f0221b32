"""A little of the fuzz, the same requests each time; `make storm` makes other ones."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.storms import fuzz, fuzz_wire
from tests.support.place import KINDS
from tests.support.run import Run
from tests.support.street import furnished

REQUESTS, WIRE_REQUESTS, FRAMES = 150, 100, 80
SEED = 6


@pytest.mark.timeout(300)
def test_A25_A43_A44_A45_A46_A55_wild_requests_are_answered_alike_on_both_databases(
    run: Run, tmp_path: Path
) -> None:
    orders = []
    for kind in KINDS:
        with furnished(run, kind, tmp_path / kind, fuzz.QUIET) as street:
            found = fuzz.storm(street, random.Random(SEED), REQUESTS)
        assert not found.faults, "\n".join(found.faults)
        # Enough of it is taken up to reach what lies behind the checks.
        assert found.statuses[200] + found.statuses[303] + found.statuses[422] > REQUESTS / 3
        orders.append(found.order)
    assert orders[0] == orders[1]


@pytest.mark.timeout(300)
def test_A51_A52_A55_A74_wild_bytes_break_nothing_and_leave_nothing_open(run: Run, tmp_path: Path) -> None:
    with (
        furnished(run, "sqlite", tmp_path / "data", fuzz.QUIET) as street,
        fuzz_wire.served(street, tmp_path) as served,
    ):
        before = fuzz_wire.descriptors(served.server)
        found = fuzz_wire.requests(served, random.Random(SEED), WIRE_REQUESTS)
        fuzz_wire.frames(served, random.Random(SEED), FRAMES)
        troubles = served.troubles()
        after = fuzz_wire.settled_descriptors(served.server, before)
    assert not found.faults, "\n".join(found.faults)
    assert not troubles, "\n".join(troubles)
    # A few of the pool's connections stay open.
    assert after <= before + fuzz_wire.POOLED
