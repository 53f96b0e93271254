#include "events.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { AT_ONCE = 256 };

static void must(int result, const char *call) {
    if (result < 0) {
        perror(call);
        exit(2);
    }
}

#ifdef __linux__
#include <sys/epoll.h>

int events_open(void) {
    int queue = epoll_create1(0);
    must(queue, "epoll_create1");
    return queue;
}

void events_add(int queue, int fd, int id) {
    struct epoll_event event = {.events = EPOLLIN, .data.fd = id};
    must(epoll_ctl(queue, EPOLL_CTL_ADD, fd, &event), "epoll_ctl");
}

void events_change(int queue, int fd, int id, bool reading, bool writing) {
    /* EPOLLET: a socket that nobody reads, and that was reset, is told of once and not forever. */
    uint32_t wanted = (reading ? EPOLLIN : EPOLLET) | (writing ? EPOLLOUT : 0);
    struct epoll_event event = {.events = wanted, .data.fd = id};
    must(epoll_ctl(queue, EPOLL_CTL_MOD, fd, &event), "epoll_ctl");
}

int events_wait(int queue, Event *events, int room, int milliseconds) {
    struct epoll_event found[AT_ONCE];
    int count = epoll_wait(queue, found, room < AT_ONCE ? room : AT_ONCE, milliseconds);
    if (count < 0 && errno == EINTR) return 0;
    must(count, "epoll_wait");
    for (int i = 0; i < count; i++) {
        uint32_t what = found[i].events;
        events[i] = (Event){.id = found[i].data.fd,
                            .readable = what & (EPOLLIN | EPOLLHUP | EPOLLERR),
                            .writable = what & EPOLLOUT};
    }
    return count;
}

#else
#include <sys/event.h>
#include <time.h>

int events_open(void) {
    int queue = kqueue();
    must(queue, "kqueue");
    return queue;
}

void events_add(int queue, int fd, int id) {
    struct kevent changes[2];
    void *name = (void *)(intptr_t)id;
    EV_SET(&changes[0], fd, EVFILT_READ, EV_ADD, 0, 0, name);
    EV_SET(&changes[1], fd, EVFILT_WRITE, EV_ADD | EV_DISABLE, 0, 0, name);
    must(kevent(queue, changes, 2, NULL, 0, NULL), "kevent");
}

void events_change(int queue, int fd, int id, bool reading, bool writing) {
    struct kevent changes[2];
    void *name = (void *)(intptr_t)id;
    EV_SET(&changes[0], fd, EVFILT_READ, reading ? EV_ENABLE : EV_DISABLE, 0, 0, name);
    EV_SET(&changes[1], fd, EVFILT_WRITE, writing ? EV_ENABLE : EV_DISABLE, 0, 0, name);
    must(kevent(queue, changes, 2, NULL, 0, NULL), "kevent");
}

int events_wait(int queue, Event *events, int room, int milliseconds) {
    struct kevent found[AT_ONCE];
    struct timespec timeout = {milliseconds / 1000, milliseconds % 1000 * 1000000L};
    int count = kevent(queue, NULL, 0, found, room < AT_ONCE ? room : AT_ONCE, &timeout);
    if (count < 0 && errno == EINTR) return 0;
    must(count, "kevent");
    for (int i = 0; i < count; i++) {
        events[i] = (Event){.id = (int)(intptr_t)found[i].udata,
                            .readable = found[i].filter == EVFILT_READ,
                            .writable = found[i].filter == EVFILT_WRITE};
    }
    return count;
}
#endif
