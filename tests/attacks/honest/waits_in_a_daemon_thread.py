# Does: start a daemon thread at import that waits for an event.
import threading

threading.Thread(target=threading.Event().wait, daemon=True).start()
