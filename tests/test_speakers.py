import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from speaking import NATO, names, one, resolve, said

from framing.protocols import ArticleStatements
from framing.registry import build
from framing.resources import locate
from framing.speakers.folding import fold
from framing.speakers.names import Names
from framing.types import Article, QuoteType, Resolution, Span, SpeakerKind

# Names


def test_surname_means_the_person_named_in_full_before() -> None:
    text = "NATO Secretary-General Jens Stoltenberg spoke. Stoltenberg said the door is open."
    statements, speakers = resolve(text, "NATO Secretary-General Jens Stoltenberg", "Stoltenberg")
    assert [s.speaker_id for s in statements] == ["person:jens-stoltenberg"] * 2
    assert [s.resolution for s in statements] == [Resolution.EXACT, Resolution.ALIAS]
    assert speakers["person:jens-stoltenberg"].role == "secretary general"
    assert speakers["person:jens-stoltenberg"].affiliation == "NATO"


def test_surname_in_a_headline_means_the_person_named_in_full_later() -> None:
    assert names("Tsahkna: guarantees first\n\nMargus Tsahkna told reporters so.", "Tsahkna") == ["Margus Tsahkna"]


def test_title_tells_spouses_apart() -> None:
    text = "Hillary Clinton and Bill Clinton came. Mrs. Clinton said no. Mr. Clinton said yes."
    assert names(text, "Mrs. Clinton", "Mr. Clinton") == ["Hillary Clinton", "Bill Clinton"]


def test_middle_initial_does_not_part_a_speaker() -> None:
    first, second = one("Donald J. Trump said no.", "Donald J. Trump"), one("Donald Trump said no.", "Donald Trump")
    assert first.speaker_id == second.speaker_id == "person:donald-trump"


def test_surname_never_completed_is_the_same_speaker_in_every_article() -> None:
    assert one("Smith said no.", "Smith", article_id="b").speaker_id == "person:smith"


def test_capital_that_is_a_surname_of_the_article_is_a_person() -> None:
    assert names("Valeria Paris left. Paris said so.", "Valeria Paris", "Paris") == ["Valeria Paris"] * 2


def test_name_in_capitals_is_the_person_and_an_acronym_is_a_body() -> None:
    assert names("Donald Trump spoke.\n\nTRUMP: No.\n\nNATO: No.", "TRUMP", "NATO") == ["Donald Trump", "NATO"]


@pytest.mark.parametrize(
    ("source", "name", "role", "affiliation"),
    [
        ("Norwegian Foreign Minister Anniken Huitfeldt", "Anniken Huitfeldt", "foreign minister", "Norway"),
        ("Estonia's Foreign Minister, Margus Tsahkna,", "Margus Tsahkna", "foreign minister", "Estonia"),
        ("Jaap de Hoop Scheffer, the secretary general,", "Jaap de Hoop Scheffer", "secretary general", None),
        ("Olaf Scholz, the German chancellor,", "Olaf Scholz", "chancellor", "Germany"),
        ("President Viktor Yushchenko of Ukraine", "Viktor Yushchenko", "president", "Ukraine"),
        ("U.S. Secretary of State Antony Blinken", "Antony Blinken", "secretary of state", "United States"),
        (
            "European Commission President Ursula von der Leyen",
            "Ursula von der Leyen",
            "president",
            "European Commission",
        ),
        ("the Liberal leader Jan Björklund", "Jan Björklund", "leader", None),
        ("Nooshi Dadgostar, who leads the Left Party", "Nooshi Dadgostar", None, None),
    ],
)
def test_name_role_and_affiliation_come_out_of_the_source(
    source: str, name: str, role: str | None, affiliation: str | None
) -> None:
    speaker = one(f"On Monday {source} said it was so.", source)
    assert (speaker.name, speaker.kind) == (name, SpeakerKind.PERSON)
    assert (speaker.role, speaker.affiliation) == (role, affiliation)


def test_two_people_joined_by_and_are_a_group() -> None:
    speaker = one(
        "Sanna Marin, the prime minister, and Sauli Niinistö said so.",
        "Sanna Marin, the prime minister, and Sauli Niinistö",
    )
    assert (speaker.name, speaker.kind) == ("Sanna Marin and Sauli Niinistö", SpeakerKind.GROUP)


def test_name_behind_a_preposition_is_not_the_speaker() -> None:
    speaker = one("Angela Merkel left. A spokesman for Angela Merkel said so.", "A spokesman for Angela Merkel")
    assert (speaker.name, speaker.kind) == ("a spokesman for Angela Merkel", SpeakerKind.ANONYMOUS)


# Offices


def test_office_alone_means_its_holder_in_the_article() -> None:
    text = "Norwegian Foreign Minister Anniken Huitfeldt met Jens Stoltenberg. The minister said so. She agreed."
    statements, _ = resolve(text, "The minister", "She")
    assert [s.speaker_id for s in statements] == ["person:anniken-huitfeldt"] * 2
    assert [s.resolution for s in statements] == [Resolution.NOMINAL, Resolution.PRONOUN]


