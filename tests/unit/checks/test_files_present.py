from __future__ import annotations

from typing import Any

import pytest

from adhere.model.finding import Judgement, Missing
from adhere.model.location import Location
from adhere.model.need import CannotJudge, FilesNeed
from corpus.judging import judge, rule_of, told, wrong


def said(
    parameters: str, files: dict[str, Any], entries: dict[str, Any] | None = None
) -> Judgement:
    answers = {
        **{FilesNeed(pattern): found for pattern, found in files.items()},
        **{FilesNeed(pattern, entries=True): found for pattern, found in (entries or {}).items()},
    }
    return judge(rule_of("files.present", parameters), answers)  # type: ignore[arg-type]  # keys of one sort


def test_every_pattern_has_to_match() -> None:
    files = {"LICENSE": ("LICENSE",), "docs/**/*.md": (), "README.*": ()}
    judgement = said('files = ["LICENSE", "docs/**/*.md", "README.*"]', files)
    assert told(judgement) == ["file-missing docs/**/*.md", "file-missing README.*"]
    assert (judgement.judged, judgement.observed) == (3, "1 of 3 patterns as decided")
    assert judgement.findings[0].location == Location("adhere.toml", 5, 21)


def test_nothing_may_match_what_is_ruled_out() -> None:
    judgement = said('absent = ["**/*.pem"]', {}, {"**/*.pem": ("a.pem", "b/c.pem")})
    assert told(judgement) == ["file-forbidden a.pem", "file-forbidden b/c.pem"]
    assert judgement.observed == "0 of 1 pattern as decided"
    assert [f.location for f in judgement.findings] == [Location("a.pem"), Location("b/c.pem")]
    assert len({finding.fingerprint for finding in judgement.findings}) == 2


def test_both_at_once() -> None:
    judgement = said('files = ["a"]\nabsent = ["b"]', {"a": ("a",)}, {"b": ()})
    assert (told(judgement), judgement.judged) == ([], 2)
    assert judgement.expected == "present: a; absent: b"


@pytest.mark.parametrize("key", ["files", "absent"])
def test_a_folder_that_cannot_be_listed_is_not_judged(key: str) -> None:
    missing = Missing("secrets: permission denied")
    with pytest.raises(CannotJudge):
        said(f'{key} = ["secrets/*"]', {"secrets/*": missing}, {"secrets/*": missing})


def test_what_is_ruled_out_is_looked_for_among_links_and_folders_too() -> None:
    rule = rule_of("files.present", 'files = ["a"]\nabsent = ["a", "b"]')
    assert set(rule.kind.needs(rule.params)) == {
        FilesNeed("a"),
        FilesNeed("a", entries=True),
        FilesNeed("b", entries=True),
    }


@pytest.mark.parametrize(
    "pattern",
    ["/etc/passwd", "~/x", "../x", "a/../../b", "a\\b", "", "keys/", "./.env", "a//b", "a/./b"],
)
@pytest.mark.parametrize("key", ["files", "absent"])
def test_patterns_that_name_nothing_of_the_project(key: str, pattern: str) -> None:
    (problem,) = wrong("files.present", **{key: ["fine", pattern]})
    assert problem.startswith(f"{key}.1: `{pattern}`")


@pytest.mark.parametrize("pattern", ["a..b", "..a/b", ".env", "**", "*", "a/**/b.*", "[ab].txt"])
def test_patterns_that_are_fine(pattern: str) -> None:
    assert wrong("files.present", absent=[pattern]) == []


def test_a_rule_that_names_nothing() -> None:
    assert wrong("files.present") == [": name files in `files` or `absent`"]
