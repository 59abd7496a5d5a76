"""Jinja2 templates: where they are looked for, how they escape, what is wrong with one."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from adhere.errors import Problem, TemplateError
from adhere.report.escape import hosted_markdown, markdown, plain
from adhere.report.layout import NOWHERE

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

BUILT_IN = "adhere"
"""Prefix by which a user's template names ours: ``{% extends "adhere/html/base.html.j2" %}``."""

_SUFFIXES = (".md.j2", ".html.j2", ".css", ".js")


def built_in_folder() -> str:
    """Templates that ship with adhere.

    In a wheel they are ``adhere/_templates``. An editable install does not see files that
    are forced into a wheel, so in a checkout they are its ``templates`` folder.
    """
    packaged: Traversable = files("adhere") / "_templates"
    if packaged.is_dir():
        return str(packaged)
    here = os.path.dirname(os.path.abspath(__file__))
    return os.path.normpath(os.path.join(here, "..", "..", "..", "templates"))


class Renderer:
    """Renders templates, a user's before ours.

    Names ending in ``.md.j2`` are Markdown: every value is escaped for Markdown.
    Names ending in ``.html.j2`` are HTML: every value is escaped for HTML.
    """

    def __init__(self, folders: Iterable[str] = ()) -> None:
        """Prepare.

        Args:
            folders: of the user's templates, first match wins.
        """
        self.folders = tuple(folder for folder in folders if folder)
        own = jinja2.FileSystemLoader(built_in_folder())
        loader = jinja2.ChoiceLoader(
            [
                jinja2.FileSystemLoader(list(self.folders)),
                jinja2.PrefixLoader({BUILT_IN: own}),
                own,
            ]
        )
        page = _environment(loader, _plain)
        page.filters["prose"] = lambda words: _prose(words, _html, _html)
        self._page = page
        self._text = _markdown_environment(loader, markdown)
        self._alone = _markdown_environment(loader, hosted_markdown)
        # A template that is rendered alone stands nowhere: it links to no other page.
        self._text.globals["site"] = self._alone.globals["site"] = NOWHERE

    def render(self, name: str, **context: Any) -> str:
        """Render a template.

        Raises:
            TemplateError: it is missing or wrong; the problem names its file and line.
        """
        environment = self._page
        if not name.endswith(".html.j2"):  # what is rendered alone may be posted anywhere
            environment = self._text if "site" in context else self._alone
        try:
            return environment.get_template(name).render(**context)
        except jinja2.TemplateSyntaxError as error:
            raise self._wrong(error.filename or name, error.lineno, str(error.message)) from None
        except Exception as error:  # a template is a user's program: anything may happen in it
            file, line = _place_of(error) or (self._file(name), 0)
            raise self._wrong(file, line, _words(error)) from error

    def static(self, name: str) -> bytes:
        """A file that is copied as it is."""
        for folder in (*self.folders, built_in_folder()):
            path = os.path.join(folder, name)
            if os.path.isfile(path):
                with open(path, "rb") as file:
                    return file.read()
        raise TemplateError(Problem("template-invalid", f"there is no file `{name}`"))

    def names(self) -> Iterator[tuple[str, str]]:
        """Every template and the folder it would be taken from; ``""`` for ours."""
        seen: set[str] = set()
        for folder in (*self.folders, built_in_folder()):
            ours = folder == built_in_folder()
            for name in sorted(_below(folder)):
                if name not in seen:
                    seen.add(name)
                    yield name, "" if ours else folder

    def source(self, name: str) -> str:
        """The text of a template.

        Raises:
            TemplateError: there is none of that name.
        """
        if name not in {known for known, _ in self.names()}:
            message = f"there is no template `{name}`"
            hint = "adhere templates list names them"
            raise TemplateError(Problem("template-invalid", message, hint=hint))
        return self.static(name).decode("utf-8")

    def _file(self, name: str) -> str:
        """Where a template would be read from."""
        for folder in (*self.folders, built_in_folder()):
            path = os.path.join(folder, *name.split("/"))
            if os.path.isfile(path):
                return path
        return name

    def _wrong(self, file: str, line: int, message: str) -> TemplateError:
        own = built_in_folder() + os.sep
        if file.startswith(own):
            shown = f"{BUILT_IN}/{file.removeprefix(own)}".replace(os.sep, "/")
        else:
            shown = os.path.relpath(file) if os.path.isabs(file) else file
        problem = Problem("template-invalid", message, path=shown, line=line)
        if os.path.isfile(file):
            with open(file, encoding="utf-8", errors="replace") as lines:
                problem.excerpt = dict(enumerate(lines.read().splitlines(), 1)).get(line, "")
        return TemplateError(problem)


