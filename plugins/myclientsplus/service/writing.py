"""One write for each key: repeated, it writes nothing and gives the first answer."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import peewee

from plugins.myclientsplus.models import Write
from vestibule.data import (
    ConnectorFailed,
    NotFound,
    RecordConflict,
    Scope,
    client_record,
    in_transaction,
    now,
    records,
    transaction,
)

KEY = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
# What was written: its name here and its version.
Made = tuple[UUID, int]


def written_once(
    scope: Scope, client_id: UUID, key: str, content: Mapping[str, Any], act: Callable[[], Made]
) -> records.Written:
    """Do `act` once for this key, in one transaction with the key's row.

    Raises RecordConflict `key_reused` for another content, ConnectorFailed `unknown_client` for a client
    who is not the provider's and `refused` for a key that is none.
    """
    if not KEY.fullmatch(key):
        raise ConnectorFailed("refused")
    require_client(scope, client_id)
    digest = _digest({"client": str(client_id), **content})
    try:
        return _written(scope, client_id, key, digest, act)
    except peewee.IntegrityError:
        if in_transaction():
            raise
        # Somebody wrote with the same key at the same moment: now theirs is there to be found.
        return _written(scope, client_id, key, digest, act)


def _written(
    scope: Scope, client_id: UUID, key: str, digest: str, act: Callable[[], Made]
) -> records.Written:
    with transaction():
        row = scope.rows(Write).where(Write.key == key).first()
        if row is not None:
            if row.digest != digest:
                raise RecordConflict("key_reused")
            return records.Written(row.ref, row.version, is_new=False)
        made, version = act()
        written = records.Written(str(made), str(version))
        scope.add(
            Write,
            client_id=client_id,
            key=key,
            digest=digest,
            ref=written.ref,
            version=written.version,
            written_at=now(),
        )
    return written


def require_client(scope: Scope, client_id: UUID) -> None:
    """Raises ConnectorFailed `unknown_client` for somebody who is no client of the scope's."""
    try:
        client_record(scope, client_id)
    except NotFound:
        raise ConnectorFailed("unknown_client") from None


def id_of(ref: str) -> UUID:
    """The id behind a ref; ConnectorFailed `refused` for one that the record never gave."""
    try:
        return UUID(ref)
    except ValueError:
        raise ConnectorFailed("refused") from None


def _digest(content: Mapping[str, Any]) -> str:
    plain = json.dumps(content, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()
