"""Makes starters, notebooks, and what is generated in a page, from their one source.

The way through: `marked_source` finds the sections of a solution, `tasks` reads a chapter's tasks,
`starters` blanks the tasks out, `pages` turns a chapter's page into cells, `quotes` compares the
code in it with its source, `notebooks` runs the cells, `page_parts` writes what they printed into
the page, `site_hook` adds what only the site has, `check` compares what is committed with all of
that.
"""
