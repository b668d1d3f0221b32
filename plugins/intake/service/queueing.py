"""What a submission leaves for the practice's record, in the submission's own transaction."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from plugins.intake.models import Filing
from plugins.intake.service.merging import UNSAID, laid_over, merged
from vestibule.data import Demographics, Scope, locked, now, packed, queue_work, unpacked

WORK = "intake.file"
# Under this name the content of a note holds those that amend it.
ADDITIONS = "additions"


class Told(NamedTuple):
    """Demographics of a submission: all that was told, what of it is new, and what the portal knew before."""

    told: Demographics
    anew: Demographics
    before: Demographics


def queue_filings(scope: Scope, intake: Any, person: Told, form: Any) -> None:
    """Keep what goes to the record, in the transaction of the submission; `form` is a note, None for none.

    What was filed of an earlier submission stays there: of the person only what is new follows, and a form
    that says something else is added to the note of the first.
    """
    at = now()
    rows = locked(scope.rows(Filing).where(Filing.intake_id == intake.id))
    known = {row.kind: row for row in rows}
    common = {"client_id": intake.client_id, "intake_id": intake.id, "state": "waiting", "queued_at": at}
    if "demographics" in known:
        _tell_anew(scope, known["demographics"], person)
    else:
        told, before = packed(person.told), packed(person.before)
        scope.add(Filing, kind="demographics", told=told, before=before, **common)
    if form is not None and "note" in known:
        _add_to_note(scope, known["note"], form)
    elif form is not None:
        scope.add(Filing, kind="note", told=form, **common)
    key = f"{intake.id}:{intake.submitted_at.isoformat()}"
    queue_work(scope, WORK, intake.id, key=key, completes=True)


def _tell_anew(scope: Scope, row: Filing, person: Told) -> None:
    """Of somebody whom the record knows, only what is new; else that besides what still waits."""
    told, before = person.anew, person.before
    if row.state == "filed" and told == UNSAID:
        return
    if row.state != "filed":
        told, before = laid_over(unpacked(row.told), told), unpacked(row.before)
    if row.state == "differs":
        differing = merged(unpacked(row.told), unpacked(row.before), unpacked(row.theirs))[1]
        before = replace(unpacked(row.theirs), **{name: getattr(before, name) for name in differing})
    _wait(scope, row, told=packed(told), before=packed(before))


def _add_to_note(scope: Scope, row: Filing, form: dict[str, Any]) -> None:
    """A locked note is amended by addition: so does a form that was mended."""
    additions = row.told.get(ADDITIONS, [])
    if _says(form) != _says([row.told, *additions][-1]):
        _wait(scope, row, told={**row.told, ADDITIONS: [*additions, form]})


def _says(form: dict[str, Any]) -> Any:
    return form["title"], form["text"], (form["answers"] or {}).get("item")


def _wait(scope: Scope, row: Filing, **values: Any) -> None:
    fresh = {"state": "waiting", "queued_at": now(), "filed_at": None, "theirs": None, "error": ""}
    scope.change(row, round=row.round + 1, **fresh, **values)


def note_content(title: str, text: str, answers: Any, at: datetime) -> dict[str, Any]:
    """What is filed as a note, as it is kept here until then."""
    return {"title": title, "text": text, "answers": answers, "written_at": at.isoformat()}
