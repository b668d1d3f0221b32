"""What the web room declares: static files, and how the process tells that it lives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Response, request, send_from_directory

from core import hooks
from core.hooks import hookimpl
from core.spec.scope import Scope
from core.spec.types import Route, Who
from core.tenancy import kept
from core.web import readiness, sheets
from core.web.errors import RETRY_AWAY_SECONDS
from core.web.pages import lead_to, page
from core.web.paths import page_of_form
from core.web.sockets import Socket

NOTHING: frozenset[str] = frozenset()
PORTAL = frozenset({"CP"})
PEOPLE: tuple[Who, ...] = ("client", "member", "operator")


def static(scope: Scope, filename: str) -> Response:
    """A file of our own or a plugin's, one that set-up fetched into static/vendor, or a sheet of several."""
    if filename in sheets.SHEETS:
        kind = "text/css" if filename.endswith(".css") else "text/javascript"
        return Response(sheets.sheet(filename), mimetype=kind)
    return send_from_directory(sheets.folder_of(filename), filename)


def healthz(scope: Scope) -> Response:
    """Alive: answers without asking anything; red once a plugin held the process, until it is restarted."""
    if hooks.is_held():
        return Response("a plugin held this process: restart it\n", 503, mimetype="text/plain")
    return Response("ok\n", mimetype="text/plain")


def readyz(scope: Scope) -> Response:
    """Ready to serve; else what stands in the way, a line each.

    A plugin that is unwell is named below, and the rest serves.
    """
    if found := readiness.faults():
        text = "\n".join(["not ready", *found, ""])
        return Response(text, 503, {"Retry-After": str(RETRY_AWAY_SECONDS)}, mimetype="text/plain")
    lines = ["ready", *(f"unwell: {name}" for name in hooks.unwell())]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


def more(scope: Scope) -> Any:
    """The rest of the menu on a phone."""
    return page("more.html", is_more=True)


def menu(scope: Scope) -> Any:
    """The menu once more, its counts as they are now."""
    return page("menu.html")


def forget_kept(scope: Scope, kept_id: UUID) -> Any:
    """What was kept of a form is wanted no more."""
    if scope.account_id is not None:
        kept.forget(scope.account_id, kept_id)
    return lead_to(page_of_form())


def live(scope: Scope, socket: Socket) -> None:
    """Hints for one open page until it leaves; a page has nothing to say itself."""
    socket.hear(request.args.get("since", type=int))
    while socket.receive() is not None:
        pass


@hookimpl
def register_routes() -> Sequence[Route]:
    return [
        Route("/static/<path:filename>", static, who="anyone", needs=NOTHING),
        Route("/healthz", healthz, who="anyone", needs=NOTHING),
        Route("/readyz", readyz, who="anyone", needs=NOTHING),
        Route(
            "/kept/<uuid:kept_id>/forget",
            forget_kept,
            who=PEOPLE,
            of="all",
            methods=("POST",),
            needs=NOTHING,
            open_when_closed=True,
        ),
        Route("/more/", more, who="client", of="all", needs=NOTHING),
        Route("/menu/", menu, who="client", of="all", needs=NOTHING),
        Route("/practice/<slug>/menu/", menu, "member", "one", needs=NOTHING, name="practice_menu"),
        Route("/live/", live, "client", "all", needs=PORTAL, kind="socket"),
        Route(
            "/practice/<slug>/live/",
            live,
            "member",
            "one",
            needs=NOTHING,
            name="practice_live",
            kind="socket",
        ),
    ]
