"""The pages: what stands in each, by the names that options have for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from docutils import nodes

from adhere.app.shown import Content
from adhere.report.view import AdrRow, ReleaseRow, RuleRow
from adhere.report.vocabulary import vocabulary
from adhere.surfaces.sphinx import parts, release, runs
from adhere.surfaces.sphinx.markup import (
    Part,
    bullets,
    code,
    facts,
    file_link,
    paragraph,
    prose,
    words,
)
from adhere.surfaces.sphinx.packages import dependencies, licenses
from adhere.surfaces.sphinx.sheet import Sheet, headline

Maker = Callable[[Sheet, Content], list[nodes.Node]]


def overview(sheet: Sheet, content: Content) -> list[nodes.Node]:
    """The verdict, and what it comes from."""
    view = content.view
    found = headline(content)
    found.append(paragraph(sheet.page("How this was judged", "method"), "."))
    found.append(sheet.section("What changed", *release.changes(content)))
    if view.problems:
        problems = facts("Problems of input files", view.problems, "Where", "What")
        found.append(sheet.section("Input files that are wrong", problems))
    if view.leniencies:
        about = paragraph(
            "Waivers, mild levels and evidence that was not had. None of it is counted as fine;"
            " all of it could hide something."
        )
        clauses = bullets(prose(clause) for clause in view.leniencies)
        found.append(sheet.section("What this verdict leaves out", about, clauses))
    found.append(sheet.section("Gates", parts.gates(view.gates)))
    found.append(sheet.section("Rules", *_rules(sheet, view.rules)))
    if view.findings or view.findings_more:
        more = parts.findings_more(view.findings_more)
        found.append(sheet.section("Findings", *more, *parts.findings(sheet, view.findings)))
    if view.set_aside:
        about = paragraph("Covered by a waiver, known from the baseline, or allowed by code.")
        more = parts.findings_more(view.set_aside_more)
        aside = parts.findings(sheet, view.set_aside)
        found.append(sheet.section("Findings that do not count", about, *more, *aside))
    totals = facts("Packages in numbers", view.totals, "What", "How many")
    names = ("dependencies", "Packages"), ("licenses", "Licenses"), ("adrs", "Decisions")
    links: list[Part] = []
    for name, text in (*names, ("waivers", "Waivers")):
        links += [*([" · "] if links else []), sheet.page(text, name)]
    found.append(sheet.section("In numbers", totals, paragraph(*links)))
    return found


def _rules(sheet: Sheet, rows: tuple[RuleRow, ...]) -> list[nodes.Node]:
    if not rows:
        init = code("adhere init")
        text = "No rule is configured, so nothing was judged. Run "
        return [paragraph(text, init, " to write some.")]
    found = [parts.rules(sheet, rows, "Every rule, worst first")]
    for rule in rows:
        if rule.not_judged:
            found.append(paragraph("Not judged by ", code(rule.id), ":"))
            items = [[words(f"{subject}: "), *prose(why)] for subject, why in rule.not_judged]
            if rule.not_judged_more:
                items.append([words(f"and {rule.not_judged_more} more")])
            found.append(bullets(items))
    return found


def decisions(sheet: Sheet, content: Content) -> list[nodes.Node]:
    """The matrix."""
    view = content.view
    if not view.adrs:
        return [paragraph("There is no decision record.")]
    found = [parts.matrix(sheet, view.adrs)]
    prose_only = sum(adr.prose_only for adr in view.adrs)
    if prose_only:
        counted = f"Prose only: {prose_only} of {len(view.adrs)}."
        found.append(
            paragraph(f"{counted} No rule holds them, so nobody knows whether they are kept.")
        )
    return found


def decision(sheet: Sheet, adr: AdrRow) -> list[nodes.Node]:
    """The page of one decision."""
    own = sheet.layout.decisions.get(adr.path, "")
    itself: list[nodes.Node] = [words("The decision itself: "), code(adr.path)]
    if sheet.is_document(own):
        itself = [sheet.document_link("The decision itself", own)]
    found = parts.decision(sheet, adr)
    found.insert(1, paragraph(*itself, " · ", sheet.page("All decisions", "adrs")))
    whys = [[code(rule.id), words(": "), *prose(rule.why)] for rule in adr.rules if rule.why]
    found += [bullets(whys)] if whys else []
    if adr.findings or adr.findings_more:
        more = parts.findings_more(adr.findings_more)
        found.append(sheet.section("Findings", *more, *parts.findings(sheet, adr.findings)))
    proof = parts.evidence(adr.rules)
    if proof:
        found.append(sheet.section("Evidence", *proof))
    if adr.waivers:
        found.append(sheet.section("Waivers", parts.waivers(adr.waivers)))
    return found


def waivers(sheet: Sheet, content: Content) -> list[nodes.Node]:
    """Exceptions."""
    link = sheet.page("findings", "overview")
    about = paragraph(
        "The next to end comes first. What a waiver covers stays visible among the ", link, "."
    )
    rows = content.view.waivers
    return [*([about] if rows else []), parts.waivers(rows)]


def method(sheet: Sheet, content: Content) -> list[nodes.Node]:
    """What was judged, by what, from what."""
    view = content.view
    again = [
        paragraph(
            f"With {view.tool} installed, these commands judge the same inputs on the same day:"
        ),
        *(_command(line) for line in view.reproduce),
        paragraph(
            *("Before that, ", code("adhere verify .adhere/report.json"), " tells whether every"),
            *(" input below still has the digest it had. A copy of the report is in "),
            *(file_link("report.json", "_adhere/report.json"), "."),
        ),
    ]
    had = facts("Evidence that was had", view.evidence_had, "Evidence", "Of how many")
    known = vocabulary()
    missing = "Evidence that was not gathered, and why"
    return [
        sheet.section("How to do it again", *again),
        sheet.section("Inputs", parts.inputs(view)),
        sheet.section(
            "Completeness", had, facts(missing, view.evidence_missing, "Evidence", "Why not")
        ),
        sheet.section("This run", facts("Times and work", view.run, "What", "Value")),
        sheet.section(
            "Vocabulary",
            facts("Outcomes of a rule", known.outcomes, "Word", "Means"),
            facts("States of a license", known.licenses, "Word", "Means"),
        ),
    ]


def _command(line: str) -> nodes.Node:
    from adhere.report.escape import plain

    return nodes.literal_block("", plain(line), language="text")


TITLES: Mapping[str, str] = {
    "overview": "Compliance",
    "dependencies": "Dependencies",
    "licenses": "Licenses",
    "performance": "Performance",
    "adrs": "Decisions",
    "waivers": "Waivers",
    "release": "Release",
    "history": "History",
    "method": "Method",
}

MAKERS: Mapping[str, Maker] = {
    "overview": overview,
    "dependencies": dependencies,
    "licenses": licenses,
    "performance": runs.performance,
    "adrs": decisions,
    "waivers": waivers,
    "release": release.release,
    "history": runs.history,
    "method": method,
}


def of_releases(rows: Iterable[ReleaseRow]) -> dict[str, ReleaseRow]:
    """Frozen releases by the name of their page."""
    return {f"release/{row.slug}": row for row in rows}


def of_decisions(rows: Iterable[AdrRow]) -> dict[str, AdrRow]:
    """Decisions that have a page, by its name."""
    return {adr.page.removesuffix(".md"): adr for adr in rows if adr.page}
