"""Limits on tries, counted in the database: all processes share them and a restart forgets none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from math import ceil
from typing import Any

import peewee

from core import clock, db
from core.spec.errors import TooManyTries

# What `most` locks stays locked until `clear`; a moment far away says so.
LOCKED = timedelta(days=3650)
# By so much two clocks may differ; what is later was counted by one that was ahead and came back.
SLACK = timedelta(minutes=5)


@dataclass(frozen=True)
class Rule:
    """From the `limit`-th try on a key has to wait.

    It waits to the end of `window` seconds, counted from the first try, or, with `waits`, for that
    many seconds after each further try, the last one repeated. Without a window tries are counted
    until `clear`. From the `most`-th try on only `clear` helps.
    """

    limit: int
    window: int | None = None
    waits: tuple[int, ...] = ()
    most: int | None = None


# OWASP ASVS 6.3.1; at most 100 failures in a row: NIST SP 800-63B, 3.2.2.
RULES = {
    "login_account": Rule(5, waits=(30, 60, 120, 300, 600, 1800, 3600), most=100),
    "login_address": Rule(30, 600),
    "signup_address": Rule(10, 3600),
    "signup_account": Rule(3, 3600),
    "forgot_address": Rule(20, 3600),
    "forgot_account": Rule(3, 3600),
    "invitation_resend": Rule(3, 3600),
    "code_entry": Rule(5, 3600),
    "proof_login": Rule(5, waits=(30, 60, 120, 300, 600, 1800, 3600)),
    "email_change": Rule(5, 3600),
    "email_notice": Rule(3, 86_400),
    # Security questions: five tries in all; then the practice helps, or the password does.
    "recovery_answers": Rule(5, most=5),
    "token_address": Rule(60, 600),
    "own_data": Rule(10, 3600),
}


class LimitCount(db.HouseModel):
    """How often one key was tried under one rule; the key is blind."""

    name = db.Words()
    key = db.Blind()
    tries = db.Number(default=0)
    since_at = db.Moment()
    seen_at = db.Moment()
    until_at = db.Moment(null=True)

    class Meta:
        table_name = "limit_count"


def check(name: str, *keys: object) -> None:
    """Raises TooManyTries, with the seconds to wait, while the key has to wait."""
    with db.connection():
        row = db.house_rows(LimitCount).where(_of(name, keys)).first()
    if row is not None:
        _refuse_waiting(name, row)


def count(name: str, *keys: object) -> None:
    """Count one try; call it outside a transaction that may roll back."""
    with db.transaction():
        _count(name, _locked(name, keys))


def spend(name: str, *keys: object) -> None:
    """Check and count in one step, so that tries at the same moment can't all slip through.

    Raises TooManyTries, and then nothing is counted. Call it before the try and outside a
    transaction that may roll back; `clear` or `give_back` what turns out to be no failure.
    """
    with db.transaction():
        row = _locked(name, keys)
        _refuse_waiting(name, row)
        _count(name, row)


def give_back(name: str, *keys: object) -> None:
    """Take one counted try away again: it was no failure."""
    with db.transaction():
        row = _locked(name, keys)
        tries = max(row.tries - 1, 0)
        until_at = row.until_at if tries >= RULES[name].limit else None
        db.house_change(row, tries=tries, until_at=until_at)


def clear(name: str, *keys: object) -> None:
    """Forget the key's tries: somebody proved who they are."""
    with db.transaction():
        db.house_delete(LimitCount).where(_of(name, keys)).execute()


def address_key(address: str) -> str:
    """What counts as one address: IPv4 as it is, IPv6 by its first 64 bits (one household's)."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(IPv6Address(int(parsed) >> 64 << 64))


def sweep(_scope: Any) -> int:
    """Delete counts whose window has passed. Returns how many."""
    removed, now = 0, clock.now()
    for name, rule in RULES.items():
        if rule.window is None:
            continue
        with db.transaction():
            old = LimitCount.since_at < now - timedelta(seconds=rule.window)
            removed += db.house_delete(LimitCount).where(LimitCount.name == name, old).execute()
    return removed


def _of(name: str, keys: tuple[object, ...]) -> peewee.Expression:
    return (LimitCount.name == name) & (LimitCount.key == _blinded(name, keys))


def _blinded(name: str, keys: tuple[object, ...]) -> bytes:
    if name not in RULES:
        raise KeyError(f"there is no limit named {name}")
    parts = [str(key) for key in keys]
    if name.endswith("_address"):
        parts = [address_key(part) for part in parts]
    return db.vault().blind("\0".join(parts), f"limit:{name}", None)


def _locked(name: str, keys: tuple[object, ...]) -> LimitCount:
    """The key's row, made if need be, which nobody else changes before our commit."""
    now = clock.now()
    first = {
        LimitCount.id: db.new_id(),
        LimitCount.name: name,
        LimitCount.key: _blinded(name, keys),
        LimitCount.tries: 0,
        LimitCount.since_at: now,
        LimitCount.seen_at: now,
    }
    peewee.ModelInsert(LimitCount, first).on_conflict_ignore().execute()
    query: Any = db.house_rows(LimitCount).where(_of(name, keys))
    row: LimitCount = (query.for_update() if db.dialect() == "postgresql" else query).get()
    return row


def _count(name: str, row: LimitCount) -> None:
    rule, now = RULES[name], clock.now()
    is_ahead = row.since_at > now + SLACK
    is_over = rule.window is not None and (is_ahead or now >= row.since_at + timedelta(seconds=rule.window))
    tries, since_at = (1, now) if is_over else (row.tries + 1, row.since_at)
    until_at = _wait(rule, tries, since_at, now)
    db.house_change(row, tries=tries, since_at=since_at, seen_at=now, until_at=until_at)


def _wait(rule: Rule, tries: int, since_at: datetime, now: datetime) -> datetime | None:
    if rule.most is not None and tries >= rule.most:
        return now + LOCKED
    if tries < rule.limit:
        return None
    if rule.waits:
        return now + timedelta(seconds=rule.waits[min(tries - rule.limit, len(rule.waits) - 1)])
    return since_at + timedelta(seconds=rule.window or 0)


def _refuse_waiting(name: str, row: LimitCount) -> None:
    rule, now = RULES[name], clock.now()
    is_locked = rule.most is not None and row.tries >= rule.most
    if row.seen_at > now + SLACK and not is_locked:
        # It would have to wait for as long as the clock was wrong.
        return
    left = 0.0 if row.until_at is None else (row.until_at - now).total_seconds()
    if left > 0:
        raise TooManyTries(ceil(left))
