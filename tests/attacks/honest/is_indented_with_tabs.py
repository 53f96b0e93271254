# Does: indent with tabs, and contain a form feed.
# Form: tabs
