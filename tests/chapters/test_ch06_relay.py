"""Chapter 6: everyone hears everyone."""

import pytest

EVERY_BYTE = bytes(range(256))


@pytest.mark.task("6.1", rule="relay")
def test_the_others_receive_what_one_client_says(room):
    """When a client says something, the others receive exactly its nickname, a colon, a space, and
    what it said, newline included.
    """
    first = room.name()
    alice = room.join(first)
    bob = room.join()
    line, other_line = f"{room.text()}\n", f"{room.text()}\n"
    alice.send(line)
    bob.expect(f"{first}: {line}")
    room.pause()
    alice.send(other_line)
    bob.expect(f"{first}: {other_line}")
    alice.received()  # whether the speaker receives it too is the next test's affair


@pytest.mark.task("6.1", rule="speaker")
def test_the_speaker_receives_nothing(room):
    """The client that speaks receives nothing of what it says."""
    alice = room.join()
    bob = room.join()
    alice.received()
    speaker, listener = room.pick([(alice, bob), (bob, alice)])
    speaker.send(f"{room.text()}\n")
    speaker.expect_silence()
    listener.received()


@pytest.mark.task("6.1", rule="relay")
def test_everyone_else_receives_it(room):
    """Everyone who has joined, except the speaker, receives what is said, once, whoever speaks."""
    first, second, third = room.name(), room.name(), room.name()
    alice, bob, carol = room.join(first), room.join(second), room.join(third)
    alice.received()
    bob.received()
    line, other_line, last_line = f"{room.text()}\n", f"{room.text()}\n", f"{room.text()}\n"
    bob.send(line)
    alice.expect(f"{second}: {line}")
    carol.expect(f"{second}: {line}")
    alice.send(other_line)
    bob.expect(f"{first}: {other_line}")
    carol.expect(f"{first}: {other_line}")
    carol.send(last_line)
    alice.expect(f"{third}: {last_line}")
    bob.expect(f"{third}: {last_line}")
    bob.expect_silence()


@pytest.mark.task("6.1", rule="relay")
def test_a_full_room_receives_it(room):
    """However many clients have joined, each of them except the speaker receives what is said."""
    speaker = room.name()
    before = [room.join() for _ in range(room.how_many(1, 5))]
    alice = room.join(speaker)
    after = [room.join() for _ in range(room.how_many(1, 5))]
    others = [*before, *after]
    for client in [*others, alice]:
        client.received()
    line = f"{room.text()}\n"
    alice.send(line)
    for client in others:
        client.expect(f"{speaker}: {line}")
    alice.expect_silence()


@pytest.mark.task("6.1", rule="relay")
def test_names_that_are_alike_are_two_clients(room):
    """However much two names have in common, each of the two clients receives what the other one
    says.
    """
    first, second = room.pick([("Ann", "Anna"), ("Ann", "ann"), ("Anna", "Ann"), ("x", "x 1")])
    alice, bob = room.join(first), room.join(second)
    alice.received()
    line = f"{room.text()}\n"
    alice.send(line)
    bob.expect(f"{first}: {line}")
    bob.send(line)
    alice.expect(f"{second}: {line}")


@pytest.mark.task("6.1", rule="bytes")
def test_what_is_said_arrives_as_it_came(room):
    """What is said is passed on byte for byte, once and under one name: with its newline or without
    one, whether it is one line, or two, or not text at all.
    """
    nick = room.name()
    alice = room.join(nick)
    bob = room.join()
    alice.received()
    alice.send("  two\r\nlines\n")
    bob.expect(f"{nick}:   two\r\nlines\n")
    alice.send("\n")
    bob.expect(f"{nick}: \n")
    alice.send("no newline")
    bob.expect(f"{nick}: no newline")
    alice.send(EVERY_BYTE)
    bob.expect(f"{nick}: ".encode() + EVERY_BYTE)


