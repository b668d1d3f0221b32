"""How records travel: to plain JSON values in the outbox, and back to the same record."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from core.spec import types as records
from core.spec.work import Work

Carried = Mapping[str, Any]


def packed(record: Any) -> dict[str, Any]:
    """The record as JSON values, with the name of its class under `_`."""
    values = {field.name: _plain(getattr(record, field.name)) for field in fields(record)}
    return {"_": type(record).__name__, **values}


def unpacked(carried: Carried) -> Any:
    """The record that was packed; raises KeyError or ValueError for anything else."""
    record = Work if carried["_"] == Work.__name__ else getattr(records, carried["_"])
    hints = typing.get_type_hints(record)
    values = {field.name: _rich(carried[field.name], hints[field.name]) for field in fields(record)}
    return record(**values)


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return packed(value) if is_dataclass(value) else value


def _rich(value: Any, hint: Any) -> Any:
    if isinstance(hint, types.UnionType):
        if value is None:
            return None
        hint = next(kind for kind in typing.get_args(hint) if kind is not type(None))
    if hint is UUID:
        return UUID(value)
    if hint in (datetime, date):
        return hint.fromisoformat(value)
    return unpacked(value) if is_dataclass(hint) else value
