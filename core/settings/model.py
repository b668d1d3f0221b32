"""All settings with their types and defaults."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

PREFIX = "VESTIBULE_"
CHECKOUT = Path(__file__).resolve().parent.parent.parent


class SettingsError(Exception):
    """Settings that can't be used; `lines` holds one sentence for each fault found."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings of an installation; paths are absolute, secrets don't appear in `repr`."""

    data: Path
    mode: str = "production"
    database_url: str = field(default="", repr=False)
    base_url: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    trusted_proxies: int = 0
    secret_key: str = field(default="", repr=False)
    master_key_file: Path = Path()
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    smtp_security: str = "starttls"
    mail_from: str = ""
    plugin_folders: tuple[Path, ...] = ()
    required_plugins: tuple[str, ...] = ()
    watchdog_seconds: int = 10
    mailbox_url: str = ""
    log_level: str = "info"

    @property
    def is_production(self) -> bool:
        """Whether real people's data is behind this installation."""
        return self.mode == "production"

    @property
    def is_https(self) -> bool:
        """Whether browsers come by https, so that cookies may be marked for it."""
        return urlsplit(self.base_url).scheme == "https"

    @property
    def secret_key_place(self) -> Path:
        """Where the key that signs cookies lies when it isn't given as a setting."""
        return self.data / "secret.key"

    @property
    def sqlite_file(self) -> Path:
        """Where the SQLite database lies when no `database_url` is given."""
        return self.data / "vestibule.sqlite3"
