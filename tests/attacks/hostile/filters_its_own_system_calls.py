# Tries: to make it impossible to answer, or to read.
import ctypes, struct
prog = b"".join(struct.pack("HBBI", *i) for i in [(0x20,0,0,0),(0x15,0,1,1),(0x06,0,0,0x50001),(0x06,0,0,0x7fff0000)])
buf = ctypes.create_string_buffer(prog)
d = struct.pack("HP", 4, ctypes.addressof(buf))
libc = ctypes.CDLL(None)
libc.prctl(38, 1, 0, 0, 0)
libc.prctl(22, 2, ctypes.c_char_p(d), 0, 0)
