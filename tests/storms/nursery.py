"""The storm's build of the product: processes of `vestibule` that begin in a moment, with points to end at.

`python -m tests.storms.nursery PAGE` forks for each line of its input as `tests.support.nursery` does, and
answers with the process's number. Nobody minds the child: the storm sees its end through a descriptor, and
it has a group of its own, which is ended as a whole.
"""

from gevent import monkey

if __name__ == "__main__":
    monkey.patch_all()

import json
import os
import signal
import sys
from pathlib import Path

from core import app  # noqa: F401 -- loaded before the fork, so that no child has to
from tests.storms.points import Page, install
from tests.support.nursery import compile_templates, end_with_parent, live, load_plugins
from vestibule import commands  # noqa: F401 -- likewise


def main(page: Page) -> None:
    # Who ends here is buried by the kernel.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    # gevent's own fork would take that signal for itself, and nobody would be.
    fork = monkey.get_original("os", "fork")
    compile_templates(fork)
    load_plugins()
    for line in sys.stdin:
        born = fork()
        if not born:
            os.setsid()
            end_with_parent()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            install(page)
            live(json.loads(line))
        sys.stdout.write(f"{born}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Page(Path(sys.argv[1])))
