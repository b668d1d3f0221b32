"""The practice record: the protocol between plugins and whatever keeps a provider's record.

`vestibule.data.practice_records(scope)` gives the record of the scope's one provider. It may be a table
beside ours or a FHIR R4 server far away, so whoever uses it keeps to four rules:

1. It may be slow, down, or answer after it was given up on: each call has five seconds. Never call it inside
   a transaction: write through `queue_work`, which is retried. A person may be let wait for one call.
2. Every write carries a `key` of 1 to 64 letters, digits and `-_.:`, made of what is written, such as
   "intake:<id>". The same key again writes nothing and gives the first answer: repeat what nobody answered.
   Another content under a used key is RecordConflict `key_reused`.
3. A `ref` is the record's own name for an entry, a `version` its state: opaque text of up to 200 characters.
   Clients, members and appointments are named by our ids; the record keeps the mapping.
4. Nothing is overwritten blindly: a change names the version that it was made on. RecordConflict carries
   what stands there now, and a person decides.

Every method raises ConnectorFailed for what the record did not do, with a code: `unreachable` (nobody
answered; the write may have happened), `late` (no answer in time; likewise), `refused` (it said no),
`unsupported` (this record keeps no such thing), `unknown_client` (it has no such person, or not yet),
`broken` (what it said makes no sense).
Moments are UTC, days have no zone, money is whole minor units with an ISO 4217 currency.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, Literal, Protocol, TypeVar
from uuid import UUID

from core.spec.types import Demographics

Part = Literal["demographics", "notes", "ledger", "documents"]
NoteKind = Literal["progress", "intake", "psychotherapy"]
PaymentKind = Literal["payment", "refund"]
Purpose = Literal["form", "homework", "card", "letter"]
_Entry = TypeVar("_Entry")


@dataclass(frozen=True, slots=True)
class Written:
    """What a write left behind; `is_new` is False where the key had been used before."""

    ref: str
    version: str
    is_new: bool = True


@dataclass(frozen=True, slots=True)
class Page(Generic[_Entry]):
    """Some entries, newest first; `after` asks for the next ones and is empty at the end."""

    entries: tuple[_Entry, ...]
    after: str = ""


@dataclass(frozen=True, slots=True)
class KeptDemographics:
    """What the record knows of a person, and since when. FHIR: Patient."""

    demographics: Demographics
    version: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Note:
    """A dated note. FHIR: DocumentReference, or QuestionnaireResponse where `answers` are given.

    `text` is plain, and complete without `answers` and `document`: a record that can't keep those keeps it.
    `answers` is a QuestionnaireResponse; `document` a PDF. `author_id` is a member, None for the client.
    """

    kind: NoteKind
    title: str
    text: str
    written_at: datetime
    author_id: UUID | None = None
    appointment_id: UUID | None = None
    answers: Mapping[str, Any] | None = None
    document: bytes | None = None


@dataclass(frozen=True, slots=True)
class KeptNote:
    """A note as the record keeps it: never changed, amended by further notes that name it."""

    ref: str
    version: str
    note: Note
    is_locked: bool
    amends: str = ""


@dataclass(frozen=True, slots=True)
class Charge:
    """What one session or service costs; `amount` is above 0. FHIR: ChargeItem."""

    title: str
    service_on: date
    amount: int
    currency: str
    appointment_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """How much of a payment goes to one charge; both amounts of a refund are positive too."""

    charge_ref: str
    amount: int


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that came, or went back; the shares add up to `amount` or less. FHIR: PaymentReconciliation."""

    kind: PaymentKind
    amount: int
    currency: str
    at: datetime
    method: str
    shares: tuple[Share, ...]
    reference: str = ""


@dataclass(frozen=True, slots=True)
class SessionBalance:
    """One charge with what was paid of it; `due` is `charge.amount - paid` and never below 0."""

    ref: str
    version: str
    charge: Charge
    paid: int
    due: int


@dataclass(frozen=True, slots=True)
class KeptPayment:
    """A payment as the record keeps it."""

    ref: str
    version: str
    payment: Payment


