"""What tests of several pages do in them."""

from streamlit.testing.v1 import AppTest


def opened(page: AppTest, key: str) -> AppTest:
    """Open what is drawn only once it is opened."""
    page.session_state[key] = True
    return page.run()
