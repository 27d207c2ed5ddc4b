"""The speakers of one article: its sources in text order, each tried by name, pronoun, office and kind of phrase."""

from __future__ import annotations

import dataclasses
import re
from bisect import bisect_left
from collections.abc import Sequence

from framing.protocols import Resolved
from framing.speakers.acronyms import find_names, is_acronym
from framing.speakers.aliases import Aliases, plain
from framing.speakers.antecedents import Antecedents
from framing.speakers.clusters import People, Person
from framing.speakers.confidence import CONFIDENCE, Rule
from framing.speakers.folding import fold
from framing.speakers.joined import joined_people
from framing.speakers.lexicon import Lexicon
from framing.speakers.mentions import Mention, find_mentions
from framing.speakers.offices import read_office
from framing.speakers.phrases import INDEFINITE, POSSESSIVE, Phrase, is_plural, kind_of, read_phrase
from framing.speakers.pronouns import OF_PEOPLE, RELATIVE, Pronouns, is_pronoun
from framing.speakers.relatives import phrase_before
from framing.speakers.salience import Ranker
from framing.speakers.unnamed import Unnamed
from framing.speakers.voices import Found, Voice, Voices
from framing.types import Article, Resolution, Span, Speaker, SpeakerKind, Statement

_HELD_BY_ONE = frozenset(
    {"president", "premier", "chancellor", "minister", "secretary", "general", "governor", "mayor"}
)
_APPOSED = re.compile(r"(?:\s(?:of|at|for|in|from|with)\s[^,]+)?,\s+$")
_PREAMBLE = re.compile(r".*(?:;\s+|\baccording to\s+)", re.DOTALL)


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
        self.acronyms: dict[str, str] | None = None
        self.unnamed = Unnamed(self.text, self.mentions, self.people, lexicon, self.voices, self.heard)
        antecedents = Antecedents(self.text, self.people.people, statements, self.voices)
        self.pronouns = Pronouns(antecedents, self.voices, self.people, ranker)

    def resolve(self) -> Resolved:
        """Return the statements with their speakers, in the order given, and the speakers by id."""
        found: dict[Span, Found] = {}
        speakers: dict[str, Speaker] = {}
        for span in self.sources:
            one = self.find(span)
            if one is not None:
                found[span] = one
                speakers[one.voice.speaker.speaker_id] = one.voice.speaker
                self.hear(span, one.voice)
        filled = tuple(_fill(statement, found) for statement in self.statements)
        return Resolved(filled, tuple(speakers[key] for key in sorted(speakers)))

    def hear(self, span: Span, voice: Voice) -> None:
        """Remember that a voice spoke at a source; what comes later in the text may take it up."""
        self.heard.append(voice)
        self.pronouns.hear(span, voice)

    def find(self, span: Span) -> Found | None:
        """Return whom a source means, after all sources before it were heard."""
        if is_pronoun(self.text, span):
            word = fold(span.of(self.text))
            return (self._by_phrase_before(span, word) if word in RELATIVE else None) or self.pronouns.resolve(
                span, word
            )
        return self._by_phrase(_without_preamble(self.text, span))

    def _by_phrase_before(self, span: Span, word: str) -> Found | None:
        """Return whom the noun phrase right before "who" or "which" means; "who" is no body, and "which" no person."""
        before = phrase_before(self.text, span.start, self.mentions, self.starts, self.lexicon)
        if before is None:
            return None
        kind = kind_of(read_phrase(before.of(self.text), self.lexicon), self.lexicon)
        people = kind in (SpeakerKind.ANONYMOUS, SpeakerKind.GROUP)
        if people is not (word in OF_PEOPLE) or self.text.endswith(", ", 0, before.start):
            return None
        return self._by_phrase(before)

    def _by_phrase(self, span: Span) -> Found | None:
        phrase = read_phrase(span.of(self.text), self.lexicon)
        if phrase.skipped:
            span = Span(span.start + phrase.skipped, span.end)
        inside = self._mentions_in(span)
        return (
            self._joined(span, inside)
            or self._by_alias(phrase, people=False)
            or self._by_acronym(phrase)
            or self._by_name(span, phrase, inside)
            or self._by_alias(phrase, people=True)
            or self._by_office(span, phrase)
            or self._by_epithet(span, phrase)
            or self._by_owner(span, phrase)
            or self._by_name_before(span, phrase)
            or self.unnamed.resolve(span, phrase, inside)
        )

    def _mentions_in(self, span: Span) -> list[Mention]:
        first, last = bisect_left(self.starts, span.start), bisect_left(self.starts, span.end)
        first -= first > 0 and self.mentions[first - 1].end > span.start
        return [mention for mention in self.mentions[first:last] if mention.end <= span.end]

    def _joined(self, span: Span, inside: Sequence[Mention]) -> Found | None:
        """Return the group of people joined by "and"."""
        people = joined_people(self.text, span, inside, self.people, self.lexicon)
        if people is None:
            return None
        *first, last = (each if isinstance(each, str) else self.voices.person(each).speaker.name for each in people)
        voice = self.voices.other(SpeakerKind.GROUP, f"{', '.join(first)} and {last}", named=True, head="both")
        return Found(voice, Resolution.EXACT, Rule.GROUP)

    def _by_alias(self, phrase: Phrase, *, people: bool) -> Found | None:
        """Return whom the alias file means by a phrase; people come after those whom the article names itself."""
        for words in (phrase.text, phrase.core) if phrase.whole else (phrase.text,):
            entry = self.aliases.by_name(plain(words), self.day)
            if entry is not None and people is (entry.kind is SpeakerKind.PERSON):
                exact = plain(words) == plain(entry.name)
                voice = self.voices.entry(entry, self.people.of_entry(entry))
                return Found(voice, Resolution.EXACT if exact else Resolution.ALIAS, Rule.ALIAS)
        return None

    def _by_acronym(self, phrase: Phrase) -> Found | None:
        """Return the body whose name has the initials that are all of a phrase."""
        initials = phrase.core.replace(".", "")
        if not is_acronym(phrase.core) or initials.casefold() in self.lexicon.countries:
            return None
        if self.acronyms is None:
            self.acronyms = find_names(self.text)
        name = self.acronyms.get(initials)
        if name is None:
            return None
        full = read_phrase(name, self.lexicon)
        kind = kind_of(full, self.lexicon) or kind_of(phrase, self.lexicon) or SpeakerKind.ORGANISATION
        voice = self.voices.other(kind, name, named=True, head=full.head)
        return Found(voice, Resolution.ALIAS, Rule.BODY)

    def _by_name(self, span: Span, phrase: Phrase, inside: Sequence[Mention]) -> Found | None:
        """Return the person whose name is the head of a phrase or follows it: "His colleague, Mikheil Saakashvili"."""
        head_end = span.start + phrase.head_end
        for mention in inside:
            person = self.people.at.get(mention.start)
            if person is None or mention.end < head_end:
                continue
            between = self.text[head_end : mention.start]
            if between and not _APPOSED.match(between):
                continue
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
        entry = self.aliases.by_office(asked, self.day) if person is None else None
        if entry is not None:
            return Found(self.voices.entry(entry, self.people.of_entry(entry)), Resolution.ALIAS, Rule.ALIAS)
        person = person or self.people.likely_holder(asked, span.start)
        return Found(self.voices.person(person), Resolution.NOMINAL, Rule.OFFICE) if person else None

    def _by_name_before(self, span: Span, phrase: Phrase) -> Found | None:
        """Return the person whose name stands before a comma and this description of them."""
        if phrase.head not in self.lexicon.offices or not self.text.endswith(", ", 0, span.start):
            return None
        named = self.people.before(span.start)
        if named is None or named[0].end != span.start - 2 or named[0].possessive:
            return None
        return Found(self.voices.person(named[1]), Resolution.NOMINAL, Rule.OFFICE)

    def _by_epithet(self, span: Span, phrase: Phrase) -> Found | None:
        """Return whoever spoke last for a phrase that says something new of them: "the New York businessman"."""
        head = phrase.head.rpartition("-")[2]
        if phrase.determiner != "the" or head not in self.lexicon.offices or head in self.lexicon.withheld:
            return None
        if fold(phrase.core) == phrase.head or is_plural(head):
            return None
        last = self.pronouns.antecedents.last_speaker(span.start)
        asked = read_office(phrase.title, self.lexicon)
        gender = self.lexicon.gender.get(head)
        if not isinstance(last, Person) or asked is None or (gender and last.gender and gender != last.gender):
            return None
        if last.offices and (asked.head in _HELD_BY_ONE or any(each.head in _HELD_BY_ONE for each in last.offices)):
            return None
        return Found(self.voices.person(last), Resolution.NOMINAL, Rule.EPITHET)

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


def _without_preamble(text: str, span: Span) -> Span:
    """Leave out what runs into a source from another clause: "ready, according to the American president"."""
    match = _PREAMBLE.match(text, span.start, span.end)
    return Span(match.end(), span.end) if match and match.end() < span.end else span


def _fill(statement: Statement, found: dict[Span, Found]) -> Statement:
    one = found.get(statement.source) if statement.source is not None else None
    if one is None:
        return statement
    return dataclasses.replace(
        statement,
        speaker_id=one.voice.speaker.speaker_id,
        resolution=one.resolution,
        resolution_confidence=CONFIDENCE[one.rule] if one.confidence is None else one.confidence,
    )
