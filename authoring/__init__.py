"""Makes starters, notebooks and the generated parts of pages, each from one source.

Read the modules in this order. `course.sections` finds the sections of a solution, and
`course.tasks` reads a chapter's tasks. `starters` blanks the tasks out. `pages` turns a chapter's
page into cells, and `quotes` compares the code on the page with its source. `notebooks` runs the
cells, and `page_parts` writes their output into the page. `site_hook` adds what only the site has.
`check` compares the committed files with what all of this makes.
"""
