"""RFT Studio's core: examples, rubric, training, honest evaluation. Never imports streamlit."""

__version__ = "0.1.0"
