"""The speaker resolver by rule: name clusters, offices, pronouns by salience, metonyms, bodies and unnamed voices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from framing.protocols import ArticleStatements, Resolved
from framing.speakers.aliases import read_aliases
from framing.speakers.article import ArticleSpeakers
from framing.speakers.lexicon import WORDS, read_lexicon
from framing.speakers.weights import RULE, read_ranker


@dataclass(frozen=True)
class Names:
    """Resolve sources by rule; `aliases` is a file that joins speakers across articles, `lexicon` the word lists.

    `ranker` chooses whom "he" and "she" mean: "rule" is weights set by hand, a model folder such as
    "framing:models/speakers" weights learnt by `framing train`, with a confidence for each choice. The rule is the
    default because the learnt weights are right no more often on articles that they were not learnt from.

    Ids come from names, so that articles and runs join: `person:jens-stoltenberg`, `government:russia`. Two people of
    one full name are one speaker unless the alias file parts them. A surname that its article never completes is
    `person:smith` in every article: writers leave the given name out only for people whom everybody knows.
    Voices without a name (`anonymous:officials@ARTICLE`) end in the id of their article, so that they are never counted
    as one speaker across articles.

    Raises:
        ConfigError: the alias file or the lexicon is wrong.
        ModelError: there is no trained ranker in the folder named.
    """

    aliases: str | None = None
    lexicon: str = WORDS
    ranker: str = RULE

    def __post_init__(self) -> None:
        read_aliases(self.aliases)
        read_lexicon(self.lexicon)
        read_ranker(self.ranker)

    def __call__(self, articles: Sequence[ArticleStatements]) -> list[Resolved]:
        """Return the statements of each article with their speakers, and the speakers."""
        lexicon, aliases, ranker = read_lexicon(self.lexicon), read_aliases(self.aliases), read_ranker(self.ranker)
        return [
            ArticleSpeakers(article, statements, lexicon, aliases, ranker).resolve() for article, statements in articles
        ]
