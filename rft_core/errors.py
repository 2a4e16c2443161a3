"""The errors that RFT Studio raises on purpose.

    RftError
    ├── InputError        a file, example, rubric or setting that cannot be used as it is
    ├── ModelError        a model that is missing, damaged or does not fit
    ├── JobError          a job that cannot start or did not finish
    └── StoreError        the database or the home folder

Each carries what happened (with the offending value) and what to do about it. Pages show both as
sentences, names of settings folded up; the command line prints all on one line. Neither shows a
traceback.
"""


class RftError(Exception):
    """An expected failure: `message` says what happened, `fix` what to do.

    `technical` says the same to whoever set up the app, with names of settings.
    """

    def __init__(self, message: str, fix: str = "", technical: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix
        self.technical = technical

    def __str__(self) -> str:
        return " ".join(filter(None, (self.message, self.fix, self.technical)))


class InputError(RftError):
    """A file, an example, a rubric or a setting that cannot be used as it is."""


class ModelError(RftError):
    """A model that is missing, damaged or does not fit."""


class JobError(RftError):
    """A job that cannot start or did not finish."""


class StoreError(RftError):
    """The database or the home folder cannot be used."""
