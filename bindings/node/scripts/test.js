// Tests the package as its users have it: packed with the library inside, installed, and run.
//
//     node scripts/test.js FOLDER LIBRARY tests                       what the package's own tests say
//     node scripts/test.js FOLDER LIBRARY conformance PYTHON CASES    the cases that hold in each language
//     node scripts/test.js FOLDER LIBRARY install                     nothing: FOLDER/installed has it, and bench/echo.js
//
// FOLDER, which is made, has all that comes about. Ends with 77 where koffi cannot be had.

import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const SKIPPED = 77;
const source = fileURLToPath(new URL("..", import.meta.url));
const [folder, library, what, python, cases] = process.argv.slice(2);
const about = JSON.parse(readFileSync(join(source, "package.json"), "utf8"));
const [packing, installed] = [join(folder, "package"), join(folder, "installed")];

function run(command, given, cwd, environment = {}) {
    return spawnSync(command, given, { cwd, encoding: "utf8", env: { ...process.env, ...environment } });
}

function must(result, task) {
    if (result.status === 0) return result.stdout;
    console.error(`${task} failed:\n${result.stdout}${result.stderr}${result.error ?? ""}`);
    process.exit(1);
}

function skip(why) {
    console.log(`skipped: ${why}`);
    process.exit(SKIPPED);
}

const npm = (given, cwd) => run("npm", [...given, "--no-audit", "--no-fund", "--loglevel=error"], cwd);

// koffi stays where it was installed once, so that only the first run needs the network.
function install() {
    mkdirSync(installed, { recursive: true });
    writeFileSync(join(installed, "package.json"), '{"private": true, "type": "module"}\n');
    const wanted = `koffi@${about.dependencies.koffi}`;
    const there = join(installed, "node_modules/koffi/package.json");
    if (!existsSync(there) || JSON.parse(readFileSync(there, "utf8")).version !== about.dependencies.koffi) {
        const result = npm(["install", "--prefer-offline", wanted], installed);
        if (result.status !== 0)
            skip(`${wanted} could not be installed: ${(result.stderr ?? String(result.error)).split("\n")[0]}`);
    }
    const target = join(installed, "node_modules", about.name);
    rmSync(target, { recursive: true, force: true });
    mkdirSync(target);
    must(run("tar", ["-xzf", pack(), "--strip-components=1", "-C", target], folder), "unpacking");
    cpSync(join(source, "README.md"), join(target, "README.md"));
    for (const each of ["test", "conformance", "bench"]) cpSync(join(source, each), join(installed, each), { recursive: true });
}

function pack() {
    rmSync(packing, { recursive: true, force: true });
    for (const each of ["package.json", "README.md", ...about.files]) {
        if (existsSync(join(source, each)) && each !== "native/")
            cpSync(join(source, each), join(packing, each), { recursive: true });
    }
    must(run(process.execPath, [join(source, "scripts/add_library.js"), library, packing], folder), "adding the library");
    const [{ filename }] = JSON.parse(must(npm(["pack", "--json"], packing), "npm pack"));
    return join(packing, filename);
}

if (Number(process.versions.node.split(".")[0]) < 18) skip(`Node.js ${process.versions.node} is older than 18`);
install();
if (what === "install") process.exit(0);
if (what === "conformance") {
    const driver = [process.execPath, join(installed, "conformance/driver.js")];
    process.exit(spawnSync(python, [cases, "--", ...driver], { stdio: "inherit" }).status ?? 1);
}
const files = readdirSync(join(installed, "test")).filter((name) => name.endsWith(".test.js"));
const given = ["--test", ...files.map((name) => join(installed, "test", name))];
process.exit(spawnSync(process.execPath, given, { cwd: installed, stdio: "inherit" }).status ?? 1);
