"""The models that can be tuned: the embedded one, a few from the hub, and local folders.

A model is named by its catalogue id everywhere (in adapters, configs and reports), never by a
path of this machine. Memory figures are for LoRA tuning with the quick preset, in GB.
"""

import json
import os
from pathlib import Path
from typing import Literal

from rft_core import settings
from rft_core.errors import ModelError
from rft_core.models import embedded
from rft_core.records import Record

EMBEDDED_ID = "embedded"
LOCAL_PREFIX = "local:"


class ModelEntry(Record):
    """One line of the catalogue."""

    id: str
    name: str
    origin: Literal["embedded", "hub", "local"]
    licence: str
    hub_id: str | None = None
    parameters_m: int | None = None
    """Parameters in millions."""
    download_mb: int = 0
    tuning_gb: float | None = None
    """Memory that tuning needs, in GB."""
    gated: bool = False
    """The hub asks for an account and acceptance of the licence first."""


ENTRIES: tuple[ModelEntry, ...] = (
    ModelEntry(
        id=EMBEDDED_ID,
        name="SmolLM2 135M Instruct (comes with the app)",
        origin="embedded",
        licence="Apache-2.0",
        parameters_m=135,
        tuning_gb=4,
    ),
    ModelEntry(
        id="smollm2-360m",
        name="SmolLM2 360M Instruct",
        origin="hub",
        licence="Apache-2.0",
        hub_id="HuggingFaceTB/SmolLM2-360M-Instruct",
        parameters_m=362,
        download_mb=730,
        tuning_gb=7,
    ),
    ModelEntry(
        id="smollm2-1.7b",
        name="SmolLM2 1.7B Instruct",
        origin="hub",
        licence="Apache-2.0",
        hub_id="HuggingFaceTB/SmolLM2-1.7B-Instruct",
        parameters_m=1711,
        download_mb=3430,
        tuning_gb=16,
    ),
    ModelEntry(
        id="qwen3-0.6b",
        name="Qwen3 0.6B",
        origin="hub",
        licence="Apache-2.0",
        hub_id="Qwen/Qwen3-0.6B",
        parameters_m=596,
        download_mb=1510,
        tuning_gb=10,
    ),
    ModelEntry(
        id="qwen3-1.7b",
        name="Qwen3 1.7B",
        origin="hub",
        licence="Apache-2.0",
        hub_id="Qwen/Qwen3-1.7B",
        parameters_m=1720,
        download_mb=4070,
        tuning_gb=18,
    ),
    ModelEntry(
        id="qwen3-4b",
        name="Qwen3 4B",
        origin="hub",
        licence="Apache-2.0",
        hub_id="Qwen/Qwen3-4B",
        parameters_m=4022,
        download_mb=8060,
        tuning_gb=30,
    ),
    ModelEntry(
        id="llama-3.2-1b",
        name="Llama 3.2 1B Instruct",
        origin="hub",
        licence="Llama 3.2 Community Licence",
        hub_id="meta-llama/Llama-3.2-1B-Instruct",
        parameters_m=1236,
        download_mb=2480,
        tuning_gb=14,
        gated=True,
    ),
    ModelEntry(
        id="gemma-3-1b",
        name="Gemma 3 1B Instruct",
        origin="hub",
        licence="Gemma Terms of Use",
        hub_id="google/gemma-3-1b-it",
        parameters_m=1000,
        download_mb=2010,
        tuning_gb=14,
        gated=True,
    ),
)


def entries() -> list[ModelEntry]:
    """Return the catalogue, local folders last."""
    local = [
        ModelEntry(
            id=LOCAL_PREFIX + name, name=f"{name} (your folder)", origin="local", licence="yours"
        )
        for name in sorted(_local_folders())
    ]
    return [*ENTRIES, *local]


def entry(model_id: str) -> ModelEntry:
    """Return the entry called `model_id`; ModelError for an unknown one."""
    for candidate in entries():
        if candidate.id == model_id:
            return candidate
    known = ", ".join(e.id for e in entries())
    raise ModelError(f"There is no model called {model_id!r}.", f"Choose one of: {known}.")


def is_here(model_id: str) -> bool:
    """Say whether the model can be used without downloading anything."""
    try:
        folder(model_id)
    except ModelError:
        return False
    return True


def folder(model_id: str) -> Path | None:
    """Return the folder from which the model loads.

    None means that the embedded model is here but not yet unpacked (`prepare` does that).
    Raises ModelError, with how to get it, where the model is not on this machine.
    """
    chosen = entry(model_id)
    if chosen.origin == "embedded":
        if embedded.is_converted():
            return embedded.folder()
        embedded.find_gguf()
        return None
    if chosen.origin == "local":
        return check_folder(Path(_local_folders()[model_id.removeprefix(LOCAL_PREFIX)]))
    path = hub_folder(model_id)
    if not (path / "config.json").exists():
        raise ModelError(
            f"{chosen.name} is not on this machine.",
            f"Download it first (about {chosen.download_mb / 1000:.1f} GB): "
            f"rft models download {model_id}.",
        )
    return path


def prepare(model_id: str) -> Path:
    """Return the folder from which the model loads, unpacking the embedded model if need be."""
    path = folder(model_id)
    return path if path is not None else embedded.convert()


def hub_folder(model_id: str) -> Path:
    """Return where a downloaded hub model lies (whether or not it is there yet)."""
    return settings.models_folder() / model_id


def add_local(name: str, path: Path) -> ModelEntry:
    """List a local folder in Hugging Face layout under `name`; ModelError if it is not one."""
    check_folder(path)
    if not name or not name.replace("-", "").replace("_", "").replace(".", "").isalnum():
        raise ModelError(
            f"{name!r} cannot be a model's name.", "Use letters, digits, dots and hyphens."
        )
    folders = {**_local_folders(), name: str(path.resolve())}
    target = _local_file()
    partial = target.with_suffix(".tmp")
    partial.write_text(json.dumps(folders, indent=2))
    os.replace(partial, target)
    return entry(LOCAL_PREFIX + name)


def check_folder(path: Path) -> Path:
    """Return `path` if it holds a model in Hugging Face layout as safetensors, else ModelError."""
    if not (path / "config.json").is_file():
        raise ModelError(
            f"The folder {path.name!r} holds no config.json.",
            "Choose a folder in Hugging Face layout: config.json, tokenizer and *.safetensors.",
        )
    if not list(path.glob("*.safetensors")):
        raise ModelError(
            f"The folder {path.name!r} holds no *.safetensors file.",
            "Other weight formats can run code when opened and are not loaded; convert it first.",
        )
    if not (path / "tokenizer_config.json").is_file() and not (path / "tokenizer.json").is_file():
        raise ModelError(
            f"The folder {path.name!r} holds no tokenizer.",
            "Copy tokenizer.json and tokenizer_config.json of the model into it.",
        )
    return path


def _local_file() -> Path:
    return settings.models_folder() / "local.json"


def _local_folders() -> dict[str, str]:
    try:
        return dict(json.loads(_local_file().read_text()))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise ModelError(
            "The list of local models cannot be read.",
            f"Delete {_local_file().name} in the models folder and add them again.",
        ) from error
