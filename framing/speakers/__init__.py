"""Who said it: from the span that names a source to a speaker, by rule.

`mentions` finds names and offices, `clusters` joins those of one person, `salience` chooses whom a pronoun means, by
weights set by hand or read by `weights`, `aliases` joins articles, and `names` holds the part that does it all.
"""
