"""A plan asks for as many articles as an interval of the half width needs."""

from __future__ import annotations

import math
from pathlib import Path

import measured
import numpy as np
import pytest
from chain import TARGET, install, row, run

from framing import pipeline
from framing.coding.plan import as_text, plan


@pytest.fixture(autouse=True)
def parts(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch)


def test_the_plan_is_worked_by_hand(tmp_path: Path) -> None:
    # One statement an article, half support and half oppose, and as many articles again with nothing on target:
    # S² = 1, D = 1 but for n - 1, m = 1, q = 1/2, so n = 1.96² / 0.1² × 2 = 768.3.
    rows = [row(f"a{n:03}", "Ledger", f"Lee: {('yes', 'no', 'weather', 'weather')[n % 4]}") for n in range(200)]
    loaded = pipeline.load_tables(run(tmp_path, rows))
    net = plan(loaded, [TARGET], half_width=0.1)[0]
    assert net.metric == "net_stance(target=open_door)"
    assert net.needed == pytest.approx(1.95996**2 / 0.1**2 * 2, abs=1)
    assert net.available == 200
    assert net.reached == pytest.approx(1.95996 * math.sqrt(2 / 200), abs=1e-4)
    assert "all give ±0.196" in as_text([net], 0.1)


def test_as_many_articles_as_planned_vary_by_the_half_width_that_was_asked_for() -> None:
    random = np.random.default_rng(5)
    sides = random.choice(["support", "oppose", "neutral", "unrelated"], size=4000, p=[0.3, 0.2, 0.2, 0.3])
    said: list[tuple[str, str | None, str]] = []
    for number, side in enumerate(sides):
        mixed = random.choice(["support", "oppose", "unrelated"], size=int(random.integers(1, 6)))
        kept = np.where(random.random(len(mixed)) < 0.6, side, mixed)
        said += [(f"a{number:04}", "lee", str(label)) for label in kept]
    tables = measured.tables(said, {f"a{number:04}": "Ledger" for number in range(4000)})
    net = plan(tables, [TARGET], half_width=0.1)[0]
    assert net.needed is not None
    assert net.needed > 100
    signs = {"support": 1, "oppose": -1, "neutral": 0}
    above, below = np.zeros(4000), np.zeros(4000)
    for article, _, label in said:
        above[int(article[1:])] += signs.get(label, 0)
        below[int(article[1:])] += label in signs
    drawn = random.integers(0, 4000, size=(2000, net.needed))
    spread = np.std(above[drawn].sum(axis=1) / below[drawn].sum(axis=1))
    assert 1.96 * spread == pytest.approx(0.1, rel=0.06)


def test_no_fewer_articles_are_advised_than_an_interval_needs(tmp_path: Path) -> None:
    rows = [row(f"a{n:02}", "Ledger", f"Lee: {('yes', 'no', 'maybe')[n % 3]}") for n in range(30)]
    for need in plan(pipeline.load_tables(run(tmp_path, rows)), [TARGET], half_width=0.9):
        assert need.needed == 20


def test_where_nothing_varies_the_plan_says_so(tmp_path: Path) -> None:
    loaded = pipeline.load_tables(run(tmp_path, [row(f"a{n}", "Ledger", "Lee: yes") for n in range(5)]))
    net = plan(loaded, [TARGET], half_width=0.1)[0]
    assert net.needed is None
    assert net.note == "no spread between articles to plan by"
