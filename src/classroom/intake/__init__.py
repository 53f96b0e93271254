"""Reads what platforms hand out: folders, archives, notebooks and clones, all of them hostile."""
