"""What the system says of this process, and what sort of machine it runs on."""

from __future__ import annotations

import os
import sys


def peak_memory() -> int:
    """The most memory this process ever had, in bytes; 0 where the system does not say."""
    if sys.platform == "win32":
        import psutil

        return int(psutil.Process().memory_info().peak_wset)
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def processor_seconds() -> float:
    """Time of processors since this process began, with that of children that have ended."""
    if sys.platform == "win32":
        times = os.times()
        return times.user + times.system + times.children_user + times.children_system
    import resource

    used = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)
