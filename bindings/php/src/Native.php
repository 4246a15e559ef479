<?php

declare(strict_types=1);

namespace Cryo;

use FFI;

/**
 * Finds and opens libcryo, and what is needed to call it. A function of FFI's is called, never taken as a closure ($ffi->name(...)): PHP 8.2
 * crashes when such a closure is called.
 *
 * @internal
 */
final class Native
{
    private const HELP = 'Install libcryo, or set the environment variable CRYO_LIBRARY to the path of the library file (libcryo.so.1).';

    private static ?FFI $ffi = null;

    /** The library, opened at the first use and kept until the end of the process. */
    public static function ffi(): FFI
    {
        return self::$ffi ??= self::open();
    }

    private static function open(): FFI
    {
        if (!class_exists(FFI::class)) {
            throw new \LogicException('cryo: PHP has no FFI (ext-ffi), or it is switched off (ffi.enable)');
        }
        $name = (PHP_OS_FAMILY === 'Darwin' ? 'libcryo.%d.dylib' : 'libcryo.so.%d');
        $name = sprintf($name, ABI_VERSION);
        $beside = __DIR__ . "/$name";
        $path = getenv('CRYO_LIBRARY') ?: (is_file($beside) ? $beside : $name);
        try {
            $found = FFI::cdef('uint32_t cryo_abi_version(void);', $path);
        } catch (FFI\Exception $problem) {
            $what = str_contains($problem->getMessage(), 'resolving') ? 'is not libcryo' : 'cannot be loaded';
            throw new \LogicException("cryo: $path $what: {$problem->getMessage()}. " . self::HELP, 0, $problem);
        }
        $version = $found->cryo_abi_version();
        if ($version !== ABI_VERSION) {
            throw new \LogicException("cryo: $path has ABI version $version; this package needs " . ABI_VERSION
                . '. Install the package and the library of the same release.');
        }
        return FFI::cdef(Abi::DECLARATIONS, $path);
    }

    /** @throws Error for a negative status, with what the library or we have to say about it */
    public static function fail(int $status, ?string $text = null): never
    {
        $text ??= self::ffi()->cryo_last_error();
        throw new Error($status, self::ffi()->cryo_status_name($status), $text);
    }

    public static function check(int $status): int
    {
        return $status < 0 ? self::fail($status) : $status;
    }

    /** Of an answer on a ticket: false when it came too late. */
    public static function settled(int $status): bool
    {
        if ($status === ERR_STATE || $status === ERR_HANDLE) {
            return false;
        }
        self::check($status);
        return true;
    }

    public static function invalid(string $text): never
    {
        self::fail(ERR_INVALID, $text);
    }

    /** The number that $call(FFI\CData $out) writes. */
    public static function handleFrom(callable $call): int
    {
        $out = self::ffi()->new('uintptr_t[1]');
        self::check($call($out));
        return $out[0];
    }

    /** The text that $call(out, capacity, len) writes; null where there is none. */
    public static function textFrom(callable $call): ?string
    {
        $ffi = self::ffi();
        $capacity = 4096;
        $length = $ffi->new('size_t[1]');
        while (true) {
            $out = $ffi->new("char[$capacity]");
            $status = $call($out, $capacity, $length);
            if ($status === ERR_NOT_FOUND) {
                return null;
            }
            if ($status !== ERR_BUFFER) {
                self::check($status);
                return FFI::string($out, $length[0]);
            }
            $capacity = $length[0] + 1;
        }
    }

    /** A text as the library takes it. */
    public static function textIn(mixed $value, string $what): string
    {
        if (!is_string($value)) {
            self::invalid("$what must be a string, not " . get_debug_type($value));
        }
        if (str_contains($value, "\0")) {
            self::invalid("$what must not contain a NUL byte");
        }
        return $value;
    }

    public static function optionalText(mixed $value, string $what): ?string
    {
        return $value === null ? null : self::textIn($value, $what);
    }

    /** A session's id as 16 bytes. */
    public static function idBytes(string $id): string
    {
        if (strlen($id) === 16) {
            return $id;
        }
        $digits = str_replace('-', '', $id);
        if (strlen($id) !== 36 || strlen($digits) !== 32 || !ctype_xdigit($digits)) {
            self::invalid("a session's id has 16 bytes, or is a UUID as text");
        }
        return (string) hex2bin($digits);
    }

    /**
     * name => value of the constants with a prefix, names in lower case
     *
     * @return array<string, int>
     */
    public static function constants(string $prefix): array
    {
        $found = [];
        foreach (Abi::CONSTANTS as $name => $value) {
            if (str_starts_with($name, $prefix)) {
                $found[strtolower(substr($name, strlen($prefix)))] = $value;
            }
        }
        return $found;
    }
}
