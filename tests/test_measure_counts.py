"""Sums by article do not depend on how articles and speakers are written."""

from __future__ import annotations

import polars as pl

from framing.measure.counts import tally

UNITS = pl.DataFrame(
    {
        "article_id": ["a2", "a1", "a2", "a1", "a2"],
        "speaker": ["lee", "smith", "lee", "lee", "smith"],
        "numerator": [1.0, 0.5, 2.0, 1.0, 1.0],
        "denominator": [1.0, 1.0, 2.0, 1.0, 3.0],
    }
)
NUMBERED = UNITS.with_columns(
    pl.col("article_id").str.slice(1).cast(pl.UInt32), pl.col("speaker").cast(pl.Enum(["lee", "smith"]))
)


def test_statements_are_summed_by_article_and_speaker() -> None:
    counts = tally(UNITS, keys=("speaker",))
    assert counts.numerator.sort("article_id", "speaker").rows() == [
        ("a1", "lee", 1.0, 1.0, 1.0),
        ("a1", "smith", 0.5, 0.25, 0.5),
        ("a2", "lee", 3.0, 5.0, 5.0),
        ("a2", "smith", 1.0, 1.0, 3.0),
    ]
    assert counts.denominator.sort("article_id").rows() == [("a1", 2.0, 2.0, 2), ("a2", 6.0, 14.0, 3)]


def test_numbers_in_place_of_text_give_the_same_sums_in_order() -> None:
    for within in ((), ("speaker",)):
        text, numbers = (tally(units, keys=("speaker",), within=within) for units in (UNITS, NUMBERED))
        for plain, numbered, columns in (
            (text.numerator, numbers.numerator, ("article_id", "speaker")),
            (text.denominator, numbers.denominator, ("article_id", *within)),
        ):
            sums = pl.exclude("article_id", "speaker")
            assert numbered.select(sums).equals(plain.sort(columns).select(sums))


def test_more_combinations_than_a_number_can_hold_are_summed_too() -> None:
    wide = NUMBERED.with_columns((pl.col("article_id").cast(pl.UInt64) * (1 << 62)).alias("article_id"))
    assert tally(wide, keys=("speaker",)).numerator["numerator"].sum() == UNITS["numerator"].sum()


def test_denominators_split_by_some_of_the_keys_are_summed_over_the_others() -> None:
    for units in (UNITS, NUMBERED):
        named = units.with_columns(label=pl.Series(["a", "a", "b", "b", "a"], dtype=pl.Enum(["a", "b"])))
        counts = tally(named, keys=("speaker", "label"), within=("speaker",))
        assert counts.numerator.height == 5
        assert counts.denominator.sort("article_id", "speaker")["denominator"].to_list() == [1.0, 1.0, 3.0, 3.0]


def test_statements_without_a_key_stay_with_their_articles() -> None:
    for units in (UNITS, NUMBERED):
        nameless = units.with_columns(speaker=pl.when(pl.col("speaker") == "lee").then("speaker"))
        counts = tally(nameless, keys=("speaker",))
        unnamed = counts.numerator.filter(pl.col("speaker").is_null()).sort("article_id")
        assert unnamed["numerator"].to_list() == [0.5, 1.0]
