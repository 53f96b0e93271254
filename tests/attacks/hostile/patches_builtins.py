# Tries: to change what the language itself does.
# Base: starter
import builtins

builtins.isinstance = lambda value, kind: True
builtins.len = lambda value: 0
builtins.sorted = lambda *args, **named: []
