/* The load generator: a room full of clients in one process, one thread and one event loop.
 *
 * It brings its clients into a chat room, lets some of them talk, checks every line that arrives
 * anywhere, and prints one line of JSON. Three ways to talk:
 *
 *   closed loop    each sender has one line in flight: the next leaves when that has reached all;
 *   open loop      so many lines a second leave on a schedule, whatever the server does, and what
 *                  counts is the time since the moment at which a line was due;
 *   neither        nobody talks: for what a connection costs.
 *
 * It ends with 0 if every line reached everybody once, in order and unchanged; with 1 if not; with
 * 2, and one line on stderr, if it could not try. */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "client.h"
#include "events.h"
#include "histogram.h"
#include "lines.h"
#include "process.h"
#include "tally.h"

enum { BUFFER = 1 << 18, EVENTS = 256, CONNECTING = 32, WARM_UP_IDLE = 50 };

#define SECOND 1000000000LL

static struct {
    int port, members, senders, idle, deaf, length;
    pid_t pid;
    double seconds, warm_up, rate, patience, drain;
    bool tls;
} want = {.members = 100, .senders = 10, .length = 64,
          .seconds = 3, .warm_up = 0.5, .patience = 5, .drain = 10};

typedef struct {
    uint32_t due;    /* lines that it should have sent by now */
    uint32_t sent;
    int missing;     /* closed loop: members that have not received its last line */
    int64_t sent_at;
} Sender;

typedef struct {
    int64_t at, delivered, packets;
    double cpu, own_cpu;
} Mark; /* a moment */

typedef struct {
    double seconds, cpu; /* of the clock on the wall; of the server's processor */
} Cost;

static int queue;
static Client *clients;  /* members first, then those who stay idle */
static Sender *senders;
static int asked;        /* clients that have read the prompt */
static int listening;    /* members that read */
static int hung_up, deaf_hung_up;
static const char *stalled = "";
static int64_t last_progress;
static int64_t talk_began, window_from, window_to;
static uint64_t scheduled;
static Histogram latencies;
static Histogram lags; /* between the moment at which a line was due and that at which it left */
static bool on_schedule;
static char buffer[BUFFER];

static int64_t memory_before, memory_idle_from, memory_idle, memory_joined, memory_after;
static Cost idle_cost, connect_cost, join_cost;
static double drain_seconds;
static int64_t lost, unfinished;

/* Sending */

static int receivers_of(int sender) {
    return listening - (clients[sender].reads ? 1 : 0);
}

static void watch(Client *client) {
    events_change(queue, client->fd, client->id, client->reads, client->unsent_length > 0);
}

static void hung_up_on(Client *client) {
    if (client->state == GONE) return;
    if (client->reads) hung_up++;
    else deaf_hung_up++;
    client->state = GONE;
    client->unsent_length = 0;
    events_change(queue, client->fd, client->id, false, false);
}

/* Sends all of it now, or keeps the rest until there is room. */
static void send_or_keep(Client *client, const char *text, int length) {
    int count = client_write(client, text, length);
    if (count == ENDED) {
        hung_up_on(client);
        return;
    }
    if (count == WOULD_BLOCK) count = 0;
    if (count == length && client->unsent_length == 0) return;
    int unsent_before = client->unsent_length;
    client->unsent_length = length - count;
    memmove(client->unsent, text + count, (size_t)client->unsent_length);
    if ((unsent_before > 0) != (client->unsent_length > 0)) watch(client);
}

/* When a line of the open loop is due: senders take turns. */
static int64_t due_at(int who, uint32_t number) {
    double place = (double)number * want.senders + who;
    return talk_began + (int64_t)(place * 1e9 / want.rate);
}

static void speak(int who) {
    Sender *sender = &senders[who];
    Client *client = &clients[who];
    char line[LONGEST];
    while (sender->sent < sender->due && client->unsent_length == 0 && client->state == MEMBER) {
        write_line(line, who, sender->sent++);
        sender->missing = receivers_of(who);
        sender->sent_at = now();
        if (on_schedule) histogram_add(&lags, sender->sent_at - due_at(who, sender->sent - 1));
        send_or_keep(client, line, want.length);
    }
}

