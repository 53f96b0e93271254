"""TLS with strangers, and certificates that can not be used."""

from __future__ import annotations

import ssl

import pytest
from client import until

from bfnet import ButterflyHandler
from bfnet.tls import server_context


class Counting(ButterflyHandler):
    """Knows how many have come and gone."""

    came = gone = 0

    async def on_connection(self, butterfly):
        self.came += 1
        await super().on_connection(butterfly)

    async def on_disconnect(self, butterfly):
        self.gone += 1
        await super().on_disconnect(butterfly)


async def nobody_has_come(server):
    await until(lambda: not server.connections)
    assert (server.handler.came, server.handler.gone) == (0, 0)


def test_a_client_that_says_nothing_is_dropped_in_time(tls):
    async def conversation(server):
        server.net.handshake_timeout = 0.02
        client = await server.connect_without_tls()
        assert await client.read_all() == b""
        await nobody_has_come(server)

    tls.run(conversation, Counting)


def test_a_client_that_speaks_plaintext_is_dropped_at_once(tls):
    async def conversation(server):
        client = await server.connect_without_tls()
        client.send(b"GET / HTTP/1.1\r\n\r\n")
        await client.read_all()
        await nobody_has_come(server)

    tls.run(conversation, Counting)


@pytest.mark.parametrize("leave", ["close", "reset", "half_close"])
def test_a_client_that_breaks_off_its_handshake_is_forgotten(tls, leave):
    async def conversation(server):
        client = await server.connect_without_tls()
        tls_client = ssl.create_default_context()
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        shaking = tls_client.wrap_bio(incoming, outgoing, server_hostname="localhost")
        with pytest.raises(ssl.SSLWantReadError):
            shaking.do_handshake()
        client.send(outgoing.read())
        await client.read_some()
        getattr(client, leave)()
        await nobody_has_come(server)

    tls.run(conversation, Counting)


def test_a_client_that_does_not_trust_us_is_forgotten(tls):
    async def conversation(server):
        client = await server.connect_without_tls()
        with pytest.raises(ssl.SSLCertVerificationError):
            await client.start_tls(ssl.create_default_context())
        client._flush()  # the alert that says why
        client.close()
        await until(lambda: server.connections)
        await until(lambda: not server.connections)

    tls.run(conversation, Counting)


def test_strangers_cost_the_others_nothing(tls):
    async def conversation(server):
        @server.net.any_data
        async def echo(data, butterfly, handler):
            butterfly.write(data)

        alice = await server.connect()
        strangers = [await server.connect_without_tls() for _ in range(50)]
        for stranger in strangers[::2]:
            stranger.send(b"hello?")
        alice.send(b"hello")
        await alice.read(b"hello")
        assert server.handler.came == 1

    tls.run(conversation, Counting)


def test_ciphertext_that_was_tampered_with_closes_that_connection_only(tls):
    async def conversation(server):
        alice, bob = await server.connect(), await server.connect()
        bob.tls.write(b"hello")
        damaged = bytearray(bob.outgoing.read())
        damaged[-1] ^= 1
        bob.writer.write(bytes(damaged))
        assert await bob.read_all() == b""
        await until(lambda: server.handler.gone == 1)
        alice.close()

    tls.run(conversation, Counting)


def test_tls_older_than_1_2_is_refused(certificates):
    context = server_context(certificates / "certificate.pem", certificates / "key.pem", None)
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2


def test_an_ssl_context_takes_the_place_of_the_files(tls):
    async def conversation(server):
        class Own(Counting):
            pass

        context = server_context(*tls.ssl_options)
        handler = Own.get_handler(ssl_context=context)
        server.net = await handler.create_server(("127.0.0.1", 0), None)
        client = await server.connect()
        client.close()
        await handler.stop()

    tls.run(conversation, Counting)


def test_a_missing_certificate_is_named(certificates, tmp_path):
    with pytest.raises(FileNotFoundError, match=r"the certificate file '.*nowhere\.pem'"):
        server_context(tmp_path / "nowhere.pem", certificates / "key.pem", None)


def test_a_missing_key_is_named(certificates, tmp_path):
    with pytest.raises(FileNotFoundError, match=r"the key file '.*nowhere\.pem'"):
        server_context(certificates / "certificate.pem", tmp_path / "nowhere.pem", None)


def test_a_key_of_another_certificate_is_named(certificates, tmp_path):
    import trustme

    other = tmp_path / "other.pem"
    trustme.CA().issue_cert("localhost").private_key_pem.write_to_path(other)
    with pytest.raises(ValueError, match=r"other\.pem' does not belong to .*certificate\.pem"):
        server_context(certificates / "certificate.pem", other, None)


def test_a_file_that_is_no_certificate_is_named(certificates, tmp_path):
    garbage = tmp_path / "garbage.pem"
    garbage.write_text("not a certificate")
    with pytest.raises(ValueError, match=r"garbage\.pem"):
        server_context(garbage, certificates / "key.pem", None)


def test_an_encrypted_key_wants_its_password_and_asks_nobody(certificates, tmp_path):
    from cryptography.hazmat.primitives import serialization as s

    key = s.load_pem_private_key((certificates / "key.pem").read_bytes(), None)
    encrypted = tmp_path / "encrypted.pem"
    encrypted.write_bytes(
        key.private_bytes(
            s.Encoding.PEM, s.PrivateFormat.PKCS8, s.BestAvailableEncryption(b"secret")
        )
    )
    certificate = certificates / "certificate.pem"
    with pytest.raises(ValueError, match=r"encrypted\.pem' is encrypted: pass its password"):
        server_context(certificate, encrypted, None)
    with pytest.raises(ValueError, match="the password does not open the key"):
        server_context(certificate, encrypted, "wrong")
    assert server_context(certificate, encrypted, "secret")
