#!/usr/bin/env node
import { setMaxListeners } from 'node:events';
import { cli } from './cli/cli.ts';
import { nodeIo } from './cli/process/node-io.ts';

// Every account and every running request listens to the signals that end them, so more than ten listeners are no leak.
setMaxListeners(0);
process.exitCode = await cli(process.argv.slice(2), nodeIo());
