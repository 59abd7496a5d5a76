from __future__ import annotations

import tomllib

import pytest

from adhere.spans.text import KeyPath
from adhere.spans.toml import locate

DOCUMENT = """\
title = "one" # a comment with [brackets] and "quotes"

[project]
"quoted.key" = 'two'
dotted.inner = [1, 2, { deep = "three" }]
multi = \"\"\"
not = a key
[nor.a.table]
\"\"\"

[[rule]]
id = "a"
[[rule]]
id = "b"
[rule.with]
allow = [
    "MIT", # why
    "ISC",
]
"""


@pytest.mark.parametrize(
    ("path", "key", "value"),
    [
        (("title",), "title", '"one"'),
        (("project",), "[project]", "[project]"),
        (("project", "quoted.key"), '"quoted.key"', "'two'"),
        (("project", "dotted"), "dotted.inner", "dotted.inner"),
        (("project", "dotted", "inner"), "dotted.inner", '[1, 2, { deep = "three" }]'),
        (("project", "dotted", "inner", 1), "2", "2"),
        (("project", "dotted", "inner", 2, "deep"), "deep", '"three"'),
        (("rule", 0), "[[rule]]", "[[rule]]"),
        (("rule", 1, "id"), "id", '"b"'),
        (("rule", 1, "with"), "[rule.with]", "[rule.with]"),
        (("rule", 1, "with", "allow", 1), '"ISC"', '"ISC"'),
    ],
)
def test_finds_keys_and_values(path: KeyPath, key: str, value: str) -> None:
    place = locate(DOCUMENT)[path]
    assert DOCUMENT[slice(*place.key)] == key
    assert DOCUMENT[slice(*place.value)] == value


def test_what_looks_like_a_key_in_a_string_is_none() -> None:
    assert ("project", "not") not in locate(DOCUMENT)
    assert ("nor",) not in locate(DOCUMENT)


def test_the_second_table_of_an_array_is_its_own() -> None:
    places = locate(DOCUMENT)
    assert places["rule", 0].key != places["rule", 1].key
    assert places["rule",].key == places["rule", 0].key


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n# only a comment",
        "a = 1",
        "a = 1\r\nb = 2\r\n",
        'a = """x""y"""\nb = 1\n',
        "a = '''it's''''\nb = 1\n",
        'a = """quoted\\""""\nb = 1\n',
        "a = 1979-05-27 07:32:00 # a blank within a date\nb = 1\n",
        'a = {b = "}", c = [ "]" ] }\nd = 1\n',
        "[ a . 'b c' ]\nd = 1\n[a.'b c'.e]\nf = 2\n",
        "[[a]]\n[[a.b]]\nc = 1\n[[a.b]]\nc = 2\n[[a]]\n[[a.b]]\nc = 3\n",
        "a = [\n  [1, 2], # one\n  [],\n]\n",
        "a = +inf\nb = -0x1f\nc = 1_000\n".replace("-0x1f", "0x1f"),
        '"" = 1\n"\\u00e9" = 2\n',
    ],
)
def test_every_value_has_a_place(text: str) -> None:
    assert set(every_path(tomllib.loads(text))) <= set(locate(text))


def every_path(value: object, at: KeyPath = ()) -> list[KeyPath]:
    found: list[KeyPath] = [at] if at else []
    if isinstance(value, dict):
        for key, child in value.items():
            found += every_path(child, (*at, key))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            found += every_path(child, (*at, index))
    return found
