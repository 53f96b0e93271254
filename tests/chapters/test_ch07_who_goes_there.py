"""Chapter 7: names as strangers type them."""

import pytest

NOT_ALLOWED = "That name is not allowed.\n"
TAKEN = "That name is taken.\n"


@pytest.mark.task("7.1", rule="allowed")
def test_a_good_nickname_is_let_in(room):
    """A name of 1 to 20 printable characters, with or without spaces inside, is not turned away."""
    room.forgive_everything()
    alice = room.connect()
    alice.expect("Nickname: ")
    room.pause()
    alice.send(f"{room.name()}\n")
    alice.expect_not(NOT_ALLOWED)


@pytest.mark.task("7.1", rule="printable")
def test_letters_of_every_language_are_allowed(room):
    """Letters of every language are allowed, and so are characters that take four bytes."""
    room.forgive_everything()
    alice = room.connect()
    alice.expect("Nickname: ")
    name = room.pick(["Żółć 李", "Ö", "ნინო", "😀", "ß & Ж", "e\u0301te\u0301"])
    alice.send(f"{name}\n")
    alice.expect_not(NOT_ALLOWED)


@pytest.mark.task("7.1", rule="length")
def test_an_empty_nickname_is_turned_away(room):
    """A client that gives an empty nickname receives exactly `That name is not allowed.` and a
    newline.
    """
    ghost = room.connect()
    ghost.expect("Nickname: ")
    room.pause()
    ghost.send(room.pick(["\n", "\r\n"]))
    ghost.expect(NOT_ALLOWED)


@pytest.mark.task("7.1", rule="turned-away")
def test_a_client_that_is_turned_away_is_hung_up_on(room):
    """After a client has received `That name is not allowed.`, the server hangs up on it."""
    ghost = room.connect()
    ghost.expect("Nickname: ")
    ghost.send("\n")
    ghost.received()
    ghost.expect_closed()


@pytest.mark.task("7.1", rule="room")
def test_a_client_that_is_turned_away_does_not_join(room):
    """When a client is turned away, nobody else receives anything, and `butterflies` stays as it
    was.
    """
    nick = room.name()
    alice = room.join(nick)
    ghost = room.connect()
    ghost.expect("Nickname: ")
    ghost.send("\n")
    ghost.received()
    alice.expect_silence()
    room.expect_registered(nick)


@pytest.mark.task("7.1", rule="text")
def test_bytes_that_are_not_text_are_turned_away(room):
    """A name that cannot be decoded as UTF-8 is turned away."""
    vandal = room.connect()
    vandal.expect("Nickname: ")
    vandal.send(room.name(word=True).encode() + b"\xff\xfe\n")
    vandal.expect(NOT_ALLOWED)
    vandal.expect_closed()
    other = room.connect()
    other.expect("Nickname: ")
    other.send(room.pick([b"\xff\n", b"caf\xc3\n", b"\x80\n"]))
    other.expect(NOT_ALLOWED)
    other.expect_closed()


@pytest.mark.task("7.1", rule="printable")
def test_control_characters_are_turned_away(room):
    """A name with a control character in it is turned away."""
    character = room.pick(["\x1b[2J", "\x00", "\t", "\x1f", "\x08"])
    painter = room.connect()
    painter.expect("Nickname: ")
    painter.send(f"{room.name(word=True)}{character}x\n")
    painter.expect(NOT_ALLOWED)
    painter.expect_closed()


@pytest.mark.task("7.1", rule="printable")
def test_characters_that_nobody_sees_are_turned_away(room):
    """A name with any other character in it that is not printable is turned away, wherever in the
    name it is.
    """
    character = room.pick(["\x7f", "\u202e", "\u200b", "\x9b", "\u00a0"])
    first = room.connect()
    first.expect("Nickname: ")
    first.send(f"{room.name(word=True)}{character}x\n")
    first.expect(NOT_ALLOWED)
    second = room.connect()
    second.expect("Nickname: ")
    second.send(f"{character}x\n")
    second.expect(NOT_ALLOWED)


