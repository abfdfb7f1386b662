import { type Command, runnable } from './line/command.ts';

/**
 * Every command of this version by its name, in the order of the help. A start loads the one that it is called for, and what the
 * command does only when it runs.
 */
export const COMMAND_LOADERS: ReadonlyMap<string, () => Promise<Command>> = new Map([
  [
    'demo',
    async () => {
      const { demoCommand } = await import('./commands/demo/spec.ts');
      return runnable(demoCommand, async () => (await import('./commands/demo/run.ts')).runDemo);
    },
  ],
  [
    'validate',
    async () => {
      const { validateCommand } = await import('./commands/validate/spec.ts');
      return runnable(validateCommand, async () => (await import('./commands/validate/run.ts')).runValidate);
    },
  ],
  [
    'plan',
    async () => {
      const { planCommand } = await import('./commands/plan/spec.ts');
      return runnable(planCommand, async () => (await import('./commands/plan/run.ts')).runPlan);
    },
  ],
  [
    'apply',
    async () => {
      const { applyCommand } = await import('./commands/apply/spec.ts');
      return runnable(applyCommand, async () => (await import('./commands/apply/run.ts')).runApply);
    },
  ],
  [
    'run',
    async () => {
      const { runCommand } = await import('./commands/run/spec.ts');
      return runnable(runCommand, async () => (await import('./commands/run/run.ts')).runDaemon);
    },
  ],
  [
    'explain',
    async () => {
      const { explainCommand } = await import('./commands/explain/spec.ts');
      return runnable(explainCommand, async () => (await import('./commands/explain/run.ts')).runExplain);
    },
  ],
  [
    'who',
    async () => {
      const { whoCommand } = await import('./commands/who/spec.ts');
      return runnable(whoCommand, async () => (await import('./commands/who/run.ts')).runWho);
    },
  ],
  [
    'compare',
    async () => {
      const { compareCommand } = await import('./commands/compare/spec.ts');
      return runnable(compareCommand, async () => (await import('./commands/compare/run.ts')).runCompare);
    },
  ],
  [
    'review',
    async () => {
      const { reviewCommand } = await import('./commands/review/spec.ts');
      return runnable(reviewCommand, async () => (await import('./commands/review/run.ts')).runReview);
    },
  ],
  [
    'import',
    async () => {
      const { importCommand } = await import('./commands/import/spec.ts');
      return runnable(importCommand, async () => (await import('./commands/import/run.ts')).runImport);
    },
  ],
  [
    'offboard',
    async () => {
      const { offboardCommand } = await import('./commands/offboard/spec.ts');
      return runnable(offboardCommand, async () => (await import('./commands/offboard/run.ts')).runOffboard);
    },
  ],
  [
    'snapshot',
    async () => {
      const { snapshotCommand } = await import('./commands/snapshot/spec.ts');
      return runnable(snapshotCommand, async () => (await import('./commands/snapshot/run.ts')).runSnapshot);
    },
  ],
  [
    'audit',
    async () => {
      const { auditCommand } = await import('./commands/audit/spec.ts');
      return runnable(auditCommand, async () => (await import('./commands/audit/run.ts')).runAudit);
    },
  ],
  [
    'doctor',
    async () => {
      const { doctorCommand } = await import('./commands/doctor/spec.ts');
      return runnable(doctorCommand, async () => (await import('./commands/doctor/run.ts')).runDoctor);
    },
  ],
  [
    'simulate',
    async () => {
      const { simulateCommand } = await import('./commands/simulate/spec.ts');
      return runnable(simulateCommand, async () => (await import('./commands/simulate/run.ts')).runSimulate);
    },
  ],
  [
    'schema',
    async () => {
      const { schemaCommand } = await import('./commands/schema/spec.ts');
      return runnable(schemaCommand, async () => (await import('./commands/schema/run.ts')).runSchema);
    },
  ],
]);
