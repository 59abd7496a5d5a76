"""``licenses.allowed``: every package is under licenses that were approved.

Longer than other modules: a check kind is one file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import msgspec
from msgspec import Struct

from adhere.checks.wording import (
    decision_note,
    evidence_note,
    path_note,
    place,
    plural,
    source_of,
    unreadable,
)
from adhere.licenses._spdx import EXCEPTIONS
from adhere.licenses.expression import And, Expression, ExpressionError, Or, parse, render
from adhere.licenses.satisfy import (
    LeafVerdict,
    ListName,
    Lists,
    Satisfaction,
    read_entry,
    satisfy,
)
from adhere.model.claim import MAX_RAW, Claim, Conclusion
from adhere.model.digest import text_digest
from adhere.model.finding import Choice, Finding, Judgement, Level, Note, Unjudged
from adhere.model.inventory import Component
from adhere.model.names import PackageName, canonical_name
from adhere.model.need import Facts, InventoryNeed, Licenses, LicensesNeed, Need
from adhere.policy.rule import Change, Code, Direction, Kind, ParamProblem, Rule
from adhere.policy.scope import judged

Treatment = Literal["deny", "warn", "allow"]
_LEVEL: dict[Treatment, Level] = {"deny": "error", "warn": "warn"}


class Params(Struct, frozen=True):
    """Parameters of ``licenses.allowed``.

    Attributes:
        allow: licenses that may come in: SPDX ids, ``X WITH Y``, ``LicenseRef-...``,
            ``category:<name>``.
        review: licenses that may come in with a waiver that an approver signed.
        deny: licenses that may not, even where a category is allowed.
        exceptions: SPDX exceptions that every listed license may have; ``*`` for any.
        unknown: no license could be read from any evidence.
        unconcluded: the evidence leaves several licenses open.
        conflicting: two strong sources disagree.
        classifier_set: several license classifiers do not say AND or OR; what they mean.
            ``unconcluded`` accepts the package only when every reading is accepted.
        choices: for a package under ``A OR B``, the alternative that was chosen for good.
    """

    allow: tuple[str, ...] = ()
    review: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
    unknown: Treatment = "deny"
    unconcluded: Treatment = "deny"
    conflicting: Treatment = "deny"
    classifier_set: Literal["unconcluded", "and", "or"] = "unconcluded"
    choices: dict[str, str] = {}


DENIED = Code("license-denied", "A license that is not approved")
REVIEW = Code("license-review", "A license that needs a review")
UNKNOWN = Code("license-unknown", "No license could be read")
UNCONCLUDED = Code("license-unconcluded", "The evidence leaves several licenses open")
CONFLICTING = Code("license-conflicting", "Two strong sources disagree about the license")
CHOICE = Code("license-choice", "A pinned choice that the package does not offer, or no package")


def validate(params: Params) -> Iterator[ParamProblem]:
    """Unknown licenses, categories and exceptions; one entry in two lists; nothing allowed."""
    seen: dict[str, str] = {}
    for name in ("allow", "review", "deny"):
        for index, text in enumerate(getattr(params, name)):
            try:
                entry = read_entry(text, name, index)
            except ExpressionError as error:
                yield ((name, index), str(error), error.hint)
                continue
            canonical = entry.category or (render(entry.leaf) if entry.leaf else text)
            if canonical in seen:
                yield ((name, index), f"`{text}` already stands in `{seen[canonical]}`", "")
            seen[canonical] = name
    for index, exception in enumerate(params.exceptions):
        if exception != "*" and exception.lower() not in EXCEPTIONS:
            yield (("exceptions", index), f"`{exception}` is no SPDX exception", "")
    names: dict[str, str] = {}
    for name, text in params.choices.items():
        if names.setdefault(canonical_name(name), name) != name:
            message = f"`{name}` is `{names[canonical_name(name)]}` in another spelling"
            yield (("choices", name), message, "")
        try:
            parse(text)
        except ExpressionError as error:
            yield (("choices", name), str(error), error.hint)
    if not params.allow and not params.review:
        yield (("allow",), "nothing is allowed, so every package would be rejected", "")


_STATES: Direction = ("deny", "warn", "allow")
_DIRECTIONS = {
    "exceptions": "smaller",
    **dict.fromkeys(("unknown", "unconcluded", "conflicting"), _STATES),
}


def stricter(old: Params, new: Params) -> Mapping[str, Change]:
    """A license that has moved from one list to another changes both of them."""
    from adhere.policy.strictness import by_list

    return by_list(old, new, {"deny": 0, "review": 2, "allow": 3}, 1, _DIRECTIONS)


def judge(rule: Rule, params: Params, facts: Facts) -> Judgement:
    """Judge the concluded expression of every package that is not ours."""
    return _Judge(rule, params, facts).judgement()


class _Judge:
    def __init__(self, rule: Rule, params: Params, facts: Facts) -> None:
        self.rule = rule
        self.params = params
        self.facts = facts
        self.lists = lists(params)
        self.licenses: Licenses = facts.require(LicensesNeed())
        self.decided: dict[tuple[str, str], Satisfaction] = {}
        self.accepted = 0
        self.pinned: set[PackageName] = set()
        self.choices = {
            canonical_name(name): (name, choice) for name, choice in params.choices.items()
        }
        self.taken: list[Choice] = []

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
            seen += 1
            findings.extend(self.component(component, conclusion))
        findings.extend(self.unused_choices())
        return Judgement(
            findings=tuple(findings),
            judged=seen,
            unjudged=tuple(unjudged),
            observed=f"{self.accepted} of {plural(seen + len(unjudged), 'package')} accepted",
            expected=f"all under {self.allowed_words()}",
            choices=tuple(sorted(self.taken, key=lambda choice: choice.subject)),
        )

    def allowed_words(self) -> str:
        words = [*self.params.allow, *(f"{text} (review)" for text in self.params.review)]
        return ", ".join(words)

    def component(self, component: Component, conclusion: Conclusion) -> Iterator[Finding]:
        if conclusion.state in ("concluded", "clarified"):
            yield from self.concluded(component, conclusion, conclusion.expression)
        elif conclusion.state == "conflicting":
            yield from self.open_state(component, conclusion, CONFLICTING, self.params.conflicting)
        elif conclusion.state == "unknown":
            if conclusion.expression and self.satisfaction(conclusion.expression).choice:
                yield from self.concluded(component, conclusion, conclusion.expression)
            else:
                yield from self.open_state(component, conclusion, UNKNOWN, self.params.unknown)
        else:
            yield from self.ambiguous(component, conclusion)

    def ambiguous(self, component: Component, conclusion: Conclusion) -> Iterator[Finding]:
        """Several classifiers can be settled by the policy; anything else stays open."""
        reading = _classifier_reading(conclusion)
        if reading is None or self.params.classifier_set == "or":
            joined = render(Or(reading)) if reading else ""
        else:
            joined = render(And(reading))
        settled = bool(joined) and (
            self.params.classifier_set != "unconcluded"
            or self.satisfaction(joined).acceptance == "allowed"
        )
        if settled:
            yield from self.concluded(component, conclusion, joined)
            return
        yield from self.open_state(component, conclusion, UNCONCLUDED, self.params.unconcluded)

    def concluded(
        self, component: Component, conclusion: Conclusion, expression: str
    ) -> Iterator[Finding]:
        _, pin = self.choices.get(component.name, ("", ""))
        if pin:
            self.pinned.add(component.name)
        try:
            satisfaction = self.satisfaction(expression, pin)
        except ExpressionError:
            yield self.wrong_choice(component, conclusion, expression, pin)
            return
        offered = isinstance(parse(expression), And | Or) and satisfaction.choice != expression
        if satisfaction.choice and offered:
            self.taken.append(
                Choice(
                    component.name,
                    component.version,
                    expression,
                    satisfaction.choice,
                    pinned=bool(pin),
                )
            )
        if satisfaction.acceptance == "allowed":
            self.accepted += 1
            return
        review = satisfaction.acceptance == "review"
        group = component.groups[0]
        what = "needs a review" if review else "is not allowed"
        bad = [leaf for leaf in satisfaction.leaves if leaf.acceptance != "allowed"]
        yield self.finding(
            component,
            conclusion,
            REVIEW if review else DENIED,
            f"{component.name} {component.version} {what} in group `{group}`: {expression}",
            f"ask for a review, then: adhere waive {self.rule.id} {component.name}",
            leaves=satisfaction.leaves,
            expression=expression,
            detail=" ".join(sorted(leaf.leaf for leaf in bad)),
            needs_approver=review,
        )

    def wrong_choice(
        self, component: Component, conclusion: Conclusion, expression: str, pin: str
    ) -> Finding:
        where = self.rule.place("with", "choices", self.choices[component.name][0])
        finding = self.finding(
            component,
            conclusion,
            CHOICE,
            f"{component.name} {component.version} does not offer the choice `{pin}`",
            f"pin what it offers, {expression}, or remove the choice",
            expression=expression,
            detail=pin,
        )
        pinned = Note("pinned", pin, location=where)
        return msgspec.structs.replace(finding, notes=(pinned, *finding.notes))

    def open_state(
        self, component: Component, conclusion: Conclusion, code: Code, treatment: Treatment
    ) -> Iterator[Finding]:
        if treatment == "allow":
            self.accepted += 1
            return
        yield self.finding(
            component,
            conclusion,
            code,
            f"{component.name} {component.version}: {conclusion.why}",
            f"read its license files, then: adhere waive {self.rule.id} {component.name}",
            level=_LEVEL[treatment],
            detail=conclusion.expression or " / ".join(conclusion.candidates),
        )

    def unused_choices(self) -> Iterator[Finding]:
        for name in sorted(set(self.choices) - self.pinned):
            yield Finding(
                rule=self.rule.id,
                code=CHOICE.id,
                message=f"a choice is pinned for {name}, which no judged package is called",
                subject=name,
                level="warn",
                location=self.rule.place("with", "choices", self.choices[name][0]),
                place="pinned here",
                notes=(decision_note(self.rule),),
                fix="remove it",
            )

    def satisfaction(self, expression: str, pin: str = "") -> Satisfaction:
        key = (expression, pin)
        if key not in self.decided:
            self.decided[key] = satisfy(parse(expression), self.lists, pin)
        return self.decided[key]

    def finding(
        self,
        component: Component,
        conclusion: Conclusion,
        code: Code,
        message: str,
        fix: str,
        *,
        leaves: tuple[LeafVerdict, ...] = (),
        expression: str = "",
        level: Level = "error",
        detail: str = "",
        needs_approver: bool = False,
    ) -> Finding:
        inventory = self.facts.inventory
        deciding = next((c for c in conclusion.claims if c.standing == "decides"), None)
        shown = expression or conclusion.expression
        source = f"({source_of(deciding)})" if deciding else ""
        notes = [Note("expression", shown or "none", remark=source)]
        notes.extend(self.leaf_note(leaf, shown) for leaf in leaves)
        if conclusion.candidates:
            notes.append(Note("candidates", ", ".join(conclusion.candidates)))
        notes.extend((evidence_note(conclusion), path_note(component, inventory)))
        notes.append(decision_note(self.rule))
        return Finding(
            rule=self.rule.id,
            code=code.id,
            message=message,
            subject=component.name,
            version=component.version,
            detail=detail,
            level=level,
            location=component.location,
            place=place(component, inventory),
            notes=tuple(notes),
            fix=fix,
            groups=component.groups,
            digest=texts_digest(component),
            needs_approver=needs_approver,
        )

    def leaf_note(self, leaf: LeafVerdict, expression: str) -> Note:
        accepted = {"allowed": "accepted", "review": "needs a review", "denied": "rejected"}
        entry = leaf.entry
        where = self.rule.place("with", entry.list, entry.index) if entry else None
        return Note(
            "",
            expression,
            location=where or self.rule.place("with", "allow"),
            mark=leaf.leaf,
            remark=f"{accepted[leaf.acceptance]}: {leaf.reason}",
        )


def _classifier_reading(conclusion: Conclusion) -> tuple[Expression, ...] | None:
    """The licenses of several classifiers, when they are all that leaves a package open.

    ``None`` when a classifier names a family: its candidates are then no complete list, and
    no reading of them could be relied on.
    """
    claims = [claim for claim in conclusion.claims if claim.candidates or claim.expression]
    said = [claim for claim in claims if claim.kind == "classifiers"]
    if len(said) != 1 or len(said[0].raw) >= MAX_RAW:
        return None
    if conclusion.candidates != said[0].candidates or _contradicted(claims, said[0]):
        return None
    from adhere.licenses.classifiers import exact_parts

    exact = exact_parts(said[0].raw.split("; "))
    if len(exact) < 2 or sorted(exact) != list(conclusion.candidates):
        return None
    return tuple(parse(name) for name in exact)


def _contradicted(claims: Sequence[Claim], by: Claim) -> bool:
    return any(claim.standing == "contradicts" and claim is not by for claim in claims)


def lists(params: Params) -> Lists:
    """The three lists, parsed; entries that are none are left out, `validate` names them."""
    entries = []
    names: tuple[ListName, ...] = ("allow", "review", "deny")
    for name in names:
        for index, text in enumerate(getattr(params, name)):
            try:
                entries.append(read_entry(text, name, index))
            except ExpressionError:
                continue
    return Lists(tuple(entries), frozenset(e.lower() for e in params.exceptions))


def texts_digest(component: Component) -> str:
    """One digest over all license texts of a package, to bind a waiver to; ``""`` for none."""
    digests = sorted(file.digest for file in component.license_files)
    return text_digest(" ".join(digests)) if digests else ""


def needs(_params: Params) -> tuple[Need, ...]:
    """Inventory and licenses."""
    return (InventoryNeed(), LicensesNeed())


KIND = Kind(
    name="licenses.allowed",
    summary="every package is under approved licenses",
    params=Params,
    codes=(DENIED, REVIEW, UNKNOWN, UNCONCLUDED, CONFLICTING, CHOICE),
    needs=needs,
    judge=judge,
    validate=validate,
    stricter=stricter,
)
