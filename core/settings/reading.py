"""Reading settings: names checked, values turned into their types, all faults told at once."""

import os
import secrets
import tomllib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from core.settings.model import PREFIX, Settings, SettingsError
from core.settings.secret_files import write_once

CHOICES = {
    "mode": ("production", "demo", "test"),
    "smtp_security": ("starttls", "tls", "none"),
    "log_level": ("debug", "info", "warning", "error"),
}
RANGES = {
    "port": (0, 65535),
    "smtp_port": (1, 65535),
    "trusted_proxies": (0, 10),
    "watchdog_seconds": (1, 600),
}
SECRETS = ("database_url", "secret_key", "smtp_password")
# Names with our prefix that others read: where the settings file is, and what the test run demands.
NOT_SETTINGS = frozenset({"config", "require_all"})


class _Fault(Exception):
    """What is wrong with one value, as the end of a sentence that begins with its name."""


def load(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read all settings; raises `SettingsError` with every fault at once.

    The environment wins over the file. Relative paths count from the working folder in the
    environment and from the file's own folder in the file; lists in the environment have commas.
    """
    faults: list[str] = []
    told = _told_by_file(environ, faults) | _told_by_environment(environ, faults)
    if "data" not in told:
        faults.append(f"{PREFIX}DATA is missing: name the folder for the database and the keys.")
    if faults:
        raise SettingsError(faults)
    settings = _with_defaults(Settings(**told))
    if settings.secret_key:
        return settings
    if settings.is_production:
        return replace(settings, secret_key=_read_secret_key(settings))
    return make_secret_key(settings)


def make_secret_key(settings: Settings) -> Settings:
    """Settings with a key for signing cookies; `data/secret.key` is made unless there is one."""
    if settings.secret_key:
        return settings
    with suppress(FileExistsError):
        write_once(settings.secret_key_place, secrets.token_urlsafe(48))
    return replace(settings, secret_key=_read_secret_key(settings))


def _read_secret_key(settings: Settings) -> str:
    file = settings.secret_key_place
    return file.read_text().strip() if file.is_file() else ""


def _with_defaults(settings: Settings) -> Settings:
    if settings.master_key_file == Path():
        settings = replace(settings, master_key_file=settings.data / "master.key")
    if not settings.base_url and not settings.is_production:
        settings = replace(settings, base_url=f"http://{settings.host}:{settings.port}")
    return settings


def _told_by_file(environ: Mapping[str, str], faults: list[str]) -> dict[str, Any]:
    name = environ.get(f"{PREFIX}CONFIG")
    if not name:
        return {}
    path = Path(name).absolute()
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        faults.append(f"{PREFIX}CONFIG: {path} can't be read: {error}.")
        return {}
    return _read(told, str, path.parent, faults)


def _told_by_environment(environ: Mapping[str, str], faults: list[str]) -> dict[str, Any]:
    told = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in environ.items()
        if name.startswith(PREFIX) and name.removeprefix(PREFIX).lower() not in NOT_SETTINGS
    }
    return _read(told, lambda name: f"{PREFIX}{name.upper()}", Path.cwd(), faults)


def _read(
    told: Mapping[str, Any], shown: Callable[[str], str], folder: Path, faults: list[str]
) -> dict[str, Any]:
    """The values of one source by field name, each as its field's type."""
    values: dict[str, Any] = {}
    for name, raw in told.items():
        secret = name.removesuffix("_file")
        try:
            if name in _KINDS:
                values[name] = _checked(name, _READERS[_KINDS[name]](raw, folder))
            elif secret in SECRETS and secret not in told:
                values[secret] = _checked(secret, _contents(raw, folder))
            else:
                faults.append(f"{shown(name)} {_misplaced(name, told, shown)}.")
        except _Fault as error:
            faults.append(f"{shown(name)} {error}.")
    return values


def _misplaced(name: str, told: Mapping[str, Any], shown: Callable[[str], str]) -> str:
    secret = name.removesuffix("_file")
    if secret in told and secret in SECRETS:
        return f"is given together with {shown(secret)}: keep one of them"
    near = get_close_matches(name, _KINDS, 1)
    return "is no setting" + (f"; perhaps {shown(near[0])} is meant" if near else "")


def _checked(name: str, value: Any) -> Any:
    if name in CHOICES and value not in CHOICES[name]:
        raise _Fault(f"must be one of {', '.join(CHOICES[name])}")
    if name in RANGES and not RANGES[name][0] <= value <= RANGES[name][1]:
        raise _Fault("must be from {} to {}".format(*RANGES[name]))
    if name == "database_url" and value and urlsplit(value).scheme != "postgresql":
        raise _Fault("must begin with postgresql:// (leave it out for SQLite)")
    if name == "base_url" and value:
        return _address(value)
    return value


def _address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/"):
        raise _Fault("must be scheme and host like https://portal.example.org")
    if parts.query or parts.fragment:
        raise _Fault("must not hold a query or a fragment")
    return f"{parts.scheme}://{parts.netloc}"


def _contents(raw: Any, folder: Path) -> str:
    try:
        return _path(raw, folder).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise _Fault(f"can't be read: {error.strerror}") from None


def _text(raw: Any, _folder: Path) -> str:
    if not isinstance(raw, str):
        raise _Fault("must be text")
    return raw.strip()


def _number(raw: Any, _folder: Path) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int | str):
        raise _Fault("must be a whole number")
    try:
        return int(raw)
    except ValueError:
        raise _Fault("must be a whole number") from None


def _path(raw: Any, folder: Path) -> Path:
    text = _text(raw, folder)
    if not text:
        raise _Fault("must name a place")
    return (folder / Path(text).expanduser()).absolute()


def _names(raw: Any, folder: Path) -> tuple[str, ...]:
    items = raw.split(",") if isinstance(raw, str) else raw
    if not isinstance(items, list):
        raise _Fault("must be a list")
    return tuple(name for name in (_text(item, folder) for item in items) if name)


def _paths(raw: Any, folder: Path) -> tuple[Path, ...]:
    return tuple(_path(name, folder) for name in _names(raw, folder))


_KINDS = {one.name: one.type for one in fields(Settings)}
_READERS: dict[Any, Callable[[Any, Path], Any]] = {
    str: _text,
    int: _number,
    Path: _path,
    tuple[str, ...]: _names,
    tuple[Path, ...]: _paths,
}
