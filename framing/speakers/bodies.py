"""What a body is called: one ministry, party or campaign gets one name, however an article words it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from framing.speakers.folding import fold
from framing.speakers.lexicon import Lexicon
from framing.speakers.mentions import Mention, Sort
from framing.speakers.phrases import INDEFINITE, Phrase, describe
from framing.types import Span

_OF_PEOPLE = frozenset({"campaign", "administration"})


class BodyName(NamedTuple):
    """A name, whether it means the same body in every article, and the state to which the body belongs."""

    name: str
    proper: bool
    state: str | None = None


def name_body(
    text: str, span: Span, phrase: Phrase, inside: Sequence[Mention], people: Sequence[Mention], lexicon: Lexicon
) -> BodyName:
    """Return the name of the body that a phrase at a span means; `people` are the mentions inside that name people."""
    head_end = span.start + phrase.head_end
    for mention in inside:
        between = text[head_end : mention.start]
        if mention.start > head_end and between.startswith(",") and not between.strip(", "):
            return BodyName(text[mention.start : mention.end], True)
    ahead = [mention for mention in inside if mention.end <= head_end and mention.name]
    if phrase.head in _OF_PEOPLE and ahead and ahead[-1] in people:
        return BodyName(f"{ahead[-1].name[-1]} {phrase.head}", True)
    of_state = _of_state(phrase, inside, lexicon) if phrase.head in lexicon.governments else None
    if of_state is not None:
        return of_state
    narrowed = phrase.text[phrase.head_end : phrase.head_end + 1] not in ("", ",")
    if not narrowed and phrase.determiner in ("", "the") and ahead:
        proper = _from_first_capital(phrase, ahead[-1].end == head_end)
        if proper is not None:
            return BodyName(proper, True)
    words = phrase.text if narrowed else phrase.text[: phrase.head_end]
    opens = len(ahead) == 1 and ahead[0].sort is Sort.OTHER and len(ahead[0].name) == 1
    opens = opens and ahead[0].start - span.start <= len("The ") and ahead[0].end < head_end
    return BodyName(describe(words, lexicon), bool(ahead) and not opens and phrase.determiner not in INDEFINITE)


def _of_state(phrase: Phrase, inside: Sequence[Mention], lexicon: Lexicon) -> BodyName | None:
    """Name what one state owns: "Moscow's foreign ministry" is the "Russian Foreign Ministry"."""
    states = {lexicon.countries.get(" ".join(mention.folded)) for mention in inside if mention.sort is Sort.PLACE} - {
        None
    }
    if len(states) != 1 or phrase.determiner in INDEFINITE:
        return None
    state = str(states.pop())
    own = {fold(name) for name, known in lexicon.countries.items() if known == state}
    words = [word for word in phrase.core.split() if fold(word).removesuffix("'s") not in own]
    if len(words) == len(phrase.core.split()) and phrase.whole:
        return None
    return BodyName(" ".join([lexicon.country_adjectives[state][1], *map(_capitalised, words)]), True, state)


def _capitalised(word: str) -> str:
    return word[:1].upper() + word[1:]


def _from_first_capital(phrase: Phrase, ends_in_name: bool) -> str | None:
    """Leave out what describes a name: "the far-right Our Homeland party" is "Our Homeland"."""
    words = phrase.core.split()
    first = next((index for index, word in enumerate(words) if word[0].isupper()), len(words))
    if ends_in_name:
        return " ".join(words[first:])
    return " ".join(words[first:-1]) if phrase.head == "party" and first < len(words) - 1 else None
