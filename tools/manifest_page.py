"""The reference page of plugin.toml: its keys, and what is refused at load."""

from __future__ import annotations

from core.hooks import manifest
from core.spec.types import FEATURES

MADE = "<!-- Made by `make reference`; a test compares it with the source. -->"
READ = (
    "The manifest lies in the plugin's package and is read without running anything of it. A key that isn't"
    " in this table is refused."
)
KEYS = {
    "name": "What it is called everywhere: its folder or entry point, endpoints, tables, settings, audit"
    " events. 2 to 30 small letters and digits, a letter first, and no word of the house's own.",
    "title": "What people call it; a line of up to 60 characters.",
    "version": 'Its version, as text: `"1.0"`.',
    "api": "The version of the contract that it was written for.",
    "needs": f"The subscriptions that it needs, all of them: a list of {', '.join(FEATURES)}, or empty.",
    "gates": "The gates that it implements. They count as closed while it is broken or gone.",
    "connectors": "The connectors that it implements. Nothing answers in its place while it is broken or"
    " gone.",
    "required_settings": "Keys of its own settings without which it can't work; it has to declare them.",
}
REFUSED = """## What is refused at load

Each with the file, the line and the mend; `vestibule plugins check FOLDER` says the same without running
anything.

- **Hooks**: one that there isn't, or a misspelt one; a function of a hook's name without `@hookimpl`; other
  arguments than the spec's, `scope` not first, defaults, `*` and `**`; `async` and `yield`; `wrapper`,
  `tryfirst`, `trylast`, `specname`; a gate or connector that the manifest doesn't name, or the other way
  round.
- **Names**: tables, indexes, models, settings, jobs, audit events, endpoints, templates, static files and
  translations outside the plugin's own name; a name or an address that is taken; an address that begins
  with a variable part.
- **Routes** without `who`, or without `of` where a client or member comes.
- **Imports** of anything of ours but `vestibule`, of another plugin, or from above the plugin's own folder.
- **Code** that is no Python, that raises or ends the process while it is imported, or in a declaration.
- **A manifest** that is missing, wrong, or of another version of the API."""


def manifest_page() -> str:
    """docs/reference/manifest.md: every key of plugin.toml."""
    lines = ["| key | must be there | what it is |", "|---|---|---|"]
    lines += [
        f"| `{key}` | {'no' if key in manifest.OPTIONAL else 'yes'} | {KEYS[key]} |"
        for key in manifest.CHECKS
    ]
    table = "\n".join(lines)
    return f"# plugin.toml\n\n{MADE}\n\n{READ}\n\n{table}\n\n{REFUSED}\n"
