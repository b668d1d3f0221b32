"""A small web site with good pages and with one page for each fault that a person must notice."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from time import sleep

from flask import Flask, Response, make_response, redirect, request
from werkzeug.serving import make_server
from werkzeug.wrappers import Response as Redirect

from tests.support.ports import held_port

HEAD = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/style.css"></head>
<body><header><nav aria-label="Menu"><a href="/">Inbox</a> <a href="/book">Appointments</a></nav></header>
<main><h1>{title}</h1>{body}</main></body></html>"""
STYLE = """:focus-visible{outline:3px solid #24292c;outline-offset:2px}
.bare:focus-visible{outline:none} .roof{position:fixed;inset:0;background:#fff}
.far{width:2000px} .drawn input{position:absolute;width:1px;height:1px;clip-path:inset(50%)}
.drawn input:focus-visible+span{outline:3px solid #24292c} .pale{color:#ccc;background:#fff}"""
POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:"
INBOX = """<p>Nothing is waiting for you.</p><a href="/write">New message</a>"""
BOOK = """<ul>
<li>Thu, Dec 3, 2:00-2:50 pm <form method="post"><button name="at" value="a"
 aria-label="Schedule Thursday, December 3, 2:00 pm">Schedule</button></form></li>
<li>Fri, Dec 4, 9:00-9:50 am <form method="post"><button name="at" value="b"
 aria-label="Schedule Friday, December 4, 9:00 am">Schedule</button></form></li></ul>"""
WRITE = """<form method="post"><fieldset><legend>To</legend>
<label><input type="radio" name="to" value="a" required> Dr Ortiz</label>
<label><input type="radio" name="to" value="b"> Harbor Street</label></fieldset>
<p><label for="subject">Subject (optional)</label><input id="subject" name="subject"></p>
<p><label for="body">Message</label><textarea id="body" name="body"></textarea></p>
<p><label for="day">Day</label><input id="day" type="date" name="day"></p>
<p><label for="time">Time</label><input id="time" type="time" name="time"></p>
<p><label for="secret">Password</label><input id="secret" type="password" name="secret"></p>
<p><label for="place">Place</label><select id="place" name="place"><option>Any</option>
<option>Office</option><option>Video</option></select></p>
<p><label><input type="checkbox" name="urgent"> It can't wait</label></p>
<details><summary>More choices</summary><p>A copy for me</p></details>
<button>Send</button></form>"""
FAULTS = {
    "unreachable": '<span role="button">Send</span>',
    "bare": '<button class="bare">Send</button>',
    "roof": '<button>Send</button><div class="roof">A notice</div>',
    "wide": '<p class="far">Wide</p>',
    "inline": "<p>Hello</p><script>1</script>",
    "stranger": '<img alt="" src="http://127.0.0.2:9/picture.png">',
    "script": '<p>Hello</p><script src="/broken.js"></script>',
    "unlabelled": '<form><input name="a"></form>',
    "pale": '<p class="pale">Hardly to be read</p>',
    "invalid": "<p><div>Not HTML</p></div>",
    "drawn": '<label class="drawn"><input type="radio" name="a"><span>Morning</span></label>',
    "storing": '<p>Hello</p><script src="/storing.js"></script>',
    "shelving": '<p>Hello</p><script src="/shelving.js"></script>',
    "twice": '<a href="/">Here</a> <a href="/book">Here</a>',
    "htmx": '<button id="ask">Ask</button><p id="answer">…</p><script src="/asking.js"></script>',
}
SCRIPTS = {
    "broken": "throw new Error('It broke')",
    "storing": "sessionStorage.setItem('draft', 'private')",
    "shelving": """sessionStorage.clear(); indexedDB.open('charts'); caches.open('pages')
        .then(() => document.querySelector('p').append(', all'))""",
    "asking": """document.getElementById('ask').addEventListener('click', async () => {
        const answer = await fetch('/slow');
        document.getElementById('answer').textContent = await answer.text(); })""",
}

site = Flask(__name__)


def page(title: str, body: str, status: int = 200) -> Response:
    response = make_response(HEAD.format(title=title, body=body), status)
    response.headers["Content-Security-Policy"] = POLICY
    return response


@site.get("/")
def inbox() -> Response:
    return page("Inbox", INBOX)


@site.route("/login", methods=["GET", "POST"])
def login() -> Response | Redirect:
    if request.method == "GET":
        form = """<form method="post"><label>E-mail <input type="email" name="email"></label>
        <label>Password <input type="password" name="password"></label><button>Log in</button></form>"""
        return page("Log in", form)
    response = redirect("/", 303)
    response.set_cookie("login", request.form["email"])
    return response


@site.route("/book", methods=["GET", "POST"])
def book() -> Response | Redirect:
    return (
        redirect(f"/booked/{request.form['at']}", 303)
        if request.method == "POST"
        else page("Appointments", BOOK)
    )


@site.get("/booked/<at>")
def booked(at: str) -> Response:
    return page("Your appointment is booked", f"<p>Time {at}</p>")


@site.route("/write", methods=["GET", "POST"])
def write() -> Response:
    if request.method == "GET":
        return page("New message", WRITE)
    if not request.form["body"]:
        return page("New message", "<p>There is a problem</p>" + WRITE, 422)
    told = "".join(f"<li>{name}: {value}</li>" for name, value in request.form.items())
    return page("Sent", f"<ul>{told}</ul>")


@site.get("/fault/<name>")
def fault(name: str) -> Response:
    return page("A fault", FAULTS[name])


@site.get("/crash")
def crash() -> Response:
    return page("Something went wrong", "<p>We are on it</p>", 500)


@site.get("/slow")
def slow() -> str:
    sleep(0.3)
    return "The answer came"


@site.get("/style.css")
def style() -> Response:
    return Response(STYLE, content_type="text/css")


@site.get("/<name>.js")
def script(name: str) -> Response:
    return Response(SCRIPTS[name], content_type="text/javascript")


@contextmanager
def served() -> Iterator[str]:
    """The address of the site, served from a thread for the block."""
    with held_port() as port:
        server = make_server("127.0.0.1", port, site, threaded=True)
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
