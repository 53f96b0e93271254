"""How fast is the relay? The chat server of chapter 6 beside the same server in other manners.

`peers.py` says which servers there are and starts them, `load.py` calls the load generator, and
`machine.py` knows the machine.
"""
