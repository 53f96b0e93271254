"""Makes starters, notebooks and the site's outputs from their one source.

The way through: `marked_source` finds the sections of a solution, `tasks` reads a chapter's tasks,
`starters` blanks the tasks out, `pages` turns a chapter's page into cells, `notebooks` runs them
and writes a notebook, `site_hook` shows on the site what the notebook printed, `check` compares
what is committed with all of that.
"""
