"""Security questions: an extra step after the mailed link, never a way in by themselves (A10)."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core import audit, clock, db, limits
from core.accounts import passwords
from core.accounts.models import Question
from core.accounts.service.people import system
from core.spec.errors import Invalid, Refused, TooManyTries
from core.tenancy import Scope

# What no public record and no profile tells of most people; the words for them stand in views/words.py.
CODES = (
    "childhood_street",
    "first_teacher",
    "childhood_friend",
    "first_concert",
    "first_job",
    "childhood_book",
    "grandparents_dish",
    "first_trip_alone",
    "childhood_toy",
    "place_to_hide",
    "first_song",
    "never_liked_food",
)
ASKED = 3
LEAST = 3
MOST = 200


@dataclass(frozen=True, slots=True)
class Answer:
    """A question with what its owner answers."""

    code: str
    answer: str


def question_codes(account_id: UUID) -> list[str]:
    """The questions that the account chose, in its order; none is fine."""
    rows: Any = system.rows(Question, Question.code).where(Question.account_id == account_id)
    return [row.code for row in rows.order_by(Question.place)]


def own_questions(scope: Scope) -> list[str]:
    """The questions of the account that is logged in."""
    return [] if scope.account_id is None else question_codes(scope.account_id)


def choose_questions(scope: Scope, chosen: Sequence[Answer]) -> None:
    """Keep three questions with the hashes of their answers, in place of the earlier ones.

    Raises Invalid with codes at `code1` to `answer3`: unknown, twice, too_short, too_long.
    """
    if scope.account_id is None:
        raise Refused("no_account")
    _refuse_poor(chosen)
    hashes = [passwords.hashed(one_form_of(each.answer)) for each in chosen]
    now = clock.now()
    with db.transaction():
        _delete(scope.account_id)
        for place, (each, answer_hash) in enumerate(zip(chosen, hashes, strict=True)):
            system.add(
                Question,
                account_id=scope.account_id,
                code=each.code,
                place=place,
                answer_hash=answer_hash,
                created_at=now,
            )
        audit.note(scope, "accounts.questions_chosen")
    limits.clear("recovery_answers", scope.account_id)


def remove_questions(scope: Scope) -> None:
    """Ask nothing more after the mailed link."""
    if scope.account_id is None:
        return
    with db.transaction():
        if _delete(scope.account_id):
            audit.note(scope, "accounts.questions_removed")


def check_answers(account_id: UUID, answers: Sequence[str]) -> None:
    """Raises Refused("wrong_answers") without saying which, and TooManyTries after five tries in all."""
    rows: Any = system.rows(Question).where(Question.account_id == account_id).order_by(Question.place)
    chosen = list(rows)
    limits.spend("recovery_answers", account_id)
    told = [*answers, *[""] * len(chosen)][: len(chosen)]
    right = [
        passwords.matches(row.answer_hash, one_form_of(answer))
        for row, answer in zip(chosen, told, strict=True)
    ]
    if not all(right):
        raise Refused("wrong_answers")
    limits.clear("recovery_answers", account_id)


def is_locked(account_id: UUID) -> bool:
    """Whether the five tries are used up."""
    try:
        limits.check("recovery_answers", account_id)
    except TooManyTries:
        return True
    return False


def one_form_of(answer: str) -> str:
    """An answer without case, accents, spaces and signs, so that it can be given again after years."""
    apart = unicodedata.normalize("NFKD", answer.casefold())
    return "".join(character for character in apart if character.isalnum())


def _refuse_poor(chosen: Sequence[Answer]) -> None:
    faults: dict[str, str] = {}
    codes, answers = [each.code for each in chosen], [one_form_of(each.answer) for each in chosen]
    for at, (code, answer) in enumerate(zip(codes, answers, strict=True)):
        if code not in CODES:
            faults[f"code{at + 1}"] = "unknown"
        elif code in codes[:at]:
            faults[f"code{at + 1}"] = "twice"
        if len(answer) < LEAST:
            faults[f"answer{at + 1}"] = "too_short"
        elif len(answer) > MOST:
            faults[f"answer{at + 1}"] = "too_long"
        elif answer in answers[:at]:
            faults[f"answer{at + 1}"] = "twice"
    if faults or len(chosen) != ASKED:
        raise Invalid(faults or {"code1": "unknown"})


def _delete(account_id: UUID) -> bool:
    return bool(system.delete(Question).where(Question.account_id == account_id).execute())
