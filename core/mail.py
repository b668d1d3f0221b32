"""Mail: queued with the change that causes it, rendered in the reader's language when it is sent.

A letter names no health matter and of a provider only its name outside the portal; it says that
something is there and links to it.
"""

from __future__ import annotations

import hashlib
import smtplib
import ssl
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import jinja2

from core import clock, db, hooks, i18n, outbox, subscriptions
from core.settings import Settings
from core.tenancy import Account, Client, Member, Provider, Scope

SMTP_SECONDS = 10
PERMANENT = 500
PORTAL = frozenset({"CP"})

Link = Callable[..., str]


@dataclass(frozen=True)
class _Bound:
    settings: Settings
    templates: jinja2.Environment


@dataclass(frozen=True)
class _Reader:
    """Who gets a letter and how they read."""

    address: str
    name: str
    locale: str
    zone: str


class _Here:
    bound: _Bound | None = None


def bind(settings: Settings, folders: Sequence[Path], render_link: Link) -> None:
    """Take the mail server, the template folders and `link(endpoint, **values)` -> absolute address."""
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader([str(folder) for folder in folders]),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # noqa: S701 -- plain text; escaping would spoil names like O'Brien
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.globals |= {"link": render_link, "_": i18n.gettext, "_n": i18n.ngettext}
    templates.filters |= {
        "day": i18n.format_day,
        "long_day": i18n.format_long_day,
        "time": i18n.format_time,
        "span": i18n.format_span,
        "moment": i18n.format_moment,
        "money": i18n.format_money,
    }
    _Here.bound = _Bound(settings, templates)


def queue(  # noqa: PLR0913 -- what a letter is made of
    scope: Scope,
    template: str,
    *,
    key: str,
    to_account_id: UUID | None = None,
    to_address: str = "",
    provider_id: UUID | None = None,
    needs: Collection[str] = (),
    completes: bool = False,
    locale: str = "",
    zone: str = "",
    **values: Any,
) -> None:
    """Write a letter into the outbox of this transaction; `template` is `<room>/<name>`.

    It goes to an account, at the address it has when it is sent, or to an address that no account
    has yet. A provider's letter to somebody who no longer belongs there, or whose provider lacks
    one of `needs` (a plugin's letter needs what its manifest says too), is dropped with a record
    unless it `completes` something begun.
    """
    if (to_account_id is None) == (not to_address):
        raise ValueError("a letter goes either to an account or to an address")
    payload = {
        "account_id": None if to_account_id is None else str(to_account_id),
        "address": to_address,
        "locale": locale,
        "zone": zone,
        "needs": sorted(needs),
        "completes": completes,
        "key": key,
        "values": {name: _packed(value) for name, value in values.items()},
    }
    outbox.put(scope, "mail", template, key, payload, provider_id=provider_id, completes=completes)


def send(scope: Scope, target: str, payload: Any, provider_id: UUID | None) -> None:
    """The outbox's receiver: render one letter and hand it to the mail server.

    Raises `outbox.Dropped` when nobody should get it any more, `outbox.Undeliverable` when the
    server refuses it for good or a setting that mail needs is missing, and what smtplib raises
    when trying again may help.
    """
    # The connection goes back to the pool before a slow mail server is waited for.
    with db.connection():
        provider = None if provider_id is None else _provider(provider_id)
        if provider_id is not None and not payload["completes"]:
            _refuse_unwanted(scope, target, payload, provider_id)
        reader = _reader(payload, provider)
        _refuse_unset(_ours().settings)
        letter = _letter(target, payload, provider, reader)
    _hand_over(letter)


def render(target: str, values: Mapping[str, Any], locale: str, zone: str) -> tuple[str, str]:
    """Subject and body of a letter in one reader's language and zone."""
    room, name = target.split("/")
    with i18n.reading(locale, zone):
        template = _ours().templates.get_template(f"{room}/mail/{name}.txt")
        context = template.new_context(dict(values))
        subject, body = ("".join(template.blocks[part](context)) for part in ("subject", "body"))
    return " ".join(subject.split()), body.strip() + "\n"


def check_server(settings: Settings) -> None:
    """Greet the mail server and log in, sending nothing. Raises what smtplib or the network raises."""
    with _connected(settings):
        pass


def _ours() -> _Bound:
    if _Here.bound is None:
        raise RuntimeError("Mail is not bound: call core.mail.bind first.")
    return _Here.bound


