"""Selection against presentation: hand-worked terms, their sum, their intervals, and what cannot be split."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measured import NET, QUICK, Said, lean, outlets_of, tables

from framing.errors import ConfigError
from framing.measure import Bootstrap, Compare, parse
from framing.measure.decompose import Decompose
from framing.measure.kitagawa import terms
from framing.types import Estimate

Found = dict[str, Estimate]
HALVES = ["support", "oppose"]


def run_tables(said: list[Said], **columns: Any) -> Any:
    """Make the tables of a run in which the first letter of an article is its outlet."""
    made = tables(said, outlets_of(said))
    return {**made, "speakers": made["speakers"].with_columns(**columns)}


def split(made: Any, metrics: Any = NET, **options: Any) -> Found:
    """Decompose the difference of the only pair of outlets; the estimates by term."""
    interval = options.pop("interval", QUICK)
    found = Decompose(**options)(made, metrics, interval=interval, seed=3)
    assert {(each.group["outlet"], each.group["against"]) for each in found} <= {("a", "b")}
    return {each.group["term"]: each for each in found}


def values(found: Found) -> tuple[float | None, ...]:
    return tuple(found[term].value for term in ("difference", "selection", "presentation"))


def repeated(outlet: str, speaker: str, *labels: str) -> list[Said]:
    """Make an article of each label."""
    return [(f"{outlet}{speaker}{i}", speaker, label) for i, label in enumerate(labels)]


def test_two_common_speakers_give_the_terms_that_were_worked_by_hand() -> None:
    # a: lee 3 of 4 statements with mean +1/3, kim 1 of 4 with −1; b: lee 1 of 4 with −1, kim 3 of 4 with −1/3.
    said = [*repeated("a", "lee", "support", "support", "oppose"), *repeated("a", "kim", "oppose")]
    said += [*repeated("b", "lee", "oppose"), *repeated("b", "kim", "oppose", "neutral", "neutral")]
    found = split(run_tables(said))
    selection = (3 / 4 - 1 / 4) * (1 / 3 - 1) / 2 + (1 / 4 - 3 / 4) * (-1 - 1 / 3) / 2
    presentation = (3 / 4 + 1 / 4) / 2 * (1 / 3 + 1) + (1 / 4 + 3 / 4) / 2 * (-1 + 1 / 3)
    assert values(found) == pytest.approx((0 - (-1 / 2), selection, presentation))
    assert (selection, presentation) == pytest.approx((1 / 6, 1 / 3))
    assert (found["selection"].articles, found["selection"].statements) == (8, 8)
    assert found["presentation"].estimator == "Kitagawa term (ratio), article bootstrap 95%"
    assert "2 of 2 speakers heard in both, with 100% and 100% of what counts" in (found["selection"].note or "")


def test_the_same_speakers_in_the_same_shares_leave_only_presentation() -> None:
    said = [*repeated("a", "lee", *HALVES), *repeated("a", "kim", "support", "support")]
    said += [*repeated("b", "lee", "oppose", "oppose"), *repeated("b", "kim", *HALVES)]
    assert values(split(run_tables(said))) == pytest.approx((1.0, 0.0, 1.0))


def test_speakers_shown_alike_leave_only_selection() -> None:
    said = [*repeated("a", "lee", *["support"] * 3), *repeated("a", "kim", "oppose")]
    said += [*repeated("b", "lee", "support"), *repeated("b", "kim", *["oppose"] * 3)]
    assert values(split(run_tables(said))) == pytest.approx((1.0, 1.0, 0.0))


def test_speakers_of_one_outlet_alone_are_selection() -> None:
    # lee has half of each outlet and is shown alike; the other half is ana at +1 in a, and bob at −1 in b.
    said = [*repeated("a", "lee", *HALVES), *repeated("a", "ana", "support", "support")]
    said += [*repeated("b", "lee", *HALVES), *repeated("b", "bob", "oppose", "oppose")]
    found = split(run_tables(said))
    assert values(found) == pytest.approx((1.0, 1.0, 0.0))
    assert "1 of 3 speakers heard in both, with 50% and 50% of what counts" in (found["selection"].note or "")


def test_the_nameless_are_no_common_speaker() -> None:
    said: list[Said] = [*repeated("a", "lee", *HALVES), *repeated("b", "lee", *HALVES)]
    said += [("a9", "x@a9", "support"), ("a8", None, "support"), ("b9", "x@b9", "oppose"), ("b8", None, "oppose")]
    kind = pl.when(pl.col("speaker_id").str.contains("@")).then(pl.lit("anonymous")).otherwise("kind")
    assert values(split(run_tables(said, kind=kind))) == pytest.approx((1.0, 1.0, 0.0))


def test_kinds_of_speakers_can_be_what_is_common() -> None:
    said = [*repeated("a", "lee", *HALVES), *repeated("b", "kim", "oppose", "oppose")]
    found = split(run_tables(said), splits=("speaker_kind",))
    assert values(found) == pytest.approx((1.0, 0.0, 1.0))
    assert found["selection"].group["split"] == "speaker_kind"
    assert "1 of 1 kinds of speakers heard in both" in (found["selection"].note or "")


def test_a_speaker_without_an_affiliation_has_none_in_common() -> None:
    said = [*repeated("a", "lee", *HALVES), *repeated("a", "ana", "support", "support")]
    said += [*repeated("b", "kim", *HALVES), *repeated("b", "bob", "oppose", "oppose")]
    of = pl.col("speaker_id").replace_strict({"lee": "Norway", "kim": "Norway"}, default=None)
    assert values(split(run_tables(said, affiliation=of), splits=("affiliation",))) == pytest.approx((1.0, 1.0, 0.0))


def test_without_a_common_speaker_the_terms_are_empty_and_say_why() -> None:
    said = [*repeated("a", "lee", *HALVES), *repeated("b", "kim", "oppose", "oppose")]
    found = split(run_tables(said))
    assert values(found) == (1.0, None, None)
    assert found["selection"].note == (
        "none of 2 speakers is heard in both: who is heard and how they are shown cannot be told apart"
    )


def test_an_outlet_whose_stances_were_all_abstained_from_has_empty_terms() -> None:
    made = run_tables([*repeated("a", "lee", *HALVES), *repeated("b", "lee", *HALVES)])
    of_b = made["statements"].filter(pl.col("article_id").str.starts_with("b"))["statement_id"].to_list()
    hidden = pl.col("statement_id").is_in(of_b)
    found = split({**made, "stances": made["stances"].with_columns(abstained=hidden)})
    assert values(found) == (None, None, None)
    assert {each.note for each in found.values()} == {"nothing to count in a or b"}


def test_one_article_has_terms_and_no_interval() -> None:
    said: list[Said] = [("a1", "lee", "support"), ("a1", "kim", "oppose"), *repeated("b", "lee", *HALVES)]
    found = split(run_tables(said))
    # lee: (1/2 − 1)(1 + 0)/2 = −1/4 and kim, in a alone, −1/2; lee is shown at 1 and 0: (1/2 + 1)/2 = 3/4
    assert values(found) == pytest.approx((0.0, -3 / 4, 3 / 4))
    assert {each.low for each in found.values()} == {None}
    assert "one article in a: no interval" in (found["selection"].note or "")


def test_an_empty_run_has_nothing_to_split() -> None:
    assert split(run_tables([])) == {}


def test_a_metric_that_is_no_ratio_of_sums_is_left_empty() -> None:
    said = [*lean("a", 5, seed=1), *lean("b", 5, seed=2)]
    found = split(run_tables(said), [parse("logit_balance(target=open_door)")])
    assert found["difference"].value is not None
    assert found["selection"].value is None
    assert "is no ratio of sums over statements" in (found["selection"].note or "")


def test_a_metric_of_articles_is_left_empty() -> None:
    said = [*lean("a", 5, seed=1), *lean("b", 5, seed=2)]
    made = run_tables(said)
    place = pl.Series([[n] for n in range(len(said))], dtype=pl.List(pl.Int64))
    made["statements"] = made["statements"].with_columns(content_start=place)
    made["articles"] = made["articles"].with_columns(n_characters=pl.lit(1000))
    assert split(made, [parse("prominence")])["presentation"].value is None


def test_a_metric_without_a_target_is_split_too() -> None:
    said = [*lean("a", 8, seed=1), *lean("b", 8, seed=2)]
    made = run_tables(said)
    quoted = pl.when(pl.col("article_id").str.starts_with("a")).then(pl.lit("direct")).otherwise(pl.lit("indirect"))
    made["statements"] = made["statements"].with_columns(quote_type=quoted)
    assert values(split(made, [parse("directness")])) == pytest.approx((1.0, 0.0, 1.0))


def test_the_difference_is_that_of_compare_without_its_test() -> None:
    made = run_tables([*lean("a", 20, seed=1), *lean("b", 25, seed=2)])
    (compared,) = Compare(permutations=0)(made, [NET], interval=QUICK, seed=3)
    found = split(made)["difference"]
    assert (found.value, found.low, found.high, found.design_effect) == (
        compared.value,
        compared.low,
        compared.high,
        compared.design_effect,
    )
    assert (found.p_value, found.p_adjusted, found.correction) == (None, None, "none")


def test_copies_that_share_a_weight_count_as_one_article() -> None:
    said = [*lean("a", 6, seed=1), *lean("b", 6, seed=2)]
    once = run_tables(said)
    twice = run_tables([*said, *((f"{article}copy", *rest) for article, *rest in said if article[0] == "a")])  # type: ignore[list-item]
    weight = pl.when(pl.col("outlet") == "a").then(0.5).otherwise(1.0)
    weighted = {**twice, "articles": twice["articles"].with_columns(weight=weight)}
    assert values(split(weighted)) == pytest.approx(values(split(once)))


def test_another_outlet_changes_no_term_and_no_interval() -> None:
    said = [*lean("a", 12, seed=1), *lean("b", 15, seed=2)]
    alone = split(run_tables(said))
    with_more = Decompose(baseline="b")(run_tables([*said, *lean("c", 9, seed=3)]), NET, interval=QUICK, seed=3)
    of_pair = {each.group["term"]: each for each in with_more if each.group["outlet"] == "a"}
    for term in ("selection", "presentation"):
        assert of_pair[term] == alone[term]


def test_an_unknown_baseline_names_its_place() -> None:
    made = run_tables([*lean("a", 2, seed=1), *lean("b", 2, seed=2)])
    with pytest.raises(ConfigError, match=r"decompose\.baseline: no outlet is called 'c'"):
        split(made, baseline="c")


def test_articles_on_shared_events_are_split_once_more() -> None:
    made = run_tables([*lean("a", 6, seed=1), *lean("b", 6, seed=2)])
    ids = [None if article == "a00" else f"event {article[1:]}" for article in made["articles"]["article_id"]]
    made["articles"] = made["articles"].with_columns(event_id=pl.Series(ids, dtype=pl.String))
    found = Decompose()(made, NET, interval=QUICK)
    assert [each.group["over"] for each in found] == ["all articles"] * 3 + ["shared events"] * 3
    assert found[4].estimator == "Kitagawa term (ratio), event bootstrap 95%"


statements = st.lists(
    st.tuples(
        st.sampled_from(["a1", "a2", "a3", "b1", "b2", "b3"]),
        st.sampled_from(["lee", "kim", "ana", None]),
        st.sampled_from(["support", "oppose", "neutral", "unrelated"]),
    ),
    max_size=25,
)


@settings(deadline=None, max_examples=40)
@given(said=statements, seed=st.randoms(use_true_random=False))
def test_terms_add_up_to_the_difference_in_whatever_order_the_statements_stand(said: Any, seed: Any) -> None:
    few = Bootstrap(resamples=20)
    made = split(run_tables(said), interval=few)
    mixed = list(said)
    seed.shuffle(mixed)
    again = split(run_tables(mixed), interval=few)
    assert made.keys() == again.keys()
    for term, found in made.items():
        assert again[term].value == pytest.approx(found.value)
        assert again[term].note == found.note
    if made and made["selection"].value is not None:
        difference, selection, presentation = values(made)
        assert difference == pytest.approx((selection or 0) + (presentation or 0))


@given(shift=st.floats(-5, 5), seed=st.integers(0, 1000))
def test_the_origin_of_the_scale_moves_neither_term(shift: float, seed: int) -> None:
    random = np.random.default_rng(seed)
    below = random.integers(0, 4, (2, 6, 1)).astype(float)
    below[:, 0] += 1
    above = random.uniform(-1, 1, below.shape) * below
    known = np.array([True, True, True, True, True, False])
    plain, moved = terms(above, below, known), terms(above + shift * below, below, known)
    assert moved.selection == pytest.approx(plain.selection, abs=1e-9)
    assert moved.presentation == pytest.approx(plain.presentation, abs=1e-9)


def test_intervals_cover_the_terms_of_the_outlets_that_were_drawn_from() -> None:
    shares = {"a": [0.5, 0.3, 0.2], "b": [0.2, 0.3, 0.5]}
    means = {"a": [0.4, 0.0, -0.2], "b": [0.1, 0.1, -0.6]}
    weights, rates = (np.array([of["a"], of["b"]]) for of in (shares, means))
    truth = terms((weights * rates)[:, :, None], weights[:, :, None], np.ones(3, np.bool_))
    covered = np.zeros(2)
    repetitions = 60
    for repetition in range(repetitions):
        random = np.random.default_rng(repetition)
        said: list[Said] = []
        for outlet in "ab":
            for article in range(40):
                for _ in range(random.integers(1, 6)):
                    speaker = int(random.choice(3, p=shares[outlet]))
                    label = "support" if random.random() < (1 + means[outlet][speaker]) / 2 else "oppose"
                    said.append((f"{outlet}{article}", f"s{speaker}", label))
        found = split(run_tables(said))
        for n, term in enumerate(("selection", "presentation")):
            low, high = found[term].low, found[term].high
            assert low is not None
            assert high is not None
            covered[n] += low <= float(truth[n][0]) <= high
    assert (covered / repetitions >= 0.85).all()
