"""The record behind the connector: four parts over one file, each call failing as `faults.json` says."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gevent

from vestibule.data import ConnectorFailed
from vestibule.web import Scope, hookimpl

from .keeping import Documents, Keeper, Ledger, Notes, People

FOREVER = 3600
WHERE = Path(__file__).with_name("where.txt")
CALLS = frozenset(
    "read write file amend notes add_charge cancel_charge record_payment"
    " balances payments documents open homework_slots".split()
)


@hookimpl
def practice_records(scope: Scope) -> FarAway:
    return FarAway(Path(WHERE.read_text(encoding="utf-8")), str(scope.provider_id))


class FarAway:
    """The record of one provider."""

    parts = frozenset({"demographics", "notes", "ledger", "documents"})

    def __init__(self, data: Path, provider: str) -> None:
        keeper = Keeper(data / f"{provider}.sqlite3")
        self.demographics = Faulty(data, "demographics", People(keeper))
        self.notes = Faulty(data, "notes", Notes(keeper))
        self.ledger = Faulty(data, "ledger", Ledger(keeper))
        self.documents = Faulty(data, "documents", Documents(keeper))


class Faulty:
    """A part whose calls fail as they are told to."""

    def __init__(self, data: Path, name: str, part: Any) -> None:
        self._faults, self._name, self._part = data / "faults.json", name, part

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._part, name)
        return (
            (lambda *args, **more: self._call(name, lambda: found(*args, **more))) if name in CALLS else found
        )

    def _call(self, name: str, act: Callable[[], Any]) -> Any:
        how = self._fault(f"{self._name}.{name}")
        if how == "down":
            raise ConnectorFailed("unreachable")
        if how == "refuses":
            raise ConnectorFailed("refused")
        if how == "never":
            gevent.sleep(FOREVER)
        if how == "late_done":
            gevent.spawn_later(6, act)
            gevent.sleep(FOREVER)
        answer = act()
        if how == "lost":
            raise ConnectorFailed("unreachable")
        return None if how == "forgets" else answer

    def _fault(self, call: str) -> str:
        try:
            told = json.loads(self._faults.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return ""
        if told["call"] not in ("", call):
            return ""
        if "chances" in told:
            return _drawn(told["chances"])
        if told["times"]:
            self._count(told)
        return str(told["how"])

    def _count(self, told: dict[str, Any]) -> None:
        left = told["times"] - 1
        if left:
            self._faults.write_text(json.dumps({**told, "times": left}), encoding="utf-8")
        else:
            self._faults.unlink(missing_ok=True)


def _drawn(chances: dict[str, float]) -> str:
    drawn = random.random()
    for how, chance in chances.items():
        drawn -= chance
        if drawn < 0:
            return how
    return ""