@pytest.mark.task("7.1", rule="spaces")
def test_a_nickname_of_spaces_is_turned_away(room):
    """A name of nothing but spaces is turned away."""
    ghost = room.connect()
    ghost.expect("Nickname: ")
    ghost.send(f"{' ' * room.how_many(1, 5)}\n")
    ghost.expect(NOT_ALLOWED)
    ghost.expect_closed()


@pytest.mark.task("7.1", rule="spaces")
def test_a_space_at_an_end_is_turned_away(room):
    """A name that begins or ends with a space is turned away, and not let in without it."""
    double = room.connect()
    double.expect("Nickname: ")
    double.send(f"{room.name(word=True)} \n")
    double.expect(NOT_ALLOWED)
    other = room.connect()
    other.expect("Nickname: ")
    other.send(f" {room.name(word=True)}\n")
    other.expect(NOT_ALLOWED)


@pytest.mark.task("7.1", rule="colon")
def test_a_nickname_with_a_colon_is_turned_away(room):
    """A name with a colon in it is turned away."""
    double = room.connect()
    double.expect("Nickname: ")
    double.send(f"{room.pick(['bob: hi', 'bob:', ':', 'a:b', ':bob'])}\n")
    double.expect(NOT_ALLOWED)
    double.expect_closed()


@pytest.mark.task("7.1", rule="length")
def test_twenty_characters_are_allowed(room):
    """A name of 20 characters is let in, however many bytes they take."""
    room.forgive_everything()
    alice = room.connect()
    alice.expect("Nickname: ")
    alice.send(room.pick(["é", "李", "x", "😀"]) * 20 + "\n")
    alice.expect_not(NOT_ALLOWED)


@pytest.mark.task("7.1", rule="length")
def test_more_than_twenty_characters_are_turned_away(room):
    """A name of more than 20 characters is turned away."""
    bore = room.connect()
    bore.expect("Nickname: ")
    bore.send(room.pick(["é", "李", "x", "😀"]) * 21 + "\n")
    bore.expect(NOT_ALLOWED)
    bore.expect_closed()
    worse = room.connect()
    worse.expect("Nickname: ")
    worse.send("a" * 100_000 + "\n")
    worse.expect(NOT_ALLOWED)
    worse.expect_closed()


@pytest.mark.task("7.1", rule="turned-away")
def test_the_next_client_is_asked_the_same(room):
    """However many clients were turned away before, a bad name is turned away, and a good one is
    let in.
    """
    room.forgive_everything()
    bad = room.pick([" x\n", "\n", "bob:\n"])
    first = room.connect()
    first.expect("Nickname: ")
    first.send(bad)
    first.expect(NOT_ALLOWED)
    second = room.connect()
    second.expect("Nickname: ")
    second.send(bad)
    second.expect(NOT_ALLOWED)
    third = room.connect()
    third.expect("Nickname: ")
    third.send(f"{room.name()}\n")
    third.expect_not(NOT_ALLOWED)


@pytest.mark.task("7.2", rule="free")
def test_a_name_that_is_free_is_let_in(room):
    """A client that gives a name that nobody has joins, and everyone else receives its name."""
    first, second = room.name(), room.name()
    alice = room.join(first)
    bob = room.join(second)
    alice.expect(f"{second} has joined the room\n")
    bob.expect_silence()
    room.expect_registered(first, second)


@pytest.mark.task("7.2", rule="taken")
def test_a_name_that_is_taken_is_turned_away(room):
    """A client that gives a name that someone has receives exactly `That name is taken.` and a
    newline, the server hangs up on it, and nobody else receives anything.
    """
    nick = room.name()
    alice = room.join(nick)
    room.pause()
    double = room.join(nick)
    double.expect(TAKEN)
    double.expect_closed()
    alice.expect_silence()


