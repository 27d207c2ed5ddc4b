"""Statements by rule: a lexicon of cues, quote marks and light noun phrases; no model, no parser."""
