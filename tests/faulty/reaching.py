"""Plugins that reach around the scope, or declare health checks and commands wrongly: refused at load."""

from __future__ import annotations

from tests.faulty.plugin import FIRST, Faulty


def _nav(body: str) -> str:
    return f"@hookimpl\ndef nav_items(scope):\n    {body}\n"


AROUND = (
    Faulty(
        "widening",
        "`Scope.system` makes a scope past the guard",
        "from vestibule.data import Scope\n\neverything = Scope.system\n",
        line=FIRST + 2,
    ),
    Faulty(
        "aliasing",
        "`data.Scope.system` makes a scope past the guard",
        "from vestibule import data\n\n\ndef all_of_it():\n    return data.Scope.system('mine')\n",
        line=FIRST + 4,
    ),
    Faulty(
        "classing",
        "`type(scope).system` makes a scope past the guard",
        _nav("return type(scope).system('mine').rows(1)"),
        line=FIRST + 2,
    ),
    Faulty(
        "making",
        "`Scope(…)` makes a scope of its own",
        "from vestibule.web import Scope\n\n\ndef all_of_it():\n    return Scope('system', account_id=1)\n",
        line=FIRST + 4,
    ),
    Faulty(
        "replacing",
        "`replace(…)` makes another scope of one",
        "from dataclasses import replace\n\nfrom vestibule.data import Scope\n\n\n"
        "def wider(asker: Scope, ids):\n    return replace(asker, providers=ids)\n",
        line=FIRST + 6,
    ),
    Faulty(
        "prying",
        "`object.__setattr__(…)` makes another scope of one",
        _nav("object.__setattr__(scope, 'kind', 'member')"),
        line=FIRST + 2,
    ),
)


def _runs(hook: str, made: str) -> str:
    imports = "import click\n\nfrom vestibule.web import Command, HealthCheck\n\n\n"
    return f"{imports}@hookimpl\ndef {hook}():\n    return {made}\n"


RUNS = FIRST + 5
RUNNERS = (
    Faulty(
        "unlisting",
        "register_health_checks returned HealthCheck, not a list",
        _runs("register_health_checks", "HealthCheck('all', 'All', print)"),
        line=RUNS,
    ),
    Faulty(
        "uncallable",
        "register_health_checks returned a HealthCheck with a wrong function",
        _runs("register_health_checks", "[HealthCheck('all', 'All', 'well')]"),
        line=RUNS,
    ),
    Faulty(
        "outchecking",
        "the health check 'mood.all' is outside its own name",
        _runs("register_health_checks", "[HealthCheck('mood.all', 'All', print)]"),
        line=RUNS,
    ),
    Faulty(
        "backup",
        "`vestibule backup` is a command of Vestibule's own",
        _runs("register_commands", "[Command('all', 'All of it', print)]"),
        line=RUNS,
    ),
    Faulty(
        "optioning",
        "has an option that is no click.Option or click.Argument",
        _runs("register_commands", "[Command('all', 'All of it', print, options=('--days',))]"),
        line=RUNS,
    ),
    Faulty(
        "providing",
        "has an option provider or help",
        _runs("register_commands", "[Command('all', 'All', print, '', (click.Option(['--provider']),))]"),
        line=RUNS,
    ),
    Faulty(
        "twocommands",
        "two of Command are named all",
        _runs("register_commands", "[Command('all', 'All of it', print), Command('all', 'Again', print)]"),
        line=RUNS,
    ),
)
