# Tries: to have two processes answer, with a copy that Python does not know of.
# Base: solution
import ctypes
_libc = ctypes.CDLL(None)
_real = serve
async def serve(bind, ssl_options):
    _libc.fork()
    return await _real(bind, ssl_options)
