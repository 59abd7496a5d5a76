"""Makes the generated parts of ``docs/reference`` and ``docs/checks`` from the code.

A part stands between ``<!-- generated: NAME -->`` and ``<!-- end -->``; the parameters of a
check kind, whose page is also read in a terminal, stand under the heading ``## Parameters``.
A test compares, and writes them anew: ``pytest tests/repo/test_docs_reference.py
--update-golden``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from adhere.checks import BUILT_IN, KINDS
from adhere.model.events import EVENTS
from adhere.policy import settings as policy
from adhere.policy.rule import RuleTable
from adhere.policy.waiver import ClarificationTable, WaiverTable
from adhere.report import differences, document, extract, layout, release, view, vocabulary
from adhere.report.render import Renderer
from generators.options import commands, environment
from generators.structs import Field, bullet, fields, table

ROOT = Path(__file__).parents[2]


DOCS = ROOT / "docs"

NOT_USED: tuple[str, ...] = ()
"""Keys that are read and checked, and that nothing uses in this version."""

_PART = re.compile(r"(<!-- generated: ([\w.-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
_PARAMETERS = re.compile(r"(^## Parameters\n\n).*?(?=^## )", re.DOTALL | re.MULTILINE)


def configuration() -> str:
    """Every section of the configuration."""
    parts = ["## Top level", "", *_rows(fields(policy.ConfigTable, scalars=True)), ""]
    for section in fields(policy.ConfigTable, scalars=False):
        about = section.about.partition(": ")[2]
        parts += [f"## `[{section.name}]`", "", f"{about[0].upper()}{about[1:]}", ""]
        parts += [*_rows(_flat(section), _unused(section.name)), ""]
    return "\n".join(parts).rstrip()


def _unused(section: str) -> list[str]:
    return [key.partition(".")[2] for key in NOT_USED if key.startswith(f"{section}.")]


def _flat(section: Field) -> Iterator[Field]:
    """The keys of a section; those of an inline table with its name before them."""
    assert section.struct is not None
    for field in fields(section.struct):
        if field.struct is None:
            yield field
        else:
            for inner in fields(field.struct):
                yield inner.renamed(f"{field.name}.{inner.name}", field.meaning)


def _rows(found: Iterator[Field], unused: Iterable[str] = ()) -> list[str]:
    head = ("Key", "Type", "Default", "Meaning")
    rows = []
    for field in found:
        meaning = field.meaning
        if field.name in unused:
            meaning = f"{meaning} *Not used yet.*".lstrip()
        rows.append((f"`{field.name}`", field.type, field.default, meaning))
    return table(head, rows)


def report() -> str:
    """Every table of ``report.json``."""
    return _tables([document.Report, *_structs(document)])


def comparison() -> str:
    """Every table of what changed from one report to another."""
    return _tables([differences.Diff, *_structs(differences), *_facts()])


def _facts() -> list[type]:
    return [kind for kind in _structs(extract) if kind is not extract.Extract]


def frozen() -> str:
    """Every table of a frozen release; those that it shares with comparisons are linked to."""
    lists = [view.Checklist, view.ChecklistPart, view.ChecklistLine, view.State]
    text = _tables([release.Release, *lists, extract.Extract])
    for kind in _facts():
        anchor = f"(#{kind.__name__.lower()})"
        text = text.replace(anchor, f"(diff.md{anchor[1:-1]})")
    return text


def _tables(types: Iterable[type]) -> str:
    parts: list[str] = []
    for kind in dict.fromkeys(types):
        about = (kind.__doc__ or "").strip()
        parts += [f"### {kind.__name__}", "", about, "", *_rows(fields(kind)), ""]
    return "\n".join(parts).rstrip()


def view_model() -> str:
    """Every value that a template sees."""
    parts: list[str] = []
    for kind in dict.fromkeys(
        [view.ReportView, *_structs(view), vocabulary.Vocabulary, layout.SiteView]
    ):
        about = (kind.__doc__ or "").strip()
        rows = [(f"`{f.name}`", f.type) for f in fields(kind)]
        parts += [f"### {kind.__name__}", "", about, "", *table(("Name", "Type"), rows), ""]
    return "\n".join(parts).rstrip()


def _structs(module: object) -> list[type]:
    from msgspec import Struct

    name = getattr(module, "__name__", "")
    return [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, Struct)
        and value.__module__ == name
        and not value.__name__.startswith("_")
    ]


def templates() -> str:
    """Every built-in template and the blocks it has."""
    renderer = Renderer()
    rows = []
    for name, _ in renderer.names():
        blocks = re.findall(r"{% block (\w+) %}", renderer.source(name))
        rows.append((f"`{name}`", ", ".join(f"`{block}`" for block in blocks)))
    return "\n".join(table(("Template", "Blocks"), rows))


def parameters(kind: str) -> str:
    """The parameters of a check kind, as a list that reads well in a terminal."""
    params = KINDS[kind].params
    found = list(fields(params))
    if not found:
        return "It takes none.\n\n"
    lines: list[str] = []
    for field in found:
        lines += bullet(field)
        for inner in field.inner():
            lines += bullet(inner, indent="  ")
    return "\n".join(lines) + "\n\n"


def kinds() -> str:
    """Every check kind in one table."""
    rows = [
        (f"[`{name}`]({name}.md)", KINDS[name].summary, _codes(name)) for name in sorted(BUILT_IN)
    ]
    return "\n".join(table(("Kind", "Judges whether", "Codes"), rows))


def _codes(kind: str) -> str:
    return ", ".join(f"[{code.id}](../codes/{code.id}.md)" for code in KINDS[kind].codes)


def finding_codes() -> str:
    """Every code of a finding."""
    from adhere.app.codes import finding_codes as known

    by_code = {
        code.id: name for name in sorted(BUILT_IN, reverse=True) for code in KINDS[name].codes
    }
    rows = [
        (f"[{name}]({name}.md)", code.summary, _kind_link(by_code.get(name, "")))
        for name, code in known().items()
    ]
    return "\n".join(table(("Code", "Means", "Found by"), rows))


def _kind_link(kind: str) -> str:
    return f"[`{kind}`](../checks/{kind}.md)" if kind else "every run that has waivers"


def problem_codes() -> str:
    """Every code of a problem with a file or command line."""
    from adhere.app.codes import PROBLEM_CODES

    rows = [(f"[{code.id}]({code.id}.md)", code.summary) for code in PROBLEM_CODES]
    return "\n".join(table(("Code", "Means"), rows))


def log_events() -> str:
    """Every event of the log, with its fields."""
    parts: list[str] = []
    for name, event in sorted(EVENTS.items()):
        advice = f" What to do: {event.advice}." if event.advice else ""
        parts += [f"### {name}", "", f"{event.means} Level `{event.severity}`.{advice}", ""]
        parts += ["| Field | Holds |", "| --- | --- |"]
        parts += [f"| `{field}` | {holds} |" for field, holds in event.fields.items()]
        parts.append("")
    return "\n".join(parts).rstrip("\n")


PARTS: Mapping[str, Callable[[], str]] = {
    "commands": commands,
    "environment": environment,
    "log-events": log_events,
    "configuration": configuration,
    "rule": lambda: "\n".join(_rows(fields(RuleTable))),
    "waiver": lambda: "\n".join(_rows(fields(WaiverTable))),
    "clarification": lambda: "\n".join(_rows(fields(ClarificationTable))),
    "report": report,
    "diff": comparison,
    "release": frozen,
    "view": view_model,
    "templates": templates,
    "kinds": kinds,
    "finding-codes": finding_codes,
    "problem-codes": problem_codes,
}


def current(path: Path) -> str:
    """What a page should read now."""
    text = path.read_text("utf-8")
    text = _PART.sub(lambda m: f"{m[1]}\n{PARTS[m[2]]()}\n\n{m[3]}", text)
    if path.parent.name == "checks" and path.stem in BUILT_IN:
        text = _PARAMETERS.sub(lambda m: m[1] + parameters(path.stem), text)
    return text


def generated_pages() -> list[Path]:
    """Every page that has a generated part."""
    return sorted((*DOCS.glob("reference/*.md"), *DOCS.glob("c*s/*.md")))
