"""Models are found, or a sentence says how to get them."""

import json
import stat
from pathlib import Path

import pytest

from rft_core import settings
from rft_core.errors import ModelError
from rft_core.models import catalogue, embedded


def test_the_embedded_model_is_here_before_it_is_unpacked() -> None:
    assert catalogue.is_here("embedded")
    assert catalogue.folder("embedded") is None


def test_a_missing_hub_model_says_how_to_get_it() -> None:
    assert not catalogue.is_here("qwen3-0.6b")
    with pytest.raises(ModelError, match=r"not on this machine.*download qwen3-0\.6b"):
        catalogue.folder("qwen3-0.6b")


def test_an_unknown_model_names_the_known_ones() -> None:
    with pytest.raises(ModelError, match=r"no model called 'gpt-9'.*embedded"):
        catalogue.entry("gpt-9")


def test_every_entry_says_licence_and_memory() -> None:
    for entry in catalogue.ENTRIES:
        assert entry.licence
        assert entry.tuning_gb
        assert entry.origin == "embedded" or (entry.hub_id and entry.download_mb)


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ([], "no config.json"),
        (["config.json"], r"no \*\.safetensors"),
        (["config.json", "pytorch_model.bin"], r"no \*\.safetensors"),
        (["config.json", "model.safetensors"], "no tokenizer"),
    ],
)
def test_a_folder_that_is_no_model_is_refused(
    tmp_path: Path, files: list[str], sentence: str
) -> None:
    for name in files:
        (tmp_path / name).write_text("{}")
    with pytest.raises(ModelError, match=sentence):
        catalogue.add_local("mine", tmp_path)
    assert all(entry.origin != "local" for entry in catalogue.entries())


def test_a_local_folder_is_listed_by_name_not_by_path(tmp_path: Path) -> None:
    for name in ("config.json", "model.safetensors", "tokenizer.json"):
        (tmp_path / name).write_text("{}")
    entry = catalogue.add_local("mine", tmp_path)
    assert entry.id == "local:mine"
    assert catalogue.folder("local:mine") == tmp_path
    assert str(tmp_path) not in entry.model_dump_json()
    with pytest.raises(ModelError, match="cannot be a model's name"):
        catalogue.add_local("../up", tmp_path)


def test_a_changed_model_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = tmp_path / embedded.GGUF_NAME
    fake.write_bytes(b"GGUF")
    monkeypatch.setattr(embedded, "find_gguf", lambda: fake)
    with pytest.raises(ModelError, match="fingerprint"):
        embedded.convert()
    assert not embedded.is_converted()


def test_the_home_folder_is_private(home: Path) -> None:
    settings.home()
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


def test_a_damaged_list_of_local_models_is_a_sentence() -> None:
    (settings.models_folder() / "local.json").write_text(json.dumps([1])[:2])
    with pytest.raises(ModelError, match="cannot be read"):
        catalogue.entries()
