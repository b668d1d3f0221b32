"""The composition root: what the house is made of, as a list of steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

import jinja2
from flask import Flask, g
from flask_wtf.csrf import CSRFProtect
from htmx_flask import Htmx
from werkzeug.middleware.proxy_fix import ProxyFix

from core import (
    audit,
    clock,
    db,
    forms,
    hooks,
    i18n,
    jobs,
    limits,
    live,
    mail,
    migrate,
    outbox,
    plugin_settings,
    vault,
)
from core.accounts import hooks as accounts
from core.appointments import hooks as appointments
from core.inbox import hooks as inbox
from core.operators import hooks as operators
from core.operators.service import failures, known
from core.practice import hooks as practice
from core.settings import CHECKOUT, Settings
from core.spec.errors import PluginRefused
from core.spec.types import Job, Route
from core.tenancy import Scope, changes, kept
from core.vault import Vault
from core.web import dialling, errors, guard, headers, readiness, readmission, sheets, slots, sockets
from core.web import hooks as web
from core.web.bodies import ClosesFiles
from core.web.compiled import COMPILED
from core.web.cookie import SignedCookie

BODY_LIMIT = 512 * 1024
ROOMS: Mapping[str, ModuleType] = {
    "web": web,
    "accounts": accounts,
    "inbox": inbox,
    "appointments": appointments,
    "practice": practice,
    "operators": operators,
}


def create_app(settings: Settings) -> Flask:
    """Open the house and put its doors in: an app that answers only what Routes declare.

    Raises PluginRefused for an endpoint without a Route, MigrationRefused for missing guards.
    """
    open_house(settings)
    leave_out_old(settings)
    known.note_seen()
    app = Flask("vestibule", root_path=str(CHECKOUT), static_folder=None, template_folder=None)
    _configure(app, settings)
    _take_templates(app)
    CSRFProtect(app)
    Htmx(app)
    app.request_class = type("OwnRequest", (ClosesFiles, app.request_class), {})
    headers.install(app, is_https=settings.is_https)
    errors.install(app)
    guard.install(app, hooks.declared("register_routes"), hooks.needs_of)
    _fill_in_addresses(app)
    app.context_processor(slots.frame)
    app.teardown_request(_give_back_connection)
    readiness.install(app, settings.data, lambda: _fault_of(_own_sources(), is_newer_fine=True))
    mail.bind(settings, _template_folders(), _linker(app, settings))
    live.bind(settings.database_url, readmission.looker(app))
    guard.refuse_undeclared(app)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )
    return app


def open_house(settings: Settings) -> None:
    """Bind database, vault, plugins, outbox and jobs; what commands need without a server."""
    vault.bind(Vault(vault.keys_from(settings.master_key_file), settings.master_key_file))
    db.bind(settings, vault.current())
    forms.bind(settings)
    hooks.load(ROOMS, [CHECKOUT / "plugins", *settings.plugin_folders], settings.required_plugins)
    hooks.bind(put_event=outbox.put)
    hooks.forget_health()
    changes.bind(live.standing_changed)
    i18n.bind([folder.parent / "translations" for folder in _template_folders()], clock.now)
    outbox.deliver("mail", mail.send)
    outbox.deliver("event", hooks.deliver_event)
    # Declared words are keys of the translations: they have to be the source's, whoever reads now.
    with i18n.reading("en", "UTC"):
        _take_declarations()
    audit.bind(vault.current(), settings.data / audit.ANCHOR)
    jobs.declare_chore(failures.keep)


def _take_declarations() -> None:
    plugin_settings.declare(
        {f"{plugin}.{item.key}": item for plugin, item in hooks.declared("register_settings")}
    )
    audit.declare(event for _, event in hooks.declared("register_audit_events"))
    jobs.declare([("core", job) for job in _own_jobs()] + hooks.declared("register_jobs"))


def sources() -> list[migrate.Source]:
    """Every folder of migrations: the house, tenancy, the rooms, then plugins by name."""
    return _own_sources() + _plugin_sources()


def _own_sources() -> list[migrate.Source]:
    found = [("tenancy", CHECKOUT / "core/tenancy/migrations"), ("core", CHECKOUT / "core/migrations")]
    return found + [(name, CHECKOUT / f"core/{name}/migrations") for name in ROOMS]


def _plugin_sources() -> list[migrate.Source]:
    return [(name, folder / "migrations") for name, folder in _plugin_folders()]


def bring_up_to_date(settings: Settings) -> list[str]:
    """Apply what is missing, the house's all or nothing and then each plugin's by itself.

    A plugin whose tables can't be brought up to date is quarantined and stops no other. Returns the
    names of the migrations applied.
    """
    lock = settings.data / "migrate.lock"
    with db.connection():
        applied = migrate.migrate(_own_sources(), lock)
        for source in _plugin_sources():
            try:
                applied += migrate.migrate([source], lock)
            except migrate.MigrationRefused as error:
                hooks.quarantine(source[0], PluginRefused(source[0], str(error)))
        known.note_seen()
    return applied


def leave_out_old(settings: Settings) -> None:
    """Stop where the house's tables are behind; a plugin whose own are behind is quarantined.

    Raises MigrationRefused, and PluginRefused for a plugin without which nothing may start.
    """
    with db.connection():
        if fault := _fault_of(_own_sources()):
            raise migrate.MigrationRefused(f"{fault} Run: vestibule migrate")
        for source in _plugin_sources():
            if fault := _fault_of([source]):
                refused = PluginRefused(source[0], f"{fault} Run: vestibule migrate")
                hooks.quarantine(source[0], refused)
                if source[0] in settings.required_plugins:
                    raise refused


def _fault_of(sources: list[migrate.Source], *, is_newer_fine: bool = False) -> str:
    try:
        waiting = migrate.pending(sources)
    except migrate.MigrationRefused as error:
        # A process that serves already goes on beside its successor.
        return "" if is_newer_fine else str(error)
    if waiting:
        return f"The database is behind ({', '.join(waiting)})."
    missing = migrate.missing_guards(sources)
    return f"The database lacks its guards ({', '.join(missing)})." if missing else ""


def _own_jobs() -> list[Job]:
    return [
        Job("outbox_sweep", 3600, outbox.sweep),
        Job("limits_sweep", 3600, limits.sweep),
        Job("audit_chain", audit.CHAIN_SECONDS, audit.chain),
        Job("kept_sweep", 600, kept.sweep),
    ]


def _configure(app: Flask, settings: Settings) -> None:
    app.session_interface = SignedCookie()
    https = settings.is_https
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="__Host-vestibule" if https else "vestibule",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        SOCK_SERVER_OPTIONS=sockets.OPTIONS,
        MAX_CONTENT_LENGTH=BODY_LIMIT,
        MAX_FORM_PARTS=500,
        # A form may stay open for hours; the token is bound to the cookie and ends with it.
        WTF_CSRF_TIME_LIMIT=None,
        # The guard asks first, so that a stranger is led to /login before anything else.
        WTF_CSRF_CHECK_DEFAULT=False,
    )
    if settings.is_production:
        app.config["TRUSTED_HOSTS"] = [urlsplit(settings.base_url).hostname]


def _template_folders() -> list[Path]:
    return [CHECKOUT / "templates", *(folder / "templates" for _name, folder in _plugin_folders())]


def _plugin_folders() -> list[tuple[str, Path]]:
    """The folders of plugins that are not quarantined, by name."""
    return [(one.name, one.folder) for one in hooks.plugins() if one.folder and not one.refused]


def _take_templates(app: Flask) -> None:
    app.jinja_loader = jinja2.FileSystemLoader([str(path) for path in _template_folders()])
    env = app.jinja_env
    env.bytecode_cache = COMPILED
    env.undefined = jinja2.StrictUndefined
    env.trim_blocks = env.lstrip_blocks = True
    env.add_extension("jinja2.ext.do")
    env.globals |= {"_": i18n.gettext, "gettext": i18n.gettext, "_n": i18n.ngettext}
    env.globals["way_out"] = slots.way_out
    env.filters |= {
        "day": i18n.format_day,
        "long_day": i18n.format_long_day,
        "date_alone": i18n.format_date_alone,
        "birth": i18n.format_birth,
        "time": i18n.format_time,
        "span": i18n.format_span,
        "moment": i18n.format_moment,
        "money": i18n.format_money,
        "dialled": dialling.dialled,
    }
    app.before_request(lambda: i18n.begin("en", "UTC"))
    app.jinja_env.globals["kit"] = _Kit(app)


class _Kit:
    """The macros of templates/kit.html, compiled when the first page is drawn."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def __getattr__(self, name: str) -> Any:
        return getattr(self._app.jinja_env.get_template("kit.html").module, name)


def _fill_in_addresses(app: Flask) -> None:
    def fill(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static":
            values.setdefault("v", sheets.version(values["filename"]))
        elif "slug" not in values and app.url_map.is_endpoint_expecting(endpoint, "slug"):
            scope: Scope | None = g.get("scope")
            if scope is not None and scope.kind == "member" and len(scope.providers) == 1:
                values["slug"] = scope.provider.slug

    app.url_defaults(fill)


def _linker(app: Flask, settings: Settings) -> Callable[..., str]:
    adapter = app.url_map.bind(urlsplit(settings.base_url).netloc or "localhost")

    def link(endpoint: str, **values: Any) -> str:
        return settings.base_url.rstrip("/") + adapter.build(endpoint, values)

    return link


def _give_back_connection(_error: BaseException | None) -> None:
    if not db.database.is_closed():
        db.database.close()


__all__ = [
    "ROOMS",
    "PluginRefused",
    "Route",
    "bring_up_to_date",
    "create_app",
    "leave_out_old",
    "open_house",
    "sources",
]
