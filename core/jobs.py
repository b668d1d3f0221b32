"""Work that repeats, once among all processes and without a leader.

A job that is due is claimed by moving its due moment a lease ahead, compare and swap; when its
process is killed the lease lapses and another one runs it. So jobs may run twice and bear it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import gevent
import peewee
import structlog
from gevent.event import Event
from gevent.pool import Pool

from core import clock, db, hooks, subscriptions
from core.spec.types import Job
from core.tenancy import Provider, Scope

POLL_SECONDS = 1
CHORE_SECONDS = 15
LEASE_SECONDS = 600
RUN_SECONDS = 540
AT_ONCE = 4
PAUSES = (10, 60, 600)

_log = structlog.get_logger()


class JobPeriodic(db.HouseModel):
    """When a job is due next, and how its last run went."""

    name = db.Words()
    due_at = db.Moment()
    tries = db.Number(default=0)
    done_at = db.Moment(null=True)
    error = db.Words(default="")

    class Meta:
        table_name = "job_periodic"


class SomeFailed(Exception):
    """A plugin's job failed for some providers; the others were served."""


@dataclass(frozen=True)
class _Plan:
    """A job and the room or plugin that brought it."""

    job: Job
    owner: str
    is_for_each: bool

    @property
    def name(self) -> str:
        return f"{self.owner}.{self.job.name}"

    def run(self) -> None:
        if not self.is_for_each:
            self.job.function(Scope.system(self.name))
            return
        failed = [provider for provider in _providers_on(self.owner) if not self._serves(provider)]
        if failed:
            raise SomeFailed

    def _serves(self, provider: Provider) -> bool:
        """Run for one provider, whose failure must not cost the next one their turn."""
        try:
            # The turns before may have taken minutes: whoever switched it off meanwhile is obeyed.
            if not self._is_on(provider):
                return True
            self.job.function(Scope.system(self.name, provider.id))
        except (Exception, SystemExit) as error:  # noqa: BLE001 -- one failure stops no other
            _log.error("job_failed", job=self.name, provider=str(provider.id), error=type(error).__name__)
            return False
        return True

    def _is_on(self, provider: Provider) -> bool:
        with db.connection():
            return subscriptions.on(provider.id, hooks.needs_of(self.owner), self.owner)


_plans: dict[str, _Plan] = {}
_chores: list[Callable[[], None]] = []


def declare(jobs: Iterable[tuple[str, Job]]) -> None:
    """Take the schedule, as (room or plugin, job): a plugin's run for each provider that is on."""
    plugins = {plugin.name for plugin in hooks.plugins() if not plugin.is_core}
    plans = [_Plan(job, owner, owner in plugins) for owner, job in jobs]
    _plans.clear()
    _plans.update({planned.name: planned for planned in plans})


def declare_chore(chore: Callable[[], None]) -> None:
    """Take work that every process does for itself every quarter of a minute, beside its jobs."""
    if chore not in _chores:
        _chores.append(chore)


def declared() -> list[tuple[str, Job]]:
    """The schedule, as (room or plugin, job)."""
    return [(planned.owner, planned.job) for planned in _plans.values()]


def runs() -> list[JobPeriodic]:
    """How each job's last run went, by name; one that never ran has no row."""
    rows: list[JobPeriodic] = list(db.house_rows(JobPeriodic).order_by(JobPeriodic.name))
    return [row for row in rows if row.name in _plans]


def run(stop: Event) -> None:
    """Run what is due until `stop` is set; what runs then may finish."""
    pool = Pool(AT_ONCE)
    chores_due = 0.0
    while not stop.is_set():
        for name in _due_names():
            pool.spawn(run_claimed, name)
        if time.monotonic() >= chores_due:
            chores_due = time.monotonic() + CHORE_SECONDS
            _do_chores()
        stop.wait(POLL_SECONDS)
    pool.join()
    _do_chores()


def _do_chores() -> None:
    for chore in _chores:
        try:
            with db.connection():
                chore()
        except (Exception, gevent.Timeout) as error:  # noqa: BLE001 -- one failure stops no other
            _log.error("chore_failed", chore=chore.__name__, error=type(error).__name__)
            db.discard()


