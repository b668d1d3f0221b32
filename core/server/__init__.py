"""The HTTP server: gevent's pywsgi with limits on time, size and number, and a stop that finishes."""

from core.server.limits import Limits
from core.server.running import PortTaken, listen, serve

__all__ = ["Limits", "PortTaken", "listen", "serve"]
