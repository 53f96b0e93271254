# Tries: to write over the screen or into the page of whoever reads the name of its exception.
E = type("X\x1b]0;owned\x07</pre><script>alert(1)</script>\u202e\n=cmd()", (Exception,), {})
class ChatHandler(ButterflyHandler):
    async def on_connection(self, butterfly):
        raise E("\u202e\x1b[2J</pre><img src=x onerror=alert(1)>")
