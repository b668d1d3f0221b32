"""Slots: menus, cards and tabs that plugins contribute as data, drawn by the server."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from flask import g, request, url_for

from core import clock, hooks, i18n, subscriptions
from core.spec.slots import Card, ChartTab, Mark, News, SettingsSection, SetupStep
from core.spec.types import Obstacle
from core.tenancy import Scope
from core.web.guard import bound_of
from core.web.paths import own_path

URGENCIES = ("now", "blocks", "waits", "plain")
NOTHING: Mapping[str, Any] = {}
LAST = datetime.max.replace(tzinfo=UTC)
MOST_NEWS = 20


@dataclass(frozen=True, slots=True)
class Link:
    """A line of a menu or a row of tabs, ready to be drawn."""

    text: str
    href: str
    is_current: bool
    key: str
    badge: int | None = None
    hint: str = ""


class Fact(NamedTuple):
    """A term with what there is to know of it, and the page that it is from."""

    label: str
    text: str
    href: str


def side_of(scope: Scope) -> str:
    """Which menu a page carries."""
    return {"client": "client", "member": "practice", "operator": "operator"}.get(scope.kind, "visitor")


def is_open_to(scope: Scope, endpoint: str) -> bool:
    """Whether the Route behind an endpoint would admit this scope."""
    bound = bound_of(endpoint)
    if bound is None or not {scope.kind, "anyone"} & set(bound.route.kinds):
        return False
    if scope.kind == "member" and scope.role not in bound.route.roles:
        return False
    if not scope.providers:
        return not bound.needs
    return bool(subscriptions.where_on(scope, bound.needs, bound.plugin))


def menu(scope: Scope, at: str) -> list[Link]:
    """The menu of the scope's side, as it stands on the page `at`."""
    side = side_of(scope)
    if side == "visitor" or (side == "practice" and len(scope.providers) != 1):
        return []
    offered = [(plugin, item) for plugin, item in hooks.contributed("nav_items", scope) if item.side == side]
    items = {}
    for plugin, item in sorted(offered, key=lambda pair: (pair[1].order, pair[1].endpoint)):
        if href := _href(scope, plugin, "nav_items", item):
            items[href] = item
    here = max((href for href in items if at.startswith(href)), key=len, default="")
    return [
        Link(item.text, href, href == here, item.endpoint.partition(".")[2], item.badge)
        for href, item in items.items()
    ]


def cards(scope: Scope) -> list[Card]:
    """What waits for the client, most urgent first; a card whose Route is closed is absent."""
    found = [
        card
        for card in _leading(scope, "home_cards", hooks.contributed("home_cards", scope))
        if card.provider_id in (None, *scope.providers)
    ]
    return sorted(found, key=lambda card: (URGENCIES.index(card.urgency), card.at or LAST))


def chart_tabs(scope: Scope, client_id: UUID) -> list[Link]:
    """The tabs of a client's record that this member may open."""
    return _links(scope, "chart_tabs", hooks.contributed("chart_tabs", scope), {"client_id": client_id})


def chart_facts(scope: Scope, client_id: UUID) -> list[Fact]:
    """What the head of a client's record tells, of what this member may open."""
    found = hooks.contributed("chart_facts", scope, client_id=client_id)
    values = {"client_id": client_id}
    return [
        Fact(item.label, item.text, href)
        for plugin, item in sorted(found, key=lambda pair: (pair[1].order, pair[1].endpoint))
        if (href := _href(scope, plugin, "chart_facts", item, values))
    ]


def settings_sections(scope: Scope, side: str) -> list[Link]:
    """The links of the settings page of one side."""
    found = hooks.contributed("settings_sections", scope)
    return _links(scope, "settings_sections", [pair for pair in found if pair[1].side == side], {})


def _href(scope: Scope, plugin: str, hook: str, item: Any, values: Mapping[str, Any] = NOTHING) -> str | None:
    """Where an item leads; None for a closed Route, and for an address that can't be built of it."""
    if not is_open_to(scope, item.endpoint):
        return None
    own = getattr(item, "values", NOTHING)
    return hooks.attempted(plugin, hook, lambda: url_for(item.endpoint, **values, **own))


def _leading(scope: Scope, hook: str, found: Iterable[tuple[str, Any]]) -> list[Any]:
    """What was contributed and leads somewhere that this scope may open."""
    return [item for plugin, item in found if _href(scope, plugin, hook, item)]


