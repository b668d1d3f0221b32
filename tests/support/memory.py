"""Where the files of a run stand: in memory, where a machine has plenty; a disk is slow with thousands."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

SHARED = Path("/dev/shm")  # noqa: S108 -- folders in it are made by tempfile and pytest, for their owner alone
GIGABYTE = 1024**3
# What a test writes is gone after it: 0.2 GB stood at once when the suite was watched.
ROOM = 2 * GIGABYTE
SPARE = 6 * GIGABYTE
LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


def stand_in_memory() -> None:
    """Let temporary files of this process and its children stand in memory, unless TMPDIR says where."""
    if "TMPDIR" not in os.environ and _has_room() and _spare_memory() >= SPARE:
        os.environ["TMPDIR"] = str(SHARED)
        tempfile.tempdir = None


def _has_room() -> bool:
    if not os.access(SHARED, os.W_OK):
        return False
    found = os.statvfs(SHARED)
    # Some tests make environments there and run their programs.
    return found.f_bavail * found.f_frsize >= ROOM and not found.f_flag & os.ST_NOEXEC


def _spare_memory() -> int:
    """Bytes that nobody uses, within the limit of a container if it has one; 0 where nothing says so."""
    found = 0
    with suppress(OSError, ValueError, StopIteration):
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        found = int(next(line for line in lines if line.startswith("MemAvailable")).split()[1]) * 1024
    for limit in LIMITS:
        with suppress(OSError, ValueError):
            found = min(found, int(limit.read_text(encoding="ascii")))
    return found
