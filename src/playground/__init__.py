"""The workbook in the browser: what the page's worker asks of Python.

The TypeScript in `playground/` shows things and decides nothing. All that it shows is made here,
from the same packages that the command line uses.

- `bridge.py`     the requests of `playground/src/protocol.ts`, one JSON object each
- `cells.py`      the blocks of a page, which share a namespace
- `checking.py`   the chapter's graders, and hints
- `table.py`      a server with clients that someone operates by hand
- `actions.py`    what its clients do, as JSON and as calls of a room
- `share.py`      a conversation as a link; `serve_source.py` finds the source of its server
- `words.py`      what is said in other words than on the command line
- `browser.py`    what a browser has in place of an operating system
- `as_data.py`    events, notes and failures as JSON

Everything runs in one thread and in one process, beside the learner's code. So nothing here is
safe from that code: the worker it runs in is the only boundary.
"""
