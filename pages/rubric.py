"""The rubric page."""

import streamlit as st

st.title("Rubric")
