# Tries: to make our own code fail with a hook that cannot be removed.
import sys
def hook(event, args):
    if event in ("open", "compile", "exec", "object.__getattr__", "sys._getframe", "marshal.loads", "import", "gc.get_objects"):
        raise RuntimeError("no")
sys.addaudithook(hook)
