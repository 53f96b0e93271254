/* What is said in the room, and how it is recognized again.
 *
 * A line names its sender and its number, at both ends; between them are letters that belong to the
 * sender. So there is no byte in it that could change unnoticed.
 *
 *     #0007 0000012a qsnvdmlcuak... 0000012a\n
 *
 * The server puts "n0007: " before what it has read, once. That may have been several lines. */
#ifndef LINES_H
#define LINES_H

#include <stdbool.h>
#include <stdint.h>

#define PROMPT "Nickname: "

enum { SHORTEST = 32, LONGEST = 4096, NICK = 5, MOST_MEMBERS = 10000 };

typedef enum { SAID, JOINED, LEFT, CHANGED } Kind;

typedef struct {
    Kind kind;
    int who;          /* the member who said it, joined or left */
    uint32_t number;  /* of what was said: 0, 1, 2 ... for each sender */
    bool prefixed;
} Line;

/* Sets the length of what is said, with the newline, and prepares the lines of so many members. */
void lines_prepare(int length, int members);

void write_line(char *to, int who, uint32_t number);
void write_nick(char *to, int who); /* NICK bytes */

/* Recognizes one line with its newline. */
Line read_line(const char *text, int length);

#endif
