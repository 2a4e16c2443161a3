"""Save and fingerprint LoRA adapters: safetensors and a config, nothing else."""

import hashlib
import json
from pathlib import Path
from typing import Any

WEIGHTS = "adapter_model.safetensors"


def save(model: Any, folder: Path, model_id: str) -> str:
    """Save the active adapter of a PEFT model and return the SHA-256 of its weights.

    The base model is named by its catalogue id, so that the folder holds no path of this machine.
    No adapter changes the embeddings; unless told so, the library would look the model up on a hub.
    """
    model.save_pretrained(folder, safe_serialization=True, save_embedding_layers=False)
    config_file = folder / "adapter_config.json"
    config = json.loads(config_file.read_text())
    config["base_model_name_or_path"] = model_id
    config_file.write_text(json.dumps(config, indent=2, sort_keys=True))
    for extra in ("README.md", "training_args.bin"):
        (folder / extra).unlink(missing_ok=True)
    return fingerprint(folder)


def fingerprint(folder: Path) -> str:
    """Return the SHA-256 of the adapter's weights, in hex."""
    return hashlib.sha256((folder / WEIGHTS).read_bytes()).hexdigest()
