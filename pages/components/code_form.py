"""A criterion's own Python code as a form: the code, and what is wrong with it."""

import streamlit as st

from pages.components import plain
from rft_core.checks.python_code import fault_in

EXAMPLE = """\
def grade(sample, item):
    # The share of the expert answer's words that the answer has.
    answer = set(sample["output_text"].lower().split())
    expected = set(item["reference_answer"].lower().split())
    return len(answer & expected) / len(expected)
"""


def show(label: str, about: str, code: str, key: str) -> str:
    """Draw the code, an example where there is none yet, and return it as it stands."""
    text = st.text_area(
        label, code or EXAMPLE, height="content", key=key, help=about, persist_state="session"
    )
    fault = fault_in(text) if text.strip() else "there is no code yet"
    if fault:
        st.error(plain.label(f"{fault[0].upper()}{fault[1:]}.", 300), icon=":material/code_off:")
    return text
