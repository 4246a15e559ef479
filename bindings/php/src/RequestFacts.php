<?php

declare(strict_types=1);

namespace Cryo;

/** What a session and a ticket tell of the upgrade request. */
trait RequestFacts
{
    /** "192.0.2.7:54321" */
    public function remoteAddress(): string
    {
        return (string) $this->fact('remote_address');
    }

    /** Of the proxy that has told the client's; "" where it has come by itself. */
    public function proxyAddress(): string
    {
        return (string) $this->fact('proxy_address');
    }

    public function path(): string
    {
        return (string) $this->fact('path');
    }

    /** A query parameter, decoded, or null. */
    public function parameter(string $name): ?string
    {
        return $this->fact('parameter', Native::textIn($name, 'a name'));
    }

    /** A header of the request, or null; of a session, what the option session_header has kept. */
    public function header(string $name): ?string
    {
        return $this->fact('header', Native::textIn($name, 'a name'));
    }

    /**
     * The certificate that the client has shown, or null.
     *
     * @return ?array{subject: string, names: list<string>, fingerprint: string}
     */
    public function peerCertificate(): ?array
    {
        $subject = $this->fact('peer_certificate_subject');
        if ($subject === null) {
            return null;
        }
        $names = [];
        while (($name = $this->fact('peer_certificate_name', count($names))) !== null) {
            $names[] = $name;
        }
        return ['subject' => $subject, 'names' => $names, 'fingerprint' => (string) $this->fact('peer_certificate_fingerprint')];
    }

    private function fact(string $what, mixed ...$given): ?string
    {
        $function = self::PREFIX . $what;
        return Native::textFrom(fn (mixed ...$out): int => Native::ffi()->$function($this->handle, ...$given, ...$out));
    }
}
