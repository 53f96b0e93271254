# Does: end without a newline.
# Form: cut
