"""Chapter 8: what breaks the room."""

import pytest

HELP = "Write /to NAME TEXT, with the name of somebody who is here.\n"
NOT_ALLOWED = "That name is not allowed.\n"


@pytest.mark.task("8.1", rule="whole")
def test_a_name_in_one_piece_is_let_in(room):
    """A name that arrives in one piece with its newline is let in at once, without any carriage
    return.
    """
    first, second = room.name(), room.name()
    alice = room.join(first)
    bob = room.connect()
    bob.expect("Nickname: ")
    bob.send(f"{second}\r\n")
    bob.expect_silence()
    alice.expect(f"{second} has joined the room\n")
    room.expect_registered(first, second)


@pytest.mark.task("8.1", rule="whole")
def test_a_name_in_two_pieces_is_one_name(room):
    """A client joins when its newline has arrived, and not before. Its name is all the pieces that
    arrived until then, however long they took.
    """
    nick, rest = room.name(word=True), "-x"
    alice = room.connect()
    alice.expect("Nickname: ")
    alice.send(nick)
    room.expect_registered()
    room.pause()
    alice.send(rest)
    room.expect_registered()
    room.sleep(60)
    alice.send("\r")
    room.expect_registered()
    alice.send("\n")
    alice.expect_silence()
    room.expect_registered(f"{nick}{rest}")


@pytest.mark.task("8.1", rule="whole")
def test_a_letter_in_two_pieces_is_one_letter(room):
    """A name can be cut anywhere, even inside a letter."""
    alice = room.connect()
    alice.expect("Nickname: ")
    alice.send(b"Zo\xc3")
    alice.send(b"\xab\n")
    alice.expect_silence()
    room.expect_registered("Zoë")


@pytest.mark.task("8.1", rule="whole")
def test_a_name_in_many_pieces_is_one_name(room):
    """A name can arrive in any number of pieces, even letter by letter."""
    alice = room.connect()
    alice.expect("Nickname: ")
    for letter in "Bartholomew-Nicholas":
        alice.send(letter)
        room.expect_registered()
    alice.send("\n")
    alice.expect_silence()
    room.expect_registered("Bartholomew-Nicholas")


@pytest.mark.task("8.1", rule="whole")
@pytest.mark.weather("choppy")
def test_a_name_survives_every_weather(room):
    """In choppy weather, a name arrives whole, too."""
    nick = room.name()
    alice = room.connect()
    alice.expect("Nickname: ")
    alice.send(f"{nick}\r\n")
    alice.expect_silence()
    room.expect_registered(nick)


@pytest.mark.task("8.1", rule="whole")
def test_two_names_in_pieces_do_not_mix(room):
    """When two clients send names in pieces, each piece belongs to the client that sent it."""
    first, second = room.name(word=True), room.name(word=True)
    alice, bob = room.connect(), room.connect()
    alice.expect("Nickname: ")
    bob.expect("Nickname: ")
    alice.send(first)
    bob.send(second)
    alice.send("-1\n")
    bob.send("-2\n")
    bob.expect_silence()
    alice.expect(f"{second}-2 has joined the room\n")
    room.expect_registered(f"{first}-1", f"{second}-2")


@pytest.mark.task("8.1", rule="name")
def test_the_name_ends_at_the_first_newline(room):
    """The name is what comes before the first newline, without any carriage return."""
    first, second = room.name(word=True), room.name()
    alice, bob = room.connect(), room.connect()
    alice.expect("Nickname: ")
    bob.expect("Nickname: ")
    alice.send(f"{first[:2]}\r{first[2:]}\r\r\n")
    alice.received()
    room.expect_registered(first)
    bob.send(f"{second}\n{room.text()}\nhello\n")
    bob.received()
    room.expect_registered(first, second)
    alice.received()
    third = room.name()
    carol = room.connect()
    carol.expect("Nickname: ")
    carol.send(f"{third}\nhel")
    carol.received()
    room.expect_registered(first, second, third)
    alice.received()
    bob.received()


@pytest.mark.task("8.1", rule="dropped")
def test_what_comes_after_the_name_is_dropped(room):
    """What arrives after the newline, in the same piece as the name, is dropped: nobody receives
    it, and it is not handled.
    """
    first, second = room.name(), room.name()
    alice = room.join(first)
    bob = room.connect()
    bob.expect("Nickname: ")
    bob.send(f"{second}\n{room.pick([room.text(), '/who', '/to nobody hello'])}\nhello\n")
    alice.expect(f"{second} has joined the room\n")
    bob.expect_silence()


@pytest.mark.task("8.1", rule="most")
def test_a_name_that_never_ends_is_not_waited_for(room):
    """When a client has sent 100 bytes (`MOST`) without a newline, the loop ends, and the name is
    turned away. After 99 bytes the server still waits.
    """
    bore = room.connect()
    bore.expect("Nickname: ")
    bore.send("a" * 60)
    bore.expect_silence()
    bore.send("a" * 39)
    bore.expect_silence()
    bore.send("a")
    bore.expect(NOT_ALLOWED)
    bore.expect_closed()
    other = room.connect()
    other.expect("Nickname: ")
    other.send("a" * 5_000)
    other.expect(NOT_ALLOWED)
    other.expect_closed()


