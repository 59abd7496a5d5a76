"""Annotations: one command a line, whatever the words in it are."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from adhere.report.github import workflow_commands
from corpus.reports import everything, with_words

COMMAND = re.compile(r"::(error|warning|notice) [^:\r\n]+::[^\r\n]*")


@given(st.text(max_size=20))
def test_no_word_of_a_stranger_begins_a_command_or_ends_one(word: str) -> None:
    shown = workflow_commands(with_words(everything(), lambda text: f"{text[:3]}{word}"))
    for line in shown.splitlines():
        assert COMMAND.fullmatch(line), line


def test_what_is_open_is_told_and_what_was_set_aside_is_not() -> None:
    shown = workflow_commands(everything())
    assert "::error file=adhere.toml,line=2,col=1,title=unknown-key::there is no key `x`" in shown
    assert shown.count("title=license-denied::") == 1
    assert shown.count("title=requirement-not-pinned::") == 1
    assert (
        "::error file=docs/adr/ADR-001.rules.toml,line=4,col=1,title=not run::ADR-001/lock" in shown
    )
    levels = [line.split(" ")[0] for line in shown.splitlines()][1:3]
    assert levels == ["::error", "::warning"], "the first ten are shown, so the worst comes first"
