"""What directives show, each of a report that is there; pages are put together from them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from docutils import nodes

from adhere.report.view import (
    AdrRow,
    Checklist,
    Fact,
    FindingRow,
    GateRow,
    MetricRow,
    PackageRow,
    ReportView,
    RuleRow,
    WaiverRow,
)
from adhere.surfaces.sphinx.markup import (
    Part,
    Row,
    bullets,
    chart,
    code,
    file_link,
    heading,
    paragraph,
    prose,
    small,
    stack,
    state,
    strong,
    table,
    words,
)
from adhere.surfaces.sphinx.sheet import Sheet


def gates(rows: Sequence[GateRow]) -> nodes.Node:
    """What the results decide."""
    cells: list[Row] = [
        [
            row.id,
            state(row.state),
            [bullets(prose(clause) for clause in row.because)]
            if row.because
            else "nothing stands against it",
        ]
        for row in rows
    ]
    heads = [("Gate", 15), ("State", 20), ("Because", 65)]
    return table("What the results decide", heads, cells, wide=False)


def found_by(rule: RuleRow) -> list[nodes.Node]:
    """What a rule found, as a sentence."""
    between = [words("; ")] if rule.observed and rule.message else []
    return [*prose(rule.observed), *between, *prose(rule.message)]


def rules(sheet: Sheet, rows: Iterable[RuleRow], caption: str) -> nodes.Node:
    """Rules, the worst first."""
    cells: list[Row] = []
    for rule in rows:
        title = [*sheet.target("rule", rule.id, rule.anchor), words(rule.title)]
        below = [small(code(rule.id)), *([small(rule.decision)] if rule.decision else [])]
        what = [paragraph(*found_by(rule))]
        if rule.fix:
            what.append(small(strong("What to do:"), " ", *prose(rule.fix)))
        named = [paragraph(*title), *below]
        cells.append([state(rule.state), named, what, prose(rule.expected)])
    heads = [("State", 15), ("Rule", 30), ("What is", 30), ("What should be", 25)]
    return table(caption, heads, cells, first=1)


def rule_facts(sheet: Sheet, rule: RuleRow) -> nodes.Node:
    """All that is known of one rule."""
    target = sheet.target("rule", rule.id, rule.anchor)
    cells: list[Row] = [
        ["State", [*target, state(rule.state)]],
        ["Rule", [code(rule.id), words(f", a rule of level {rule.level}")]],
        ["Check", code(rule.check)],
        ["What is", found_by(rule)],
        ["What should be", prose(rule.expected)],
        ["Why", prose(rule.why)],
        ["What to do", prose(rule.fix)],
        ["Decision", rule.decision],
        ["Written in", code(rule.place) if rule.place else ""],
    ]
    heads = [("What", 25), ("Value", 75)]
    return table(rule.title, heads, [row for row in cells if row[1]], wide=False)


def matrix(sheet: Sheet, rows: Iterable[AdrRow]) -> nodes.Node:
    """Decisions and what became of their rules."""
    cells: list[Row] = []
    for adr in rows:
        counted = ", ".join(f"{fact.value} {fact.name}" for fact in adr.outcomes) or "none"
        named = sheet.reference("adr", adr.id, words(adr.title))
        cells.append(
            [
                state(adr.state),
                stack(named, code(adr.id)),
                stack(adr.status, adr.enforcement),
                counted,
                adr.date,
            ]
        )
    heads = [("State", 15), ("Decision", 40), ("Status", 15), ("Rules", 20), ("Date", 10)]
    caption = "Decisions and what became of their rules, worst first"
    return table(caption, heads, cells, first=1)


def decision(sheet: Sheet, adr: AdrRow, *more: Part) -> list[nodes.Node]:
    """A decision: its state, and what became of its rules.

    Args:
        sheet: of the document.
        adr: the decision.
        more: for the line about its state.
    """
    date = f" · {adr.date}" if adr.date else ""
    target = sheet.target("adr", adr.id, f"adr-{adr.anchor}")
    held = f" · {adr.status}, {adr.enforcement}{date}"
    line = paragraph(*target, state(adr.state), held, *more)
    if not adr.rules:
        why = ", so nobody knows whether it is kept" if adr.prose_only else ""
        return [line, paragraph(f"No rule holds this decision{why}.")]
    return [line, rules(sheet, adr.rules, f"What became of the rules of {adr.id}")]


def waivers(rows: Sequence[WaiverRow]) -> nodes.Node:
    """Waivers and clarifications."""
    if not rows:
        return paragraph("There is no waiver and no clarification.")
    cells: list[Row] = [
        [
            state(row.state),
            stack(row.id, row.kind),
            stack(row.subject, row.advisory, code(row.rule) if row.rule else ""),
            stack(row.reason, row.note, row.ticket),
            stack(row.owner, row.approved_by),
            stack(row.expires or "never", row.left),
            str(row.covers),
        ]
        for row in rows
    ]
    names = ("State", "Id", "Subject", "Reason", "Owner, approver", "Ends", "Covers")
    heads = list(zip(names, (12, 12, 22, 20, 14, 12, 8), strict=True))
    return table("Waivers and clarifications", heads, cells, first=1)


def packages(rows: Iterable[PackageRow], caption: str) -> nodes.Node:
    """Packages, their licenses and why they are here."""
    cells: list[Row] = [
        [
            stack(row.name, row.direct if row.direct != "transitive" else ""),
            row.version,
            [state(row.state), words(f": {row.license}")]
            if row.state.tone != "good"
            else row.license,
            row.groups,
            row.path or "nothing that is known asks for it",
            row.origin,
        ]
        for row in rows
    ]
    names = ("Package", "Version", "License", "Groups", "Why it is here", "Origin")
    heads = list(zip(names, (20, 10, 22, 12, 24, 12), strict=True))
    return table(caption, heads, cells)


def flaws(view: ReportView) -> list[nodes.Node]:
    """Known vulnerabilities, and how many are not told."""
    found: list[nodes.Node] = []
    if view.flaws_withheld:
        found.append(paragraph(f"{view.flaws_withheld}."))
    if not view.flaws:
        return found
    cells: list[Row] = [
        [
            row.package,
            row.version,
            stack(row.id, row.aliases),
            row.severity,
            row.fixed_in,
            row.published,
            row.first_seen,
            [words(f"{row.due}: "), state(row.left)],
        ]
        for row in view.flaws
    ]
    names = ("Package", "Version", "Vulnerability", "Severity", "Fixed in", "Published")
    heads = list(zip((*names, "First seen", "Due"), (14, 9, 21, 11, 10, 11, 11, 13), strict=True))
    caption = "Known vulnerabilities, the nearest deadline first, then the worst"
    found.append(table(caption, heads, cells))
    if view.flaws_more:
        found.append(paragraph(f"And {view.flaws_more} more; all of them are in the report."))
    return found


def budgets(rows: Iterable[MetricRow], *, charts: bool) -> nodes.Node:
    """What runs measured, held to its budget: a table, and charts where they can be shown."""
    cells: list[Row] = []
    for row in rows:
        at: list[Part] = [" at ", code(row.commit)] if row.commit else []
        cells.append(
            [
                stack(row.metric, row.title or row.rule),
                [*(chart(row) if charts else []), small(*prose(row.group))],
                [paragraph(state(row.state)), *stack(row.value, *row.remarks)],
                row.budget,
                [
                    paragraph(f"latest {row.last}, median {row.p50}, p95 {row.p95}"),
                    small(f"{row.runs} runs, the latest on {row.latest}", *at),
                ],
            ]
        )
    names = ("Metric", "Runs", "Measured", "Budget", "Values")
    heads = list(zip(names, (18, 24, 20, 14, 24), strict=True))
    return table("Budgets", heads, cells)


def evidence(rows: Iterable[RuleRow]) -> list[nodes.Node]:
    """What outcomes rest on; nothing where it is nothing."""
    cells: list[Row] = [
        [code(rule.id), code(path), code(digest), producer]
        for rule in rows
        for path, digest, producer in rule.evidence
    ]
    heads = [("Rule", 22), ("Evidence", 24), ("Digest", 40), ("Producer", 14)]
    return [table("What the outcomes rest on", heads, cells)] if cells else []


def inputs(view: ReportView) -> nodes.Node:
    """What the verdict depends on."""
    cells: list[Row] = [
        [code(a), kind, code(digest), note] for a, kind, digest, note in view.inputs
    ]
    heads = [("Input", 24), ("Kind", 14), ("Digest", 40), ("Remarks", 22)]
    return table("What the verdict depends on", heads, cells)


def checklist(shown: Checklist) -> list[nodes.Node]:
    """What has to be so before a release: a table for each kind of line."""
    found: list[nodes.Node] = [paragraph(strong(shown.verdict), " ", *prose(shown.about), ".")]
    for part in shown.parts:
        cells: list[Row] = [
            [_DONE[line.done], state(line.state), prose(line.text)] for line in part.lines
        ]
        if part.more:
            cells.append(["", "", f"and {part.more} more, which the report has"])
        heads = [("Done", 10), ("State", 20), ("What", 70)]
        found.append(table(part.title, heads, cells, first=1))
    return found


_DONE = {True: "done", False: "open", None: ""}


def findings(sheet: Sheet, rows: Iterable[FindingRow]) -> list[nodes.Node]:
    """Findings under headings, by rule and level."""
    found: list[nodes.Node] = []
    group = ("", "")
    for row in rows:
        if group != (row.rule, row.state.word):
            group = (row.rule, row.state.word)
            found.append(heading(f"{row.state.word}: {row.rule}"))
        found += _finding(sheet, row)
    return found


def _finding(sheet: Sheet, row: FindingRow) -> list[nodes.Node]:
    said = paragraph(state(row.state), " ", strong(*prose(row.message)))
    items: list[list[nodes.Node]] = [[words("code: "), code(row.code)]]
    if row.place:
        items.append([words(f"{row.what or 'at'}: "), code(row.place)])
    for note in row.notes:
        at = [words(", "), code(note.place)] if note.place else []
        if note.label:
            remark = prose(f" {note.remark}") if note.remark and not note.mark else []
            items.append([words(f"{note.label}: "), *prose(note.text), *remark, *at])
        if note.mark:
            items.append([code(note.mark), words(" "), *prose(note.remark), *at])
    if row.waiver:
        items.append([words("waiver: "), sheet.page(row.waiver, "waivers")])
    if row.fix:
        items.append([strong("what to do"), words(": "), *prose(row.fix)])
    return [said, bullets(items)]


def findings_more(rows: Iterable[Fact]) -> list[nodes.Node]:
    """How many more there are, and where."""
    items = [[code(fact.name), words(f": {fact.value}")] for fact in rows]
    if not items:
        return []
    where = paragraph("Not shown on this page, and in full in ", file_link(*FINDINGS_CSV), ":")
    return [where, bullets(items)]


FINDINGS_CSV = ("findings.csv", "_adhere/findings.csv")
PACKAGES_CSV = ("packages.csv", "_adhere/packages.csv")
