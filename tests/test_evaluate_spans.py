from __future__ import annotations

import pytest
from gold_articles import BRIDGE, MAYOR, SAFE, article, mayor, said
from hypothesis import given
from hypothesis import strategies as st

from framing.corpora.gold_records import Attribution
from framing.evaluate import speaker_names
from framing.evaluate.matching import compare
from framing.evaluate.spans import EVERYTHING, GROUPS, counts, ratios
from framing.evaluate.tokens import TokenText
from framing.types import Span


def value(gold: tuple[Attribution, ...], predicted: tuple[Attribution, ...], name: str, text: str = MAYOR) -> float:
    """Work out one figure of a single article."""
    counted = counts(compare(article(text, *gold), predicted))[EVERYTHING]
    [ratio] = [each for each in ratios(group=EVERYTHING, names=True, kinds=True) if each.name == name]
    return ratio.times * counted[ratio.part] / sum(counted[part] for part in ratio.whole)


def quote_type(text: str, content: str) -> str:
    tokens = TokenText(text)
    return tokens.quote_type(tokens.cover(said(text, content).content))


def words(text: str, *spans: tuple[int, int]) -> list[str]:
    tokens = TokenText(text)
    return [tokens.words[token] for token in sorted(tokens.cover(Span(*span) for span in spans))]


def test_tokens_are_words_with_their_apostrophes_and_single_other_characters() -> None:
    assert TokenText("It isn’t “won't-do”: 3.5%").words == [
        *("It", "isn’t", "“", "won't", "-", "do", "”", ":", "3", ".", "5", "%")
    ]


def test_a_span_covers_every_token_that_it_touches() -> None:
    assert words("The mayor said", (2, 5)) == ["The", "mayor"]
    assert words("The mayor said", (3, 4)) == []
    assert words("The mayor said", (0, 3), (10, 11)) == ["The", "said"]


def test_marks_punctuation_at_the_ends_and_commas_are_no_difference() -> None:
    text = 'He said: "Yes, we can, (now)." They went.'
    assert value((said(text, '"Yes, we can, (now)."'),), (said(text, "Yes, we can, (now"),), "exact_f1", text) == 1


def test_punctuation_within_a_content_is_a_difference() -> None:
    text = "He said yes; no. They went."
    assert value((said(text, "yes; no"),), (said(text, "yes|no"),), "exact_f1", text) == 0


def test_exact_figures_of_one_hit_among_two_gold_and_three_predicted() -> None:
    gold = mayor(BRIDGE, SAFE)
    predicted = mayor(BRIDGE, ("It is", "added", "he"), ("added",))
    assert value(gold, predicted, "exact_precision") == pytest.approx(1 / 3)
    assert value(gold, predicted, "exact_recall") == pytest.approx(1 / 2)
    assert value(gold, predicted, "exact_f1") == pytest.approx(2 / 5)


def test_a_content_predicted_twice_is_found_once() -> None:
    assert value(mayor(BRIDGE), mayor(BRIDGE, BRIDGE), "exact_precision") == 1 / 2


def test_token_figures_count_tokens_of_any_content_with_punctuation() -> None:
    gold, predicted = mayor(SAFE), mayor(('is safe,"', "added", "he"))  # of " It is safe , " the last four
    assert value(gold, predicted, "token_precision") == 1
    assert value(gold, predicted, "token_recall") == pytest.approx(4 / 6)


def test_contents_overlap_from_half_of_their_tokens_on() -> None:
    assert value(mayor(BRIDGE), mayor(("old bridge will", "said", "The mayor")), "overlap_f1") == 1  # 3 of 5
    text = "He said one two three four."
    assert value((said(text, "one two three four"),), (said(text, "one two"),), "overlap_f1", text) == 1  # 2 of 4
    assert value((said(text, "one two three four"),), (said(text, "one"),), "overlap_f1", text) == 0  # 1 of 4


def test_the_best_overlap_is_paired_first_and_each_statement_once() -> None:
    text = "He said one two three four five."
    gold = (said(text, "one two three"), said(text, "one two three four"))
    [only] = compare(article(text, *gold), (said(text, "one two three four"),)).pairs
    assert (only.gold, only.predicted, only.exact) == (1, 0, True)


