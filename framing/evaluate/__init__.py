"""Score what the stages find against human labels."""
