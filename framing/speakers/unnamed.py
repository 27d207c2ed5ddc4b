"""Sources that name no person: states, bodies, groups, documents and voices whose name the article withholds."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from framing.speakers.bodies import name_body
from framing.speakers.clusters import People
from framing.speakers.confidence import Rule
from framing.speakers.folding import fold
from framing.speakers.lexicon import Lexicon
from framing.speakers.mentions import Mention, Sort
from framing.speakers.phrases import INDEFINITE, POSSESSIVE, Phrase, describe, is_plural, kind_of
from framing.speakers.voices import Found, Voice, Voices
from framing.types import Resolution, Span, SpeakerKind

_DEFINITE = frozenset({"the", "this", "that", "these", "those"})
_ANY_DOCUMENT = frozenset({"text", "document", "paper", "statement"})
_RESEARCH = frozenset({"report", "study", "survey", "research", "paper", "analysis"})
_NOT_TELLING = frozenset({"new", "latest", "recent", "same", "final", "whole", "full", "entire", "very"})
_OF_A_PERSON = re.compile(r"\w{2,}(?:er|or|ist|ian|ant|ee|man|ete|mate|child|kid)$")
_RULES = {
    SpeakerKind.GOVERNMENT: Rule.BODY,
    SpeakerKind.ORGANISATION: Rule.BODY,
    SpeakerKind.GROUP: Rule.GROUP,
    SpeakerKind.DOCUMENT: Rule.DOCUMENT,
    SpeakerKind.ANONYMOUS: Rule.ANONYMOUS,
    SpeakerKind.UNKNOWN: Rule.UNKNOWN,
}
_AND_ANOTHER = re.compile(r"\sand\s(?:the|his|her|its|their|an?)\s")
_WHERE = (" in ", " at ", " near ")
_WITHHELD = (SpeakerKind.ANONYMOUS, SpeakerKind.UNKNOWN)


class Unnamed:
    """Resolve noun phrases of one article by what their heads say; `heard` holds the voices so far, in text order."""

    def __init__(
        self,
        text: str,
        mentions: Sequence[Mention],
        people: People,
        lexicon: Lexicon,
        voices: Voices,
        heard: Sequence[Voice],
    ) -> None:
        self.people = people
        self.text, self.mentions, self.lexicon, self.voices, self.heard = text, mentions, lexicon, voices, heard
        self._heads: dict[str, list[tuple[int, str]]] | None = None

    def resolve(self, span: Span, phrase: Phrase, inside: Sequence[Mention]) -> Found | None:
        """Return the voice of a phrase that holds the mentions `inside`; None if nothing tells that it is a voice."""
        if any(mention.sort is Sort.PLACE and mention.start == span.start for mention in inside) and (
            self.text.endswith(_WHERE, 0, span.start) and fold(phrase.core) in self.lexicon.countries
        ):
            return None
        return (
            self._state(phrase, inside)
            or self._again(span, phrase, inside)
            or self._named_document(phrase, inside)
            or self._new(span, phrase, inside)
        )

    def state_before(self, position: int) -> str | None:
        """Return the state last named before a position, as "its government" takes it up."""
        index = bisect_left(self.mentions, (position,))
        for mention in reversed(self.mentions[max(0, index - 10) : index]):
            if mention.sort is Sort.PLACE:
                return self._state_of(mention)
        return None

    def kind(self, phrase: Phrase) -> SpeakerKind | None:
        """Return the kind of voice that the head of a phrase tells."""
        return kind_of(phrase, self.lexicon)

    def _state(self, phrase: Phrase, inside: Sequence[Mention]) -> Found | None:
        whole = fold(phrase.core)
        state = self.lexicon.metonyms.get(whole)
        if state is not None:
            voice = self.voices.other(
                SpeakerKind.GOVERNMENT, phrase.core, named=True, head=phrase.head, affiliation=state
            )
            return Found(voice, Resolution.EXACT, Rule.STATE)
        if whole in self.lexicon.states or whole in self.lexicon.capitals:
            state = self.lexicon.countries[whole]
            resolution = Resolution.EXACT if whole == fold(state) else Resolution.ALIAS
            return Found(self.voices.state(state), resolution, Rule.STATE)
        if phrase.head in ("government", "authorities"):
            states = {self._state_of(mention) for mention in inside if mention.sort is Sort.PLACE} - {None}
            if len(states) == 1:
                return Found(self.voices.state(str(states.pop())), Resolution.ALIAS, Rule.STATE)
        return None

    def _state_of(self, mention: Mention) -> str | None:
        return self.lexicon.countries.get(" ".join(mention.folded))

    def _again(self, span: Span, phrase: Phrase, inside: Sequence[Mention]) -> Found | None:
        """Return the voice that a definite phrase takes up: "the ministry" after "the Russian Foreign Ministry"."""
        if not phrase.whole:
            return None
        bare = fold(phrase.core) == phrase.head
        if phrase.determiner not in _DEFINITE or any(mention.sort is not Sort.OTHER for mention in inside if not bare):
            return None
        kind = kind_of(phrase, self.lexicon)
        for voice in reversed(self.heard[-30:]):
            if self._takes_up(phrase, kind, voice):
                return Found(voice, Resolution.NOMINAL, Rule.SAME_HEAD)
        if kind is None or kind in _WITHHELD or not bare:
            return None
        named = self._named_with(phrase.head, span.start)
        if named is None:
            return None
        entry = self.voices.aliases.by_name(fold(named), self.voices.day)
        voice = self.voices.entry(entry) if entry else self.voices.other(kind, named, named=True, head=phrase.head)
        return Found(voice, Resolution.NOMINAL, Rule.SAME_HEAD)

    def _takes_up(self, phrase: Phrase, kind: SpeakerKind | None, voice: Voice) -> bool:
        """Say whether a phrase may mean a voice: of its head, and with no word before it that the voice lacks."""
        if voice.head == phrase.head:
            told = set(fold(phrase.core).split()[:-1]) - _NOT_TELLING
            return told <= set(fold(voice.speaker.name).split())
        if kind is not SpeakerKind.DOCUMENT or voice.speaker.kind is not SpeakerKind.DOCUMENT:
            return False
        return phrase.head in _ANY_DOCUMENT or (phrase.head in _RESEARCH and voice.head in _RESEARCH)

    def _named_document(self, phrase: Phrase, inside: Sequence[Mention]) -> Found | None:
        """Return the document of which an article gives the name elsewhere: "a new study", if it names one study."""
        if kind_of(phrase, self.lexicon) is not SpeakerKind.DOCUMENT or inside or phrase.determiner in POSSESSIVE:
            return None
        if not phrase.determiner or set(fold(phrase.core).split()[:-1]) - _NOT_TELLING:
            return None
        heads = _RESEARCH if phrase.determiner in _DEFINITE and phrase.head in _RESEARCH else {phrase.head}
        names = {fold(name): name for head in heads for _, name in self._names().get(head, ())}
        if len(names) != 1:
            return None
        name = next(iter(names.values()))
        voice = self.voices.other(SpeakerKind.DOCUMENT, name, named=True, head=phrase.head)
        return Found(voice, Resolution.NOMINAL, Rule.SAME_HEAD)

    def _named_with(self, head: str, position: int) -> str | None:
        """Return the name last seen before a position that ends in `head`: "NATO leaders", "Foreign Ministry"."""
        known = self._names().get(head, [])
        index = bisect_left(known, (position, ""))
        return known[index - 1][1] if index else None

    def _names(self) -> dict[str, list[tuple[int, str]]]:
        """Return the names that end in a common noun by that noun, with their places in text order."""
        if self._heads is None:
            self._heads = {}
            for mention in filter(self._ends_in_noun, self.mentions):
                name = self.text[mention.start : mention.end]
                if len(mention.folded) > 1:
                    self._heads.setdefault(mention.folded[-1], []).append((mention.start, name))
                after = self.text[mention.end : mention.end + 24]
                word = after[1:].split(" ", 1)[0].strip(".,;:") if after.startswith(" ") else ""
                if mention.sort is not Sort.OTHER and word in self.lexicon.groups | self.lexicon.governments:
                    self._heads.setdefault(word, []).append((mention.start, f"{name} {word}"))
        return self._heads

    def _ends_in_noun(self, mention: Mention) -> bool:
        if mention.possessive:
            return False
        document = mention.sort is Sort.OTHER and mention.folded[-1] in self.lexicon.documents
        return document or mention.sort in (Sort.BODY, Sort.PLACE)

    def _new(self, span: Span, phrase: Phrase, inside: Sequence[Mention]) -> Found | None:
        head_end = span.start + phrase.head_end
        ahead = [mention for mention in inside if mention.end <= head_end]
        kind = self._kind(phrase)
        if kind in (None, SpeakerKind.GROUP):
            kind = self._kind_of_name(phrase, [mention for mention in ahead if mention.end == head_end]) or kind
        kind = kind or self._guess(phrase, named=bool(ahead))
        if kind is None:
            return None
        if (
            kind is SpeakerKind.ANONYMOUS
            and phrase.determiner in _DEFINITE
            and phrase.head not in self.lexicon.withheld
        ):
            kind = SpeakerKind.UNKNOWN if not is_plural(phrase.head) else kind
        resolution = Resolution.NONE if kind in _WITHHELD else Resolution.EXACT
        return Found(self._voice(kind, span, phrase, inside), resolution, _RULES[kind])

    def _kind(self, phrase: Phrase) -> SpeakerKind | None:
        """Return the kind that the head tells; "the Daily Caller" is the name of a body and no caller."""
        kind = kind_of(phrase, self.lexicon)
        words = phrase.core.split()
        title = len(words) > 1 and all(word[0].isupper() for word in words) and phrase.determiner in ("the", "")
        if title and kind is SpeakerKind.ANONYMOUS and phrase.head not in self.lexicon.offices:
            return SpeakerKind.ORGANISATION
        both = _AND_ANOTHER.search(phrase.core) is not None
        return SpeakerKind.GROUP if both and kind in (SpeakerKind.ORGANISATION, SpeakerKind.GOVERNMENT) else kind

    def _voice(self, kind: SpeakerKind, span: Span, phrase: Phrase, inside: Sequence[Mention]) -> Voice:
        if kind in (SpeakerKind.ORGANISATION, SpeakerKind.GOVERNMENT):
            people = [mention for mention in inside if mention.start in self.people.at]
            body = name_body(self.text, span, phrase, inside, people, self.lexicon)
            entry = self.voices.aliases.by_name(fold(body.name), self.voices.day) if body.proper else None
            if entry is not None:
                return self.voices.entry(entry)
            return self.voices.other(kind, body.name, named=body.proper, head=phrase.head, affiliation=body.state)
        ahead = [mention for mention in inside if mention.end <= span.start + phrase.head_end]
        named = any(m.sort is not Sort.OTHER or m.start > span.start + 4 or len(m.name) > 1 for m in ahead)
        named = named or (phrase.head in self.lexicon.proper and fold(phrase.core) == phrase.head)
        named = named and phrase.determiner not in INDEFINITE
        return self.voices.other(kind, describe(phrase.text, self.lexicon), named=named, head=phrase.head)

    def _kind_of_name(self, phrase: Phrase, last: Sequence[Mention]) -> SpeakerKind | None:
        """Return the kind that a name at the head tells: a body, or a people as in "the Swedes"."""
        if not last:
            return None
        if last[0].sort is Sort.BODY:
            return SpeakerKind.ORGANISATION
        if last[0].sort is Sort.PLACE:
            return SpeakerKind.GROUP if " ".join(last[0].folded) not in self.lexicon.states else None
        if len(last[0].name) == 1 and is_plural(phrase.head):
            return SpeakerKind.GROUP
        return None if phrase.head in self.lexicon.groups else SpeakerKind.ORGANISATION

    def _guess(self, phrase: Phrase, *, named: bool) -> SpeakerKind | None:
        """Guess the kind where neither the head nor a name tells it; None for what seems to be no voice at all."""
        if phrase.determiner in INDEFINITE or phrase.head in INDEFINITE:
            return SpeakerKind.ANONYMOUS
        if is_plural(phrase.head) or " and " in phrase.core:
            return SpeakerKind.GROUP
        known = named or phrase.head in self.lexicon.nouns or _OF_A_PERSON.match(phrase.head)
        return SpeakerKind.UNKNOWN if known and (named or phrase.determiner) else None
