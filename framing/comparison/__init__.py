"""Several runs side by side: their estimates, the differences, and the statements whose label changed."""
