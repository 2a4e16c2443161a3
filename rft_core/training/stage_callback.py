"""What happens beside the trainer after each step: metrics, progress, reasons to end a stage."""

import math
import time
from typing import Any

from rft_core.jobs.folder import JobFolder, append_line
from rft_core.jobs.progress import Progress
from rft_core.training.practice_watch import PracticeWatch

STAGE_NAMES = {"warm_start": "lessons", "reinforcement": "practice"}

Weights = dict[str, Any]


def stage_callback(job: JobFolder, stage: str) -> Any:
    """Return the callback of a stage; its `cut_short` says why it ended early, if it did."""
    from transformers import TrainerCallback

    class StageCallback(TrainerCallback):  # type: ignore[misc]
        """Writes metrics and progress; ends the stage when a stop was asked for.

        A step whose loss or gradient is not a number is undone, and ends the stage. So does
        practice that has nothing left to learn, or whose points fall.
        """

        def __init__(self) -> None:
            self.progress = Progress(job, stage, 0)
            self.cut_short: str | None = None
            self.before: Weights = {}
            self.watch: PracticeWatch[Weights] = PracticeWatch()

        def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            self.progress.at(0, state.max_steps)

        def on_step_begin(
            self, args: Any, state: Any, control: Any, model: Any = None, **_: Any
        ) -> None:
            self.before = copy_of(model)

        def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            self.progress.at(state.global_step, state.max_steps)
            if job.stop_asked():
                control.should_training_stop = True

        def on_log(
            self,
            args: Any,
            state: Any,
            control: Any,
            logs: dict[str, Any] | None = None,
            model: Any = None,
            **_: Any,
        ) -> None:
            numbers = {k: v for k, v in (logs or {}).items() if isinstance(v, (int, float))}
            row = {"stage": stage, "step": state.global_step, "time": time.time()}
            finite = {k: v for k, v in numbers.items() if math.isfinite(v)}
            append_line(job.metrics_file, row | finite)
            if self.cut_short:
                return
            broken = [k for k in ("loss", "grad_norm") if not math.isfinite(numbers.get(k, 0.0))]
            if broken:
                put_back(model, self.before)
                self.cut_short = (
                    f"The {STAGE_NAMES[stage]} ended in step {state.global_step}: its "
                    f"{broken[0]} was not a number. What was learned before is kept and compared."
                )
            elif stage == "reinforcement" and (
                ending := self.watch.after_round(finite, copy_of(model))
            ):
                if ending.go_back_to is not None:
                    put_back(model, ending.go_back_to)
                self.cut_short = ending.reason
            if self.cut_short:
                control.should_training_stop = True

    return StageCallback()


def copy_of(model: Any) -> Weights:
    """Return a copy of the adapter's weights by name."""
    return {n: p.detach().clone() for n, p in model.named_parameters() if p.requires_grad}


def put_back(model: Any, weights: Weights) -> None:
    """Write weights of `copy_of` into the adapter."""
    for name, parameter in model.named_parameters():
        if name in weights:
            parameter.data.copy_(weights[name])
