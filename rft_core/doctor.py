"""What this machine has, and what will be slow on it. Imports no torch."""

import importlib.util
import os
import platform
import shutil
from importlib.metadata import PackageNotFoundError, version
from typing import Literal

import psutil

from rft_core import settings
from rft_core.checks.sandbox import CodeError, call_grade
from rft_core.errors import RftError
from rft_core.models import catalogue, embeddings, endpoint, timing
from rft_core.records import Record

NEEDED_MEMORY_GB = 6
NEEDED_DISK_GB = 3
PACKAGES = ("torch", "transformers", "trl", "peft", "streamlit", "duckdb")


class Finding(Record):
    """One thing about the machine."""

    state: Literal["good", "slow", "missing"]
    text: str


def examine() -> list[Finding]:
    """Return what matters for tuning here, one sentence each."""
    return [
        _python(),
        *(_package(name) for name in PACKAGES),
        _processor(),
        _memory(),
        _disk(),
        _embedded(),
        _meaning(),
        _python_code(),
        _ai_grader(),
        _timing(),
    ]


def _python() -> Finding:
    found = platform.python_version()
    good = found.startswith(("3.11.", "3.12."))
    return Finding(
        state="good" if good else "missing",
        text=f"Python {found}" + ("." if good else "; 3.11 or 3.12 is needed."),
    )


def _package(name: str) -> Finding:
    try:
        return Finding(state="good", text=f"{name} {version(name)}.")
    except PackageNotFoundError:
        return Finding(state="missing", text=f"{name} is not installed. Run `make app` again.")


def _processor() -> Finding:
    cores = psutil.cpu_count(logical=False) or os.cpu_count() or 1
    flags = _cpu_flags()
    fast = "avx512_bf16" in flags or "amx_bf16" in flags
    kind = "with fast 16-bit arithmetic" if fast else "without fast 16-bit arithmetic: slower"
    gpu = " An NVIDIA driver was found." if shutil.which("nvidia-smi") else " No GPU was found."
    return Finding(state="good" if fast else "slow", text=f"{cores} cores {kind}.{gpu}")


def _memory() -> Finding:
    free = psutil.virtual_memory().available / 2**30
    good = free >= NEEDED_MEMORY_GB
    text = f"{free:.1f} GB of memory free; tuning the embedded model needs {NEEDED_MEMORY_GB} GB."
    return Finding(state="good" if good else "slow", text=text)


def _disk() -> Finding:
    free = shutil.disk_usage(settings.home()).free / 2**30
    good = free >= NEEDED_DISK_GB
    text = f"{free:.0f} GB free where the data lies ({settings.home()})."
    return Finding(state="good" if good else "missing", text=text)


def _embedded() -> Finding:
    try:
        unpacked = catalogue.folder(catalogue.EMBEDDED_ID) is not None
    except RftError as error:
        return Finding(state="missing", text=str(error))
    state = "unpacked" if unpacked else "installed; it is unpacked at the first use (half a minute)"
    return Finding(state="good", text=f"The embedded model is {state}.")


def _meaning() -> Finding:
    if importlib.util.find_spec(embeddings.PACKAGE) is None:
        return Finding(state="missing", text="The model that compares meaning is not installed.")
    return Finding(state="good", text="The model that compares meaning is installed.")


def _python_code() -> Finding:
    """Say whether criteria in Python code are run, after having run one."""
    if not settings.python_checks_are_on():
        return Finding(
            state="good", text="Python code in criteria is switched off (RFT_PYTHON_CHECKS)."
        )
    try:
        call_grade("def grade(sample, item):\n    return 1", {}, {})
    except CodeError as error:
        return Finding(state="missing", text=f"Python code in criteria cannot be run: {error}.")
    return Finding(
        state="good",
        text="Python code in criteria is run, by itself and apart; where others can reach this "
        "app, switch it off with RFT_PYTHON_CHECKS=off.",
    )


def _ai_grader() -> Finding:
    try:
        found = endpoint.setup()
    except RftError as error:
        return Finding(state="missing", text=str(error))
    if found is None:
        text = "No AI grader is set up; only criteria that ask one need it."
    else:
        where = "on this machine" if found.is_here else "cases and answers are sent there"
        text = f'The AI grader is "{found.model}" at {found.host}; {where}.'
    return Finding(state="good", text=text)


def _timing() -> Finding:
    measured = timing.saved(catalogue.EMBEDDED_ID)
    if measured is None:
        return Finding(state="slow", text="This machine has not been timed; a run does it first.")
    text = (
        f"Timed: {measured.train_tokens_per_s:.0f} tokens a second learned, "
        f"{measured.decode_tokens_per_s:.0f} written, in {measured.dtype}."
    )
    return Finding(state="good" if measured.train_tokens_per_s >= 150 else "slow", text=text)


def _cpu_flags() -> set[str]:
    try:
        with open("/proc/cpuinfo") as file:
            line = next((x for x in file if x.startswith("flags")), "")
    except OSError:
        return set()
    return set(line.split())
