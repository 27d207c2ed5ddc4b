"""Readers: files in, a stream of articles and of rows that could not be read out."""
