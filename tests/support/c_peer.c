#define _POSIX_C_SOURCE 200809L

#include "c_peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void give_up(const char *why) {
    fprintf(stderr, "peer: %s\n", why);
    abort();
}

static void *must(void *memory) {
    if (memory == NULL) give_up("memory ran out");
    return memory;
}

void peer_init(peer *p) {
    static atomic_uint next = 1;
    memset(p, 0, sizeof *p);
    p->auto_pong = p->auto_ack = true;
    p->fd = -1;
    p->close_code = 1006;
    snprintf(p->sid, sizeof p->sid, "%08x-0000-4000-8000-%012x", (unsigned)getpid(),
             atomic_fetch_add(&next, 1));
    const char *at = p->sid;
    for (size_t i = 0; i < sizeof p->id; ++i, at += 2) {
        if (*at == '-') ++at;
        const char digits[3] = {at[0], at[1], '\0'};
        p->id[i] = (uint8_t)strtoul(digits, NULL, 16);
    }
}

void peer_dial(peer *p, uint16_t port, const char *target) {
    struct sockaddr_in to;
    memset(&to, 0, sizeof to);
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    p->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (p->fd < 0) give_up("no socket");
    if (connect(p->fd, (const struct sockaddr *)&to, sizeof to) != 0) {
        close(p->fd);
        p->fd = -1;
        return;
    }
    char head[2048];
    const int size =
        snprintf(head, sizeof head,
                 "GET %s HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                 "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n%s\r\n",
                 target, p->headers == NULL ? "" : p->headers);
    peer_send_raw(p, head, (size_t)size);
}

void peer_dial_with(peer *p, uint16_t port, const char *token, const char *extra) {
    char target[1024];
    snprintf(target, sizeof target, "/?authorization=Bearer%%20%s&x-cryo-sid=%s%s", token, p->sid, extra);
    peer_dial(p, port, target);
}

// False: the connection has ended.
static bool read_more(peer *p) {
    if (p->fd < 0) return false;
    struct pollfd ready = {.fd = p->fd, .events = POLLIN, .revents = 0};
    if (poll(&ready, 1, PEER_PATIENCE_MS) == 0) give_up("the server says nothing");
    if (p->received_capacity - p->received_len < 65536) {
        p->received_capacity = p->received_capacity * 2 + 65536;
        p->received = must(realloc(p->received, p->received_capacity + 1));
    }
    const ssize_t got = recv(p->fd, p->received + p->received_len, p->received_capacity - p->received_len, 0);
    if (got <= 0) return false;
    p->received_len += (size_t)got;
    p->received[p->received_len] = '\0';
    return true;
}

static bool have(peer *p, size_t size) {
    while (p->received_len < size)
        if (!read_more(p)) return false;
    return true;
}

static void forget(peer *p, size_t size) {
    p->received_len -= size;
    memmove(p->received, p->received + size, p->received_len + 1);
}

int peer_answer(peer *p) {
    const char *end = NULL;
    while (p->received == NULL || (end = strstr((const char *)p->received, "\r\n\r\n")) == NULL)
        if (!read_more(p)) return p->status = 0;
    const size_t size = (size_t)(end + 4 - (const char *)p->received);
    if (size >= sizeof p->head) give_up("the head of the answer is too long");
    memcpy(p->head, p->received, size);
    p->head[size] = '\0';
    forget(p, size);
    if (strncmp(p->head, "HTTP/1.1 ", 9) == 0) p->status = atoi(p->head + 9);
    if (p->status == 101 && p->auto_pong) {
        p->auto_pong = false;
        if (!peer_receive_ws(p) || p->opcode != PEER_WS_PING) give_up("no ping behind the upgrade");
        peer_send_ws(p, PEER_WS_PONG, p->payload, p->payload_len);
        p->auto_pong = true;
    }
    return p->status;
}

int peer_connect(peer *p, uint16_t port, const char *token) {
    peer_init(p);
    peer_dial_with(p, port, token, "");
    return peer_answer(p);
}

const char *peer_body(peer *p) {
    while (read_more(p)) {
    }
    return p->received == NULL ? "" : (const char *)p->received;
}

void peer_send_raw(peer *p, const void *data, size_t len) {
    const uint8_t *at = data;
    while (len > 0) {
        struct pollfd ready = {.fd = p->fd, .events = POLLOUT, .revents = 0};
        if (poll(&ready, 1, PEER_PATIENCE_MS) == 0) give_up("the server takes nothing");
        const ssize_t sent = send(p->fd, at, len, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent <= 0) return; // the server has closed: what is received next tells
        at += sent;
        len -= (size_t)sent;
    }
}

static size_t write_ws(uint8_t *out, uint8_t opcode, const uint8_t *data, size_t len) {
    static const uint8_t mask[4] = {0x37, 0xfa, 0x21, 0x3d};
    size_t at = 0;
    out[at++] = 0x80 | opcode;
    if (len < 126) {
        out[at++] = (uint8_t)(0x80 | len);
    } else {
        const bool wide = len > 0xffff;
        out[at++] = wide ? 0x80 | 127 : 0x80 | 126;
        for (int shift = wide ? 56 : 8; shift >= 0; shift -= 8)
            out[at++] = (uint8_t)((uint64_t)len >> shift);
    }
    memcpy(out + at, mask, 4);
    at += 4;
    for (size_t i = 0; i < len; ++i)
        out[at++] = data[i] ^ mask[i % 4];
    return at;
}

