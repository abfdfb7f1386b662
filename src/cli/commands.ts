import { applyCommand } from './apply.ts';
import { auditCommand } from './audit.ts';
import type { CommandSpec } from './command-spec.ts';
import { compareCommand } from './compare.ts';
import { demoCommand } from './demo.ts';
import { doctorCommand } from './doctor.ts';
import { explainCommand } from './explain.ts';
import { planCommand } from './plan.ts';
import { runCommand } from './run.ts';
import { schemaCommand } from './schema.ts';
import { simulateCommand } from './simulate.ts';
import { snapshotCommand } from './snapshot.ts';
import { validateCommand } from './validate.ts';
import { whoCommand } from './who.ts';

/** Every command of this version, in the order of the help. */
export const COMMANDS: readonly CommandSpec[] = [
  demoCommand,
  validateCommand,
  planCommand,
  applyCommand,
  runCommand,
  explainCommand,
  whoCommand,
  compareCommand,
  snapshotCommand,
  auditCommand,
  doctorCommand,
  simulateCommand,
  schemaCommand,
];
