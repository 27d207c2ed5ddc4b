"""Find who says what in the news, on which side, and compare outlets by it."""

__version__ = "0.1.0"
