"""Runs a command until it ends or the test run does, whichever comes first: `keeper PID USER COMMAND…`."""

import os
import pwd
import select
import signal
import subprocess
import sys

PATIENCE_SECONDS = 5


def main(owner: int, user: str, command: list[str]) -> None:
    """Start `command` (as `user`, unless empty); end it when the process `owner` ends or asks for it."""
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit())
    account = pwd.getpwnam(user) if user else None
    child = subprocess.Popen(
        command,
        user=account.pw_uid if account else None,
        group=account.pw_gid if account else None,
        extra_groups=[] if account else None,
    )
    try:
        _wait_for_one_of(owner, child.pid)
    finally:
        _stop(child)


def _wait_for_one_of(*pids: int) -> None:
    ends = select.poll()
    try:
        for pid in pids:
            ends.register(os.pidfd_open(pid), select.POLLIN)
    except ProcessLookupError:
        return  # one was gone before it could be watched
    ends.poll()


def _stop(child: "subprocess.Popen[bytes]") -> None:
    # SIGQUIT is PostgreSQL's stop without a checkpoint; java and others are not worth waiting for.
    for sent in (signal.SIGQUIT, signal.SIGTERM, signal.SIGKILL):
        if child.poll() is not None:
            return
        child.send_signal(sent)
        try:
            child.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            continue


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3:])
