"""Train the classifiers of stance, and read and score their rows."""
