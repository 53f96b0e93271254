# Tries: to go on working after its server has stopped, in a thread that `threading` does not know.
# Base: solution
# Earns: nothing
import _thread
def _spin():
    while True:
        pass
_real = serve
async def serve(bind, ssl_options):
    _thread.start_new_thread(_spin, ())
    return await _real(bind, ssl_options)
