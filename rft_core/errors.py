"""The errors that RFT Studio raises on purpose.

    RftError
    ├── InputError        a file, example, rubric or setting that cannot be used as it is
    ├── ModelError        a model that is missing, damaged or does not fit
    ├── JobError          a job that cannot start or did not finish
    └── StoreError        the database or the home folder

Each carries what happened (with the offending value) and what to do about it. Pages show both as
sentences, the command line prints them on one line; neither shows a traceback.
"""


class RftError(Exception):
    """An expected failure: `message` says what happened, `fix` what to do."""

    def __init__(self, message: str, fix: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix

    def __str__(self) -> str:
        return f"{self.message} {self.fix}".strip()


class InputError(RftError):
    """A file, an example, a rubric or a setting that cannot be used as it is."""


class ModelError(RftError):
    """A model that is missing, damaged or does not fit."""


class JobError(RftError):
    """A job that cannot start or did not finish."""


class StoreError(RftError):
    """The database or the home folder cannot be used."""
