from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.errors import ConfigError, CorpusError
from framing.protocols import StanceQuery
from framing.train.stance.rows import StanceRow
from framing.train.stance.splits import KEYS, grouped_folds, grouped_split, groups_of
from framing.types import Label


def row(
    number: int,
    *,
    article: str | None = "a1",
    speaker: str | None = "Smith",
    target: str = "nato_expansion",
    family: str = "f1",
    text: str = "It should grow",
    label: Label = Label.SUPPORT,
) -> StanceRow:
    query = StanceQuery(f"s{number:03}", text, text, speaker, target)
    return StanceRow(query, label, conditional=False, phenomenon="other", family=family, article_id=article)


def names(prefix: str, count: int) -> st.SearchStrategy[str]:
    return st.integers(0, count - 1).map(lambda n: f"{prefix}{n}")


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "article": names("a", 30),
            "speaker": st.none() | names("Speaker ", 20),
            "target": names("t", 6),
            "family": names("f", 40),
            "text": names("They said ", 60),
            "label": st.sampled_from(Label),
        }
    ),
    min_size=1,
    max_size=60,
).map(lambda drawn: [row(number, **each) for number, each in enumerate(drawn)])
BY = st.lists(st.sampled_from(sorted(KEYS)), min_size=1, max_size=3, unique=True)


def shared(rows: Sequence[StanceRow], one: Sequence[int], other: Sequence[int], key: str) -> set[str | None]:
    return {KEYS[key](rows[at]) for at in one} & {KEYS[key](rows[at]) for at in other} - {None}


def check_reason(error: CorpusError, rows: list[StanceRow], by: list[str], least: int) -> None:
    assert "all labelled" in str(error) or len(set(groups_of(rows, by).tolist())) < least


@settings(max_examples=60, deadline=None)
@given(rows=ROWS, by=BY, share=st.floats(0.05, 0.95), seed=st.integers(0, 9))
def test_no_split_has_a_group_on_both_sides_or_loses_a_row(
    rows: list[StanceRow], by: list[str], share: float, seed: int
) -> None:
    try:
        split = grouped_split(rows, by=by, share=share, seed=seed)
    except CorpusError as error:
        check_reason(error, rows, by, 2)
        return
    assert sorted([*split.train, *split.test]) == list(range(len(rows)))
    assert len(split.train)
    assert len(split.test)
    assert not any(shared(rows, split.train.tolist(), split.test.tolist(), key) for key in by)


@settings(max_examples=60, deadline=None)
@given(rows=ROWS, by=BY, folds=st.integers(2, 6), seed=st.integers(0, 9))
def test_every_row_is_kept_apart_in_one_fold_and_no_group_is_cut(
    rows: list[StanceRow], by: list[str], folds: int, seed: int
) -> None:
    try:
        found = grouped_folds(rows, by=by, folds=folds, seed=seed)
    except CorpusError as error:
        check_reason(error, rows, by, folds)
        return
    assert sorted(at for split in found for at in split.test) == list(range(len(rows)))
    assert all(len(split.test) for split in found)
    for split in found:
        assert not set(split.train.tolist()) & set(split.test.tolist())
        assert not any(shared(rows, split.train.tolist(), split.test.tolist(), key) for key in by)


@settings(max_examples=40, deadline=None)
@given(rows=ROWS, by=BY, shuffled=st.randoms(use_true_random=False))
def test_order_of_rows_changes_no_split(rows: list[StanceRow], by: list[str], shuffled: object) -> None:
    mixed = list(rows)
    shuffled.shuffle(mixed)  # type: ignore[attr-defined]

    def kept_apart(given: list[StanceRow]) -> list[set[str]] | str:
        try:
            splits = [grouped_split(given, by=by, share=0.3, seed=1), *grouped_folds(given, by=by, folds=3, seed=1)]
        except CorpusError as error:
            return str(error)
        return [{given[at].query.statement_id for at in split.test} for split in splits]

    assert kept_apart(rows) == kept_apart(mixed)


@settings(max_examples=60, deadline=None)
@given(rows=ROWS, by=BY)
def test_groups_are_the_finest_that_keep_sharing_rows_together(rows: list[StanceRow], by: list[str]) -> None:
    merged = list(range(len(rows)))
    for one in range(len(rows)):
        for other in range(one):
            if any(shared(rows, [one], [other], key) for key in by):
                merged = [merged[other] if group == merged[one] else group for group in merged]
    groups = groups_of(rows, by).tolist()
    assert len(set(zip(groups, merged, strict=True))) == len(set(groups)) == len(set(merged))


