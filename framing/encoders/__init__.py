"""From a model folder to numbers for word pieces: one call, with torch or without."""
