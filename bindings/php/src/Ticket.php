<?php

declare(strict_types=1);

namespace Cryo;

/** What tickets are alike in. Answers return false when they come too late: answered before, timed out, or the peer has gone. */
abstract class Ticket
{
    private bool $answered = false;

    /** @internal */
    public function __construct(protected readonly int $handle)
    {
    }

    /** The answer comes later, on this object. */
    final public function later(): static
    {
        $this->answered = true;
        return $this;
    }

    /** @internal Whether it was neither answered nor put off. */
    final public function isOpen(): bool
    {
        return !$this->answered;
    }

    final protected function settle(int $status): bool
    {
        $inTime = Native::settled($status);
        $this->answered = true;
        return $inTime;
    }
}
