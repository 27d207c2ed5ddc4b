"""Find statements: who said what, with which cue."""