static void on_writable(Client *client) {
    if (client->unsent_length > 0) send_or_keep(client, client->unsent, client->unsent_length);
    if (client->unsent_length == 0 && client->id < want.senders) speak(client->id);
}

static void schedule(int64_t until) {
    uint64_t due = (uint64_t)((double)(until - talk_began) / 1e9 * want.rate) + 1;
    for (; scheduled < due; scheduled++) {
        int who = (int)(scheduled % (uint64_t)want.senders);
        senders[who].due++;
        speak(who);
    }
}

static void answer_all_who_are_heard(void) {
    for (int who = 0; who < want.senders; who++) {
        if (senders[who].missing == 0 && senders[who].sent == senders[who].due) {
            senders[who].due++;
            speak(who);
        }
    }
}

/* Receiving */

static void record(int64_t sent_at, int64_t at) {
    if (sent_at >= window_from && sent_at < window_to) histogram_add(&latencies, at - sent_at);
}

static void on_line(Client *client, const char *text, int length, int64_t at) {
    Line line = read_line(text, length);
    switch (line.kind) {
    case SAID:
        if (!tally_said(client->id, &line)) return;
        senders[line.who].missing--;
        record(want.rate > 0 ? due_at(line.who, line.number) : senders[line.who].sent_at, at);
        return;
    case JOINED:
        tally_joined(client->id, line.who);
        return;
    case LEFT:
        tally_left(client->id, line.who);
        return;
    case CHANGED:
        tally_changed(client->id, text, length);
    }
}

static void on_bytes(Client *client, const char *text, int length, int64_t at) {
    const char *end = text + length, *newline;
    int prompt = (int)strlen(PROMPT);
    last_progress = at;
    if (client->state == WAITING_FOR_PROMPT && length >= prompt) {
        if (memcmp(text, PROMPT, (size_t)prompt) != 0) tally_changed(client->id, text, length);
        client->state = ASKED;
        asked++;
        text += prompt;
    }
    while (client->state == MEMBER && (newline = memchr(text, '\n', (size_t)(end - text)))) {
        on_line(client, text, (int)(newline + 1 - text), at);
        text = newline + 1;
    }
    if (end - text > ROOM_FOR_LINE) {
        tally_changed(client->id, text, (int)(end - text));
        text = end;
    }
    client->rest_length = (int)(end - text);
    memcpy(client->rest, text, (size_t)client->rest_length);
}

static void on_readable(Client *client) {
    if (client->state == GONE) return;
    if (client->state == SHAKING_HANDS) {
        if (!client_shakes_hands(client)) return;
        client->state = WAITING_FOR_PROMPT;
    }
    for (;;) {
        memcpy(buffer, client->rest, (size_t)client->rest_length);
        int room = BUFFER - client->rest_length;
        int count = client_read(client, buffer + client->rest_length, room);
        if (count == ENDED) hung_up_on(client);
        if (count <= 0) return;
        on_bytes(client, buffer, client->rest_length + count, now());
        if (client->tls == NULL && count < room) return; /* TLS may hold more than it has told of */
    }
}

static void turn(int milliseconds) {
    Event events[EVENTS];
    int count = events_wait(queue, events, EVENTS, milliseconds);
    for (int i = 0; i < count; i++) {
        Client *client = &clients[events[i].id];
        if (events[i].readable && client->reads) on_readable(client);
        else if (events[i].readable) hung_up_on(client); /* watched for nothing: this is the end */
        if (events[i].writable) on_writable(client);
        if (on_schedule) schedule(now()); /* what is due does not wait until all have been read */
    }
}

static bool goes_on(const char *phase) {
    if (now() - last_progress < (int64_t)(want.patience * 1e9) && hung_up == 0) return true;
    stalled = phase;
    return false;
}

/* The phases, one after the other */

static Mark mark(void) {
    Mark mark = {.at = now(), .delivered = tally.delivered};
    mark.cpu = cpu_of(want.pid);
    mark.own_cpu = own_cpu();
    for (int who = 0; who < listening; who++) mark.packets += client_packets(&clients[who]);
    return mark;
}

