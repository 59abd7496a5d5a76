from __future__ import annotations

import pytest

from adhere.policy.quantity import ByteSize, Duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("48h", 172_800),
        ("7d", 604_800),
        ("1d12h", 129_600),
        ("1d 12h", 129_600),
        ("2w", 1_209_600),
        ("2s", 2),
        ("250ms", 0.25),
        ("1.5h", 5_400),
        ("0s", 0),
        ("P7D", 604_800),
        ("P1W", 604_800),
        ("PT48H", 172_800),
        ("P1DT12H", 129_600),
        ("PT0.5S", 0.5),
    ],
)
def test_durations(text: str, seconds: float) -> None:
    assert Duration(text).seconds == pytest.approx(seconds)
    assert str(Duration(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "7",
        "d",
        "7 days",
        "-7d",
        "7dd",
        "P",
        "PT",
        "P7",
        "7d, 2h",
        "1e3s",
        "1d\n",
        "∞",
        "\u0667d",
    ],
)
def test_durations_that_are_none(text: str) -> None:
    with pytest.raises(ValueError, match="not a duration"):
        _ = Duration(text).seconds


def test_durations_are_equal_when_they_last_as_long() -> None:
    assert Duration("7d") == Duration("P7D") == Duration("168h")
    assert len({Duration("7d"), Duration("P7D")}) == 1
    assert Duration("7d") != Duration("8d")
    assert Duration("36h").days == 1


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("8MiB", 8 * 1024 * 1024),
        ("256 MB", 256_000_000),
        ("1kB", 1_000),
        ("1KiB", 1_024),
        ("0.5GiB", 512 * 1024 * 1024),
        ("100", 100),
        ("0", 0),
    ],
)
def test_sizes(text: str, number: int) -> None:
    assert ByteSize(text).bytes == number


@pytest.mark.parametrize("text", ["", "MiB", "-1", "8 mib", "8TB", "1,5MB", "1e9"])
def test_sizes_that_are_none(text: str) -> None:
    with pytest.raises(ValueError, match="not a size"):
        _ = ByteSize(text).bytes


@pytest.mark.parametrize("text", ["9" * 400 + "d", "9" * 5_000 + "d", "999999999999w", "101w" * 99])
def test_a_duration_of_very_many_digits_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a duration"):
        _ = Duration(text).seconds


@pytest.mark.parametrize("text", ["9" * 400 + "MiB", "9" * 5_000])
def test_a_size_of_very_many_digits_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a size"):
        _ = ByteSize(text).bytes
