"""A model folder keeps its weights small, near to what they were, and says what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from framing.encoders.folder import ARRAYS, LARGE, SCALE, packed, read_folder, unpacked, write_folder
from framing.errors import ModelError


def arrays() -> dict[str, np.ndarray]:
    random = np.random.default_rng(0)
    table = random.normal(size=(512, 256)).astype(np.float32) * random.uniform(0.001, 100, size=(512, 1))
    table[7] = 0
    return {"table": table, "bias": random.normal(size=300), "small": random.normal(size=(4, 4))}


def test_large_matrices_move_by_less_than_half_a_step_of_their_row() -> None:
    table = arrays()["table"]
    again = unpacked(packed({"table": table}))["table"]
    steps = np.abs(table).max(axis=1, keepdims=True) / 127
    assert np.all(np.abs(again - table) <= steps * 0.5001)
    assert not again[7].any()


def test_everything_else_is_kept_in_halves() -> None:
    again = unpacked(packed(arrays()))
    assert again.keys() == arrays().keys()
    for name in ("bias", "small"):
        np.testing.assert_allclose(again[name].astype(float), arrays()[name], rtol=1e-3, atol=1e-6)


def test_a_folder_is_a_quarter_of_its_weights_in_size_and_reads_back(tmp_path: Path) -> None:
    written = {"table": np.ones((1024, LARGE // 256), dtype=np.float32)}
    write_folder(tmp_path, {"task": "quotes"}, written, "card")
    assert (tmp_path / ARRAYS).stat().st_size < written["table"].nbytes * 0.27
    np.testing.assert_allclose(read_folder(tmp_path, "quotes").arrays["table"], written["table"], rtol=1e-6)


def test_weights_without_their_scale_are_reported_as_damaged(tmp_path: Path) -> None:
    write_folder(tmp_path, {"task": "quotes"}, arrays(), "card")
    kept = load_file(tmp_path / ARRAYS)
    save_file({name: array for name, array in kept.items() if not name.endswith(SCALE)}, tmp_path / ARRAYS)
    with pytest.raises(ModelError, match="damaged or truncated"):
        read_folder(tmp_path, "quotes")
