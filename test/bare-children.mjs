// Preloaded into every test process. The test runner loads its own modules, made for coverage, into each Node that a test
// starts, and theirs in turn: half a second each time, and not what a person runs. Here they start bare.
import onSpawn from 'process-on-spawn';

onSpawn.removeAllListeners();
delete process.env.NODE_OPTIONS;
