"""The tables of docs/reference/subscriptions.md: what each address needs and who may open it."""

from __future__ import annotations

from collections.abc import Iterator

from core import hooks
from core.app import ROOMS
from core.settings.model import CHECKOUT
from core.spec.types import FEATURES, ROLES, Route

ABOUT = """\
An address shows itself where **all** features in its row are held (●): to a client by at least one provider
that they are joined with, whose rows alone they see; to a member by their own provider. Everywhere else it
is the same 404 as a page that never was. A row without any feature needs nothing: logging in, the account
and its settings, what was written already. Visitors are all who aren't logged in; where an address names a
provider, it asks that provider's subscriptions. Behind a one-time link the provider is known by the link,
and is asked then. Operators see no client.

CP Client Portal · MA Merchant Account · RS Reminders · MCP My Clients Plus
"""
WHO = ("visitor", "client", *ROLES, "operator")
OPEN = ("anyone", "token", "signed")


def all_routes() -> Iterator[tuple[str, Route, frozenset[str]]]:
    """Every Route with its room or plugin and what it needs; loads the house, but opens no database."""
    hooks.load(ROOMS, [CHECKOUT / "plugins"])
    for each in hooks.implementations("register_routes"):
        for route in each.function():
            name = each.plugin.name
            yield name, route, hooks.needs_of(name) if route.needs is None else route.needs


def viewers(route: Route) -> frozenset[str]:
    """Who may open it, in the table's words; a member counts by each role."""
    found: set[str] = {"visitor"} if {*route.kinds} & {*OPEN} else set()
    found |= {*route.kinds} & {"client", "operator"}
    return frozenset(found | ({*route.roles} if "member" in route.kinds else set()))


def page(made: str) -> str:
    """The whole page, a table for each room and plugin."""
    parts = ["# What each subscription opens", made, ABOUT.strip()]
    rooms: dict[str, list[str]] = {}
    for name, route, needs in all_routes():
        rooms.setdefault(name, []).append(_row(route, needs))
    head = f"| address | {' | '.join((*FEATURES, *WHO))} |\n|---|{'---|' * (len(FEATURES) + len(WHO))}\n"
    for name, rows in rooms.items():
        parts += [f"## {name}", head + "\n".join(rows)]
    return "\n\n".join(parts) + "\n"


def _row(route: Route, needs: frozenset[str]) -> str:
    open_to = viewers(route)
    marks = ["●" if feature in needs else "" for feature in FEATURES]
    marks += ["✓" if who in open_to else "" for who in WHO]
    methods = "" if route.methods == ("GET",) else f" {', '.join(route.methods)}"
    return f"| `{route.rule}`{methods} | {' | '.join(marks)} |"
