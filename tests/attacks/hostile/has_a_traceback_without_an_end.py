# Tries: to make someone format a traceback with a million frames.
import sys
sys.setrecursionlimit(10**6)
def f(n):
    return f(n + 1)
class ChatHandler(ButterflyHandler):
    async def on_connection(self, butterfly):
        f(0)
