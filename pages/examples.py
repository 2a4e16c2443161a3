"""The examples page."""

import streamlit as st

st.title("Examples")
