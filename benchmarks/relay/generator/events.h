/* Which sockets have something to read, or room to write: epoll on Linux, kqueue on macOS. */
#ifndef EVENTS_H
#define EVENTS_H

#include <stdbool.h>

typedef struct {
    int id;
    bool readable, writable;
} Event;

int events_open(void);

/* Watches `fd` under the name `id`; a socket that is not to be read is watched for nothing. */
void events_add(int queue, int fd, int id);
void events_change(int queue, int fd, int id, bool reading, bool writing);

/* Waits at most so long (0: does not wait) and returns how many of `events` were filled. */
int events_wait(int queue, Event *events, int room, int milliseconds);

#endif
