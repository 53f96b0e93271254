/* One client: a socket, TLS if it is wanted, and what was not yet taken by the one or the other. */
#ifndef CLIENT_H
#define CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lines.h"

enum { WOULD_BLOCK = -1, ENDED = 0, ROOM_FOR_LINE = LONGEST + 64 };

typedef enum { SHAKING_HANDS, WAITING_FOR_PROMPT, ASKED, MEMBER, GONE } State;

typedef struct {
    int id, fd;
    void *tls;
    State state;
    bool reads;
    char *rest;      /* a line that has not come to its end */
    int rest_length;
    char *unsent;
    int unsent_length;
} Client;

bool tls_is_built_in(void);

/* Connects to 127.0.0.1. Ends the program, with one line, if nobody answers. */
void client_connect(Client *client, int id, int port, bool tls, bool small_window);

/* Goes as far in the TLS handshake as it can; true once it is over. */
bool client_shakes_hands(Client *client);

/* Returns a number of bytes, WOULD_BLOCK, or ENDED for an end of any kind. */
int client_read(Client *client, char *to, int room);

/* Returns how many bytes were taken, WOULD_BLOCK, or ENDED. */
int client_write(Client *client, const char *from, int length);

/* Packets with data that have come, which is how often the server has sent. 0 if nobody can tell. */
int64_t client_packets(const Client *client);

/* Closes with a reset, so that the port is free at once. */
void client_abort(Client *client);

#endif
