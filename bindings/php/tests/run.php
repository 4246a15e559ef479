<?php

// php tests/run.php [NAME…]: all tests, or those in test_NAME.php.

declare(strict_types=1);

require __DIR__ . '/../src/autoload.php';
require __DIR__ . '/support.php';

foreach (array_slice($argv, 1) ?: ['server', 'validator', 'client', 'extensions', 'tls', 'processes', 'readme'] as $name) {
    require __DIR__ . "/test_$name.php";
}
Tests::run();
