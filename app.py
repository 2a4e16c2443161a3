"""RFT Studio's server: security headers, navigation. Pages are in pages/."""

import sys

import streamlit as st
from starlette.middleware import Middleware
from streamlit.runtime.pages_manager import PagesManager

from pages.components.security import SecurityHeaders
from pages.components.shell import navigation


def main() -> None:
    st.set_page_config(page_title="RFT Studio", page_icon="⚖️", layout="wide")
    navigation().run()


# While a page computes, the thread that sends what was drawn gets its turn this often (seconds).
# With Python's usual ten times as long, what stands there already would wait for what follows.
sys.setswitchinterval(0.0005)
# A folder called pages/ makes Streamlit serve its old navigation to whoever opens a page's own
# address before anyone has opened the first page.
PagesManager.uses_pages_directory = False
app = st.App(__file__, middleware=[Middleware(SecurityHeaders)])

if __name__ == "__main__":
    main()
