import { afterEach } from 'vitest';
import { endAll } from './after-test.ts';

// Vitest loads this file for each test file. Files that share a process share what they import, so a hook in a file that they
// import would be there for the first of them only.
afterEach(endAll);
