"""The same utterance in several outlets: found by its words, compared in what is kept of it and how it is shown."""
