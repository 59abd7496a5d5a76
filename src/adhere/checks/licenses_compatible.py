"""``licenses.compatible``: what comes in may go out under the project's own license."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from msgspec import Struct

from adhere.checks.licenses_allowed import texts_digest
from adhere.checks.wording import (
    decision_note,
    evidence_note,
    path_note,
    place,
    plural,
    source_of,
    unreadable,
)
from adhere.licenses.expression import (
    And,
    Expression,
    ExpressionError,
    Leaf,
    Or,
    With,
    category,
    parse,
    render,
)
from adhere.model.claim import Conclusion
from adhere.model.finding import Finding, Judgement, Level, Note, Unjudged
from adhere.model.inventory import Component
from adhere.model.need import (
    Compatibility,
    CompatibilityNeed,
    DataFile,
    DataNeed,
    Facts,
    InventoryNeed,
    Licenses,
    LicensesNeed,
    Need,
)
from adhere.policy.rule import Code, Kind, ParamProblem, Rule
from adhere.policy.scope import judged

Treatment = Literal["deny", "warn", "allow"]
Distribution = Literal["internal", "saas", "source", "binary"]
Word = Literal["yes", "check", "unknown", "no"]

_LEVEL: dict[Treatment, Level] = {"deny": "error", "warn": "warn"}
_WORDS: Mapping[str, Word] = {
    "same": "yes",
    "yes": "yes",
    "check dependency": "check",
    "unknown": "unknown",
    "no": "no",
}
_WORST: tuple[Word, ...] = ("no", "unknown", "check", "yes")


class Params(Struct, frozen=True):
    """Parameters of ``licenses.compatible``.

    Attributes:
        outbound: SPDX expression that the project is published under.
        distribution: ``internal``: nobody outside gets anything; ``saas``: others use it
            over a network; ``source``: you hand out your own source, and users fetch the
            packages themselves; ``binary``: you hand out the packages too.
        unclear: what a package means whose license is not concluded, or of whose
            combination the table says that it depends, or that nobody knows.
        like: a license that the table does not have, and the one that it is judged as.
        matrix: a JSON file of the table, relative to the project; ``""`` for the one that
            the extra ``compatibility`` brings.
    """

    outbound: str
    distribution: Distribution = "binary"
    unclear: Treatment = "deny"
    like: dict[str, str] = {}
    matrix: str = ""


INCOMPATIBLE = Code("license-incompatible", "A license that the project's own does not admit")
UNCLEAR = Code("license-compatibility-unclear", "Nobody can say whether two licenses go together")


def validate(params: Params) -> Iterator[ParamProblem]:
    """Expressions that are none."""
    try:
        parse(params.outbound)
    except ExpressionError as error:
        yield (("outbound",), str(error), error.hint)
    for name, other in params.like.items():
        for text in (name, other):
            try:
                found = parse(text)
            except ExpressionError as error:
                yield (("like", name), str(error), error.hint)
                continue
            if isinstance(found, And | Or):
                yield (("like", name), f"`{text}` is not one license", "")


def judge(rule: Rule, params: Params, facts: Facts) -> Judgement:
    """Look every license up in the table, under the project's own."""
    return _Judge(rule, params, facts).judgement()


class Cell(Struct, frozen=True):
    """What the table says of one license under one other.

    Attributes:
        inbound: of the package, as it is judged.
        outbound: of the project.
        word: ``None`` when the table does not have one of them.
    """

    inbound: str
    outbound: str
    word: Word | None


