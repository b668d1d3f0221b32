"""`make storm`: storms at full strength, one table; ends with 1 when a goal is missed.

A storm is a function that takes what it is `Told` and a folder of its own and yields rows; it is named in
STORMS. `--only name` runs one, `--database` on one alone, `--seed N` repeats a run's choices; `--kills`,
`--attempts` and `--tries` make it weaker or stronger.
"""

from __future__ import annotations

import argparse
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path

from gevent import monkey

monkey.patch_all()

from tests.storms import faulty_plugins  # noqa: E402 -- sockets are made cooperative before anything else
from tests.storms.apart import apart  # noqa: E402 -- likewise
from tests.storms.row import Row, Storm, Told  # noqa: E402 -- likewise

STORMS: dict[str, Storm] = {
    "kills": apart("kill_storm"),
    "races": apart("races"),
    "submissions": apart("submissions"),
    "outages": apart("outages"),
    "timing": apart("timing"),
    "fuzz": apart("fuzz_storm"),
    "faulty_plugins": faulty_plugins.rows,
    "live": apart("live_storm"),
}
LINE = "{:<15} {:<48} {:<72} {:<20} {:>7}  {}"


def main() -> int:
    usual = Told(seed=secrets.randbelow(1_000_000))
    asked = argparse.ArgumentParser(prog="python -m tests.storms", description=__doc__)
    asked.add_argument("--only", choices=sorted(STORMS), action="append")
    asked.add_argument("--database", choices=("sqlite", "postgresql"), default="")
    for name in ("seed", "kills", "attempts", "tries"):
        asked.add_argument(f"--{name}", type=int, default=getattr(usual, name))
    told = vars(asked.parse_args())
    names = told.pop("only") or list(STORMS)
    # Each runs, whatever the one before found.
    met = [_is_met(name, Told(**told)) for name in names]
    return 0 if all(met) else 1


def _is_met(name: str, told: Told) -> bool:
    print(LINE.format("storm", "what", "found", "goal", "seed", ""))
    is_well = True
    with tempfile.TemporaryDirectory(prefix="vestibule-storm-") as folder:
        # PostgreSQL runs as a user of its own, which has to come through to its data.
        Path(folder).chmod(0o711)
        try:
            for row in STORMS[name](told, Path(folder)):
                print(_line(name, told, row), flush=True)
                is_well &= row.is_met
        except (AssertionError, OSError, subprocess.SubprocessError) as error:
            broken = Row("the storm itself", type(error).__name__, "to its end", is_met=False)
            print(_line(name, told, broken), flush=True)
            sys.stderr.write(f"  {error}\n")
            is_well = False
    return is_well


def _line(name: str, told: Told, row: Row) -> str:
    return LINE.format(name, row.what, row.found, row.goal, told.seed, row.word)


if __name__ == "__main__":
    sys.exit(main())
