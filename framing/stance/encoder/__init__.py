"""The small encoder that reads a statement together with a proposition and its negation."""
