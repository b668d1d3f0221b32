"""Plugins that fail when a client's data is erased; `said` is the state that they are shown with."""

from __future__ import annotations

from tests.faulty.plugin import Faulty


def _erases(name: str, body: str) -> Faulty:
    hook = "@hookimpl\ndef erase_client_data(scope, client):"
    code = f"from vestibule.data import Erasure\n\n\n{hook}\n    {body}\n"
    return Faulty(name, "failed", code)


WRONG = (
    _erases("raiseserase", "raise RuntimeError('the panic came back')"),
    _erases("exitserase", "raise SystemExit(3)"),
    _erases("noneerase", "return None"),
    _erases("stringerase", "return ['all of it']"),
    _erases("lesserase", "return [Erasure('Notes', erased=-1)]"),
    _erases("unsaiderase", "return [Erasure('Notes', kept=3)]"),
    _erases("whyerase", "return [Erasure('Notes', erased=3, why='because')]"),
    _erases("truerase", "return [Erasure('Notes', erased=True)]"),
    Faulty("brokenerase", "quarantined", "def (\n"),
    Faulty(
        "silenterase",
        "silent",
        files={"migrations/0001_first.sql": "CREATE TABLE silenterase_row (id ID PRIMARY KEY);\n"},
    ),
)
MENDED = """from vestibule.data import Erasure
from vestibule.web import hookimpl


@hookimpl
def booking_obstacles(scope, client, slot):
    return []


@hookimpl
def erase_client_data(scope, client):
    return [Erasure("Notes", 2)]
"""
