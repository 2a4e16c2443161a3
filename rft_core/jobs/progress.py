"""Write a running job's state, at most twice a second."""

import time

from rft_core.jobs.folder import JobFolder

EVERY_S = 0.5


class Progress:
    """The progress of one stage of a job."""

    def __init__(self, job: JobFolder, stage: str, steps: int) -> None:
        self.job = job
        self.stage = stage
        self.last = 0.0
        self._write(0, steps)

    def at(self, step: int, steps: int) -> None:
        """Note that `step` of `steps` are done."""
        if step == steps or time.monotonic() - self.last >= EVERY_S:
            self._write(step, steps)

    def _write(self, step: int, steps: int) -> None:
        self.last = time.monotonic()
        state = self.job.state()
        self.job.write_state(
            state.with_changes(status="running", stage=self.stage, step=step, steps=steps)
        )