def way_out(obstacle: Obstacle) -> str:
    """Where an obstacle leads, or nothing."""
    if not obstacle.leads_to or bound_of(obstacle.leads_to) is None:
        return ""
    leads_to, values = obstacle.leads_to, obstacle.values
    return hooks.attempted(obstacle.plugin, "booking_obstacles", lambda: url_for(leads_to, **values)) or ""


def _links(
    scope: Scope,
    hook: str,
    found: Iterable[tuple[str, ChartTab | SettingsSection]],
    values: Mapping[str, Any],
) -> list[Link]:
    links = []
    for plugin, item in sorted(found, key=lambda pair: (pair[1].order, pair[1].endpoint)):
        if href := _href(scope, plugin, hook, item, values):
            hint = getattr(item, "hint", "")
            links.append(Link(item.text, href, request.path == href, item.endpoint, hint=hint))
    return links


def setup_steps(scope: Scope) -> list[SetupStep]:
    """What the practice still has to set up, in order; without a link where this member may not act."""
    found = [
        step
        for plugin, step in hooks.contributed("setup_steps", scope)
        if not is_open_to(scope, step.endpoint) or _href(scope, plugin, "setup_steps", step)
    ]
    return sorted(found, key=lambda step: step.order)


def marks(scope: Scope, client_ids: Iterable[UUID]) -> dict[UUID, list[Mark]]:
    """The words beside clients' names."""
    wanted = frozenset(client_ids)
    found: dict[UUID, list[Mark]] = {client_id: [] for client_id in wanted}
    for _, mark in hooks.contributed("client_marks", scope, client_ids=wanted):
        found.setdefault(mark.client_id, []).append(mark)
    return found


def attention(scope: Scope) -> list[Any]:
    """The lines of "Needs you", oldest first."""
    found = _leading(scope, "needs_attention", hooks.contributed("needs_attention", scope))
    return sorted(found, key=lambda line: line.at or LAST)


def latest_news(scope: Scope, since: datetime) -> list[News]:
    """What happened since then, the latest first, at most `MOST_NEWS` lines."""
    found = _leading(scope, "latest_news", hooks.contributed("latest_news", scope, since=since))
    return sorted(found, key=lambda line: line.at, reverse=True)[:MOST_NEWS]


def _menu_at(scope: Scope, at: str) -> dict[str, Any]:
    """The menu, and where its counts are asked for again; an error's page has none."""
    refreshed = {"client": "menu", "practice": "practice_menu"}.get(side_of(scope))
    if "bound" not in g:
        return {"nav": [], "menu_href": "", "menu_news": ""}
    links = menu(scope, at)
    total = sum(link.badge or 0 for link in links)
    return {
        "nav": links,
        "menu_href": url_for(refreshed, at=at, known=total) if refreshed and links else "",
        "menu_news": _news(links) if total > request.args.get("known", total, type=int) else "",
    }


def _news(links: Iterable[Link]) -> str:
    """What the menu says beside its lines, for those who hear it."""
    words = i18n.gettext("%(name)s: %(n)s new")
    return ", ".join(words % {"name": link.text, "n": link.badge} for link in links if link.badge)


def _live_at(scope: Scope) -> str:
    """Where this page hears what changes; nothing for pages of errors and for closed portals."""
    endpoint = {"client": "live", "member": "practice_live"}.get(scope.kind, "")
    is_of_several = scope.kind == "member" and len(scope.providers) != 1
    if "bound" not in g or not endpoint or is_of_several or not is_open_to(scope, endpoint):
        return ""
    return url_for(endpoint, since=int(clock.now().timestamp() * 1000))


def frame() -> dict[str, Any]:
    """What the layout needs on every page."""
    scope: Scope = g.get("scope") or Scope.visitor()
    only = scope.provider if len(scope.providers) == 1 and scope.records else None
    return {
        "scope": scope,
        "is_open_to": is_open_to,
        "side": side_of(scope),
        "locale": i18n.current_locale(),
        "live_href": _live_at(scope),
        **_menu_at(scope, own_path(request.args.get("at")) or request.path),
        "operator_access": scope.access_id is not None,
        "viewer": scope.account_name,
        "providers_by_id": scope.records,
        "heading_note": only.name if only and scope.kind == "client" else "",
        "crisis_line": _crisis_lines(scope) if scope.kind == "client" else "",
    }


def _crisis_lines(scope: Scope) -> str:
    """Whom to call in an emergency: what each of a client's practices says, and what all say once."""
    return " ".join(dict.fromkeys(each.crisis_line for each in scope.records.values() if each.crisis_line))
