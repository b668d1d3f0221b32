"""A bare Flask route on pywsgi: `python -m bench.bare PORT`."""

from gevent import monkey

if __name__ == "__main__":
    monkey.patch_all()

import socket
import sys
from typing import Any

from gevent.pywsgi import WSGIHandler, WSGIServer

from bench.floor import bare_app


class Handler(WSGIHandler):
    """Without Nagle's algorithm, which would make every keep-alive answer wait for 40 ms."""

    def handle(self) -> Any:
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return super().handle()


if __name__ == "__main__":
    address = ("127.0.0.1", int(sys.argv[1]))
    WSGIServer(address, bare_app(), log=None, error_log=None, handler_class=Handler).serve_forever()
