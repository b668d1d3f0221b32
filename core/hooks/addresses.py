"""Addresses: how ids look in them, and which a plugin may claim without taking somebody else's."""

from __future__ import annotations

import re
from collections.abc import Sequence

from werkzeug.exceptions import HTTPException
from werkzeug.routing import (
    BaseConverter,
    IntegerConverter,
    Map,
    PathConverter,
    RequestRedirect,
    Rule,
    UnicodeConverter,
    UUIDConverter,
)

from core.spec.types import Route

_PART = re.compile(r"<(?:(?P<kind>[a-z]+)(?:\([^)]*\))?:)?\w+>")
# Our own doors: what a plugin puts there would look like the house's.
KEPT = frozenset({"login", "logout", "static", "healthz", "readyz", "metrics", "operator"})


class _Version7(UUIDConverter):
    """Ids in addresses: version 7, lower case; anything else is no address."""

    regex = r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"


class _Word(UnicodeConverter):
    """Slugs, tokens and names: plain ASCII, so that nothing odd reaches a query."""

    regex = r"[A-Za-z0-9_.~-]{1,200}"


class _Count(IntegerConverter):
    """Small numbers in ASCII digits; thousands of digits are no address."""

    regex = r"[0-9]{1,6}"


CONVERTERS: dict[str, type[BaseConverter]] = {
    "uuid": _Version7,
    "default": _Word,
    "string": _Word,
    "int": _Count,
    "path": PathConverter,
}
SAMPLES = {"uuid": "01980000-0000-7000-8000-000000000000", "int": "7", "path": "some/where"}


def new_map() -> Map:
    """An empty table of addresses with our converters."""
    return Map(converters=CONVERTERS)


def wrong_address(plugin: str, rule: str) -> str:
    """Why a plugin may not have this address; else nothing."""
    parts = rule.split("/")
    if not rule.startswith("/") or not parts[1] or parts[1].startswith("<"):
        return "must begin with a fixed word, like /mood/."
    kinds = [match["kind"] or "default" for match in _PART.finditer(rule)]
    if unknown := [kind for kind in kinds if kind not in CONVERTERS]:
        return f"has a part of the kind {unknown[0]!r}: there are {', '.join(sorted(CONVERTERS))}."
    if parts[1] in KEPT:
        return f"begins with /{parts[1]}, which is the house's own: choose another."
    if parts[1] == "webhooks" and parts[2:3] != [plugin]:
        return f"must begin with /webhooks/{plugin}/."
    return ""


def claim(taken: Map, plugin: str, routes: Sequence[Route]) -> list[str]:
    """Enter a plugin's addresses, all or, when one is somebody's already, none; says which."""
    adapter = taken.bind("localhost")
    for route in routes:
        sample = _PART.sub(lambda part: SAMPLES.get(part["kind"] or "", "word"), route.rule)
        for method in route.methods:
            try:
                owner = adapter.match(sample, method)[0]
            except RequestRedirect as redirect:
                owner = f"what answers {redirect.new_url.removeprefix('http://localhost')}"
            except HTTPException:
                continue
            return [f"the address {route.rule} is taken by {owner}: choose another."]
    for route in routes:
        rule = Rule(route.rule, endpoint=f"{plugin}.{route.view_name}", methods=list(route.methods))
        taken.add(rule)
    return []
