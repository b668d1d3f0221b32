"""A private PostgreSQL of the test run, with fast copies of template databases."""

import os
import shutil
import subprocess
import time
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.support.ports import held_port
from tests.support.run import Run, last_words
from vestibule.testing.postgres import DatabaseServer

START_SECONDS = 20
# The data is thrown away with the run, so nothing need reach the disk; autovacuum would hold a
# template open while it is copied. The zone is far from UTC on purpose: whoever relies on the
# server's zone is found out.
OPTIONS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "max_connections": "400",
    "shared_buffers": "64MB",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "timezone": "Asia/Kathmandu",
    "log_min_messages": "warning",
}
OWNER = "vestibule"


class Postgres(DatabaseServer):
    """The run's server; `OWNER` is a plain role that may make databases."""

    def __init__(self, port: int) -> None:
        super().__init__(f"postgresql://{OWNER}@127.0.0.1:{port}/postgres")
        self.port = port


def postgres_of(run: Run) -> Postgres:
    """The server of this run, started at the first call. Skips where PostgreSQL isn't installed."""
    return Postgres(int(run.once("postgres", lambda: _start(run))["port"]))


def _start(run: Run) -> dict[str, str | int]:
    folder = programs()
    user = "postgres" if os.getuid() == 0 else None
    data, log = run.folder / "postgres", run.folder / "postgres.log"
    data.mkdir(mode=0o700)
    if user:
        shutil.chown(data, user, user)
    # C.UTF-8 sorts by code point, as SQLite does.
    making = [str(folder / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "--no-sync"]
    making += ["--locale=C.UTF-8", "--encoding=UTF8"]
    made = subprocess.run(making, user=user, cwd="/", capture_output=True, text=True, check=False)
    if made.returncode != 0:
        raise AssertionError(f"initdb failed:\n{made.stdout}{made.stderr}")
    with held_port() as port:
        serving = [str(folder / "postgres"), "-D", str(data), "-p", str(port)]
        for name, value in OPTIONS.items():
            serving += ["-c", f"{name}={value}"]
        _wait_until_ready(run.keep(serving, log, user), port, log)
    return {"port": port}


def programs() -> Path:
    """The folder of PostgreSQL's programs: the newest that Debian has, else that of the PATH."""
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(versions, key=lambda path: int(path.parts[4]), default=None)
    if newest is None:
        on_path = shutil.which("initdb")
        if on_path is None:
            pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
        newest = Path(on_path).resolve()
    return newest.parent


def _wait_until_ready(server: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    give_up_at = time.monotonic() + START_SECONDS
    address = f"postgresql://postgres@127.0.0.1:{port}/postgres"
    while True:
        try:
            with psycopg.connect(address, autocommit=True, connect_timeout=2) as connection:
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(sql.Identifier(OWNER)))
        except psycopg.OperationalError as error:
            if time.monotonic() > give_up_at or server.poll() is not None:
                raise AssertionError(f"PostgreSQL did not start: {last_words(log)}") from error
            time.sleep(0.05)
        else:
            return
