"""Let a model attend by a function of ours for a while."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def attention_in_use(causal: Any, function: Callable[..., Any]) -> Iterator[None]:
    """Let `causal` attend by `function`, which takes care of what may be seen: no mask is made.

    Keyword arguments given to the model reach the function (transformers' attention interface).
    """
    from transformers import AttentionInterface, AttentionMaskInterface

    name = f"rft_{function.__name__}"
    AttentionInterface.register(name, function)
    AttentionMaskInterface.register(name, lambda *_, **__: None)
    before = causal.config._attn_implementation
    causal.config._attn_implementation = name
    try:
        yield
    finally:
        causal.config._attn_implementation = before
