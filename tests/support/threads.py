"""Many threads of one client, as years of writing leave them."""

from datetime import timedelta

from core import clock, db
from core.inbox.models import Thread, Unread
from core.tenancy import Scope
from tests.support.house import House

UNREAD = 3


def fill_inbox(house: House, email: str, count: int, slug: str = "ortiz") -> None:
    """Add threads with an answer in each; all but the newest three have been read."""
    chart, now = house.chart(email, slug), clock.now()
    scope = Scope.system("many threads", chart.provider_id)
    with db.transaction():
        for number in range(count):
            at = now - timedelta(hours=number + 1)
            thread = scope.add(
                Thread,
                client_id=chart.id,
                kind="person",
                audience="both",
                subject=f"About the {number}th week",
                last_author="Dr Lena Ortiz",
                last_at=at,
                created_at=at - timedelta(hours=1),
            )
            if number < UNREAD:
                scope.add(
                    Unread,
                    client_id=chart.id,
                    thread_id=thread.id,
                    account_id=chart.account_id,
                    is_of_person=True,
                )