def test_office_with_its_owner_picks_among_two_holders() -> None:
    text = "Estonian Foreign Minister Margus Tsahkna met Norwegian Foreign Minister Anniken Huitfeldt."
    text = f"{text} Estonia's minister said so."
    assert names(text, "Estonia's minister") == ["Margus Tsahkna"]


def test_office_without_article_or_alias_is_unknown_and_not_withheld() -> None:
    statements, speakers = resolve("The defence minister said so.", "The defence minister")
    assert speakers[statements[0].speaker_id or ""].kind is SpeakerKind.UNKNOWN
    assert statements[0].resolution is Resolution.NONE


def test_office_is_resolved_by_the_alias_file_for_the_day() -> None:
    text = "The Norwegian Foreign Minister said so."
    source = "The Norwegian Foreign Minister"
    assert one(text, source, aliases=NATO, published=date(2023, 6, 1)).name == "Anniken Huitfeldt"
    assert one(text, source, aliases=NATO, published=date(2024, 6, 1)).name == "Espen Barth Eide"
    assert one(text, source, aliases=NATO).kind is SpeakerKind.UNKNOWN


def test_former_holder_is_not_the_holder() -> None:
    text = "The former Norwegian Foreign Minister said so."
    assert (
        one(text, "The former Norwegian Foreign Minister", aliases=NATO, published=date(2023, 6, 1)).name
        != "Anniken Huitfeldt"
    )


# Pronouns


def test_pronoun_agrees_in_gender() -> None:
    text = "Angela Merkel met Emmanuel Macron. He said yes. She said no."
    assert names(text, "He", "She") == ["Emmanuel Macron", "Angela Merkel"]


def test_pronoun_prefers_the_subject_to_whom_a_preposition_leads() -> None:
    assert names("Olaf Scholz talked with Emmanuel Macron. He said yes.", "He") == ["Olaf Scholz"]


def test_name_inside_a_quotation_is_not_whom_the_narrator_means() -> None:
    text = "Olaf Scholz spoke. “Emmanuel Macron was right, and Joe Biden was right,” he said."
    quote = "“Emmanuel Macron was right, and Joe Biden was right,”"
    statements, _ = resolve(text, "he", quote=quote)
    assert statements[0].speaker_id == "person:olaf-scholz"


def test_i_inside_a_quotation_is_its_speaker_and_he_never_is() -> None:
    text = "Olaf Scholz met Joe Biden. Scholz said: “I told him that he said no.”"
    article = Article("a", text)
    quote = text.index("“")
    sources = [text.index("Scholz said"), text.index("I told"), text.index("he said no")]
    spans = [Span(sources[0], sources[0] + 6), Span(sources[1], sources[1] + 1), Span(sources[2], sources[2] + 2)]
    direct = said(article, spans[0], Span(quote, len(text)), QuoteType.DIRECT)
    nested = [said(article, span, Span(span.end, len(text) - 1)) for span in spans[1:]]
    (resolved,) = Names()([ArticleStatements(article, (direct, *nested))])
    assert [s.speaker_id for s in resolved.statements[1:]] == ["person:olaf-scholz", "person:joe-biden"]


def test_pronoun_may_mean_a_voice_without_a_name() -> None:
    text = "“It is quiet,” said a herder in Karesuando. She keeps a radio, she said."
    assert names(text, "a herder in Karesuando", "she") == ["a herder in Karesuando"] * 2


def test_it_and_they_mean_the_last_body_and_the_last_group() -> None:
    text = "The Russian Foreign Ministry said no. NATO leaders said yes. It warned. They agreed."
    found = names(text, "The Russian Foreign Ministry", "NATO leaders", "It", "They")
    assert found[2:] == ["Russian Foreign Ministry", "NATO leaders"]


def test_who_means_the_person_before_it() -> None:
    assert names("Joe Biden, who said no, met Olaf Scholz.", "who") == ["Joe Biden"]


def test_we_and_a_pronoun_without_candidates_stay_open() -> None:
    statements, speakers = resolve("We said so. She agreed.", "We", "She")
    assert [(s.speaker_id, s.resolution) for s in statements] == [(None, Resolution.NONE)] * 2
    assert speakers == {}


# Voices that are no people


