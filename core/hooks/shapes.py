"""Whether a record that a plugin returned holds what its type says: a wrong one never reaches a page."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Collection, Mapping
from dataclasses import fields
from datetime import datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any, Literal
from uuid import UUID

from babel.support import LazyProxy

Check = Callable[[Any], bool]


class WrongShape(TypeError):
    """A hook returned something else than its spec says; the message holds names of types only."""


def checked(hook: str, returned: Any, wanted: type) -> list[Any]:
    """What a hook returned, as a list of its own. Raises WrongShape for anything but a list of `wanted`."""
    if not isinstance(returned, list | tuple):
        raise WrongShape(f"{hook} returned {type(returned).__name__}, not a list")
    for value in returned:
        if type(value) is not wanted:
            raise WrongShape(f"{hook} returned {type(value).__name__}, not {wanted.__name__}")
        if wrong := wrong_field(value):
            raise WrongShape(f"{hook} returned a {wanted.__name__} with a wrong {wrong}")
    return list(returned)


def wrong_field(value: Any) -> str:
    """The name of the first field that does not hold what its type says; else nothing."""
    kind: Any = type(value)
    names, read, usual, checks = _fields(kind)
    for number, held in enumerate(read(value)):
        if type(held) not in usual[number] and not checks[number](held):
            return names[number]
    return ""


@lru_cache(maxsize=64)
def _fields(record: type) -> tuple[tuple[str, ...], Callable[[Any], Any], list[frozenset[type]], list[Check]]:
    """The fields' names, all their values at once, the types that need no second look, and the look."""
    hints = typing.get_type_hints(record)
    names = tuple(one.name for one in fields(record))
    read = attrgetter(*names) if len(names) > 1 else (lambda value: (getattr(value, names[0]),))
    return names, read, [_usual(hints[name]) for name in names], [_check(hints[name]) for name in names]


def _usual(hint: Any) -> frozenset[type]:
    """The types whose every value is right; what depends on the value, such as a zone, is not among them."""
    plain: dict[Any, set[type]] = {
        str: {str},
        int: {int},
        bool: {bool},
        UUID: {UUID},
        type(None): {type(None)},
    }
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        return frozenset(kind for one in typing.get_args(hint) for kind in _usual(one))
    if typing.get_origin(hint) in (Mapping, dict):
        return frozenset({dict})
    return frozenset(plain.get(hint, ()))


def _check(hint: Any) -> Check:
    origin = typing.get_origin(hint)
    if origin is Literal:
        return _among(typing.get_args(hint))
    if origin in (types.UnionType, typing.Union):
        checks = [_check(one) for one in typing.get_args(hint)]
        return lambda value: any(check(value) for check in checks)
    if origin is tuple and typing.get_args(hint)[1:] == (...,):
        inner = _check(typing.get_args(hint)[0])
        return lambda value: isinstance(value, tuple) and all(inner(one) for one in value)
    return _plain(origin or hint)


def _plain(kind: Any) -> Check:
    if kind is Any:
        return lambda _value: True
    if kind is str:
        return lambda value: isinstance(value, str | LazyProxy)
    if kind is int:
        return lambda value: type(value) is int
    if kind is datetime:
        return lambda value: isinstance(value, datetime) and value.tzinfo is not None
    return lambda value: isinstance(value, kind)


def _among(allowed: Collection[Any]) -> Check:
    return lambda value: isinstance(value, str) and value in allowed
