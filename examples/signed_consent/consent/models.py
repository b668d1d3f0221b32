"""The rows of signed consent."""

from __future__ import annotations

from vestibule.data import Id, Moment, Number, Sealed, TenantModel, Words


class Text(TenantModel):
    """A version of what the provider asks clients to consent to; the newest counts."""

    version = Number()
    body = Words()
    published_at = Moment()

    class Meta:
        table_name = "consent_text"


class Signature(TenantModel):
    """That a client signed one version, with the name as they wrote it."""

    client_id = Id()
    text_id = Id()
    name = Sealed()
    signed_at = Moment()

    class Meta:
        table_name = "consent_signature"
