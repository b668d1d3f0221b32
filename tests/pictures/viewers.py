"""Who looks at the portal for pictures, and where each of them begins."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Viewer:
    """Somebody to take pictures for; a viewer without an e-mail address isn't logged in."""

    name: str
    email: str
    starts: tuple[str, ...]


VIEWERS = (
    Viewer("visitor", "", ("/login", "/forgot", "/p/ortiz/", "/p/ortiz/signup", "/help/", "/reset/gone")),
    Viewer("client", "client@demo.test", ("/inbox/", "/more/", "/settings/", "/nowhere")),
    Viewer("newclient", "newclient@demo.test", ("/inbox/", "/appointments/search", "/intake/")),
    Viewer("twoproviders", "twoproviders@demo.test", ("/inbox/", "/appointments/search", "/inbox/new/")),
    Viewer("provider", "provider@demo.test", ("/practice/ortiz/", "/practice/ortiz/calendar/week")),
    Viewer("operator", "operator@demo.test", ("/operator/",)),
)
