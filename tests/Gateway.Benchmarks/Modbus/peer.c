/* The peers of scripts/bench modbus, on libmodbus:
 *   serve                          a TCP server with 65,536 of each table; prints its port
 *   poll PORT SECONDS REGISTERS    polls as fast as it can; prints polls/s and CPU us per poll
 *   line BAUD UNITS                units on a pseudo-terminal that takes the time of a wire (8N1 and even parity: 11 bits); prints its path.
 *                                  At the end, on stderr: how many requests came before the silence of 3.5 characters was over
 *   rtu PATH BAUD UNITS REGISTERS SECONDS   polls the units of a line in turn; prints polls/s */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <modbus.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum { most_clients = 64 };

static volatile sig_atomic_t stopped;

static void stop(int signal) {
    (void)signal;
    stopped = 1;
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static void sleep_until(double when) {
    const struct timespec t = {(time_t)when, (long)((when - (time_t)when) * 1e9)};
    while (!stopped && clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == EINTR) continue;
}

static double cpu(void) {
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
    return use.ru_utime.tv_sec + use.ru_stime.tv_sec + (use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6;
}

static int serve(void) {
    modbus_t *server = modbus_new_tcp("127.0.0.1", 0);
    modbus_mapping_t *map = modbus_mapping_new(65536, 65536, 65536, 65536);
    struct sockaddr_in at;
    socklen_t size = sizeof at;
    struct pollfd waiting[most_clients + 1];
    int listener = modbus_tcp_listen(server, most_clients), count = 1;
    if (map == NULL || listener < 0 || getsockname(listener, (struct sockaddr *)&at, &size) != 0) return 1;
    for (int i = 0; i < 65536; i++) map->tab_registers[i] = map->tab_input_registers[i] = (uint16_t)(i * 7);
    printf("%d\n", ntohs(at.sin_port));
    fflush(stdout);
    waiting[0] = (struct pollfd){.fd = listener, .events = POLLIN};
    while (!stopped && (poll(waiting, count, -1) > 0 || errno == EINTR)) {
        if (waiting[0].revents && count <= most_clients) {
            int client = modbus_tcp_accept(server, &listener);
            if (client >= 0) waiting[count++] = (struct pollfd){.fd = client, .events = POLLIN};
        }
        for (int i = 1; i < count; i++) {
            uint8_t query[MODBUS_TCP_MAX_ADU_LENGTH];
            if (!waiting[i].revents) continue;
            modbus_set_socket(server, waiting[i].fd);
            int got = modbus_receive(server, query);
            if (got > 0) modbus_reply(server, query, got, map);
            if (got < 0) {
                close(waiting[i].fd);
                waiting[i--] = waiting[--count];
            }
        }
    }
    return 0;
}

static int poll_tcp(int port, double seconds, int registers) {
    uint16_t values[MODBUS_MAX_READ_REGISTERS];
    modbus_t *client = modbus_new_tcp("127.0.0.1", port);
    long polls = 0;
    if (modbus_connect(client) != 0) return 1;
    for (int i = 0; i < 200; i++) modbus_read_registers(client, 0, registers, values);
    const double start = now(), used = cpu();
    while (now() < start + seconds)
        for (int i = 0; i < 100; i++, polls++)
            if (modbus_read_registers(client, 0, registers, values) != registers) return 1;
    printf("%.0f %.2f\n", polls / (now() - start), (cpu() - used) * 1e6 / polls);
    return 0;
}

static uint16_t crc(const uint8_t *bytes, int count) {
    uint16_t sum = 0xFFFF;
    for (int i = 0; i < count; i++) {
        sum ^= bytes[i];
        for (int bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >> 1) ^ 0xA001 : sum >> 1;
    }
    return sum;
}

static int line(int baud, int units) {
    const double character = 11.0 / baud, silence = baud > 19200 ? 0.00175 : 3.5 * character;
    struct termios raw;
    uint8_t request[256], response[256];
    int have = 0, master = posix_openpt(O_RDWR | O_NOCTTY);
    long early = 0, answered = 0;
    double quiet = 0;
    if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0) return 1;
    int keep = open(ptsname(master), O_RDWR | O_NOCTTY);
    if (keep < 0 || tcgetattr(keep, &raw) != 0) return 1;
    cfmakeraw(&raw);
    tcsetattr(keep, TCSANOW, &raw);
    prctl(PR_SET_TIMERSLACK, 1);
    printf("%s\n", ptsname(master));
    fflush(stdout);
    while (!stopped) {
        int got = read(master, request + have, 8 - have);
        const double began = now();
        if (got <= 0) continue;
        if (have == 0 && began < quiet) early++;
        have += got;
        if (have < 8) continue;
        have = 0;
        int count = request[4] << 8 | request[5], size = 5 + 2 * count;
        if (request[0] < 1 || request[0] > units || crc(request, 6) != (request[6] | request[7] << 8)) continue;
        response[0] = request[0];
        response[1] = request[1];
        response[2] = (uint8_t)(2 * count);
        for (int i = 0; i < 2 * count; i++) response[3 + i] = (uint8_t)i;
        const uint16_t sum = crc(response, size - 2);
        response[size - 2] = (uint8_t)sum;
        response[size - 1] = (uint8_t)(sum >> 8);
        const double end = began + (8 + size) * character + silence;
        sleep_until(end);
        if (write(master, response, size) != size) break;
        quiet = end + silence;
        answered++;
    }
    fprintf(stderr, "%ld of %ld requests came before the line had been silent for 3.5 characters\n", early, answered);
    return 0;
}

static int poll_rtu(const char *path, int baud, int units, int registers, double seconds) {
    uint16_t values[MODBUS_MAX_READ_REGISTERS];
    modbus_t *client = modbus_new_rtu(path, baud, 'E', 8, 1);
    long polls = 0;
    if (client == NULL || modbus_connect(client) != 0) return 1;
    const double start = now();
    while (now() < start + seconds)
        for (int unit = 1; unit <= units; unit++, polls++) {
            modbus_set_slave(client, unit);
            if (modbus_read_registers(client, 0, registers, values) != registers) return 1;
        }
    printf("%.2f\n", polls / (now() - start));
    return 0;
}

int main(int count, char **words) {
    const struct sigaction end = {.sa_handler = stop};
    sigaction(SIGTERM, &end, NULL);
    sigaction(SIGINT, &end, NULL);
    if (count == 2 && strcmp(words[1], "serve") == 0) return serve();
    if (count == 5 && strcmp(words[1], "poll") == 0) return poll_tcp(atoi(words[2]), atof(words[3]), atoi(words[4]));
    if (count == 4 && strcmp(words[1], "line") == 0) return line(atoi(words[2]), atoi(words[3]));
    if (count == 7 && strcmp(words[1], "rtu") == 0) return poll_rtu(words[2], atoi(words[3]), atoi(words[4]), atoi(words[5]), atof(words[6]));
    return 2;
}
