/* The least of a client: asks a server on this machine for a session, and reads what it answers. C99 and C++.
 */
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

/* Sends the upgrade request; the connection, or -1. */
static inline int knock(uint16_t port, const char *token, const char *session_id) {
    const struct timeval patience = {10, 0};
    struct sockaddr_in address;
    char request[512];
    int length;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0) return -1;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    length = snprintf(request, sizeof request,
                      "GET /?authorization=Bearer%%20%s&x-cryo-sid=%s HTTP/1.1\r\n"
                      "Host: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
                      token, session_id);
    if (connect(fd, (const struct sockaddr *)&address, sizeof address) != 0 ||
        send(fd, request, (size_t)length, 0) != length) {
        close(fd);
        return -1;
    }
    return fd;
}

/* The HTTP status of the answer: 101 means that there is a session now. -1: none came within ten seconds. */
static inline int answer_to_knock(int fd) {
    char head[1024] = "";
    size_t length = 0;
    while (!strstr(head, "\r\n\r\n") && length < sizeof head - 1) {
        const ssize_t got = recv(fd, head + length, sizeof head - 1 - length, 0);
        if (got <= 0) return -1;
        length += (size_t)got;
        head[length] = '\0';
    }
    return strncmp(head, "HTTP/1.1 ", 9) == 0 ? atoi(head + 9) : -1;
}
