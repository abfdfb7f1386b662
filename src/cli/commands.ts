import { applyCommand } from './commands/apply/spec.ts';
import { auditCommand } from './commands/audit/spec.ts';
import { compareCommand } from './commands/compare/spec.ts';
import { demoCommand } from './commands/demo/spec.ts';
import { doctorCommand } from './commands/doctor/spec.ts';
import { explainCommand } from './commands/explain/spec.ts';
import { importCommand } from './commands/import/spec.ts';
import { planCommand } from './commands/plan/spec.ts';
import { reviewCommand } from './commands/review/spec.ts';
import { runCommand } from './commands/run/spec.ts';
import { schemaCommand } from './commands/schema.ts';
import { simulateCommand } from './commands/simulate.ts';
import { snapshotCommand } from './commands/snapshot/spec.ts';
import { validateCommand } from './commands/validate/spec.ts';
import { whoCommand } from './commands/who/spec.ts';
import type { CommandSpec } from './line/command.ts';

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
  reviewCommand,
  importCommand,
  snapshotCommand,
  auditCommand,
  doctorCommand,
  simulateCommand,
  schemaCommand,
];
