<?php

declare(strict_types=1);

namespace Cryo;

/** A call of the library failed. */
final class Error extends \RuntimeException
{
    /**
     * @param int $status Cryo\ERR_CLOSED and so on; getCode() is the same
     * @param string $name "CRYO_ERR_CLOSED"
     * @param string $text a sentence for people
     */
    public function __construct(public readonly int $status, public readonly string $name, public readonly string $text)
    {
        parent::__construct($text === '' ? $name : "$text ($name)", $status);
    }
}
