export { createProcessEngine, type ProcessEngine, type Preparation } from './engine.ts';
export { defineApplication, type ApplicationDefinition, type CaseSnapshot, type ReportTemplate } from './definition.ts';
export { processMigrations } from './migrations.ts';
export { processOperations } from './operations.ts';
export { option, question, questionnaire, type Words } from './form.ts';
export { answers, answerText, missingAnswers } from './questionnaire.ts';
export { offers } from './transition.ts';
export { regions, type RegionStates } from './vocabulary.ts';