def _environment(loader: jinja2.BaseLoader, finalize: Any) -> jinja2.Environment:
    # Escaping is on for every name: select_autoescape() looks at the last suffix only and
    # would leave `page.html.j2` unescaped. A template comes with a project that is judged,
    # and words what it sees: it gets at nothing of the interpreter.
    return ImmutableSandboxedEnvironment(
        loader=loader,
        autoescape=True,
        finalize=lambda value: value if isinstance(value, Markup) else finalize(value),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


Safe = Callable[[str], str]
"""Makes words harmless for a format."""


def _markdown_environment(loader: jinja2.BaseLoader, safe: Safe) -> jinja2.Environment:
    def shown(value: object) -> Markup | object:
        if isinstance(value, jinja2.Undefined):
            return value
        return Markup(safe(str(value)))  # noqa: S704 - escaped for Markdown

    def joined(values: Iterable[object], between: str = "") -> Markup:
        parts = [value if isinstance(value, Markup) else safe(str(value)) for value in values]
        return Markup(safe(between).join(parts))  # noqa: S704 - every part is escaped for Markdown

    found = _environment(loader, shown)
    # Filters that mark their result as safe have escaped it for HTML, which is not enough.
    found.filters["join"] = joined
    found.filters["prose"] = lambda words: _prose(words, safe, markdown)
    # Within code nothing is a reference, and what stands there may be copied.
    found.filters["literal"] = lambda words: Markup(markdown(str(words)))  # noqa: S704 - escaped for Markdown
    for name in ("escape", "e", "forceescape", "urlize", "xmlattr", "tojson"):
        found.filters.pop(name, None)
    return found


def _html(text: str) -> str:
    return str(escape(plain(text)))


def _prose(words: str, safe: Safe, within: Safe) -> Markup:
    """A sentence of ours, in which backticks mark names; the names may be a stranger's.

    Args:
        words: the sentence.
        safe: for what is not marked.
        within: for names, which are shown as code.
    """
    parts = words.split("`")
    if len(parts) % 2 == 0:  # a backtick without its partner is one of a stranger's
        return Markup(safe(words))  # noqa: S704 - escaped for its format
    shown = [f"<code>{within(p)}</code>" if i % 2 else safe(p) for i, p in enumerate(parts)]
    return Markup("".join(shown))  # noqa: S704 - every part is escaped for its format


def _words(error: Exception) -> str:
    """What went wrong in a template, in the words of whoever wrote it."""
    if isinstance(error, jinja2.TemplateNotFound):
        return f"there is no template `{error.name}`"
    if isinstance(error, UnicodeDecodeError):
        return f"it is not UTF-8: {error.reason} at byte {error.start}"
    if isinstance(error, jinja2.exceptions.SecurityError):
        return f"a template only words what it sees: {error}"
    missing = re.fullmatch(
        r"'adhere\.report\.\w+\.(\w+) object' has no attribute '(\w+)'", str(error)
    )
    if missing:
        return f"there is no `{missing[2]}` in a {missing[1]}"
    return f"{type(error).__name__}: {error}"


def _plain(value: object) -> object:
    return plain(value) if isinstance(value, str) else value


def _place_of(error: BaseException) -> tuple[str, int] | None:
    """The innermost line of a template in a traceback; Jinja2 rewrites them to be there."""
    import traceback

    frames = [
        f for f in traceback.extract_tb(error.__traceback__) if f.filename.endswith(_SUFFIXES)
    ]
    return (frames[-1].filename, frames[-1].lineno or 0) if frames else None


def _below(folder: str) -> Iterator[str]:
    for base, _, names in os.walk(folder):
        for name in names:
            if name.endswith(_SUFFIXES):
                path = os.path.relpath(os.path.join(base, name), folder)
                yield path.replace(os.sep, "/")
