"""Storms that run in a process of their own: their people bear no patched sockets.

`python -m tests.storms.apart MODULE TOLD FOLDER` writes each row of `MODULE.found` as a line of JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from tests.storms.row import Row, Storm, Told
from tests.support.run import CHECKOUT


def apart(module: str) -> Storm:
    """The storm of a module, row by row as they are found."""

    def rows(told: Told, folder: Path) -> Iterator[Row]:
        command = [sys.executable, "-m", "tests.storms.apart", module, json.dumps(asdict(told)), str(folder)]
        with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            for line in process.stdout:
                yield Row(*json.loads(line))
        if process.returncode:
            raise AssertionError(f"the storm {module} ended with {process.returncode}")

    return rows


def main(module: str, told: Told, folder: Path) -> None:
    # Whatever else speaks in this process, structlog before it is configured among them, is no row.
    rows, sys.stdout = sys.stdout, sys.stderr
    for row in import_module(f"tests.storms.{module}").found(told, folder):
        rows.write(json.dumps([row.what, row.found, row.goal, row.is_met]) + "\n")
        rows.flush()


if __name__ == "__main__":
    main(sys.argv[1], Told(**json.loads(sys.argv[2])), Path(sys.argv[3]))
