"""Pages and their fragments from one template; the only file that knows htmx."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, current_app, make_response, redirect, request, url_for
from htmx_flask import request as htmx_request
from werkzeug.urls import iri_to_uri

VARY = "HX-Request, HX-Boosted, HX-History-Restore-Request"


def page(
    template: str,
    *,
    fragment: str | None = None,
    also: Sequence[str] = (),
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **context: Any,
) -> Response:
    """The whole page, or only its blocks `fragment` and `also` when htmx asks for them."""
    current_app.update_template_context(context)
    found = current_app.jinja_env.get_template(template)
    if fragment is not None and wants_fragment():
        view = found.new_context(context)
        body = "".join("".join(found.blocks[name](view)) for name in (fragment, *also))
    else:
        body = found.render(context)
    response = make_response(body, status, dict(headers or {}))
    response.headers["Vary"] = VARY
    return response


def wants_fragment() -> bool:
    """Whether htmx asks for a part; a boosted visit and a restored history get the page."""
    asked = htmx_request.htmx
    return bool(asked) and not asked.boosted and not asked.history_restore_request


def redirect_to(endpoint: str, **values: Any) -> Response:
    """Lead on after an act: 303, or HX-Redirect where htmx posted."""
    return lead_to(url_for(endpoint, **values))


def lead_to(path: str) -> Response:
    """Lead on to a path of ours."""
    if wants_fragment():
        # Headers are Latin-1: an address with other signs would break the answer off.
        return Response(status=204, headers={"HX-Redirect": iri_to_uri(path), "Vary": VARY})
    answer = redirect(path, 303)
    answer.headers["Vary"] = VARY
    return Response(answer.get_data(), 303, answer.headers)


def is_htmx() -> bool:
    return request.headers.get("HX-Request") == "true"
