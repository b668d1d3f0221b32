"""Free ports on loopback that no other test of this machine takes meanwhile."""

import fcntl
import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import SystemRandom

# Below the range from which the kernel gives ports to outgoing connections.
PORTS = range(20000, 30000)


@contextmanager
def held_port() -> Iterator[int]:
    """A port that is ours, by a lock on a file of its name, until the block ends."""
    folder = Path(tempfile.gettempdir()) / f"vestibule-ports-{os.getuid()}"
    folder.mkdir(exist_ok=True)
    for port in SystemRandom().sample(PORTS, 200):
        with (folder / str(port)).open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            if _is_free(port):
                yield port
                return
    raise AssertionError("No free port was found in 200 tries.")


def _is_free(port: int) -> bool:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
