"""The fuzz at full strength: both databases in this process, then a real server and its sockets."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from tests.storms import fuzz, fuzz_wire
from tests.storms.row import Row, Told
from tests.support.run import begin
from tests.support.street import furnished

# Each database gets its share. Then a server: until its pages were drawn once, and on to see its memory.
REQUESTS, FIRST_REQUESTS, WIRE_REQUESTS, FRAMES = 9_000, 2_000, 10_000, 5_000


def found(told: Told, folder: Path) -> Iterator[Row]:
    """The rows, one after the other; what was worst goes to standard error."""
    run, chance = begin(), told.dice
    try:
        for kind in ("sqlite", "postgresql"):
            with furnished(run, kind, folder / kind, fuzz.QUIET) as street:
                met = fuzz.storm(street, chance, REQUESTS)
            yield row_of(f"{REQUESTS} wild requests to {len(street.doors)} endpoints, {kind}", met)
        with furnished(run, "sqlite", folder / "wire") as street, fuzz_wire.served(street, folder) as served:
            first = fuzz_wire.requests(served, chance, FIRST_REQUESTS)
            yield row_of(f"{FIRST_REQUESTS} wild requests over a wire", first)
            held, files = fuzz_wire.memory(served.server), fuzz_wire.descriptors(served.server)
            met = fuzz_wire.requests(served, chance, WIRE_REQUESTS)
            yield row_of(f"{WIRE_REQUESTS} more of them", met)
            opened, worst = fuzz_wire.frames(served, chance, FRAMES)
            left = fuzz_wire.settled_descriptors(served.server, files)
            grown = fuzz_wire.memory(served.server) / held - 1
            troubles = served.troubles()
        for line in troubles[:20]:
            print(f"  {line[:400]}", file=sys.stderr)
        found_as = f"{len(troubles)} faults, others waited {worst * 1000:.0f} ms"
        is_well = not troubles and worst < fuzz.SLOW_SECONDS
        is_back = left <= files + fuzz_wire.POOLED
        yield Row(
            "what the server holds after all that",
            f"{grown:+.1%} memory, {left - files:+} files",
            "< 10 %",
            grown < 0.1 and is_back,
        )
        yield Row(f"{FRAMES} wild frames over {opened} sockets", found_as, "0 faults, < 2 s", is_well)
    finally:
        run.end()


def row_of(what: str, met: fuzz.Found) -> Row:
    """The row, and on the way the worst of it."""
    print(f"  statuses {dict(sorted(met.statuses.items()))}; slowest {met.slowest}", file=sys.stderr)
    for fault in met.faults[:40]:
        print(f"  {fault[:4_000]}", file=sys.stderr)
    return Row(what, str(met), "0 faults, < 2 s", met.is_well)
