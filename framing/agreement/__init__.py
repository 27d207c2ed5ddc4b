"""How far coders agree: people among themselves, and people with the model."""
