"""What must not be so in production, said in sentences that name the setting and the mend."""

from ipaddress import ip_address
from urllib.parse import parse_qs, urlsplit

from core.settings.model import CHECKOUT, PREFIX, Settings
from core.settings.secret_files import is_open_to_others

SECRET_KEY_LENGTH = 32


def unsafe(settings: Settings) -> list[str]:
    """What must not be so in production: a sentence each, with the setting and the mend."""
    return [
        sentence
        for check in (
            _unsafe_addresses,
            _unsafe_mail,
            _unsafe_keys,
            _unsafe_database,
            _unsafe_places,
        )
        for sentence in check(settings)
    ]


def _unsafe_addresses(settings: Settings) -> list[str]:
    faults = []
    if not settings.base_url:
        faults.append("VESTIBULE_BASE_URL is missing: give the address that browsers use, https://…")
    elif not settings.is_https:
        faults.append("VESTIBULE_BASE_URL begins with http: give an https address, served by a proxy.")
    if settings.trusted_proxies == 0:
        faults.append(
            "VESTIBULE_TRUSTED_PROXIES is 0, so all visitors would share the proxy's address and its"
            " limits: say how many proxies stand before the server, mostly 1."
        )
    if settings.mailbox_url:
        faults.append("VESTIBULE_MAILBOX_URL is for the demo only: remove it.")
    return faults


def _unsafe_mail(settings: Settings) -> list[str]:
    faults = []
    if not settings.smtp_host:
        faults.append("VESTIBULE_SMTP_HOST is missing: name the mail server that sends for you.")
    elif settings.smtp_security == "none" and not is_loopback(settings.smtp_host):
        faults.append(
            "VESTIBULE_SMTP_SECURITY is none, so mail would cross the network in the clear:"
            " use starttls or tls."
        )
    if "@" not in settings.mail_from:
        faults.append("VESTIBULE_MAIL_FROM is missing: give the e-mail address that mail comes from.")
    return faults


def _unsafe_keys(settings: Settings) -> list[str]:
    faults = []
    if not settings.secret_key:
        faults.append("VESTIBULE_SECRET_KEY is missing: run `vestibule migrate`, which makes a key file.")
    elif len(settings.secret_key) < SECRET_KEY_LENGTH:
        faults.append(f"VESTIBULE_SECRET_KEY is short: use {SECRET_KEY_LENGTH} random characters or more.")
    if not settings.master_key_file.is_file():
        faults.append(
            f"VESTIBULE_MASTER_KEY_FILE: there is no file {settings.master_key_file}:"
            " restore it, or run `vestibule migrate` if this installation is new."
        )
    for name, file in (
        ("MASTER_KEY_FILE", settings.master_key_file),
        ("SECRET_KEY", settings.secret_key_place),
    ):
        if file.exists() and is_open_to_others(file):
            faults.append(f"{PREFIX}{name}: others may read {file}: run `chmod 600 {file}`.")
    return faults


def _unsafe_database(settings: Settings) -> list[str]:
    parts = urlsplit(settings.database_url)
    asked = parse_qs(parts.query)
    host = parts.hostname or asked.get("host", [""])[0]
    is_near = not host or host.startswith("/") or is_loopback(host)
    if is_near or asked.get("sslmode", [""])[0] in ("require", "verify-ca", "verify-full"):
        return []
    return ["VESTIBULE_DATABASE_URL leaves the line to the database open: add ?sslmode=verify-full."]


def _unsafe_places(settings: Settings) -> list[str]:
    faults = []
    served = (CHECKOUT / "static", CHECKOUT / "plugins", *settings.plugin_folders)
    for name, place in (("DATA", settings.data), ("MASTER_KEY_FILE", settings.master_key_file)):
        if any(place.resolve().is_relative_to(folder.resolve()) for folder in served):
            faults.append(f"{PREFIX}{name} lies in a folder that is served: move {place} elsewhere.")
    if settings.data.is_dir() and settings.data.stat().st_mode & 0o007:
        faults.append(f"VESTIBULE_DATA: everybody may look into it: run `chmod 700 {settings.data}`.")
    return faults


def is_loopback(host: str) -> bool:
    """Whether what is sent to `host` stays on this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
