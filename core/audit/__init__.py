"""The audit: who did what to which record, kept in a chain that shows what was changed in it."""

from core.audit.chaining import ANCHOR, CHAIN_SECONDS, bind, chain, write_anchor
from core.audit.checking import HARMLESS, Fault, Finding, verify
from core.audit.reading import Entry, Wanted, actors, entries
from core.audit.rows import AuditRow, Unwritten, declare, note, note_read, title_of

__all__ = [
    "ANCHOR",
    "CHAIN_SECONDS",
    "HARMLESS",
    "AuditRow",
    "Entry",
    "Fault",
    "Finding",
    "Unwritten",
    "Wanted",
    "actors",
    "bind",
    "chain",
    "declare",
    "entries",
    "note",
    "note_read",
    "title_of",
    "verify",
    "write_anchor",
]