def _provider(provider_id: UUID) -> Provider:
    found: Provider = Scope.system("mail").one(Provider, provider_id)
    return found


def _refuse_unwanted(scope: Scope, target: str, payload: Any, provider_id: UUID) -> None:
    room, held = target.partition("/")[0], subscriptions.of([provider_id])[provider_id]
    needs = hooks.needs_of(room) if hooks.is_plugin(room) else frozenset()
    if room in held.off:
        raise outbox.Dropped("plugin_off")
    if not held.covers(needs.union(payload["needs"])):
        raise outbox.Dropped("subscription_ended")
    if payload["account_id"] is None:
        return
    account_id = UUID(payload["account_id"])
    is_client = scope.rows(Client).where(Client.account_id == account_id, Client.ended_at.is_null())
    is_member = scope.rows(Member).where(Member.account_id == account_id, Member.removed_at.is_null())
    if not is_client.exists() and not is_member.exists():
        raise outbox.Dropped("join_ended")


def _refuse_unset(settings: Settings) -> None:
    """Settings are read once, at the start: what is missing now is missing at every further try."""
    if not settings.smtp_host:
        raise outbox.Undeliverable("no_mail_server")
    if "@" not in settings.mail_from:
        raise outbox.Undeliverable("no_sender")


def _reader(payload: Any, provider: Provider | None) -> _Reader:
    locale = payload["locale"] or (provider.locale if provider else "en")
    zone = payload["zone"] or (provider.zone if provider else "UTC")
    if payload["account_id"] is None:
        return _Reader(payload["address"], "", locale, zone)
    account = Scope.system("mail").maybe(Account, UUID(payload["account_id"]))
    if account is None or account.disabled_at is not None:
        raise outbox.Dropped("account_disabled")
    return _Reader(account.email, account.name, account.locale or locale, account.zone or zone)


def _letter(target: str, payload: Any, provider: Provider | None, reader: _Reader) -> EmailMessage:
    practice = provider.outside_name if provider else ""
    values = {name: _unpacked(value) for name, value in payload["values"].items()}
    slug = provider.slug if provider else ""
    is_open = provider is not None and subscriptions.on(provider.id, PORTAL)
    values |= {"reader": reader.name, "practice": practice, "slug": slug, "is_portal_open": is_open}
    subject, body = render(target, values, reader.locale, reader.zone)
    letter = EmailMessage(policy=SMTP)
    letter["Subject"] = subject
    letter["From"] = _sender(practice)
    letter["To"] = reader.address
    letter["Date"] = format_datetime(clock.now())
    letter["Message-ID"] = _message_id(payload["key"])
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(body)
    return letter


def _sender(practice: str) -> Address:
    name, address = parseaddr(_ours().settings.mail_from)
    return Address(" ".join((practice or name).split()), addr_spec=address)


def _message_id(key: str) -> str:
    """The same for each try, so that mail programs fold a second delivery into the first."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{_host(_ours().settings)}>"


def _host(settings: Settings) -> str:
    return urlsplit(settings.base_url).hostname or "localhost"


def _hand_over(letter: EmailMessage) -> None:
    with _connected(_ours().settings) as server:
        try:
            server.send_message(letter)
        except smtplib.SMTPRecipientsRefused as refused:
            if all(code >= PERMANENT for code, _ in refused.recipients.values()):
                raise outbox.Undeliverable from refused
            raise
        except smtplib.SMTPDataError as refused:
            if refused.smtp_code >= PERMANENT:
                raise outbox.Undeliverable from refused
            raise


def _connected(settings: Settings) -> smtplib.SMTP:
    secure = ssl.create_default_context()
    place = (settings.smtp_host, settings.smtp_port, _host(settings))
    if settings.smtp_security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(*place, timeout=SMTP_SECONDS, context=secure)
    else:
        server = smtplib.SMTP(*place, timeout=SMTP_SECONDS)
    if settings.smtp_security == "starttls":
        server.starttls(context=secure)
    if settings.smtp_user:
        server.login(settings.smtp_user, settings.smtp_password)
    return server


def _packed(value: Any) -> Any:
    """A template's value as JSON; moments and days keep their kind, ids become text."""
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    if isinstance(value, date):
        return {"on": value.isoformat()}
    return str(value) if isinstance(value, UUID) else value


def _unpacked(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    ((kind, text),) = value.items()
    return datetime.fromisoformat(text) if kind == "at" else date.fromisoformat(text)
