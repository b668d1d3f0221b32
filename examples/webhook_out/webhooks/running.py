"""For those who run the installation: whether deliveries were given up, and sending these again."""

from __future__ import annotations

from vestibule.data import note, parked_events, retry_events, transaction
from vestibule.web import Scope, ngettext

PLUGIN = "webhooks"


def given_up(scope: Scope) -> str:
    """Nothing while each delivery was taken or is still being tried; else how many were given up."""
    count = parked_events(scope, PLUGIN)
    if not count:
        return ""
    return ngettext(
        "%(n)s delivery was given up. Mend the address, then run: vestibule webhooks again",
        "%(n)s deliveries were given up. Mend the address, then run: vestibule webhooks again",
        count,
        n=count,
    )


def send_again(scope: Scope) -> str:
    """Let a provider's deliveries that were given up be tried from the start."""
    with transaction():
        count = retry_events(scope, PLUGIN)
        if count:
            note(scope, "webhooks.sent_again", count=count)
    return ngettext("%(n)s delivery is sent again", "%(n)s deliveries are sent again", count, n=count)
