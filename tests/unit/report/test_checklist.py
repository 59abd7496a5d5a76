"""The checklist of a release: it says what is in the way, and is ready only when nothing is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from adhere.model.finding import Level, Outcome
from adhere.report.checklist import MAX_LINES, checklist
from adhere.report.document import Gate, InputProblem, Place, Report
from adhere.report.release import Checklist
from adhere.report.render import Renderer
from corpus.reports import everything, result, waiver

GOLDEN = Path(__file__).parents[2] / "golden" / "pages"
BAD = ("fail", "error", "not_run", "vacuous", "manual_due")


def clean(*results: Any, verdict: str = "pass", **fields: Any) -> Report:
    """A report of a clean tree whose gates passed."""
    whole = everything()
    gates = tuple(replace(gate, verdict=verdict, because=()) for gate in whole.gates)
    subject = replace(whole.subject, dirty=False)
    given: dict[str, Any] = {
        "subject": subject,
        "results": results,
        "gates": gates,
        "problems": (),
        "waivers": (),
    }
    return replace(whole, **given | fields)


def boxes(found: Checklist) -> list[bool | None]:
    return [line.done for part in found.parts for line in part.lines]


def markdown(found: Checklist, version: str = "") -> str:
    return Renderer().render("markdown/checklist.md.j2", checklist=found, version=version)


def test_in_words(golden: Callable[[Path, str], None]) -> None:
    golden(GOLDEN / "checklist.md", markdown(checklist(everything(), ("`uv.lock` changed",))))


RESULTS = st.builds(
    result,
    st.sampled_from(["a", "b", "adhere/waivers"]),
    st.sampled_from(get_args(Outcome)),
    level=st.sampled_from(get_args(Level)),
    on_missing=st.sampled_from(["fail", "warn", "report"]),
    builtin=st.booleans(),
    check=st.sampled_from(["licenses.allowed", "manual.attested"]),
)
VERDICTS = st.sampled_from(["pass", "fail", "not_judged", "nothing", "bad_input"])


@given(
    st.lists(RESULTS, max_size=4),
    VERDICTS,
    VERDICTS,
    st.sampled_from([True, False, None]),
    st.sampled_from(["", "f" * 40]),
    st.booleans(),
    st.lists(st.just("`x` changed"), max_size=1),
)
def test_it_is_ready_only_when_nothing_is_in_the_way(
    results: Sequence[Any],
    check: str,
    release: str,
    dirty: bool | None,
    commit: str,
    wrong: bool,
    against: Sequence[str],
) -> None:
    whole = clean(*results)
    report = replace(
        whole,
        subject=replace(whole.subject, dirty=dirty, commit=commit),
        gates=(Gate("check", check, 0, ()), Gate("release", release, 0, ())),  # type: ignore[arg-type]  # a verdict
        problems=(InputProblem("x", "it is wrong", Place("adhere.toml", 1)),) if wrong else (),
    )
    found = checklist(report, against)
    judged = all(r.outcome not in BAD or (r.builtin and r.outcome == "vacuous") for r in results)
    current = bool(commit) and dirty is False and not wrong and not against
    assert found.ready == (judged and current and check == release == "pass")
    assert found.ready == (False not in boxes(found))
    assert found.ready == (not found.blocks)
    text = markdown(found)
    assert ("**Ready for a release.**" in text) == found.ready
    assert ("- [ ] " in text) != found.ready


@pytest.mark.parametrize("outcome", BAD)
@pytest.mark.parametrize("level", get_args(Level))
def test_what_is_no_pass_is_in_the_way_whatever_its_level(outcome: str, level: str) -> None:
    found = checklist(clean(result("r", outcome, level=level, on_missing="report")))
    assert not found.ready
    assert "`r`" in found.blocks[0]


@pytest.mark.parametrize("outcome", ["pass", "manual_ok", "warn", "waived", "not_applicable"])
def test_what_is_none_is_not(outcome: str) -> None:
    found = checklist(clean(result("r", outcome, level="warn")))
    assert found.ready
    assert f": {'`r`'}" in f": {found.parts[1].lines[0].text}"


def test_a_gate_that_says_no_without_a_reason_is_believed() -> None:
    found = checklist(clean(result("r", "pass"), verdict="nothing"))
    assert len(found.blocks) == 2
    assert "nothing judged" in found.blocks[0]


def test_a_report_without_its_gates_is_not_ready() -> None:
    assert not checklist(clean(result("r", "pass"), gates=())).ready


def part(found: Checklist, title: str) -> list[str]:
    (lines,) = [one.lines for one in found.parts if one.title == title]
    return [f"{line.state.word}: {line.text}" for line in lines]


def test_waivers_have_their_end_and_their_owner() -> None:
    rows = (
        waiver("W-1", "active", 20, approved_by="@lead"),
        waiver("C", "active", None, expires=None),
    )
    found = checklist(clean(result("r", "waived"), waivers=rows))
    assert found.ready
    first, second = part(found, "Waivers and clarifications")
    assert first == (
        "active: waiver `W-1` for `certifi` of `ADR-001/licenses` until 2026-12-01, 20 days left: "
        "legal-approved, owned by @alice, approved by @lead"
    )
    assert "`ADR-001/licenses` without an end: legal-approved, owned by @alice" in second


def test_statements_have_their_day() -> None:
    rows = (
        result("drill", "manual_ok", check="manual.attested", valid_until="2026-12-31", title=""),
        result("late", "manual_due", check="manual.attested", message="it ended", title="Late"),
    )
    found = checklist(clean(*rows))
    assert not found.ready
    assert part(found, "Statements by people") == [
        "attested: `drill`: 3 of 5 packages accepted; until 2026-12-31",
        "wait for a person: `late` (Late): it ended",
    ]
    assert "Rules" not in [one.title for one in found.parts]


def test_what_was_not_judged_is_told_by_subject() -> None:
    found = checklist(everything())
    assert "in the way: `ADR-001/lock`: quiet 1.0: there is no license evidence" in part(
        found, "Not judged"
    )


def test_a_long_list_says_how_much_is_not_shown() -> None:
    rows = tuple(result(f"r-{n}", "pass") for n in range(MAX_LINES + 7))
    (rules,) = [one for one in checklist(clean(*rows)).parts if one.title == "Rules"]
    assert (len(rules.lines), rules.more) == (MAX_LINES, 7)
    assert "- and 7 more, which the report has\n" in markdown(checklist(clean(*rows)))


@pytest.mark.parametrize("hostile", ["x\n- [x] y", "<script>", "](http://x)", "`", "{{ x }}", "@a"])
def test_hostile_words_stay_words(hostile: str) -> None:
    text = markdown(
        checklist(clean(result(hostile, "fail", message=hostile, title=hostile, fix=hostile))),
        hostile,
    )
    assert "\n- [x] y" not in text
    assert "<script" not in text
    assert "{{" not in text
    assert "](" not in text
    assert "@a" not in text
