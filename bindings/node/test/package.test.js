// The package as it is installed: with the library inside.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import test from "node:test";

const place = dirname(createRequire(import.meta.url).resolve("libcryo"));

test("without CRYO_LIBRARY the library inside is used, and no other", () => {
    const { CRYO_LIBRARY: _, ...environment } = process.env;
    const code = `
        import { readFileSync } from "node:fs";
        import { buildInfo } from "libcryo";
        console.log(buildInfo);
        for (const line of readFileSync("/proc/self/maps", "utf8").split("\\n")) {
            const path = line.split(/\\s+/)[5] ?? "";
            if (/libcryo[^/]*\\.so/.test(path)) console.log(path);
        }`;
    const said = execFileSync(process.execPath, ["--input-type=module", "-e", code], { env: environment, encoding: "utf8" });
    const [info, ...paths] = said.trim().split("\n");
    assert.equal(info, execFileSync(process.env.CRYO_PROGRAM, ["--version"], { encoding: "utf8" }).trim().split("\n")[1]);
    const inside = readdirSync(join(place, "native", `${process.platform}-${process.arch}`)).map((name) =>
        join(place, "native", `${process.platform}-${process.arch}`, name),
    );
    assert.deepEqual([...new Set(paths)].sort(), inside.sort());
});