void peer_send_ws(peer *p, uint8_t opcode, const void *data, size_t len) {
    uint8_t *const out = must(malloc(len + 14));
    peer_send_raw(p, out, write_ws(out, opcode, data, len));
    free(out);
}

uint8_t *peer_wire_frame(const peer *p, uint8_t type, uint32_t number, const void *data, size_t len,
                         size_t *size) {
    uint8_t *const frame = must(malloc(len + 21));
    memcpy(frame, p->id, 16);
    for (int i = 0; i < 4; ++i)
        frame[16 + i] = (uint8_t)(number >> (24 - 8 * i));
    frame[20] = type;
    if (len > 0) memcpy(frame + 21, data, len);
    uint8_t *const out = must(malloc(len + 21 + 14));
    *size = write_ws(out, PEER_WS_BINARY, frame, len + 21);
    free(frame);
    return out;
}

void peer_send_frame(peer *p, uint8_t type, uint32_t number, const void *data, size_t len) {
    size_t size = 0;
    uint8_t *const wire = peer_wire_frame(p, type, number, data, len, &size);
    peer_send_raw(p, wire, size);
    free(wire);
}

void peer_send_text(peer *p, const char *text) {
    peer_send_frame(p, PEER_UTF8, p->numbers++, text, strlen(text));
}

void peer_send_binary(peer *p, const void *data, size_t len) {
    peer_send_frame(p, PEER_BINARY, p->numbers++, data, len);
}

static bool next_ws(peer *p) {
    if (!have(p, 2)) return false;
    p->opcode = p->received[0] & 0x0f;
    if ((p->received[1] & 0x80) != 0) give_up("a server must not mask");
    uint64_t len = p->received[1] & 0x7f;
    size_t head = 2;
    if (len >= 126) {
        head = len == 126 ? 4 : 10;
        if (!have(p, head)) return false;
        len = 0;
        for (size_t i = 2; i < head; ++i)
            len = len << 8 | p->received[i];
    }
    if (!have(p, head + (size_t)len)) return false;
    p->payload_len = (size_t)len;
    p->payload = must(realloc(p->payload, p->payload_len + 1));
    memcpy(p->payload, p->received + head, p->payload_len);
    p->payload[p->payload_len] = '\0';
    forget(p, head + p->payload_len);
    return true;
}

bool peer_receive_ws(peer *p) {
    while (next_ws(p)) {
        if (p->opcode != PEER_WS_PING || !p->auto_pong) return true;
        peer_send_ws(p, PEER_WS_PONG, p->payload, p->payload_len);
    }
    return false;
}

static void note_close(peer *p) {
    p->close_code = 1005;
    if (p->payload_len < 2) return;
    p->close_code = p->payload[0] << 8 | p->payload[1];
    memcpy(p->close_reason, p->payload + 2, p->payload_len - 2);
    p->close_reason[p->payload_len - 2] = '\0';
}

bool peer_receive(peer *p) {
    if (!peer_receive_ws(p)) return false;
    if (p->opcode == PEER_WS_CLOSE) {
        note_close(p);
        return false;
    }
    if (p->opcode != PEER_WS_BINARY || p->payload_len < 21 || memcmp(p->payload, p->id, 16) != 0)
        give_up("what came is no Cryo frame of this session");
    p->number = 0;
    for (int i = 16; i < 20; ++i)
        p->number = p->number << 8 | p->payload[i];
    p->type = p->payload[20];
    p->data = p->payload + 21;
    p->data_len = p->payload_len - 21;
    if (p->auto_ack && (p->type == PEER_UTF8 || p->type == PEER_BINARY))
        peer_send_frame(p, PEER_ACK, p->number, NULL, 0);
    return true;
}

bool peer_receive_type(peer *p, uint8_t type) {
    while (peer_receive(p))
        if (p->type == type) return true;
    return false;
}

bool peer_hears(peer *p, const char *text) {
    while (peer_receive(p))
        if (p->type == PEER_UTF8 || p->type == PEER_BINARY)
            return p->type == PEER_UTF8 && p->data_len == strlen(text) &&
                   memcmp(p->data, text, p->data_len) == 0;
    return false;
}

int peer_close(peer *p, int code, const char *reason) {
    uint8_t payload[125] = {(uint8_t)(code >> 8), (uint8_t)code};
    const size_t len = strlen(reason);
    memcpy(payload + 2, reason, len);
    peer_send_ws(p, PEER_WS_CLOSE, payload, code == 1005 ? 0 : len + 2);
    p->close_sent = true;
    return peer_wait_for_close(p);
}

int peer_wait_for_close(peer *p) {
    while (peer_receive(p)) {
    }
    if (!p->close_sent && p->close_code != 1006) {
        p->close_sent = true;
        peer_send_ws(p, PEER_WS_CLOSE, p->payload, p->payload_len);
    }
    while (next_ws(p)) {
    }
    return p->close_code;
}

void peer_hang_up(peer *p) {
    if (p->fd >= 0) close(p->fd);
    p->fd = -1;
    free(p->received);
    free(p->payload);
    p->received = p->payload = NULL;
    p->received_len = p->received_capacity = p->payload_len = 0;
}

void peer_reset(peer *p) {
    const struct linger at_once = {1, 0};
    setsockopt(p->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    peer_hang_up(p);
}
