import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.protocols import StanceQuery
from framing.stance.codebook import read_codebook
from framing.stance.features import feature_reader
from framing.stance.lexicon import read_lexicon
from framing.stance.masking import TargetMask, holder_words, words_of
from framing.stance.phrases import Match, PhraseTree

CODEBOOK = "framing:codebooks/nato_expansion.yaml"


def masked(text: str, target: str = "ukraine_in_nato", speaker: str | None = None) -> str:
    mask = TargetMask(read_codebook(CODEBOOK), target, read_lexicon())
    return " ".join(mask(words_of(text), holder_words(speaker)))


def features(text: str, target: str = "ukraine_in_nato", **more: str) -> dict[str, str]:
    query = StanceQuery("q", text, more.get("context", text), more.get("speaker"), target)
    return feature_reader(CODEBOOK, target)(query)


def test_phrase_with_alternatives_gap_and_optional_word_is_found() -> None:
    tree = PhraseTree({"open": ["open|opens the? ... door"]})
    assert tree.find(["they", "open", "the", "old", "oak", "door", "now"]) == [Match(1, 6, "open")]
    assert tree.find(["she", "opens", "door"]) == [Match(1, 3, "open")]


def test_gap_does_not_cross_the_end_of_a_sentence() -> None:
    assert PhraseTree({"open": ["open ... door"]}).find(["open", "up", ".", "door"]) == []


def test_gap_is_at_most_four_words() -> None:
    tree = PhraseTree({"ab": ["a ... b"]})
    assert tree.find(["a", "1", "2", "3", "4", "b"])
    assert not tree.find(["a", "1", "2", "3", "4", "5", "b"])


def test_target_words_and_other_names_become_place_holders() -> None:
    text = "We told Anna Smith in Lisbon that Ukraine will join NATO before Finland"
    assert masked(text) == "we told NAME in COUNTRY that SUBJECT will join OBJECT before OTHER"


def test_same_text_is_masked_by_the_target_asked_for() -> None:
    assert masked("Sweden joins NATO", "finland_sweden_in_nato") == masked("Ukraine joins NATO", "ukraine_in_nato")


def test_holder_is_masked_in_the_text() -> None:
    assert masked("We heard that Smith agreed", speaker="Foreign Minister Anna Smith") == "we heard that HOLDER agreed"


def test_contractions_are_written_out() -> None:
    assert words_of("It isn’t, can't and won't").lower == ("it", "is", "not", ",", "can", "not", "and", "will", "not")


@pytest.mark.parametrize(
    ("text", "feature"),
    [
        ("It is not up to Moscow to decide", "m:counter_veto"),
        ("We are not against Ukraine joining NATO", "m:not_against"),
        ("Ukraine cannot be admitted while the war goes on", "m:refusal_now"),
        ("Ukraine must be a neutral country", "m:alternative"),
        ("Kyiv's membership would be a threat to us", "n:blame"),
        ("Had Ukraine been in NATO, nobody would have attacked", "m:counterfactual"),
        ("The fighter jets must reach Kyiv soon", "m:related_matter"),
    ],
)
def test_marker_of_a_rule_is_found(text: str, feature: str) -> None:
    assert feature in features(text)


def test_negation_reaches_a_marker_in_its_scope_but_not_past_but() -> None:
    assert "m:!endorse" in features("We do not support Ukraine joining")
    assert "m:endorse" in features("We do not like war but support Ukraine joining")


def test_marker_inside_a_longer_one_does_not_count() -> None:
    assert "m:!oppose" not in features("We are not against it")


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("Leaders lifted the veto on Ukraine's bid", 1),
        ("Leaders kept the veto on Ukraine's bid", -1),
        ("Leaders welcomed Ukraine's bid", 0),
        ("It would be a mistake to put off Ukraine's accession", 1),
        ("Ukraine must stay neutral and never join", -2),
    ],
)
def test_reversed_meanings_cancel_out_in_a_clause_and_add_up_over_clauses(text: str, lead: int) -> None:
    assert f"s:lead={lead}" in features(text)


def test_passage_that_never_names_a_sub_target_says_so() -> None:
    assert "g:unnamed" in features("Georgia will join NATO", "ukraine_in_nato")
    assert "g:unnamed" not in features("Georgia will join NATO", "nato_expansion")
    assert "g:unnamed" not in features("The country will join NATO", context="Kyiv waits. The country will join NATO.")


def test_opening_that_of_reported_speech_makes_no_difference() -> None:
    assert features("that Ukraine will join") == features("Ukraine will join")


def test_target_named_only_in_the_passage_is_told_from_one_in_the_text() -> None:
    found = features("It will happen", context="Ukraine wants to join NATO. It will happen. Nobody objects.")
    assert "t:levels=none>none>named" in found


def test_words_beside_the_statement_count_only_within_its_sentence() -> None:
    found = features("the bid", context="Rain fell. Oslo welcomed the bid. Snow followed.")
    assert "x:welcomed" in found
    assert "x:rain" not in found
    assert "x:snow" not in found


@given(st.text(max_size=300), st.text(max_size=100))
def test_any_text_has_features_and_the_same_ones_twice(text: str, speaker: str) -> None:
    assert features(text, speaker=speaker) == features(text, speaker=speaker)
