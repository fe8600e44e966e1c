<?php
// Reads the requests with PHP's own parser. The built-in server (php -S) runs this file for each request and returns what the parser read;
// run with a folder, this file sends the requests.
// PHP changes names (a.b becomes a_b, brackets create arrays), so contents are compared, not names.
if (PHP_SAPI === 'cli-server') {
    $contents = [];
    array_walk_recursive($_POST, function ($value) use (&$contents) { $contents[] = sha1($value); });
    $flat = function ($error, $path, $type) use (&$flat, &$contents) {
        is_array($path) ? array_map($flat, $error, $path, $type) : $contents[] = "$error $type " . sha1_file($path);
    };
    foreach ($_FILES as $file) {
        $flat($file['error'], $file['tmp_name'], $file['type']);
    }
    sort($contents);
    echo json_encode($contents);
    return;
}

$port = 8471;
$options = '-d display_errors=stderr -d max_input_vars=100000 -d max_file_uploads=1000 -d upload_max_filesize=100M -d post_max_size=200M';
$server = proc_open("exec php $options -S 127.0.0.1:$port " . escapeshellarg(__FILE__), [1 => ['file', '/dev/null', 'w'], 2 => ['file', '/dev/null', 'w']], $pipes);
register_shutdown_function(fn () => proc_terminate($server));
for ($i = 0; $i < 100 && !@fsockopen('127.0.0.1', $port); $i++) {
    usleep(50000);
}

$read = $skipped = 0;
foreach (glob($argv[1] . '/*.request') as $path) {
    $want = [];
    $names = [];
    foreach (json_decode(file_get_contents(substr($path, 0, -7) . 'json'), true) as $part) {
        $content = base64_decode($part['Content']);
        $want[] = $part['FileName'] === null ? sha1($content) : "0 {$part['ContentType']} " . sha1($content);
        $names[] = $part['Name'];
    }
    // Only if PHP keeps every name distinct: fields with equal names overwrite each other.
    if (preg_grep('/^[a-z_]+$/D', $names, PREG_GREP_INVERT) || count(array_unique($names)) !== count($names)) {
        $skipped++;
        continue;
    }
    $socket = fsockopen('127.0.0.1', $port);
    fwrite($socket, file_get_contents($path));
    $answer = explode("\r\n\r\n", stream_get_contents($socket), 2)[1] ?? '';
    sort($want);
    if (json_decode($answer, true) !== $want) {
        echo basename($path), ": PHP read $answer\n";
        exit(1);
    }
    $read++;
}
echo "PHP: $read requests read back equal, $skipped with names that PHP alters left out\n";
exit($read === 0 ? 1 : 0);
