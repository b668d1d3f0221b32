"""Reading plugin.toml without running Python: what a plugin is, needs and guards."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from core.hooks.plugin import FIRST_LINE, Fault
from core.spec.hooks import API_VERSION, KINDS
from core.spec.types import FEATURES

FILE = "plugin.toml"
NAME = re.compile(r"[a-z][a-z0-9]{1,29}")
TITLE_LENGTH = 60
_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+!-]{0,39}")
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_AT_LINE = re.compile(r"\(at line (\d+)")
# Prefixes of our own tables, settings, audit events and commands: a plugin of that name would own them.
RESERVED = frozenset(
    "account accounts appointments audit client core css errors forms hooks house icon inbox job jobs js kept"
    " keys kit known layout limit limits live login mail member menu migration more operator operators outbox"
    " plugin plugins practice provider providers questionnaires session sqlite static subscription"
    " subscriptions switch tenancy vendor vestibule web worker".split()
)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a plugin.toml says; whatever is wrong in it is left at its default."""

    name: str
    title: str = ""
    version: str = ""
    needs: frozenset[str] = frozenset()
    gates: tuple[str, ...] = ()
    connectors: tuple[str, ...] = ()
    required_settings: tuple[str, ...] = ()


def read(folder: Path, called: str) -> tuple[Manifest, list[Fault]]:
    """The manifest of a folder and everything that is wrong with it; `called` is the expected name.

    What is right is kept beside what is wrong, so that a broken plugin's gates still count as closed.
    """
    try:
        text = (folder / FILE).read_text(encoding="utf-8")
    except (OSError, ValueError):
        words = "is missing or no UTF-8 text: write name, title, version, api and needs into it."
        return Manifest(called, called), [Fault(FILE, FIRST_LINE, words)]
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = _AT_LINE.search(str(error))
        words = "is no TOML: mend what stands there."
        return Manifest(called, called), [Fault(FILE, int(line[1]) if line else FIRST_LINE, words)]
    wrong = dict(_wrong(told, called))
    kept = {key: value for key, value in told.items() if key in CHECKS and key not in wrong}
    faults = [Fault(FILE, _line_of(text, key), words) for key, words in wrong.items()]
    return _manifest(kept, told, called), sorted(faults, key=lambda fault: fault.line)


def _manifest(kept: Mapping[str, Any], told: Mapping[str, Any], called: str) -> Manifest:
    needs = told.get("needs")
    known = [need for need in needs if need in FEATURES] if isinstance(needs, list) else []
    return Manifest(
        name=called,
        title=kept.get("title", called),
        version=kept.get("version", ""),
        needs=frozenset(known),
        gates=tuple(kept.get("gates", ())),
        connectors=tuple(kept.get("connectors", ())),
        required_settings=tuple(kept.get("required_settings", ())),
    )


def _wrong(told: Mapping[str, Any], called: str) -> Iterator[tuple[str, str]]:
    """Key by key, what is wrong and its mend."""
    for key in told.keys() - CHECKS.keys():
        near = get_close_matches(key, CHECKS, 1)
        yield key, f"`{key}` is no key of a manifest" + (f"; perhaps `{near[0]}` is meant." if near else ".")
    for key, check in CHECKS.items():
        if key in told:
            if words := check(told[key]):
                yield key, f"`{key}` {words}"
        elif key not in OPTIONAL:
            yield key, f"`{key}` is missing: add it."
    if told.get("name", called) != called and not _name(told["name"]):
        yield "name", f"`name` is {told['name']!r} and it was found as {called!r}: make them the same."


def _line_of(text: str, key: str) -> int:
    begins = re.compile(rf"""\s*["']?{re.escape(key)}["']?\s*[=.]|\s*\[+\s*{re.escape(key)}\b""")
    lines = enumerate(text.splitlines(), FIRST_LINE)
    return next((number for number, line in lines if begins.match(line)), FIRST_LINE)


def _name(value: Any) -> str:
    if not isinstance(value, str) or not NAME.fullmatch(value):
        return "must be 2 to 30 small letters and digits, a letter first."
    return (
        f"may not be {value!r}, which the house has for itself: choose another." if value in RESERVED else ""
    )


def _title(value: Any) -> str:
    is_good = isinstance(value, str) and value.isprintable() and 0 < len(value.strip()) <= TITLE_LENGTH
    return "" if is_good else f"must be a line of up to {TITLE_LENGTH} characters."


def _version(value: Any) -> str:
    is_good = isinstance(value, str) and _VERSION.fullmatch(value)
    return "" if is_good else 'must be text like "1.0".'


def _api(value: Any) -> str:
    if not isinstance(value, int) or isinstance(value, bool):
        return "must be a whole number."
    if value > API_VERSION:
        return f"is {value} and this Vestibule has {API_VERSION}: install a newer Vestibule."
    return (
        f"is {value} and this Vestibule has {API_VERSION}: install a newer plugin."
        if value < API_VERSION
        else ""
    )


def _words(value: Any, allowed: Callable[[str], bool], what: str) -> str:
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        return "must be a list of words."
    unknown = [word for word in value if not allowed(word)]
    if unknown:
        return f"holds {unknown[0]!r}, which is no {what}."
    return "names one twice." if len(set(value)) < len(value) else ""


def _needs(value: Any) -> str:
    return _words(value, lambda word: word in FEATURES, f"feature; there are {', '.join(FEATURES)}")


def _gates(value: Any) -> str:
    return _words(value, lambda word: KINDS.get(word) == "gate", "gate of the list of hooks")


def _connectors(value: Any) -> str:
    return _words(value, lambda word: KINDS.get(word) == "connector", "connector of the list of hooks")


def _required_settings(value: Any) -> str:
    return _words(value, lambda word: bool(_KEY.fullmatch(word)), "key of a setting")


CHECKS: Mapping[str, Callable[[Any], str]] = {
    "name": _name,
    "title": _title,
    "version": _version,
    "api": _api,
    "needs": _needs,
    "gates": _gates,
    "connectors": _connectors,
    "required_settings": _required_settings,
}
OPTIONAL = frozenset({"gates", "connectors", "required_settings"})