static Cost since(Mark began) {
    Mark ended = mark();
    return (Cost){(double)(ended.at - began.at) / 1e9, ended.cpu - began.cpu};
}

static Cost connect_clients(int first, int count) {
    Mark began = mark();
    last_progress = began.at;
    int asked_before = asked, begun = 0;
    while (asked - asked_before < count && goes_on("prompt")) {
        while (begun < count && begun - (asked - asked_before) < CONNECTING) {
            int id = first + begun++;
            bool deaf = id < want.members && id >= want.members - want.deaf;
            client_connect(&clients[id], id, want.port, want.tls, deaf);
            events_add(queue, clients[id].fd, id);
            if (want.tls) on_readable(&clients[id]); /* the client speaks first */
        }
        turn(100);
    }
    return since(began);
}

static Cost join_all(void) {
    Mark began = mark();
    last_progress = began.at;
    int64_t pairs = (int64_t)want.members * (want.members - 1) / 2;
    for (int who = 0; who < want.members; who++) {
        char nick[NICK + 1];
        write_nick(nick, who);
        nick[NICK] = '\n';
        clients[who].state = MEMBER;
        send_or_keep(&clients[who], nick, sizeof nick);
    }
    while (tally.joins < pairs && goes_on("join")) turn(100); /* of two, one is told of the other */
    return since(began);
}

static void go_deaf(void) {
    for (int who = want.members - want.deaf; who < want.members; who++) {
        clients[who].reads = false;
        watch(&clients[who]);
    }
    listening = want.members - want.deaf;
}

/* Those who never read do it now, at the very end: only so can they see that they were hung up on. */
static void listen_again(void) {
    Event events[EVENTS];
    int64_t last_read = now();
    for (int who = want.members - want.deaf; who < want.members; who++) {
        if (clients[who].state != GONE) events_change(queue, clients[who].fd, who, true, false);
    }
    while (deaf_hung_up < want.deaf && now() - last_read < SECOND / 2) {
        int count = events_wait(queue, events, EVENTS, 10);
        for (int i = 0; i < count; i++) {
            Client *client = &clients[events[i].id];
            if (client->reads || client->state == GONE) continue;
            int result = client_read(client, buffer, BUFFER);
            if (result == ENDED) hung_up_on(client);
            if (result > 0) last_read = now();
        }
    }
}

static void talk(Mark *from, Mark *to) {
    last_progress = talk_began = now();
    window_from = talk_began + (int64_t)(want.warm_up * 1e9);
    window_to = window_from + (int64_t)(want.seconds * 1e9);
    on_schedule = want.rate > 0;
    for (int64_t at; (at = now()) < window_to && goes_on("talk");) {
        if (from->at == 0 && at >= window_from) *from = mark();
        if (on_schedule) schedule(at);
        else answer_all_who_are_heard();
        turn(on_schedule ? 0 : 10);
    }
    on_schedule = false;
    if (from->at == 0) *from = mark(); /* it stalled before */
    *to = mark();
    if (want.rate > 0 && *stalled == '\0') schedule(window_to - 1);
}

static int64_t expected(void) {
    int64_t sum = 0;
    for (int who = 0; who < want.senders; who++) {
        sum += (int64_t)senders[who].due * receivers_of(who);
    }
    return sum;
}

/* What never came before the end has been late for as long as we have waited. */
static void record_the_unfinished(void) {
    int64_t end = now();
    for (int receiver = 0; receiver < listening; receiver++) {
        for (int who = 0; who < want.senders; who++) {
            if (who == receiver) continue;
            uint32_t number = tally_next(receiver, who);
            for (; number < senders[who].due; number++) record(due_at(who, number), end);
        }
    }
}

static void drain(void) {
    Mark began = mark();
    int64_t end = began.at + (int64_t)(want.drain * 1e9);
    if (*stalled == '\0') last_progress = began.at;
    while (tally.delivered < expected() && now() < end && goes_on("drain")) turn(10);
    drain_seconds = since(began).seconds;
    int64_t missing = expected() - tally.delivered;
    if (*stalled == '\0') unfinished = missing;
    else lost = missing;
    if (want.rate > 0) record_the_unfinished();
    int64_t linger = now() + SECOND / 10; /* a line too many comes last */
    while (now() < linger) turn(10);
}

