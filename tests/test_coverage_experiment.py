"""A short form of the coverage experiment: right formulas pass it, wrong ones do not."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

import pytest

from framing.measure import prediction_powered
from framing.measure.interval import Bootstrap, Floats

KEYS = {"estimator", "bias", "coverage", "width"}


@pytest.fixture(scope="module")
def coverage() -> ModuleType:
    path = Path(__file__).parents[1] / "experiments" / "coverage.py"
    spec = importlib.util.spec_from_file_location("coverage", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def wide(coverage: ModuleType) -> Any:
    """Return bounds that 240 corpora miss by chance about once in a thousand times, were the seed not fixed."""
    return coverage.Bounds(corrected=(0.90, 0.99), bias=0.015, clustered=(0.89, 0.99), naive=0.88, width=0.65)


def test_sixty_repetitions_reach_the_targets_with_wide_bounds(coverage: ModuleType, tmp_path: Path) -> None:
    out = tmp_path / "coverage.json"
    coverage.main(["--repetitions", "60", "--json", str(out)])
    rows = json.loads(out.read_text(encoding="utf-8"))
    assert all(set(row) == KEYS for row in rows)
    assert coverage.missed(rows, wide(coverage)) == []
    by_name = {row["estimator"]: row for row in rows}
    assert by_name["classify and count"]["coverage"] < 0.05
    assert by_name["Rogan–Gladen, pooled error rates"]["coverage"] < 0.05
    assert by_name["hand labels only"]["coverage"] > 0.9


def repeated(coverage: ModuleType) -> list[str]:
    """Say what 40 corpora miss."""
    said: list[str] = coverage.missed(coverage.repeat(10, seed=0), wide(coverage))
    return said


def halved(parts: Callable[..., Floats]) -> Callable[..., Floats]:
    return lambda *args, **options: parts(*args, **options) / 2


def test_half_the_standard_error_is_noticed(coverage: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prediction_powered, "_parts", halved(prediction_powered._parts))
    assert any("clustered by article covers" in said for said in repeated(coverage))


def test_a_correction_that_trusts_the_classifier_is_noticed(
    coverage: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def trusting(predicted: Any, gold: Any, weights: Floats, *, lam: float | None = None) -> Any:
        return prediction_powered.ratio(predicted, gold if lam == 0.0 else predicted, weights, lam=lam)

    monkeypatch.setattr(coverage, "ratio", trusting)
    assert any("clustered by article is off by" in said for said in repeated(coverage))


def test_labels_by_hand_alone_are_too_wide_to_pass(coverage: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prediction_powered, "tuned", lambda *_: 0.0)
    assert any("as wide as hand labels only" in said for said in repeated(coverage))


def test_articles_redrawn_too_narrowly_are_noticed(coverage: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    def narrow(
        *, level: float, resamples: int, method: Literal["percentile", "studentised"] = "percentile"
    ) -> Bootstrap:
        return Bootstrap(level=level - 0.2, resamples=resamples, method=method)

    monkeypatch.setattr(coverage, "Bootstrap", narrow)
    assert any("articles redrawn covers" in said for said in repeated(coverage))
