// The package as it is installed, with the library inside; and the other places where the library may be.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import test from "node:test";

const place = dirname(createRequire(import.meta.url).resolve("libcryo"));
const inside = join(place, "native", `${process.platform}-${process.arch}`);
const build = execFileSync(process.env.CRYO_PROGRAM, ["--version"], { encoding: "utf8" }).trim().split("\n")[1];
const { CRYO_LIBRARY: _, ...environment } = process.env;

// Which build answers, and the files of it that the process has.
const CODE = `
    import { readFileSync } from "node:fs";
    import { buildInfo } from "libcryo";
    console.log(buildInfo);
    for (const line of readFileSync("/proc/self/maps", "utf8").split("\\n")) {
        const path = line.split(/\\s+/)[5] ?? "";
        if (/libcryo[^/]*\\.so/.test(path)) console.log(path);
    }`;

function load(settings) {
    const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", CODE], {
        env: { ...environment, ...settings },
        encoding: "utf8",
    });
    const [info, ...paths] = stdout.trim().split("\n");
    return { info, paths: [...new Set(paths)].sort(), stderr };
}

// A folder with some of the library's files.
function folderWith(t, ...names) {
    const folder = mkdtempSync(join(tmpdir(), "cryo-node-"));
    t.after(() => rmSync(folder, { recursive: true }));
    for (const name of names) copyFileSync(join(inside, name), join(folder, name));
    return folder;
}

test("the library inside is used, and no other", () => {
    const { info, paths } = load({});
    assert.equal(info, build);
    assert.deepEqual(
        paths,
        readdirSync(inside)
            .sort()
            .map((name) => join(inside, name)),
    );
});

test("the file that CRYO_LIBRARY names, with libcryo-deep beside it or without", (t) => {
    const both = folderWith(t, "libcryo.so.1", "libcryo-deep.so.1");
    for (const name of ["libcryo.so.1", "libcryo-deep.so.1"]) {
        const { info, paths } = load({ CRYO_LIBRARY: join(both, name) });
        assert.equal(info, build);
        assert.deepEqual(paths, [join(both, "libcryo-deep.so.1"), join(both, "libcryo.so.1")]);
    }
    const alone = join(folderWith(t, "libcryo.so.1"), "libcryo.so.1");
    const { info, paths } = load({ CRYO_LIBRARY: alone });
    assert.equal(info, build);
    assert.deepEqual(paths, [alone]);
});

test("libcryo-deep without libcryo says so", (t) => {
    const deep = join(folderWith(t, "libcryo-deep.so.1"), "libcryo-deep.so.1");
    assert.match(load({ CRYO_LIBRARY: deep }).stderr, /libcryo could not be loaded: libcryo\.so\.1: cannot open/);
});