def run_claimed(name: str) -> bool:
    """Run a job unless another process has it or it isn't due. Returns whether it ran here."""
    planned = _plans[name]
    try:
        row = _claim(planned)
        if row is None:
            return False
        _finish(row, planned, _error_of(planned))
    except (Exception, gevent.Timeout) as error:  # noqa: BLE001 -- the database is away: the lease lapses
        _log.error("job_stalled", job=name, error=type(error).__name__)
        db.discard()
        return False
    finally:
        if not db.database.is_closed():
            db.database.close()
    return True


def _error_of(planned: _Plan) -> str:
    """Run the job; the name of the error that ended it, or nothing."""
    try:
        with gevent.Timeout(RUN_SECONDS):
            planned.run()
    except (Exception, SystemExit, gevent.Timeout) as error:  # noqa: BLE001 -- one failure stops no other
        if isinstance(error, gevent.Timeout):
            db.discard()
        _log.error("job_failed", job=planned.name, error=type(error).__name__)
        return type(error).__name__
    return ""


def _due_names() -> list[str]:
    """The names of planned jobs that are due, new ones included; none while the database is away."""
    try:
        with db.connection():
            rows: Any = db.house_rows(JobPeriodic)
            known = {row.name: row.due_at for row in rows}
    except (peewee.PeeweeException, db.Busy) as error:
        _log.error("jobs_stalled", error=type(error).__name__)
        db.discard()
        return []
    return [name for name, planned in _plans.items() if _is_due(known.get(name), planned)]


def _is_due(due_at: datetime | None, planned: _Plan) -> bool:
    now = clock.now()
    if due_at is None or due_at <= now:
        return True
    # A clock that was ahead and came back must not silence a job for as long as it was wrong.
    longest = max(planned.job.every_seconds, LEASE_SECONDS)
    return due_at > now + timedelta(seconds=2 * longest)


def _claim(planned: _Plan) -> JobPeriodic | None:
    now = clock.now()
    lease_at = now + timedelta(seconds=LEASE_SECONDS)
    with db.transaction():
        first = {
            JobPeriodic.id: db.new_id(),
            JobPeriodic.name: planned.name,
            JobPeriodic.due_at: now,
            JobPeriodic.tries: 0,
            JobPeriodic.error: "",
        }
        peewee.ModelInsert(JobPeriodic, first).on_conflict_ignore().execute()
        row: Any = db.house_rows(JobPeriodic).where(JobPeriodic.name == planned.name).get()
        if not _is_due(row.due_at, planned):
            return None
        swap = db.house_update(JobPeriodic, due_at=lease_at, tries=JobPeriodic.tries + 1)
        if swap.where(JobPeriodic.id == row.id, JobPeriodic.due_at == row.due_at).execute() != 1:
            return None
    claimed: JobPeriodic = row
    claimed.tries += 1
    return claimed


def _finish(row: JobPeriodic, planned: _Plan, error: str) -> None:
    """Plan the next run; `row.due_at` is still when this one was due."""
    now, every = clock.now(), timedelta(seconds=planned.job.every_seconds)
    if error:
        pause = timedelta(seconds=PAUSES[min(row.tries, len(PAUSES)) - 1])
        values: dict[str, Any] = {"due_at": now + min(pause, every), "error": error}
    else:
        # What was missed while nothing ran is not made up for.
        on_time = row.due_at + every
        next_at = on_time if now < on_time <= now + every else now + every
        values = {"due_at": next_at, "error": "", "tries": 0, "done_at": now}
    with db.transaction():
        mine = (JobPeriodic.id == row.id) & (JobPeriodic.tries == row.tries)
        db.house_update(JobPeriodic, **values).where(mine).execute()


def _providers_on(plugin: str) -> list[Provider]:
    if hooks.is_refused(plugin):
        return []
    needs = hooks.needs_of(plugin)
    with db.connection():
        providers: list[Any] = list(Scope.system("jobs").rows(Provider))
        held = subscriptions.of(provider.id for provider in providers)
    return [provider for provider in providers if held[provider.id].covers(needs, plugin)]
