"""Where things lie on disk and how large they may be.

Environment variables: `RFT_HOME` (the home folder; default the platform's user data folder);
`RFT_PYTHON_CHECKS` ("off": criteria in Python code are kept and not run).
Those of the AI grader are in `rft_core.models.endpoint`.
"""

import os
from pathlib import Path

import platformdirs

MAX_UPLOAD_MB = 20
MAX_EXAMPLES = 5_000
MAX_TEXT_CHARS = 100_000
"""Longest prompt or answer that is taken in, in characters."""
MIN_TRAIN_EXAMPLES = 8
MIN_HELDOUT_EXAMPLES = 6
"""With fewer no verdict is possible: of five pairs no test can reach p < 0.05."""


def home() -> Path:
    """Return the home folder, created with mode 0700."""
    path = Path(os.environ.get("RFT_HOME") or platformdirs.user_data_path("rft-studio"))
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.chmod(0o700)
    return path


def models_folder() -> Path:
    """Return the folder of converted and downloaded models."""
    return _private(home() / "models")


def jobs_folder() -> Path:
    """Return the folder in which every job has a folder of its own."""
    return _private(home() / "jobs")


def samples_folder() -> Path:
    """Return the folder of the samples that ship with the app."""
    return Path(__file__).resolve().parent.parent / "sample_data"


def python_checks_are_on() -> bool:
    """Say whether Python code in criteria is run; it should not be on a server for strangers."""
    said = os.environ.get("RFT_PYTHON_CHECKS", "").strip().lower()
    return said in ("", "on", "1", "true", "yes")


def _private(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path
