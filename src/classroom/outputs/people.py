"""Whose row of a gradebook is whose, whatever its columns are called.

A column recognizes a student by a name, a number or an address. Two columns that are beside each
other may have a first and a last name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from classroom.roster import Student, is_name, normalized, without_zeros, words_for
from classroom.sheet import Sheet

_Columns = tuple[int, ...]


class People:
    """Who is in which row. `found` has those who are in exactly one, `unclear` those in several.

    Rows are looked at below the row `header`; the column `place`, with the points, tells nothing.
    """

    def __init__(self, sheet: Sheet, header: int, place: int, students: Iterable[Student]) -> None:
        self._sheet, self._header = sheet, header
        self._by_word: dict[str, set[str]] = {}
        self._by_number: dict[str, set[str]] = {}
        for student in students:
            words = student.also | words_for([student.id, student.name, student.email])
            for word in words:
                self._by_word.setdefault(word, set()).add(student.id)
            for number in without_zeros(words):
                self._by_number.setdefault(number, set()).add(student.id)
        self.found: dict[str, int] = {}
        of_each = [self._rows_by(columns) for columns in self._columns(place)]
        once = [{who: r[0] for who, r in rows.items() if len(r) == 1} for rows in of_each]
        for rows in sorted(once, key=len, reverse=True):  # the first of the best
            taken = {*self.found.values()}
            self.found |= {
                who: row for who, row in rows.items() if who not in self.found and row not in taken
            }
        self.unclear = {who for rows in of_each for who in rows} - {*self.found}

    def are_in(self, column: int) -> bool:
        """Return whether a column has names of students in it."""
        texts = self._texts((column,)).values()
        return any(self._who(text) for text in texts if any(letter.isalpha() for letter in text))

    def missing(self, students: Mapping[str, Student], wanted: Iterable[str]) -> str:
        """Return a sentence on who of those that are wanted is not found; "" for nobody."""
        listed = [who for who in wanted if who not in self.found]
        names = [students[who].shown for who in listed if who not in self.unclear]
        twice = [students[who].shown for who in listed if who in self.unclear]
        said = [f"Not found in the gradebook: {', '.join(names)}."] if names else []
        if twice:
            said.append(f"Not clear which row of the gradebook it is: {', '.join(twice)}.")
        return " ".join(said)

    def _columns(self, place: int) -> Iterator[_Columns]:
        width = max(len(row) for row in self._sheet.rows)
        for column in range(width):
            if column != place:
                yield (column,)
        for column in range(width - 1):
            if place not in (column, column + 1):
                yield column, column + 1

    def _rows_by(self, columns: _Columns) -> dict[str, list[int]]:
        """Return whom these columns recognize, if they have names or numbers of people."""
        texts = self._texts(columns)
        if len({*texts.values()}) < 0.8 * len(texts):  # points repeat, names do not
            return {}
        rows: dict[str, list[int]] = {}
        for row, text in texts.items():
            if who := self._who(text):
                rows.setdefault(who, []).append(row)
        return rows

    def _texts(self, columns: _Columns) -> dict[int, str]:
        found = {}
        for row, cells in enumerate(self._sheet.rows):
            parts = [cells[each].strip() for each in columns if each < len(cells)]
            if row <= self._header or not any(parts):
                continue
            if len(columns) == 1 or (len(parts) == 2 and all(map(is_name, parts))):
                found[row] = " ".join(parts)
        return found

    def _who(self, text: str) -> str:
        """Return the one student whom a text fits, or ""."""
        words = words_for([text])
        for index, known in (
            (self._by_word, {normalized(text)}),
            (self._by_word, words),  # lee12 and kim12 have their number in common
            (self._by_number, without_zeros(words)),
        ):
            fitting = {who for word in known for who in index.get(word, ())}
            if fitting:
                return fitting.pop() if len(fitting) == 1 else ""
        return ""
