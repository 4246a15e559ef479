<?php

declare(strict_types=1);

namespace Cryo;

/** What servers and clients are alike in: a handle, a queue of events, and who takes them. */
abstract class Pulled
{
    use Events;
    use Extensible;

    private const EVENTS = [
        'listening', 'session', 'message', 'closed', 'stat', 'disconnected', 'reconnected', 'attempt_failed', 'lost', 'dropped', 'writable',
        'receipt', 'error',
    ];
    private const SLICE_MS = 200; // the longest wait inside of the library
    private const MOST_EVENTS = 256; // that one poll hands out

    protected ?int $handle = null;
    protected int $queue;
    protected bool $stopping = false;
    /** @var array<int, callable> of peers, by their handles */
    protected array $providers = [];
    /** @var ?callable */
    protected $validator = null;
    /** @var ?callable */
    protected $tokenProvider = null;

    /** @var array<int, Session> */
    private array $known = [];
    private bool $started = false;
    private bool $inside = false;
    private bool $closing = false;
    private bool $finished = false;
    private bool $draining = false;
    private readonly int $pid;
    private readonly \FFI\CData $batch;
    private readonly \FFI\CData $batchLength;
    /** @var ?resource */
    private $stream = null;

    /** @param array<string, mixed> $options */
    protected function __construct(private readonly string $which, array $options)
    {
        $this->pid = getmypid();
        $others = ['validator', 'token_provider', 'queue_capacity'];
        foreach (self::EVENTS as $event) {
            $others[] = "on_$event";
            $this->on($event, $options["on_$event"] ?? null);
        }
        $ffi = Native::ffi();
        $this->batch = $ffi->new('const uint8_t *[1]');
        $this->batchLength = $ffi->new('size_t[1]');
        $this->queue = Native::handleFrom(static fn (\FFI\CData $out): int => $ffi->cryo_queue_new($out));
        if (isset($options['queue_capacity'])) {
            Native::check($ffi->cryo_queue_set_capacity($this->queue, ...$options['queue_capacity']));
        }
        $events = Native::handleFrom(static fn (\FFI\CData $out): int => $ffi->cryo_events_new(0, null, $out));
        try {
            Native::check($ffi->cryo_events_use_queue($events, $this->queue));
            Options::with($which, $options, $others, function (int $given) use ($ffi, $events): void {
                Native::check($ffi->{"cryo_{$this->which}_options_set_events"}($given, $events));
                if ($this->tokenProvider !== null) {
                    Native::check($ffi->cryo_client_options_set_token_provider($given, null, 0, null));
                }
                $this->handle = Native::handleFrom(fn (\FFI\CData $out): int => $this->native('new', $given, $out));
            });
        } finally {
            $ffi->cryo_events_free($events);
            if ($this->handle === null) {
                $ffi->cryo_queue_free($this->queue);
            }
        }
    }

    public function __destruct()
    {
        if ($this->handle !== null && getmypid() === $this->pid) { // it was never started: else Running has it
            $this->free();
        }
    }

    /** Begins to serve, or to connect. Throws what is wrong with addresses, ports and certificates. */
    public function start(): static
    {
        Native::check($this->native('start', $this->alive()));
        $this->started = true;
        Running::add($this);
        return $this;
    }

    public function isStarted(): bool
    {
        return $this->started;
    }

    public function isClosed(): bool
    {
        return $this->handle === null;
    }

    /** A descriptor that is readable while an event waits: watch it, and call poll() when it is. Do not read it. */
    public function fd(): int
    {
        $this->alive();
        return Native::check(Native::ffi()->cryo_queue_fd($this->queue));
    }

    /**
     * The same as a stream, for stream_select and for loops such as ReactPHP's and Revolt's. Do not read it.
     *
     * @return resource
     */
    public function stream()
    {
        $fd = $this->fd();
        return $this->stream ??= fopen("php://fd/$fd", 'r');
    }

    /** Makes a poll() that waits, or the next one, return. */
    public function wake(): void
    {
        Native::check(Native::ffi()->cryo_queue_wake($this->queue));
    }