@dataclass(frozen=True, slots=True)
class HomeworkSlot:
    """A place in the record where the answer to a piece of homework belongs. FHIR: Task."""

    ref: str
    version: str
    title: str
    due_on: date | None
    is_filled: bool


@dataclass(frozen=True, slots=True)
class Document:
    """A file for the record, up to 10 MB. FHIR: DocumentReference with Binary."""

    title: str
    purpose: Purpose
    media_type: str
    content: bytes
    made_at: datetime
    slot_ref: str = ""


@dataclass(frozen=True, slots=True)
class KeptDocument:
    """A document without its content, which `open` fetches."""

    ref: str
    version: str
    title: str
    purpose: Purpose
    media_type: str
    made_at: datetime
    slot_ref: str = ""


class DemographicsPart(Protocol):
    """Who the person is."""

    def read(self, client_id: UUID) -> KeptDemographics | None:
        """What the record knows now; None where it doesn't know the person yet."""

    def write(
        self, client_id: UUID, demographics: Demographics, *, based_on: str | None, key: str
    ) -> Written:
        """Replace what stood at the version `based_on`; None adds a person whom the record doesn't know.

        Raises RecordConflict `changed`, with the KeptDemographics of now, where it changed meanwhile.
        """


class NotesPart(Protocol):
    """What was written about care; only ever added to."""

    def file(self, client_id: UUID, note: Note, *, key: str) -> Written:
        """Add a note; it is locked at once."""

    def amend(self, client_id: UUID, ref: str, note: Note, *, key: str) -> Written:
        """Add a note that amends another. Raises ConnectorFailed `refused` for an unknown one."""

    def notes(self, client_id: UUID, *, after: str = "", limit: int = 50) -> Page[KeptNote]:
        """The notes that this scope may read, newest first; psychotherapy notes are their author's only."""


class LedgerPart(Protocol):
    """What sessions cost and what was paid."""

    def add_charge(self, client_id: UUID, charge: Charge, *, key: str) -> Written:
        """Add what a session costs."""

    def cancel_charge(self, client_id: UUID, ref: str, *, based_on: str, key: str) -> Written:
        """Take a charge back. Raises RecordConflict `changed`, with its SessionBalance, once it was paid."""

    def record_payment(self, client_id: UUID, payment: Payment, *, key: str) -> Written:
        """Note money that moved; what exceeds a charge's due stays as credit and is never lost."""

    def balances(self, client_id: UUID, *, is_due: bool = True) -> Sequence[SessionBalance]:
        """The charges, oldest first: those with something due, or all."""

    def payments(self, client_id: UUID, *, after: str = "", limit: int = 50) -> Page[KeptPayment]:
        """What was paid and paid back, newest first."""


class DocumentsPart(Protocol):
    """Files, and the places where homework belongs."""

    def file(self, client_id: UUID, document: Document, *, key: str) -> Written:
        """Add a file; with `slot_ref` it fills that place.

        Raises ConnectorFailed `refused` where there is no such place.
        """

    def documents(self, client_id: UUID, *, after: str = "", limit: int = 50) -> Page[KeptDocument]:
        """The files, newest first, without their content."""

    def open(self, client_id: UUID, ref: str) -> Document:
        """One file with its content. Raises ConnectorFailed `refused` for an unknown one."""

    def homework_slots(self, client_id: UUID) -> Sequence[HomeworkSlot]:
        """The places for homework, those due first at the top."""


class PracticeRecords(Protocol):
    """The record of one provider, in four parts; `parts` says which of them this record keeps.

    A part that it doesn't keep is there all the same, and each of its methods raises `unsupported`.
    """

    @property
    def parts(self) -> frozenset[Part]: ...
    @property
    def demographics(self) -> DemographicsPart: ...
    @property
    def notes(self) -> NotesPart: ...
    @property
    def ledger(self) -> LedgerPart: ...
    @property
    def documents(self) -> DocumentsPart: ...
