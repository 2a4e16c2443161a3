"""Load a catalogue model and its tokenizer from this machine, never from the hub."""

from typing import TYPE_CHECKING, Any, Literal

from rft_core.errors import ModelError
from rft_core.models import catalogue

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

DtypeName = Literal["float32", "bfloat16"]
Attention = Literal["eager", "sdpa"]


def load_tokenizer(model_id: str) -> "PreTrainedTokenizerBase":
    """Load the tokenizer; ModelError if it lacks a chat template or an end-of-text token."""
    from transformers import AutoTokenizer

    tokenizer: Any = AutoTokenizer.from_pretrained(
        catalogue.prepare(model_id), local_files_only=True, padding_side="left"
    )
    if tokenizer.chat_template is None:
        raise ModelError(
            f"The model {model_id!r} has no chat template.",
            "Choose an instruct model; a base model does not know questions from answers.",
        )
    if tokenizer.eos_token_id is None:
        raise ModelError(
            f"The model {model_id!r} names no end-of-text token.",
            "Set eos_token in its tokenizer_config.json.",
        )
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    return tokenizer


def load_model(model_id: str, dtype: DtypeName, attention: Attention = "sdpa") -> "PreTrainedModel":
    """Load the weights in `dtype` onto the GPU if there is one, else the CPU, in eval mode.

    Raises ModelError if the folder cannot be loaded.
    """
    import torch
    from transformers import AutoModelForCausalLM

    folder = catalogue.prepare(model_id)
    try:
        model: Any = AutoModelForCausalLM.from_pretrained(
            folder,
            dtype=getattr(torch, dtype),
            attn_implementation=attention,
            local_files_only=True,
            use_safetensors=True,
        )
    except (OSError, ValueError, RuntimeError) as error:
        raise ModelError(
            f"The model {model_id!r} cannot be loaded ({type(error).__name__}).",
            "Download it again, or choose another model.",
        ) from error
    model.config._name_or_path = model_id
    model.name_or_path = model_id
    return model.to(device_name()).eval()


def device_name() -> str:
    """Return "cuda" where a CUDA GPU can be used, else "cpu"."""
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


def free_memory_gb() -> float:
    """Return the free memory, in GB (2^30 bytes), of the GPU if there is one, else of the CPU."""
    import psutil
    import torch

    if torch.cuda.is_available():
        return float(torch.cuda.mem_get_info()[0] / 2**30)
    return float(psutil.virtual_memory().available / 2**30)
