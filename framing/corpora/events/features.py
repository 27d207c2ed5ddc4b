"""What an event is recognised by: the names and content words of an article's opening, weighed by their rarity."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from scipy.sparse import csr_array, vstack
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, HashingVectorizer, TfidfTransformer

from framing.types import Article

OPENING = 400  # words; what comes later is background, which other events have too
NAMES = 2  # how many times a name counts

_WORD = re.compile(r"[^\W_]+")
_CHARACTERS = 12 * OPENING  # that hold the opening
_ENDS = frozenset(".!?:\n\"'“‘«„([")
_SPACE = 1 << 20


def counts(articles: Sequence[Article]) -> csr_array:
    """Return how often each feature stands in each article, one row an article; features are hashed into columns."""
    return csr_array(_VECTORIZER.transform(articles))


def weighted(parts: Sequence[csr_array]) -> csr_array:
    """Return rows of length 1 whose products are similarities: TF-IDF with sublinear counts (Salton & Buckley 1988)."""
    return csr_array(TfidfTransformer(sublinear_tf=True).fit_transform(csr_array(vstack(parts))))


def features(article: Article) -> Iterator[str]:
    """Yield the content words of title and opening in lower case, and names once more for each time they count."""
    text = f"{article.title or ''}.\n{article.text[:_CHARACTERS]}"
    for number, found in enumerate(_WORD.finditer(text)):
        if number == OPENING:
            return
        word = found[0]
        if word.casefold() in ENGLISH_STOP_WORDS or len(word) < 3:
            continue
        yield word.casefold()
        before = text[max(0, found.start() - 2) : found.start()]
        if word[0].isupper() and before and not _ENDS.intersection(before):
            for _ in range(NAMES):
                yield f"@{word}"


_VECTORIZER = HashingVectorizer(analyzer=features, n_features=_SPACE, alternate_sign=False, norm=None)
