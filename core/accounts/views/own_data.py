"""Download my data: what there is, and one file with all of it."""

from __future__ import annotations

from flask import Response, current_app, request
from flask_login import current_user

from core import clock, i18n
from core.accounts.service import own_data
from core.tenancy import Scope
from core.web.guard import remote_address
from core.web.pages import page

FILE = "my-data.zip"


def data(scope: Scope) -> Response:
    """Say what the file will hold, or give it."""
    account = current_user.account
    if request.method == "GET":
        return page("accounts/data.html", providers=own_data.own_providers(account))
    gathered = own_data.gather_own_data(account, remote_address())
    contents = current_app.jinja_env.get_template("accounts/data_contents.html")
    told = contents.render(gathered=gathered, made_at=clock.now(), locale=i18n.current_locale())
    return Response(
        own_data.packed(gathered, told),
        mimetype="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{FILE}"', "Cache-Control": "no-store"},
    )
