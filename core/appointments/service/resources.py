"""What a booking locks and holds: a resource for each clinician, a row for each held time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from uuid import UUID

import peewee

from core import db
from core.appointments.models import Resource
from core.spec.errors import SlotTaken
from core.tenancy import Scope

OVERLAP_CONSTRAINT = "appointments_no_overlap"


def ensure_resource(scope: Scope, member_id: UUID) -> None:
    """Make the clinician's resource where there is none yet; two at once make one."""
    if scope.maybe(Resource, member_id) is not None:
        return
    if db.unless_there(lambda: scope.add(Resource, id=member_id, member_id=member_id)) is None:
        scope.one(Resource, member_id)


def lock_resources(scope: Scope, ids: Iterable[UUID]) -> None:
    """Take the resources' rows, always in one order, so that bookings queue and never deadlock.

    SQLite needs no such lock: its transaction is the only writer.
    """
    wanted = sorted(set(ids))
    for member_id in wanted:
        ensure_resource(scope, member_id)
    if db.dialect() == "postgresql":
        rows = scope.rows(Resource, Resource.id).where(Resource.id.in_(wanted))
        rows.order_by(Resource.id).for_update().execute()


@contextmanager
def overlap_means_taken() -> Iterator[None]:
    """Turn the overlap constraint's refusal into SlotTaken; both databases name the constraint."""
    try:
        yield
    except peewee.IntegrityError as error:
        if OVERLAP_CONSTRAINT in str(error):
            raise SlotTaken from error
        raise