/* What came of it */

static double micros(const Histogram *histogram, double share) {
    return (double)histogram_at(histogram, share) / 1e3;
}

static void print_cost(const char *name, Cost cost) {
    printf("\"%s\": {\"seconds\": %.6f, \"cpu_seconds\": %.6f}, ", name, cost.seconds, cost.cpu);
}

static void report(const Mark *from, const Mark *to, int idle_counted) {
    double seconds = (double)(to->at - from->at) / 1e9, cpu = to->cpu - from->cpu;
    double delivered = (double)(to->delivered - from->delivered);
    int64_t idle_memory = memory_idle - memory_idle_from;
    printf("{\"members\": %d, \"senders\": %d, \"idle\": %d, \"deaf\": %d, ", want.members,
           want.senders, want.idle, want.deaf);
    printf("\"length\": %d, \"rate\": %g, \"tls\": %s, ", want.length, want.rate,
           want.tls ? "true" : "false");
    printf("\"seconds\": %.6f, \"deliveries\": %.0f, \"deliveries_per_second\": %.1f, ", seconds,
           delivered, seconds > 0 ? delivered / seconds : 0);
    printf("\"cpu_seconds\": %.6f, \"own_cpu_seconds\": %.6f, \"cpu_us_per_delivery\": %.4f, ", cpu,
           to->own_cpu - from->own_cpu, delivered > 0 ? cpu * 1e6 / delivered : 0);
    printf("\"packets\": %lld, ", (long long)(to->packets - from->packets));
    printf("\"latency_us\": {\"p50\": %.1f, \"p90\": %.1f, \"p99\": %.1f, ",
           micros(&latencies, 0.5), micros(&latencies, 0.9), micros(&latencies, 0.99));
    printf("\"p99.9\": %.1f, \"max\": %.1f}, ", micros(&latencies, 0.999),
           (double)latencies.most / 1e3);
    printf("\"own_lag_us\": {\"p50\": %.1f, \"p99\": %.1f}, ", micros(&lags, 0.5),
           micros(&lags, 0.99));
    print_cost("connect", connect_cost);
    print_cost("join", join_cost);
    print_cost("idle_connect", idle_cost);
    printf("\"joins_told\": %lld, ", (long long)tally.joins);
    printf("\"idle_counted\": %d, \"bytes_per_idle\": %lld, ", idle_counted,
           idle_counted > 0 ? (long long)idle_memory / idle_counted : 0);
    printf("\"memory\": {\"before\": %lld, \"idle\": %lld, \"joined\": %lld, \"after\": %lld}, ",
           (long long)memory_before, (long long)memory_idle, (long long)memory_joined,
           (long long)memory_after);
    printf("\"checked\": %lld, \"lost\": %lld, \"doubled\": %lld, ", (long long)tally.delivered,
           (long long)lost, (long long)tally.doubled);
    printf("\"reordered\": %lld, \"changed\": %lld, \"unfinished\": %lld, ",
           (long long)tally.reordered, (long long)tally.changed, (long long)unfinished);
    printf("\"drain_seconds\": %.3f, \"hung_up\": %d, \"deaf_hung_up\": %d, \"stalled\": \"%s\"}\n",
           drain_seconds, hung_up, deaf_hung_up, stalled);
}

static bool every_line_arrived(void) {
    int64_t wrong = lost + tally.doubled + tally.reordered + tally.changed;
    return wrong == 0 && hung_up == 0 && *stalled == '\0';
}

static const char USAGE[] =
    "usage: load --port PORT [--pid SERVER] [--members N] [--senders N] [--idle N] [--deaf N]\n"
    "            [--rate LINES_A_SECOND] [--length BYTES] [--seconds S] [--warm-up S]\n"
    "            [--patience S] [--drain S] [--tls]\n";

static void refuse(const char *reason) {
    fprintf(stderr, "%s\n%s", reason, USAGE);
    exit(2);
}

