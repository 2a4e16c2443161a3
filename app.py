"""RFT Studio's server: security headers, navigation. Pages are in pages/."""

import streamlit as st
from starlette.middleware import Middleware

from pages.components.security import SecurityHeaders
from pages.components.shell import navigation


def main() -> None:
    st.set_page_config(page_title="RFT Studio", page_icon=":material/balance:", layout="wide")
    navigation().run()


app = st.App(__file__, middleware=[Middleware(SecurityHeaders)])

if __name__ == "__main__":
    main()
