"""Train the ranker of speakers from gold attributions and from quotations in fiction."""
