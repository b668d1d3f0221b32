"""Addresses: how ids look in them, and which a plugin may claim without taking somebody else's."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.routing import (
    BaseConverter,
    IntegerConverter,
    PathConverter,
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
    """Slugs, tokens and names: no control signs, of which a database makes an error."""

    part_isolating = True
    regex = r"[^/\x00-\x1f\x7f]+"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Werkzeug writes its own pattern over that of the class, with the lengths that were asked for.
        self.regex = self.regex.replace("[^/]", r"[^/\x00-\x1f\x7f]")


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


@dataclass(frozen=True)
class Taken:
    """An address that somebody has: what it looks like, by which methods, whose."""

    pattern: re.Pattern[str]
    methods: frozenset[str]
    endpoint: str


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


def claim(taken: list[Taken], plugin: str, routes: Sequence[Route]) -> list[str]:
    """Enter a plugin's addresses, all or, when one is somebody's already, none; says which."""
    for route in routes:
        sample = _PART.sub(lambda part: SAMPLES.get(part["kind"] or "", "word"), route.rule)
        for one in taken:
            if one.methods.intersection(route.methods) and one.pattern.fullmatch(sample):
                return [f"the address {route.rule} is taken by {one.endpoint}: choose another."]
    taken += [
        Taken(_pattern(route.rule), frozenset(route.methods), f"{plugin}.{route.view_name}")
        for route in routes
    ]
    return []


@functools.cache
def _pattern(rule: str) -> re.Pattern[str]:
    """What a rule's addresses look like, whether they end with a slash or not."""
    fixed = [re.escape(words) for words in _PART.split(rule.rstrip("/"))[::2]]
    kinds = [CONVERTERS[part["kind"] or "default"].regex for part in _PART.finditer(rule)]
    parts = zip(fixed, [*kinds, ""], strict=True)
    return re.compile("".join(f"{words}(?:{regex})" for words, regex in parts) + "/?")
