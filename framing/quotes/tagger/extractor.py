"""Find statements with a small trained network: cues first, then the source and content of each."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from framing.encoders.forms import Engine
from framing.errors import ConfigError
from framing.quotemarks import quotations
from framing.quotes.cues import SHIPPED, Cues, read_cues
from framing.quotes.rules.extractor import Rules
from framing.quotes.tagger.attributions import CLAIMED, Attribution, attributions
from framing.quotes.tagger.claims import Claims
from framing.quotes.tagger.cue_classes import cue_class
from framing.quotes.tagger.model import QuoteModel, cached_model
from framing.quotes.tagger.snapping import Quoted
from framing.types import Article, CueClass, QuoteType, Span, Statement, statement_id

LONG = 60
"""Characters from which on a content may report a statement of somebody else."""

CHARACTERS_AT_ONCE = 400_000
"""Text of articles whose word pieces are held at once."""


@dataclass(frozen=True)
class Tagger:
    """Find direct, indirect and mixed statements with a trained network; direct ones found by rule are never lost.

    `model` is a folder written by the training task `quotes`. `min_confidence` leaves out statements that are less
    probable; None takes the model's own threshold, at which its F1 was best on articles kept apart in training.
    It does not apply to the rules' direct statements. `cue_classes` keeps only statements whose cue is of one of these
    classes, and those without a cue. With `nested`, long contents are read once
    more for statements that they report in turn ("he said that the Kremlin objects"); these name their parent and are
    off by default, since they would count the same words for two speakers. `engine` is "fast" (the processor, without
    torch) or "torch" (a GPU where there is one, and any encoder).
    """

    model: str = "framing:models/quotes"
    min_confidence: float | None = None
    cue_classes: tuple[CueClass, ...] | None = None
    nested: bool = False
    lexicon: str = SHIPPED
    engine: Engine = "fast"

    def __post_init__(self) -> None:
        """Check the threshold, so that a mistake shows before any article is read."""
        if self.min_confidence is not None and not 0 <= self.min_confidence <= 1:
            raise ConfigError(f"quotes.min_confidence: expected a probability from 0 to 1, found {self.min_confidence}")

    def __call__(self, articles: Sequence[Article]) -> list[tuple[Statement, ...]]:
        """Return the statements of each article in text order.

        Raises:
            ModelError: the model folder is missing, damaged or made for another task.
        """
        model = cached_model(self.model, self.engine)
        least = float(model.settings["min_confidence"]) if self.min_confidence is None else self.min_confidence
        rules = Rules(lexicon=self.lexicon)
        found: list[tuple[Statement, ...]] = []
        for batch in _batches(articles):
            read = attributions([article.text for article in batch], model)
            for article, each, by_rule in zip(batch, read, rules(batch), strict=True):
                sure = [attribution for attribution in each if attribution.confidence >= least]
                claims = Claims(len(article.text))
                tagged = _statements(article, sure, read_cues(self.lexicon), model.name, claims)
                inner = self._inner(article, tagged, model, least) if self.nested else []
                found.append(self._chosen([*tagged, *_direct_besides(article.text, by_rule, claims), *inner]))
        return found

    def _inner(self, article: Article, outer: Sequence[Statement], model: QuoteModel, least: float) -> list[Statement]:
        """Return the statements inside long contents, as sure as both readings together."""
        held = [(s, span) for s in outer for span in s.content if span.end - span.start >= LONG]
        read = attributions([span.of(article.text) for _, span in held], model)
        known = {statement.statement_id for statement in outer}
        found: dict[str, Statement] = {}
        for (parent, span), inside in zip(held, read, strict=True):
            moved = [each.moved(span.start, parent.confidence) for each in inside]
            sure = [each for each in moved if each.confidence >= least]
            claims = Claims(len(article.text))
            for made in _statements(article, sure, read_cues(self.lexicon), model.name, claims):
                if made.statement_id not in known:
                    found.setdefault(made.statement_id, dataclasses.replace(made, parent_id=parent.statement_id))
        return list(found.values())

    def _chosen(self, statements: Sequence[Statement]) -> tuple[Statement, ...]:
        wanted = [s for s in statements if self.cue_classes is None or s.cue_class in (None, *self.cue_classes)]
        ids = {statement.statement_id for statement in wanted}
        kept = [s if s.parent_id in ids else dataclasses.replace(s, parent_id=None) for s in wanted]
        return tuple(sorted(kept, key=lambda s: (s.content[0], s.content[-1].end)))


def _batches(articles: Sequence[Article]) -> Iterator[list[Article]]:
    batch: list[Article] = []
    size = 0
    for article in articles:
        batch.append(article)
        size += len(article.text)
        if size >= CHARACTERS_AT_ONCE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _statements(
    article: Article, found: Sequence[Attribution], lexicon: Cues, extractor: str, claims: Claims
) -> list[Statement]:
    """Make a statement of each attribution, the surest first; what its content says is claimed by it."""
    quoted = Quoted(article.text, quotations(article.text))
    made: dict[str, Statement] = {}
    for each in sorted(found, key=lambda attribution: -attribution.confidence):
        content = quoted.snap(each.content)
        if not content or claims.share(content) > CLAIMED:
            continue
        content = _unclaimed(article.text, [*content, *quoted.carried_on(content)], claims)
        if not content:
            continue
        claims.take(content)
        cue = quoted.trim(each.cue) or each.cue
        name = statement_id(article.article_id, content)
        quote_type = quoted.quote_type(content)
        quotes = quote_type is not QuoteType.INDIRECT
        made.setdefault(
            name,
            Statement(
                statement_id=name,
                article_id=article.article_id,
                content=content,
                cue=cue,
                source=each.source and quoted.trim(each.source),
                quote_type=quote_type,
                cue_class=cue_class(cue.of(article.text), lexicon, quotes=quotes),
                confidence=each.confidence,
                extractor=extractor,
            ),
        )
    return list(made.values())


def _direct_besides(text: str, by_rule: Sequence[Statement], claims: Claims) -> list[Statement]:
    """Return the direct statements of the rules that nobody claims the greater part of, without what is claimed."""
    found = []
    for statement in by_rule:
        if statement.quote_type is QuoteType.DIRECT and claims.share(statement.content) < CLAIMED:
            content = _unclaimed(text, statement.content, claims)
            if not content:
                continue
            claims.take(content)
            name = statement_id(statement.article_id, content)
            found.append(dataclasses.replace(statement, statement_id=name, content=content))
    return found


def _unclaimed(text: str, content: Sequence[Span], claims: Claims) -> tuple[Span, ...]:
    """Return the stretches of a content that nobody claims, those with a letter in them."""
    return tuple(span for span in claims.free(content) if any(map(str.isalnum, span.of(text))))
