"""Whatever a server does: the right answer or a reason, in time, and the next run is whole."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adhere.model.finding import Missing
from adhere.model.project import Listed
from adhere.testing import Authority, FakeIndex, Request, Response, faults
from fakes.asking import CLOCK, Asked, ask, chosen, limits
from fakes.memory_cache import MemoryCache

NAMES = [f"shop-{i}" for i in range(8)]
SLACK = 5.0
"""Seconds past a deadline that a busy machine may take; a run that hangs takes more."""


@pytest.fixture
def index() -> Iterator[FakeIndex]:
    with FakeIndex({name: ["1.0", "1.1"] for name in NAMES}) as server:
        yield server


@pytest.fixture
def cache() -> MemoryCache:
    return MemoryCache(CLOCK)


def versions(found: Listed | Missing) -> list[str]:
    assert isinstance(found, Listed), found
    return [release.version for release in found.pages[0].releases]


def assert_whole(asked: Asked) -> None:
    for name in NAMES:
        assert versions(asked.projects[name]) == ["1.0", "1.1"]  # type: ignore[index]  # canonical


def reasons(asked: Asked) -> set[str]:
    return {
        found.reason.partition(":")[0]
        for found in asked.projects.values()
        if isinstance(found, Missing)
    }


FAULTS: Mapping[str, tuple[faults.Fault, set[str]]] = {
    "too slow": (faults.Slow(30.0), {"timeout", "deadline"}),
    "silent": (faults.Silent(), {"timeout", "deadline"}),
    "slow drip": (faults.Drip(1, 0.2), {"timeout", "deadline"}),
    "reset at once": (faults.ResetAfter(-1), {"unreachable"}),
    "reset in the middle": (faults.ResetAfter(), {"unreachable"}),
    "broken": (faults.Status(500), {"failed"}),
    "unavailable": (faults.Status(503, {"Retry-After": "0"}), {"failed"}),
    "forbidden": (faults.Status(403), {"refused"}),
    "busy": (faults.too_many_requests(3_600), {"busy"}),
    "busy until tomorrow": (
        faults.too_many_requests(datetime.now(UTC) + timedelta(days=1)),
        {"busy"},
    ),
    "wrong JSON": (faults.wrong_json(), {"garbage"}),
    "wrong types": (faults.WrongTypes(), {"garbage"}),
    "nothing": (faults.Body(b""), {"garbage"}),
    "a captive portal": (
        faults.Body(b"<html><a href='/login'>Log in</a>", "text/html"),
        {"garbage"},
    ),
    "huge and says so": (faults.Huge(), {"too large"}),
    "huge without end": (
        faults.Huge(64 << 20, announced=False),
        {"too large", "timeout", "deadline"},
    ),
    "gzip bomb": (faults.GzipBomb(1 << 30), {"too large", "timeout", "deadline"}),
    "redirect elsewhere": (faults.Redirect("https://evil.example.org/simple/x/"), {"redirected"}),
    "redirect to plain http": (faults.Redirect("http://index.example.org/"), {"redirected"}),
    "redirect to a file": (faults.Redirect("file:///etc/passwd"), {"redirected"}),
    "redirect inside": (faults.Redirect("http://169.254.169.254/latest/"), {"redirected"}),
    "redirect in circles": (faults.Redirect("/simple/shop-1/"), {"redirected"}),
    "redirect nowhere": (faults.Redirect("http://["), {"redirected"}),
}


@pytest.mark.parametrize("name", FAULTS)
def test_the_run_ends_with_a_reason_and_the_next_one_is_whole(
    name: str, index: FakeIndex, cache: MemoryCache
) -> None:
    fault, expected = FAULTS[name]
    index.fail(fault)
    choice = chosen(index.environment)
    asked = ask(choice, NAMES, cache=cache, seconds=2.0)
    assert set(asked.projects) == set(NAMES)
    assert all(isinstance(found, Missing) for found in asked.projects.values())
    assert reasons(asked) <= expected
    assert asked.seconds < 2.0 + SLACK
    assert not [key for key in cache.held if key.startswith("package_metadata")]
    index.heal()
    assert_whole(ask(choice, NAMES, cache=cache))


@pytest.mark.parametrize(
    "fault",
    [
        faults.Status(500),
        faults.Status(503, {"Retry-After": "0"}),
        faults.too_many_requests(0),
        faults.ResetAfter(),
        faults.ResetAfter(-1),
    ],
)
def test_a_burst_of_failures_is_survived(fault: faults.Fault, index: FakeIndex) -> None:
    index.fail(fault, times=6)
    asked = ask(chosen(index.environment), NAMES, how=limits(retries=6))
    assert_whole(asked)
    assert asked.counts["retries"] == 6


def test_retry_after_is_obeyed(index: FakeIndex) -> None:
    index.fail(faults.too_many_requests(1), times=1)
    assert_whole(ask(chosen(index.environment), NAMES[:1] * 8 + NAMES, how=limits(concurrency=1)))
    first, second, *_ = index.log
    assert second.time - first.time >= 1.0


@pytest.mark.parametrize(
    "fault",
    [faults.wrong_json(), faults.WrongTypes(), faults.Redirect("https://evil.example.org/")],
)
def test_half_the_answers_are_wrong_and_the_other_half_counts(
    fault: faults.Fault, index: FakeIndex, cache: MemoryCache
) -> None:
    index.fail(fault, every=2)
    asked = ask(chosen(index.environment), NAMES, cache=cache)
    there = [found for found in asked.projects.values() if isinstance(found, Listed)]
    assert len(there) == len(NAMES) // 2
    assert all(versions(found) == ["1.0", "1.1"] for found in there)
    assert len([key for key in cache.held if key.startswith("package_metadata")]) == len(there)


def test_a_404_is_an_answer(index: FakeIndex) -> None:
    asked = ask(chosen(index.environment), ["nobody-has-this"])
    (found,) = asked.projects.values()
    assert isinstance(found, Listed)
    assert found.pages == ()
    assert found.asked == (index.url,)


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    asked = ask(chosen({"ADHERE_INDEX_URL": f"http://127.0.0.1:{port}/simple/"}), NAMES)
    assert reasons(asked) == {"unreachable"}


def test_the_name_of_the_host_cannot_be_resolved() -> None:
    environ = {"ADHERE_INDEX_URL": "https://index.invalid/simple/"}
    asked = ask(chosen(environ), NAMES[:2], seconds=3.0)
    assert reasons(asked) <= {"unreachable", "timeout", "deadline"}
    assert asked.seconds < 3.0 + SLACK


def test_an_outage_is_found_out_once(index: FakeIndex, cache: MemoryCache) -> None:
    index.fail(faults.Status(500))
    how = limits(breaker_failures=5, breaker_pause=300.0, concurrency=1)
    many = [f"p{i}" for i in range(200)]
    assert reasons(ask(chosen(index.environment), many, cache=cache, how=how)) == {
        "failed",
        "breaker",
    }
    assert len(index.log) == 5
    assert reasons(ask(chosen(index.environment), many, cache=cache, how=how)) == {"breaker"}
    assert len(index.log) == 5


def test_the_server_dies_and_comes_back(index: FakeIndex, cache: MemoryCache) -> None:
    choice = chosen(index.environment)
    how = limits(ttl={"package_metadata": 0.0})
    assert_whole(ask(choice, NAMES, cache=cache, how=how))
    index.stop()
    asked = ask(choice, NAMES, cache=cache, how=how)
    assert_whole(asked)
    assert all(a.stale and a.age >= 0 for a in asked.answers.values() if not isinstance(a, Missing))
    index.start()
    asked = ask(choice, NAMES, cache=cache, how=how)
    assert_whole(asked)
    assert asked.counts["unchanged"] == len(NAMES)


@pytest.mark.parametrize(("etag", "modified"), [(True, True), (True, False), (False, True)])
def test_what_did_not_change_is_not_sent_again(
    etag: bool, modified: bool, cache: MemoryCache
) -> None:
    with FakeIndex({"shop": ["1.0"]}, etag=etag, last_modified=modified) as index:
        how = limits(ttl={"package_metadata": 0.0})
        for _ in range(2):
            asked = ask(chosen(index.environment), ["shop"], cache=cache, how=how)
        assert asked.counts["unchanged"] == 1
        assert asked.counts["bytes"] == 0


Environ = Callable[[Authority, Path], dict[str, str]]


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "PIP_CERT"])
def test_an_authority_of_ones_own(variable: str, tmp_path: Path) -> None:
    authority = Authority()
    pem = authority.write_pem(str(tmp_path / "ca.pem"))
    with FakeIndex({"shop": ["1.0"]}, tls=authority) as index:
        asked = ask(chosen({**index.environment, variable: pem}), ["shop"])
    assert versions(asked.projects["shop"]) == ["1.0"]  # type: ignore[index]  # canonical


@pytest.mark.parametrize("wrong", ["authority", "host"])
def test_a_certificate_that_is_wrong(wrong: str, tmp_path: Path) -> None:
    authority = Authority()
    pem = authority.write_pem(str(tmp_path / "ca.pem"))
    signed_by = Authority() if wrong == "authority" else authority
    host = "other.example.org" if wrong == "host" else ""
    with FakeIndex({"shop": ["1.0"]}, tls=signed_by, certificate_host=host) as index:
        asked = ask(chosen({**index.environment, "SSL_CERT_FILE": pem}), ["shop"])
        assert not index.log
    assert reasons(asked) == {"certificate"}
    assert asked.counts["retries"] == 0


def test_a_redirect_to_another_index_of_ours_is_followed_without_credentials() -> None:
    with FakeIndex({"shop": ["2.0"]}) as other, FakeIndex(auth=("alice", "s3cret")) as index:
        target = other.url.replace("127.0.0.1", "localhost")
        index.fail(faults.Redirect(f"{target}shop/"))
        environ = {**index.environment, "ADHERE_INDEX_URL": f"{index.url} {target}"}
        asked = ask(chosen(environ), ["shop"])
        assert versions(asked.projects["shop"]) == ["2.0"]  # type: ignore[index]  # canonical
        assert "authorization" in index.log[0].headers
        assert not any("authorization" in request.headers for request in other.log)


def test_one_index_is_broken_and_the_other_one_is_not(index: FakeIndex) -> None:
    with FakeIndex({"shop-1": ["3.0"]}) as second:
        second.fail(faults.Status(500))
        environ = {"ADHERE_INDEX_URL": f"{index.url} {second.url}"}
        found = ask(chosen(environ), ["shop-1"]).projects["shop-1"]  # type: ignore[index]  # canonical
    assert isinstance(found, Listed)
    assert found.asked == (index.url,)
    assert found.unanswered == ((second.url, f"failed: {second.origin} answers 500"),)


def test_no_secret_is_in_any_word_of_ours(
    caplog: pytest.LogCaptureFixture, cache: MemoryCache
) -> None:
    caplog.set_level(0)
    secret = "s3cr3t-t0ken"  # noqa: S105 - what must not show up
    with FakeIndex({"shop": ["1.0"]}, auth=("alice", "another")) as index:
        address = index.url.replace("http://", f"http://alice:{secret}@")
        choice = chosen({"PIP_INDEX_URL": address})
        asked = ask(choice, ["shop"], cache=cache)
    said = [repr(asked), repr(choice), caplog.text, repr(cache.held), str(choice.explained())]
    assert reasons(asked) == {"refused"}
    assert not [words for words in said if secret in words]


@pytest.mark.parametrize("where", ["address", "environment", "netrc"])
def test_credentials_reach_the_index_that_they_are_for(where: str, tmp_path: Path) -> None:
    with FakeIndex({"shop": ["1.0"]}, auth=("alice", "p:w@d")) as index:
        environ = dict(index.environment)
        if where != "environment":
            environ = {"ADHERE_INDEX_URL": index.url}
        if where == "address":
            environ["ADHERE_INDEX_URL"] = index.url.replace("//", "//alice:p%3Aw%40d@")
        if where == "netrc":
            netrc = tmp_path / "netrc"
            netrc.write_text("machine 127.0.0.1 login alice password p:w@d\n", "utf-8")
            netrc.chmod(0o600)
            environ["NETRC"] = str(netrc)
        asked = ask(chosen(environ), ["shop"])
    assert versions(asked.projects["shop"]) == ["1.0"]  # type: ignore[index]  # canonical


def test_who_we_are_is_said_and_connections_are_used_again(index: FakeIndex) -> None:
    from adhere import __version__

    ask(chosen(index.environment), NAMES, how=limits(concurrency=2))
    assert {request.headers["user-agent"] for request in index.log} == {f"adhere/{__version__}"}
    assert len({request.connection for request in index.log}) <= 2


def test_gzip_that_breaks_off_is_not_taken_for_the_whole(
    index: FakeIndex, cache: MemoryCache
) -> None:
    async def half(request: Request, response: Response, send: faults.Send) -> None:
        body = response.body[:-12]
        assert response.headers["Content-Encoding"] == "gzip"
        await faults.right(request, Response(200, body, response.headers), send)

    index.fail(half)
    asked = ask(chosen(index.environment), NAMES, cache=cache)
    assert reasons(asked) == {"unreachable"}
    assert not [key for key in cache.held if key.startswith("package_metadata")]
