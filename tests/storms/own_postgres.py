"""A PostgreSQL of a storm's own, to be stopped, crashed, filled up and begun again."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.support.ports import held_port
from tests.support.postgres import OPTIONS, OWNER, programs
from tests.support.run import last_words
from vestibule.testing.postgres import DatabaseServer

START_SECONDS = 30
# What is acknowledged has left the process, as it must; only the way from the kernel to the disk is spared.
KEPT = OPTIONS | {
    "synchronous_commit": "on",
    "max_connections": "60",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
FAST, CRASH = signal.SIGINT, signal.SIGQUIT


class OwnPostgres:
    """One server; `data` may lie on a small disk."""

    def __init__(self, data: Path, port: int, log: Path) -> None:
        self.port, self._data, self._log = port, data, log
        self._user = "postgres" if os.getuid() == 0 else None
        self._process: subprocess.Popen[bytes] | None = None

    def make(self) -> None:
        """The cluster and its role."""
        self._data.mkdir(mode=0o700)
        if self._user:
            shutil.chown(self._data, self._user, self._user)
        command = [str(programs() / "initdb"), "-D", str(self._data), "-U", "postgres", "-A", "trust"]
        command += ["--no-sync", "--locale=C.UTF-8", "--encoding=UTF8", "--wal-segsize=1"]
        subprocess.run(command, user=self._user, cwd="/", check=True, capture_output=True)
        self.start()
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE ROLE {OWNER} LOGIN CREATEDB".encode())

    def start(self) -> None:
        """Begin, and wait until it takes connections."""
        command = ["setpriv", "--pdeathsig", "KILL", str(programs() / "postgres")]
        command += ["-D", str(self._data), "-p", str(self.port)]
        for name, value in KEPT.items():
            command += ["-c", f"{name}={value}"]
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(command, user=self._user, cwd="/", stdout=output, stderr=output)
        give_up_at = time.monotonic() + START_SECONDS
        while not self.answers():
            if time.monotonic() > give_up_at:
                raise AssertionError(f"PostgreSQL did not start: {last_words(self._log)}")
            time.sleep(0.05)

    def stop(self, how: signal.Signals = FAST) -> None:
        """End it: FAST as an administrator does, CRASH as if it fell over."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(how)
            self._process.wait(START_SECONDS)

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def answers(self) -> bool:
        try:
            with psycopg.connect(self._address("postgres"), connect_timeout=2):
                return True
        except psycopg.OperationalError:
            return False

    def database(self, name: str) -> str:
        return DatabaseServer(self._address(OWNER)).create(name)

    def take_connections(self) -> list[psycopg.Connection[tuple[object, ...]]]:
        """Take all that are left, until the server refuses another one."""
        taken = []
        while True:
            try:
                taken.append(psycopg.connect(self._address(OWNER), connect_timeout=2))
            except psycopg.OperationalError:
                return taken

    def _address(self, role: str) -> str:
        return f"postgresql://{role}@127.0.0.1:{self.port}/postgres"


@contextmanager
def open_own_postgres(data: Path, log: Path) -> Iterator[OwnPostgres]:
    """A server for the block, with an empty cluster in `data`."""
    with held_port() as port:
        made = OwnPostgres(data, port, log)
        try:
            made.make()
            yield made
        finally:
            made.stop(CRASH)
