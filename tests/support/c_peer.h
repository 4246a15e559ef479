// A blocking Cryo client for tests in C. It shares no code with the library. Whatever does not come within
// the patience of the test ends the test program with a message, from whatever thread it is used.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PEER_ACK = 0, PEER_ERROR = 1, PEER_PING_PONG = 2, PEER_UTF8 = 3, PEER_BINARY = 4 };
enum { PEER_WS_TEXT = 1, PEER_WS_BINARY = 2, PEER_WS_CLOSE = 8, PEER_WS_PING = 9, PEER_WS_PONG = 10 };
enum { PEER_PATIENCE_MS = 30000 };

typedef struct peer {
    bool auto_pong;      // answer WebSocket pings
    bool auto_ack;       // acknowledge data frames when they are received
    const char *headers; // more lines for the head of the request, each with its end; NULL: none

    int fd;
    int status;       // of HTTP; 0: nobody answered
    char head[2048];  // of the answer
    char sid[37];     // the session id as text
    uint8_t id[16];   // and as bytes
    uint32_t numbers; // of the data frames sent

    // The WebSocket frame received last.
    uint8_t opcode;
    uint8_t *payload; // has a NUL behind it
    size_t payload_len;
    // Where it was a Cryo frame.
    uint8_t type;
    uint32_t number;
    const uint8_t *data; // within the payload
    size_t data_len;

    bool close_sent;
    int close_code; // the server's; 1006: none was seen
    char close_reason[126];

    uint8_t *received; // and not yet looked at
    size_t received_len;
    size_t received_capacity;
} peer;

// A client that nobody has used, with a session id of its own.
void peer_init(peer *p);

// Opens the connection and sends the request head: path and query as given ("/?authorization=…").
void peer_dial(peer *p, uint16_t port, const char *target);
// Dials "/" with this token (URL-encoded) and further query parameters ("" or "&name=value").
void peer_dial_with(peer *p, uint16_t port, const char *token, const char *extra);
// Reads the answer and returns its status. Of a 101 it also answers the ping behind it, with auto_pong.
int peer_answer(peer *p);
// peer_init, peer_dial_with and peer_answer.
int peer_connect(peer *p, uint16_t port, const char *token);
// What follows the head of a refusal, until the server closes. Lives until the peer is used again.
const char *peer_body(peer *p);

void peer_send_raw(peer *p, const void *data, size_t len);
void peer_send_ws(peer *p, uint8_t opcode, const void *data, size_t len);
void peer_send_frame(peer *p, uint8_t type, uint32_t number, const void *data, size_t len);
void peer_send_text(peer *p, const char *text);
void peer_send_binary(peer *p, const void *data, size_t len);
// The bytes of a data frame on the wire, to be freed.
uint8_t *peer_wire_frame(const peer *p, uint8_t type, uint32_t number, const void *data, size_t len,
                         size_t *size);

// The next WebSocket frame; pings are answered and passed over with auto_pong. False: the connection has
// ended.
bool peer_receive_ws(peer *p);
// The next Cryo frame. False: the server has closed.
bool peer_receive(peer *p);
// The next frame of this type, whatever comes before it. False: the server has closed.
bool peer_receive_type(peer *p, uint8_t type);
// Whether the next data frame is this text.
bool peer_hears(peer *p, const char *text);

// Closes from this side and reads to the end; returns the code of the server's answer.
int peer_close(peer *p, int code, const char *reason);
// Reads to the end, answering the server's close; returns its code.
int peer_wait_for_close(peer *p);

// Ends the connection without a word, with FIN or with RST, and frees what the peer holds.
void peer_hang_up(peer *p);
void peer_reset(peer *p);
