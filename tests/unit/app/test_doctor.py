"""Pages that a builder left out, or that are of another report."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from adhere.app.builders import BuilderError, find_builders
from adhere.app.docs import sync
from adhere.app.doctor import Diagnosis, diagnose
from adhere.app.ground import Wanted
from adhere.app.project import Project, find_project
from adhere.app.publish import publish
from adhere.errors import ReportError
from adhere.policy.settings import ConfigTable
from adhere.report.json import encode_report
from corpus.reports import everything

CONFIG = ConfigTable()


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / ".git").mkdir()
    (tmp_path / "docs").mkdir()
    (tmp_path / ".adhere").mkdir()
    (tmp_path / ".adhere" / "report.json").write_bytes(encode_report(everything()))
    return find_project(str(tmp_path), None)


def write(project: Project, path: str, text: str) -> None:
    target = Path(project.path(path))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, "utf-8")


def names(project: Project) -> list[str]:
    found = publish(project, CONFIG, Wanted())
    return [name for name in found.files if name.endswith(".md")]


def built(
    project: Project, site: str = "site", *, without: Iterable[str] = (), urls: bool = False
) -> None:
    """A site as a builder makes it of the pages."""
    found = publish(project, CONFIG, Wanted())
    write(project, f"{site}/index.html", "<p>Home</p>")
    for name in names(project):
        if name in without:
            continue
        stem = name.removesuffix(".md")
        path = f"{stem}/index.html" if urls and not stem.endswith("/index") else f"{stem}.html"
        made = f"Made by adhere 0 from a report with the digest <code>{found.digest}</code>"
        write(project, f"{site}/{path}", f"<p>{made}</p>")


def told(project: Project, **options: str) -> list[str]:
    return lines(diagnose(project, CONFIG, Wanted(), **options))


def lines(found: Diagnosis) -> list[str]:
    assert found.is_well == all(part.state == "ok" for part in found.parts)
    return [f"{part.state} {part.detail}; {part.hint}".removesuffix("; ") for part in found.parts]


@pytest.mark.parametrize("urls", [False, True])
@pytest.mark.parametrize(
    ("file", "text", "site", "name"),
    [
        ("mkdocs.yml", "plugins: [search, adhere]", "site", "MkDocs"),
        ("mkdocs.yml", "plugins:\n  adhere: {nav: off}\nsite_dir: out", "out", "MkDocs"),
        ("properdocs.yml", "plugins: [adhere: {}]\nx: !!python/name:a.b ''", "site", "ProperDocs"),
        ("docs/conf.py", "extensions = ['adhere.sphinx']", "docs/_build/html", "Sphinx"),
        ("docs/conf.py", "extensions = ['adhere.sphinx']", "site", "Sphinx"),
        ("docs/source/conf.py", "extensions = ['adhere.sphinx']", "site", "Sphinx"),
    ],
)
def test_a_site_that_has_them_all(
    project: Project, file: str, text: str, site: str, name: str, urls: bool
) -> None:
    write(project, file, text)
    built(project, site, urls=urls)
    found = told(project)
    assert found[0] == f"ok {name}, by {file}"
    assert found[-1] == f"ok {len(names(project))} pages of {site} are of this report"
    assert len(found) == 3


@pytest.mark.parametrize(
    ("file", "text", "site", "hint"),
    [
        ("mkdocs.yml", "plugins: [search]", "site", "add `- adhere` below `plugins:`"),
        ("zensical.toml", "[project]\nsite_dir = 'public'", "public", "adhere docs sync docs"),
        ("docs/conf.py", "extensions = ['x']", "docs/_build/html", 'add "adhere.sphinx" to'),
        ("docusaurus.config.ts", "export default {}", "build", "docs sync docs"),
    ],
)
def test_without_pages_nothing_is_well(
    project: Project, file: str, text: str, site: str, hint: str
) -> None:
    write(project, file, text)
    write(project, f"{site}/index.html", "<p>Home</p>")
    found = told(project)
    assert "names nothing of adhere's, and no pages are in docs" in found[1]
    assert hint in found[1]
    assert f"compliance/waivers.md is in no page of {site}" in "\n".join(found)
    sync(project, CONFIG, project.path("docs"))
    built(project, f"{site}/docs" if "docusaurus" in file else site)
    assert told(project)[1:] == [
        "ok adhere docs sync wrote them into docs",
        f"ok {len(names(project))} pages of {site} are of this report",
    ]


@pytest.mark.parametrize(
    ("file", "text", "option"),
    [
        ("mkdocs.yml", "plugins: [adhere: {enabled: false}]", "enabled"),
        (
            "docs/conf.py",
            "extensions = ['adhere.sphinx']\nadhere_enabled = False",
            "adhere_enabled",
        ),
    ],
)
def test_pages_that_are_switched_off_are_not_there(
    project: Project, file: str, text: str, option: str
) -> None:
    write(project, file, text)
    found = told(project)[1]
    assert found.startswith(f"broken {file} switches them off, by `{option}`")
    assert "take that out, or run adhere docs sync docs before the build" in found
    sync(project, CONFIG, project.path("docs"))
    assert told(project)[1] == "ok adhere docs sync wrote them into docs"


def test_a_builder_that_leaves_the_plugin_out_is_known_by_its_site(project: Project) -> None:
    write(project, "mkdocs.yml", "plugins: [adhere]")
    write(project, "site/index.html", '<meta name="generator" content="zensical-0.1.2">')
    found = told(project)
    assert found[0] == "ok Zensical, by mkdocs.yml"
    assert "names the plugin, and Zensical leaves it out without a word" in found[1]
    assert len([line for line in found if "is in no page of site" in line]) == len(names(project))


def test_pages_of_another_report_and_of_nobody(project: Project) -> None:
    write(project, "mkdocs.yml", "plugins: [adhere]")
    built(project, without=["compliance/history.md"])
    made = f"Made by adhere 0 from a report with the digest <code>sha256:{'1' * 64}</code>"
    write(project, "site/compliance/index.html", made)
    write(project, "site/compliance/waivers.html", "<p>mine</p>")
    said = "\n".join(told(project))
    assert "broken compliance/index.html is of another report; make the pages" in said
    assert "broken compliance/waivers.html does not say which report it is of" in said
    assert "broken compliance/history.md is in no page of site" in said
    assert f"ok {len(names(project)) - 3} pages of site" in said


def test_pages_that_are_not_wanted_are_not_missed(project: Project) -> None:
    write(project, "mkdocs.yml", "plugins: [adhere: {pages: [waivers], path: compliance}]")
    built(project, without={*names(project)} - {"compliance/index.md", "compliance/waivers.md"})
    assert told(project)[-1] == "ok 2 pages of site are of this report"


def test_options_of_sphinx_are_heeded_where_they_can_be_read(project: Project) -> None:
    conf = "import os\nextensions = ['adhere.sphinx']\n"
    write(project, "docs/conf.py", f"{conf}adhere_path = 'a/b/'\nadhere_pages = ['waivers']\n")
    (found,) = find_builders(project)
    assert (found.layout.path, found.layout.pages) == ("a/b", ("waivers",))
    write(project, "docs/conf.py", f"{conf}adhere_report = '../x.json'\nadhere_path = os.sep\n")
    (found,) = find_builders(project)
    assert (found.report, found.layout.path) == (project.path("x.json"), "compliance")
    write(project, "docs/conf.py", f"{conf}adhere_pages = []\n")
    write(project, "docs/_build/html/index.html", "<p>Home</p>")
    assert told(project) == ["ok Sphinx, by docs/conf.py", "ok by the extension"]


def test_a_site_elsewhere_and_no_site(project: Project) -> None:
    write(project, "mkdocs.yml", "INHERIT: base.yml")
    write(project, "base.yml", "plugins: [adhere]")
    assert told(project)[-1] == (
        "broken there is no site at site; build it, or name its folder with --site"
    )
    built(project, "elsewhere/1.0")
    assert told(project, site=project.path("elsewhere"))[-1].startswith("ok")


def test_no_builder_and_no_report(project: Project) -> None:
    assert told(project)[0].startswith("broken no configuration of MkDocs")
    write(project, "conf.py", "anything = 1")
    assert not find_builders(project)
    write(project, "mkdocs.yml", "site_name: x")
    Path(project.path(".adhere/report.json")).unlink()
    with pytest.raises(ReportError, match="there is no report yet"):
        told(project)


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("mkdocs.yml", "a: [", r"mkdocs.yml:1:\d+: not valid YAML"),
        ("zensical.toml", "a = ", "zensical.toml: not valid TOML"),
        ("docs/conf.py", "a = (", "docs/conf.py: no Python"),
    ],
)
def test_a_configuration_that_cannot_be_read_is_an_error(
    project: Project, file: str, text: str, words: str
) -> None:
    write(project, file, text)
    with pytest.raises(BuilderError, match=words):
        told(project)
