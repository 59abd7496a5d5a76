"""Spans and numbers of a run, sent to an OpenTelemetry collector when the run has ended.

Address, headers and certificates are those of the standard variables,
``OTEL_EXPORTER_OTLP_ENDPOINT`` and the like, which the exporter reads itself. No thread
outlives the call, and what cannot be sent is said and changes nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from adhere.errors import Problem, UsageError
from adhere.metrics.meter import Span

TIMEOUT = 5.0
"""Seconds for spans, and once more for numbers, with all attempts."""

UNITS = {"seconds": "s", "bytes": "By", "memory": "By"}
"""Unit of a metric by a part of its name."""


def require() -> None:
    """Ask for the libraries before a run begins.

    Raises:
        UsageError: they are not installed.
    """
    from importlib.util import find_spec

    try:
        there = find_spec("opentelemetry.sdk") and find_spec(
            "opentelemetry.exporter.otlp.proto.http"
        )
    except ModuleNotFoundError:
        there = None
    if there is None:
        message = "OpenTelemetry is not installed"
        raise UsageError(Problem("usage", message, hint="install adhere[otel]"))


def export(
    name: str,
    about: Mapping[str, str],
    spans: Sequence[Span],
    numbers: Mapping[str, float],
    *,
    hosts: Mapping[tuple[str, str], int],
    began: float,
    seconds: float,
    lag: float,
    failed: bool,
) -> list[str]:
    """Send everything.

    Args:
        name: of the run's own span: ``adhere check``.
        about: attributes of whoever ran, ``service.version`` and so on.
        spans: of the run; those of one name were added up.
        numbers: by name.
        hosts: counters by host and name.
        began: seconds since the epoch.
        seconds: that the run took.
        lag: seconds from there to the beginning of the meter.
        failed: the run ended with something else than 0.

    Returns:
        What could not be sent, as clauses.
    """
    # The exporters log what goes wrong, with the address, which may hold a secret.
    log = logging.getLogger("opentelemetry")
    log.addHandler(logging.NullHandler())
    log.propagate = False
    from opentelemetry.sdk.resources import Resource

    resource = Resource({"service.name": "adhere", **about})
    trouble = []
    if not _send_spans(name, resource, spans, (began, lag, seconds), failed=failed):
        trouble.append("spans were not taken by the OpenTelemetry endpoint")
    if not _send_numbers(resource, numbers, hosts):
        trouble.append("numbers were not taken by the OpenTelemetry endpoint")
    return trouble


def _send_spans(
    name: str,
    resource: Any,
    spans: Sequence[Span],
    times: tuple[float, float, float],
    *,
    failed: bool,
) -> bool:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
    from opentelemetry.sdk.trace.export import (
        SimpleSpanProcessor,
        SpanExportResult,
    )
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
    from opentelemetry.trace import Status, StatusCode, set_span_in_context

    kept = InMemorySpanExporter()
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(kept))
    tracer = provider.get_tracer("adhere")
    began, lag, seconds = times
    start = int(began * 1e9)
    whole = tracer.start_span(name, start_time=start)
    known = {"": whole}
    open_: list[tuple[Any, int]] = []
    for span in spans:
        above = set_span_in_context(known.get(span.inside, whole))
        at = start + int((lag + span.began) * 1e9)
        one = tracer.start_span(span.name, context=above, start_time=at)
        one.set_attribute("adhere.times", span.times)
        known[span.name] = one
        open_.append((one, at + int(span.seconds * 1e9)))
    for one, end in open_:
        one.end(end_time=end)
    if failed:
        whole.set_status(Status(StatusCode.ERROR))
    whole.end(end_time=start + int(seconds * 1e9))
    finished: Iterable[ReadableSpan] = kept.get_finished_spans()
    exporter: Any = OTLPSpanExporter(timeout=TIMEOUT)
    try:
        return bool(exporter.export(tuple(finished)) is SpanExportResult.SUCCESS)
    except Exception:  # noqa: BLE001 - whatever the library does about a server that is not there
        return False
    finally:
        exporter.shutdown()


def _send_numbers(
    resource: Any, numbers: Mapping[str, float], hosts: Mapping[tuple[str, str], int]
) -> bool:
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import InMemoryMetricReader, MetricExportResult

    reader = InMemoryMetricReader()
    provider = MeterProvider([reader], resource, shutdown_on_exit=False)
    meter = provider.get_meter("adhere")
    for name, value in numbers.items():
        meter.create_gauge(f"adhere.{name}", _unit(name)).set(value)
    for (host, name), count in hosts.items():
        gauge = meter.create_gauge(f"adhere.host.{name}", _unit(name))
        gauge.set(count, {"server.address": host})
    data = reader.get_metrics_data()
    exporter: Any = OTLPMetricExporter(timeout=TIMEOUT)
    try:
        sent = exporter.export(data, timeout_millis=TIMEOUT * 1000)
        return bool(sent is MetricExportResult.SUCCESS)
    except Exception:  # noqa: BLE001 - as above
        return False
    finally:
        exporter.shutdown()
        provider.shutdown()


def _unit(name: str) -> str:
    return next((unit for part, unit in UNITS.items() if part in name.split(".")), "1")
