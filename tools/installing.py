"""The steps of set-up, in order; each is skipped when what it was made from has not changed."""

import errno
import fcntl
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tools import front_end, python_packages, system_needs, translations
from tools.telling import LOG, ROOT, SetupError, Steps

FREE_MB = {False: 500, True: 1200}


def main(arguments: Sequence[str]) -> int:
    """Set up for running, or with `--tests` for running and testing; returns the exit code."""
    for_tests = "--tests" in arguments
    try:
        with _alone():
            _set_up(for_tests=for_tests)
    except SetupError as stopped:
        print(f"\nSet-up stopped: {stopped}", file=sys.stderr)
        return 1
    except OSError as stopped:
        print(f"\nSet-up stopped: {_sentence(stopped)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nSet-up was interrupted. Run it again to go on from here.", file=sys.stderr)
        return 130
    return 0


def _set_up(*, for_tests: bool) -> None:
    steps = Steps(7 if for_tests else 6)
    steps.begin("Python, Node and room on the disk")
    python = python_packages.Environment(for_tests=for_tests)
    node = front_end.Node(for_tests=for_tests)
    _check_room(for_tests=for_tests, needed=not (python.is_current() and node.is_current()))
    steps.end(f"Python {python.version()}, {node.check()}")
    LOG.unlink(missing_ok=True)

    steps.begin("Python environment in .venv")
    steps.end(python.make())
    steps.begin("Python packages")
    steps.end(python.install())
    steps.begin("Front-end packages")
    steps.end(node.install())
    steps.begin("Front-end files in static/vendor")
    steps.end(node.copy_files())
    steps.begin("Translations")
    steps.end(translations.compile_all())
    if for_tests:
        steps.begin("Chromium, PostgreSQL, Java and Pango for the tests")
        steps.end(system_needs.install())


def _sentence(stopped: OSError) -> str:
    place = stopped.filename or ROOT
    if stopped.errno == errno.ENOSPC:
        return f"the disk is full at {place}. Make room (about 1 GB), then run it again."
    if stopped.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"{place} can't be written. Check who owns the folder, then run it again."
    return f"{stopped.strerror or stopped}: {place}"


def _check_room(*, for_tests: bool, needed: bool) -> None:
    free = shutil.disk_usage(ROOT).free // 2**20
    least = FREE_MB[for_tests] if needed else 20
    if free < least:
        raise SetupError(
            f"{free} MB are free on the disk, {least} MB are needed. Make room, then run it again."
        )


@contextmanager
def _alone() -> Iterator[None]:
    """Two set-ups of one checkout at once would install over each other: the second waits."""
    folder = ROOT / "var"
    folder.mkdir(exist_ok=True)
    with (folder / "setup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another set-up of this checkout is at work; waiting for it ...", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
