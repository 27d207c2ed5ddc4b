"""Fill a template of the package: a page that escapes what it shows, loads nothing and runs only its own script."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined


def render(template: str, *, styles: Sequence[str], script: str | None = None, **values: Any) -> str:
    """Return a page from a template, with style sheets and perhaps a script of the package in it.

    The template gets `style` and `script` as text, and in `allowed` the sources that its security policy may name.
    """
    loader = PackageLoader("framing")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    style = "".join(loader.get_source(environment, name)[0] for name in styles)
    code = loader.get_source(environment, script)[0] if script else ""
    allowed = {"style": _digest(style), "script": _digest(code)}
    return environment.get_template(template).render(style=style, script=code, allowed=allowed, **values)


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
