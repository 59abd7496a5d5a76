"""Templates: which is taken, how they escape, and what is said of a wrong one."""

from __future__ import annotations

from pathlib import Path

import pytest

from adhere.errors import TemplateError
from adhere.report.make_view import make_view
from adhere.report.pages import HTML_PAGES, MARKDOWN_PAGES
from adhere.report.render import Renderer, built_in_folder
from adhere.report.vocabulary import vocabulary
from corpus.past import past
from corpus.reports import everything

OVERVIEW = "markdown/overview.md.j2"
EXTENDS = '{% extends "adhere/markdown/overview.md.j2" %}\n'
VIEW = make_view(everything(), past=past())
CONTEXT = {"view": VIEW, "vocabulary": vocabulary(), "release": VIEW.releases[0]}


def wrote(folder: Path, name: str, text: str | bytes) -> Renderer:
    path = folder / "mine" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return Renderer([str(folder / "mine")])


def test_one_block_is_changed_and_the_rest_stays(tmp_path: Path) -> None:
    text = EXTENDS + "{% block title %}\n# Ours\n{% endblock %}\n"
    page = wrote(tmp_path, OVERVIEW, text).render(OVERVIEW, **CONTEXT)
    ours = Renderer().render(OVERVIEW, **CONTEXT)
    assert page == ours.replace("\n# Compliance\n", "\n# Ours\n", 1)
    assert page != ours


@pytest.mark.parametrize(
    "name",
    [
        *MARKDOWN_PAGES.values(),
        *(f"html/{name}.j2" for name in HTML_PAGES),
        "html/released.html.j2",
        "markdown/released.md.j2",
        "markdown/report.md.j2",
    ],
)
def test_every_page_can_be_extended_by_one_of_the_same_name(name: str, tmp_path: Path) -> None:
    mine = wrote(tmp_path, name, f'{{% extends "adhere/{name}" %}}\n')
    context = {**CONTEXT, "page": "index.html", "pages": tuple(HTML_PAGES.items())}
    assert mine.render(name, **context) == Renderer().render(name, **context)


def test_a_block_of_ours_may_use_our_macros(tmp_path: Path) -> None:
    text = EXTENDS + '{% block gates %}{{ m.code("a|b") }}{% endblock %}'
    page = wrote(tmp_path, OVERVIEW, text).render(OVERVIEW, **CONTEXT)
    assert "a&#124;b</code>" in page


def test_the_first_folder_wins(tmp_path: Path) -> None:
    wrote(tmp_path / "one", "adhere.css", "one {}")
    wrote(tmp_path / "two", "adhere.css", "two {}")
    folders = [str(tmp_path / name / "mine") for name in ("one", "two")]
    assert Renderer(folders).static("adhere.css") == b"one {}"
    assert dict(Renderer(folders).names())["adhere.css"] == folders[0]
    assert dict(Renderer(folders).names())[OVERVIEW] == ""


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("page.html.j2", "&lt;b&gt;{{ 1 }}&amp;"),
        ("page.md.j2", "&#60;b&#62;&#123;&#123; 1 &#125;&#125;&#38;"),
    ],
)
@pytest.mark.parametrize(
    "text",
    [
        "{{ words }}",
        "{{ words|prose }}",
        "{{ [words]|join }}",
        "{{ words ~ '' }}",
        "{% set x = words %}{{ x }}",
        "{% macro m(x) %}{{ x }}{% endmacro %}{{ m(words) }}",
        "{% filter lower %}{{ words }}{% endfilter %}",
        "{{ words|default('x') }}",
        "{{ '%s'|format(words) }}",
    ],
)
def test_every_value_is_escaped_for_its_format(
    name: str, shown: str, text: str, tmp_path: Path
) -> None:
    assert wrote(tmp_path, name, text).render(name, words="<b>{{ 1 }}&") == shown


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (
            EXTENDS + "{% block rules %}\n{{ view.nope }}\n{% endblock %}",
            3,
            "no `nope` in a ReportView",
        ),
        ("a\n{{ nope }}", 2, "'nope' is undefined"),
        ("a\n{% if nope %}{% endif %}", 2, "'nope' is undefined"),
        ("a\n{% block x %}", 2, "Unexpected end of template"),
        ("a\n\n{{ 1 / 0 }}", 3, "division by zero"),
        ("a\n{{ view|nope }}", 2, "No filter named 'nope'"),
        ('a\n{% include "nope.md.j2" %}', 2, "there is no template `nope.md.j2`"),
        ('{% extends "adhere/nope.md.j2" %}', 1, "there is no template `adhere/nope.md.j2`"),
        (f'a\n{{% include "{OVERVIEW}" %}}', 2, "recursion"),
        ("a\n{{ ''.__class__.__mro__ }}", 2, "a template only words what it sees"),
        ("a\n{{ view.__init__.__globals__ }}", 2, "a template only words what it sees"),
        (b"a\xff", 0, "it is not UTF-8"),
    ],
)
def test_a_mistake_names_file_and_line_of_the_users_template(
    text: str | bytes, line: int, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(TemplateError) as caught:
        wrote(tmp_path, OVERVIEW, text).render(OVERVIEW, **CONTEXT)
    (problem,) = caught.value.problems
    assert problem.code == "template-invalid"
    assert (problem.path, problem.line) == (f"mine/{OVERVIEW}", line)
    assert words in problem.message
    if line and isinstance(text, str):
        assert problem.excerpt == text.splitlines()[line - 1]


def test_a_mistake_that_shows_in_ours_does_not_name_our_folder(tmp_path: Path) -> None:
    mine = wrote(tmp_path, "markdown/_macros.md.j2", "{% macro state(s) %}{% endmacro %}")
    with pytest.raises(TemplateError) as caught:
        mine.render(OVERVIEW, **CONTEXT)
    assert caught.value.problems[0].path == f"adhere/{OVERVIEW}"


@pytest.mark.parametrize("name", ["nope.md.j2", "../secret.md.j2", "/etc/passwd"])
def test_only_templates_can_be_read(name: str) -> None:
    with pytest.raises(TemplateError, match="there is no template"):
        Renderer().source(name)
    with pytest.raises(TemplateError):
        Renderer().render(name)


@pytest.mark.checkout
def test_names_are_those_of_the_repository() -> None:
    """Installed from a wheel or from the checkout: the same files, with the same content."""
    root = Path(__file__).parents[3] / "templates"
    ours = {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and path.relative_to(root).parts[0] != "init"
    }
    assert {name for name, _ in Renderer().names()} == set(ours)
    installed = Path(built_in_folder())
    assert {name: (installed / name).read_bytes() for name in ours} == ours
