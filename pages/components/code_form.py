"""A criterion's own Python code as a form."""

import streamlit as st

EXAMPLE = """\
def grade(sample, item):
    # The share of the expert answer's words that the answer has.
    answer = set(sample["output_text"].lower().split())
    expected = set(item["reference_answer"].lower().split())
    return len(answer & expected) / len(expected)
"""


def show(label: str, about: str, code: str, key: str) -> str:
    """Draw the code, an example where there is none yet, and return it as it stands."""
    return st.text_area(
        label, code or EXAMPLE, height="content", key=key, help=about, persist_state="session"
    )
