<?php

declare(strict_types=1);

namespace Cryo;

/** The extensions of a server or a client. */
trait Extensible
{
    /** @var array<string, Extension> */
    private array $extensions = [];

    /** Adds an extension behind those that are there. Throws EXISTS. */
    public function addExtension(Extension $extension): void
    {
        $handle = $this->alive();
        $extension->withHandle($this->queue, fn (int $made): int => Native::check($this->native('add_extension', $handle, $made)));
        $this->extensions[$extension->name] = $extension;
        $extension->tell('on_register');
    }

    /** Takes it out: messages pass by; tickets that are out still count. Throws NOT_FOUND. */
    public function removeExtension(string $name): void
    {
        Native::check($this->native('remove_extension', $this->alive(), Native::textIn($name, 'a name')));
        $extension = $this->extensions[$name] ?? null;
        unset($this->extensions[$name]);
        $extension?->tell('on_unregister');
    }

    public function findExtension(string $name): ?Extension
    {
        $out = Native::ffi()->new('uintptr_t[1]');
        $status = $this->native('find_extension', $this->alive(), Native::textIn($name, 'a name'), $out);
        if ($status === ERR_NOT_FOUND) {
            return null;
        }
        Native::check($status);
        Native::ffi()->cryo_extension_free($out[0]);
        return $this->extensions[$name] ?? null;
    }
}