def test_parts_of_a_content_are_one_set_of_tokens() -> None:
    text = "“We stay,” said Lee, “and we pay.”"
    split, joined = said(text, "“We stay,”|“and we pay.”"), said(text, "We stay|and we pay")
    assert value((split,), (joined,), "exact_f1", text) == 1


def test_a_source_is_right_when_it_shares_a_telling_word() -> None:
    text = "The mayor of Oslo said the bridge stays, and the head of Oslo's council agreed."
    gold = (said(text, "the bridge stays", "said", "The mayor of Oslo"),)
    assert value(gold, (said(text, "the bridge stays", "said", "mayor"),), "speaker_accuracy", text) == 1
    assert value(gold, (said(text, "the bridge stays", "said", "of"),), "speaker_accuracy", text) == 0
    assert value(gold, (said(text, "the bridge stays", "said"),), "joint_f1", text) == 0


def test_any_word_of_a_source_of_function_words_will_do() -> None:
    text = "He who said it went."
    gold = (said(text, "it", "said", "who"),)
    assert value(gold, gold, "speaker_accuracy", text) == 1


def test_no_source_is_the_right_answer_where_the_gold_has_none() -> None:
    assert value(mayor(BRIDGE[:2]), mayor(BRIDGE[:2]), "joint_f1") == 1
    assert value(mayor(BRIDGE[:2]), mayor(BRIDGE), "joint_f1") == 0


def test_speaker_accuracy_leaves_gold_without_source_out() -> None:
    counted = counts(compare(article(MAYOR, *mayor(BRIDGE[:2], SAFE)), mayor(BRIDGE, SAFE)))[EVERYTHING]
    assert (counted["source.right"], counted["source.asked"]) == (1, 1)


def test_a_cue_of_two_statements_counts_once() -> None:
    predicted = mayor(BRIDGE, ("old bridge", "said", "The mayor"), SAFE)
    assert value(mayor(BRIDGE, SAFE), predicted, "cue_precision") == 1
    assert value(mayor(BRIDGE, SAFE), predicted, "source_recall") == 1


def test_a_statement_without_content_does_not_count() -> None:
    assert compare(article(MAYOR, said(MAYOR, "", "said")), ()).gold == ()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("“We stay,” said Lee, “and pay.”", "mixed"),
        ("“We stay,”|“and pay.”", "direct"),
        ("We stay", "direct"),
        ("and pay", "direct"),
        ("said Lee, “and pay", "mixed"),
        ("never pay “one cent”", "mixed"),
        ("would never", "indirect"),
        ("Lee", "indirect"),
    ],
)
def test_the_type_of_a_statement_is_that_of_its_double_marks(content: str, expected: str) -> None:
    assert quote_type("“We stay,” said Lee, “and pay.” She would never pay “one cent” more.", content) == expected


def test_single_marks_make_no_quotation_and_straight_ones_open_and_close_in_turn() -> None:
    assert quote_type("He said 'we stay' today.", "'we stay'") == "indirect"
    assert quote_type('"One" and two "three', '"One" and two "three') == "mixed"
    assert quote_type('"One two three four five six seven eight nine ten" eleven.', '"One two three four five six '
                      'seven eight nine ten" eleven') == "direct"  # fmt: skip


@pytest.mark.parametrize(
    ("cue", "expected"),
    [
        ("According to", "speech"),
        ("has admitted", "speech"),
        ("DECLARES", "speech"),
        ("hopes", "other"),
        (None, "other"),
    ],
)
def test_a_cue_is_of_speech_by_a_coarse_list(cue: str | None, expected: str) -> None:
    text = "According to Lee it stays. Lee has admitted it. Lee DECLARES it. Lee hopes so."
    found = counts(compare(article(text, said(text, "it", cue)), ()))
    assert found["cue_class", expected]["exact.gold"] == 1


def test_recall_of_a_kind_counts_the_gold_statements_of_that_kind() -> None:
    found = counts(compare(article(MAYOR, *mayor(BRIDGE, SAFE)), mayor(SAFE)))
    assert found["quote_type", "direct"]["joint.hits"] == found["quote_type", "direct"]["joint.gold"] == 1
    assert found["quote_type", "indirect"]["joint.hits"] == 0
    assert found["cue_class", "speech"]["exact.gold"] == 2


