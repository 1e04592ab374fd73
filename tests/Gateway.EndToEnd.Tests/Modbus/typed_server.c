/* As typed_server.py, on libmodbus. Not with its float functions: those of 3.1.6 (Debian 12) swap the bytes of each register. */
#include <errno.h>
#include <inttypes.h>
#include <modbus.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/select.h>
#include <unistd.h>

static const char *types[] = {"int16", "uint16", "int32", "uint32", "int64", "uint64", "float32", "float64"};
static const char *orders[] = {"ABCD", "CDAB", "BADC", "DCBA"};
static const int widths[] = {1, 1, 2, 2, 4, 4, 2, 4};
static const char *letters[4][3] = {
    {"AB", "ABCD", "ABCDEFGH"}, {"AB", "CDAB", "GHEFCDAB"}, {"BA", "BADC", "BADCFEHG"}, {"BA", "DCBA", "HGFEDCBA"}};

static const char *pairs[] = {"EFGHABCD", "CDABGHEF", "FEHGBADC", "DCBAHGFE"}; /* further orders of 64 bits */
static const int longs[] = {4, 5, 7};
static const char *more[] = {"float16", "bcd16", "bcd32", "string", "bytes"};
static const int more_widths[] = {1, 1, 2, 4, 4};
static const uint64_t more_values[] = {0x2E66, 0x9012, 0x12345678, 0x5AC3A4686C203132, 0x00FF10A0DEADBEEF}; /* 0.1, digits, "Zähl 12", bytes */
#define PARTS 0xA5C3

static const char *order_of(int order, int width) { return order > 3 ? pairs[order - 4] : letters[order][width == 1 ? 0 : width == 2 ? 1 : 2]; }

static double half(uint16_t bits) {
    double value = bits & 0x3FF;
    int power = bits >> 10 & 0x1F;
    if (power > 0) value += 0x400;
    for (int i = power > 0 ? power : 1; i < 25; i++) value /= 2;
    for (int i = 25; i < power; i++) value *= 2;
    return bits & 0x8000 ? -value : value;
}

static void print_value(int t, uint64_t bits);
static void print_more(int t, uint64_t bits);

static void put(uint16_t *registers, uint64_t bits, int width, int order) {
    const char *place = order_of(order, width);
    uint8_t bytes[8];
    for (int i = 0; i < width * 2; i++) bytes[i] = bits >> (8 * (width * 2 - 1 - (place[i] - 'A')));
    for (int i = 0; i < width; i++) registers[i] = bytes[2 * i] << 8 | bytes[2 * i + 1];
}

static uint64_t get(const uint16_t *registers, int width, int order) {
    const char *place = order_of(order, width);
    uint64_t bits = 0;
    for (int i = 0; i < width * 2; i++) {
        uint64_t byte = registers[i / 2] >> (i % 2 ? 0 : 8) & 0xFF;
        bits |= byte << (8 * (width * 2 - 1 - (place[i] - 'A')));
    }
    return bits;
}

static void fill(modbus_mapping_t *map) {
    const double wide = -2.718281828459045;
    const float narrow = 231.4f;
    uint64_t d;
    uint32_t f;
    memcpy(&d, &wide, 8);
    memcpy(&f, &narrow, 4);
    const uint64_t values[] = {(uint64_t)-1234, 54321, (uint64_t)-123456789, 3456789012u, (uint64_t)-1234567890123456789ll, 12345678901234567890ull, f, d};
    map->tab_bits[5] = map->tab_input_bits[7] = 1;
    for (int t = 0; t < 8; t++)
        for (int o = 0; o < 4; o++) {
            uint16_t *at = map->tab_input_registers + 1000 + t * 16 + o * 4;
            put(at, values[t], widths[t], o);
        }
    for (int t = 0; t < 5; t++)
        for (int o = 0; o < 4; o++) put(map->tab_input_registers + 1200 + t * 16 + o * 4, more_values[t], more_widths[t], o);
    for (int t = 0; t < 3; t++)
        for (int o = 0; o < 4; o++) put(map->tab_input_registers + 1300 + t * 16 + o * 4, values[longs[t]], 4, o + 4);
    map->tab_input_registers[1400] = map->tab_registers[2400] = PARTS;
}

static void print_value(int t, uint64_t bits) {
    const uint32_t narrow = (uint32_t)bits;
    double d;
    float f;
    memcpy(&d, &bits, 8);
    memcpy(&f, &narrow, 4);
    switch (t) {
    case 0: printf("%" PRId16 "\n", (int16_t)bits); break;
    case 2: printf("%" PRId32 "\n", (int32_t)bits); break;
    case 4: printf("%" PRId64 "\n", (int64_t)bits); break;
    case 6: printf("%.9g\n", f); break;
    case 7: printf("%.17g\n", d); break;
    default: printf("%" PRIu64 "\n", bits); break;
    }
}

