"""How commands end, where somebody said that they may run."""

from __future__ import annotations

from adhere.app.answers import Given
from adhere.model.finding import Missing
from adhere.model.need import Answer, CommandNeed
from adhere.sources import probe
from adhere.sources.command import run_command


def answer(need: CommandNeed, given: Given) -> Answer:
    """How it ended; missing where nobody said that commands may run."""
    if not given.run_commands:
        reason = "commands are not run unless the command line says so"
        return Missing(
            reason, "adhere check --run-commands runs what the rules of this project name"
        )
    folder = given.project.path(need.folder)
    if not probe.is_folder(folder):
        return Missing(f"there is no folder `{need.folder}`", "mend the rule")
    given.progress("commands", 0, 1)
    return run_command(need.command, folder, need.seconds)
