# Does: runs tests of its own when it is imported.
import doctest, unittest, unittest.mock
def double(x):
    '''
    >>> double(2)
    4
    '''
    return 2 * x
assert double(2) == 4
doctest.run_docstring_examples(double, globals())
class T(unittest.TestCase):
    def test(self): self.assertEqual(double(1), 2)
unittest.TextTestRunner(verbosity=0).run(unittest.defaultTestLoader.loadTestsFromTestCase(T))
with unittest.mock.patch('os.getcwd', return_value='/'):
    import os
    os.getcwd()
