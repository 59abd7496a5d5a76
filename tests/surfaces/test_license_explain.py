"""``adhere license explain``: how one license text is read."""

from __future__ import annotations

import json

import pytest

from corpus.environments import MIT
from surfaces.world import World

KEYS = {"input", "expression", "state", "candidates", "confidence", "why"}


def explained(world: World, *words: str, stdin: bytes = b"") -> list[dict[str, object]]:
    ran = world.adhere("license", "explain", *words, stdin=stdin)
    assert (ran.code, ran.err) == (0, "")
    return [json.loads(line) for line in ran.out.splitlines()]


@pytest.mark.parametrize(
    ("text", "expression", "state"),
    [
        ("Apache 2", "Apache-2.0", "concluded"),
        ("mit OR apache-2.0", "MIT OR Apache-2.0", "concluded"),
        ("BSD", None, "ambiguous"),
        ("see the file", None, "unknown"),
        ("", None, "unknown"),
    ],
)
def test_one_text(world: World, text: str, expression: str | None, state: str) -> None:
    (found,) = explained(world, text)
    assert set(found) == KEYS
    assert (found["input"], found["expression"], found["state"]) == (text, expression, state)
    assert 0.0 <= found["confidence"] <= 1.0  # type: ignore[operator]  # JSON
    assert found["why"]
    assert bool(found["candidates"]) == (state == "ambiguous")


def test_thousands_of_lines_are_answered_line_by_line(world: World) -> None:
    texts = ["MIT", "", "BSD", "Apache 2", 'a "quoted" \\ one', "é \u2028", "GPLv3"] * 1000
    found = explained(world, "--stdin", "--format", "json", stdin="\n".join(texts).encode() + b"\n")
    assert [line["input"] for line in found] == texts


@pytest.mark.parametrize(
    ("data", "inputs"),
    [
        (b"", []),
        (b"MIT", ["MIT"]),
        (b"MIT\r\nISC\r\n", ["MIT", "ISC"]),
        (b"\n\n", ["", ""]),
        (b"\xff\xfe\n", ["\ufffd\ufffd"]),
        (b"a\rb\n", ["a\rb"]),
    ],
)
def test_lines_of_any_kind(world: World, data: bytes, inputs: list[str]) -> None:
    assert [line["input"] for line in explained(world, "--stdin", stdin=data)] == inputs


def test_a_line_without_end_is_cut_and_says_so(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adhere.surfaces.cli.license.MAX_LINE", 10)
    lines = [b"x" * 100, b"MIT", b"y" * 40, b"z" * 10, b"\xc3\xa9" * 20]
    found = explained(world, "--stdin", stdin=b"\n".join(lines))
    assert [line["input"] for line in found] == ["x" * 10, "MIT", "y" * 10, "z" * 10, "é" * 10]
    cut = ["only the first 10 characters were read" in str(line["why"]) for line in found]
    assert cut == [True, False, True, False, True]


class TestAllowed:
    @pytest.mark.parametrize(
        ("text", "satisfied", "leaves"),
        [
            ("MIT", True, {"MIT": True}),
            ("GPL-3.0-only", False, {"GPL-3.0-only": False}),
            ("MIT OR GPL-3.0-only", True, {"MIT": True, "GPL-3.0-only": False}),
            ("MIT AND GPL-3.0-only", False, {"MIT": True, "GPL-3.0-only": False}),
            ("MIT AND Apache-2.0", True, {"MIT": True, "Apache-2.0": True}),
            ("GPL", False, None),
            ("see the file", False, {}),
        ],
    )
    def test_satisfied_and_each_leaf(
        self, world: World, text: str, satisfied: bool, leaves: dict[str, bool] | None
    ) -> None:
        (found,) = explained(world, text, "--allow", "MIT", "--allow", "Apache-2.0")
        assert set(found) == KEYS | {"satisfied", "leaves"}
        assert found["satisfied"] is satisfied
        if leaves is not None:
            said = {leaf["license"]: leaf["accepted"] for leaf in found["leaves"]}  # type: ignore[attr-defined]  # JSON
            assert said == leaves

    def test_what_may_mean_several_is_not_satisfied_by_one_of_them(self, world: World) -> None:
        (found,) = explained(world, "BSD", "--allow", "BSD-2-Clause")
        said = {leaf["license"]: leaf["accepted"] for leaf in found["leaves"]}  # type: ignore[attr-defined]  # JSON
        assert said == {"BSD-2-Clause": True, "BSD-3-Clause": False, "BSD-4-Clause": False}
        assert found["satisfied"] is False

    def test_also_from_the_environment(self, world: World) -> None:
        ran = world.adhere("license", "explain", "MIT", env={"ADHERE_LICENSE_ALLOW": "MIT,ISC"})
        assert ran.value["satisfied"] is True

    def test_a_license_that_is_none(self, world: World) -> None:
        ran = world.adhere("license", "explain", "MIT", "--allow", "MTI")
        assert ran.code == 2
        assert "--allow MTI: `MTI` is no SPDX license" in ran.err

    def test_as_text(self, world: World) -> None:
        ran = world.adhere("license", "explain", "MIT OR ISC", "--allow", "MIT", "-f", "text")
        assert ran.out.splitlines() == [
            "MIT OR ISC",
            "  concluded: MIT OR ISC (1.00)",
            "  why: an SPDX expression",
            "  satisfied: yes",
            "    accepted  MIT: `MIT` is in `allow`",
            "    rejected  ISC: not in `allow`",
        ]


class TestFile:
    def test_a_text_is_identified(self, world: World) -> None:
        world.write("LICENSE", MIT)
        (found,) = explained(world, "--file", "LICENSE")
        assert (found["input"], found["expression"]) == ("LICENSE", "MIT")

    @pytest.mark.parametrize("data", [b"", b"\x00\xff" * 1000, b"nothing of a license"])
    def test_a_file_that_is_no_license(self, world: World, data: bytes) -> None:
        world.write("LICENSE", data)
        (found,) = explained(world, "--file", "LICENSE")
        assert (found["expression"], found["state"]) == (None, "unknown")

    @pytest.mark.parametrize("name", ["nothing", ".", "/dev/null"])
    def test_a_file_that_is_none(self, world: World, name: str) -> None:
        ran = world.adhere("license", "explain", "--file", name)
        assert ran.code == 2
        assert ran.codes == ["source-unreadable"]


@pytest.mark.parametrize(
    "words", [(), ("MIT", "--stdin"), ("--stdin", "--file", "x"), ("MIT", "--file", "x")]
)
def test_exactly_one_thing_is_explained(world: World, words: tuple[str, ...]) -> None:
    ran = world.adhere("license", "explain", *words)
    assert ran.code == 2
    assert "name one text, --stdin or --file" in ran.err


def test_half_a_surrogate_pair_of_a_command_line(world: World) -> None:
    (found,) = explained(world, "MIT\udcff")
    assert found["input"] == "MIT\\udcff"
