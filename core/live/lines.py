"""The open sockets of this process: who stands behind each, what each is told, and when one ends."""

from __future__ import annotations

import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar
from uuid import UUID

import gevent
import structlog
from gevent.event import Event

from core import clock, db
from core.live.hints import EVERYTHING, Hint
from core.spec.errors import VestibuleError
from core.tenancy import Scope

# Close codes: of RFC 6455, 7.4.1 and its registry, and one of our own.
POLICY, FAULT, AWAY, REVOKED = 1008, 1011, 1012, 4003
MOST_OF_A_LOGIN, MOST_OF_A_PROCESS = 5, 4000
# How old the last look at somebody's standing may be before anything is told.
FRESH_SECONDS = 2
LOOK_SECONDS, TICK_SECONDS, AT_ONCE = 30, 5, 200
DATABASE_SECONDS = 5
KEPT_HINTS = 500
# Between a page's queries and its socket lie a request's time and the difference of two clocks.
ALLOWED_MS = 5000

_log = structlog.get_logger()
_FAULTS = (Exception, SystemExit, gevent.Timeout)


@dataclass(frozen=True, slots=True)
class Entry:
    """By which door somebody came in; enough for the guard to look again."""

    endpoint: str
    login_id: UUID
    slug: str | None = None


@dataclass(eq=False, slots=True)
class Line:
    """An open socket as the bus sees it: `tell` and `close` return at once."""

    entry: Entry
    scope: Scope
    tell: Callable[[str], None]
    close: Callable[[int], None]
    hears: bool = False
    is_behind: bool = False
    checked_at: float = field(default_factory=time.monotonic)

    @property
    def standing(self) -> tuple[Any, ...]:
        """What the page shows depends on it; a change makes it ask for everything."""
        roles = {key: member.role for key, member in self.scope.members.items()}
        held = {key: (frozenset(on), getattr(on, "off", ())) for key, on in self.scope.features.items()}
        return self.scope.providers, dict(self.scope.clients), roles, held


class Full(VestibuleError):
    """No more sockets for this login, or with `is_of_all` in this process."""

    def __init__(self, *, is_of_all: bool) -> None:
        super().__init__("full")
        self.is_of_all = is_of_all


LookAgain = Callable[[Sequence[Entry]], Sequence[Scope | None]]


class _Here:
    lines: ClassVar[set[Line]] = set()
    by_provider: ClassVar[defaultdict[UUID, set[Line]]] = defaultdict(set)
    places: ClassVar[Counter[UUID]] = Counter()
    recent: ClassVar[deque[tuple[int, Hint]]] = deque(maxlen=KEPT_HINTS)
    look_again: LookAgain | None = None
    hears_since = 0
    is_deaf = False
    is_closing = False


def reset(look_again: LookAgain, *, is_alone: bool) -> None:
    """Begin with no lines; `look_again` gives the scope that each entry would have now, or None.

    Where this process is alone, nothing can have happened before it began that its pages don't show.
    """
    _Here.lines, _Here.by_provider = set(), defaultdict(set)
    _Here.places, _Here.recent = Counter(), deque(maxlen=KEPT_HINTS)
    _Here.look_again, _Here.is_closing, _Here.is_deaf = look_again, False, False
    _Here.hears_since = _now_ms() - ALLOWED_MS * is_alone


@contextmanager
def place_for(entry: Entry) -> Iterator[None]:
    """A place for one socket. Raises Full."""
    if _Here.places.total() >= MOST_OF_A_PROCESS or _Here.is_closing:
        raise Full(is_of_all=True)
    if _Here.places[entry.login_id] >= MOST_OF_A_LOGIN:
        raise Full(is_of_all=False)
    _Here.places[entry.login_id] += 1
    try:
        yield
    finally:
        _Here.places[entry.login_id] -= 1
        if not _Here.places[entry.login_id]:
            del _Here.places[entry.login_id]


@contextmanager
def opened(line: Line) -> Iterator[None]:
    """A socket for as long as its view runs; what the view raises ends it with 1011 and goes no further."""
    _enter(line)
    try:
        yield
    except _FAULTS as error:
        trace = error.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "nowhere"
        _log.error("socket_failed", endpoint=line.entry.endpoint, kind=type(error).__name__, where=place)
        line.close(FAULT)
    finally:
        _leave(line)


def _enter(line: Line) -> None:
    _Here.lines.add(line)
    for provider_id in line.scope.providers:
        _Here.by_provider[provider_id].add(line)


