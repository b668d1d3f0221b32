"""The guard: an endpoint exists by its Route, and answers only whom the Route admits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, current_app, g, has_request_context, request, session
from flask_login import LoginManager, UserMixin, current_user

from core import audit, hooks, i18n, live, subscriptions
from core.hooks.addresses import CONVERTERS
from core.spec.errors import NotFound, PluginRefused, VestibuleError
from core.spec.types import Route
from core.tenancy import Account, Login, Scope
from core.tenancy import standing as standings
from core.tenancy.logins import is_proven, visit_of
from core.tenancy.standing import FeaturesOf
from core.web import kept, origins, sockets
from core.web.rules import LateRule

# What a page sends along when it asks by itself.
BACKGROUND = "Vestibule-Background"
LOGGED_IN = frozenset({"client", "member", "operator"})
# For whoever asks, with no look at who it is: these have to come while the database is away, styles too.
FOR_WHOEVER = frozenset({"static", "healthz", "readyz"})
OPEN_KINDS = frozenset({"anyone", "token"})
FILES_LIMIT = 8 * 1024 * 1024  # a few pictures; a file by itself is held to less


class LoginRequired(VestibuleError):
    """Nobody is logged in, and the address is not for everybody."""


class ProofRequired(VestibuleError):
    """The act asks for the password again: it was last given too long ago."""


class PortalClosed(NotFound):
    """The client has charts, but none of them at a provider whose portal is open."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A Route with its endpoint, its plugin and the needs that hold for it."""

    endpoint: str
    plugin: str
    route: Route
    needs: frozenset[str]


class Viewer(UserMixin):
    """The logged-in person, as flask-login keeps one for the request."""

    def __init__(self, token: str, login: Login, account: Account) -> None:
        self.token, self.login, self.account = token, login, account

    def get_id(self) -> str:
        return self.token


def install(app: Flask, routes: Sequence[tuple[str, Route]], needs_of: Callable[[str], Any]) -> None:
    """Turn declared Routes into endpoints and refuse every other one.

    Raises PluginRefused for two Routes of one name or a Route that says too little.
    """
    app.url_map.converters |= CONVERTERS
    app.url_rule_class = LateRule
    manager = LoginManager()
    manager.session_protection = None
    manager.init_app(app, add_context_processor=False)
    manager.user_loader(_viewer_of)
    table: dict[str, Bound] = {}
    for plugin, route in routes:
        endpoint = route.view_name if plugin == "web" else f"{plugin}.{route.view_name}"
        if endpoint in table:
            raise PluginRefused(plugin, f"two routes are named {endpoint}")
        if {"client", "member"} & set(route.kinds) and route.of is None:
            raise PluginRefused(plugin, f"{endpoint} does not say whose data it shows (of=)")
        if route.proven and not LOGGED_IN.issuperset(route.kinds):
            raise PluginRefused(plugin, f"{endpoint} asks visitors for a password that they don't have")
        needs = needs_of(plugin) if route.needs is None else route.needs
        table[endpoint] = Bound(endpoint, plugin, route, frozenset(needs))
        _add_rules(app, table[endpoint])
    app.extensions["routes"] = table


def _add_rules(app: Flask, bound: Bound) -> None:
    """One rule for a page; two for a socket, whose plain address says whether one may have it."""
    is_socket = bound.route.kind == "socket"
    view = _guarded_socket(bound) if is_socket else _guarded(bound)
    for is_handshake in (False, True) if is_socket else (False,):
        app.add_url_rule(
            bound.route.rule,
            bound.endpoint,
            view,
            methods=list(bound.route.methods),
            provide_automatic_options=False,
            websocket=is_handshake,
        )


def refuse_undeclared(app: Flask) -> None:
    """Stop the start when an endpoint was added around the Routes."""
    for rule in app.url_map.iter_rules():
        bound = app.extensions["routes"].get(rule.endpoint)
        if bound is None or bound.route.rule != rule.rule:
            raise PluginRefused(rule.endpoint, f"{rule.rule} has no Route; declare it in hooks.py")


def bound_of(endpoint: str) -> Bound | None:
    found: Bound | None = current_app.extensions["routes"].get(endpoint)
    return found


def _guarded(bound: Bound) -> Callable[..., Any]:
    def answer(**values: Any) -> Any:
        g.bound = bound
        if bound.route.takes_files:
            # Before anybody is admitted, as what came too late is read too; a visitor's body never is.
            request.max_content_length = FILES_LIMIT
        g.scope = _admitted(bound, values)
        _note_access(g.scope, bound, values)
        _read_as(g.scope)
        if request.method not in ("GET", "HEAD"):
            origins.refuse_odd_form()
            current_app.extensions["csrf"].protect()
        if bound.route.proven and not is_proven(current_user.login):
            raise ProofRequired
        return kept.offered(g.scope, bound.route.view(g.scope, **values))

    return answer


def _guarded_socket(bound: Bound) -> Callable[..., Any]:
    """Whoever is refused hears so before the handshake, while it is still an answer."""
    door = sockets.door(bound.route.view)

    def answer(**values: Any) -> Any:
        g.bound = bound
        if sockets.is_handshake():
            sockets.refuse_foreign_origin()
        slug = values.get("slug")
        g.scope = _admitted(bound, values)
        _note_access(g.scope, bound, values)
        _read_as(g.scope)
        if not sockets.is_handshake():
            return Response("open\n", mimetype="text/plain")
        return door(g.scope, live.Entry(bound.endpoint, current_user.login.id, slug), values)

    return answer


