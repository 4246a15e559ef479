// PROGRAM JOB JSON: does one of a program's jobs, and prints the outcome as JSON.
'use strict';

const fs = require('node:fs');

module.exports = (jobs) => {
    const [job, options] = [process.argv[2], JSON.parse(process.argv[3])];
    if (options.certificate) options.ca = fs.readFileSync(options.certificate);
    jobs[job](options).then(
        (outcome) => console.log(JSON.stringify(outcome)),
        (e) => {
            console.error(e.stack);
            process.exitCode = 1;
        }).finally(() => process.exit());
};
