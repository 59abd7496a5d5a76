"""The one concept: a rule is a check kind, its parameters, and the decision it enforces."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Literal

from msgspec import Struct

from adhere.model.finding import Judgement, Level
from adhere.model.location import Location
from adhere.model.need import Facts, Need
from adhere.spans.document import Node
from adhere.spans.text import KeyPath

OnMissing = Literal["fail", "warn", "report"]
"""What missing evidence means for a rule. It never means a pass."""


class RuleTable(Struct, frozen=True):
    """The keys of a ``[[rule]]``, apart from ``with``, which its kind decodes.

    Attributes:
        id: kebab-case, unique in its file; the anchor on the page.
        check: name of a registered check kind.
        title: one line for people.
        level: what a violation leads to.
        why: shown in the finding and on the page.
        fix: shown in the finding instead of the check's own advice.
        refs: sections of the ADR that it enforces, ``#anchor``.
        groups: judge only packages of these dependency groups; empty for all.
        applies_from: before this day violations are only reported.
        applies_until: after this day the rule does not apply.
        allow_empty: matching nothing is fine; otherwise the outcome is ``vacuous``.
        on_missing: what missing evidence means.
    """

    id: str
    check: str
    title: str = ""
    level: Level = "error"
    why: str = ""
    fix: str = ""
    refs: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    applies_from: date | None = None
    applies_until: date | None = None
    allow_empty: bool = False
    on_missing: OnMissing = "fail"


class Decision(Struct, frozen=True, omit_defaults=True):
    """The ADR that owns a rule.

    Attributes:
        id: ``ADR-010``.
        title: of the document.
        section: heading of the sentence that the rule enforces, ``""`` for the whole.
        location: of that heading.
    """

    id: str
    title: str
    section: str = ""
    location: Location | None = None


class Rule(Struct, frozen=True):
    """A rule that is ready to be judged.

    Attributes:
        id: full id, ``ADR-010/licenses-approved`` or just the id outside an ADR.
        table: what the file says.
        kind: the check.
        params: parameters, of the kind's own type.
        node: the rule's place in its file.
        decision: the ADR that owns it, ``None`` for a rule of the configuration.
        enforced: level cap that the ADR's status imposes, ``None`` for a rule to skip.
        builtin: ours, present in every run; not counted as one of the user's rules.
        broken: what its kind did wrong before there was anything to judge, ``""`` for
            nothing; the outcome is then ``error``.
        replaced_by: the decision that replaces this rule alone, ``""`` for none.
    """

    id: str
    table: RuleTable
    kind: Kind
    params: Any
    node: Node | None = None
    decision: Decision | None = None
    enforced: Level | None = "error"
    builtin: bool = False
    broken: str = ""
    replaced_by: str = ""

    def place(self, *path: str | int) -> Location | None:
        """Where a parameter of this rule was written, for a diagnostic.

        Args:
            path: below the rule's table; the nearest parent is taken for what is absent.
        """
        if self.node is None:
            return None
        node = self.node.down(path)
        line, column = node.document.position(node.at)
        return Location(node.document.path, line, column)

    def in_force(self, today: date) -> bool:
        """Whether it is judged at all on a day: its decision holds, its time has not ended."""
        end = self.table.applies_until
        return self.enforced is not None and (end is None or today <= end)

    @property
    def title(self) -> str:
        """What people call it."""
        return self.table.title or self.id


ParamProblem = tuple[KeyPath, str, str]
"""Path below ``with``, what is wrong, and a hint."""


class Code(Struct, frozen=True):
    """A stable name for one sort of finding.

    Attributes:
        id: kebab-case, unique over all kinds.
        summary: one line for lists.
    """

    id: str
    summary: str


Change = Literal["looser", "tighter", "changed"]
"""What a change does to a rule; ``changed`` where it does both, or nobody can tell."""

Direction = Literal["smaller", "larger", "narrower", "wider"] | tuple[str, ...]
"""Which way a parameter is stricter.

``smaller`` and ``larger`` are of numbers, lengths of time, switches and lists; no value at all is
no limit. ``narrower`` and ``wider`` are the same of lists of which an empty one stands for
everything. A tuple has the words that a parameter may be, the strictest first.
"""

Stricter = Mapping[str, Direction] | Callable[[Any, Any], Mapping[str, Change]]
"""Directions of parameters by name; or what tells from old and new ones how each has changed."""


class Kind(Struct, frozen=True):
    """A check kind: what it is called, what it takes, what it needs, how it judges.

    Attributes:
        name: ``licenses.allowed``.
        summary: one line for lists.
        params: struct type of the parameters.
        codes: every code that its findings may have.
        needs: the evidence that a rule with these parameters asks for.
        judge: a pure function. It reads `Facts` for the declared needs only.
        validate: what is wrong with parameters beyond their types.
        offline: it never needs the network.
        local: a rule of it has to stand in the project, not in a policy that it extends.
        stricter: which way its parameters are stricter, for who reviews a change; of one that
            is not named nobody can tell.
    """

    name: str
    summary: str
    params: type[Struct]
    codes: tuple[Code, ...]
    needs: Callable[[Any], Iterable[Need]]
    judge: Callable[[Rule, Any, Facts], Judgement]
    validate: Callable[[Any], Iterable[ParamProblem]] = lambda _params: ()
    offline: bool = True
    local: bool = False
    stricter: Stricter = {}


Registry = Mapping[str, Kind]
"""Kinds by name. Looking up a name that is not built in may scan entry points."""
