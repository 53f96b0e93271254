# Tries: to take as long as it is allowed to each time, so that the whole grading takes minutes.
# Base: solution
# Deadline: 8
# Earns: nothing
import select

select.select([], [], [], 1.2)
