"""The names that a room gives its clients, and the words that they send."""

NAMES = tuple(
    """
    Ada Aiko Alba Amara Amir Anouk Arjun Astrid Bashir Bela Bruno Carmen Chidi Chloe Dalia Dario
    Diego Ebba Elif Emil Esra Farid Fatou Femi Freya Gita Goran Hana Hugo Ibrahim Ines Ivo Jada
    Jamal Jonas Kaya Kenji Kofi Lars Leila Lina Luca Maja Malik Mateo Mei Mila Nadia Naoki Nia Noor
    Olga Omar Otto Paloma Priya Quinn Rafa Ravi Rosa Ruben Sami Sanna Selma Sofia Tariq Tomas Tove
    Uma Viktor Wanda Wei Xenia Yara Yusuf Zara Zoltan
    """.split()  # noqa: SIM905 - a list of quoted words is hard to read
)

ACCENTED = (
    "Zoë",
    "Élodie",
    "Jürgen",
    "Søren",
    "Łukasz",
    "Noémie",
    "Åsa",
    "Iñigo",
    "Žofie",
    "Çelik",
)
"""Names with letters that take two bytes in UTF-8."""

OTHER_SCRIPTS = ("Ольга", "李娜", "Γιώργος", "さくら", "지우", "Բագրատ", "Дмитро", "王芳")
"""Names with no letter in common with ASCII; some letters take three bytes in UTF-8."""

SEVERAL_WORDS = ("van der Meer", "Mary Ann", "de la Cruz", "El Amin", "Le Thi Mai", "La Rosa")
"""Names with spaces inside."""

PUNCTUATED = ("O'Hara-7", "J.R.", "d'Arc_2", "a-b-c", "Smith & Son", "Dr. No!", "{nick}", "100%")
"""Names with characters that mean something elsewhere, and nothing here."""

TWENTY = (
    "Bartholomew-Nicholas",
    "Clementine_Josephine",
    "Wolfgang Maximilian2",
    "Ölfat-Şahin-Çağlayan",
)
"""Names of exactly 20 characters."""

WORDS = tuple(
    """
    amber anchor apple autumn basil beacon birch bottle bridge butter candle canyon cedar cherry
    cinder clover cobalt copper coral cotton crystal dapple delta drift ember falcon feather fern
    fiddle forest garden ginger granite harbor hazel honey indigo island ivory jasmine juniper
    kettle lantern lemon linen lupine magnet maple marble meadow mellow mint mosaic needle nutmeg
    oak olive orchard otter paper pebble pepper pine plum prairie quartz quill raven ribbon river
    saffron sage sandal silver sparrow spruce summer sunny tangle thistle timber tulip umber valley
    velvet violet walnut willow window winter wren yarrow yellow zephyr
    """.split()  # noqa: SIM905 - a list of quoted words is hard to read
)
