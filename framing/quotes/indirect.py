"""Statements told in a clause, an infinitive or an object, with or without words in quote marks."""

from __future__ import annotations

from collections.abc import Sequence

from framing.quotes.clauses import Clause
from framing.quotes.closed_classes import PREPOSITIONS, is_adverb
from framing.quotes.complements import LONGEST
from framing.quotes.cues import Cue, Frame
from framing.quotes.found import Found, Tokens
from framing.quotes.noun_phrases import phrase_after
from framing.quotes.reading import Reading
from framing.quotes.verb_groups import Voice
from framing.types import CueClass

_SPOKEN = (CueClass.SPEECH, CueClass.WRITING)
_AFTERTHOUGHT = 10


def find_indirect(reading: Reading, clauses: Sequence[Clause], taken: set[int], verbs: dict[str, Cue]) -> list[Found]:
    """Find the statements told without a quotation of their own; `taken` holds the heads that introduce one."""
    found: list[Found] = []
    for clause in clauses:
        group, complement = clause.group, clause.complement
        if group.head in taken or group.voice in (Voice.INFINITIVE, Voice.PASSIVE) or clause.source is None:
            continue
        if complement is None:
            aside = _aside(reading, clause, verbs)
            if aside is not None:
                found.append(aside)
        elif clause.end > complement.start and not _is_told(clause, clauses):
            found.append(
                Found(
                    ((complement.start, clause.end),),
                    (group.start, complement.cue_end),
                    clause.source,
                    group.cue.cue_class,
                    f"{group.voice} {complement.frame}",
                    group.cue.lemma,
                )
            )
    return found


def _is_told(clause: Clause, clauses: Sequence[Clause]) -> bool:
    """Tell whether the cue is part of what another source says rather than a statement of its own."""
    if clause.holder < 0 or clause.source is None:
        return False
    holder = clauses[clause.holder].complement
    assert holder is not None
    return clause.group.cue.cue_class not in _SPOKEN or clause.source[0] <= holder.start + 1


def _aside(reading: Reading, clause: Clause, verbs: dict[str, Cue]) -> Found | None:
    """Read "…, she said.", "…, she said, …" and "…, said the minister."."""
    lower, group, source = reading.lower, clause.group, clause.source
    first, last = reading.bounds[reading.sentence[group.head]]
    if group.voice is not Voice.FINITE or source is None or not group.cue.frames & {Frame.CLAUSE, Frame.QUOTE}:
        return None
    if source[1] > group.start:
        return None
    comma = source[0] - 1
    if comma - first < 2 or lower[comma] != ",":
        return None
    after = group.end
    while after < last and lower[after] not in ".,!?" and after - group.end < _AFTERTHOUGHT:
        after += 1
    if after < last and lower[after] not in ".,!?":
        return None
    start = max(first, comma - LONGEST)
    for place in range(start, min(comma, start + 12)):
        if lower[place] in "—–―-" and reading.words[place - 1] in (")", *reading.words[start : start + 1]):
            start = place + 1
    if lower[start] in ("asked", "when", "while", "as", "after", "although", "though", "if", "since", "because"):
        return None
    parts: list[Tokens] = [(start, comma)]
    if after < last - 2 and lower[after] == ",":
        end = last
        while end > after and lower[end - 1] in ".,!?":
            end -= 1
        if end > after + 1:
            parts.append((after + 1, min(end, after + LONGEST)))
    if len(parts) == 1 and comma - start < 3:
        return None
    if len(parts) == 2 and comma - start < 8 and (lower[start] in PREPOSITIONS or is_adverb(lower[start])):
        return None
    return Found(tuple(parts), (group.start, group.end), source, group.cue.cue_class, "aside", group.cue.lemma)


def find_according(reading: Reading, verbs: dict[str, Cue]) -> list[Found]:
    """Read "according to NAME" at the start and at the end of what NAME says."""
    lower = reading.lower
    found = []
    for at, word in enumerate(lower[:-2]):
        if word != "according" or lower[at + 1] != "to" or reading.quoted[at] >= 0:
            continue
        first, last = reading.bounds[reading.sentence[at]]
        source = phrase_after(reading, at + 2, last, verbs)
        if source is None:
            continue
        content: Tokens = (max(first, at - LONGEST), at)
        if at - first <= 1:
            comma = next((t for t in range(source.end, min(last, source.end + 25)) if lower[t] == ","), None)
            if comma is None:
                continue
            content = (comma + 1, min(last, comma + LONGEST))
        start, end = content
        while end > start and lower[end - 1] in ".,!?;—-":
            end -= 1
        if end > start:
            found.append(Found(((start, end),), (at, at + 2), source, CueClass.SPEECH, "according", "according"))
    return found
