from datetime import date
from pathlib import Path

import pytest

from framing.errors import ConfigError
from framing.protocols import ArticleStatements
from framing.speakers.aliases import read_aliases
from framing.speakers.lexicon import read_lexicon
from framing.speakers.names import Names
from framing.speakers.offices import Office, read_office
from framing.types import Article, QuoteType, Span, Speaker, SpeakerKind, Statement

NATO = "framing:aliases/nato.yaml"

RIVER = """
speakers:
  - name: Ann Weir
    kind: person
    gender: female
    wikidata_id: Q1
    aliases: [Anne Weir, {name: Weir, since: 2020-01-01, until: 2020-12-31}]
    offices: [{role: river minister, of: Norway, since: 2020-01-01, until: 2020-12-31}]
  - name: Bo Weir
    kind: person
    aliases: [{name: Weir, since: 2021-01-01}]
    offices: [{role: river minister, of: Norway, since: 2021-01-01}]
  - {name: Lock Union, kind: organisation, affiliation: Norway, aliases: [the union]}
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "river.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def changed(folder: Path, old: str, new: str) -> Path:
    assert old in RIVER
    return write(folder, RIVER.replace(old, new))


def speaker(text: str, source: str, aliases: Path | str, published: date | None = None) -> Speaker:
    article = Article("a", text, published=published)
    start = text.index(source)
    end = Span(len(text) - 1, len(text))
    statement = Statement(
        "s", "a", (end,), None, Span(start, start + len(source)), QuoteType.INDIRECT, None, 1.0, "test"
    )
    (resolved,) = Names(aliases=str(aliases))([ArticleStatements(article, (statement,))])
    return resolved.speakers[0]


def test_another_spelling_is_the_same_speaker_with_what_the_file_knows(tmp_path: Path) -> None:
    found = speaker("Anne Weir said so.", "Anne Weir", write(tmp_path, RIVER))
    assert (found.speaker_id, found.name, found.wikidata_id) == ("person:ann-weir", "Ann Weir", "Q1")
    assert found.aliases == ("Anne Weir",)


def test_dated_alias_needs_the_day_and_follows_it(tmp_path: Path) -> None:
    path = write(tmp_path, RIVER)
    assert speaker("Weir said so.", "Weir", path, date(2020, 12, 31)).name == "Ann Weir"
    assert speaker("Weir said so.", "Weir", path, date(2021, 1, 1)).name == "Bo Weir"
    assert speaker("Weir said so.", "Weir", path).name == "Weir"


def test_full_name_in_the_article_outweighs_a_bare_alias(tmp_path: Path) -> None:
    text = "Carl Weir came. Weir said so."
    article = Article("a", text, published=date(2020, 6, 1))
    start = text.rindex("Weir")
    statement = Statement("s", "a", (Span(0, 1),), None, Span(start, start + 4), QuoteType.INDIRECT, None, 1.0, "test")
    (resolved,) = Names(aliases=str(write(tmp_path, RIVER)))([ArticleStatements(article, (statement,))])
    assert [found.name for found in resolved.speakers] == ["Carl Weir"]


def test_role_is_the_office_held_on_the_day(tmp_path: Path) -> None:
    found = speaker("Ann Weir said so.", "Ann Weir", write(tmp_path, RIVER), date(2020, 6, 1))
    assert (found.role, found.affiliation) == ("river minister of Norway", "Norway")
    assert speaker("Ann Weir said so.", "Ann Weir", write(tmp_path, RIVER), date(2022, 6, 1)).role is None


def test_alias_of_an_organisation_works_with_and_without_the(tmp_path: Path) -> None:
    assert speaker("The union said so.", "The union", write(tmp_path, RIVER)).name == "Lock Union"


def test_clashing_alias_names_both_speakers_and_the_way_out(tmp_path: Path) -> None:
    path = changed(tmp_path, "[{name: Weir, since: 2021-01-01}]", "[{name: Weir, since: 2020-06-01}]")
    expected = r"river\.yaml: alias 'weir' means both person:ann-weir and person:bo-weir on 2020-06-01; part them"
    with pytest.raises(ConfigError, match=expected):
        Names(aliases=str(path))


def test_clash_is_found_behind_a_longer_claim(tmp_path: Path) -> None:
    third = "  - {name: Cy Weir, kind: person, aliases: [{name: Weir, since: 2022-01-01}]}\n"
    path = write(
        tmp_path, RIVER.replace("until: 2020-12-31}]\n    offices", "until: 2020-02-01}]\n    offices") + third
    )
    with pytest.raises(ConfigError, match="means both person:bo-weir and person:cy-weir on 2022-01-01"):
        read_aliases(path)


def test_clashing_office_names_both_speakers(tmp_path: Path) -> None:
    path = changed(tmp_path, "of: Norway, since: 2021-01-01", "of: Norway, since: 2020-07-01")
    with pytest.raises(
        ConfigError, match="office 'river minister' of 'norway' means both person:ann-weir and person:bo"
    ):
        read_aliases(path)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("gender: female", "gendre: female", r"speakers\.0\.gendre: no such key here; did you mean 'gender'\?"),
        (
            "kind: organisation",
            "kind: organization",
            r"no kind is called 'organization'; did you mean 'organisation'\?",
        ),
        ("wikidata_id: Q1", "wikidata_id: 17", r"speakers\.0\.wikidata_id: "),
        (
            "until: 2020-12-31}]\n    offices",
            "until: 2019-12-31}]\n    offices",
            "2020-01-01 to 2019-12-31 ends before",
        ),
        ("name: Bo Weir", "name: Ann Weir", "'person:ann-weir' stands in the file twice"),
        ("role: river minister, of", "role: river, of", "person:ann-weir: 'river' names no office"),
    ],
)
def test_wrong_file_is_answered_with_place_and_way_out(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        read_aliases(changed(tmp_path, old, new))


def test_missing_alias_file_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        Names(aliases=str(tmp_path / "none.yaml"))


# The file that ships with the package


@pytest.mark.parametrize("name", ["Zelensky", "Zelenskyy", "Zelenskiy", "Vladimir Zelensky", "Volodymyr Zelenskyy"])
def test_spellings_of_a_name_join(name: str) -> None:
    assert speaker(f"{name} said so.", name, NATO).speaker_id == "person:volodymyr-zelensky"


@pytest.mark.parametrize(("first", "second"), [("Kiev", "Kyiv"), ("Orban", "Orbán"), ("Viktor Orban", "Viktor Orbán")])
def test_accents_and_old_spellings_join(first: str, second: str) -> None:
    found = [speaker(f"{name} said so.", name, NATO).speaker_id for name in (first, second)]
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("source", "day", "name"),
    [
        ("the Norwegian Foreign Minister", date(2021, 10, 14), "Anniken Huitfeldt"),
        ("Norway's foreign minister", date(2023, 10, 15), "Anniken Huitfeldt"),
        ("NATO Secretary-General", date(2023, 6, 1), "Jens Stoltenberg"),
        ("the NATO secretary general", date(2010, 6, 1), "Anders Fogh Rasmussen"),
        ("the Russian president", date(2010, 6, 1), "Dmitry Medvedev"),
        ("the US president", date(2008, 6, 1), "George W. Bush"),
        ("the U.S. Secretary of State", date(2024, 6, 1), "Antony Blinken"),
        ("Britain's prime minister", date(2022, 9, 6), "Liz Truss"),
    ],
)
def test_office_means_its_holder_on_the_day(source: str, day: date, name: str) -> None:
    assert speaker(f"On Friday {source} said so.", source, NATO, day).name == name


def test_every_office_of_the_shipped_file_is_held_by_one_person_a_day() -> None:
    aliases = read_aliases(NATO)
    assert aliases.by_office(Office("president", "ukraine"), date(2019, 5, 20)) is not None
    assert aliases.by_office(Office("president", "ukraine"), date(2014, 3, 1)) is None


def test_the_slant_of_a_description_is_no_part_of_the_name() -> None:
    found = speaker("The US-led alliance promised so.", "The US-led alliance", NATO)
    assert (found.name, found.kind) == ("NATO", SpeakerKind.ORGANISATION)


# Offices


@pytest.mark.parametrize(
    ("phrase", "role", "of"),
    [
        ("Estonia's Foreign Minister", "foreign minister", "estonia"),
        ("the Estonian foreign minister", "foreign minister", "estonia"),
        ("NATO’s Secretary-General", "secretary general", "nato"),
        ("British Defense Secretary", "defence secretary", "united kingdom"),
        ("the former U.S. secretary of state", "former secretary of state", "united states"),
        ("the president of the European Commission", "president", "european commission"),
        ("New Jersey Gov.", "governor", "new jersey"),
        ("the Norwegian fisheries minister", "fisheries minister", "norway"),
    ],
)
def test_office_is_read_in_a_comparable_form(phrase: str, role: str, of: str) -> None:
    assert read_office(phrase, read_lexicon()) == Office(role, of)


def test_phrase_without_an_office_has_none() -> None:
    assert read_office("the long winter", read_lexicon()) is None


def test_misspelt_key_of_the_lexicon_names_its_place(tmp_path: Path) -> None:
    path = tmp_path / "words.yaml"
    path.write_text("titels: {}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"words\.yaml: titles: "):
        Names(lexicon=str(path))
