"""Layers stay apart: the core knows no streamlit, the app's process loads no torch."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHILD_ONLY = {"rft_core.jobs.__main__"}
HEAVY = ("torch", "transformers", "trl", "peft", "datasets", "streamlit")


def modules() -> list[str]:
    found = []
    for file in sorted((ROOT / "rft_core").rglob("*.py")):
        parts = file.relative_to(ROOT).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        if name not in CHILD_ONLY and parts[-1] != "__main__":
            found.append(name)
    return found


def test_every_module_imports_without_torch_and_streamlit() -> None:
    code = (
        "import importlib, sys\n"
        f"for name in {modules()!r}: importlib.import_module(name)\n"
        f"print(*[m for m in {HEAVY!r} if m in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert result.stdout.strip() == ""


def test_pages_load_no_torch() -> None:
    code = (
        "import sys\n"
        "from streamlit.testing.v1 import AppTest\n"
        "at = AppTest.from_file('app.py', default_timeout=30).run()\n"
        "assert not at.exception, at.exception\n"
        "assert at.title\n"
        "for page in ('home','examples','rubric','train','compare','dashboard','summary'):\n"
        "    at.switch_page(f'pages/{page}.py').run()\n"
        "    assert not at.exception, (page, at.exception)\n"
        "print(*[m for m in ('torch', 'transformers', 'trl', 'peft') if m in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert result.returncode == 0, result.stderr[-2000:]
    assert result.stdout.strip() == ""


def test_the_app_starts_without_what_few_files_need() -> None:
    code = (
        "import sys\n"
        "import rft_core.cli, rft_core.examples.importing, rft_core.store\n"
        "print(*[m for m in ('yaml', 'openpyxl', 'docx', 'pypdf') if m in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert result.stdout.strip() == ""


@pytest.mark.parametrize("name", modules())
def test_every_module_says_what_it_is_for(name: str) -> None:
    path = ROOT.joinpath(*name.split("."))
    file = path.with_suffix(".py") if path.with_suffix(".py").exists() else path / "__init__.py"
    text = file.read_text().strip()
    assert not text or text.startswith('"""'), f"{name} has no docstring"
