"""The benchmark of the readers runs and writes what it says."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest


@pytest.mark.parametrize("name", ["jsonl", "csv", "parquet"])
def test_the_benchmark_writes_its_figures(tmp_path: Path, name: str) -> None:
    path = Path(__file__).parent.parent / "experiments" / "bench_corpora.py"
    spec = importlib.util.spec_from_file_location("bench_corpora", path)
    assert spec is not None
    assert spec.loader is not None
    bench = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bench)
    out = tmp_path / "bench.json"
    bench.main(["--megabytes", "0.1", "--format", name, "--known-language", "--json", str(out)])
    figures = json.loads(out.read_text(encoding="utf-8"))
    assert figures["articles"] > 20
    assert figures["articles_a_cpu_second"] > 0