@pytest.mark.task("8.2", rule="others")
def test_nobody_else_receives_the_list(room):
    """When a client sends `/who`, nobody else receives anything."""
    alice, bob = room.join(), room.join()
    alice.received()
    asking, other = room.pick([(alice, bob), (bob, alice)])
    asking.send("/who\n")
    room.sleep(5)
    asking.received()
    other.expect_silence()


@pytest.mark.task("8.2", rule="second")
def test_the_names_come_a_second_apart(room):
    """A client that sends `/who` receives the nickname of everyone who has joined, in the order in
    which they joined: the first at once, and each of the others a second after the one before.
    """
    first, second, third = room.name(), room.name(), room.name()
    clients = [room.join(first), room.join(second), room.join(third)]
    for client in clients:
        client.received()
    asking = room.pick(clients)
    asking.send("/who\n")
    asking.expect(f"{first}\n")
    room.sleep(0.9)
    asking.expect_silence()
    room.sleep(0.1)
    asking.expect(f"{second}\n")
    room.sleep(0.9)
    asking.expect_silence()
    room.sleep(0.1)
    asking.expect(f"{third}\n")
    room.sleep(5)
    asking.expect_silence()


@pytest.mark.task("8.2", rule="names")
def test_everyone_is_in_the_list(room):
    """However many have joined, and however often a client asks, each of them is in the list
    once.
    """
    nicks = [room.name() for _ in range(room.how_many(1, 6))]
    clients = [room.join(nick) for nick in nicks]
    for client in clients:
        client.received()
    names = "".join(f"{nick}\n" for nick in nicks)
    asking = room.pick(clients)
    asking.send("/who\r\n")
    room.sleep(10)
    asking.expect(names)
    asking.send("/who\n")
    room.sleep(10)
    asking.expect(names)


@pytest.mark.task("8.2", rule="names")
def test_two_clients_can_ask_at_once(room):
    """When two clients ask at the same moment, each receives the whole list."""
    first, second = room.name(), room.name()
    alice, bob = room.join(first), room.join(second)
    alice.received()
    with room.at_once():
        alice.send("/who\n")
        bob.send("/who\n")
    alice.expect(f"{first}\n")
    bob.expect(f"{first}\n")
    room.sleep(5)
    alice.expect(f"{second}\n")
    bob.expect(f"{second}\n")


@pytest.mark.task("8.2", rule="others")
def test_the_others_go_on_talking(room):
    """While one client receives the list, the others go on talking, and everyone receives what they
    say.
    """
    second = room.name()
    alice, bob, carol = room.join(), room.join(second), room.join()
    alice.received()
    bob.received()
    alice.send("/who\n")
    alice.received()
    line = f"{room.text()}\n"
    bob.send(line)
    alice.expect(f"{second}: {line}")
    carol.expect(f"{second}: {line}")
    room.sleep(5)
    alice.received()


@pytest.mark.task("8.2", rule="waits")
def test_words_wait_until_the_list_is_at_its_end(room):
    """What the client that asked says is passed on once the list is complete, and not before."""
    first, second = room.name(), room.name()
    alice, bob = room.join(first), room.join(second)
    alice.received()
    line = f"{room.text()}\n"
    alice.send("/who\n")
    alice.expect(f"{first}\n")
    alice.send(line)
    room.sleep(0.9)
    bob.expect_silence()
    room.sleep(10)
    alice.expect(f"{second}\n")
    bob.expect(f"{first}: {line}")


@pytest.mark.task("8.2", rule="then")
def test_someone_can_join_while_the_list_is_sent(room):
    """When someone joins while a client receives the list, the list goes on, with those who were
    here when the question arrived.
    """
    first, second, late = room.name(), room.name(), room.name()
    alice = room.join(first)
    room.join(second)
    alice.received()
    alice.send("/who\n")
    alice.expect(f"{first}\n")
    room.join(late)
    room.clients[second].received()
    alice.expect(f"{late} has joined the room\n")
    room.sleep(5)
    alice.expect(f"{second}\n")


@pytest.mark.task("8.2", rule="then")
def test_someone_can_leave_while_the_list_is_sent(room):
    """When someone leaves while a client receives the list, the list goes on, with those who were
    here when the question arrived.
    """
    first, second, third = room.name(), room.name(), room.name()
    alice, bob, carol = room.join(first), room.join(second), room.join(third)
    alice.received()
    bob.received()
    alice.send("/who\n")
    alice.expect(f"{first}\n")
    bob.close()
    alice.expect(f"{second} has left the room.\n")
    carol.received()
    room.sleep(5)
    alice.expect(f"{second}\n{third}\n")


