# Does: use names and texts in other scripts.
größe, 名前, имя = 1, "花子", "Аня"


class Café:
    """🦋 ترحيب"""