def test_articles_with_a_text_in_common_stay_together_if_asked() -> None:
    texts = ["It should grow", "it  should GROW", "Another matter"]
    rows = [row(number, article=f"a{number}", text=text) for number, text in enumerate(texts)]
    assert groups_of(rows, ["article"]).tolist() == [0, 1, 2]
    assert groups_of(rows, ["article", "text"]).tolist() == [0, 0, 1]


def test_rows_without_a_speaker_are_groups_of_their_own() -> None:
    rows = [row(0, speaker=None), row(1, speaker=None), row(2, speaker="Smith"), row(3, speaker="smith")]
    assert groups_of(rows, ["speaker"]).tolist() == [0, 1, 2, 2]


def test_row_without_an_article_is_named_where_articles_are_kept_apart() -> None:
    with pytest.raises(CorpusError, match=r"row 's001': it names no article.*columns\.article_id"):
        groups_of([row(0), row(1, article=None)], ["article"])


def many() -> list[StanceRow]:
    labels = [Label.SUPPORT] * 5 + [Label.OPPOSE] * 3 + [Label.NEUTRAL] * 2
    return [row(number, article=f"a{number // 4}", label=labels[number % 10]) for number in range(200)]


def test_sides_have_their_share_of_rows_and_labels() -> None:
    rows = many()
    split = grouped_split(rows, by=["article"], share=0.2, seed=1)
    counts = {label: sum(rows[at].label is label for at in split.test) for label in Label}
    assert len(split.test) == 40
    assert abs(counts[Label.SUPPORT] - 20) + abs(counts[Label.OPPOSE] - 12) + abs(counts[Label.NEUTRAL] - 8) <= 4


def test_folds_are_of_one_size_where_groups_allow_it() -> None:
    assert [len(split.test) for split in grouped_folds(many(), by=["article"], folds=5, seed=1)] == [40] * 5


def test_seed_decides_the_split() -> None:
    one, same, other = (grouped_split(many(), by=["article"], share=0.2, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.test, same.test)
    assert set(one.test.tolist()) != set(other.test.tolist())


def test_large_group_does_not_keep_others_from_being_kept_apart() -> None:
    labels = [Label.SUPPORT, Label.OPPOSE]
    rows = [row(n, article="big" if n < 100 else f"a{n}", label=labels[n % 2]) for n in range(150)]
    assert len(grouped_split(rows, by=["article"], share=0.2, seed=3).test) == 30


def test_rows_that_all_hang_together_are_refused() -> None:
    with pytest.raises(CorpusError, match=r"2 rows grouped by target and article make 1 group"):
        grouped_split([row(0), row(1, article="a2")], by=["target", "article"], share=0.5, seed=1)


def test_fewer_groups_than_folds_are_refused() -> None:
    with pytest.raises(CorpusError, match=r"make 50 group\(s\).*expected 51 or more"):
        grouped_folds(many(), by=["article"], folds=51, seed=1)


def test_one_label_left_to_learn_from_is_refused() -> None:
    rows = [row(0, article="a0"), row(1, article="a1"), row(2, article="a2", label=Label.OPPOSE)]
    with pytest.raises(CorpusError, match=r"the 2 that are left to learn from are all labelled 'support'"):
        grouped_folds(rows, by=["article"], folds=3, seed=1)


def test_unknown_group_lists_the_nearest_known() -> None:
    with pytest.raises(ConfigError, match=r"no 'speakers' to share; did you mean 'speaker'\?"):
        groups_of([row(0)], ["speakers"])
    with pytest.raises(ConfigError, match=r"group_by: found nothing, expected at least one of article"):
        groups_of([row(0)], [])


@pytest.mark.parametrize("share", [0.0, 1.0, -1.0, float("nan")])
def test_share_outside_of_its_range_is_refused(share: float) -> None:
    with pytest.raises(ConfigError, match="expected a share of the rows between 0 and 1"):
        grouped_split(many(), by=["article"], share=share, seed=1)


def test_single_fold_is_refused() -> None:
    with pytest.raises(ConfigError, match="folds: found 1, expected 2 or more"):
        grouped_folds(many(), by=["article"], folds=1, seed=1)


def test_no_rows_are_refused() -> None:
    with pytest.raises(CorpusError, match="0 rows"):
        grouped_split([], by=["article"], share=0.2, seed=1)
