<?php

declare(strict_types=1);

namespace Cryo;

/** Takes the events of a batch to handlers. */
trait Events
{
    /** @var array<string, callable> */
    private array $handlers = [];

    /**
     * Sets what is called for an event (null: nothing); returns the object. Events are listening, session, message, closed, stat,
     * disconnected, reconnected, attempt_failed, lost, dropped, writable, receipt and error.
     */
    public function on(string $event, ?callable $handler): static
    {
        if (!in_array($event, self::EVENTS, true)) {
            Native::invalid("there is no event $event");
        }
        $this->handlers[$event] = $handler;
        return $this;
    }

    /** Calls a handler: what it throws is reported. */
    private function tell(string $event, mixed ...$given): void
    {
        if (!isset($this->handlers[$event])) {
            return;
        }
        try {
            ($this->handlers[$event])(...$given);
        } catch (\Throwable $problem) {
            $this->report($problem, $event);
        }
    }

    private function report(\Throwable $problem, string $where): void
    {
        try {
            if (isset($this->handlers['error'])) {
                ($this->handlers['error'])($problem, $where);
                return;
            }
        } catch (\Throwable $worse) {
            [$problem, $where] = [$worse, 'error'];
        }
        file_put_contents('php://stderr', "cryo: $where: $problem\n");
    }

    /** A ticket's function: its result is for $answer; where it throws, $refuse(\Throwable) is called. */
    private function ask(Ticket $ticket, string $where, callable $refuse, callable $answer, callable $function, mixed ...$given): void
    {
        try {
            $result = $function(...$given);
            if ($ticket->isOpen()) {
                $answer($result);
            }
        } catch (\Throwable $problem) {
            if ($ticket->isOpen()) {
                $refuse($problem);
            }
            $this->report($problem, $where);
        }
    }

    private function dispatch(string $batch): void
    {
        ['count' => $count, 'first' => $at] = unpack('Lversion/Lcount/Qbytes/Lfirst', $batch);
        while ($count-- > 0) {
            $event = unpack('Qsize/lkind/lmessage_kind/Qsession/Qticket/Qlength/Ldata/Ltext/Ltext_length/lcode/lhttp_status/x4/Qreceipt/Qid/dvalue',
                $batch, $at);
            $data = $event['data'] === 0 ? '' : substr($batch, $at + $event['data'], $event['length']);
            $text = $event['text'] === 0 ? '' : substr($batch, $at + $event['text'], $event['text_length']);
            $session = $event['session'] === 0 ? null : $this->sessionFor($event['session']);
            $this->handle($event, $data, $text, $session);
            $at += $event['size'];
        }
    }

    private function handle(array $event, string $data, string $text, ?Session $session): void
    {
        [$kind, $code] = [$event['message_kind'], $event['code']];
        match ($event['kind']) {
            EVENT_MESSAGE => $this->tell('message', $session, $data, $kind, $event['id'] === 0 ? null : $event['id']),
            EVENT_AUTH => $this->askValidator(new Auth($event['ticket'], $data)),
            EVENT_SESSION => $this->announce('session', $session),
            EVENT_RECONNECTED => $this->announce('reconnected', $session),
            EVENT_CLOSED => $this->tellClosed($session, $code, $text),
            EVENT_RECEIPT => $this->tellReceipt($session, $event, $text),
            EVENT_HOOK => $this->askHook(new Hook($event['ticket'], $session, $data, $kind, $code), $text),
            EVENT_TOKEN => $this->askProvider(new TokenRequest($event['ticket'], $session)),
            EVENT_STAT => $this->tell('stat', $session, $code, $event['value']),
            EVENT_DROPPED => $this->tell('dropped', $session, $code, $data, $kind),
            EVENT_WRITABLE => $this->tell('writable', $session),
            EVENT_LOST => $this->tell('lost', $session, $data, $kind),
            EVENT_DISCONNECTED => $this->tell('disconnected', $session, $code, $text),
            EVENT_ATTEMPT_FAILED => $this->tell('attempt_failed', $session, $code, $event['http_status'], $text, (int) $event['value']),
            EVENT_LISTENING => $this->tell('listening', $text, $code),
            default => null, // of a newer library
        };
    }

    private function announce(string $event, Session $session): void
    {
        Accepted::takeFor($session);
        $this->tell($event, $session);
    }

    private function tellClosed(Session $session, int $code, string $reason): void
    {
        $this->forget($session);
        $this->tell('closed', $session, $code, $reason);
    }

    private function tellReceipt(Session $session, array $event, string $by): void
    {
        $rtt = $event['code'] === RECEIPT_ACKNOWLEDGED ? $event['value'] : null;
        $own = Receipts::take($event['receipt']);
        if ($own === null) {
            $this->tell('receipt', $session, $event['receipt'], $event['code'], $rtt, $by);
            return;
        }
        try {
            $own($event['code'], $rtt, $by);
        } catch (\Throwable $problem) {
            $this->report($problem, 'receipt');
        }
    }

    private function askValidator(Auth $auth): void
    {
        if ($this->validator === null) {
            $auth->reject();
            return;
        }
        $answer = static fn (mixed $answer): bool => match (true) {
            $answer === true => $auth->accept(),
            is_array($answer) => $auth->accept($answer),
            default => $auth->reject(),
        };
        $this->ask($auth, 'validator', static fn (): bool => $auth->reject(), $answer, $this->validator, $auth);
    }

    private function askHook(Hook $hook, string $name): void
    {
        $function = ($this->extensions[$name] ?? null)?->hookFor($hook->direction, $hook->kind);
        if ($function === null) {
            $hook->fail('there is no such hook any more');
            return;
        }
        $refuse = static fn (\Throwable $problem): bool => $hook->fail(str_replace("\0", '', $problem->getMessage()));
        $answer = static fn (mixed $answer): bool => match (true) {
            $answer === null || $answer === true => $hook->pass(),
            $answer === false => $hook->stop(),
            is_string($answer) => $hook->replace($answer),
            default => Native::invalid('a hook returns a bool, a string or null, not ' . get_debug_type($answer)),
        };
        $this->ask($hook, "a hook of $name", $refuse, $answer, $function, $hook->session, $hook->data, $hook);
    }

    private function askProvider(TokenRequest $request): void
    {
        $provider = $this->tokenProvider ?? $this->providers[$request->session->handle] ?? null;
        if ($provider === null) {
            $request->fail('there is no token provider');
            return;
        }
        $refuse = static fn (\Throwable $problem): bool => $request->fail(str_replace("\0", '', $problem->getMessage()));
        $this->ask($request, 'token_provider', $refuse, static fn (mixed $token): bool => $request->give($token), $provider, $request);
    }
}
