"""The options of a ``conf.py``: what each may be, and what is said of one that may not."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError

from adhere.app.ground import Wanted
from adhere.policy.decode import nearest, quoted
from adhere.policy.quantity import Duration
from adhere.report.layout import PAGES, Layout, wrong_folder

AFTER = "after:"
"""How ``adhere_nav`` names the entry of a toctree behind which the pages come."""

CHOICES = {
    "adhere_on_missing": ("warn", "error", "skip", "placeholder"),
    "adhere_charts": ("svg", "none"),
    "adhere_markup": ("auto", "rst", "md"),
    "adhere_nav": ("auto", "off", f"{AFTER}NAME"),
    "adhere_search": ("content", "summary", "off"),
}
"""Options that are one of some words; the first is what holds where nothing is said."""

DEFAULTS = {"adhere_path": Layout().path, "adhere_nav_title": "Compliance"}
TEXTS = ("report", "history", "adr_dir", "templates", "max_age")
FLAGS = {"enabled": True, "annotate_adrs": True, "require_commit_match": False, "sort_js": True}


def add_options(app: Sphinx) -> None:
    """Name them, with what holds where nothing is said."""
    for name, words in CHOICES.items():
        app.add_config_value(name, words[0], "env", (str,))
    for name in TEXTS:
        app.add_config_value(f"adhere_{name}", "", "env", (str,))
    for name, default in FLAGS.items():
        app.add_config_value(f"adhere_{name}", default, "env", (bool,))
    for name, text in DEFAULTS.items():
        app.add_config_value(name, text, "env", (str,))
    app.add_config_value("adhere_pages", list(PAGES), "env", (list, tuple))


def check_options(app: Sphinx, config: Config) -> None:
    """Refuse what no build can heed.

    Raises:
        ConfigError: an option is wrong.
    """
    for name, words in CHOICES.items():
        _one_of(name, _general(config[name]), words)
    if config.adhere_nav == f"{AFTER}NAME":
        raise ConfigError("adhere: `adhere_nav`: put the name of a document in place of NAME")
    for page in config.adhere_pages:
        _one_of("adhere_pages", page, tuple(PAGES))
    wrong = wrong_folder(config.adhere_path.strip("/"))
    if wrong:
        raise ConfigError(f"adhere: `adhere_path`: `{config.adhere_path}` {wrong}")
    try:
        _ = _age(config)
    except ValueError as error:
        raise ConfigError(
            f"adhere: `adhere_max_age`: {config.adhere_max_age!r} is {error}"
        ) from None
    for name in ("adhere_adr_dir", "adhere_templates"):
        if config[name] and not os.path.isdir(os.path.join(app.confdir, config[name])):
            raise ConfigError(f"adhere: `{name}` names the folder `{config[name]}`: there is none")


def _general(value: object) -> object:
    """A word; that of any entry of a toctree for one that names an entry."""
    named = isinstance(value, str) and value.startswith(AFTER) and value[len(AFTER) :].strip(" /")
    return f"{AFTER}NAME" if named else value


def _one_of(name: str, value: object, words: Sequence[str]) -> None:
    if value not in words:
        hint = nearest(str(value), words) or f"there is {quoted(words)}"
        raise ConfigError(f"adhere: `{name}`: there is no `{value}`; {hint}")


def _age(config: Config) -> Duration | None:
    if not config.adhere_max_age:
        return None
    found = Duration(config.adhere_max_age)
    _ = found.seconds  # which is where a wrong one is noticed
    return found


def wanted(app: Sphinx) -> Wanted:
    """What the options ask for."""
    config: Any = app.config

    def path(named: str) -> str:
        return os.path.normpath(os.path.join(app.confdir, named)) if named else ""

    layout = Layout(
        path=config.adhere_path.strip("/"),
        pages=tuple(config.adhere_pages),
        charts=config.adhere_charts == "svg",
        search=config.adhere_search,
    )
    return Wanted(
        layout=layout,
        docs=str(app.srcdir),
        decisions=path(config.adhere_adr_dir),
        report=path(config.adhere_report) or _said("REPORT"),
        out=os.environ.get("ADHERE_OUT", ""),
        history=path(config.adhere_history),
        templates=path(config.adhere_templates) or os.environ.get("ADHERE_TEMPLATES", ""),
        max_age=_age(config),
        require_commit=config.adhere_require_commit_match,
    )


def _said(option: str) -> str:
    """A path that the environment names."""
    named = os.environ.get(f"ADHERE_{option}", "")
    return os.path.abspath(named) if named else ""
