"""What a plugin's services use: models, our transaction, records and core services."""

from core import questionnaires
from core.audit import note, note_read
from core.clock import now, today
from core.db import (
    Day,
    Flag,
    Id,
    Json,
    Moment,
    Number,
    PreparedRows,
    Sealed,
    SealedJson,
    TenantModel,
    Words,
    attempt,
    blank,
    in_transaction,
    locked,
    new_id,
    retrying,
    transaction,
)
from core.forms.text import read_phone
from core.forms.times import read_day
from core.hooks import practice_records, queue_work
from core.i18n import reading
from core.inbox.service import send_system_message
from core.live import hint
from core.outbox import parked_events, retry_events
from core.plugin_settings import get as get_setting
from core.plugin_settings import put as put_setting
from core.practice.service import add_chart
from core.spec import records
from core.spec.carrying import packed, unpacked
from core.spec.errors import (
    ConnectorFailed,
    Invalid,
    NotConnected,
    NotFound,
    Obstructed,
    RecordConflict,
    Refused,
    SlotTaken,
    TooManyTries,
    VestibuleError,
)
from core.spec.own_data import DataFile, DataSection, Erasure
from core.spec.scope import MemberRef, Scope
from core.spec.types import (
    Address,
    AppointmentRecord,
    ClientRecord,
    Demographics,
    EmergencyContact,
    MessageRecord,
    ProviderRecord,
    Slot,
)
from core.spec.work import Work
from core.tenancy.charts import (
    client_record,
    client_records,
    correct_demographics,
    demographics,
    fill_demographics,
)
from core.tenancy.standing import member_names, provider_record

__all__ = [
    "Address",
    "AppointmentRecord",
    "ClientRecord",
    "ConnectorFailed",
    "DataFile",
    "DataSection",
    "Day",
    "Demographics",
    "EmergencyContact",
    "Erasure",
    "Flag",
    "Id",
    "Invalid",
    "Json",
    "MemberRef",
    "MessageRecord",
    "Moment",
    "NotConnected",
    "NotFound",
    "Number",
    "Obstructed",
    "PreparedRows",
    "ProviderRecord",
    "RecordConflict",
    "Refused",
    "Scope",
    "Sealed",
    "SealedJson",
    "Slot",
    "SlotTaken",
    "TenantModel",
    "TooManyTries",
    "VestibuleError",
    "Words",
    "Work",
    "add_chart",
    "attempt",
    "blank",
    "client_record",
    "client_records",
    "correct_demographics",
    "demographics",
    "fill_demographics",
    "get_setting",
    "hint",
    "in_transaction",
    "locked",
    "member_names",
    "new_id",
    "note",
    "note_read",
    "now",
    "packed",
    "parked_events",
    "practice_records",
    "provider_record",
    "put_setting",
    "questionnaires",
    "queue_work",
    "read_day",
    "read_phone",
    "reading",
    "records",
    "retry_events",
    "retrying",
    "send_system_message",
    "today",
    "transaction",
    "unpacked",
]
