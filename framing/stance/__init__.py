"""Codebooks, target propositions and stance classifiers."""
