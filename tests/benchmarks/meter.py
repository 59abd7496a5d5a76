"""What measuring costs a run: checks with a meter against the same checks without one.

Run it as ``python tests/benchmarks/meter.py``. It ends with 1 where measuring costs more than
a fiftieth: a ratio of two times that were taken in turn, so that it holds on any machine.
"""

from __future__ import annotations

import statistics
import sys
import time
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from adhere.app.wiring import SystemClock
from adhere.metrics.meter import RunMeter
from adhere.model.need import Facts, InventoryNeed, LicensesNeed
from adhere.policy.config import Policy
from adhere.policy.evaluate import Context, evaluate
from adhere.policy.settings import ConfigTable
from corpus.inventories import component, inventory
from corpus.judging import rule_of

ROUNDS = 300
RULES = 50
MOST = 1.02


def unmeasured(_name: str) -> AbstractContextManager[None]:
    """Nobody measures."""
    return nullcontext()


def main() -> int:
    """Print the ratio; 1 where it does not hold."""
    packages = inventory(*(component(f"package-{n}") for n in range(200)))
    facts = Facts({InventoryNeed(): packages, LicensesNeed(): {}})
    rule = rule_of("packages.denied", 'deny = [{ package = "evil", reason = "it is" }]')
    policy = Policy(ConfigTable(), (rule,) * RULES)
    times: dict[str, list[float]] = {"with": [], "without": []}
    for _ in range(ROUNDS):
        for name, measure in (("with", RunMeter(SystemClock()).phase), ("without", unmeasured)):
            context = Context(date(2026, 11, 23), measure=measure)
            start = time.perf_counter()
            verdict = evaluate(policy, facts, context)
            times[name].append(time.perf_counter() - start)
            if any(result.outcome != "pass" for result in verdict.results):
                raise AssertionError("the checks did not do what is measured")
    ratio = statistics.median(times["with"]) / statistics.median(times["without"])
    each = (statistics.median(times["with"]) - statistics.median(times["without"])) / RULES
    print(f"{RULES} rules: {ratio:.3f} times as long with a meter, {each * 1e6:.2f} µs a rule")
    return 0 if ratio <= MOST else 1


if __name__ == "__main__":
    sys.exit(main())
