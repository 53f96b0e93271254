# Tries: to change how its side moves data.
# Base: starter
import asyncio

import simnet.transport

simnet.transport.SimulatedTransport.write = lambda self, data: None
asyncio.Task = None
