"""Chapter 7: names as strangers type them."""

import pytest


@pytest.mark.task("7.1")
def test_an_empty_nickname_is_turned_away(room):
    """An empty nickname is not allowed. Whoever gives it is told `That name is not allowed.`,
    before the server hangs up.
    """
    ghost = room.connect()
    ghost.expect("Nickname: ")
    ghost.send("\n")
    ghost.expect("That name is not allowed.\n")


@pytest.mark.task("7.1")
def test_who_is_turned_away_is_hung_up_on(room):
    """Who is turned away is told why, and then the server hangs up: `butterfly.stop()`."""
    ghost = room.connect()
    ghost.expect("Nickname: ")
    ghost.send("\n")
    ghost.received()
    ghost.expect_closed()


@pytest.mark.task("7.1")
def test_a_good_nickname_is_not_turned_away(room):
    """A name of 1 to 20 printable characters is allowed, also with a space inside of it."""
    alice = room.connect()
    alice.expect("Nickname: ")
    alice.send(f"{room.name()} {room.name()}\n")
    alice.expect("")


@pytest.mark.task("7.1")
def test_letters_of_every_language_are_allowed(room):
    """A letter is a letter, in whatever language: it takes more than one byte, and is printable."""
    alice = room.connect()
    alice.expect("Nickname: ")
    alice.send(f"{room.name()} Żółć 李\n")
    alice.expect("")


@pytest.mark.task("7.1")
def test_bytes_that_are_no_text_are_turned_away(room):
    """Bytes that are no UTF-8 are no name: `.decode()` raises UnicodeDecodeError for them, and that
    is caught. (After `butterfly.stop()` comes `return`: who is turned away does not join.)
    """
    vandal = room.connect()
    vandal.expect("Nickname: ")
    vandal.send(room.name().encode() + b"\xff\xfe\n")
    vandal.expect("That name is not allowed.\n")
    vandal.expect_closed()


@pytest.mark.task("7.1")
def test_a_nickname_that_moves_the_cursor_is_turned_away(room):
    """A name with a control character in it is not allowed: `isprintable()` is False for it."""
    painter = room.connect()
    painter.expect("Nickname: ")
    painter.send(f"\x1b[2J{room.name()}\n")
    painter.expect("That name is not allowed.\n")
    painter.expect_closed()


@pytest.mark.task("7.1")
def test_characters_that_nobody_sees_are_turned_away(room):
    """Control characters are not only those below the space. Others are the delete character, and
    what turns the direction of the writing. `isprintable()` knows all of them.
    """
    first = room.connect()
    first.expect("Nickname: ")
    first.send(f"{room.name()}\x7f\n")
    first.expect("That name is not allowed.\n")
    second = room.connect()
    second.expect("Nickname: ")
    second.send(f"\u202e{room.name()}\n")
    second.expect("That name is not allowed.\n")


@pytest.mark.task("7.1")
def test_a_nickname_of_spaces_is_turned_away(room):
    """A name of nothing but spaces looks like no name, and is not allowed."""
    ghost = room.connect()
    ghost.expect("Nickname: ")
    ghost.send("   \n")
    ghost.expect("That name is not allowed.\n")
    ghost.expect_closed()


@pytest.mark.task("7.1")
def test_a_space_at_an_end_is_turned_away(room):
    """A name that begins or ends with a space looks like the name without it, and is not allowed.
    (It is turned away as it is, and not changed.)
    """
    double = room.connect()
    double.expect("Nickname: ")
    double.send(f"{room.name()} \n")
    double.expect("That name is not allowed.\n")
    other = room.connect()
    other.expect("Nickname: ")
    other.send(f" {room.name()}\n")
    other.expect("That name is not allowed.\n")


@pytest.mark.task("7.1")
def test_twenty_characters_are_allowed(room):
    """A name has at most 20 characters, and 20 are allowed. Characters are counted, not bytes."""
    alice = room.connect()
    alice.expect("Nickname: ")
    alice.send("é" * 20 + "\n")
    alice.expect("")


@pytest.mark.task("7.1")
def test_more_than_twenty_characters_are_turned_away(room):
    """A name has at most 20 characters."""
    bore = room.connect()
    bore.expect("Nickname: ")
    bore.send("a" * 21 + "\n")
    bore.expect("That name is not allowed.\n")
    bore.expect_closed()
    worse = room.connect()
    worse.expect("Nickname: ")
    worse.send("a" * 100_000 + "\n")
    worse.expect("That name is not allowed.\n")
    worse.expect_closed()


@pytest.mark.task("7.2")
def test_who_has_a_name_of_its_own_is_let_in(room):
    """Who gives a name that is allowed and free is let in, as in chapter 6."""
    first, second = room.name(), room.name()
    alice = room.join(first)
    bob = room.join(second)
    alice.expect(f"{second} has joined the room\n")
    bob.expect_silence()
    room.expect_registered(first, second)


