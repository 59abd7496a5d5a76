"""The checklist of the next release: what stands against it, and what is to be known of it.

It takes a verdict as strictly as can be. What was not judged, broke or checked nothing is in the
way of a release, whatever the level of its rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from adhere.model.finding import Outcome
from adhere.model.verdict import HOLDS_NO_MORE
from adhere.report.document import Gate, Report, ReportWaiver, RuleResult
from adhere.report.escape import shorten
from adhere.report.leniency import besides_waivers
from adhere.report.rows import gate_state, outcome_state, place
from adhere.report.summary import count, rank, speaks
from adhere.report.view import Checklist, ChecklistLine, ChecklistPart, State
from adhere.report.waivers import waiver_states

MAX_LINES = 60
"""Lines of a part; a checklist is read, and the report has all."""

_IN_THE_WAY: tuple[Outcome, ...] = ("fail", "error", "not_run", "vacuous", "manual_due")
_MANUAL = "manual.attested"
_TOLD = {"pass": "passed", "fail": "failed"}
"""States of a gate that a list tells in another word."""
_TODO, _NOTE = State("✖", "in the way", "bad"), State("◆", "to be known", "calm")


def checklist(report: Report, against: Sequence[str] = ()) -> Checklist:
    """What has to be so before a release of what a report judged.

    Args:
        report: the canonical report.
        against: what else stands in the way, as clauses: inputs that changed, another commit.
    """
    blocks = (*_blocks(report), *against)
    subject = report.subject
    return Checklist(
        name=subject.name,
        ready=not blocks,
        verdict="Ready for a release."
        if not blocks
        else f"Not ready for a release: {count(len(blocks), 'thing')} "
        f"{'stands' if len(blocks) == 1 else 'stand'} in the way.",
        about=f"{_name(subject.name)}, judged on {subject.today} {_at(report)} by "
        f"{report.tool.name} {report.tool.version}",
        blocks=blocks,
        parts=tuple(_part(title, lines) for title, lines in _parts(report, blocks) if lines),
    )


def _part(title: str, lines: Sequence[ChecklistLine]) -> ChecklistPart:
    return ChecklistPart(title, tuple(lines[:MAX_LINES]), max(0, len(lines) - MAX_LINES))


def _at(report: Report) -> str:
    if not report.subject.commit:
        return "outside of version control"
    changed = " with local changes" if report.subject.dirty else ""
    return f"at commit {_name(report.subject.commit[:12])}{changed}"


def _name(text: str) -> str:
    """A name between backticks; one of its own would end it."""
    return f"`{shorten(text, 200).replace('`', chr(39))}`"


def _blocks(report: Report) -> Iterator[str]:
    """Everything that stands against a release, as clauses."""
    for problem in report.problems:
        where = f"{place(problem.location)}: " if problem.location else ""
        yield f"{where}{shorten(problem.message, 300)}"
    results = [result for result in sorted(report.results, key=rank) if _is_in_the_way(result)]
    yield from map(_why, results)
    told = bool(report.problems or results)
    for gate in report.gates:
        if gate.verdict != "pass" and not told:
            word = _gate_state(gate, report).word
            yield f"gate {_name(gate.id)} {word}: {'; '.join(gate.because) or 'it says no more'}"
    if not report.subject.commit:
        yield "it is outside of version control, so that nobody can tell what was judged"
    elif report.subject.dirty is not False:
        yield "tracked files differed from the commit when it was judged; to do: commit, and judge"
    if {gate.id for gate in report.gates} != {"check", "release"}:
        yield "the report does not say what its gates decide"


def _is_in_the_way(result: RuleResult) -> bool:
    """Ours that have nothing to say, because there is nothing for them, are not."""
    return result.outcome in _IN_THE_WAY and (speaks(result) or not result.builtin)


def _why(result: RuleResult) -> str:
    word = outcome_state(result.outcome).word
    said = result.message or result.observed
    if result.outcome == "fail" and result.open:
        said = f"{count(result.open, 'finding')}; {said}" if said else count(result.open, "finding")
    fix = f"; to do: {shorten(result.fix, 200)}" if result.fix else ""
    return f"{_name(result.rule)} {word}{': ' if said else ''}{shorten(said, 300)}{fix}"


def _parts(report: Report, blocks: Iterable[str]) -> Iterator[tuple[str, Sequence[ChecklistLine]]]:
    yield "In the way", [_todo(text) for text in blocks]
    yield "Gates", [_gate(gate, report) for gate in report.gates]
    yield "Rules", [_rule(r) for r in sorted(report.results, key=rank) if _is_shown(r)]
    yield "Waivers and clarifications", [_waiver(w) for w in report.waivers]
    yield "Statements by people", [_rule(r, until=True) for r in report.results if _is_manual(r)]
    yield "Not judged", [*map(_todo, _not_judged(report)), *map(_note, _not_read(report))]
    yield "What the verdict leaves out", [_note(text) for text in besides_waivers(report)]


def _todo(text: str) -> ChecklistLine:
    return ChecklistLine(done=False, state=_TODO, text=text)


def _note(text: str) -> ChecklistLine:
    return ChecklistLine(done=None, state=_NOTE, text=text)


def _gate(gate: Gate, report: Report) -> ChecklistLine:
    why = f": {shorten('; '.join(gate.because), 600)}" if gate.because else ""
    return ChecklistLine(
        gate.verdict == "pass", _gate_state(gate, report), f"{_name(gate.id)}{why}"
    )


def _gate_state(gate: Gate, report: Report) -> State:
    state = gate_state(gate, report)
    return replace(state, word=_TOLD.get(state.word, state.word))


def _is_manual(result: RuleResult) -> bool:
    return result.check == _MANUAL or result.outcome in ("manual_ok", "manual_due")


def _is_shown(result: RuleResult) -> bool:
    return not _is_manual(result) and (speaks(result) or not result.builtin)


def _rule(result: RuleResult, *, until: bool = False) -> ChecklistLine:
    said = [result.message or result.observed]
    if until and result.valid_until:
        said.append(f"until {result.valid_until}")
    told = "; ".join(filter(None, said))
    title = f" ({shorten(result.title, 200)})" if result.title not in ("", result.rule) else ""
    text = f"{_name(result.rule)}{title}{': ' if told else ''}{shorten(told, 300)}"
    done = None if result.outcome == "not_applicable" else not _is_in_the_way(result)
    return ChecklistLine(done, outcome_state(result.outcome), text)


def _waiver(waiver: ReportWaiver) -> ChecklistLine:
    end = f"until {waiver.expires}" if waiver.expires else "without an end"
    days = waiver.days_left
    if days is not None:
        end += f", {count(abs(days), 'day')} {'left' if days >= 0 else 'ago'}"
    approved = f", approved by {waiver.approved_by}" if waiver.approved_by else ""
    of = f" of {_name(waiver.rule)}" if waiver.rule else ""
    text = (
        f"{waiver.kind} {_name(waiver.id)} for {_name(waiver.subject)}{of} {end}: "
        f"{shorten(waiver.reason, 200)}, owned by {waiver.owner}{approved}"
    )
    tone = (
        "bad" if waiver.state in HOLDS_NO_MORE else "calm" if waiver.state == "active" else "doubt"
    )
    icon = {"bad": "✖", "calm": "◆", "doubt": "▲"}[tone]
    return ChecklistLine(None, State(icon, waiver_states(waiver), tone), text)


def _not_judged(report: Report) -> Iterator[str]:
    """Every subject without a judgement, by rule."""
    for result in sorted(report.results, key=rank):
        for entry in result.not_judged:
            subject = shorten(f"{entry.subject} {entry.version}".strip(), 120)
            yield f"{_name(result.rule)}: {subject}: {shorten(entry.reason, 200)}"
        if result.outcome in ("not_run", "error") and not result.not_judged:
            yield f"{_name(result.rule)}: {shorten(result.message, 300)}"


def _not_read(report: Report) -> Iterator[str]:
    """What could not even be read: a rule of ours, `adhere/sources-complete`, judges that."""
    for fault in report.completeness.faults:
        if not fault.kept:
            where = place(fault.location)
            yield f"{shorten(fault.subject, 120)}: {shorten(fault.reason, 200)} ({where})"
