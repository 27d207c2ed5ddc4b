"""Hand coding: a sample of articles to be coded by people, and their codes read back."""
