"""The database: one pool, our transaction, our fields, and models that answer only to a scope."""

from core.db.fields import Blind, Day, Flag, Id, Json, Moment, Number, Sealed, SealedJson, Words
from core.db.health import lacks_room
from core.db.models import (
    HouseModel,
    Model,
    ScopedSelect,
    TenantModel,
    house_add,
    house_change,
    house_delete,
    house_rows,
    house_update,
    locked,
    new_id,
)
from core.db.patience import watch
from core.db.pool import Busy, bind, close, connection, database, dialect, discard, vault
from core.db.transactions import (
    abandon,
    after_commit,
    attempt,
    give_up,
    in_transaction,
    retrying,
    transaction,
)

__all__ = [
    "Blind",
    "Busy",
    "Day",
    "Flag",
    "HouseModel",
    "Id",
    "Json",
    "Model",
    "Moment",
    "Number",
    "ScopedSelect",
    "Sealed",
    "SealedJson",
    "TenantModel",
    "Words",
    "abandon",
    "after_commit",
    "attempt",
    "bind",
    "close",
    "connection",
    "database",
    "dialect",
    "discard",
    "give_up",
    "house_add",
    "house_change",
    "house_delete",
    "house_rows",
    "house_update",
    "in_transaction",
    "lacks_room",
    "locked",
    "new_id",
    "retrying",
    "transaction",
    "vault",
    "watch",
]
