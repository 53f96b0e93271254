# Tries: to survive whatever is raised in it.
# Base: starter
async def serve(bind, ssl_options):
    while True:
        try:
            while True:
                pass
        except BaseException:
            continue
