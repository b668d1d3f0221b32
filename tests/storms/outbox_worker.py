"""One of several processes that deliver from one outbox; it writes down what it delivered.

`python -m tests.storms.outbox_worker FILE [unguarded]`: settings come from the environment.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gevent

from core import clock, db, outbox
from core.outbox import delivering
from core.settings import load
from core.vault import Vault, keys_from

LEASE_SECONDS = 1
DELIVERY_SECONDS = 0.012


def main(file: Path, *, is_guarded: bool) -> None:
    settings = load()
    db.bind(settings, Vault(keys_from(settings.master_key_file)))
    receive = receiver(file)
    outbox.deliver("event", receive)
    while True:
        if not (outbox.drain(lease_seconds=LEASE_SECONDS) if is_guarded else drain_unguarded(receive)):
            gevent.sleep(0.02)


def receiver(file: Path) -> Callable[..., None]:
    opened = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def receive(_scope: Any, _target: str, payload: Any, _provider_id: Any) -> None:
        gevent.sleep(DELIVERY_SECONDS)
        # One short write to a file opened for appending is whole or absent, kill or not.
        os.write(opened, f"{payload['n']}\n".encode())

    return receive


def drain_unguarded(receive: Callable[..., None]) -> int:
    """The guard taken away: a row is done as soon as it is claimed, as in a queue without leases."""
    rows = delivering._claim(20, ["event"], LEASE_SECONDS)
    payloads = [row.payload for row in rows]
    with db.transaction():
        for row in rows:
            db.house_change(row, done_at=clock.now())
    for payload in payloads:
        receive(None, "", payload, None)
    return len(rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]), is_guarded=sys.argv[2:] != ["unguarded"])
