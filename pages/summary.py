"""The summary page."""

import streamlit as st

st.title("Summary")
