<?php

declare(strict_types=1);

namespace Cryo;

/** What belongs to no server and no client. */
final class Library
{
    /** Of this package. */
    public const VERSION = VERSION_MAJOR . '.' . VERSION_MINOR . '.' . VERSION_PATCH;

    /** The version of the library that is loaded. */
    public static function version(): string
    {
        return Native::ffi()->cryo_version_string();
    }

    public static function abiVersion(): int
    {
        return Native::ffi()->cryo_abi_version();
    }

    /** What the library was built with, for bug reports. */
    public static function buildInfo(): string
    {
        return Native::ffi()->cryo_build_info();
    }

    /** "CRYO_ERR_CLOSED" for Cryo\ERR_CLOSED. */
    public static function statusName(int $status): string
    {
        return Native::ffi()->cryo_status_name($status);
    }

    /**
     * The level of the library's log on standard error: Cryo\LOG_OFF to LOG_DEBUG. A function for its lines is not to be had: the library
     * calls it on its own threads, where PHP cannot be.
     */
    public static function setLog(int $level): void
    {
        Native::check(Native::ffi()->cryo_set_log($level, null, 0, null));
    }

    /**
     * Sends one message to many sessions.
     *
     * @param list<Session> $sessions
     * @return array{int, list<int>} how many have accepted it, and the statuses in their order
     */
    public static function sendMany(array $sessions, string $data, int $kind = UTF8): array
    {
        $ffi = Native::ffi();
        $count = max(1, count($sessions));
        $handles = $ffi->new("uintptr_t[$count]");
        $statuses = $ffi->new("int32_t[$count]");
        $sent = $ffi->new('size_t[1]');
        foreach ($sessions as $i => $session) {
            $handles[$i] = $session->handle;
        }
        Native::check($ffi->cryo_sessions_send($handles, count($sessions), $kind, $data, strlen($data), $statuses, $sent));
        $told = [];
        foreach ($sessions as $i => $_) {
            $told[] = $statuses[$i];
        }
        return [$sent[0], $told];
    }
}
