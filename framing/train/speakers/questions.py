"""Pronouns whose antecedent is known for sure, with all who might be meant: what a ranker of pronouns learns from.

Two kinds are certain. Gold names the speaker of a source "he" or "she". Or, in any text, only one of those named before
a "he" has the gender for it: then all of the other gender are candidates too, as if nothing told genders, and the one
is the answer. Both leave out pronouns inside quotations.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from framing.corpora.gold_records import Attribution, GoldArticle
from framing.speakers.aliases import Aliases
from framing.speakers.antecedents import QUOTE_MARKS
from framing.speakers.article import ArticleSpeakers
from framing.speakers.clusters import Person
from framing.speakers.folding import fold
from framing.speakers.lexicon import read_lexicon
from framing.speakers.salience import Candidate, Salience
from framing.speakers.voices import Voice
from framing.types import Article, QuoteType, Span, Statement, statement_id

_PRONOUN = re.compile(r"\b(?:[Hh]e|[Ss]he)\b(?!['’])")
_GENDER = {"he": "male", "she": "female"}
_NAME_WORD = re.compile(r"\w{2,}")
_NO_NAMES = frozenset({"mr", "mrs", "miss", "ms", "dr", "sir", "lady", "the", "of"})


class Question(NamedTuple):
    """One pronoun: the candidates, the place of the right one, and whether its gender was hidden from the ranker."""

    article_id: str
    candidates: tuple[Candidate, ...]
    right: int
    hidden: bool


def questions(gold: GoldArticle, *, hide_gender: bool = True) -> Iterator[Question]:
    """Yield the questions of an article, with the sources before each resolved by rule, or by gold where it tells.

    Without `hide_gender` only those are asked whose speaker gold names. An article without sources has none.
    """
    attributions = [each for each in gold.annotators[0] if each.content]
    article = Article(gold.article_id, gold.text)
    known = {each.source[0]: each.speaker for each in attributions if each.source and each.speaker}
    speakers = ArticleSpeakers(
        article, [_statement(article, each) for each in attributions], read_lexicon(), Aliases(), Salience()
    )
    genders = {id(person): person.gender for person in speakers.people.people}
    sources = set(speakers.sources)
    antecedents = speakers.pronouns.antecedents
    for span in sorted(sources | {Span(*match.span()) for match in _PRONOUN.finditer(gold.text)}):
        gender = _GENDER.get(fold(span.of(gold.text)))
        voice = None
        if gender is not None and antecedents.quote_of(span.start) is None:
            speaker = known.get(span)
            if speaker is not None:
                pairs = antecedents.candidates(span.start, gender)
                right = _place_of(speaker, [who for who, _ in pairs])
                if right is not None:
                    yield Question(gold.article_id, tuple(each for _, each in pairs), right, hidden=False)
                    person = pairs[right][0]
                    voice = speakers.voices.person(person) if isinstance(person, Person) else None
            elif hide_gender:
                pairs = antecedents.candidates(span.start, None)
                yield from _of_one_gender(gold.article_id, pairs, gender, genders)
        if span in sources:
            found = speakers.find(span) if voice is None else None
            voice = found.voice if found else voice
            if voice is not None:
                speakers.hear(span, voice)


def _of_one_gender(
    article_id: str, pairs: list[tuple[Person | Voice, Candidate]], gender: str, genders: dict[int, str | None]
) -> Iterator[Question]:
    """Yield the question whose answer is the only one of a gender, unless somebody of unknown gender is near."""
    told = [(genders.get(id(who), who.gender), candidate) for who, candidate in pairs]
    if any(each is None and (candidate.sentences <= 1 or candidate.was_source) for each, candidate in told):
        return
    told = [(each, candidate) for each, candidate in told if each is not None]
    fitting = [place for place, (each, _) in enumerate(told) if each == gender]
    if len(fitting) == 1 and len(told) > 1:
        yield Question(article_id, tuple(candidate for _, candidate in told), fitting[0], hidden=True)


def _place_of(speaker: str, among: list[Person | Voice]) -> int | None:
    """Return the place of the one person who shares a word of the name with a speaker."""
    asked = _words(speaker)
    sharing = [place for place, who in enumerate(among) if isinstance(who, Person) and asked & _words(_name(who))]
    if len(sharing) > 1:
        sharing = [place for place in sharing if _words(_name(among[place])) == asked]
    return sharing[0] if len(sharing) == 1 else None


def _name(who: Person | Voice) -> str:
    return " ".join(who.folded) if isinstance(who, Person) else who.speaker.name


def _words(name: str) -> set[str]:
    return set(_NAME_WORD.findall(fold(name))) - _NO_NAMES


def _statement(article: Article, gold: Attribution) -> Statement:
    direct = article.text[gold.content[0].start] in QUOTE_MARKS
    return Statement(
        statement_id(article.article_id, gold.content),
        article.article_id,
        gold.content,
        cue=gold.cue[0] if gold.cue else None,
        source=gold.source[0] if gold.source else None,
        quote_type=QuoteType.DIRECT if direct else QuoteType.INDIRECT,
        cue_class=None,
        confidence=1.0,
        extractor="gold",
    )