@pytest.mark.task("7.2")
def test_the_room_hears_nothing_of_a_name_that_is_not_allowed(room):
    """Who is turned away has not joined: the room is not told, and nobody is registered. After
    `butterfly.stop()` comes `return`.
    """
    nick = room.name()
    alice = room.join(nick)
    ghost = room.connect()
    ghost.expect("Nickname: ")
    ghost.send("\n")
    ghost.received()
    alice.expect_silence()
    room.expect_registered(nick)


@pytest.mark.task("7.2")
def test_a_name_that_is_taken_is_turned_away(room):
    """Two can not have the same name. The second is told `That name is taken.`, the server hangs
    up, and the first hears nothing: after `butterfly.stop()` comes `return`. (The second gets no
    `butterfly.nick`, or `on_disconnect` would take the first one out of `butterflies`.)
    """
    nick = room.name()
    alice = room.join(nick)
    double = room.join(nick)
    double.expect("That name is taken.\n")
    double.expect_closed()
    alice.expect_silence()


@pytest.mark.task("7.2")
def test_the_room_hears_nothing_of_a_name_that_is_taken(room):
    """Who is turned away has not joined, and does not leave: the room hears nothing of either."""
    nick = room.name()
    alice = room.join(nick)
    double = room.join(nick)
    double.received()
    alice.expect_silence()
    double.close()
    alice.expect_silence()


@pytest.mark.task("7.2")
def test_who_had_the_name_first_keeps_it(room):
    """Who had the name first keeps it, and stays in `butterflies`, also when the one who was turned
    away has gone. (`on_disconnect` knows the two apart by `butterfly.nick`: only who has joined
    has one.)
    """
    nick = room.name()
    alice = room.join(nick)
    double = room.join(nick)
    double.received()
    double.close()
    room.expect_registered(nick)
    newcomer = room.name()
    room.join(newcomer)
    alice.expect(f"{newcomer} has joined the room\n")


@pytest.mark.task("7.2")
def test_of_two_who_are_asked_at_once_the_first_to_answer_gets_the_name(room):
    """The name is free until somebody has it. So ask whether it is taken when it was answered, and
    not before.
    """
    nick = room.name()
    slow = room.connect()
    slow.expect("Nickname: ")
    room.join(nick)
    slow.send(f"{nick}\n")
    slow.expect("That name is taken.\n")
    slow.expect_closed()


@pytest.mark.task("7.2")
def test_a_name_is_free_again_when_its_owner_has_gone(room):
    """A name is taken by who is here. When its owner has gone it is free again."""
    nick = room.name()
    alice = room.join(nick)
    alice.close()
    another = room.join(nick)
    another.expect_silence()
    room.expect_registered(nick)


@pytest.mark.task("7.3")
def test_what_is_said_is_passed_on(room):
    """What is harmless arrives as it was said, with the name before it and the newline behind.
    `cleaned` gets bytes, and returns bytes.
    """
    nick, text = room.name(), room.text()
    alice = room.join(nick)
    bob = room.join()
    alice.received()
    alice.send(f"{text}\n")
    bob.expect(f"{nick}: {text}\n")


@pytest.mark.task("7.3")
def test_what_would_repaint_a_terminal_is_taken_out(room):
    """Every byte below 32 is taken out, but for the newline. What is left of the message is passed
    on: only the byte `\\x1b` of `\\x1b[2J` is a control character.
    """
    nick, text = room.name(), room.text()
    alice = room.join(nick)
    bob = room.join()
    alice.received()
    alice.send(f"\x1b[2J\x07{text}\x00\n")
    bob.expect(f"{nick}: [2J{text}\n")


@pytest.mark.task("7.3")
def test_nobody_writes_over_the_own_name(room):
    """The carriage return is taken out: what follows it would be written over the speaker's name.
    The newline that ends the message stays.
    """
    nick, text = room.name(), room.text()
    alice = room.join(nick)
    bob = room.join()
    alice.received()
    alice.send(f"\rroot: {text}\r\n")
    bob.expect(f"{nick}: root: {text}\n")


@pytest.mark.task("7.3")
def test_the_delete_character_is_taken_out(room):
    """The byte 127 deletes, and is taken out as well."""
    nick, text = room.name(), room.text()
    alice = room.join(nick)
    bob = room.join()
    alice.received()
    alice.send(f"{text}\x7f\x7f\n")
    bob.expect(f"{nick}: {text}\n")


@pytest.mark.task("7.3")
def test_bytes_above_127_are_passed_on(room):
    """Every byte from 128 on is passed on as it is: letters of most languages are made of them. One
    read may end in the middle of a letter, so look at bytes, and do not decode them.
    """
    nick = room.name()
    alice = room.join(nick)
    bob = room.join()
    alice.received()
    alice.send("Żółć 李\n")
    bob.expect(f"{nick}: Żółć 李\n")
    alice.send(b"caf\xc3")
    bob.expect(nick.encode() + b": caf\xc3")