@pytest.mark.task("6.1", rule="relay")
def test_every_word_is_passed_on(room):
    """Every word is passed on, even one that was a command in chapter 1, and even one that was said
    before.
    """
    nick = room.name()
    alice = room.join(nick)
    bob = room.join()
    alice.received()
    word = room.pick(["quit", "exit", "/who", "Nickname: ", nick])
    alice.send(f"{word}\n")
    bob.expect(f"{nick}: {word}\n")
    alice.send(f"{word}\n")
    bob.expect(f"{nick}: {word}\n")


@pytest.mark.task("6.1", rule="relay")
def test_a_client_that_is_alone_can_speak(room):
    """When a client that is alone speaks, nobody receives it, then or later, and the client can
    still be heard by those who join after it.
    """
    nick = room.name()
    alice = room.join(nick)
    alice.send(f"{room.text()}\n")
    alice.expect_silence()
    bob = room.join()
    bob.expect_silence()
    alice.received()
    line = f"{room.text()}\n"
    alice.send(line)
    bob.expect(f"{nick}: {line}")


@pytest.mark.task("6.1", rule="prompt")
def test_a_client_at_the_prompt_receives_nothing(room):
    """A client at the prompt receives nothing of what is said, and its answer to the prompt is
    passed on to nobody.
    """
    first, late = room.name(), room.name()
    alice = room.join(first)
    slow = room.connect(late)
    slow.expect("Nickname: ")
    alice.send(f"{room.text()}\n")
    slow.expect_silence()
    room.pause()
    slow.send(f"{late}\n")
    alice.expect(f"{late} has joined the room\n")
    slow.expect_silence()
    line = f"{room.text()}\n"
    alice.send(line)
    slow.expect(f"{first}: {line}")


@pytest.mark.task("6.1", rule="relay")
def test_the_others_go_on_when_one_leaves(room):
    """When one client leaves, the others go on talking."""
    nicks = [room.name(), room.name(), room.name()]
    clients = [room.join(nick) for nick in nicks]
    gone, speaker, listener = room.pick([(0, 2, 1), (1, 0, 2), (2, 1, 0), (1, 2, 0)])
    clients[gone].close()
    for client in clients:
        client.received()
    line = f"{room.text()}\n"
    clients[speaker].send(line)
    clients[listener].expect(f"{nicks[speaker]}: {line}")
    clients[speaker].expect_silence()


@pytest.mark.task("6.1", rule="relay")
def test_a_client_that_comes_back_is_heard_again(room):
    """When a client leaves and joins again under the same name, it speaks and hears as before."""
    nick, second = room.name(), room.name()
    alice = room.join(nick)
    bob = room.join(second)
    alice.received()
    alice.close()
    bob.received()
    again = room.join(nick)
    bob.expect(f"{nick} has joined the room\n")
    line, answer = f"{room.text()}\n", f"{room.text()}\n"
    again.send(line)
    bob.expect(f"{nick}: {line}")
    bob.send(answer)
    again.expect(f"{second}: {answer}")


@pytest.mark.task("6.1", rule="relay")
def test_last_words_are_heard(room):
    """When a client speaks and leaves at once, the others receive what it said, and then that it
    left.
    """
    nick = room.name()
    alice = room.join(nick)
    bob = room.join()
    line = f"{room.text()}\n"
    alice.received()
    alice.send(line)
    alice.half_close()
    bob.expect(f"{nick}: {line}{nick} has left the room.\n")
    alice.expect_closed()


@pytest.mark.task("6.1", rule="relay")
def test_two_clients_can_speak_at_once(room):
    """When two clients speak at the same moment, each receives what the other said, with the
    other's name in front.
    """
    first, second = room.name(), room.name()
    alice, bob = room.join(first), room.join(second)
    alice.received()
    line, other_line = f"{room.text()}\n", f"{room.text()}\n"
    with room.at_once():
        alice.send(line)
        bob.send(other_line)
    alice.expect(f"{second}: {other_line}")
    bob.expect(f"{first}: {line}")
