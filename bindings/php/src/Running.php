<?php

declare(strict_types=1);

namespace Cryo;

/**
 * Servers and clients from their start until they are closed; what is left at the end of the program is closed then.
 *
 * @internal
 */
final class Running
{
    /** @var array<int, Pulled> */
    private static array $all = [];
    private static bool $registered = false;

    public static function add(Pulled $each): void
    {
        self::$all[spl_object_id($each)] = $each;
        if (!self::$registered) {
            self::$registered = true;
            register_shutdown_function(self::endAll(...));
        }
    }

    public static function remove(Pulled $each): void
    {
        unset(self::$all[spl_object_id($each)]);
    }

    private static function endAll(): void
    {
        foreach (self::$all as $each) {
            try {
                $each->end();
            } catch (\Throwable $problem) {
                file_put_contents('php://stderr', "cryo: closing at the end: $problem\n");
            }
        }
    }
}
