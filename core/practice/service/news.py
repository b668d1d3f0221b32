"""What happened since a member last looked at Today."""

from __future__ import annotations

from datetime import datetime, timedelta

from core import clock, db
from core.practice.models import Look
from core.tenancy import Client, Scope

# Going to and fro within this time is one look, whose news stay.
ONE_LOOK = timedelta(minutes=30)
LONGEST = timedelta(days=14)
ROWS = 20


def look(scope: Scope) -> datetime:
    """Note that the scope's member looks now. Returns since when there is news for them."""
    now = clock.now()
    if scope.access_id is not None:
        return now - LONGEST
    row = scope.rows(Look).where(Look.member_id == scope.member.id).first()
    if row is not None and now - row.seen_at < ONE_LOOK:
        return max(row.since_at, now - LONGEST)
    since_at = row.seen_at if row is not None else now - LONGEST
    db.in_passing("today_looked_at", lambda: _note_look(scope, row, since_at, now))
    return max(since_at, now - LONGEST)


def _note_look(scope: Scope, row: Look | None, since_at: datetime, now: datetime) -> None:
    if row is not None:
        scope.change(row, since_at=since_at, seen_at=now)
        return
    # Two pages opened at once: one of the looks is enough.
    db.unless_there(lambda: scope.add(Look, member_id=scope.member.id, since_at=since_at, seen_at=now))


def arrivals(scope: Scope, since: datetime) -> list[Client]:
    """The charts whose people signed up or joined since then, the latest first."""
    rows = scope.rows(Client).where((Client.joined_at >= since) & Client.erased_at.is_null())
    return list(rows.order_by(Client.joined_at.desc()).limit(ROWS))