@pytest.mark.task("8.2", rule="then")
def test_the_client_that_asked_can_leave(room):
    """When the client that asked leaves before the list is complete, the others go on."""
    first, second = room.name(), room.name()
    alice, bob = room.join(first), room.join(second)
    alice.received()
    alice.send("/who\n")
    alice.expect(f"{first}\n")
    alice.close()
    room.sleep(5)
    bob.expect(f"{first} has left the room.\n")
    room.expect_registered(second)


@pytest.mark.task("8.3", rule="nobody")
def test_a_message_to_one_client_reaches_nobody_else(room):
    """After `/to NAME TEXT`, the client with this name receives exactly the sender's nickname,
    ` to you: `, the text and a newline. Nobody else receives anything.
    """
    first, second = room.name(), room.name(word=True)
    text = room.text().strip()
    alice, bob, carol = room.join(first), room.join(second), room.join()
    alice.received()
    bob.received()
    alice.send(f"/to {second} {text}\n")
    bob.expect(f"{first} to you: {text}\n")
    alice.expect_silence()
    carol.expect_silence()


@pytest.mark.task("8.3", rule="to")
def test_everyone_can_write_to_everyone(room):
    """Whoever sends the command, and whoever it is for, the message arrives, as often as it is
    sent.
    """
    nicks = [room.name(word=True), room.name(word=True), room.name(word=True)]
    clients = [room.join(nick) for nick in nicks]
    for client in clients:
        client.received()
    sender, receiver = room.pick([(0, 2), (1, 0), (2, 1), (2, 0), (1, 1)])
    clients[sender].send(f"/to {nicks[receiver]} hello\n")
    clients[receiver].expect(f"{nicks[sender]} to you: hello\n")
    clients[sender].send(f"/to {nicks[receiver]} hello\n")
    clients[receiver].expect(f"{nicks[sender]} to you: hello\n")
    clients[sender].expect_silence()


@pytest.mark.task("8.3", rule="help")
def test_a_name_that_nobody_has_is_answered_with_help(room):
    """When nobody has the name in the command, the client that sent it receives exactly the line of
    help.
    """
    alice, bob = room.join(), room.join("Anna")
    alice.received()
    alice.send(f"/to {room.name(word=True)} hello\n")
    alice.expect(HELP)
    for nobody in ("anna", "Ann", "ANNA"):
        alice.send(f"/to {nobody} hello\n")
        alice.expect(HELP)
    bob.expect_silence()


@pytest.mark.task("8.3", rule="help")
def test_a_client_that_mistyped_stays_in_the_room(room):
    """After a command that makes no sense, the client that sent it is still in the room, and nobody
    else has received anything.
    """
    first, second = room.name(), room.name(word=True)
    alice, bob = room.join(first), room.join(second)
    alice.received()
    alice.send("/to nobody hello\n")
    alice.received()
    bob.expect_silence()
    alice.send(f"/to {second} hello\n")
    bob.expect(f"{first} to you: hello\n")


@pytest.mark.task("8.3", rule="parts")
def test_a_command_without_a_text_is_answered_with_help(room):
    """When the name or the text is missing in the command, the client that sent it receives exactly
    the line of help.
    """
    nick = room.name(word=True)
    alice = room.join(nick)
    alice.send(f"/to {nick}\n")
    alice.expect(HELP)
    alice.send("/to \n")
    alice.expect(HELP)


@pytest.mark.task("8.3", rule="unknown")
def test_bytes_that_are_not_text_are_not_a_name(room):
    """When the name in the command is not text, the client that sent it receives exactly the line
    of help.
    """
    alice = room.join()
    alice.send(b"/to \xff\xfe hello\n")
    alice.expect(HELP)


@pytest.mark.task("8.3", rule="unknown")
def test_a_client_that_left_cannot_be_written_to(room):
    """When the client with this name has left, or is still at the prompt, the client that sent the
    command receives exactly the line of help.
    """
    gone, late = room.name(word=True), room.name(word=True)
    alice = room.join()
    bob = room.join(gone)
    slow = room.connect(late)
    slow.expect("Nickname: ")
    bob.close()
    alice.received()
    alice.send(f"/to {gone} hello\n")
    alice.expect(HELP)
    alice.send(f"/to {late} hello\n")
    alice.expect(HELP)
    slow.expect_silence()


@pytest.mark.task("8.3", rule="line")
def test_a_private_message_is_one_clean_line(room):
    """What comes after the name is one clean line, as what is said to everyone: without control
    characters, with a space for each newline in it, and with one newline at the end.
    """
    first, second = room.name(), room.name(word=True)
    alice, bob = room.join(first), room.join(second)
    alice.received()
    alice.send(f"/to {second} x\r\x1b[2J\nroot to you: hi")
    bob.expect(f"{first} to you: x[2J root to you: hi\n")
