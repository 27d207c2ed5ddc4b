"""Training of the extractor of statements, from gold attributions to a model folder."""
