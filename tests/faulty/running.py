"""Plugins that load and then fail when they are asked: in a contribution or in a gate."""

from __future__ import annotations

from dataclasses import dataclass

from tests.faulty.plugin import FIRST, HEAD, Faulty

BODY = FIRST + 2
GATE_LINE = 6


@dataclass(frozen=True)
class Running:
    """A faulty plugin with the hook that fails, and the type of error that is kept of it."""

    plugin: Faulty
    hook: str
    kind: str

    @property
    def name(self) -> str:
        return self.plugin.name


def _card(name: str, kind: str, body: str, *, line: int = BODY, before: str = "") -> Running:
    code = f"@hookimpl\ndef home_cards(scope):\n    {body}\n{before}"
    return Running(Faulty(name, "", code, line=line), "home_cards", kind)


def _gate(name: str, kind: str, body: str, *, line: int = GATE_LINE) -> Running:
    replaces = f"import gevent\n{HEAD}".replace("return []", body).replace(
        "import gevent\nfrom", "import gevent; from"
    )
    return Running(Faulty(name, "", replaces=replaces, line=line), "booking_obstacles", kind)


CARD = "Card('Mood', 'inbox.home', 'Open'"
CARDS = (
    _card("raisescard", "RuntimeError", "raise RuntimeError('the panic came back')"),
    _card("exitscard", "SystemExit", "raise SystemExit(3)"),
    _card("interruptscard", "KeyboardInterrupt", "raise KeyboardInterrupt"),
    _card("endscard", "BaseException", "raise BaseException('the panic came back')"),
    _card("expirescard", "Timeout", "import gevent; raise gevent.Timeout(0)"),
    _card("hangscard", "Timeout", "import gevent; gevent.sleep(30)"),
    _card("nonecard", "WrongShape", "return None", line=FIRST),
    _card("generatorcard", "WrongShape", "return (one for one in [])", line=FIRST),
    _card("endlesscard", "WrongShape", "import itertools; return itertools.count()", line=FIRST),
    _card("stringcard", "WrongShape", "return 'rubbish'", line=FIRST),
    _card("wrongcard", "WrongShape", "return [NavItem('Mood', 'inbox.home', 1)]", line=FIRST),
    _card("titlecard", "WrongShape", "return [Card(None, 'inbox.home', 'Open')]", line=FIRST),
    _card("urgentcard", "WrongShape", f"return [{CARD}, urgency='very')]", line=FIRST),
    _card(
        "naivecard",
        "WrongShape",
        f"from datetime import datetime; return [{CARD}, at=datetime(2026, 1, 1))]",
        line=FIRST,
    ),
    _card("urlcard", "BuildError", "return [Card('Mood', 'inbox.thread', 'Open')]", line=1),
    _card("changescard", "AttributeError", "scope.features.clear()"),
    _card("movescard", "FrozenInstanceError", "scope.providers = frozenset()"),
    _card(
        "opencard",
        "LeftOpen",
        "from vestibule.data import transaction; kept.append(transaction()); kept[-1].__enter__(); return []",
        line=FIRST,
        before="\n\nkept = []\n",
    ),
)
GATES = (
    _gate("raisesgate", "RuntimeError", "raise RuntimeError('the panic came back')"),
    _gate("exitsgate", "SystemExit", "raise SystemExit(3)"),
    _gate("hangsgate", "Timeout", "gevent.sleep(30)"),
    _gate("nonegate", "WrongShape", "return None", line=4),
    _gate("codegate", "WrongShape", "return [Obstacle('Ana has panic')]", line=4),
    _gate("changesgate", "FrozenInstanceError", "client.given_name = 'Somebody'"),
)
# Nothing can be said of these but that the others don't feel them.
UNSEEN = (
    Faulty(
        "leaking",
        "",
        "import gevent\n\nkept = []\n\n\n@hookimpl\ndef home_cards(scope):\n"
        "    kept.append(bytearray(100_000))\n    kept.append(gevent.spawn(gevent.sleep, 5))\n"
        "    return []\n",
    ),
    Faulty(
        "aspoiling",
        "",
        "@hookimpl\ndef nav_items(scope):\n    scope.once('intake.outstanding', lambda: [])\n    return []\n",
    ),
    Faulty(
        "strangercard",
        "",
        f"@hookimpl\ndef home_cards(scope):\n    return [{CARD}, provider_id=scope.account_id)]\n",
    ),
    Faulty(
        "deadcard", "", "@hookimpl\ndef home_cards(scope):\n    return [Card('Dead', 'no.such', 'Open')]\n"
    ),
)
RUNNING = (*CARDS, *GATES)
