"""Demographics: what the record knows of a person, changed only on the version that was read."""

from __future__ import annotations

from uuid import UUID

import peewee

from plugins.myclientsplus.models import Person
from plugins.myclientsplus.service.writing import Made, require_client, written_once
from vestibule.data import (
    Demographics,
    RecordConflict,
    Scope,
    demographics,
    locked,
    note,
    now,
    packed,
    records,
    transaction,
    unpacked,
)


class People:
    """The part `demographics` of the protocol."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def read(self, client_id: UUID) -> records.KeptDemographics | None:
        """What is known now. Raises ConnectorFailed `unknown_client` for somebody else's client."""
        require_client(self._scope, client_id)
        return kept_of(self._scope, client_id)

    def write(
        self, client_id: UUID, demographics: Demographics, *, based_on: str | None, key: str
    ) -> records.Written:
        """Replace what stood at `based_on`; None adds the person."""
        told = packed(demographics)
        content = {"told": told, "based_on": based_on}
        return written_once(
            self._scope, client_id, key, content, lambda: _replace(self._scope, client_id, told, based_on)
        )


def kept_of(scope: Scope, client_id: UUID) -> records.KeptDemographics | None:
    """What the record knows of this client; None where it doesn't know them yet."""
    row = _row(scope, client_id)
    return None if row is None else _kept(row)


def correct_person(scope: Scope, client_id: UUID, told: Demographics, *, based_on: str | None) -> None:
    """Write exactly what was told, by a person on a page. Raises RecordConflict `changed`."""
    try:
        with transaction():
            _replace(scope, client_id, packed(told), based_on)
            note(scope, "myclientsplus.demographics_changed", client_id=client_id)
    except peewee.IntegrityError:
        # Two added the person at the same moment.
        raise RecordConflict("changed", kept_of(scope, client_id)) from None


def know(scope: Scope, client_id: UUID) -> None:
    """See that the record knows a client of the practice, from their chart; stands in a transaction."""
    if _row(scope, client_id) is None:
        told = packed(demographics(scope, client_id))
        scope.add(Person, client_id=client_id, told=told, version=1, changed_at=now())


def _replace(scope: Scope, client_id: UUID, told: dict[str, object], based_on: str | None) -> Made:
    row = locked(scope.rows(Person).where(Person.client_id == client_id)).first()
    standing = None if row is None else str(row.version)
    if standing != based_on:
        raise RecordConflict("changed", None if row is None else _kept(row))
    if row is None:
        row = scope.add(Person, client_id=client_id, told=told, version=1, changed_at=now())
    else:
        scope.change(row, told=told, version=row.version + 1, changed_at=now())
    return row.id, row.version


def _row(scope: Scope, client_id: UUID) -> Person | None:
    found: Person | None = scope.rows(Person).where(Person.client_id == client_id).first()
    return found


def _kept(row: Person) -> records.KeptDemographics:
    return records.KeptDemographics(unpacked(row.told), str(row.version), row.changed_at)
