from datetime import date

import pytest
from speaking import NATO, names, one, resolve

from framing.types import Resolution, SpeakerKind

# Acronyms


def test_who_in_capitals_is_the_body_whose_initials_it_has() -> None:
    text = "The World Health Organization met in Geneva. WHO says iodine is cheap."
    assert names(text, "WHO") == ["World Health Organization"]


def test_acronym_and_full_name_are_one_speaker() -> None:
    text = "The Organization for Security and Co-operation in Europe (OSCE) said no. OSCE said yes."
    found = names(text, "The Organization for Security and Co-operation in Europe", "OSCE")
    assert found == ["Organization for Security and Co-operation in Europe"] * 2


def test_pronoun_stays_a_pronoun_in_a_line_of_capitals() -> None:
    assert names("Olaf Scholz left. WHO SAID NO? HE SAID NO", "HE") == ["Olaf Scholz"]


def test_acronym_that_no_name_explains_keeps_its_letters() -> None:
    assert names("UNICEF said so.", "UNICEF") == ["UNICEF"]


# Documents


@pytest.mark.parametrize("source", ["The report", "The survey"])
def test_report_is_the_survey_that_the_article_names(source: str) -> None:
    text = f"The results of the National Iodine Survey appeared. {source} says so."
    assert one(text, source).speaker_id == "document:national-iodine-survey"


def test_new_study_is_the_only_one_that_the_article_names_later() -> None:
    text = "A new study finds little iodine. The results of the National Iodine Study appeared."
    assert names(text, "A new study") == ["National Iodine Study"]


def test_report_is_not_linked_where_two_are_named() -> None:
    text = "The First Iodine Report and the Second Iodine Report differ. A report said so."
    assert names(text, "A report") == ["a report"]


# Phrases taken up again


def test_phrase_with_a_word_that_a_voice_lacks_is_another_voice() -> None:
    text = "The Supreme Court said yes. The appeals court said no. The court agreed."
    assert names(text, "The Supreme Court", "The appeals court")[1] == "appeals court"


def test_newspaper_is_taken_up_by_the_end_of_its_name() -> None:
    text = "Margaret Smith of the Tampa Bay Times came. The Times reported no."
    assert names(text, "The Times") == ["Tampa Bay Times"]


def test_new_description_means_who_spoke_right_before() -> None:
    text = "“No,” Marco Rubio said. The Florida senator added that he would not go."
    statements, _ = resolve(text, "Marco Rubio", "The Florida senator")
    assert statements[1].speaker_id == "person:marco-rubio"
    assert statements[1].resolution is Resolution.NOMINAL


def test_new_description_never_means_a_holder_of_another_office() -> None:
    text = "NATO Secretary General Jens Stoltenberg said no. The Ukrainian president said yes."
    assert names(text, "NATO Secretary General Jens Stoltenberg", "The Ukrainian president")[1] == "Ukrainian president"


# Offices


def test_office_of_a_state_is_not_held_by_the_office_holder_of_another() -> None:
    text = "The Ukrainian president complained. Lithuania spends more; its president, Gitanas Nausėda, wants others to."
    assert names(text, "The Ukrainian president") == ["Ukrainian president"]
    known = names(text, "The Ukrainian president", aliases=NATO, published=date(2023, 7, 13))
    assert known == ["Volodymyr Zelensky"]


def test_office_of_its_state_belongs_to_the_state_named_before() -> None:
    text = "Lithuania spends more; its president, Gitanas Nausėda, left. The Lithuanian president said so."
    assert one(text, "The Lithuanian president").name == "Gitanas Nausėda"


# Sources that run into another clause, or are none


@pytest.mark.parametrize(
    "source",
    ["ready, according to the American president", "half, figures show; the American president"],
)
def test_what_runs_into_a_source_from_another_clause_is_left_out(source: str) -> None:
    text = f"Joe Biden, the American president, came. They are {source}, he said."
    assert names(text, source) == ["Joe Biden"]


@pytest.mark.parametrize("source", ["ready", "spite of", "the security zone", "no longer", "said", "come to listen"])
def test_words_that_are_no_voice_get_no_speaker(source: str) -> None:
    statements, speakers = resolve(f"In the evening {source} claims so.", source)
    assert (statements[0].speaker_id, speakers) == (None, {})


def test_place_where_something_happens_is_no_speaker() -> None:
    assert names("The leaders who met in Norway agreed.", "Norway") == [None]


@pytest.mark.parametrize("source", ["the defence minister", "the linguist", "a twin"])
def test_person_without_a_name_stays_a_speaker(source: str) -> None:
    assert names(f"In the evening {source} said so.", source) != [None]


# Relative pronouns


@pytest.mark.parametrize(
    ("before", "word", "name"),
    [
        ("Donald Trump met many legal experts, who", "who", "many legal experts"),
        ("He spoke to the Tax Policy Center, which", "which", "Tax Policy Center"),
        ("Joe Biden met a young student who", "who", "a young student"),
        ("Dmitry Peskov, the Kremlin’s spokesman, who", "who", "Dmitry Peskov"),
    ],
)
def test_relative_pronoun_means_the_phrase_right_before_it(before: str, word: str, name: str) -> None:
    assert names(f"{before} said so.", word) == [name]


# Bodies


def test_name_in_capitals_that_ends_in_a_common_noun_is_a_body() -> None:
    assert one("On Monday The Daily Caller reported so.", "The Daily Caller").kind is SpeakerKind.ORGANISATION


def test_body_joined_with_another_voice_is_a_group() -> None:
    source = "Donald Trump and the Obama administration"
    assert one(f"Now {source} said no.", source).kind is SpeakerKind.GROUP


def test_share_of_people_is_a_group() -> None:
    assert one("Now 38% of likely voters say so.", "38% of likely voters").kind is SpeakerKind.GROUP


def test_phrase_that_its_end_narrows_is_not_taken_up() -> None:
    text = "The Tax Policy Center said no. The center for cheap houses said yes."
    assert names(text, "The Tax Policy Center", "The center for cheap houses")[1] == "center for cheap houses"


def test_words_that_belong_to_no_office_are_left_out_of_a_role() -> None:
    assert one(
        "Two former Democratic governors came. Will our senator Bob Corker say so?", "our senator Bob Corker"
    ).role == ("senator")
