#define _GNU_SOURCE
#include "client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#ifdef __linux__
#include <linux/tcp.h> /* knows more of TCP_INFO than netinet/tcp.h */
#else
#include <netinet/tcp.h>
#endif

static int connected_socket(int port, bool small_window) {
    int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1, few = 4096;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0) {
        perror("socket");
        exit(2);
    }
    if (small_window) setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &few, sizeof few);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        fprintf(stderr, "nobody answers on 127.0.0.1:%d: %s\n", port, strerror(errno));
        exit(2);
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    return fd;
}

static int result_of(ssize_t count) {
    if (count > 0) return (int)count;
    bool later = count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
    return later ? WOULD_BLOCK : ENDED;
}

#ifdef WITH_TLS
#include <openssl/err.h>
#include <openssl/ssl.h>

bool tls_is_built_in(void) {
    return true;
}

static void *new_tls(int fd) {
    static SSL_CTX *context;
    if (context == NULL) {
        context = SSL_CTX_new(TLS_client_method());
        SSL_CTX_set_read_ahead(context, 1);
        SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    }
    SSL *tls = SSL_new(context);
    SSL_set_fd(tls, fd);
    return tls;
}

static int tls_result(Client *client, int count) {
    if (count > 0) return count;
    int error = SSL_get_error(client->tls, count);
    ERR_clear_error();
    return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? WOULD_BLOCK : ENDED;
}

bool client_shakes_hands(Client *client) {
    int result = tls_result(client, SSL_connect(client->tls));
    if (result == ENDED) {
        fprintf(stderr, "the server refuses the TLS handshake\n");
        exit(2);
    }
    return result > 0;
}

static int tls_read(Client *client, char *to, int room) {
    return tls_result(client, SSL_read(client->tls, to, room));
}

static int tls_write(Client *client, const char *from, int length) {
    return tls_result(client, SSL_write(client->tls, from, length));
}

#else

bool tls_is_built_in(void) {
    return false;
}

static void *new_tls(int fd) {
    (void)fd;
    return NULL;
}

bool client_shakes_hands(Client *client) {
    (void)client;
    return true;
}

static int tls_read(Client *client, char *to, int room) {
    (void)client, (void)to, (void)room;
    return ENDED;
}

static int tls_write(Client *client, const char *from, int length) {
    (void)client, (void)from, (void)length;
    return ENDED;
}
#endif

void client_connect(Client *client, int id, int port, bool tls, bool small_window) {
    int fd = connected_socket(port, small_window);
    *client = (Client){.id = id, .fd = fd, .reads = true};
    client->state = tls ? SHAKING_HANDS : WAITING_FOR_PROMPT;
    client->rest = malloc(ROOM_FOR_LINE);
    client->unsent = malloc(ROOM_FOR_LINE);
    if (tls) client->tls = new_tls(fd);
}

int client_read(Client *client, char *to, int room) {
    if (client->tls != NULL) return tls_read(client, to, room);
    return result_of(recv(client->fd, to, (size_t)room, 0));
}

int client_write(Client *client, const char *from, int length) {
    if (client->tls != NULL) return tls_write(client, from, length);
    return result_of(send(client->fd, from, (size_t)length, 0));
}

int64_t client_packets(const Client *client) {
#ifdef __linux__
    struct tcp_info info = {0};
    socklen_t size = sizeof info;
    getsockopt(client->fd, IPPROTO_TCP, TCP_INFO, &info, &size);
    return info.tcpi_data_segs_in;
#else
    (void)client;
    return 0;
#endif
}

void client_abort(Client *client) {
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    setsockopt(client->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(client->fd);
}
