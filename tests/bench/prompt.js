const { spawnSync } = require('child_process');
const r = spawnSync('perl', [`${__dirname}/keystroke.pl`, '1', process.execPath, '-i'], { encoding: 'utf8' });
process.stdout.write(r.stdout);
process.stderr.write(r.stderr);
process.exitCode = r.status;
