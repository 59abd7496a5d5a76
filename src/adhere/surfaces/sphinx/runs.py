"""The pages about runs: what they measured, and what each changed."""

from __future__ import annotations

from docutils import nodes

from adhere.app.shown import Content
from adhere.report.view import RunGroup
from adhere.surfaces.sphinx import parts
from adhere.surfaces.sphinx.markup import Row, chart, code, facts, paragraph, stack, state, table
from adhere.surfaces.sphinx.sheet import Sheet


def performance(sheet: Sheet, content: Content) -> list[nodes.Node]:
    """What runs measured, held to its budget."""
    view = content.view
    found: list[nodes.Node] = []
    if view.worse:
        caption = "Since the baseline, or in the course of the runs; what is worse comes first"
        worse = facts(caption, view.worse, "What", "By how much")
        found.append(sheet.section("What got worse or changed", worse))
    elif view.run_groups:
        text = "Nothing got worse that the committed runs could tell from noise."
        found.append(paragraph(text))
    found.append(sheet.section("Budgets", *budgets(sheet, content)))
    groups = [_group(sheet, group) for group in view.run_groups]
    if not groups:
        return [*found, sheet.section("Runs that can be compared", _none())]
    told = "The committed runs, by command, state of the caches, size of the input and class of"
    lost = f" Damaged lines of the file that are left out: {view.runs_damaged}."
    about = paragraph(f"{told} machines.{lost if view.runs_damaged else ''}")
    return [*found, sheet.section("Runs that can be compared", about, *groups)]


def budgets(sheet: Sheet, content: Content) -> list[nodes.Node]:
    """Rules about budgets, and what runs measured."""
    if not content.view.metrics:
        text = "No rule is about a budget, so nothing that runs measured is judged. "
        return [paragraph(text, code("adhere perf show"), " tells what they measured.")]
    about = paragraph(
        "What runs measured, held to its budget; what is beyond it comes first. Only runs of one"
        " command, on one class of machines, with caches in the same state and over about as many"
        " packages are compared. In a chart, the dashed line is the budget, the point the latest"
        " run."
    )
    return [about, parts.budgets(content.view.metrics, charts=sheet.layout.charts)]


def _none() -> nodes.Node:
    export = code("adhere perf export")
    place = code("adhere.runs.jsonl")
    return paragraph(
        "No runs are committed. ", export, " writes those of this machine to ", place, "."
    )


def _group(sheet: Sheet, group: RunGroup) -> nodes.Node:
    cells: list[Row] = [
        [
            row.metric,
            stack(state(row.state), row.remark),
            f"latest {row.last}, median {row.p50}, p95 {row.p95}",
            chart(row) if sheet.layout.charts else "",
        ]
        for row in (*group.metrics, *group.tiers)
    ]
    heads = [("Metric", 25), ("State", 25), ("Values", 25), ("Runs", 25)]
    return sheet.section(group.name, table(f"Metrics and hit rates of {group.runs}", heads, cells))


def history(sheet: Sheet, content: Content) -> list[nodes.Node]:
    """Runs, the last one first."""
    view = content.view
    if not view.runs:
        return [_none()]
    cells: list[Row] = [
        [
            stack(row.started, row.runs_of),
            state(row.state),
            stack(
                code(row.commit) if row.commit else "none",
                "with local changes" if row.dirty else "",
            ),
            str(row.packages),
            stack(str(row.findings), f"{row.waived} waived" if row.waived else ""),
            row.seconds,
            row.memory,
            ", ".join(row.changes),
        ]
        for row in view.runs
    ]
    names = ("Started", "Verdict", "Commit", "Packages", "Findings", "Time", "Memory", "Changed")
    heads = list(zip(names, (18, 12, 14, 9, 9, 9, 9, 20), strict=True))
    told = f"The latest of {view.runs_total} committed runs, the last one first. "
    link = sheet.page("Performance", "performance")
    return [paragraph(told, link, " tells how they compare."), table("Runs", heads, cells)]
