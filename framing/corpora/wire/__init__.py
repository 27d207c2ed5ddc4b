"""Wire copy: the same agency text, perhaps cut or edited, in several outlets."""
