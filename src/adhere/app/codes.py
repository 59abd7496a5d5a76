"""Every code that a finding or a problem may have."""

from __future__ import annotations

from adhere.errors import Problem, UsageError
from adhere.policy.decode import nearest
from adhere.policy.rule import Code

WAIVER_CODES = (
    Code("waiver-expired", "A waiver whose end has passed"),
    Code("waiver-expiring", "A waiver that ends soon"),
    Code("waiver-unused", "A waiver that covers nothing"),
    Code("waiver-lapsed", "A waiver that was granted for something narrower"),
    Code("waiver-too-long", "A waiver that lasts longer than the severity allows"),
    Code("waiver-broad", "A waiver that covers more than it names"),
    Code("waiver-self-approved", "A waiver whose owner approved it"),
    Code("clarification-expired", "A clarification whose end has passed"),
    Code("clarification-expiring", "A clarification that ends soon"),
    Code("clarification-unused", "A clarification of no package"),
    Code("clarification-lapsed", "A clarification of other license files than there are"),
    Code("clarification-self-approved", "A clarification whose owner approved it"),
)

PROBLEM_CODES = (
    Code("adr-dangling", "A reference to a decision, or a part of one, that is not there"),
    Code("adr-duplicate", "Two decisions with one id"),
    Code("adr-folder", "A folder of decisions that holds none"),
    Code("adr-invalid", "A decision whose front matter cannot be used"),
    Code("adr-number", "A number in a decision that its rule has otherwise"),
    Code("adr-review-due", "A decision whose day of review has passed"),
    Code("adr-supersession", "Decisions that do not agree on which of them holds"),
    Code("advisories-invalid", "Advisories that cannot be used"),
    Code("advisories-unreachable", "A snapshot of advisories that cannot be fetched"),
    Code("comparison-invalid", "A comparison of runs that cannot be read"),
    Code("config-extends-cycle", "A configuration that extends itself"),
    Code("config-extends-missing", "A configuration that is extended and cannot be read"),
    Code("config-missing-key", "A key that has to be there"),
    Code("config-schema", "A configuration of a schema that is not known"),
    Code("config-twice", "Two configurations side by side"),
    Code("config-type", "A value of the wrong type"),
    Code("config-unknown-key", "A key that means nothing"),
    Code("data-invalid", "A structured file that is malformed"),
    Code("docs-builder", "A configuration of documentation that cannot be read"),
    Code("docs-foreign", "A page that somebody else wrote stands where ours goes"),
    Code("file-unreadable", "A file that cannot be read"),
    Code("kind-unloadable", "A check kind of another distribution that cannot be loaded"),
    Code("nothing-found", "No source was found"),
    Code("release-frozen", "A release of that version is frozen, and is another one"),
    Code("report-commit", "A report of another commit"),
    Code("report-invalid", "A report that cannot be read"),
    Code("runs-invalid", "A line of the ledger of runs is none"),
    Code("report-missing", "There is no report yet"),
    Code("report-schema", "A report of a schema that is not known"),
    Code("results-invalid", "A file of test results that cannot be read"),
    Code("rule-duplicate", "Two rules with one id"),
    Code("rule-id", "A rule's id that is not kebab-case"),
    Code("rule-parameter", "A rule's parameter that cannot be"),
    Code("rule-period", "A rule that ends before it begins"),
    Code("rule-ref", "A reference to a section that is not there"),
    Code("rule-unknown-kind", "A check kind that is not known"),
    Code("rule-without-adr", "A rule file of a decision that is not there"),
    Code("source-invalid", "A source that is malformed"),
    Code("source-unreadable", "A source that cannot be read"),
    Code("source-unsupported", "A source of a kind or version that is not known"),
    Code("template-invalid", "A template that is wrong"),
    Code("toml-invalid", "A file that is not TOML"),
    Code("unwritable", "A result that cannot be written"),
    Code("usage", "A command line that asks for something that cannot be"),
    Code("waiver-invalid", "A waiver that is malformed"),
)
"""Codes of problems: what is wrong with a file or a command line, exit code 2."""


def finding_codes() -> dict[str, Code]:
    """Codes of findings by id, of every built-in check kind and of waivers."""
    from adhere.checks import BUILT_IN, KINDS

    found = {code.id: code for code in WAIVER_CODES}
    for name in BUILT_IN:
        found.update((code.id, code) for code in KINDS[name].codes)
    return dict(sorted(found.items()))


def check_code(code: str) -> str:
    """A code that ``-D``, ``-W`` or ``-A`` may name.

    Raises:
        UsageError: no finding has it; a typo would otherwise change nothing, silently.
    """
    from adhere.checks import KINDS

    known = finding_codes()
    if code in known:
        return code
    foreign = {own.id for name in KINDS for own in KINDS[name].codes}
    if code in foreign:
        return code
    hint = nearest(code, known) or "adhere explain lists all codes"
    raise UsageError(Problem("usage", f"there is no code `{code}`", hint=hint))
