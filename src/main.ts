#!/usr/bin/env node
import { cli } from './cli/cli.ts';
import { nodeIo } from './cli/node-io.ts';

process.exitCode = await cli(process.argv.slice(2), nodeIo());
