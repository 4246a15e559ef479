<?php

declare(strict_types=1);

namespace Cryo;

/**
 * Options by the names of cryo.h: cryo_server_options_set_port is 'port'.
 *
 * @internal
 */
final class Options
{
    private const RANGES = [
        'u16' => [0, 0xFFFF], 'u32' => [0, 0xFFFFFFFF], 'i32' => [-0x80000000, 0x7FFFFFFF], 'u64' => [0, PHP_INT_MAX],
    ];

    /**
     * A handle with what is given, for $use(int $handle); freed behind it.
     *
     * @param array<string, mixed> $given
     * @param list<string> $others keys that are no options
     */
    public static function with(string $which, array $given, array $others, callable $use): mixed
    {
        $ffi = Native::ffi();
        $handle = Native::handleFrom(static fn (\FFI\CData $out): int => $ffi->{"cryo_{$which}_options_new"}($out));
        try {
            foreach ($given as $name => $value) {
                if (!in_array($name, $others, true)) {
                    self::set($which, $handle, (string) $name, $value);
                }
            }
            return $use($handle);
        } finally {
            $ffi->{"cryo_{$which}_options_free"}($handle);
        }
    }

    private static function set(string $which, int $handle, string $name, mixed $value): void
    {
        [$sets, $adds, $kinds] = Abi::OPTIONS[$which][$name] ?? Native::invalid("there is no $which option $name");
        if ($value === null) {
            return;
        }
        foreach (self::many($value, $adds, $kinds) as $i => $each) {
            self::call($i === 0 && $sets !== '' ? $sets : $adds, $handle, $name, $kinds, $each);
        }
    }

    private static function many(mixed $value, string $adds, array $kinds): array
    {
        if ($adds === '' || !is_array($value)) {
            return [$value];
        }
        if (!array_is_list($value)) { // by name
            return array_map(null, array_map('strval', array_keys($value)), array_values($value));
        }
        return count($kinds) === 1 || is_array($value[0] ?? null) ? $value : [$value];
    }

    private static function call(string $setter, int $handle, string $name, array $kinds, mixed $value): void
    {
        $values = [$value];
        if ($kinds === ['i32', 'text']) { // a switch with a text
            $values = [(bool) $value, is_string($value) ? $value : null];
        } elseif (count($kinds) > 1) {
            $values = is_array($value) && count($value) === 2 ? array_values($value) : Native::invalid("$name must be an array of two strings");
        }
        $arguments = [];
        foreach ($kinds as $i => $kind) {
            array_push($arguments, ...self::argument($kind, $values[$i], $name));
        }
        Native::check(Native::ffi()->$setter($handle, ...$arguments));
    }

    private static function argument(string $kind, mixed $value, string $name): array
    {
        return match ($kind) {
            'text' => [Native::optionalText($value, $name)],
            'id' => [Native::idBytes($value)],
            'bytes' => is_string($value) ? [$value, strlen($value)] : Native::invalid("$name must be a string"),
            default => [self::number($kind, $value, $name)],
        };
    }

    private static function number(string $kind, mixed $value, string $name): int
    {
        if (is_bool($value)) {
            return (int) $value;
        }
        [$least, $most] = self::RANGES[$kind];
        if (!is_int($value) || $value < $least || $value > $most) {
            Native::invalid("$name must be a whole number from $least to $most");
        }
        return $value;
    }
}
