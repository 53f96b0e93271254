# Does: looks at its own source.
import inspect, linecache, pathlib, sys
ME = pathlib.Path(__file__).read_text()
assert linecache.getline(__file__, 1)
assert sys.modules[__name__].__file__ == __file__
def f(): return 1
assert 'return 1' in inspect.getsource(f)
