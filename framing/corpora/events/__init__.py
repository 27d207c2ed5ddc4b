"""Which articles report the same event, told from their words and dates."""
