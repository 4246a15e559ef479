<?php

declare(strict_types=1);

namespace Cryo;

/**
 * Who wants to know what became of a message.
 *
 * @internal
 */
final class Receipts
{
    private const OWN = 1 << 62; // numbers from here on are the package's, for functions

    /** @var array<int, callable> */
    private static array $functions = [];
    private static int $last = self::OWN;

    public static function numberFor(int|callable|null $receipt): int
    {
        if ($receipt === null) {
            return 0;
        }
        if (!is_int($receipt)) {
            self::$functions[++self::$last] = $receipt;
            return self::$last;
        }
        if ($receipt < 1 || $receipt >= self::OWN) {
            Native::invalid('a receipt is a function, or a whole number from 1 to 2**62 - 1');
        }
        return $receipt;
    }

    public static function take(int $number): ?callable
    {
        $found = self::$functions[$number] ?? null;
        unset(self::$functions[$number]);
        return $found;
    }
}
