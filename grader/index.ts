/** The grader's front door: what the server and the command line use. */
export type { Answers, Variables, VariableValue } from './check.ts';
export { loadLab, loadLabs } from './lab/load.ts';
export type { Criterion, Lab, Question, Task } from './lab/schema.ts';
export { drawVariables, fillLab } from './lab/variables.ts';
export { loadScene, setUpLab } from './lab/scene.ts';
export type { Baseline } from './baseline-shape.ts';
export { baselineSchema } from './baseline-shape.ts';
export { takeBaseline } from './baseline.ts';
export type { GradeOptions } from './grade.ts';
export { gradeLab } from './grade.ts';
export type { CriterionState, LiveEvaluation, WatchOptions } from './live.ts';
export { watchLab } from './live.ts';
export type { CriterionResult, GradeReport, TaskResult, Verdict } from './report.ts';
export { gradeReportSchema } from './report.ts';
export type { LabProof, ProofRow, ProveOptions, ScriptRun } from './lab/prove.ts';
export { proveLab } from './lab/prove.ts';
export type { Turns } from './lab/turns.ts';
export { takeTurns } from './lab/turns.ts';
