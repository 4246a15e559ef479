<?php

// For programs without Composer: require this file.

declare(strict_types=1);

require_once __DIR__ . '/constants.php';

spl_autoload_register(static function (string $class): void {
    if (str_starts_with($class, 'Cryo\\')) {
        $path = __DIR__ . '/' . substr($class, 5) . '.php';
        if (is_file($path)) {
            require $path;
        }
    }
});
