"""Fixtures that several files of tests share."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Train a tiny stance encoder once."""
    from stance_training import training  # torch is slow to import, and most tests do without

    return training(tmp_path_factory.mktemp("stance"))()
