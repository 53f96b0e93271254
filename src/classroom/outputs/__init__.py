"""Shows the marks: gradebooks, results for other programs, and pages."""
