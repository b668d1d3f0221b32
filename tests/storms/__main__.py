"""`make storm`: storms at full strength, one table; ends with 1 when a goal is missed.

A storm is a function that takes a `random.Random` and a folder of its own and yields rows; it is named in
STORMS. `--only name` runs one, `--seed N` repeats a run.
"""

from __future__ import annotations

import argparse
import random
import secrets
import sys
import tempfile
from pathlib import Path

from gevent import monkey

monkey.patch_all()

from tests.storms import faulty_plugins, live_storm  # noqa: E402 -- sockets are made cooperative before anything else
from tests.storms.row import Storm  # noqa: E402 -- likewise

STORMS: dict[str, Storm] = {"faulty_plugins": faulty_plugins.rows, "live": live_storm.rows}


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m tests.storms", description=__doc__)
    asked.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    asked.add_argument("--only", choices=sorted(STORMS), action="append")
    told = asked.parse_args()
    print(f"seed {told.seed}")
    is_well = True
    for name in told.only or STORMS:
        with tempfile.TemporaryDirectory(prefix="vestibule-storm-") as folder:
            for row in STORMS[name](random.Random(told.seed), Path(folder)):
                print(f"{name:<16} {row.what:<44} {row.found:>26}  {row.goal:<14} {row.word}", flush=True)
                is_well &= row.is_met
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
