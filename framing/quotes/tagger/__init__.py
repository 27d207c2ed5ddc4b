"""Statements by a small trained network: cues first, then the source and content of each."""