    /**
     * Waits up to $timeout seconds for events (INF: for ever), and calls the handlers for what has come, 256 events at most. Returns how many there
     * were. Throws STATE inside of a handler of the same object.
     */
    public function poll(float $timeout = 0.0): int
    {
        $this->alive();
        if ($this->inside) {
            Native::fail(ERR_STATE, 'poll() inside of a handler');
        }
        $deadline = microtime(true) + $timeout;
        $handled = 0;
        $this->inside = true;
        try {
            do {
                $left = (int) max(0, min(ceil(($deadline - microtime(true)) * 1000), self::SLICE_MS));
                $status = $this->take($handled > 0 ? 0 : $left, $handled);
                $goesOn = match ($status) {
                    OK => $handled < self::MOST_EVENTS,
                    ERR_TIMEOUT => $handled === 0 && $left > 0,
                    ERR_STATE => $this->draining, // woken
                    default => false,
                };
            } while ($goesOn);
        } finally {
            $this->release();
        }
        if ($this->closing) {
            $this->close();
        }
        return $handled;
    }

    /** Starts, and calls handlers until it has stopped. SIGINT and SIGTERM stop it, where PHP has pcntl; the signal's number is returned. */
    public function run(): ?int
    {
        return Loop::run([$this]);
    }

    /** Calls handlers until it has stopped, or $timeout seconds have passed; whether it has. Throws STATE before start(). */
    public function wait(float $timeout = INF): bool
    {
        if (!$this->started) {
            Native::fail(ERR_STATE, 'it was not started');
        }
        $deadline = microtime(true) + $timeout;
        while (!$this->isOver()) {
            $left = $deadline - microtime(true);
            if ($left <= 0) {
                return false;
            }
            $this->poll(min($left, $this->patience()));
        }
        return true;
    }

    abstract public function stop(): void;

    /** Stops, calls the handlers for what is left, and frees. Inside of a handler it begins to, and the rest follows. */
    public function close(): void
    {
        if ($this->handle === null) {
            return;
        }
        if (getmypid() !== $this->pid) { // nothing of the parent's works in the child of a fork
            $this->handle = null;
            return;
        }
        if ($this->started) {
            try {
                $this->stop();
            } catch (Error) { // it does already
            }
            $this->closing = $this->inside;
            if ($this->inside) {
                return;
            }
            $this->wait();
        }
        if ($this->handle !== null) { // a handler may have done so
            $this->free();
        }
    }

    /** @internal Whether it is over, and everything was told. */
    public function isOver(): bool
    {
        if ($this->handle === null || $this->finished) {
            return true;
        }
        if ($this->native('wait', $this->handle, 0) !== OK) {
            return false;
        }
        $this->draining = true; // a wake that is left over is no end of the events
        while ($this->handle !== null && $this->poll() > 0) {
        }
        return $this->finished = true;
    }

    /** @internal How long to wait at most. */
    public function patience(): float
    {
        return $this->stopping ? 0.02 : self::SLICE_MS / 1000;
    }

    /** @internal At the end of the program, perhaps in the middle of a handler that has called exit(). */
    public function end(): void
    {
        if (getmypid() === $this->pid && $this->handle !== null) {
            $this->wake();
            $this->release();
        }
        $this->close();
    }

    protected function alive(): int
    {
        return $this->handle ?? Native::fail(ERR_STATE, "the $this->which is closed");
    }

    protected function native(string $name, mixed ...$given): int
    {
        return Native::ffi()->{"cryo_{$this->which}_$name"}(...$given);
    }

    /** One object for each session, from its first event to its closed event. */
    protected function sessionFor(int $handle, bool $retained = false): Session
    {
        if (!isset($this->known[$handle])) {
            return $this->known[$handle] = new Session($handle, $retained);
        }
        if ($retained) {
            Native::ffi()->cryo_session_release($handle);
        }
        return $this->known[$handle];
    }

    private function forget(Session $session): void
    {
        unset($this->known[$session->handle], $this->providers[$session->handle]);
    }

    /** One batch, if there is any. */
    private function take(int $timeoutMs, int &$handled): int
    {
        $status = Native::ffi()->cryo_queue_next_many(
            $this->queue, $timeoutMs, self::MOST_EVENTS - $handled, $this->batch, $this->batchLength
        );
        if ($status === OK) {
            $batch = \FFI::string($this->batch[0], $this->batchLength[0]);
            $handled += unpack('L', $batch, BATCH_COUNT)[1];
            $this->dispatch($batch);
        }
        return $status;
    }

    /** What the handlers have sent leaves. */
    private function release(): void
    {
        $this->inside = false;
        Native::ffi()->cryo_queue_release($this->queue, $this->batch[0]);
        $this->batch[0] = null;
    }

    private function free(): void
    {
        $this->closing = false;
        $this->finished = true;
        Running::remove($this);
        Native::ffi()->{"cryo_{$this->which}_free"}($this->handle);
        $this->handle = null;
        Native::ffi()->cryo_queue_free($this->queue);
        $this->stream = null;
    }
}