static void read_options(int count, char **arguments) {
    static const struct option options[] = {
        {"port", 1, 0, 'p'},    {"pid", 1, 0, 'i'},     {"members", 1, 0, 'm'},
        {"senders", 1, 0, 's'}, {"idle", 1, 0, 'I'},    {"deaf", 1, 0, 'd'},
        {"rate", 1, 0, 'r'},    {"length", 1, 0, 'l'},  {"seconds", 1, 0, 't'},
        {"warm-up", 1, 0, 'w'}, {"patience", 1, 0, 'P'}, {"drain", 1, 0, 'D'},
        {"tls", 0, 0, 'T'},     {0, 0, 0, 0}};
    for (int option; (option = getopt_long(count, arguments, "", options, NULL)) != -1;) {
        switch (option) {
        case 'p': want.port = atoi(optarg); break;
        case 'i': want.pid = atoi(optarg); break;
        case 'm': want.members = atoi(optarg); break;
        case 's': want.senders = atoi(optarg); break;
        case 'I': want.idle = atoi(optarg); break;
        case 'd': want.deaf = atoi(optarg); break;
        case 'r': want.rate = atof(optarg); break;
        case 'l': want.length = atoi(optarg); break;
        case 't': want.seconds = atof(optarg); break;
        case 'w': want.warm_up = atof(optarg); break;
        case 'P': want.patience = atof(optarg); break;
        case 'D': want.drain = atof(optarg); break;
        case 'T': want.tls = true; break;
        default: refuse("an option is wrong");
        }
    }
    if (want.port <= 0) refuse("--port is needed");
    if (want.members < 2 || want.members > MOST_MEMBERS) refuse("--members is from 2 to 10000");
    if (want.deaf < 0 || want.deaf > want.members - 2) refuse("--deaf has to leave two who read");
    if (want.senders < 0 || want.senders > want.members - want.deaf) refuse("too many --senders");
    if (want.idle < 0) refuse("--idle is 0 or more");
    if (want.length < SHORTEST || want.length > LONGEST) refuse("--length is from 32 to 4096");
    if (want.tls && !tls_is_built_in()) refuse("built without TLS: OpenSSL's headers were missing");
}

static void allow_many_sockets(void) {
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max == RLIM_INFINITY ? 10240 : limit.rlim_max; /* as macOS does */
    setrlimit(RLIMIT_NOFILE, &limit);
    rlim_t needed = (rlim_t)(want.members + want.idle + 16);
    if (limit.rlim_cur < needed) refuse("too many clients for one process here: see ulimit -Hn");
}

int main(int count, char **arguments) {
    Mark from = {0}, to = {0};
    read_options(count, arguments);
    allow_many_sockets();
    signal(SIGPIPE, SIG_IGN);
    lines_prepare(want.length, want.members);
    tally_prepare(want.members, want.senders);
    clients = calloc((size_t)(want.members + want.idle), sizeof *clients);
    senders = calloc((size_t)want.senders + 1, sizeof *senders);
    queue = events_open();

    memory_before = memory_of(want.pid);
    int warm = want.idle < 2 * WARM_UP_IDLE ? 0 : WARM_UP_IDLE;
    connect_clients(want.members, warm); /* the first cost more: the server allocates for all */
    memory_idle_from = memory_of(want.pid);
    idle_cost = connect_clients(want.members + warm, want.idle - warm);
    memory_idle = memory_of(want.pid);
    if (*stalled == '\0') connect_cost = connect_clients(0, want.members);
    if (*stalled == '\0') join_cost = join_all();
    memory_joined = memory_of(want.pid);
    go_deaf();
    if (*stalled == '\0' && want.senders > 0) talk(&from, &to);
    memory_after = memory_of(want.pid);
    if (want.senders > 0) drain();
    if (want.deaf > 0) listen_again();
    report(&from, &to, want.idle - warm);
    for (int id = 0; id < want.members + want.idle; id++) {
        if (clients[id].fd > 0) client_abort(&clients[id]);
    }
    return every_line_arrived() ? 0 : 1;
}
