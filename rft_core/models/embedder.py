"""Vectors of texts for processes that may not load torch: from one resident child, kept by text.

Where torch is loaded already (in jobs) the texts are embedded in the process itself. Else the first
request starts `python -m rft_core.models.embeddings`, which ends with this process: it reads from a
pipe that closes then.
"""

import atexit
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rft_core.errors import ModelError
from rft_core.models import embeddings

MOST_KEPT = 8_192
"""Texts whose vectors are kept, the last used ones."""
AT_ONCE = 64
"""Texts in one request."""
LIMIT_S = 120.0
"""A request that takes longer, the model's start included, has failed."""
REST_S = 60.0
"""After a failure nothing is tried for this long, so that many answers do not each wait for it."""
COMMAND = (sys.executable, "-m", "rft_core.models.embeddings")
_TRIES = 2
_OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TOKENIZERS_PARALLELISM": "false",
}

Vector = NDArray[np.float32]


class Embedder:
    """Embeds texts, each once. Safe to use from several threads."""

    def __init__(self, command: Sequence[str] = COMMAND, limit_s: float = LIMIT_S) -> None:
        self._command = command
        self._limit_s = limit_s
        self._asking = threading.Lock()
        self._keeping = threading.Lock()
        self._kept: dict[str, Vector] = {}
        self.failures = 0
        """Requests that failed so far: what was worked out before the last one may lack vectors."""
        self._child: subprocess.Popen[str] | None = None
        self._failure: ModelError | None = None
        self._rests_until = 0.0

    def vectors(self, texts: Sequence[str]) -> list[Vector]:
        """Return one unit vector of 384 numbers a text.

        Raises ModelError if the model is missing or fails.
        """
        found = self._known(texts)
        # Texts of a length together need little padding.
        missing = sorted(set(texts) - found.keys(), key=lambda text: (len(text), text))
        for start in range(0, len(missing), AT_ONCE):
            found |= self._asked_for(missing[start : start + AT_ONCE])
        return [found[text] for text in texts]

    def forget(self) -> None:
        """Forget the vectors and the texts they are of."""
        with self._keeping:
            self._kept.clear()

    def close(self) -> None:
        """End the child; the next request starts another."""
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            with suppress(OSError), child:
                pass

    def _known(self, texts: Sequence[str]) -> dict[str, Vector]:
        with self._keeping:
            found = {text: self._kept.pop(text) for text in set(texts) if text in self._kept}
            self._kept |= found  # at the end, as last used
            return found

    def _asked_for(self, texts: Sequence[str]) -> dict[str, Vector]:
        """Embed the texts, one thread at a time; another may have asked for some meanwhile."""
        with self._asking:
            found = self._known(texts)
            missing = [text for text in texts if text not in found]
            if missing:
                found |= dict(zip(missing, self._tried(missing), strict=True))
                self._keep(found)
            return found

    def _keep(self, found: dict[str, Vector]) -> None:
        with self._keeping:
            self._kept |= found
            while len(self._kept) > MOST_KEPT:
                del self._kept[next(iter(self._kept))]

    def _tried(self, texts: Sequence[str]) -> Sequence[Vector]:
        """Embed the texts, unless it failed just now."""
        try:
            if self._failure is not None and time.monotonic() < self._rests_until:
                raise ModelError(self._failure.message, self._failure.fix)
            return self._embedded(texts)
        except ModelError as error:
            self.failures += 1
            if time.monotonic() >= self._rests_until:
                self._failure, self._rests_until = error, time.monotonic() + REST_S
            raise

    def _embedded(self, texts: Sequence[str]) -> Sequence[Vector]:
        embeddings.folder()
        return _in_process(texts) if "torch" in sys.modules else self._by_child(texts)

    def _by_child(self, texts: Sequence[str]) -> Sequence[Vector]:
        for _ in range(_TRIES):
            answer = self._asked(texts)
            if answer is not None:
                return _read(answer, len(texts))
            self.close()
        raise _failed()

    def _asked(self, texts: Sequence[str]) -> str | None:
        """Return the child's line; None if it cannot start, died or took too long."""
        try:
            child = self._running()
        except OSError:
            return None
        assert child.stdin is not None and child.stdout is not None
        watch = threading.Timer(self._limit_s, child.kill)
        watch.daemon = True
        watch.start()
        try:
            child.stdin.write(json.dumps(texts) + "\n")
            child.stdin.flush()
            return child.stdout.readline() or None
        except (OSError, ValueError):
            return None
        finally:
            watch.cancel()

    def _running(self) -> subprocess.Popen[str]:
        if self._child is None:
            self._child = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                encoding="utf-8",
                start_new_session=True,
                env={**os.environ, **_OFFLINE},
            )
            atexit.register(self.close)
        return self._child


EMBEDDER = Embedder()
"""The one of this process."""


def _in_process(texts: Sequence[str]) -> Sequence[Vector]:
    try:
        return list(np.array(list(embeddings.embed_texts(texts)), dtype=np.float32))
    except ModelError:
        raise
    except Exception as error:  # whatever a library raises, grading goes on without the vectors
        raise _failed() from error


def _read(line: str, count: int) -> Sequence[Vector]:
    try:
        answer: Any = json.loads(line)
        if "error" in answer:
            raise ModelError(str(answer["error"]))
        table = np.array(answer["vectors"], dtype=np.float32)
    except (ValueError, KeyError, TypeError):
        raise _failed() from None
    if table.ndim != 2 or len(table) != count:
        raise _failed()
    return list(table)


def _failed() -> ModelError:
    return ModelError(
        "The model that compares meaning did not answer.",
        "Wait a minute and try again; if it goes on, start the app anew.",
    )