def test_resolved_names_are_compared_for_matched_statements_whose_gold_has_one() -> None:
    gold = (said(MAYOR, *BRIDGE, speaker="Professor Ana Łuč"), said(MAYOR, *SAFE))
    predicted = (said(MAYOR, *BRIDGE, speaker="ana luč"), said(MAYOR, *SAFE, speaker="Jo"))
    assert value(gold, predicted, "speaker_name") == 0
    assert value(gold, predicted, "speaker_name_part") == 1
    assert value(gold, (said(MAYOR, *BRIDGE),), "speaker_name_part") == 0


def test_names_are_equal_whatever_their_case_accents_and_punctuation() -> None:
    assert speaker_names.equal("Mark Müller , QC", "mark MULLER, QC")
    assert not speaker_names.equal("Mark Muller", "Muller")


def test_a_name_is_part_of_another_when_all_its_telling_words_are_in_it() -> None:
    assert speaker_names.part("the Crown", "Crown")
    assert not speaker_names.part("Bill Clinton", "Hillary Clinton")
    assert not speaker_names.part("the", "the Crown")


TEXT = 'Ann said the bridge, old as it is, "will stay", and “Bo” denied it: nobody asked him. "No!" they wrote'
SPANS = st.tuples(st.integers(0, len(TEXT) - 1), st.integers(1, 30)).map(
    lambda pair: Span(pair[0], min(len(TEXT), pair[0] + pair[1]))
)
ROLE = st.lists(SPANS, max_size=2).map(tuple)
STATEMENTS = st.lists(
    st.builds(Attribution, st.lists(SPANS, min_size=1, max_size=3).map(tuple), ROLE, ROLE), max_size=5
)


@given(STATEMENTS, STATEMENTS)
def test_no_more_is_found_than_either_side_has(gold: list[Attribution], predicted: list[Attribution]) -> None:
    found = counts(compare(article(TEXT, *gold), predicted))
    for name in ("exact", "token", "overlap", "joint", "source", "cue"):
        counted = found[EVERYTHING]
        assert 0 <= counted[f"{name}.hits"] <= min(counted[f"{name}.gold"], counted[f"{name}.predicted"])
    assert found[EVERYTHING]["joint.hits"] <= found[EVERYTHING]["overlap.hits"]


@given(STATEMENTS)
def test_gold_against_itself_is_perfect(gold: list[Attribution]) -> None:
    counted = counts(compare(article(TEXT, *gold), gold))[EVERYTHING]
    for name in ("exact", "token", "overlap", "source", "cue"):
        assert counted[f"{name}.hits"] == counted[f"{name}.gold"] == counted[f"{name}.predicted"]


@given(STATEMENTS, STATEMENTS)
def test_changing_sides_swaps_precision_and_recall(gold: list[Attribution], predicted: list[Attribution]) -> None:
    there = counts(compare(article(TEXT, *gold), predicted))[EVERYTHING]
    back = counts(compare(article(TEXT, *predicted), gold))[EVERYTHING]
    for name in ("exact", "token", "source", "cue"):
        assert there[f"{name}.hits"] == back[f"{name}.hits"]
        assert there[f"{name}.gold"] == back[f"{name}.predicted"]


@given(STATEMENTS, STATEMENTS)
def test_the_quote_types_share_the_gold_among_them_and_so_do_the_cue_classes(
    gold: list[Attribution], predicted: list[Attribution]
) -> None:
    found = counts(compare(article(TEXT, *gold), predicted))
    for grouping in ("quote_type", "cue_class"):
        parts = [found[group] for group in GROUPS if group[0] == grouping]
        for name in ("overlap.gold", "overlap.hits", "joint.hits", "source.asked"):
            assert sum(part[name] for part in parts) == found[EVERYTHING][name]


@given(STATEMENTS, STATEMENTS)
def test_pairs_are_one_to_one(gold: list[Attribution], predicted: list[Attribution]) -> None:
    pairs = compare(article(TEXT, *gold), predicted).pairs
    assert len({pair.gold for pair in pairs}) == len({pair.predicted for pair in pairs}) == len(pairs)
