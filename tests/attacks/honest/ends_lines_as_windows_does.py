# Does: end its lines with CR and LF.
# Form: crlf
