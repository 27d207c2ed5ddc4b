"""The benchmark of the measures runs and writes what it says."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path


def test_the_benchmark_writes_its_figures(tmp_path: Path) -> None:
    path = Path(__file__).parent.parent / "experiments" / "bench_measures.py"
    spec = importlib.util.spec_from_file_location("bench_measures", path)
    assert spec is not None
    assert spec.loader is not None
    bench = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bench)
    out = tmp_path / "bench.json"
    sizes = ["--statements", "2000", "--outlets", "3", "--resamples", "20", "--min-statements", "5"]
    bench.main([*sizes, "--json", str(out)])
    figures = json.loads(out.read_text(encoding="utf-8"))
    assert figures["estimates"] > 0
    assert figures["seconds"] > 0
    assert figures["ratio"] > 0
