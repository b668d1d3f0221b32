"""What was typed into a form that could not be taken: sealed for its account, for half an hour (law 16)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

import peewee

from core import clock, db
from core.tenancy.models import KeptForm

HOLDS = timedelta(minutes=30)
MOST_FORMS = 10
MOST_CHARACTERS = 200_000

Why = Literal["lapsed", "unproven", "stale"]


@dataclass(frozen=True, slots=True)
class Typed:
    """A form as it was sent: from which page of ours, to which address, and its fields in order."""

    page: str
    action: str
    why: Why
    fields: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Kept:
    """A form that waits for its account."""

    id: UUID
    typed: Typed


def keep(account_id: UUID, typed: Typed) -> bool:
    """Keep a form in place of an earlier one of the same page and address; says whether it was kept.

    One with nothing in it is not kept, nor one over 200,000 characters; of an account's forms the
    newest ten are.
    """
    size = sum(len(name) + len(value) for name, value in typed.fields)
    if size > MOST_CHARACTERS or not any(value.strip() for _name, value in typed.fields):
        return False
    now = clock.now()
    place = db.vault().blind(f"{typed.page}\0{typed.action}", "kept_form.place", None)
    with db.transaction():
        _delete((KeptForm.account_id == account_id) & (KeptForm.place == place))
        # Of a form that is sent twice at the same moment one is enough.
        db.unless_there(
            lambda: db.house_add(
                KeptForm,
                account_id=account_id,
                place=place,
                body=asdict(typed),
                kept_at=now,
                expires_at=now + HOLDS,
            )
        )
        _forget_surplus(account_id)
    return True


def kept_for(account_id: UUID) -> list[Kept]:
    """What waits for an account, newest first."""
    mine = (KeptForm.account_id == account_id) & (KeptForm.expires_at > clock.now())
    rows: Any = db.house_rows(KeptForm).where(mine).order_by(KeptForm.kept_at.desc(), KeptForm.id.desc())
    return [Kept(row.id, _read(row.body)) for row in rows]


def has_kept(account_id: UUID) -> bool:
    """Whether anything waits for an account."""
    mine = (KeptForm.account_id == account_id) & (KeptForm.expires_at > clock.now())
    return bool(db.house_rows(KeptForm, KeptForm.id).where(mine).exists())


def forget(account_id: UUID, kept_id: UUID) -> None:
    """It was sent after all, or is wanted no more; another account's is left alone."""
    with db.transaction():
        _delete((KeptForm.account_id == account_id) & (KeptForm.id == kept_id))


def sweep(_scope: Any) -> int:
    """Delete what nobody came back for. Returns how many."""
    with db.transaction():
        return _delete(KeptForm.expires_at <= clock.now())


def _read(body: dict[str, Any]) -> Typed:
    fields = [(name, value) for name, value in body["fields"]]
    return Typed(body["page"], body["action"], body["why"], fields)


def _forget_surplus(account_id: UUID) -> None:
    mine = KeptForm.account_id == account_id
    rows: Any = db.house_rows(KeptForm, KeptForm.id).where(mine)
    ids = [row.id for row in rows.order_by(KeptForm.kept_at.desc(), KeptForm.id.desc())]
    if len(ids) > MOST_FORMS:
        _delete(KeptForm.id.in_(ids[MOST_FORMS:]))


def _delete(which: peewee.Expression) -> int:
    count: int = db.house_delete(KeptForm).where(which).execute()
    return count
