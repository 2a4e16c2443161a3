"""`python -m rft_core` is the command `rft`."""

from rft_core.cli import app

app()
