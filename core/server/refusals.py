"""Answers that the server gives by itself, before or instead of the application's."""

REASONS = {
    400: "Bad Request",
    408: "Request Timeout",
    413: "Content Too Large",
    414: "URI Too Long",
    500: "Internal Server Error",
    503: "Service Unavailable",
}
# The same guard as on the application's pages; there is nothing in these that could be framed or run.
HEADERS = (
    ("Content-Type", "text/plain; charset=utf-8"),
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Referrer-Policy", "same-origin"),
    ("Cache-Control", "no-store"),
    ("Connection", "close"),
)


def refusal(code: int) -> bytes:
    """A whole answer that ends the connection."""
    body = f"{code} {REASONS[code]}\n".encode()
    headers = [*HEADERS, ("Content-Length", str(len(body)))]
    if code == 503:
        headers.append(("Retry-After", "5"))
    head = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return f"HTTP/1.1 {code} {REASONS[code]}\r\n{head}\r\n".encode() + body
