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
import { schemaCommand } from './commands/schema/spec.ts';
import { simulateCommand } from './commands/simulate/spec.ts';
import { snapshotCommand } from './commands/snapshot/spec.ts';
import { validateCommand } from './commands/validate/spec.ts';
import { whoCommand } from './commands/who/spec.ts';
import { type Command, runnable } from './line/command.ts';

/** Every command of this version, in the order of the help. What a command does is loaded only when it is called. */
export const COMMANDS: readonly Command[] = [
  runnable(demoCommand, async () => (await import('./commands/demo/run.ts')).runDemo),
  runnable(validateCommand, async () => (await import('./commands/validate/run.ts')).runValidate),
  runnable(planCommand, async () => (await import('./commands/plan/run.ts')).runPlan),
  runnable(applyCommand, async () => (await import('./commands/apply/run.ts')).runApply),
  runnable(runCommand, async () => (await import('./commands/run/run.ts')).runDaemon),
  runnable(explainCommand, async () => (await import('./commands/explain/run.ts')).runExplain),
  runnable(whoCommand, async () => (await import('./commands/who/run.ts')).runWho),
  runnable(compareCommand, async () => (await import('./commands/compare/run.ts')).runCompare),
  runnable(reviewCommand, async () => (await import('./commands/review/run.ts')).runReview),
  runnable(importCommand, async () => (await import('./commands/import/run.ts')).runImport),
  runnable(snapshotCommand, async () => (await import('./commands/snapshot/run.ts')).runSnapshot),
  runnable(auditCommand, async () => (await import('./commands/audit/run.ts')).runAudit),
  runnable(doctorCommand, async () => (await import('./commands/doctor/run.ts')).runDoctor),
  runnable(simulateCommand, async () => (await import('./commands/simulate/run.ts')).runSimulate),
  runnable(schemaCommand, async () => (await import('./commands/schema/run.ts')).runSchema),
];