def _note_access(scope: Scope, bound: Bound, values: dict[str, Any]) -> None:
    """Each page that an operator opens in a practice is noted, or it isn't shown."""
    if scope.access_id is not None:
        client_id = values.get("client_id")
        audit.note_read(scope, "operators.page_read", client_id=client_id, endpoint=bound.endpoint)


def _read_as(scope: Scope) -> None:
    """Words and times are the reader's: their own settings, else their first provider's."""
    first = next(iter(scope.records.values()), None)
    if scope.account_id is not None:
        account = current_user.account
        i18n.begin(account.locale, account.zone or (first.zone if first else "UTC"))
    else:
        i18n.begin(request.accept_languages.best_match(list(i18n.LOCALES)) or "en", "UTC")


def _admitted(bound: Bound, values: dict[str, Any]) -> Scope:
    kinds = bound.route.kinds
    slug = None if OPEN_KINDS.issuperset(kinds) else values.pop("slug", None)
    refusal: VestibuleError = LoginRequired()
    for kind in kinds:
        if kind in OPEN_KINDS:
            return _passer_by(bound, kind, values)
        if not current_user.is_authenticated:
            continue
        try:
            return admit(bound, kind, current_user.account, slug)
        except NotFound as error:
            refusal = error
    raise refusal


def admit(
    bound: Bound, kind: str, account: Account, slug: str | None, features_of: FeaturesOf = subscriptions.of
) -> Scope:
    """The scope by which this account may pass as `kind`. Raises NotFound."""
    return _ADMIT[kind](bound, account, slug, features_of)


def _passer_by(bound: Bound, kind: str, values: dict[str, Any]) -> Scope:
    """Somebody at an open door; who is logged in already is known, and reaches nothing by it."""
    if bound.endpoint in FOR_WHOEVER:
        return Scope(kind, address=remote_address())
    slug = values.get("slug")
    is_switched = hooks.is_plugin(bound.plugin) or (bound.needs and slug is not None)
    if is_switched and not _is_door_open(bound, slug):
        raise NotFound
    if "_user_id" in session and current_user.is_authenticated:
        account = current_user.account
        return Scope(kind, account_id=account.id, account_name=account.name, address=remote_address())
    return Scope(kind, address=remote_address())


def _is_door_open(bound: Bound, slug: str | None) -> bool:
    """A public page follows the provider in its address; a plugin's without one follows all."""
    if slug is None:
        return not subscriptions.is_off_everywhere(bound.plugin)
    provider_id = standings.provider_id_of(slug)
    return provider_id is not None and subscriptions.on(provider_id, bound.needs, bound.plugin)


def _as_client(bound: Bound, account: Account, _slug: str | None, features_of: FeaturesOf) -> Scope:
    scope = standings.client_scope(account, features_of, remote_address())
    narrowed = subscriptions.narrowed(scope, bound.needs, bound.plugin)
    if narrowed is not None:
        return narrowed
    if not standings.has_chart(account.id) or _is_switched_off(bound, scope):
        raise NotFound
    if bound.needs:
        raise PortalClosed
    return scope


def _is_switched_off(bound: Bound, scope: Scope) -> bool:
    """Whether the operator stands against the plugin, and no subscription."""
    if scope.providers:
        return bool(subscriptions.where_on(scope, bound.needs))
    return hooks.is_plugin(bound.plugin) and subscriptions.is_off_everywhere(bound.plugin)


def _as_member(bound: Bound, account: Account, slug: str | None, features_of: FeaturesOf) -> Scope:
    scope = standings.member_scope(account, features_of, remote_address())
    if slug is not None:
        named = [record.id for record in scope.records.values() if record.slug == slug]
        scope = scope.within(frozenset(named))
    allowed = [key for key, member in scope.members.items() if member.role in bound.route.roles]
    narrowed = subscriptions.narrowed(scope.within(frozenset(allowed)), bound.needs, bound.plugin)
    narrowed = narrowed or _within_access(bound, account, slug)
    if narrowed is None:
        raise NotFound
    return narrowed


def _within_access(bound: Bound, account: Account, slug: str | None) -> Scope | None:
    """An operator whose hour in this practice runs; reading only, whatever the Route allows."""
    is_reading = not has_request_context() or request.method in ("GET", "HEAD")
    if slug is None or not account.is_operator or not is_reading:
        return None
    scope = standings.access_scope(account, slug, subscriptions.of, remote_address())
    is_admitted = scope is not None and "owner" in bound.route.roles
    return subscriptions.narrowed(scope, bound.needs, bound.plugin) if scope and is_admitted else None


def _as_operator(bound: Bound, account: Account, _slug: str | None, _features_of: FeaturesOf) -> Scope:
    if not account.is_operator:
        raise NotFound
    if hooks.is_plugin(bound.plugin) and subscriptions.is_off_everywhere(bound.plugin):
        raise NotFound
    return standings.operator_scope(account, remote_address())


_ADMIT: dict[str, Callable[[Bound, Account, str | None, FeaturesOf], Scope]] = {
    "client": _as_client,
    "member": _as_member,
    "operator": _as_operator,
}


def _viewer_of(token: str) -> Viewer | None:
    visit = visit_of(token, is_activity=not (is_background() or sockets.is_handshake()))
    return None if visit is None else Viewer(token, visit.login, visit.account)


def is_background() -> bool:
    """Whether the page asks by itself, and nobody has done anything."""
    return BACKGROUND in request.headers


def remote_address() -> str:
    return (request.remote_addr or "") if has_request_context() else ""
