"""Writes docs/reference from the source, and into docs/security.md the table of attacks."""

import inspect
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

from core.settings import Settings
from core.settings.model import CHECKOUT, PREFIX
from core.settings.reading import CHOICES, RANGES, SECRETS
from core.spec import hooks
from tools import attack_table, public_face, subscription_table
from tools.manifest_page import manifest_page

FOLDER = CHECKOUT / "docs" / "reference"
MADE = "<!-- Made by `make reference`; a test compares it with the source. -->"
SOURCES = (
    "From the environment, or from a TOML file that `VESTIBULE_CONFIG` names: there the names are small and"
    ' without the prefix (`base_url = "https://…"`). The environment wins. Lists have commas in the'
    " environment. A secret may lie in a file instead: add `_FILE` to its name. A name that is none stops the"
    " start."
)
FAILURES = {
    "declaration": "Called once at start, of all plugins. A failure quarantines the plugin; the rest serves.",
    "contribution": "Called in a request, of plugins that are on for the providers in scope. A failing one is"
    " skipped and logged.",
    "gate": "Called before an act and again inside its transaction. A failure closes the gate.",
    "event": "Delivered after the commit, from the outbox, at least once. A failure is retried, then parked.",
    "connector": "Called when it is needed, of plugins that are on for the one provider. One answers; a"
    " failure is a typed error for the caller, and never another plugin in its place.",
    "record": "Called for a person's own data, of all loaded plugins, on or off. A failure is named in the"
    " result.",
}
WORDS = {
    "data": "Folder for the SQLite database, the keys and the locks; nobody else may look into it.",
    "mode": "What kind of installation this is. Only `production` refuses what is unsafe.",
    "database_url": "PostgreSQL, as `postgresql://…`. Left out: SQLite in the data folder.",
    "base_url": "Address that browsers use. Links in mail begin with it; `https` marks the cookies.",
    "host": "Address to listen on.",
    "port": "Port to listen on; 0 takes a free one.",
    "trusted_proxies": "How many proxies stand before the server, whose forwarded address is believed.",
    "secret_key": "Signs cookies. Left out: the file `secret.key` in the data folder.",
    "master_key_file": "Key file that opens what is sealed in the database. Left out: `master.key` in the"
    " data folder.",
    "smtp_host": "Mail server that sends for the installation.",
    "smtp_port": "Its port.",
    "smtp_user": "User name there; left out, there is no log-in.",
    "smtp_password": "Password there.",
    "smtp_security": "How the line to it is protected; `none` only on the same machine.",
    "mail_from": "E-mail address that mail comes from.",
    "plugin_folders": "Further folders with plugins, each plugin a folder in one of them; our own"
    " and those of installed packages are always there.",
    "required_plugins": "Plugins without which the server doesn't start.",
    "watchdog_seconds": "How long code may keep everybody else waiting; then `/healthz` turns red.",
    "mailbox_url": "Where the demo shows the mail that it sends; for the demo only.",
    "log_level": "From which level on the log is written.",
}


def hooks_page() -> str:
    """docs/reference/hooks.md: hooks by kind, in the order of the source."""
    source = (
        f"Version of the API: {hooks.API_VERSION}. The source is `core/spec/hooks.py`; the types are in"
        " `core/spec/types.py` and `core/spec/slots.py` and come from `vestibule.web` and `vestibule.data`."
    )
    parts = ["# Hooks", MADE, source]
    for kind, failure in FAILURES.items():
        parts += [f"## Kind: {kind}", failure]
        for name, held in hooks.KINDS.items():
            if held == kind:
                parts += [f"### {name}", f"```python\n{_signature(name)}\n```", _sentences(name)]
    return "\n\n".join(parts) + "\n"


def settings_page() -> str:
    """docs/reference/settings.md: the same table as a person would write it, from the fields."""
    return f"# Settings\n\n{MADE}\n\n{SOURCES}\n\n{_table()}\n"


def _table() -> str:
    lines = ["| setting | default | what it is |", "|---|---|---|"]
    for one in fields(Settings):
        also = f" Or `{PREFIX}{one.name.upper()}_FILE`." if one.name in SECRETS else ""
        lines.append(
            f"| `{PREFIX}{one.name.upper()}` | {_default(one.default)} |"
            f" {WORDS[one.name]}{_allowed(one.name)}{also} |"
        )
    return "\n".join(lines)


def _allowed(name: str) -> str:
    if name in CHOICES:
        return " One of " + ", ".join(f"`{choice}`" for choice in CHOICES[name]) + "."
    return " From {} to {}.".format(*RANGES[name]) if name in RANGES else ""


def _default(value: Any) -> str:
    if value is MISSING:
        return "none: must be set"
    return "" if value in ("", (), Path()) else f"`{value}`"


def _signature(name: str) -> str:
    return f"def {name}{inspect.signature(getattr(hooks, name))}".replace("'", "")


def _sentences(name: str) -> str:
    return inspect.cleandoc(getattr(hooks, name).__doc__)


def public_page() -> str:
    """docs/reference/public.md: every name that plugins may import."""
    return public_face.page(MADE)


def subscriptions_page() -> str:
    """docs/reference/subscriptions.md: what each address needs, and who may open it."""
    return subscription_table.page(MADE)


PAGES = {
    "hooks.md": hooks_page,
    "manifest.md": manifest_page,
    "settings.md": settings_page,
    "public.md": public_page,
    "subscriptions.md": subscriptions_page,
    "../security.md": attack_table.security_page,
}


def main() -> None:
    """Write all pages."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page(), encoding="utf-8")
        print(f"docs/reference/{name}")


if __name__ == "__main__":
    main()
