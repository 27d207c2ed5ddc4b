"""What coders work on: a row a statement with the passage around it, and nothing that tells the outlet or the model.

Coders see neither the outlet nor the model's label, since both would pull theirs.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from xml.sax.saxutils import quoteattr

import polars as pl

from framing.errors import ConfigError
from framing.stance.queries import context_of
from framing.tables import statements_from
from framing.text import paragraphs, sentences
from framing.types import Label

COLUMNS = ("unit", "target", "proposition", "speaker", "statement", "context", "label", "conditional", "coder", "note")

HINTS: Mapping[Label, str] = {
    Label.SUPPORT: "the speaker is for it",
    Label.OPPOSE: "the speaker is against it",
    Label.NEUTRAL: "addresses it, takes no side",
    Label.UNRELATED: "does not address it",
}


class Item(NamedTuple):
    """A statement to be coded; `unit` is its id, which holds its place in the article."""

    unit: str
    target: str
    proposition: str
    speaker: str
    statement: str
    context: str


def items(articles: pl.DataFrame, statements: pl.DataFrame, target: str, proposition: str) -> Iterator[Item]:
    """Yield the statements of the articles, in their order and that of the text; `articles` has article_id and text.

    Raises:
        ConfigError: the run did not keep the texts.
    """
    rows = dict(statements.select("article_id").with_row_index().group_by("article_id").agg("index").iter_rows())
    for article_id, text in articles.select("article_id", "text").iter_rows():
        if text is None:
            raise ConfigError(
                f"article {article_id!r}: the run has no text of it, and coders need the passage; "
                "run the experiment with corpus.keep_text: true"
            )
        found = statements_from(statements[rows.get(article_id, [])])
        sentence_spans, paragraph_spans = sentences(text), paragraphs(text)
        for statement in sorted(found, key=lambda each: (each.content[0].start, each.statement_id)):
            yield Item(
                unit=statement.statement_id,
                target=target,
                proposition=proposition,
                speaker=statement.source.of(text) if statement.source else "",
                statement=" ".join(span.of(text) for span in statement.content),
                context=context_of(statement, sentence_spans, paragraph_spans).of(text),
            )


def as_csv(sheet: Sequence[Item]) -> str:
    """Return the coding sheet: the columns label, conditional, coder and note are left for the coder."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="")
    writer.writeheader()
    writer.writerows(item._asdict() for item in sheet)
    return text.getvalue()


def as_tasks(sheet: Sequence[Item]) -> str:
    """Return the tasks that Label Studio imports; an export gives the unit back with each label."""
    tasks: list[dict[str, Any]] = [{"data": item._asdict()} for item in sheet]
    return json.dumps(tasks, ensure_ascii=False, indent=1) + "\n"


def labelling_config() -> str:
    """Return the labelling configuration for these tasks."""
    choices = "\n".join(
        f"    <Choice value={quoteattr(label)} hotkey={quoteattr(str(number))} hint={quoteattr(hint)}/>"
        for number, (label, hint) in enumerate(HINTS.items(), start=1)
    )
    return f"""<View>
  <Header value="$proposition"/>
  <Text name="context" value="$context"/>
  <Header size="5" value="Speaker"/>
  <Text name="speaker" value="$speaker"/>
  <Header size="5" value="Statement"/>
  <Text name="statement" value="$statement"/>
  <Choices name="label" toName="statement" choice="single" required="true" showInline="true">
{choices}
  </Choices>
  <Choices name="conditional" toName="statement" choice="multiple" showInline="true">
    <Choice value="conditional" hotkey="5" hint="the position holds under a condition only"/>
  </Choices>
  <TextArea name="note" toName="statement" placeholder="Note" maxSubmissions="1"/>
</View>
"""
