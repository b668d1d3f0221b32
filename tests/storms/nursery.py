"""The storm's build of the product: processes of `vestibule` that begin in a moment, with points to end at.

`python -m tests.storms.nursery PAGE` loads everything once and forks for each line of its input: a JSON
object with `words` (as after `vestibule`), `environment` and `log`. It answers with the process's number.
What is run is the command itself; only Python's loading of modules, a second of it, is spared.
"""

from gevent import monkey

if __name__ == "__main__":
    monkey.patch_all()

import ctypes
import json
import os
import signal
import sys
from pathlib import Path

from core import app  # noqa: F401 -- loaded before the fork, so that no child has to
from tests.storms.points import Page, install
from vestibule.commands import cli

PR_SET_PDEATHSIG = 1


def main(page: Page) -> None:
    # Who ends here is seen by the storm, through a descriptor of its own.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    # gevent's own fork would take that signal for itself, and nobody would be buried.
    fork = monkey.get_original("os", "fork")
    for line in sys.stdin:
        born = fork()
        if not born:
            _live(json.loads(line), page)
        sys.stdout.write(f"{born}\n")
        sys.stdout.flush()


def _live(told: dict[str, object], page: Page) -> None:
    os.setsid()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(str(told["log"]), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    for number in (1, 2):
        os.dup2(log, number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.clear()
    os.environ.update(dict(told["environment"]))  # type: ignore[call-overload] # a JSON object
    install(page)
    code = 1
    try:
        cli(list(told["words"]), prog_name="vestibule")  # type: ignore[call-overload] # a JSON list
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main(Page(Path(sys.argv[1])))
