"""The rows of the record."""

from __future__ import annotations

from vestibule.data import Day, Id, Moment, Number, Sealed, SealedJson, TenantModel, Words


class Person(TenantModel):
    """What the record knows of one person; `outside_id` is their number in a system before this one."""

    client_id = Id()
    told = SealedJson()
    version = Number()
    outside_id = Words(null=True)
    changed_at = Moment()

    class Meta:
        table_name = "myclientsplus_person"


class Write(TenantModel):
    """One write of the protocol by its key, with the answer that it got."""

    client_id = Id()
    key = Words()
    digest = Sealed()
    ref = Words()
    version = Words()
    written_at = Moment()

    class Meta:
        table_name = "myclientsplus_write"


class Note(TenantModel):
    """A draft of its author's until `locked_at`, from then on never changed; `document` is base64."""

    client_id = Id()
    kind = Words()
    author_id = Id(null=True)
    appointment_id = Id(null=True)
    amends_id = Id(null=True)
    title = Sealed()
    body = Sealed()
    answers = SealedJson(null=True)
    document = Sealed(null=True)
    version = Number()
    written_at = Moment()
    changed_at = Moment()
    locked_at = Moment(null=True)

    class Meta:
        table_name = "myclientsplus_note"


class Charge(TenantModel):
    """What one session or service costs, in minor units."""

    client_id = Id()
    appointment_id = Id(null=True)
    title = Sealed()
    service_on = Day()
    amount = Number()
    currency = Words()
    made_at = Moment()
    cancelled_at = Moment(null=True)

    class Meta:
        table_name = "myclientsplus_charge"


class Payment(TenantModel):
    """Money that came, or went back; both are positive."""

    client_id = Id()
    kind = Words()
    amount = Number()
    currency = Words()
    paid_at = Moment()
    method = Words()
    reference = Sealed(null=True)
    made_at = Moment()

    class Meta:
        table_name = "myclientsplus_payment"


class Share(TenantModel):
    """How much of a payment went to one charge."""

    client_id = Id()
    payment_id = Id()
    charge_id = Id()
    amount = Number()

    class Meta:
        table_name = "myclientsplus_share"


class Slot(TenantModel):
    """A place where the answer to a piece of homework belongs."""

    client_id = Id()
    title = Sealed()
    due_on = Day(null=True)
    made_at = Moment()

    class Meta:
        table_name = "myclientsplus_slot"


class Document(TenantModel):
    """A file; `content` is base64."""

    client_id = Id()
    slot_id = Id(null=True)
    title = Sealed()
    purpose = Words()
    media_type = Words()
    content = Sealed()
    made_at = Moment()

    class Meta:
        table_name = "myclientsplus_document"


class Import(TenantModel):
    """A file that was read: its lines, and the code of what became of each so far."""

    kind = Words()
    state = Words()
    lines = SealedJson()
    results = SealedJson()
    made_at = Moment()
    done_at = Moment(null=True)

    class Meta:
        table_name = "myclientsplus_import"
