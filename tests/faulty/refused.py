"""Plugins that are refused at load: what stands in them, and the sentence that names file, line and mend."""

from __future__ import annotations

from tests.faulty.plugin import FIRST, Faulty
from tests.faulty.reaching import AROUND, RUNNERS

HOOK = "@hookimpl\ndef home_cards(scope):\n    return []\n"
DEF = FIRST + 1


def _marked(options: str) -> str:
    return f"@hookimpl({options})\ndef home_cards(scope):\n    return []\n"


def _hook(signature: str, body: str = "return []") -> str:
    return f"@hookimpl\ndef {signature}:\n    {body}\n"


def _declares(hook: str, made: str) -> str:
    return f"def answer(scope):\n    return 'hello'\n\n\n@hookimpl\ndef {hook}():\n    return [{made}]\n"


MADE = FIRST + 6
MANIFESTS = (
    Faulty(
        "unmanifested", "is missing", file="plugin.toml", line=1, has_gate=False, files={"plugin.toml": None}
    ),
    Faulty(
        "untomled", "is no TOML", file="plugin.toml", line=2, manifest={"title": "Untomled"}, has_gate=False
    ),
    Faulty("misnamed", "`name` is 'another'", file="plugin.toml", line=1, manifest={"name": '"another"'}),
    Faulty("unkeyed", "perhaps `gates` is meant", file="plugin.toml", line=7, manifest={"gate": "[]"}),
    Faulty("outdated", "install a newer plugin", file="plugin.toml", line=4, manifest={"api": "0"}),
    Faulty("tooearly", "install a newer Vestibule", file="plugin.toml", line=4, manifest={"api": "99"}),
    Faulty("overneedy", "no feature", file="plugin.toml", line=5, manifest={"needs": '["CP", "GOLD"]'}),
    Faulty("inbox", "which the house has for itself", file="plugin.toml", line=1),
    Faulty("unlisted", "add it there", line=5, manifest={"gates": "[]"}, has_gate=False),
    Faulty(
        "overlisted",
        "lacks `practice_records`",
        line=1,
        manifest={"connectors": '["practice_records"]'},
    ),
    Faulty(
        "unset",
        "requires the setting api_key",
        file="plugin.toml",
        line=1,
        manifest={"required_settings": '["api_key"]'},
    ),
)
HOOKS = (
    Faulty("unspecified", "docs/reference/hooks.md lists them", _hook("moon_phases(scope)"), line=DEF),
    Faulty("misspelt", "perhaps `home_cards` is meant", _hook("home_cakes(scope)"), line=DEF),
    Faulty("misargued", "has no argument `clients`", _hook("client_marks(scope, clients)"), line=DEF),
    Faulty("scopeless", "must take `scope` first", _hook("home_cards()"), line=DEF),
    Faulty("lastscoped", "must take `scope` first", _hook("client_marks(client_ids, scope)"), line=DEF),
    Faulty("starred", "no *, no ** and no /", _hook("home_cards(scope, *more)"), line=DEF),
    Faulty("wrapping", "marked with wrapper", _marked("wrapper=True"), line=DEF),
    Faulty("oldwrapping", "marked with hookwrapper", _marked("hookwrapper=True"), line=DEF),
    Faulty("pushing", "marked with tryfirst", _marked("tryfirst=True"), line=DEF),
    Faulty("lagging", "marked with trylast", _marked("trylast=True"), line=DEF),
    Faulty("posing", "marked with specname", _marked("specname='nav_items'"), line=DEF),
    Faulty("defaulting", "take the default away", _hook("home_cards(scope, limit=5)"), line=DEF),
    Faulty(
        "waiting",
        "take async or yield away",
        "@hookimpl\nasync def home_cards(scope):\n    return []\n",
        line=DEF,
    ),
    Faulty("yielding", "take async or yield away", _hook("home_cards(scope)", "yield 1"), line=DEF),
    Faulty("unmarked", "has no @hookimpl", "def home_cards(scope):\n    return []\n"),
    Faulty(
        "disguised",
        "is no hook",
        "mark = hookimpl\n\n\n@mark\ndef home_cakes(scope):\n    return []\n",
        line=FIRST + 3,
    ),
)
NAMES = (
    Faulty(
        "ownerless",
        "Route without who",
        _declares("register_routes", "Route('/ownerless/', answer)"),
        line=MADE,
    ),
    Faulty(
        "tenantless",
        "Route without of",
        _declares("register_routes", "Route('/tenantless/', answer, 'client')"),
        line=MADE,
    ),
    Faulty(
        "tabling",
        "touches client",
        file="migrations/0001_first.sql",
        line=2,
        files={
            "migrations/0001_first.sql": "-- Somebody else's.\nALTER TABLE client ADD COLUMN mood TEXT;\n"
        },
    ),
    Faulty(
        "modelling",
        "the table intake_form is outside its own name",
        file="models.py",
        line=6,
        files={
            "models.py": "from vestibule.data import TenantModel\n\n\nclass Form(TenantModel):\n"
            '    class Meta:\n        table_name = "intake_form"\n'
        },
    ),
    Faulty(
        "templating",
        "move it into templates/templating/",
        file="templates/inbox/home.html",
        line=1,
        files={"templates/inbox/home.html": "mine\n"},
    ),
    Faulty(
        "styling",
        "move it into static/styling/",
        file="static/css/base.css",
        line=1,
        files={"static/css/base.css": "body {}\n"},
    ),
    Faulty(
        "translating",
        "is no place for words",
        file="translations/es/LC_MESSAGES/core.po",
        line=1,
        files={"translations/es/LC_MESSAGES/core.po": ""},
    ),
    Faulty(
        "garbling",
        "is no catalogue",
        file="translations/es/LC_MESSAGES/messages.mo",
        line=1,
        files={"translations/es/LC_MESSAGES/messages.mo": "nothing of the kind"},
    ),
    Faulty(
        "setting",
        "Setting 'intake.form' reaches outside",
        _declares("register_settings", "Setting('intake.form', 'Form', 'flag', True)"),
        line=MADE,
    ),
    Faulty(
        "unfit",
        "has a default that is no flag",
        _declares("register_settings", "Setting('form', 'Form', 'flag', 'yes')"),
        line=FIRST + 4,
    ),
    Faulty(
        "jobbing", "Job 'core.sweep'", _declares("register_jobs", "Job('core.sweep', 60, answer)"), line=MADE
    ),
    Faulty(
        "auditing",
        "AuditEvent 'inbox.read'",
        _declares("register_audit_events", "AuditEvent('inbox.read', 'Read')"),
        line=MADE,
    ),
    Faulty(
        "endpointing",
        "has the endpoint 'inbox.home'",
        _declares("register_routes", "Route('/endpointing/', answer, 'anyone', name='inbox.home')"),
        line=FIRST + 4,
    ),
    Faulty(
        "addressing",
        "the address /inbox/ is taken by inbox.home",
        _declares("register_routes", "Route('/inbox/', answer, 'client', 'all')"),
        line=FIRST + 4,
    ),
    Faulty(
        "catching",
        "must begin with a fixed word",
        _declares("register_routes", "Route('/<path:everything>', answer, 'anyone')"),
        line=FIRST + 4,
    ),
    Faulty(
        "doubling",
        "two of Route are named answer",
        _declares("register_routes", "Route('/a/', answer, 'anyone'), Route('/b/', answer, 'anyone')"),
        line=FIRST + 4,
    ),
)
CODE = (
    Faulty("reaching", "imports core.db.database, which is private", "from core.db import database\n"),
    Faulty(
        "neighbouring", "plugins know each other through hooks only", "from plugins.intake import service\n"
    ),
    Faulty("climbing", "imports from above its own folder", "from .. import other\n"),
    Faulty("rehearsing", "imports rehearsal.mailbox, which is private", "import rehearsal.mailbox\n"),
    Faulty(
        "sneaking",
        "imports core.vault, which is private",
        "import importlib\nimportlib.import_module('core.vault')\n",
        line=DEF,
    ),
    Faulty("ungrammatical", "is no Python", "def (\n"),
    Faulty("longing", "imports no_such_package, which is not installed", "import no_such_package\n"),
    Faulty("raising", "raises RuntimeError", "raise RuntimeError('the panic came back')\n"),
    Faulty("exiting", "raises SystemExit", "import sys\n\nsys.exit(3)\n", line=FIRST + 2),
    Faulty("interrupting", "raises KeyboardInterrupt", "raise KeyboardInterrupt\n"),
    Faulty("expiring", "raises Timeout", "import gevent\n\nraise gevent.Timeout(0)\n", line=FIRST + 2),
    Faulty("ending", "raises End", "class End(BaseException):\n    pass\n\n\nraise End\n", line=FIRST + 4),
    Faulty(
        "nameless",
        "is missing: add it",
        file="__init__.py",
        line=1,
        files={"__init__.py": None},
    ),
    Faulty(
        "refusing",
        "raises ValueError: mend `register_jobs`",
        "@hookimpl\ndef register_jobs():\n    raise ValueError('Ana has panic')\n",
        line=FIRST + 2,
    ),
    Faulty(
        "rubbishing",
        "register_jobs returned dict, not a list",
        "@hookimpl\ndef register_jobs():\n    return {}\n",
    ),
)
REFUSED = (*MANIFESTS, *HOOKS, *NAMES, *CODE, *AROUND, *RUNNERS)