class _Judge:
    def __init__(self, rule: Rule, params: Params, facts: Facts) -> None:
        self.rule = rule
        self.params = params
        self.facts = facts
        self.licenses: Licenses = facts.require(LicensesNeed())
        self.table = table_of(facts.require(need_of(params)))
        self.outbound = tuple(leaves(parse(params.outbound)))
        self.like = {render(parse(name)): render(parse(o)) for name, o in params.like.items()}

    def judgement(self) -> Judgement:
        findings: list[Finding] = []
        unjudged: list[Unjudged] = list(unreadable(self.facts))
        seen = 0
        for component in judged(self.rule, self.facts.inventory, elsewhere=False):
            conclusion = self.licenses[component.name, component.version]
            if conclusion.state == "unknown" and not conclusion.claims:
                reason = "; ".join(conclusion.missing) or "there is no license evidence"
                unjudged.append(Unjudged(component.name, reason, component.version))
                continue
            if conclusion.state not in ("concluded", "clarified"):
                seen += 1
                findings.extend(self.unclear(component, conclusion, conclusion.why))
                continue
            cells = self.decide(parse(conclusion.expression))
            absent = [cell for cell in cells if cell.word is None]
            if absent and not any(cell.word == "no" for cell in cells):
                reason = f"the table does not have {absent[0].inbound} under {absent[0].outbound}"
                unjudged.append(Unjudged(component.name, reason, component.version))
                continue
            seen += 1
            findings.extend(self.component(component, conclusion, cells))
        fine = seen - len({finding.subject for finding in findings})
        return Judgement(
            findings=tuple(findings),
            judged=seen,
            unjudged=tuple(unjudged),
            observed=f"{fine} of {plural(seen + len(unjudged), 'package')} fit",
            expected=f"all may be part of {self.params.outbound} ({self.table.source})",
        )

    def decide(self, expression: Expression) -> tuple[Cell, ...]:
        """The cells that decide: all of an AND, those of the best part of an OR."""
        if isinstance(expression, And):
            return tuple(cell for part in expression.parts for cell in self.decide(part))
        if isinstance(expression, Or):
            return max((self.decide(part) for part in expression.parts), key=_rank)
        if not self.conveyed(expression):
            return ()
        return tuple(self.cell(expression, outbound) for outbound in self.outbound)

    def conveyed(self, leaf: Leaf) -> bool:
        """Whether this way of distribution makes the license's conditions apply."""
        match self.params.distribution:
            case "internal":
                return False
            case "saas":
                return category(leaf) in ("network-copyleft", "")
            case "source":
                return category(leaf) != "weak-copyleft"
            case "binary":
                return True

    def cell(self, leaf: Leaf, outbound: str) -> Cell:
        """By the whole leaf where the table has it, else by the license without exception.

        An exception only ever grants more, so that is the stricter reading.
        """
        row = self.table.rows.get(outbound, {})
        names = [render(leaf)]
        if isinstance(leaf, With):
            names.append(render(leaf.license))
        for name in names:
            name = self.like.get(name, name)  # noqa: PLW2901 - the name it is judged as
            if name in row:
                return Cell(name, outbound, _WORDS.get(row[name].lower()))
        return Cell(names[0], outbound, None)

    def component(
        self, component: Component, conclusion: Conclusion, cells: Sequence[Cell]
    ) -> Iterator[Finding]:
        wrong = [cell for cell in cells if cell.word == "no"]
        if not wrong:
            open_ = [cell for cell in cells if cell.word in ("check", "unknown")]
            if open_:
                why = (
                    "that depends on the case"
                    if open_[0].word == "check"
                    else "nobody has an answer"
                )
                words = f"whether {open_[0].inbound} may be part of {open_[0].outbound}: {why}"
                yield from self.unclear(component, conclusion, words)
            return
        group = component.groups[0]
        yield self.finding(
            component,
            conclusion,
            INCOMPATIBLE,
            f"{component.name} {component.version} in group `{group}` is under "
            f"{conclusion.expression}, which cannot be part of {self.params.outbound}",
            "replace it, or do not hand it out with the project",
            detail=" ".join(sorted({cell.inbound for cell in wrong})),
        )

    def unclear(self, component: Component, conclusion: Conclusion, why: str) -> Iterator[Finding]:
        if self.params.unclear == "allow":
            return
        yield self.finding(
            component,
            conclusion,
            UNCLEAR,
            f"{component.name} {component.version}: {why}",
            f"ask counsel, then: adhere waive {self.rule.id} {component.name}",
            level=_LEVEL[self.params.unclear],
            detail=conclusion.expression or " / ".join(conclusion.candidates),
        )

    def finding(
        self,
        component: Component,
        conclusion: Conclusion,
        code: Code,
        message: str,
        fix: str,
        *,
        level: Level = "error",
        detail: str = "",
    ) -> Finding:
        deciding = next((c for c in conclusion.claims if c.standing == "decides"), None)
        source = f"({source_of(deciding)})" if deciding else ""
        return Finding(
            rule=self.rule.id,
            code=code.id,
            message=message,
            subject=component.name,
            version=component.version,
            detail=detail,
            level=level,
            location=component.location,
            place=place(component, self.facts.inventory),
            notes=(
                Note("expression", conclusion.expression or "none", remark=source),
                Note(
                    "outbound", self.params.outbound, location=self.rule.place("with", "outbound")
                ),
                Note("table", self.table.source),
                evidence_note(conclusion),
                path_note(component, self.facts.inventory),
                decision_note(self.rule),
            ),
            fix=fix,
            groups=component.groups,
            digest=texts_digest(component),
        )


def _rank(cells: tuple[Cell, ...]) -> int:
    """How good an alternative is: as good as its worst cell; an absent one is unknown."""
    return min((_WORST.index(cell.word or "unknown") for cell in cells), default=len(_WORST))


def leaves(expression: Expression) -> Iterator[str]:
    """Every license of an expression. Whoever offers a choice has to keep all its promises."""
    if isinstance(expression, And | Or):
        for part in expression.parts:
            yield from leaves(part)
    else:
        yield render(expression)


def table_of(found: Compatibility | DataFile) -> Compatibility:
    """The table, from the library or from a file of the project."""
    if isinstance(found, Compatibility):
        return found
    value: Any = found.value
    rows = {
        outbound: {inbound: word for inbound, word in row.items() if isinstance(word, str)}
        for outbound, row in (value.items() if isinstance(value, dict) else ())
        if isinstance(row, dict)
    }
    return Compatibility(found.path, rows)


def need_of(params: Params) -> Need:
    """Where the table comes from."""
    return DataNeed(params.matrix) if params.matrix else CompatibilityNeed()


def needs(params: Params) -> tuple[Need, ...]:
    """Inventory, licenses and the table."""
    return (InventoryNeed(), LicensesNeed(), need_of(params))


KIND = Kind(
    name="licenses.compatible",
    summary="every package may be part of what the project is published as",
    params=Params,
    codes=(INCOMPATIBLE, UNCLEAR),
    needs=needs,
    judge=judge,
    validate=validate,
    stricter={"unclear": ("deny", "warn", "allow")},
)
