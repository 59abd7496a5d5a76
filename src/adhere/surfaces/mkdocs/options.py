"""The plugin's options: what each may be, and what is said of one that may not."""

from __future__ import annotations

from collections.abc import Sequence

from mkdocs.config import base
from mkdocs.config import config_options as c

from adhere.policy.decode import nearest, quoted
from adhere.policy.quantity import Duration
from adhere.report.layout import PAGES, wrong_folder

AFTER = "after:"
"""How `nav` names the entry behind which the pages come."""


class OneOf(c.OptionallyRequired[str]):
    """One of some words. YAML reads a bare ``off`` as false, and that is what it means."""

    def __init__(self, choices: Sequence[str], default: str) -> None:
        """Take them; the arguments are those of the option."""
        super().__init__(default=default)
        self.choices = choices

    def run_validation(self, value: object) -> str:
        """The word.

        Raises:
            ValidationError: it is none of them.
        """
        if value is False and "off" in self.choices:
            return "off"
        if isinstance(value, str) and value in self.choices:
            return value
        raise base.ValidationError(_unknown(value, self.choices))


class Navigation(OneOf):
    """``auto``, ``off``, or ``after:`` and the title of an entry."""

    def __init__(self) -> None:
        """No arguments."""
        super().__init__(("auto", "off", "after:TITLE"), "auto")

    def run_validation(self, value: object) -> str:
        """The word, as it was written."""
        if isinstance(value, str) and value.startswith(AFTER) and value[len(AFTER) :].strip():
            return f"{AFTER}{value[len(AFTER) :].strip()}"
        if value == "after:TITLE":
            raise base.ValidationError("put the title of an entry in place of TITLE")
        return super().run_validation(value)


class Folder(c.OptionallyRequired[str]):
    """A folder of the site, relative to its root."""

    def run_validation(self, value: object) -> str:
        """The folder, without slashes around it.

        Raises:
            ValidationError: it is none, or leads out of the site.
        """
        text = value.strip("/") if isinstance(value, str) else ""
        wrong = wrong_folder(text)
        if wrong:
            shown = f"`{value}`" if isinstance(value, str) else repr(value)
            raise base.ValidationError(f"{shown} {wrong}")
        if text.split("/")[0] == "_adhere":
            raise base.ValidationError(
                "`_adhere` is the folder of what pages link to: name another"
            )
        return text


class Pages(c.OptionallyRequired[tuple[str, ...]]):
    """Names of pages."""

    def __init__(self) -> None:
        """No arguments: all pages by default."""
        super().__init__(default=tuple(PAGES))

    def run_validation(self, value: object) -> tuple[str, ...]:
        """The names.

        Raises:
            ValidationError: it is no list of them.
        """
        if not isinstance(value, (list, tuple)) or not value:
            raise base.ValidationError(f"it is a list of pages: {quoted(PAGES)}")
        for name in value:
            if name not in PAGES:
                raise base.ValidationError(_unknown(name, tuple(PAGES)))
        return tuple(value)


class Age(c.Optional[Duration | None]):
    """A length of time, or nothing."""

    def __init__(self) -> None:
        """No arguments: nothing by default."""
        super().__init__(_Length())


class _Length(base.BaseConfigOption[Duration | None]):
    def run_validation(self, value: object) -> Duration | None:
        try:
            duration = Duration(value if isinstance(value, str) else "")
            _ = duration.seconds
        except ValueError as error:
            raise base.ValidationError(f"{value!r} is {error}") from None
        return duration


def _unknown(value: object, choices: Sequence[str]) -> str:
    hint = nearest(str(value), choices) or f"there is {quoted(choices)}"
    return f"there is no `{value}`; {hint}"


class AdhereOptions(base.Config):  # type: ignore[no-untyped-call]  # it is MkDocs that is not typed
    """Everything that can stand below ``adhere:`` in ``plugins``."""

    enabled = c.Type(bool, default=True)
    report = c.Type(str, default="")
    history = c.Type(str, default="")
    path = Folder(default="compliance")
    pages = Pages()
    nav = Navigation()
    nav_title = c.Type(str, default="Compliance")
    adr_dir = c.Type(str, default="")
    annotate_adrs = c.Type(bool, default=True)
    on_missing = OneOf(("warn", "error", "skip", "placeholder"), "warn")
    max_age = Age()
    require_commit_match = c.Type(bool, default=False)
    charts = OneOf(("svg", "none"), "svg")
    sort_js = c.Type(bool, default=True)
    search = OneOf(("content", "summary", "off"), "content")
    templates = c.Type(str, default="")
