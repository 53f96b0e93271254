/* Who has received what: every line once, in order, unchanged; or which of that was broken.
 *
 * For each pair of a receiver and a sender it knows the next number, and which of the last 64
 * numbers came. A line that comes too early leaves a gap, and one that comes too late fills it. */
#ifndef TALLY_H
#define TALLY_H

#include <stdbool.h>
#include <stdint.h>

#include "lines.h"

typedef struct {
    int64_t delivered;  /* distinct lines that arrived, of all receivers */
    int64_t doubled;
    int64_t reordered;
    int64_t changed;    /* not a line that anybody has sent to this receiver */
    int64_t joins;      /* times that a receiver was told of a newcomer, and for the first time */
} Tally;

extern Tally tally;

void tally_prepare(int members, int senders);

/* Counts what `receiver` got. True if this is a line that it did not have before. */
bool tally_said(int receiver, const Line *line);
void tally_joined(int receiver, int who);
void tally_left(int receiver, int who);
void tally_changed(int receiver, const char *text, int length);

/* The number that `receiver` expects next from `sender`. */
uint32_t tally_next(int receiver, int sender);

#endif
