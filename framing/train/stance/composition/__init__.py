"""Statements composed anew in each epoch, from patterns of sentences and a lexicon of targets."""
