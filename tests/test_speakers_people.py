import pytest
from speaking import names, one

from framing.types import SpeakerKind


def test_misspelt_surname_is_the_one_that_is_nearly_the_same() -> None:
    assert names("Lydia Buchtmann came. Ms Bauchtman said so.", "Ms Bauchtman") == ["Lydia Buchtmann"]


def test_surname_near_two_others_or_short_stays_its_own() -> None:
    two = "Lydia Buchtmann met Karl Buchtmane. Ms Buchtmanx said so."
    assert names(two, "Ms Buchtmanx") == ["Buchtmanx"]
    assert names("Angela Maier came. Ms Meier said so.", "Ms Meier") == ["Meier"]


def test_title_that_is_a_surname_is_one_behind_mr() -> None:
    speaker = one("Larry King came. Mr. King said so.", "Mr. King")
    assert (speaker.name, speaker.kind) == ("Larry King", SpeakerKind.PERSON)


def test_family_name_that_goes_first_is_a_surname() -> None:
    text = "Ban Ki-moon, the secretary general, came. Mr. Ban said so."
    assert names(text, "Ban Ki-moon, the secretary general", "Mr. Ban")[1] == "Ban Ki-moon"


@pytest.mark.parametrize("front", ["Washington Post", "Injecting", "Republican"])
def test_words_before_a_surname_are_no_given_name(front: str) -> None:
    text = f"Donald Trump came. As told by the {front} Trump said so."
    assert names(text, "Donald Trump", f"{front} Trump") == ["Donald Trump"] * 2


def test_spouse_with_an_unknown_given_name_stays_apart() -> None:
    assert names("Keith Scott came. Rakeyia Scott said so.", "Rakeyia Scott") == ["Rakeyia Scott"]


def test_several_words_of_a_surname_mean_the_person_who_has_them_all() -> None:
    text = "Ildefonso Guajardo Villarreal came. Mr. Guajardo Villarreal said so."
    assert names(text, "Mr. Guajardo Villarreal") == ["Ildefonso Guajardo Villarreal"]


def test_plural_with_a_body_in_front_is_no_person() -> None:
    text = "Oversight Committee Republicans seethed. Republicans said no."
    assert one(text, "Oversight Committee Republicans").kind is SpeakerKind.GROUP
    assert one(text, "Republicans").name == "Republicans"


@pytest.mark.parametrize(
    ("source", "name"),
    [
        (
            "Jeff Merkley (D-Ore.), Mark Brown (D-Ohio) and Robert Menendez",
            "Jeff Merkley, Mark Brown and Robert Menendez",
        ),
        ("senator Bob Corker, R-Tenn., and Lindsey Graham", "Bob Corker and Lindsey Graham"),
        ("Senators Charles Grassley and Patrick Leahy", "Charles Grassley and Patrick Leahy"),
    ],
)
def test_several_people_joined_are_a_group_of_their_names(source: str, name: str) -> None:
    speaker = one(f"On Monday {source} wrote a letter.", source)
    assert (speaker.name, speaker.kind) == (name, SpeakerKind.GROUP)


@pytest.mark.parametrize(
    "source",
    [
        "The minister of the economy, Peter Altmaier",
        "His partner at Lenox, Peter Altmaier",
        "A man from the Bank, Peter Altmaier",
    ],
)
def test_name_behind_a_description_is_the_speaker(source: str) -> None:
    assert names(f"On Monday {source}, said so.", source) == ["Peter Altmaier"]


def test_description_behind_the_comma_after_a_name_is_that_person() -> None:
    text = "So says Kristin Wilkins, assistant professor of photography, on Monday."
    assert names(text, "assistant professor of photography") == ["Kristin Wilkins"]


def test_name_with_an_unknown_given_name_before_a_last_comma_is_the_speaker() -> None:
    text = "Jeff Weaver, the campaign manager, came. Her campaign manager, Robby Mook, said no."
    assert names(text, "Her campaign manager, Robby Mook,") == ["Robby Mook"]


def test_city_that_is_a_given_name_stands_before_an_office() -> None:
    speaker = one("Charlotte Mayor Jennifer Roberts said so.", "Charlotte Mayor Jennifer Roberts")
    assert (speaker.name, speaker.role) == ("Jennifer Roberts", "mayor")
