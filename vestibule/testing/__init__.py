"""The authors' kit: a portal in the test's own process, with people in it.

Whoever installs Vestibule has its fixtures in pytest, without a line in `conftest.py`: `house`,
`practice`, `other_practice`, `client`, `member`, `browser`, `subscriptions`, `mail_box` and `clock`.
What they give is described here; `docs/how-to/test-a-plugin.md` shows them at work.
"""

from vestibule.testing.clock import Clock
from vestibule.testing.house import Browser, House
from vestibule.testing.mail import Mail, PostOffice
from vestibule.testing.page import Page, PageForm
from vestibule.testing.people import PASSWORD
from vestibule.testing.practice import Person, Practice, Subscriptions

__all__ = [
    "PASSWORD",
    "Browser",
    "Clock",
    "House",
    "Mail",
    "Page",
    "PageForm",
    "Person",
    "PostOffice",
    "Practice",
    "Subscriptions",
]
