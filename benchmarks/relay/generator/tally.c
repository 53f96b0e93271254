#include "tally.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct {
    uint32_t next;
    uint64_t came; /* bit i: number next - 1 - i */
} Sequence;

enum { SHOWN = 5 };

Tally tally;

static int member_count, sender_count;
static Sequence *sequences;  /* of receiver and sender */
static int *last_heard;      /* of receiver: whose line came last, or -1 */
static uint8_t *was_told;    /* of receiver and newcomer */

void tally_prepare(int members, int senders) {
    member_count = members;
    sender_count = senders;
    sequences = calloc((size_t)members * (size_t)senders, sizeof *sequences);
    was_told = calloc((size_t)members * (size_t)members, 1);
    last_heard = malloc((size_t)members * sizeof *last_heard);
    for (int i = 0; i < members; i++) last_heard[i] = -1;
}

static Sequence *sequence_of(int receiver, int sender) {
    return &sequences[receiver * sender_count + sender];
}

uint32_t tally_next(int receiver, int sender) {
    return sequence_of(receiver, sender)->next;
}

bool tally_said(int receiver, const Line *line) {
    int follows = last_heard[receiver];
    last_heard[receiver] = line->who;
    bool nobody_sent_it = line->who >= sender_count || line->who == receiver;
    if (nobody_sent_it || (!line->prefixed && follows != line->who)) {
        tally.changed++;
        return false;
    }
    Sequence *sequence = sequence_of(receiver, line->who);
    if (line->number == sequence->next) {
        sequence->next++;
        sequence->came = sequence->came << 1 | 1;
        tally.delivered++;
        return true;
    }
    if (line->number > sequence->next) { /* what is missing may still come, or is lost */
        uint32_t ahead = line->number - sequence->next + 1;
        sequence->came = ahead < 64 ? sequence->came << ahead | 1 : 1;
        sequence->next = line->number + 1;
        tally.delivered++;
        return true;
    }
    uint32_t back = sequence->next - 1 - line->number;
    if (back < 64 && !(sequence->came >> back & 1)) {
        sequence->came |= 1ull << back;
        tally.reordered++;
        tally.delivered++;
        return true;
    }
    tally.doubled++;
    return false;
}

void tally_joined(int receiver, int who) {
    uint8_t *told = &was_told[receiver * member_count + who];
    if (*told || was_told[who * member_count + receiver]) tally.doubled++; /* one of two is told */
    else tally.joins++;
    *told = 1;
    last_heard[receiver] = -1;
}

void tally_left(int receiver, int who) {
    (void)who;
    last_heard[receiver] = -1;
}

void tally_changed(int receiver, const char *text, int length) {
    if (++tally.changed > SHOWN) return;
    fprintf(stderr, "member %d got what nobody sent: ", receiver);
    for (int i = 0; i < length && i < 100; i++) {
        if (isprint((unsigned char)text[i])) fputc(text[i], stderr);
        else fprintf(stderr, "\\x%02x", (unsigned char)text[i]);
    }
    fputc('\n', stderr);
}
