"""What it costs to grade a class, beside nbgrader and otter-grader. See README.md."""
