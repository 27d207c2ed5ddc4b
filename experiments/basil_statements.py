"""What does the default chain find in news outside its training corpus, and what is wrong with it when read by eye?

Data: BASIL (a folder with `articles/YEAR/ID_{1,2,3}.json`), which is not part of this project; it has no gold
statements. Every tenth of the 300 articles in the order of outlet and file: 10 events, each told by Fox, HuffPost and
the New York Times, 637 statements. One line a statement: confidence, type, class, speaker, cue and content.

    python experiments/basil_statements.py basil --articles 30

Six seconds on a free machine, thirty on a busy one. All 637 were judged beside the articles once, quickly, with the
answers in sight (of long contents both ends and the gaps), by a language model and not by trained coders: an estimate
of precision, no measured accuracy, and no recall. 453 of 637 (71%; 67 to 75 when the 10 events are redrawn) are right
in content, boundaries and speaker together; 518 (81%) when the speaker is not asked for. Right by type: direct 126 of
148, mixed 70 of 85, indirect 257 of 404; by class: speech 370 of 469, writing 32 of 51, thought 18 of 28, attitude 33
of 88; by confidence: .8 or more 330 of 379, from .5 99 of 166, below 24 of 92.

What is wrong with the other 184, each counted once, under the first that applies:

     77  nothing is said or thought: votes, vetoes, dismissals, decisions and other acts; "seems", "is known for" and
         passives without a speaker; questions put to somebody; a second reading of a statement already found
     42  boundaries: 21 cut short (before a later clause, a second quotation or the next paragraph; one inside a word),
         10 too long (words of the cue, a programme's name, a following remark), 11 torn or only a relative pronoun
     33  wrong speaker: 13 pronouns; 12 a wrong source or a namesake (father and daughter, two sisters, House and White
         House); 4 joined sources of which one is lost; 4 who relayed a quotation in place of who spoke it
     19  no speaker though the article names one: long passages between name and verb, "who", unnamed groups
     13  right person, own identity: 7 under a nickname, 6 under a title or kinship never joined to the name

Missed, at least 14: 4 quoted ones (in the lead under "mocking", after a noun cue, in an attribution inside another,
a letter of three paragraphs without a cue) and 10 others (a colon in place of a verb, "pleaded", a bare "refused").
Quotations over paragraphs: 4 right, 3 cut. Verbless attributions ("according to") are mostly found; their errors are
those of who relayed. Statements inside statements are off by default and were not counted as missed.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from framing.corpora.basil import read_articles
from framing.protocols import ArticleStatements
from framing.quotes.tagger.extractor import Tagger
from framing.speakers.names import Names
from framing.types import Speaker, Statement


def line(statement: Statement, text: str, speakers: Sequence[Speaker]) -> str:
    """Write one statement for reading by eye; the spans of a content that is in pieces are parted by a stroke."""
    names = {speaker.speaker_id: speaker.name for speaker in speakers}
    cue = statement.cue.of(text) if statement.cue else "-"
    content = " | ".join(span.of(text) for span in statement.content)
    speaker = names.get(statement.speaker_id or "", "-")
    kind = f"{statement.quote_type:8} {statement.cue_class or '-':8}"
    return " ".join(f"{statement.confidence:.2f}  {kind}  {speaker} [{cue}] {content}".split("\n"))


def main(arguments: Sequence[str] | None = None) -> dict[str, int]:
    """Extract, resolve, print the statements article by article, and how many there are."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="the folder of BASIL that holds articles/YEAR/ID.json")
    parser.add_argument("--articles", type=int, default=30, help="how many, spread evenly over the outlets")
    args = parser.parse_args(arguments)

    every = read_articles(args.folder)
    if not 1 <= args.articles <= len(every):
        parser.error(f"{args.folder} holds {len(every)} articles in articles/*/*.json; --articles is {args.articles}")
    taken = every[:: len(every) // args.articles][: args.articles]
    found = [ArticleStatements(*pair) for pair in zip(taken, Tagger()(taken), strict=True)]
    for article, (statements, speakers) in zip(taken, Names()(found), strict=True):
        print(f"\n== {article.article_id} {article.outlet} {article.published}: {article.title}")
        for statement in statements:
            print(line(statement, article.text, speakers))
    figures = {"articles": len(taken), "statements": sum(len(each.statements) for each in found)}
    print(json.dumps(figures))
    return figures


if __name__ == "__main__":
    main()
