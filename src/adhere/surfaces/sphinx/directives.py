"""Directives: parts of the report in documents of somebody's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from adhere.app.shown import Content
from adhere.policy.decode import nearest, quoted
from adhere.policy.quantity import Duration
from adhere.report.checklist import checklist
from adhere.report.packages import by_interest, package_row
from adhere.report.rows import waiver_row
from adhere.report.view import RuleRow
from adhere.surfaces.sphinx import parts, runs
from adhere.surfaces.sphinx.domain import domain_of
from adhere.surfaces.sphinx.markup import paragraph, prose
from adhere.surfaces.sphinx.sheet import PLACED, Sheet, banner, headline, no_data

log = logging.getLogger(__name__)

_BANNER = "adhere.banner"


class Directive(SphinxDirective):
    """A part of the report."""

    rank = PLACED

    def run(self) -> list[nodes.Node]:
        """The part, under a banner where the report is stale; or that there is none.

        Nothing where the extension is switched off.
        """
        if not self.config.adhere_enabled:
            return []
        domain = domain_of(self.env)
        domain.note(self.env.docname)
        domain.depend()
        shown = domain.shown
        self.sheet = Sheet(self.env, self.state.document, shown, domain, self.rank)
        if shown.content is None:
            return self.without()
        return self.framed(shown.content)

    def framed(self, content: Content) -> list[nodes.Node]:
        """The part, under a banner where it is the first of its document."""
        first = _BANNER not in self.env.temp_data
        self.env.temp_data[_BANNER] = True
        return [*(banner(content.view.stale) if first else []), *self.made(content)]

    def made(self, content: Content) -> list[nodes.Node]:
        """The part itself."""
        raise NotImplementedError

    def without(self) -> list[nodes.Node]:
        """What stands there without a report."""
        return no_data()

    def unknown(self, what: str, name: str, known: Iterable[str]) -> list[nodes.Node]:
        """A warning about a name that is none, and what stands there instead."""
        names = list(known)
        hint = nearest(name, names) or (f"there is {quoted(names[:12])}" if names else "")
        said = f"there is no {what} `{name}`"
        message = f"{said}; {hint}" if hint else said
        log.warning(message, location=self.get_location(), type="adhere", subtype="unknown")
        return [nodes.warning("", paragraph(*prose(f"{said}.")))]


class Summary(Directive):
    """The verdict in a sentence."""

    def made(self, content: Content) -> list[nodes.Node]:
        """The verdict, and on what it was passed."""
        return headline(content)


class Gates(Directive):
    """What the results decide."""

    optional_arguments = 1

    def made(self, content: Content) -> list[nodes.Node]:
        """All gates, or the one that is named."""
        rows = content.view.gates
        if self.arguments:
            named = self.arguments[0]
            found = tuple(row for row in rows if row.id == named)
            if not found:
                return self.unknown("gate", named, [row.id for row in rows])
            rows = found
        return [parts.gates(rows)]


class Decision(Directive):
    """A decision and what became of its rules."""

    required_arguments = 1

    def made(self, content: Content) -> list[nodes.Node]:
        """That of the id that is named."""
        rows = {adr.id: adr for adr in content.view.adrs}
        adr = rows.get(self.arguments[0])
        if adr is None:
            return self.unknown("decision", self.arguments[0], rows)
        return parts.decision(self.sheet, adr)


class Matrix(Directive):
    """Decisions and what became of their rules."""

    option_spec: ClassVar[dict[str, Any]] = {"status": directives.unchanged_required}

    def made(self, content: Content) -> list[nodes.Node]:
        """All, or those of a status."""
        rows = content.view.adrs
        wanted = words_of(self.options.get("status", ""))
        if wanted:
            rows = tuple(adr for adr in rows if adr.status in wanted)
        if not rows:
            return [paragraph("There is no such decision record.")]
        return [parts.matrix(self.sheet, rows)]


class Rule(Directive):
    """One rule."""

    required_arguments = 1

    def made(self, content: Content) -> list[nodes.Node]:
        """That of the id that is named."""
        rows = rules_of(content)
        rule = rows.get(self.arguments[0])
        if rule is None:
            return self.unknown("rule", self.arguments[0], rows)
        return [parts.rule_facts(self.sheet, rule)]


class Waivers(Directive):
    """Waivers and clarifications."""

    option_spec: ClassVar[dict[str, Any]] = {"expiring": directives.unchanged_required}

    def made(self, content: Content) -> list[nodes.Node]:
        """All, or those that end soon or have ended."""
        rows = content.report.waivers
        within = self.options.get("expiring")
        if within:
            try:
                days = Duration(within).seconds / 86_400
            except ValueError as error:
                raise self.error(f"expiring: {within!r} is {error}") from None
            rows = tuple(w for w in rows if w.days_left is not None and w.days_left <= days)
            if not rows:
                return [paragraph(f"No waiver ends within {within}.")]
        return [parts.waivers([waiver_row(row) for row in rows])]


class Dependencies(Directive):
    """Packages and their licenses."""

    option_spec: ClassVar[dict[str, Any]] = {
        "license": directives.unchanged_required,
        "group": directives.unchanged_required,
        "direct": directives.flag,
    }

    def made(self, content: Content) -> list[nodes.Node]:
        """All, or those under a license, in a group, or asked for directly."""
        found = by_interest(content.report.packages)
        pattern, group = self.options.get("license"), self.options.get("group")
        groups = sorted({name for package in found for name in package.groups})
        if group and group not in groups:
            return self.unknown("group of dependencies", group, groups)
        rows = [
            package_row(package)
            for package in found
            if (not group or group in package.groups)
            and (not pattern or fnmatchcase(package.license.expression, pattern))
            and ("direct" not in self.options or package.direct)
        ]
        if not rows:
            return [paragraph("There is no such package.")]
        said = {"license": pattern, "group": group, "direct": "direct" in self.options and "yes"}
        only = ", ".join(f"{name} {value}" for name, value in said.items() if value)
        return [parts.packages(rows, f"Packages: {only}" if only else "Packages")]


class Performance(Directive):
    """What runs measured, held to its budget."""

    option_spec: ClassVar[dict[str, Any]] = {"metric": directives.unchanged_required}

    def made(self, content: Content) -> list[nodes.Node]:
        """All metrics, or one of them."""
        wanted = self.options.get("metric")
        if not wanted:
            return runs.budgets(self.sheet, content)
        rows = [row for row in content.view.metrics if row.metric == wanted]
        if not rows:
            return self.unknown("metric", wanted, {row.metric for row in content.view.metrics})
        return [parts.budgets(rows, charts=self.sheet.layout.charts)]


class Checklist(Directive):
    """What a release asks for, or asked for."""

    option_spec: ClassVar[dict[str, Any]] = {"version": directives.unchanged_required}

    def made(self, content: Content) -> list[nodes.Node]:
        """That of the next release, or that of one that was frozen."""
        if "version" in self.options:
            return self.frozen(self.options["version"])
        return parts.checklist(checklist(content.report, content.view.stale))

    def without(self) -> list[nodes.Node]:
        """What was frozen is there all the same."""
        return self.frozen(self.options["version"]) if self.options else no_data()

    def frozen(self, version: str) -> list[nodes.Node]:
        """That of a release."""
        releases = self.sheet.shown.releases
        if version not in releases:
            return self.unknown("frozen release", version, releases)
        return parts.checklist(releases[version])


class Evidence(Directive):
    """What outcomes rest on."""

    optional_arguments = 1

    def made(self, content: Content) -> list[nodes.Node]:
        """Of all rules, or of those of the decision or the rule that is named."""
        rules = rules_of(content)
        rows = [*rules.values()]
        if self.arguments:
            named = self.arguments[0]
            of_adr = {adr.id: [*adr.rules] for adr in content.view.adrs}
            if named not in rules and named not in of_adr:
                return self.unknown("decision or rule", named, [*of_adr, *rules])
            rows = [rules[named]] if named in rules else of_adr[named]
        return parts.evidence(rows) or [paragraph("No evidence was recorded for these rules.")]


def rules_of(content: Content) -> dict[str, RuleRow]:
    """Rules by their id, with those of decisions that are not enforced."""
    found = {rule.id: rule for rule in content.view.rules}
    return found | {rule.id: rule for adr in content.view.adrs for rule in adr.rules}


def words_of(text: str) -> set[str]:
    """Words between commas or spaces."""
    return {*text.replace(",", " ").split()}


DIRECTIVES: Mapping[str, type[Directive]] = {
    "adhere-summary": Summary,
    "adhere-gates": Gates,
    "adhere-adr": Decision,
    "adhere-matrix": Matrix,
    "adhere-rule": Rule,
    "adhere-waivers": Waivers,
    "adhere-dependencies": Dependencies,
    "adhere-perf": Performance,
    "adhere-checklist": Checklist,
    "adhere-evidence": Evidence,
}
