"""Laws of reading license evidence, and texts that nobody would write."""

from __future__ import annotations

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from adhere.licenses._aliases import ALIASES
from adhere.licenses._spdx import LICENSES
from adhere.licenses.choose import conclude
from adhere.licenses.classifiers import interpret_classifiers
from adhere.licenses.expression import known, parse, render
from adhere.licenses.normalise import interpret
from adhere.licenses.texts import TextFacts, identify
from adhere.model.claim import Conclusion
from adhere.model.package import Declared, LicenseFile
from corpus.licenses.cases import Case, cases, license_text

NAMES = sorted(
    {row[0] for row in LICENSES.values()}
    | {row[1] for row in LICENSES.values()}
    | {text for _, _, row in ALIASES for text in row.split(" | ")}
)
names = st.sampled_from(NAMES)
joints = st.sampled_from([" or ", " and ", "/", ", ", " & ", " | ", "; ", " with ", " ", "+"])
fields = st.one_of(
    names,
    st.builds(lambda one, joint, other: f"{one}{joint}{other}", names, joints, names),
    st.builds(lambda words, name: f"{words} {name}", st.text(max_size=20), names),
    st.text(max_size=120),
)
classifiers = st.lists(
    st.one_of(names.map("License :: OSI Approved :: {}".format), st.text(max_size=30)), max_size=4
)
facts = st.sampled_from(
    [identify(license_text(name)) for name in ("mit.txt", "bsd-3-clause.txt", "lgpl-3.0.txt")]
    + [TextFacts("unknown", words=90), TextFacts("binary", note="it is not text")]
    + [TextFacts("license", terms=("non-commercial",), words=90)]
)
paths = st.sampled_from(["LICENSE", "licenses/COPYING", "licenses/vendor/x/LICENSE", "NOTICE"])
files = st.lists(st.tuples(st.builds(LicenseFile, paths, st.just("")), facts), max_size=3)


@given(fields)
@example("(" * 500)
@example("MIT\ud800")
@example("9" * 5_000)
@example("\u0131" * 50)
def test_any_field_is_read_without_an_error(text: str) -> None:
    found = interpret(text)
    assert 0.0 <= found.confidence <= 1.0
    assert list(found.candidates) == sorted(found.candidates)
    for expression in (found.expression, *found.candidates):
        if expression:
            assert render(parse(expression)) == expression
    if found.sense in ("reserved", "unread", "silent", "open", "guess"):
        assert not found.expression


@given(fields)
def test_a_reading_is_read_as_itself(text: str) -> None:
    found = interpret(text)
    if found.expression:
        assert interpret(found.expression).expression == found.expression


@given(st.one_of(names, st.builds("{}{}{}".format, names, joints, names)))
def test_case_and_blanks_do_not_matter(text: str) -> None:
    found = interpret(text).expression
    blanks = "  " + re.sub(" ", " \t ", text) + "\n"
    assert interpret(blanks).expression == found
    # An everyday word such as "Intel" is an identifier only in its own spelling.
    if found and interpret(text).confidence > 0.7:
        assert interpret(text.lower()).expression in (found, "")
        assert interpret(text.upper()).expression in (found, "")


@given(names, st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=6))
def test_a_name_inside_a_longer_word_concludes_nothing(name: str, letters: str) -> None:
    for text in (f"{letters}{name}{letters}", f"LicenseRef-{letters}{name}".replace(" ", "")):
        found = interpret(text)
        assert (
            not found.expression
            or not known(parse(found.expression))
            or (
                found.expression == interpret(found.expression).expression
                and text.lower() in {item.lower() for item in NAMES}
            )
        )


@given(names, st.sampled_from(["not {}", "{} with restrictions", "non-commercial {}", "no {}"]))
def test_a_qualified_name_is_not_that_license(name: str, frame: str) -> None:
    assert interpret(frame.format(name)).expression == ""


@given(classifiers)
def test_any_classifiers_are_read_without_an_error(items: list[str]) -> None:
    found = interpret_classifiers(items)
    assert found == interpret_classifiers(list(reversed(items)))
    if len(set(items)) > 1 and found.candidates and not found.expression:
        assert found.confidence < 0.5


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.text(max_size=400), st.binary(max_size=400).map(lambda b: b.decode("latin-1"))))
def test_any_file_is_identified_without_an_error(text: str) -> None:
    found = identify(text)
    assert all(0.0 <= match.share <= 1.0 for match in found.matches)
    if found.strong:
        assert render(parse(found.strong)) == found.strong


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(["mit.txt", "bsd-3-clause.txt", "isc.txt", "unlicense.txt"]),
    st.integers(0, 10_000),
    st.text(alphabet=" abcdefghij.,;:()\n", max_size=30),
)
def test_a_mutated_text_is_that_license_or_none(name: str, at: int, words: str) -> None:
    text = license_text(name)
    whole = identify(text).strong
    at %= len(text)
    found = identify(text[:at] + words + text[at:])
    assert found.strong in ("", whole)


def sane(found: Conclusion) -> None:
    assert 0.0 <= found.confidence <= 1.0
    assert found.why.isprintable()
    assert list(found.candidates) == sorted(set(found.candidates))
    if found.state == "concluded":
        assert known(parse(found.expression))
        assert any(claim.standing == "decides" for claim in found.claims)
    else:
        assert found.confidence <= 0.5
    if found.state == "ambiguous":
        assert not found.expression
        assert found.candidates


@settings(max_examples=300, deadline=None)
@given(fields, fields, classifiers, st.lists(fields, max_size=2), files)
def test_any_evidence_comes_to_a_sane_conclusion(
    expression: str,
    text: str,
    items: list[str],
    stated: list[str],
    texts: list[tuple[LicenseFile, TextFacts]],
) -> None:
    declared = Declared(expression, text, tuple(items), tuple(stated))
    sane(conclude("x", "1", declared, texts))
    sane(conclude("x", "1", Declared("", text, tuple(items)), texts))
    sane(conclude("x", "1", Declared(classifiers=tuple(items)), texts))
    sane(conclude("x", "1", Declared(stated=tuple(stated)), texts))
    sane(conclude("x", "1", None, texts))


@given(st.sampled_from(cases()), st.sampled_from(["Commons Clause\n", "Non-commercial use only\n"]))
@settings(max_examples=40, deadline=None)
def test_terms_in_every_license_file_conclude_nothing(case: Case, words: str) -> None:
    """Whatever else is declared, a text that takes something back keeps it open."""
    main = [path for path in case.files if path in ("LICENSE", "licenses/LICENSE")]
    if not main:
        return
    texts = []
    for path, source in case.files.items():
        added = words + license_text(source)
        texts.append((LicenseFile(path, ""), identify(added)))
    found = conclude("x", "1", case.declared, texts)
    assert found.state != "concluded"
