"""A proxy that ends TLS, as nginx stands before a production server: certificate and headers of its own."""

import select
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

# Headers between two neighbours, and those that visitors could otherwise pretend.
OWN_HEADERS = frozenset(
    {"connection", "keep-alive", "transfer-encoding", "x-forwarded-for", "x-forwarded-proto"}
)
PATIENCE_SECONDS = 30


@contextmanager
def open_proxy(port: int, server_port: int, folder: Path) -> Iterator[None]:
    """Serve https://127.0.0.1:`port` for the block, and ask the server on `server_port` by http."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_certificate(folder))
    proxy = _Proxy(("127.0.0.1", port), _Handler)
    proxy.context, proxy.server_port_behind = context, server_port
    thread = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        proxy.shutdown()
        proxy.server_close()


class _Proxy(ThreadingHTTPServer):
    daemon_threads = True
    context: ssl.SSLContext
    server_port_behind: int

    def finish_request(self, request: socket.socket | tuple[bytes, socket.socket], address: object) -> None:
        """Shake hands in the visitor's own thread, so that a slow one keeps nobody waiting."""
        assert isinstance(request, socket.socket)
        request.settimeout(PATIENCE_SECONDS)
        try:
            with self.context.wrap_socket(request, server_side=True) as line:
                super().finish_request(line, address)
        except (ssl.SSLError, OSError):
            return  # the browser went away, as it may


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Proxy

    def do_GET(self) -> None:
        if "Upgrade" in self.headers:
            self._join_socket()
            return
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        sent = {name: value for name, value in self.headers.items() if name.lower() not in OWN_HEADERS}
        sent |= {"X-Forwarded-For": self.client_address[0], "X-Forwarded-Proto": "https"}
        behind = HTTPConnection("127.0.0.1", self.server.server_port_behind, timeout=PATIENCE_SECONDS)
        try:
            behind.request(self.command, self.path, body, sent)
            answer = behind.getresponse()
            content = answer.read()
        finally:
            behind.close()
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in OWN_HEADERS | {"content-length"}:
                self.send_header(name, value)
        if answer.status != 304:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _join_socket(self) -> None:
        """A WebSocket: its head once, then bytes both ways until one side ends."""
        told = {name: value for name, value in self.headers.items() if name.lower() not in OWN_HEADERS}
        told |= {
            "Connection": "Upgrade",
            "X-Forwarded-For": self.client_address[0],
            "X-Forwarded-Proto": "https",
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
        self.close_connection = True
        near: ssl.SSLSocket = self.connection
        with socket.create_connection(("127.0.0.1", self.server.server_port_behind)) as far:
            far.sendall(f"GET {self.path} HTTP/1.1\r\n{head}\r\n".encode())
            other: dict[socket.socket, socket.socket] = {near: far, far: near}
            while True:
                ready = [near] if near.pending() else select.select([near, far], [], [])[0]
                for line in ready:
                    if not (data := line.recv(65_536)):
                        return
                    other[line].sendall(data)

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_words: object) -> None:
        """The server's log is enough."""


def _certificate(folder: Path) -> Path:
    """A certificate for 127.0.0.1 that nobody signed but itself, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "proxy.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return file
