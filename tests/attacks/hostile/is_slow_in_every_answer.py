# Tries: to take as long as it may each time, so that the whole takes minutes.
# Base: solution
# Deadline: 8
# Earns: nothing
import select

select.select([], [], [], 1.2)
