/* The limit: the same chat room in C, one thread and epoll.
 *
 *     c_server merged|patient|each PORT [CERTIFICATE KEY]
 *
 * merged: what one turn of the loop has for a client is sent with one call, at the end of the turn.
 * patient: the same, after one or two turns more for what others say meanwhile, as bfnet does it.
 * each:   every message is sent to every client with a call of its own, at once. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>
#ifdef WITH_TLS
#include <openssl/err.h>
#include <openssl/ssl.h>
#else
typedef void SSL;
typedef void SSL_CTX;
#endif

enum { READ_AT_MOST = 65536, MOST_OWED = 1 << 20, TURN = 256 };

typedef struct {
    int fd, place;      /* in `room`, or -1 */
    SSL *tls;
    bool shaken, dirty, blocked, gone;
    char nick[64], *outbox;
    int nick_length, owed, space;
} Client;

static Client **room, **dirty;
static int room_size, dirty_count, queue;
static bool merged;

static int io_result(Client *c, int count) { /* bytes, 0 at the end, -1 to wait */
#ifdef WITH_TLS
    if (c->tls != NULL && count <= 0) {
        int error = SSL_get_error(c->tls, count);
        ERR_clear_error();
        return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? -1 : 0;
    }
#endif
    (void)c;
    return count;
}

static int receive(Client *c, char *to) {
#ifdef WITH_TLS
    if (c->tls != NULL) return io_result(c, SSL_read(c->tls, to, READ_AT_MOST));
#endif
    ssize_t count = recv(c->fd, to, READ_AT_MOST, MSG_DONTWAIT);
    return count < 0 ? -1 : (int)count;
}

static void flush(Client *c) {
    int count;
    if (c->gone || c->owed == 0) return;
#ifdef WITH_TLS
    if (c->tls != NULL) count = io_result(c, SSL_write(c->tls, c->outbox, c->owed));
    else
#endif
    count = (int)send(c->fd, c->outbox, (size_t)c->owed, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count > 0) memmove(c->outbox, c->outbox + count, (size_t)(c->owed -= count));
    if ((c->owed > 0) != c->blocked) {
        c->blocked = c->owed > 0;
        struct epoll_event event = {.events = EPOLLIN | (c->blocked ? EPOLLOUT : 0), .data.ptr = c};
        epoll_ctl(queue, EPOLL_CTL_MOD, c->fd, &event);
    }
    if (c->owed == 0 && c->space > READ_AT_MOST) free(c->outbox), c->outbox = NULL, c->space = 0;
}

static void tell(Client *c, const char *name, int name_length, const char *text, int length) {
    if (c->gone) return;
    if (c->owed + name_length + length > c->space) {
        c->space = 2 * (c->owed + name_length + length);
        c->outbox = realloc(c->outbox, (size_t)c->space);
    }
    memcpy(c->outbox + c->owed, name, (size_t)name_length);
    memcpy(c->outbox + c->owed + name_length, text, (size_t)length);
    c->owed += name_length + length;
    if (c->owed > MOST_OWED) shutdown(c->fd, SHUT_RDWR); /* a slow reader; the loop sees it end */
    else if (!merged && !c->blocked) flush(c);
    else if (!c->dirty) c->dirty = true, dirty[dirty_count++] = c;
}

static void tell_others(Client *from, const char *text, int length, const char *between) {
    char name[80];
    int name_length = snprintf(name, sizeof name, "%.*s%s", from->nick_length, from->nick, between);
    for (int i = 0; i < room_size; i++) {
        if (room[i] != from) tell(room[i], name, name_length, text, length);
    }
}

static void leave(Client *c) {
    if (c->gone) return;
    c->gone = true; /* freed by nobody: this is a benchmark, and a turn may still know it */
    close(c->fd);
    if (c->place < 0) return;
    room[c->place] = room[--room_size];
    room[c->place]->place = c->place;
    tell_others(c, "", 0, " has left the room.\n");
}

static void on_data(Client *c, char *data, int length) {
    if (c->place >= 0) {
        tell_others(c, data, length, ": ");
        return;
    }
    while (length > 0 && (data[length - 1] == '\n' || data[length - 1] == '\r')) length--;
    c->nick_length = length < 64 ? length : 64;
    memcpy(c->nick, data, (size_t)c->nick_length);
    tell_others(c, "", 0, " has joined the room\n");
    room[c->place = room_size++] = c;
}

static void on_readable(Client *c) {
    static char data[READ_AT_MOST];
    int count;
#ifdef WITH_TLS
    if (c->tls != NULL && !c->shaken) {
        if ((count = io_result(c, SSL_accept(c->tls))) == 0) leave(c);
        if (count <= 0) return;
        c->shaken = true;
        tell(c, "Nickname: ", 10, "", 0);
    }
#endif
    do {
        count = receive(c, data);
        if (count > 0) on_data(c, data, count);
    } while (count > 0 && c->tls != NULL && !c->gone);
    if (count == 0) leave(c);
}

static void on_newcomer(int listener, SSL_CTX *context) {
    int on = 1, fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
    if (fd < 0) return;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    Client *c = calloc(1, sizeof *c);
    c->fd = fd;
    c->place = -1;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
    epoll_ctl(queue, EPOLL_CTL_ADD, fd, &event);
#ifdef WITH_TLS
    if (context != NULL) {
        c->tls = SSL_new(context);
        SSL_set_fd(c->tls, fd);
        return;
    }
#endif
    (void)context;
    tell(c, "Nickname: ", 10, "", 0);
}

static SSL_CTX *tls_context(const char *certificate, const char *key) {
#ifdef WITH_TLS
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                  SSL_MODE_RELEASE_BUFFERS);
    if (SSL_CTX_use_certificate_chain_file(context, certificate) == 1 &&
        SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) == 1)
        return context;
#endif
    fprintf(stderr, "no TLS with %s and %s\n", certificate, key);
    exit(2);
}

int main(int count, char **arguments) {
    if (count != 3 && count != 5) return 2;
    bool patient = strcmp(arguments[1], "patient") == 0;
    merged = patient || strcmp(arguments[1], "merged") == 0;
    SSL_CTX *context = count == 5 ? tls_context(arguments[3], arguments[4]) : NULL;
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    room = calloc(limit.rlim_cur, sizeof *room);
    dirty = calloc(limit.rlim_cur, sizeof *dirty);
    signal(SIGPIPE, SIG_IGN);

    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1;
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    address.sin_port = htons((uint16_t)atoi(arguments[2]));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&address, size) != 0) return perror("bind"), 2;
    listen(listener, 1024);
    getsockname(listener, (struct sockaddr *)&address, &size);
    queue = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL}, events[TURN];
    epoll_ctl(queue, EPOLL_CTL_ADD, listener, &event);
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);

    for (int waited = 0;;) {
        int ready = epoll_wait(queue, events, TURN, dirty_count > 0 ? 0 : -1);
        for (int i = 0; i < ready; i++) {
            Client *c = events[i].data.ptr;
            if (c == NULL) on_newcomer(listener, context);
            else if (!c->gone && events[i].events & ~(uint32_t)EPOLLOUT) on_readable(c);
            if (c != NULL && events[i].events & EPOLLOUT) flush(c);
        }
        if (patient && ready > 0 && waited++ < 2) continue;
        waited = 0;
        for (int i = 0; i < dirty_count; i++) {
            dirty[i]->dirty = false;
            flush(dirty[i]);
        }
        dirty_count = 0;
    }
}
