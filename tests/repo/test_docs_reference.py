"""What the documentation lists is what there is: generated parts, sets of names."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
import yaml

import adhere
from adhere.app.codes import PROBLEM_CODES, finding_codes
from adhere.app.commands import every_command, options_of
from adhere.app.documents import read_document
from adhere.checks import BUILT_IN, KINDS
from adhere.licenses.satisfy import CATEGORIES
from adhere.model.finding import Outcome
from adhere.policy.waiver import ClarificationTable, WaiverTable
from adhere.report.layout import PAGES
from generators.reference import DOCS, NOT_USED, current, generated_pages
from repo.handbook import GENERATED, read_page

SOURCE = Path(adhere.__file__).parent
CODES = {*finding_codes(), *(code.id for code in PROBLEM_CODES)}


@pytest.mark.parametrize("page", generated_pages(), ids=lambda page: str(page.relative_to(DOCS)))
def test_generated_parts_are_current(page: Path, request: pytest.FixtureRequest) -> None:
    text = current(page)
    if request.config.getoption("--update-golden"):
        page.write_text(text, "utf-8")
    assert page.read_text("utf-8") == text, "run this test with --update-golden, read the diff"


def test_every_code_has_its_page_and_every_page_its_code() -> None:
    assert _names("codes") == CODES


def test_every_kind_has_its_page_and_every_page_its_kind() -> None:
    assert _names("checks") == set(BUILT_IN)


def _names(section: str) -> set[str]:
    return {page.stem for page in (DOCS / section).glob("*.md")} - {"index"}


@pytest.mark.parametrize("code", sorted(CODES))
def test_page_of_a_code_shows_a_run_that_has_it(code: str) -> None:
    page = read_page(DOCS / "codes" / f"{code}.md")
    shown = "".join(block.text for block in page.blocks if block.language == "console")
    assert f"[{code}]: " in shown
    assert (
        page.front["description"]
        == {
            **{name: found.summary for name, found in finding_codes().items()},
            **{found.id: found.summary for found in PROBLEM_CODES},
        }[code]
    )


@pytest.mark.parametrize("kind", sorted(BUILT_IN))
def test_page_of_a_kind_shows_an_example_and_one_of_its_findings(kind: str) -> None:
    page = read_page(DOCS / "checks" / f"{kind}.md")
    assert any(f'check = "{kind}"' in block.text for block in page.blocks)
    assert any(re.search(r"^\w+\[[a-z-]+\]: ", b.text, re.MULTILINE) for b in page.blocks)
    outcomes = re.findall(r"^- `(\w+)`: ", _section(page.text, "Outcomes"), re.MULTILINE)
    pairs: tuple[set[str], ...] = ({"pass", "fail"}, {"manual_ok", "manual_due"})
    assert any(pair <= set(outcomes) for pair in pairs)
    assert set(outcomes) <= set(Outcome.__args__)  # type: ignore[attr-defined]  # a Literal


@pytest.mark.parametrize("kind", sorted(BUILT_IN))
def test_page_of_a_kind_lists_its_codes(kind: str) -> None:
    listed = _section(read_page(DOCS / "checks" / f"{kind}.md").text, "Codes").split("\n- ")[1:]
    wanted = [
        f"[{code.id}](../codes/{code.id}.md): {code.summary[:1].lower()}{code.summary[1:]}"
        for code in KINDS[kind].codes
    ]
    assert [" ".join(line.split()) for line in listed] == wanted


def test_categories_of_licenses_are_those_that_a_list_may_name() -> None:
    text = " ".join(read_page(DOCS / "checks" / "licenses.allowed.md").text.split())
    listed = text.partition("`category:NAME` with one of ")[2].partition(". ")[0]
    assert sorted(re.findall(r"`([a-z-]+)`", listed)) == sorted(CATEGORIES)


@pytest.mark.parametrize("section", ["codes", "checks"])
def test_pages_for_the_terminal_have_no_markup_that_only_a_browser_shows(section: str) -> None:
    for page in (DOCS / section).glob("*.md"):
        if page.stem == "index":
            continue
        text = read_document(section, page.stem)
        assert text is not None, "adhere explain does not find it"
        assert text.startswith(f"# {page.stem}\n")
        for line in read_page(page).prose.splitlines():
            assert "<" not in re.sub(r"`[^`]*`", "", line), f"{page.name}: {line}"
            assert not line.startswith(("!!!", "???", "![", "|", ":::")), f"{page.name}: {line}"


def test_every_problem_that_the_program_can_have_is_listed() -> None:
    used: set[str] = set()
    for path in SOURCE.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(call, ast.Call) and _called(call) in ("Problem", "problem"):
                used.update(_literals(call))
    assert used - CODES == set(), "a problem whose code is not in app/codes.py"


def _called(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def _literals(call: ast.Call) -> list[str]:
    first = call.args[:1]
    return [a.value for a in first if isinstance(a, ast.Constant) and isinstance(a.value, str)]


def test_every_variable_that_the_program_reads_is_documented() -> None:
    used = {
        option.env for command in every_command() for option in options_of(command) if option.env
    }
    for path in SOURCE.rglob("*.py"):
        text = path.read_text("utf-8")
        used.update(re.findall(r"""environ(?:\.get\(|\[)["']([A-Z_]+)""", text))
    page = (DOCS / "reference" / "environment.md").read_text("utf-8")
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", page, re.MULTILINE)) == used


def test_keys_that_are_said_to_have_no_effect_have_none() -> None:
    text = "".join(p.read_text("utf-8") for p in SOURCE.rglob("*.py") if p.stem != "settings")
    used = [key for key in NOT_USED if re.search(rf"config\.{re.escape(key)}\b", text)]
    assert not used, "NOT_USED of generators/reference.py names a key that is used by now"


def test_every_key_of_a_waiver_is_explained() -> None:
    page = (DOCS / "reference" / "waivers.md").read_text("utf-8")
    for heading, table in (("Waivers", WaiverTable), ("Clarifications", ClarificationTable)):
        rows = re.findall(r"^\| `(\w+)` \|", _section(page, heading), re.MULTILINE)
        assert sorted(rows) == sorted(table.__struct_fields__)


def test_every_outcome_is_explained() -> None:
    page = (DOCS / "reference" / "outcomes.md").read_text("utf-8")
    rows = re.findall(r"^\| `(\w+)` \|", _section(page, "Outcomes of a rule"), re.MULTILINE)
    assert sorted(rows) == sorted(Outcome.__args__)  # type: ignore[attr-defined]  # a Literal


def _section(text: str, heading: str) -> str:
    return text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def test_every_page_is_reachable() -> None:
    config = yaml.safe_load((DOCS.parent / "mkdocs.yml").read_text("utf-8"))
    named = set(re.findall(r"[\w./-]+\.md", str(config["nav"])))
    missing = {name for name in named if not (DOCS / name).is_file()}
    assert not missing, "mkdocs.yml names pages that are not there"
    left_out = tuple(line.strip("/*.md") for line in config["not_in_nav"].split())
    for page in DOCS.rglob("*.md"):
        name = page.relative_to(DOCS).as_posix()
        if name.startswith(GENERATED):
            continue  # the hook of the site adds them
        assert name in named or name.startswith(left_out), f"{name} is not in the navigation"


def test_every_option_of_the_mkdocs_plugin_is_explained() -> None:
    from adhere.surfaces.mkdocs.options import AdhereOptions

    text = (DOCS / "reference" / "mkdocs.md").read_text("utf-8")
    assert re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE) == [
        n for n, _ in AdhereOptions._schema
    ]
    for page in PAGES:
        assert f"`{page}`" in text


def test_every_option_directive_and_role_of_the_sphinx_extension_is_explained() -> None:
    from adhere.surfaces.sphinx.directives import DIRECTIVES
    from adhere.surfaces.sphinx.domain import AdhereDomain
    from adhere.surfaces.sphinx.options import CHOICES, DEFAULTS, FLAGS, TEXTS

    text = (DOCS / "reference" / "sphinx.md").read_text("utf-8")
    options = {*CHOICES, *DEFAULTS, "adhere_pages"}
    options |= {f"adhere_{name}" for name in (*TEXTS, *FLAGS)}
    assert set(re.findall(r"^\| `(adhere_\w+)` \|", text, re.MULTILINE)) == options
    for page in PAGES:
        assert f"`{page}`" in text
    assert set(re.findall(r"^\| `(adhere-\w+)`(?: ID)? \|", text, re.MULTILINE)) >= {*DIRECTIVES}
    for name in AdhereDomain.roles:
        assert f"`adhere:{name}`" in text
    for name, directive in DIRECTIVES.items():
        for option in directive.option_spec or ():
            row = next(line for line in text.splitlines() if line.startswith(f"| `{name}`"))
            assert f":{option}:" in row
