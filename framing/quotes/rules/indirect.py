"""Statements told in a clause, an infinitive or an object, with or without words in quote marks."""

from __future__ import annotations

from collections.abc import Sequence

from framing.quotes.cues import Cue, Frame
from framing.quotes.rules.clauses import Clause, is_clause
from framing.quotes.rules.closed_classes import ADDRESSED
from framing.quotes.rules.complements import LONGEST
from framing.quotes.rules.found import Found, Tokens
from framing.quotes.rules.noun_phrases import phrase_after
from framing.quotes.rules.reading import Reading
from framing.quotes.rules.verb_groups import Voice
from framing.types import CueClass

_SPOKEN = (CueClass.SPEECH, CueClass.WRITING)
_AFTERTHOUGHT = 10
_STOPS = frozenset((".", ",", "!", "?", ";", ":"))


def find_indirect(
    reading: Reading, clauses: Sequence[Clause], taken: set[Tokens], claimed: set[int], verbs: dict[str, Cue]
) -> list[Found]:
    """Find the statements told without a quotation of their own; `taken` holds the cues that introduce one.

    `claimed` holds the quotations that have their attribution.
    """
    found: list[Found] = []
    for clause in clauses:
        group, complement = clause.group, clause.complement
        if (
            (group.start, group.end) in taken
            or group.voice in (Voice.INFINITIVE, Voice.PASSIVE)
            or clause.source is None
        ):
            continue
        aside = None
        if complement is None or clause.source[0] >= group.end:
            aside = _aside(reading, clause, claimed, verbs)
        if aside is not None:
            found.append(aside)
        elif complement is not None and clause.end > complement.start and not _is_told(clause, clauses):
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
    begins = -1 if holder is None else holder.start
    return clause.group.cue.cue_class not in _SPOKEN or clause.source[0] <= begins + 1


def _aside(reading: Reading, clause: Clause, claimed: set[int], verbs: dict[str, Cue]) -> Found | None:
    """Read "…, she said.", "…, she said, …" and "…, said the minister."."""
    lower, group, source = reading.lower, clause.group, clause.source
    first, last = reading.bounds[reading.sentence[group.head]]
    if group.voice is not Voice.FINITE or not group.cue.frames & {Frame.CLAUSE, Frame.QUOTE}:
        return None
    if source is None:
        return None
    inverted = source[0] >= group.end
    comma, after = (group.start - 1, source[1]) if inverted else (source[0] - 1, group.end)
    if comma > first and reading.quoted[comma] >= 0 and lower[comma - 1] == ",":
        comma += 1
    elif lower[comma] != ",":
        return None
    if comma - first < 1 or reading.quoted[comma - 1] in claimed:
        return None
    stop = after + (1 if inverted else _AFTERTHOUGHT)
    while after < last and lower[after] not in _STOPS and after < stop:
        after += 1
    if after < last and lower[after] not in _STOPS:
        return None
    aims_at = after > group.end and group.cue.lemma not in ADDRESSED
    start = _start_of_aside(reading, max(first, comma - LONGEST), comma)
    whole = is_clause(reading, start, comma, verbs, spoken=group.cue.cue_class in _SPOKEN)
    parts: list[Tokens] = [(start, comma)]
    if after < last - 2 and lower[after] == ",":
        end = _end_of_aside(reading, after + 1, min(last, after + LONGEST))
        goes_on = lower[after + 1] in ("and", "but", "who", "which", "while") or lower[after + 1].endswith("ing")
        if end > after + 1 and not goes_on:
            parts.append((after + 1, end))
    if not whole and (len(parts) == 1 or Frame.CLAUSE not in group.cue.frames or aims_at):
        return None
    return Found(tuple(parts), (group.start, group.end), source, group.cue.cue_class, "aside", group.cue.lemma)


def _start_of_aside(reading: Reading, first: int, comma: int) -> int:
    """Return where the clause before ", she said" begins: behind a colon, a semicolon or the dash of a dateline."""
    start = first
    for place in range(first, comma):
        if (reading.quoted[place] < 0 and reading.lower[place] in ";:") or (
            reading.lower[place] in "—–―-" and place - first < 12 and reading.words[first].isupper()
        ):
            start = place + 1
    return start


def _end_of_aside(reading: Reading, start: int, last: int) -> int:
    end = next((t for t in range(start, last) if reading.lower[t] in ";:" and reading.quoted[t] < 0), last)
    while end > start and reading.lower[end - 1] in ".,!?":
        end -= 1
    return end


def find_according(reading: Reading, verbs: dict[str, Cue]) -> list[Found]:
    """Read "according to NAME" at the start and at the end of what NAME says."""
    lower = reading.lower
    found = []
    for at, word in enumerate(lower[:-2]):
        if word != "according" or lower[at + 1] != "to" or reading.quoted[at] >= 0:
            continue
        first, last = reading.bounds[reading.sentence[at]]
        source = phrase_after(reading, at + 2, last, verbs, apposition=at - first > 1)
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