@pytest.mark.parametrize(
    ("source", "name", "kind"),
    [
        ("The Kremlin", "Kremlin", SpeakerKind.GOVERNMENT),
        ("Moscow", "Russia", SpeakerKind.GOVERNMENT),
        ("Kiev", "Ukraine", SpeakerKind.GOVERNMENT),
        ("Kyiv", "Ukraine", SpeakerKind.GOVERNMENT),
        ("Brussels", "Brussels", SpeakerKind.GOVERNMENT),
        ("Downing Street", "Downing Street", SpeakerKind.GOVERNMENT),
        ("Sweden's government", "Sweden", SpeakerKind.GOVERNMENT),
        ("the authorities in Podgorica", "Montenegro", SpeakerKind.GOVERNMENT),
        ("the Russian Foreign Ministry", "Russian Foreign Ministry", SpeakerKind.GOVERNMENT),
        ("The main opposition party, VMRO-DPMNE", "VMRO-DPMNE", SpeakerKind.ORGANISATION),
        (
            "The Swedish Peace and Arbitration Society",
            "Swedish Peace and Arbitration Society",
            SpeakerKind.ORGANISATION,
        ),
        ("NATO leaders", "NATO leaders", SpeakerKind.GROUP),
        ("Opposition parties", "opposition parties", SpeakerKind.GROUP),
        ("the report", "report", SpeakerKind.DOCUMENT),
        ("recent polls", "recent polls", SpeakerKind.DOCUMENT),
        ("a poll released on Sunday", "a poll released on Sunday", SpeakerKind.DOCUMENT),
        ("officials", "officials", SpeakerKind.ANONYMOUS),
        ("A spokesman", "a spokesman", SpeakerKind.ANONYMOUS),
        (
            "a Baltic diplomat who asked not to be named",
            "a Baltic diplomat who asked not to be named",
            SpeakerKind.ANONYMOUS,
        ),
    ],
)
def test_kind_and_name_of_a_voice_come_from_its_head(source: str, name: str, kind: SpeakerKind) -> None:
    speaker = one(f"In the evening {source} said that it was so.", source)
    assert fold(speaker.name) == fold(name)
    assert speaker.kind is kind


def test_anonymous_voices_are_left_unresolved_and_never_joined_across_articles() -> None:
    statements, first = resolve("Officials said so.", "Officials", article_id="a")
    _, second = resolve("Officials said so.", "Officials", article_id="b")
    assert statements[0].resolution is Resolution.NONE
    assert statements[0].resolution_confidence > 0.5
    assert first.keys() == {"anonymous:officials@a"}
    assert second.keys() == {"anonymous:officials@b"}


def test_definite_phrase_takes_up_the_voice_with_the_same_head() -> None:
    text = "The Russian Foreign Ministry objected. The ministry said so."
    assert names(text, "The Russian Foreign Ministry", "The ministry") == ["Russian Foreign Ministry"] * 2


def test_what_belongs_to_somebody_is_named_by_its_owner() -> None:
    text = "President Joe Biden spoke. His administration said so."
    assert one(text, "His administration").speaker_id == "government:biden-administration"


# Statements


def test_statement_without_a_source_stays_without_a_speaker() -> None:
    article = Article("a", "It was said.")
    statement = said(article, None, Span(0, 6))
    (resolved,) = Names()([ArticleStatements(article, (statement,))])
    assert resolved.statements == (statement,)
    assert resolved.speakers == ()


def test_results_are_aligned_with_articles_and_statements() -> None:
    pairs = []
    for article_id, text in (("b", "NATO said so."), ("a", ""), ("c", "Olaf Scholz said so.")):
        article = Article(article_id, text)
        source = Span(0, text.index(" said")) if text else None
        pairs.append(ArticleStatements(article, (said(article, source, Span(0, 1)),) if text else ()))
    resolved = Names()(pairs)
    assert [[s.speaker_id for s in r.statements] for r in resolved] == [
        ["organisation:nato"],
        [],
        ["person:olaf-scholz"],
    ]


def test_the_part_is_built_from_its_options() -> None:
    assert build("speakers", "names", {"aliases": NATO}) == Names(aliases=NATO)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="AaéŠ .,’'“”\n-()Theof", max_size=60), st.data())
def test_any_source_of_any_text_is_resolved_or_left_open(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, max(0, len(text) - 1)))
    end = data.draw(st.integers(start, len(text)))
    article = Article("a", text)
    source = Span(start, end) if end > start else None
    statement = said(article, source, Span(0, len(text)), QuoteType.DIRECT)
    (resolved,) = Names()([ArticleStatements(article, (statement,))])
    known = {speaker.speaker_id for speaker in resolved.speakers} | {None}
    assert {s.speaker_id for s in resolved.statements} <= known


def test_most_gold_statements_of_the_demonstration_get_the_right_speaker() -> None:
    articles = {}
    for line in locate("framing:demo/articles.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        articles[row["article_id"]] = Article(
            row["article_id"], row["text"], published=date.fromisoformat(row["published"])
        )
    right = right_kind = total = 0
    for line in locate("framing:demo/gold.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        article = articles[row["article_id"]]
        gold = row["attributions"]
        statements = [said(article, Span(*each["source"][0]), Span(*each["content"][0])) for each in gold]
        (resolved,) = Names(aliases=NATO)([ArticleStatements(article, tuple(statements))])
        speakers = {speaker.speaker_id: speaker for speaker in resolved.speakers}
        for statement, each in zip(resolved.statements, gold, strict=True):
            speaker = speakers[statement.speaker_id or ""]
            total += 1
            right += fold(speaker.name).removeprefix("the ") == fold(each["speaker"]).removeprefix("the ")
            right_kind += speaker.kind == each["speaker_kind"]
    assert total == 192
    assert right / total >= 0.9
    assert right_kind / total >= 0.97
