"""The speakers of one article: its sources in text order, each tried by name, pronoun, office and kind of phrase."""

from __future__ import annotations

import dataclasses
import itertools
from bisect import bisect_left
from collections.abc import Sequence

from framing.protocols import Resolved
from framing.speakers.aliases import Aliases, plain
from framing.speakers.antecedents import Antecedents
from framing.speakers.clusters import People
from framing.speakers.confidence import CONFIDENCE, Rule
from framing.speakers.folding import fold
from framing.speakers.lexicon import Lexicon
from framing.speakers.mentions import Mention, find_mentions
from framing.speakers.offices import read_office
from framing.speakers.phrases import INDEFINITE, POSSESSIVE, Phrase, read_phrase
from framing.speakers.pronouns import PRONOUNS, Pronouns
from framing.speakers.salience import Ranker
from framing.speakers.unnamed import Unnamed
from framing.speakers.voices import Found, Voice, Voices
from framing.types import Article, Resolution, Span, Speaker, SpeakerKind, Statement


class ArticleSpeakers:
    """Resolve the sources of one article."""

    def __init__(
        self, article: Article, statements: Sequence[Statement], lexicon: Lexicon, aliases: Aliases, ranker: Ranker
    ) -> None:
        self.statements, self.lexicon, self.aliases = statements, lexicon, aliases
        self.text, self.day = article.text, article.published
        sources = [statement.source for statement in statements if statement.source is not None]
        self.sources = sorted(set(sources))
        self.mentions = find_mentions(self.text, lexicon) if sources else []
        self.starts = [mention.start for mention in self.mentions]
        self.people = People(self.text, self.mentions, self.sources, lexicon, aliases, self.day)
        self.voices = Voices(article.article_id, self.day, lexicon, aliases)
        self.heard: list[Voice] = []
        self.unnamed = Unnamed(self.text, self.mentions, self.people, lexicon, self.voices, self.heard)
        antecedents = Antecedents(self.text, self.people.people, statements, self.voices)
        self.pronouns = Pronouns(antecedents, self.voices, self.people, ranker)

    def resolve(self) -> Resolved:
        """Return the statements with their speakers, in the order given, and the speakers by id."""
        found: dict[Span, Found] = {}
        speakers: dict[str, Speaker] = {}
        for span in self.sources:
            one = self._resolve(span)
            if one is not None:
                found[span] = one
                speakers[one.voice.speaker.speaker_id] = one.voice.speaker
                self.heard.append(one.voice)
                self.pronouns.hear(span, one.voice)
        filled = tuple(_fill(statement, found) for statement in self.statements)
        return Resolved(filled, tuple(speakers[key] for key in sorted(speakers)))

    def _resolve(self, span: Span) -> Found | None:
        text = span.of(self.text)
        if fold(text) in PRONOUNS:
            return self.pronouns.resolve(span, fold(text))
        phrase = read_phrase(text, self.lexicon)
        if phrase.skipped:
            span = Span(span.start + phrase.skipped, span.end)
        inside = self._mentions_in(span)
        return (
            self._joined(span, inside)
            or self._by_alias(phrase, people=False)
            or self._by_name(span, phrase, inside)
            or self._by_alias(phrase, people=True)
            or self._by_office(span, phrase)
            or self._by_owner(span, phrase)
            or self.unnamed.resolve(span, phrase, inside)
        )

    def _mentions_in(self, span: Span) -> list[Mention]:
        first, last = bisect_left(self.starts, span.start), bisect_left(self.starts, span.end)
        first -= first > 0 and self.mentions[first - 1].end > span.start
        return [mention for mention in self.mentions[first:last] if mention.end <= span.end]

    def _joined(self, span: Span, inside: Sequence[Mention]) -> Found | None:
        """Return the group of two people joined by "and"."""
        named = [mention for mention in inside if mention.start in self.people.at and not mention.possessive]
        for first, second in itertools.pairwise(named):
            between = self.text[first.end : second.start].strip()
            people = self.people.at[first.start], self.people.at[second.start]
            if first.start - span.start > 4 or people[0] is people[1]:
                return None
            if between == "and" or (between.startswith(",") and between.endswith("and")):
                name = " and ".join(self.voices.person(person).speaker.name for person in people)
                voice = self.voices.other(SpeakerKind.GROUP, name, named=True, head="both")
                return Found(voice, Resolution.EXACT, Rule.GROUP)
        return None

    def _by_alias(self, phrase: Phrase, *, people: bool) -> Found | None:
        """Return whom the alias file means by a phrase; people come after those whom the article names itself."""
        for words in (phrase.text, phrase.core) if phrase.whole else (phrase.text,):
            entry = self.aliases.by_name(plain(words), self.day)
            if entry is not None and people is (entry.kind is SpeakerKind.PERSON):
                exact = plain(words) == plain(entry.name)
                voice = self.voices.entry(entry, self.people.of_entry(entry))
                return Found(voice, Resolution.EXACT if exact else Resolution.ALIAS, Rule.ALIAS)
        return None

    def _by_name(self, span: Span, phrase: Phrase, inside: Sequence[Mention]) -> Found | None:
        """Return the person whose name is the head of a phrase or follows it: "His colleague, Mikheil Saakashvili"."""
        head_end = span.start + phrase.head_end
        for mention in inside:
            person = self.people.at.get(mention.start)
            if person is None or mention.end < head_end:
                continue
            between = self.text[head_end : mention.start]
            if between and not (between.startswith(",") and not between.strip(", \n")):
                return None
            voice = self.voices.person(person)
            exact = fold(" ".join(mention.name)) == fold(voice.speaker.name) and len(mention.name) > 1
            rule = Rule.FULL_NAME if len(mention.name) > 1 else Rule.SURNAME
            return Found(voice, Resolution.EXACT if exact else Resolution.ALIAS, rule)
        return None if inside or phrase.core.islower() else self._by_cut_name(phrase)

    def _by_cut_name(self, phrase: Phrase) -> Found | None:
        """Return the person of a name that runs on beyond its source, as names do in headlines."""
        cut = find_mentions(phrase.text[: phrase.head_end], self.lexicon)
        person = self.people.namesake(cut[-1]) if cut and cut[-1].end == phrase.head_end else None
        return Found(self.voices.person(person), Resolution.ALIAS, Rule.SURNAME) if person else None

    def _by_office(self, span: Span, phrase: Phrase) -> Found | None:
        """Return who holds an office of which the phrase speaks as known: in this article, else by the alias file."""
        noun = phrase.head.rpartition("-")[2]
        if noun not in self.lexicon.offices or phrase.determiner in INDEFINITE:
            return None
        asked = read_office(phrase.title, self.lexicon)
        if asked is None or asked.head != noun:
            return None
        if not phrase.determiner and asked.of is None:
            return None
        person = self.people.holder(asked, span.start)
        if person is not None:
            return Found(self.voices.person(person), Resolution.NOMINAL, Rule.OFFICE)
        entry = self.aliases.by_office(asked, self.day)
        if entry is not None:
            return Found(self.voices.entry(entry), Resolution.ALIAS, Rule.ALIAS)
        return None

    def _by_owner(self, span: Span, phrase: Phrase) -> Found | None:
        """Name what belongs to somebody by its owner: "his administration" is the "Biden administration"."""
        if phrase.determiner not in POSSESSIVE:
            return None
        kind = self.unnamed.kind(phrase)
        if kind is None or kind in (SpeakerKind.ANONYMOUS, SpeakerKind.DOCUMENT):
            return None
        state = self.unnamed.state_before(span.start) if phrase.determiner == "its" else None
        if state is not None and phrase.head == "government":
            return Found(self.voices.state(state), Resolution.NOMINAL, Rule.OWNED)
        owner = self.pronouns.resolve(span, phrase.determiner)
        if owner is None:
            return None
        speaker = owner.voice.speaker
        if phrase.head == "government" and speaker.affiliation in self.lexicon.country_adjectives:
            return Found(self.voices.state(speaker.affiliation), Resolution.NOMINAL, Rule.OWNED)
        name = speaker.name
        if phrase.head in ("administration", "campaign", "government") and owner.voice.person is not None:
            label = f"{name.rsplit(' ', 1)[-1]} {phrase.head}"
        else:
            label = f"{phrase.core} of {name}"
        named = "@" not in speaker.speaker_id
        return Found(self.voices.other(kind, label, named=named, head=phrase.head), Resolution.NOMINAL, Rule.OWNED)


def _fill(statement: Statement, found: dict[Span, Found]) -> Statement:
    one = found.get(statement.source) if statement.source is not None else None
    if one is None:
        return statement
    return dataclasses.replace(
        statement,
        speaker_id=one.voice.speaker.speaker_id,
        resolution=one.resolution,
        resolution_confidence=CONFIDENCE[one.rule],
    )
