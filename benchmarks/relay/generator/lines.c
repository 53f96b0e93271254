#include "lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WHO = 1, NUMBER = 6, DIGITS = 8, LETTERS = 15, TAIL = 9 /* the number and a newline */ };

static const char HEX[] = "0123456789abcdef";
static const char HAS_JOINED[] = " has joined the room\n";
static const char HAS_LEFT[] = " has left the room.\n";

static int length_of_line, member_count;
static char *templates;

static const char *template_of(int who) {
    return templates + (size_t)who * (size_t)length_of_line;
}

void lines_prepare(int length, int members) {
    length_of_line = length;
    member_count = members;
    templates = malloc((size_t)length * (size_t)members);
    for (int who = 0; who < members; who++) {
        char *line = templates + (size_t)who * (size_t)length;
        uint32_t random = (uint32_t)who * 2654435761u + 1;
        char name[16];
        snprintf(name, sizeof name, "#%04d ", who);
        memcpy(line, name, NUMBER);
        memset(line + NUMBER, '0', DIGITS);
        line[LETTERS - 1] = ' ';
        for (int i = LETTERS; i < length - TAIL; i++) {
            random = random * 1664525u + 1013904223u;
            line[i] = (char)('a' + (random >> 24) % 26);
        }
        line[length - TAIL - 1] = ' ';
        memset(line + length - TAIL, '0', DIGITS);
        line[length - 1] = '\n';
    }
}

void write_line(char *to, int who, uint32_t number) {
    memcpy(to, template_of(who), (size_t)length_of_line);
    for (int i = 0; i < DIGITS; i++) to[NUMBER + i] = HEX[number >> (28 - 4 * i) & 15];
    memcpy(to + length_of_line - TAIL, to + NUMBER, DIGITS);
}

void write_nick(char *to, int who) {
    char nick[16];
    snprintf(nick, sizeof nick, "n%04d", who);
    memcpy(to, nick, NICK);
}

/* Four decimal digits, or -1. */
static int who_is(const char *digits) {
    int who = 0;
    for (int i = 0; i < 4; i++) {
        if (digits[i] < '0' || digits[i] > '9') return -1;
        who = 10 * who + digits[i] - '0';
    }
    return who < member_count ? who : -1;
}

static bool read_number(const char *digits, uint32_t *number) {
    uint32_t value = 0;
    for (int i = 0; i < DIGITS; i++) {
        char c = digits[i];
        if (c >= '0' && c <= '9') value = value << 4 | (uint32_t)(c - '0');
        else if (c >= 'a' && c <= 'f') value = value << 4 | (uint32_t)(c - 'a' + 10);
        else return false;
    }
    *number = value;
    return true;
}

static Line read_said(const char *text, bool prefixed) {
    Line changed = {.kind = CHANGED};
    Line line = {.kind = SAID, .who = who_is(text + WHO), .prefixed = prefixed};
    const int from = LETTERS - 1; /* with the spaces around them */
    size_t letters = (size_t)(length_of_line - TAIL - from);
    if (line.who < 0 || !read_number(text + NUMBER, &line.number)) return changed;
    const char *expected = template_of(line.who);
    if (memcmp(text, expected, NUMBER) != 0) return changed;
    if (memcmp(text + from, expected + from, letters) != 0) return changed;
    if (memcmp(text + length_of_line - TAIL, text + NUMBER, DIGITS) != 0) return changed;
    return line;
}

static bool is(const char *text, int length, const char *expected) {
    return length == (int)strlen(expected) && memcmp(text, expected, (size_t)length) == 0;
}

Line read_line(const char *text, int length) {
    Line changed = {.kind = CHANGED};
    if (text[0] == '#' && length == length_of_line) return read_said(text, false);
    if (text[0] != 'n' || length < NICK) return changed;
    int who = who_is(text + WHO);
    const char *rest = text + NICK;
    if (who < 0) return changed;
    length -= NICK;
    if (length == 2 + length_of_line && rest[0] == ':' && rest[1] == ' ') {
        Line line = read_said(rest + 2, true);
        return line.who == who ? line : changed;
    }
    if (is(rest, length, HAS_JOINED)) return (Line){.kind = JOINED, .who = who};
    if (is(rest, length, HAS_LEFT)) return (Line){.kind = LEFT, .who = who};
    return changed;
}
