<?php

declare(strict_types=1);

namespace Cryo;

/** Several servers and clients at once. */
final class Loop
{
    private const SLICE_SECONDS = 0.2;

    /**
     * Waits up to $timeout seconds for events of any of these servers and clients, and calls their handlers. Returns how many there were.
     *
     * @param list<Pulled> $pulled
     */
    public static function poll(array $pulled, float $timeout = 0.0): int
    {
        $deadline = microtime(true) + $timeout;
        while (true) {
            $handled = 0;
            $streams = [];
            foreach ($pulled as $each) {
                $handled += $each->isClosed() ? 0 : $each->poll();
            }
            foreach ($pulled as $each) { // some may have closed others
                if (!$each->isClosed()) {
                    $streams[] = $each->stream();
                }
            }
            $left = min($deadline - microtime(true), self::SLICE_SECONDS);
            if ($handled > 0 || $left <= 0 || $streams === []) {
                return $handled;
            }
            $write = $except = [];
            @stream_select($streams, $write, $except, 0, (int) ($left * 1_000_000)); // a signal interrupts it, and is no fault
        }
    }

    /**
     * Starts what was not started, and calls handlers until all have stopped. SIGINT and SIGTERM stop them, where PHP has pcntl.
     *
     * @param list<Pulled> $pulled
     * @return ?int the number of the signal
     */
    public static function run(array $pulled): ?int
    {
        $taken = null;
        $former = self::setSignals($pulled, $taken);
        try {
            foreach ($pulled as $each) {
                if (!$each->isStarted()) {
                    $each->start();
                }
            }
            while (true) {
                $over = true;
                $patience = self::SLICE_SECONDS;
                foreach ($pulled as $each) {
                    $over = $each->isOver() && $over;
                    $patience = min($patience, $each->patience());
                }
                if ($over) {
                    return $taken;
                }
                if (count($pulled) === 1) {
                    $pulled[0]->isClosed() || $pulled[0]->poll($patience);
                } else {
                    self::poll($pulled, $patience);
                }
            }
        } finally {
            foreach ($former as $number => $handler) {
                pcntl_signal($number, $handler);
            }
        }
    }

    /** @return array<int, callable|int> the former handlers */
    private static function setSignals(array $pulled, ?int &$taken): array
    {
        if (!function_exists('pcntl_signal')) {
            return [];
        }
        pcntl_async_signals(true);
        $former = [];
        foreach ([SIGINT, SIGTERM] as $number) {
            $former[$number] = pcntl_signal_get_handler($number);
            pcntl_signal($number, static function (int $number) use ($pulled, &$taken): void {
                $taken = $number;
                foreach ($pulled as $each) {
                    try {
                        $each->isClosed() || $each->stop();
                    } catch (Error) { // it stops already
                    }
                }
            });
        }
        return $former;
    }
}