@pytest.mark.task("7.2", rule="taken")
def test_every_name_in_the_room_is_taken(room):
    """Whichever of several clients has the name, it is taken, as often as someone gives it."""
    nicks = [room.name() for _ in range(room.how_many(3, 8))]
    clients = [room.join(nick) for nick in nicks]
    for client in clients:
        client.received()
    nick = room.pick([nicks[-1], *nicks])
    double = room.join(nick)
    double.expect(TAKEN)
    double.expect_closed()
    again = room.join(nick)
    again.expect(TAKEN)
    again.expect_closed()
    for client in clients:
        client.expect_silence()
    room.expect_registered(*nicks)


@pytest.mark.task("7.2", rule="taken")
def test_the_room_hears_nothing_about_a_name_that_is_taken(room):
    """When a client that was turned away leaves, nobody else receives anything."""
    nick = room.name()
    alice = room.join(nick)
    double = room.join(nick)
    double.received()
    alice.expect_silence()
    double.close()
    alice.expect_silence()


@pytest.mark.task("7.2", rule="keeps")
def test_the_first_to_have_a_name_keeps_it(room):
    """The client that had the name first stays in `butterflies`, even after the second one has been
    turned away, and still receives what the room hears.
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


@pytest.mark.task("7.2", rule="equal")
def test_only_equal_names_are_the_same(room):
    """Two names that are not equal are two names, however much they have in common."""
    room.join("Alice")
    room.join("alice").expect_silence()
    room.join("ali").expect_silence()
    room.join("Zoe").expect_silence()
    room.join("Zoë").expect_silence()
    room.join("李雷").expect_silence()
    room.join("韩梅梅").expect_silence()
    for client in room.clients.values():
        client.received()
    room.expect_registered("Alice", "alice", "ali", "Zoe", "Zoë", "李雷", "韩梅梅")


@pytest.mark.task("7.2", rule="taken")
def test_a_name_can_be_taken_while_someone_is_at_the_prompt(room):
    """When someone else joins under a name first, a client at the prompt can no longer have it."""
    nick = room.name()
    slow = room.connect()
    slow.expect("Nickname: ")
    room.pause()
    room.join(nick)
    room.pause()
    slow.send(f"{nick}\n")
    slow.expect(TAKEN)
    slow.expect_closed()


@pytest.mark.task("7.2", rule="moment")
@pytest.mark.simulated
def test_two_clients_that_answer_at_once_do_not_get_the_same_name(room):
    """When two clients give the same name at the same moment, one of them joins, and the other
    receives exactly `That name is taken.` and a newline.
    """
    nick = room.name()
    alice, double = room.connect(), room.connect()
    alice.expect("Nickname: ")
    double.expect("Nickname: ")
    with room.at_once():
        alice.send(f"{nick}\n")
        double.send(f"{nick}\n")
    loser = max(alice, double, key=lambda client: len(client.unread))
    loser.expect(TAKEN)
    loser.expect_closed()
    room.expect_registered(nick)


@pytest.mark.task("7.2", rule="free")
def test_a_name_is_free_again_once_its_owner_has_left(room):
    """Once the client that has a name has left, another client can join under it."""
    nick, second = room.name(), room.name()
    alice = room.join(nick)
    bob = room.join(second)
    alice.received()
    alice.close()
    bob.received()
    another = room.join(nick)
    another.expect_silence()
    bob.expect(f"{nick} has joined the room\n")
    room.expect_registered(nick, second)


@pytest.mark.task("7.3", rule="line")
def test_what_is_said_is_passed_on(room):
    """What is said reaches the others as it was, with the speaker's name in front and one newline
    at the end.
    """
    nick, text = room.name(), room.text()
    alice = room.join(nick)
    bob = room.join()
    alice.received()
    alice.send(f"{text}\n")
    bob.expect(f"{nick}: {text}\n")


@pytest.mark.task("7.3", rule="line")
def test_a_missing_newline_is_added(room):
    """What is said without a newline reaches the others with one, and what is said next is on a
    line of its own.
    """
    nick, text = room.name(), room.text()
    alice = room.join(nick)
    bob = room.join()
    alice.received()
    alice.send(text)
    bob.expect(f"{nick}: {text}\n")
    alice.send("\n")
    bob.expect(f"{nick}: \n")
    alice.send(f"{text}\n")
    bob.expect(f"{nick}: {text}\n")


@pytest.mark.task("7.3", rule="newlines")
def test_two_lines_become_one(room):
    """When two or more lines are said at once, each newline but the last becomes a space."""
    nick, second = room.name(), room.name()
    alice = room.join(nick)
    bob = room.join(second)
    alice.received()
    alice.send(f"hello\n{second}: I am a fool\n")
    bob.expect(f"{nick}: hello {second}: I am a fool\n")
    alice.send("end\n\n")
    bob.expect(f"{nick}: end \n")
    alice.send(f"one\r\n{second}: two\r\nthree")
    bob.expect(f"{nick}: one {second}: two three\n")


@pytest.mark.task("7.3", rule="line")
def test_a_long_message_is_passed_on(room):
    """What is said is passed on whole, however long it is."""
    nick = room.name()
    alice = room.join(nick)
    bob = room.join()
    alice.received()
    words = "lantern " * room.how_many(200, 209)
    alice.send(f"{words}\n")
    bob.expect(f"{nick}: {words}\n")


@pytest.mark.task("7.3", rule="others")
def test_what_would_repaint_a_terminal_is_taken_out(room):
    """The escape character is taken out, and the rest of its command stays: `\\x1b[2J` becomes
    `[2J`.
    """
    nick, text = room.name(), room.text()
    alice = room.join(nick)
    bob = room.join()
    alice.received()
    alice.send(f"\x1b[2J\x07{text}\x00\n")
    bob.expect(f"{nick}: [2J{text}\n")


@pytest.mark.task("7.3", rule="printable")
def test_nobody_writes_over_a_name(room):
    """The carriage return is taken out, wherever it is."""
    nick, text = room.name(), room.text()
    alice = room.join(nick)
    bob = room.join()
    alice.received()
    alice.send(f"\rroot: {text}\r\n")
    bob.expect(f"{nick}: root: {text}\n")


@pytest.mark.task("7.3", rule="printable")
def test_no_control_character_is_passed_on(room):
    """Of the characters from 0 to 31 and the character 127, none is passed on, and their neighbors,
    the space and `~`, are.
    """
    nick = room.name()
    alice = room.join(nick)
    bob = room.join()
    alice.received()
    alice.send(bytes(range(10)) + b"a ~" + bytes(range(11, 32)) + b"b\x7f\n")
    bob.expect(f"{nick}: a ~b\n")


@pytest.mark.task("7.3", rule="printable")
def test_characters_that_nobody_sees_are_not_passed_on(room):
    """Characters that are not printable are taken out even if they take two or three bytes, such as
    `\\x9b`, which begins a command, and `\\u202e`, which turns the direction of writing.
    """
    nick = room.name()
    alice = room.join(nick)
    bob = room.join()
    alice.received()
    alice.send("\x9b2J\u202eecila\u200b\n")
    bob.expect(f"{nick}: 2Jecila\n")


@pytest.mark.task("7.3", rule="others")
def test_letters_of_every_language_are_passed_on(room):
    """Characters that are printable are passed on, however many bytes they take."""
    nick = room.name()
    alice = room.join(nick)
    bob = room.join()
    alice.received()
    alice.send("Żółć 李 😀\n")
    bob.expect(f"{nick}: Żółć 李 😀\n")


@pytest.mark.task("7.3", rule="text")
def test_bytes_that_are_not_text_are_replaced(room):
    """Bytes that are not UTF-8, such as half a letter, become `�`, and the rest is passed on."""
    nick = room.name()
    alice = room.join(nick)
    bob = room.join()
    alice.received()
    alice.send(b"caf\xc3")
    bob.expect(f"{nick}: caf�\n")
    alice.send(b"\x9b2J \xff\xfe hi\n")
    bob.expect(f"{nick}: �2J �� hi\n")
