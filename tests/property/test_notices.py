"""Whatever a license text holds, it can be told from what stands around it."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from adhere.report.document import License
from adhere.report.escape import plain
from adhere.report.notices import RULE, Held, notices
from corpus.reports import everything, package

ENDS = st.sampled_from(
    ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\n\n\n", "\t"]
)
LINES = st.one_of(
    st.text(max_size=20), st.sampled_from([RULE, "other 1.0", "License: MIT", "\x1b[2J", "\u202e"])
)
TEXTS = st.lists(st.tuples(LINES, ENDS)).map(lambda parts: "".join(a + b for a, b in parts))


@given(TEXTS)
def test_no_line_of_a_text_stands_where_ours_do(text: str) -> None:
    license_ = License("concluded", "MIT", 0.9, (), texts=("sha256:0",))
    report = msgspec.structs.replace(everything(), packages=(package("alpha", license_),))
    held = {("alpha", "1.0"): Held((("LICENSE", "sha256:0"),))}
    with_text = notices(report, held, {"sha256:0": text}).text
    without = notices(report, held, {"sha256:0": ""}).text
    own = [line for line in with_text.split("\n") if line and not line.startswith("    ")]
    assert own == [line for line in without.split("\n") if line and not line.startswith("    ")]
    assert all(plain(line) == line for line in with_text.split("\n"))


@given(st.lists(st.text(alphabet="ab .", max_size=20), max_size=6))
def test_every_line_of_a_text_is_there(lines: list[str]) -> None:
    license_ = License("concluded", "MIT", 0.9, (), texts=("sha256:0",))
    report = msgspec.structs.replace(everything(), packages=(package("alpha", license_),))
    held = {("alpha", "1.0"): Held((("LICENSE", "sha256:0"),))}
    made = notices(report, held, {"sha256:0": "\n".join(lines)}).text
    told = made.partition("LICENSE:\n\n")[2].split("\n")
    found = [line.strip() for line in told if line.strip()]
    assert found == [line.strip() for line in lines if line.strip()]
