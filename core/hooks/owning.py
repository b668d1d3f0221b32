"""Whose files a plugin's are: its tables, templates, static files and translations bear its name."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path

from babel.support import Translations

from core.hooks.plugin import FIRST_LINE, Fault

OWNED = ("templates", "static")
_LOCALE = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?")
_NOT = r"(?:IF\s+(?:NOT\s+)?EXISTS\s+)?"
# What a migration may do, and to which names (@a, @b); they must all be the plugin's.
_STATEMENTS = tuple(
    re.compile(re.sub("@([ab])", r'"?(?P<\1>[\\w.]+)"?', text), re.IGNORECASE | re.DOTALL)
    for text in (
        rf"CREATE\s+(?:UNIQUE\s+)?INDEX\s+{_NOT}@a\s+ON\s+@b",
        rf"CREATE\s+TRIGGER\s+{_NOT}@a\b.*?\sON\s+@b",
        rf"(?:CREATE|DROP)\s+TABLE\s+{_NOT}@a",
        rf"ALTER\s+TABLE\s+{_NOT}@a\s+RENAME\s+TO\s+@b",
        rf"ALTER\s+TABLE\s+{_NOT}@a",
        rf"DROP\s+(?:INDEX|TRIGGER)\s+{_NOT}@a",
        r"CREATE\s+OR\s+REPLACE\s+FUNCTION\s+@a",
        r"(?:INSERT\s+INTO|DELETE\s+FROM|UPDATE)\s+@a",
    )
)
# The rows of the house that a plugin's rows may hang on.
REFERRED = frozenset({"provider", "client", "member", "appointments_appointment"})
_REFERENCE = re.compile(r'\bREFERENCES\s+"?([\w.]+)"?', re.IGNORECASE)
_COMMENT = re.compile(r"--[^\n]*")
_HIDDEN = re.compile(r"'(?:[^']|'')*'|\$\$.*?\$\$", re.DOTALL)
_TRIGGER_BODY = re.compile(r"(CREATE\s+TRIGGER\b.*?)\bBEGIN\b.*?\bEND\s*(?=;)", re.IGNORECASE | re.DOTALL)


def faults(folder: Path, name: str, files: Sequence[Path]) -> Iterator[Fault]:
    """What lies outside the plugin's own name, file by file."""
    for path in files:
        inside = path.relative_to(folder)
        kind = inside.parts[0]
        if kind in OWNED and inside.parts[1:2] != (name,):
            words = f"is outside its own name: move it into {kind}/{name}/."
            yield Fault(inside.as_posix(), FIRST_LINE, words)
        elif kind == "translations":
            yield from _translation_faults(path, inside)
        elif kind == "migrations" and path.suffix == ".sql":
            text = path.read_text(encoding="utf-8", errors="replace")
            yield from (Fault(inside.as_posix(), line, words) for line, words in sql_faults(text, name))


def _translation_faults(path: Path, inside: Path) -> Iterator[Fault]:
    if path.suffix == ".pot":
        return
    locale, folder, file = (*inside.parts[1:], "", "", "")[:3]
    is_own = _LOCALE.fullmatch(locale) and folder == "LC_MESSAGES" and file in ("messages.po", "messages.mo")
    if len(inside.parts) != 4 or not is_own:
        words = "is no place for words: put them into translations/<language>/LC_MESSAGES/messages.po."
        yield Fault(inside.as_posix(), FIRST_LINE, words)
    elif path.suffix == ".mo":
        try:
            with path.open("rb") as opened:
                Translations(opened)
        except (OSError, ValueError, LookupError, struct.error):
            yield Fault(inside.as_posix(), FIRST_LINE, "is no catalogue: compile messages.po anew.")


def sql_faults(text: str, name: str) -> Iterator[tuple[int, str]]:
    """Line and words of each statement that is not on the plugin's own tables."""
    bare = _HIDDEN.sub(_blank, _COMMENT.sub(_blank, text))
    bare = _TRIGGER_BODY.sub(lambda found: found[1] + _blank(found)[len(found[1]) :], bare)
    line = FIRST_LINE
    for statement in bare.split(";"):
        begins = len(statement) - len(statement.lstrip())
        at = line + statement[:begins].count("\n")
        if statement.strip():
            yield from ((at, words) for words in _wrong_statement(statement.strip(), name))
        line += statement.count("\n")


def _blank(found: re.Match[str]) -> str:
    """As long and of as many lines, so that lines can be counted."""
    return re.sub(r"[^\n]", " ", found[0])


def _wrong_statement(statement: str, name: str) -> Iterator[str]:
    for referred in _REFERENCE.findall(statement):
        if referred.lower() not in REFERRED and not referred.lower().startswith(f"{name}_"):
            yield f"refers to {referred}: rows hang on {', '.join(sorted(REFERRED))} or the plugin's own."
    for form in _STATEMENTS:
        if match := form.match(statement):
            strange = [one for one in match.groupdict().values() if not one.lower().startswith(f"{name}_")]
            if strange:
                yield f"touches {strange[0]}, which is outside its own name: names begin with `{name}_`."
            return
    first = " ".join(statement.split()[:2])
    yield f"`{first}` is nothing that a plugin's migration may do: keep to its own tables."
