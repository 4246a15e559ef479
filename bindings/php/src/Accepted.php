<?php

declare(strict_types=1);

namespace Cryo;

/**
 * Values that a validator gave, by number, until the session of the ticket is announced. Tickets whose client has gone leave theirs behind:
 * when there are many, those that are older than any announcement can be are forgotten.
 *
 * @internal
 */
final class Accepted
{
    public const KEY = 'cryo.php.values';
    private const SECONDS = 300;
    private const MANY = 1024;

    /** @var array<int, array{array, int}> */
    private static array $kept = [];
    private static int $last = 0;

    public static function keep(array $values): int
    {
        if (count(self::$kept) >= self::MANY) {
            $before = time() - self::SECONDS;
            self::$kept = array_filter(self::$kept, static fn (array $each): bool => $each[1] >= $before);
        }
        self::$kept[++self::$last] = [$values, time()];
        return self::$last;
    }

    public static function forget(int $number): void
    {
        unset(self::$kept[$number]);
    }

    public static function takeFor(Session $session): void
    {
        if (self::$kept === []) {
            return;
        }
        $out = Native::ffi()->new('uintptr_t[1]');
        if (Native::ffi()->cryo_session_get($session->handle, self::KEY, $out) !== OK) {
            return;
        }
        [$values] = self::$kept[$out[0]] ?? [[]];
        self::forget($out[0]);
        foreach ($values as $key => $value) {
            $session[$key] = $value;
        }
    }
}
