"""The fields of our models; moments are UTC, sealed fields open themselves."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import peewee

from core.db.pool import dialect, vault

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Day = peewee.DateField
Flag = peewee.BooleanField
Id = peewee.UUIDField
Number = peewee.BigIntegerField
Words = peewee.TextField


class Moment(peewee.Field):
    """An aware datetime: TIMESTAMPTZ, or whole microseconds since 1970 in SQLite."""

    field_type = "MOMENT"

    def db_value(self, value: datetime | None) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            msg = f"{self.name}: a moment needs its zone"
            raise ValueError(msg)
        if dialect() == "postgresql":
            return value.astimezone(UTC)
        return (value - EPOCH) // timedelta(microseconds=1)

    def python_value(self, value: Any) -> datetime | None:
        if value is None:
            return None
        if isinstance(value, datetime):
            return value.astimezone(UTC)
        return EPOCH + timedelta(microseconds=value)


class Json(peewee.Field):
    """JSON kept as text, the same on both databases."""

    field_type = "TEXT"

    def db_value(self, value: Any) -> str | None:
        return None if value is None else json.dumps(value, ensure_ascii=False)

    def python_value(self, value: str | None) -> Any:
        return None if value is None else json.loads(value)


class Blind(peewee.Field):
    """A blind index: finds an equal value without telling it."""

    field_type = "BLOB"

    def python_value(self, value: Any) -> bytes | None:
        return None if value is None else bytes(value)


class _SealedAccessor(peewee.FieldAccessor):
    """Opens the field when it is read: only there is the row it is bound to known."""

    def __get__(self, instance: Any, instance_type: Any = None) -> Any:
        if instance is None:
            return self.field
        value = instance.__data__.get(self.name)
        return self.field.opened(instance, value) if isinstance(value, bytes) else value


class Sealed(peewee.Field):
    """Text sealed by the vault for its table, column, provider and row."""

    field_type = "BLOB"
    accessor_class = _SealedAccessor

    def python_value(self, value: Any) -> bytes | None:
        return None if value is None else bytes(value)

    def sealed(self, value: Any, provider_id: Any, row_id: Any) -> bytes | None:
        if value is None:
            return None
        text = self._to_text(value)
        return vault().seal(text, self._table, self.name, provider_id, row_id)

    def opened(self, row: Any, value: bytes) -> Any:
        data = row.__data__
        provider_id = data["provider_id"] if "provider_id" in row._meta.fields else None
        return self._of_text(vault().open(value, self._table, self.name, provider_id, data["id"]))

    @property
    def _table(self) -> str:
        return str(self.model._meta.table_name)

    def _to_text(self, value: Any) -> str:
        return str(value)

    def _of_text(self, text: str) -> Any:
        return text


class SealedJson(Sealed):
    """A sealed value of dicts, lists, words and numbers."""

    def _to_text(self, value: Any) -> str:
        return json.dumps(value, ensure_ascii=False)

    def _of_text(self, text: str) -> Any:
        return json.loads(text)
