"""Redrawing articles quickly gives what a plain loop gives."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl
import pytest
from measured import NET, QUICK, SHARE, lean, outlets_of, tables
from scipy.sparse import csr_array

import framing.measure.interval
import framing.measure.ratio
from framing.errors import ConfigError
from framing.measure import Bootstrap, measure, parse
from framing.measure.interval import Floats

ARTICLES, RESAMPLES = 60, 200
ROWS: dict[str, Callable[[np.random.Generator], Floats]] = {
    "full": lambda random: random.integers(1, 5, ARTICLES).astype(float),
    "sparse": lambda random: np.where(np.arange(ARTICLES) < 3, 2.0, 0.0),
    "thirds": lambda random: random.integers(0, 4, ARTICLES) / 3,
    "beyond single precision": lambda random: random.integers(1 << 22, 1 << 26, ARTICLES).astype(float),
    "empty": lambda random: np.zeros(ARTICLES),
    "below zero": lambda random: random.integers(-2, 3, ARTICLES).astype(float),
}


def looped(rows: Floats, resamples: int, random: np.random.Generator) -> Floats:
    """Redraw articles one resample after the other, as one would write it first."""
    draws = [random.integers(0, rows.shape[1], rows.shape[1]) for _ in range(resamples)]
    return np.stack([rows[:, drawn].sum(axis=1) for drawn in draws], axis=1)


@pytest.mark.parametrize("kind", ROWS)
def test_sums_are_those_of_a_plain_loop_with_the_same_draws(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(framing.measure.interval, "BLOCK", 16 * ARTICLES)  # several blocks, the last one shorter
    others = [make(np.random.default_rng(1)) for make in ROWS.values()]
    rows = np.stack([ROWS[kind](np.random.default_rng(2)), *others])
    sums = Bootstrap(resamples=RESAMPLES).sums(csr_array(rows), np.random.default_rng(3))
    expected = looped(rows, RESAMPLES, np.random.default_rng(3))
    if kind == "thirds":
        np.testing.assert_allclose(sums, expected, rtol=1e-12)
    else:
        np.testing.assert_array_equal(sums[0], expected[0])


def test_standard_errors_and_ends_are_those_of_a_plain_loop_with_draws_of_its_own() -> None:
    """Both have 10,000 draws: bounds are four Monte-Carlo standard errors of the difference between two such."""
    resamples = 10_000
    said = lean("a", ARTICLES, seed=6)
    articles = sorted(outlets_of(said))
    side = {"support": 1, "oppose": -1, "neutral": 0}
    counts = np.zeros((4, ARTICLES))
    for article, speaker, label in said:
        at = articles.index(article)
        counts[0, at] += speaker == "lee"
        counts[1, at] += 1
        counts[2, at] += side.get(label, 0)
        counts[3, at] += label in side
    redrawn = Bootstrap(resamples=resamples).sums(csr_array(counts), np.random.default_rng(1))
    plain = looped(counts, resamples, np.random.default_rng(2))
    found = measure(tables(said, outlets_of(said)), [*SHARE, *NET], interval=Bootstrap(resamples=resamples), seed=5)
    share = next(each for each in found if each.group.get("speaker") == "lee")
    for above, estimate in ((0, share), (2, found[-1])):
        ours, theirs = (sums[above] / sums[above + 1] for sums in (redrawn, plain))
        error = theirs.std()
        assert ours.std() == pytest.approx(error, rel=4 / np.sqrt(resamples))
        density = 0.0584  # of the standard normal at 1.96
        bound = 4 * np.sqrt(2) * error * np.sqrt(0.025 * 0.975 / resamples) / density
        assert [estimate.low, estimate.high] == pytest.approx(np.quantile(theirs, [0.025, 0.975]), abs=bound)


def test_groups_redrawn_side_by_side_get_the_intervals_of_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    said = [each for number, outlet in enumerate("abcdef") for each in lean(outlet, 12, seed=number)]
    made = tables(said, outlets_of(said))
    found = []
    for threads in (1, 4):
        monkeypatch.setattr(pl, "thread_pool_size", lambda threads=threads: threads)
        found.append(measure(made, [*SHARE, *NET], interval=QUICK))
    assert found[0] == found[1]


def test_more_groups_and_speakers_than_one_number_can_tell_apart_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    said = lean("a", 20, seed=3) + lean("b", 20, seed=4)
    made = tables(said, outlets_of(said))
    speakers = made["statements"]["speaker_id"].n_unique()
    monkeypatch.setattr(framing.measure.ratio, "MOST", 2 * speakers * 40)
    with pytest.raises(ConfigError, match=f"{speakers} values of speaker in 2 groups of 40 articles"):
        measure(made, SHARE, interval=QUICK)
    monkeypatch.setattr(framing.measure.ratio, "MOST", 2 * speakers * 40 + 1)
    assert measure(made, SHARE, interval=QUICK)


def test_the_same_speakers_are_measured_whatever_else_the_table_of_speakers_holds() -> None:
    said = lean("a", 20, seed=3)
    made = tables(said, outlets_of(said))
    alone = measure(made, [*SHARE, parse("stance_share(target=open_door)")], interval=QUICK)
    made["speakers"] = pl.DataFrame({"speaker_id": ["aaron", "jones", "lee", "smith", "zoe"], "kind": ["person"] * 5})
    assert measure(made, [*SHARE, parse("stance_share(target=open_door)")], interval=QUICK) == alone
