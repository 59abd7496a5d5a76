"""What a run measures of itself, and who is told: against a real receiver, with real children."""

from __future__ import annotations

import gzip
import json
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from adhere.metrics.meter import MOST_NAMES, OTHERS, RunMeter
from adhere.metrics.sampler import Sampler
from adhere.testing import FakeIndex, faults
from adhere.testing.message import Request, Response
from adhere.testing.server import FakeServer
from fakes.clock import FakeClock
from surfaces.world import World

RULES = """
schema = 1
[[rule]]
id = "fresh"
check = "packages.fresh"
with = { max_behind = { releases = 1 } }
"""


class Collector(FakeServer):
    """Takes what an OTLP collector takes, as protocol buffers over HTTP."""

    def answer(self, _request: Request) -> Response:
        return Response(200, b"", {"Content-Type": "application/x-protobuf"})

    def received(self, path: str, message: Any) -> Any:
        (request,) = [one for one in self.log if one.path == path]
        packed = request.headers.get("content-encoding") == "gzip"
        message.ParseFromString(gzip.decompress(request.body) if packed else request.body)
        return message


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as server:
        yield server


def endpoint(collector: Collector, **more: str) -> dict[str, str]:
    return {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.origin, **more}


def test_spans_reach_a_collector(bad: World, collector: Collector) -> None:
    ran = bad.check("--otel", env=endpoint(collector))
    assert (ran.code, ran.err) == (1, "adhere: found .venv\n")
    traces = collector.received("/v1/traces", ExportTraceServiceRequest())
    (resource,) = traces.resource_spans
    about = {a.key: a.value.string_value for a in resource.resource.attributes}
    assert about["service.name"] == "adhere"
    assert about["adhere.verdict"] == "fail"
    spans = {span.name: span for scope in resource.scope_spans for span in scope.spans}
    assert {"adhere check", "policy", "inventory", "verdict", "check.licenses.allowed"} <= set(
        spans
    )
    whole, verdict, kind = (spans[n] for n in ("adhere check", "verdict", "check.licenses.allowed"))
    assert whole.status.code == 2
    assert not whole.parent_span_id
    assert verdict.parent_span_id == whole.span_id
    assert kind.parent_span_id == verdict.span_id
    assert len({span.trace_id for span in spans.values()}) == 1
    for span in spans.values():
        assert whole.start_time_unix_nano <= span.start_time_unix_nano <= span.end_time_unix_nano


def test_numbers_reach_a_collector(bad: World, collector: Collector) -> None:
    bad.check("--otel", env=endpoint(collector))
    sent = collector.received("/v1/metrics", ExportMetricsServiceRequest())
    numbers = {
        metric.name: (metric.unit, metric.gauge.data_points[0].as_double)
        for resource in sent.resource_metrics
        for scope in resource.scope_metrics
        for metric in scope.metrics
    }
    unit, peak = numbers["adhere.memory.peak"]
    assert (unit, peak > 1e6) == ("By", True)
    assert numbers["adhere.exit_code"] == ("1", 1.0)
    assert numbers["adhere.seconds.total"][0] == "s"


def test_a_collector_that_takes_nothing_changes_nothing(bad: World, collector: Collector) -> None:
    collector.fail(faults.Status(400))
    secret = "t0ken"  # noqa: S105 - of a test
    env = endpoint(collector, OTEL_EXPORTER_OTLP_HEADERS=f"authorization=Bearer%20{secret}")
    ran = bad.check("--otel", "-v", env=env)
    assert ran.code == 1
    assert "adhere: spans were not taken by the OpenTelemetry endpoint\n" in ran.err
    assert "adhere: numbers were not taken by the OpenTelemetry endpoint\n" in ran.err
    assert secret not in ran.out + ran.err


def test_nothing_is_sent_offline_or_unasked(bad: World, collector: Collector) -> None:
    assert "offline" in bad.check("--otel", "--offline", env=endpoint(collector)).err
    bad.check(env=endpoint(collector))
    assert collector.log == []


@pytest.mark.parametrize(
    ("option", "module", "extra"),
    [("--otel", "opentelemetry.sdk", "otel"), ("--profile", "psutil", "profile")],
)
def test_without_its_extra_an_option_says_what_to_install(
    bad: World, monkeypatch: pytest.MonkeyPatch, option: str, module: str, extra: str
) -> None:
    if module == "psutil":
        monkeypatch.setitem(sys.modules, "psutil", None)
    else:
        monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    ran = bad.check(option)
    assert (ran.code, ran.codes) == (2, ["usage"])
    assert f"install adhere[{extra}]" in ran.err


def test_a_profile_tells_memory_by_phase(good: World) -> None:
    good.check("--profile")
    run = good.report()["run"]
    assert max(run["sampled_memory"].values()) > 1e6
    assert set(run["sampled_memory"]) <= {*run["seconds"], "between"}
    row = json.loads((good / ".adhere/history.jsonl").read_text("utf-8").splitlines()[-1])
    assert row["metrics"]["memory.sampled"] == max(run["sampled_memory"].values())
    good.check()
    assert good.report()["run"]["sampled_memory"] == {}


def test_a_sampler_sees_what_is_taken_and_by_whom() -> None:
    phase = "before"
    with Sampler(lambda: phase, resolution=0.002) as sampler:
        time.sleep(0.05)
        phase = "large"
        taken = bytearray(60_000_000)
        taken[::4096] = b"x" * len(taken[::4096])
        time.sleep(0.05)
    assert sampler.looks > 4
    assert sampler.phases["large"] - sampler.phases["before"] > 50_000_000
    assert sampler.peak == max(sampler.phases.values())


def test_phases_add_up_and_know_where_they_belong(clock: FakeClock) -> None:
    meter = RunMeter(clock)
    for _ in range(2):
        with meter.phase("outer"):
            clock.pass_time(seconds=1)
            with meter.phase("inner"):
                assert meter.current == "inner"
                clock.pass_time(seconds=2)
            assert meter.current == "outer"
    assert meter.current == ""
    told = [(s.name, s.inside, s.began, s.seconds, s.times) for s in meter.spans()]
    assert told == [("outer", "", 0.0, 6.0, 2), ("inner", "outer", 1.0, 4.0, 2)]


def test_a_meter_does_not_grow_without_end(clock: FakeClock) -> None:
    meter = RunMeter(clock)
    for number in range(3 * MOST_NAMES):
        meter.count(f"count-{number}")
        with meter.phase(f"phase-{number}"):
            clock.pass_time(seconds=1)
    counts, phases = dict(meter.counts()), dict(meter.phases())
    assert len(counts) == len(phases) == MOST_NAMES + 1
    assert counts[OTHERS] == 2 * MOST_NAMES
    assert phases[OTHERS] == 2 * MOST_NAMES


def test_requests_are_told_by_host_and_no_host_is_written_down(
    bad: World, collector: Collector
) -> None:
    with FakeIndex() as index:
        bad.write("adhere.toml", RULES)
        env = endpoint(collector, ADHERE_INDEX_URL=index.url)
        bad.check("--otel", "--no-cache", env=env)
        sent = collector.received("/v1/metrics", ExportMetricsServiceRequest())
        told = {
            (metric.name, point.attributes[0].value.string_value): point.as_int
            for resource in sent.resource_metrics
            for scope in resource.scope_metrics
            for metric in scope.metrics
            if metric.name.startswith("adhere.host.")
            for point in metric.gauge.data_points
        }
        assert told["adhere.host.requests", index.origin] == len(index.log) > 0
        assert index.origin not in (bad / ".adhere/history.jsonl").read_text("utf-8")
