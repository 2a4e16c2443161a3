"""Printing a page: the browser prints what is left when the app's own frame is hidden."""

import streamlit as st

_PRINT = """
<style>
@media print {
  [data-testid="stSidebar"], [data-testid="stHeader"], [data-testid="stToolbar"],
  .st-key-not-printed { display: none !important; }
  [data-testid="stAppViewContainer"], [data-testid="stMain"], .stApp {
    position: static !important; overflow: visible !important; height: auto !important;
  }
  [data-testid="stMainBlockContainer"] { padding: 0 !important; max-width: none !important; }
}
</style>
"""


def printable() -> None:
    """Hide the app's frame, and the container with the key "not-printed", on paper."""
    st.html(_PRINT)