static void print_more(int t, uint64_t bits) {
    char text[9] = {0};
    for (int i = 0; i < 8; i++) text[i] = bits >> (56 - 8 * i);
    switch (t) {
    case 0: printf("%.6g\n", half(bits)); break;
    case 3: printf("%s\n", text); break;
    case 4: printf("%016" PRIx64 "\n", bits); break;
    default: printf("%" PRIx64 "\n", bits); break;
    }
}

static void dump(const modbus_mapping_t *map) {
    for (int t = 0; t < 8; t++)
        for (int o = 0; o < 4; o++) {
            printf("%s-%s=", types[t], orders[o]);
            print_value(t, get(map->tab_registers + 2000 + t * 16 + o * 4, widths[t], o));
        }
    for (int t = 0; t < 5; t++)
        for (int o = 0; o < 4; o++) {
            printf("%s-%s=", more[t], orders[o]);
            print_more(t, get(map->tab_registers + 2200 + t * 16 + o * 4, more_widths[t], o));
        }
    for (int t = 0; t < 3; t++)
        for (int o = 0; o < 4; o++) {
            printf("%s-%s=", types[longs[t]], pairs[o]);
            print_value(longs[t], get(map->tab_registers + 2300 + t * 16 + o * 4, 4, o + 4));
        }
    printf("parts=%04x\n", map->tab_registers[2400]);
    printf("coil-20=%d\ncoil-21=%d\nend\n", map->tab_bits[20], map->tab_bits[21]);
    fflush(stdout);
}

/* On a serial line: one master, unit 1. */
static int serve_line(const char *path, modbus_mapping_t *map) {
    modbus_t *server = modbus_new_rtu(path, 19200, 'E', 8, 1);
    if (server == NULL || modbus_set_slave(server, 1) != 0 || modbus_connect(server) != 0) return 1;
    printf("port 0\n");
    fflush(stdout);
    for (;;) {
        fd_set set;
        int line = modbus_get_socket(server);
        FD_ZERO(&set);
        FD_SET(STDIN_FILENO, &set);
        FD_SET(line, &set);
        if (select(line + 1, &set, NULL, NULL, NULL) < 0) return 1;
        if (FD_ISSET(STDIN_FILENO, &set)) {
            char text[64];
            if (read(STDIN_FILENO, text, sizeof text) <= 0) return 0;
            dump(map);
        }
        if (FD_ISSET(line, &set)) {
            uint8_t query[MODBUS_RTU_MAX_ADU_LENGTH];
            int got = modbus_receive(server, query);
            if (got > 0) modbus_reply(server, query, got, map);
        }
    }
}

int main(int count, char **arguments) {
    if (count > 1) {
        modbus_mapping_t *lines = modbus_mapping_new(3000, 3000, 3000, 3000);
        fill(lines);
        return serve_line(arguments[1], lines);
    }
    modbus_t *server = modbus_new_tcp("127.0.0.1", 0);
    modbus_mapping_t *map = modbus_mapping_new(3000, 3000, 3000, 3000);
    int listener = modbus_tcp_listen(server, 4), client = -1;
    struct sockaddr_in address;
    socklen_t length = sizeof address;
    if (listener < 0 || map == NULL || getsockname(listener, (struct sockaddr *)&address, &length) != 0) return 1;
    fill(map);
    printf("port %d\n", ntohs(address.sin_port));
    fflush(stdout);
    for (;;) {
        fd_set set;
        FD_ZERO(&set);
        FD_SET(STDIN_FILENO, &set);
        FD_SET(client < 0 ? listener : client, &set);
        if (select((client < 0 ? listener : client) + 1, &set, NULL, NULL, NULL) < 0) return 1;
        if (FD_ISSET(STDIN_FILENO, &set)) {
            char line[64];
            if (read(STDIN_FILENO, line, sizeof line) <= 0) return 0;
            dump(map);
        }
        if (client < 0 && FD_ISSET(listener, &set)) client = modbus_tcp_accept(server, &listener);
        else if (client >= 0 && FD_ISSET(client, &set)) {
            uint8_t query[MODBUS_TCP_MAX_ADU_LENGTH];
            int got = modbus_receive(server, query);
            if (got > 0) modbus_reply(server, query, got, map);
            else if (got < 0) { modbus_close(server); client = -1; }
        }
    }
}
