"""Pronouns as sources: whom the article means by "he", "who", "it" or "they"."""

from __future__ import annotations

from framing.speakers.antecedents import Antecedents
from framing.speakers.clusters import People, Person
from framing.speakers.confidence import CONFIDENCE, Rule
from framing.speakers.folding import fold
from framing.speakers.phrases import is_plural
from framing.speakers.salience import Ranker
from framing.speakers.voices import Found, Voice, Voices
from framing.types import Resolution, Span, SpeakerKind

_GENDERED = {
    "he": "male",
    "him": "male",
    "his": "male",
    "himself": "male",
    "she": "female",
    "her": "female",
    "hers": "female",
    "herself": "female",
}
RELATIVE = frozenset({"who", "which", "that", "whom"})
OF_PEOPLE = frozenset({"who", "whom"})
_NEUTER = frozenset({"it", "its"})
_PLURAL = frozenset({"they", "them", "their"})
_FIRST = frozenset({"i", "me", "my", "myself"})
_NOBODY = frozenset({"we", "us", "our", "you", "your"})
PRONOUNS = frozenset(_GENDERED) | RELATIVE | _NEUTER | _PLURAL | _FIRST | _NOBODY
"""The words that are resolved as pronouns where they are all of a source."""


def is_pronoun(text: str, span: Span) -> bool:
    """Say whether a span is a pronoun; "WHO" and "US" are none, unless what stands behind is in capitals as well."""
    word = span.of(text)
    if fold(word) not in PRONOUNS:
        return False
    following = text[span.end : span.end + _NEARBY].split()[:2]
    return len(word) == 1 or not word.isupper() or any(each.isupper() and len(each) > 1 for each in following)


_BODIES = (SpeakerKind.ORGANISATION, SpeakerKind.GOVERNMENT, SpeakerKind.DOCUMENT)
_SINGULAR = (SpeakerKind.PERSON, SpeakerKind.ANONYMOUS, SpeakerKind.UNKNOWN)
_CLOSE_MARGIN = 0.5
_CLAUSE = 80
_ADJACENT = 2
_BACK = 8
_NEARBY = 30


class Pronouns:
    """Resolve the pronouns of one article; every source resolved is told by `hear`."""

    def __init__(self, antecedents: Antecedents, voices: Voices, people: People, ranker: Ranker) -> None:
        self.antecedents, self.voices, self.people, self.ranker = antecedents, voices, people, ranker
        self._heard: list[tuple[Span, Voice]] = []
        self._at: dict[Span, Voice] = {}

    def hear(self, span: Span, voice: Voice) -> None:
        """Remember that a voice spoke at a source."""
        self._heard.append((span, voice))
        self._at[span] = voice
        if voice.person is not None or (voice.speaker.kind in _SINGULAR and not voice.plural):
            self.antecedents.add_source(span, voice.person or voice)

    def resolve(self, span: Span, word: str) -> Found | None:
        """Return whom a folded pronoun at a span means; "we" and "you" are left open."""
        if word in _GENDERED:
            return self._gendered(span, _GENDERED[word])
        if word in RELATIVE:
            return self._relative(span, word)
        if word in _FIRST:
            speaking = self._speaking_around(span)
            return Found(speaking, Resolution.PRONOUN, Rule.PRONOUN_QUOTED) if speaking else None
        if word in _NEUTER or word in _PLURAL:
            return self._without_gender(plural=word in _PLURAL)
        return None

    def _gendered(self, span: Span, gender: str) -> Found | None:
        speaking = self._speaking_around(span)
        pairs = self.antecedents.candidates(span.start, gender, speaking)
        if not pairs:
            return None
        choice = self.ranker([candidate for _, candidate in pairs])
        who = pairs[choice.place][0]
        rule = Rule.PRONOUN if choice.margin > _CLOSE_MARGIN else Rule.PRONOUN_CLOSE
        if self.antecedents.quote_of(span.start):
            rule = Rule.PRONOUN_QUOTED
        if isinstance(who, Person):
            who.gender = who.gender or gender
            who = self.voices.person(who)
        confidence = None if choice.confidence is None else round(min(choice.confidence, CONFIDENCE[Rule.PRONOUN]), 3)
        return Found(who, Resolution.PRONOUN, rule, confidence)

    def _speaking_around(self, span: Span) -> Voice | None:
        """Return the speaker of the quotation that holds a span, who is "I" in it and never "he"."""
        source = self.antecedents.source_around(span)
        return self._at.get(source) if source is not None else None

    def _relative(self, span: Span, word: str) -> Found | None:
        """Return the person or voice named last before "who", in the same clause; "which" is no person.

        A plural right before it ("dozens of women who") names somebody else.
        """
        if word not in OF_PEOPLE:
            heard = self._heard[-1] if self._heard else None
            near = heard is not None and 0 <= span.start - heard[0].end <= _ADJACENT
            return Found(heard[1], Resolution.PRONOUN, Rule.RELATIVE) if heard and near else None
        last = self.antecedents.word_before(span.start)
        if last.islower() and is_plural(last):
            return None
        named = self.people.before(span.start)
        if named is not None and span.start - named[0].end < _CLAUSE:
            return Found(self.voices.person(named[1]), Resolution.PRONOUN, Rule.RELATIVE)
        if self._heard and 0 <= span.start - self._heard[-1][0].end < _CLAUSE:
            return Found(self._heard[-1][1], Resolution.PRONOUN, Rule.RELATIVE)
        return None

    def _without_gender(self, *, plural: bool) -> Found | None:
        for _, voice in reversed(self._heard[-_BACK:]):
            if voice.plural if plural else voice.speaker.kind in _BODIES and not voice.plural:
                return Found(voice, Resolution.PRONOUN, Rule.NUMBER)
        return None
