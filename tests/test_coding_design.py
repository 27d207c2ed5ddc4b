"""Articles are drawn with known probabilities, and samples without them are refused."""

from __future__ import annotations

import math
from pathlib import Path

import polars as pl
import pytest

from framing.coding.design import draw, read_sample
from framing.errors import ConfigError, CorpusError


def articles(**outlets: int) -> pl.DataFrame:
    ids = [(f"{outlet}{number:03}", outlet) for outlet, size in outlets.items() for number in range(size)]
    schema = {"article_id": pl.String, "outlet": pl.String}
    return pl.DataFrame(ids, schema=schema, orient="row").with_columns(published=pl.lit(None, pl.Date))


def drawn_ids(size: int, seed: int = 1, **outlets: int) -> set[str]:
    return set(draw(articles(**outlets), size=size, by=("outlet",), seed=seed).articles["article_id"])


def test_every_article_of_an_outlet_has_the_same_probability_and_all_are_taken_where_there_are_no_more() -> None:
    sample = draw(articles(Big=40, Small=6), size=10, by=("outlet",), seed=1)
    assert {tuple(stratum.group.values()): stratum[1:] for stratum in sample.strata} == {
        ("Big",): (40, 10, 0.25),
        ("Small",): (6, 6, 1.0),
    }
    weights = sample.articles.group_by("outlet").agg((1 / pl.col("inclusion_probability")).sum())
    assert dict(weights.iter_rows()) == {"Big": 40.0, "Small": 6.0}


def test_over_many_seeds_each_article_is_drawn_as_often_as_its_probability_says() -> None:
    times = dict.fromkeys(articles(Big=8)["article_id"], 0)
    for seed in range(400):
        for article in drawn_ids(2, seed, Big=8):
            times[article] += 1
    spread = math.sqrt(400 * 0.25 * 0.75)
    assert all(abs(count - 100) < 4 * spread for count in times.values()), times


def test_the_draw_depends_on_the_seed_and_the_outlets_own_articles_alone() -> None:
    assert drawn_ids(5, Big=40) == drawn_ids(5, Big=40)
    assert drawn_ids(5, Big=40) != drawn_ids(5, seed=2, Big=40)
    assert drawn_ids(5, Big=40) == {each for each in drawn_ids(5, Big=40, Small=9) if each.startswith("Big")}


def test_a_larger_sample_contains_the_smaller_one() -> None:
    assert drawn_ids(5, Big=40) < drawn_ids(15, Big=40)


def test_the_order_of_coding_mixes_the_outlets() -> None:
    outlets = draw(articles(Big=40, Other=40), size=20, by=("outlet",), seed=1).articles["outlet"].to_list()
    assert outlets != sorted(outlets)


def test_articles_without_an_outlet_are_a_group_of_their_own() -> None:
    some = articles(Big=4).with_columns(outlet=pl.lit(None, pl.String))
    assert [stratum.group for stratum in draw(some, size=2, by=("outlet",), seed=1).strata] == [{"outlet": "(none)"}]


@pytest.mark.parametrize(
    ("size", "by", "said"),
    [
        (1, ("outlet",), "--articles 1: expected 2 or more"),
        (5, ("speaker_kind",), "--by speaker_kind: this groups statements"),
        (5, ("outlt",), "there is no grouping 'outlt'; did you mean 'outlet'"),
    ],
)
def test_a_sample_without_sense_is_refused(size: int, by: tuple[str, ...], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        draw(articles(Big=40), size=size, by=by, seed=1)


@pytest.mark.parametrize("probability", ["0", "1.5", "-0.1", "", "half"])
def test_a_sample_with_a_probability_of_0_or_above_1_is_refused(tmp_path: Path, probability: str) -> None:
    path = tmp_path / "sample.csv"
    path.write_text(f"article_id,inclusion_probability\nBig001,{probability}\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"sample row 1 \(article 'Big001'\): inclusion_probability is"):
        read_sample(path, articles(Big=3))