def _leave(line: Line) -> None:
    _Here.lines.discard(line)
    for provider_id in line.scope.providers:
        _Here.by_provider[provider_id].discard(line)
        if not _Here.by_provider[provider_id]:
            del _Here.by_provider[provider_id]


def hear(line: Line, since: int | None) -> None:
    """Let this line hear hints, those too that came since its page was drawn (milliseconds, UTC)."""
    line.hears = True
    now = _now_ms()
    if since is None or _Here.is_deaf or not _Here.hears_since <= since - ALLOWED_MS <= now:
        line.tell(EVERYTHING)
        return
    for told_at, hint in list(_Here.recent):
        if told_at >= since - ALLOWED_MS and (topics := hint.topics_for(line.scope)):
            line.tell(" ".join(topics))


def deliver(hint: Hint) -> None:
    """Tell those whom the hint is for; whose last look is older than two seconds is looked at first."""
    _Here.recent.append((_now_ms(), hint))
    concerned = [line for line in _Here.by_provider.get(hint.provider_id, ()) if line.hears]
    for line in look_again([line for line in concerned if hint.topics_for(line.scope)], FRESH_SECONDS):
        if topics := hint.topics_for(line.scope):
            line.tell(" ".join(topics))


def everything() -> None:
    """Something may have been missed: each page asks for all its parts. It tells nothing of anybody."""
    _Here.recent.clear()
    _Here.hears_since = _now_ms()
    for line in list(_Here.lines):
        if line.hears:
            line.tell(EVERYTHING)


def deafen(is_deaf: bool) -> None:  # noqa: FBT001 -- the bus says yes or no
    """While deaf, a new line can't rely on the hints that are kept."""
    _Here.is_deaf = is_deaf


def check(kind: str, id: UUID | None) -> None:
    """Look at once at the lines of a login, account or provider whose standing changed; None is all."""
    concerned = {
        "login": lambda line: line.entry.login_id == id,
        "account": lambda line: line.scope.account_id == id,
        "provider": lambda line: id in line.scope.providers,
    }[kind]
    look_again([line for line in _Here.lines if id is None or concerned(line)], 0)


def look_again(lines: Collection[Line], older_than: float) -> list[Line]:
    """Those of the lines that would still be let in; others are closed. Raises what the database raises."""
    now = time.monotonic()
    stale = [line for line in lines if now - line.checked_at >= older_than or line.is_behind]
    if stale and _Here.look_again is not None:
        try:
            with gevent.Timeout(DATABASE_SECONDS):
                scopes = _Here.look_again([line.entry for line in stale])
        except BaseException:
            # Nothing is told that was not checked; once it can be, the page asks for everything.
            for line in stale:
                line.is_behind = True
            raise
        for line, scope in zip(stale, scopes, strict=True):
            _renew(line, scope, now)
    return [line for line in lines if line in _Here.lines]


def _renew(line: Line, scope: Scope | None, now: float) -> None:
    if line not in _Here.lines:
        return
    if scope is None:
        _leave(line)
        line.close(REVOKED)
        return
    before, was_behind = line.standing, line.is_behind
    _leave(line)
    line.scope, line.checked_at, line.is_behind = scope, now, False
    _enter(line)
    if line.hears and (was_behind or line.standing != before):
        line.tell(EVERYTHING)


def look_now_and_then(stop: Event) -> None:
    """Look at every line each half minute, so that a lost message of the bus harms nobody for long."""
    while not stop.wait(TICK_SECONDS):
        now = time.monotonic()
        due = [line for line in _Here.lines if line.is_behind or now - line.checked_at >= LOOK_SECONDS]
        for start in range(0, len(due), AT_ONCE):
            guarded(look_again, due[start : start + AT_ONCE], 0)


def guarded(act: Callable[..., Any], *values: Any) -> bool:
    """Do it and give the connection back; a failure is logged and ends nothing. Returns how it went."""
    try:
        act(*values)
    except _FAULTS as error:
        _log.error("live_stalled", what=act.__name__, error=type(error).__name__)
        db.discard()
        return False
    finally:
        if not db.database.is_closed():
            db.database.close()
    return True


def close_all(code: int = AWAY) -> None:
    """Close every socket: with 1012 the pages come back, after a pause of their own choosing."""
    _Here.is_closing = True
    for line in list(_Here.lines):
        line.close(code)


def count() -> int:
    """How many sockets are open here."""
    return len(_Here.lines)


def _now_ms() -> int:
    return int(clock.now().timestamp() * 1000)
