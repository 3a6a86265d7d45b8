import type { CarePlan, QuestionnaireResponse, Task } from '@medplum/fhirtypes';
import { conflict, unprocessable } from '../../../kernel/index.ts';
import type { ActionDefinition, Need } from '../definition.ts';
import { checkAnswers, missingAnswers } from '../questionnaire.ts';
import { concept, ref, systems } from '../vocabulary.ts';
import { inviterRef } from './request.ts';
import { meeting } from './time.ts';

const followUpOpen: Need = { code: 'no-follow-up-planned', met: (c) => c.followUps.some((t) => t.status === 'requested') };

/** Evaluating, following up and closing a case. */
export const closingActions: readonly ActionDefinition[] = [
  {
    code: 'evaluate', by: ['inviter'], when: { report: ['published'], evaluation: ['none'] }, primary: { by: ['inviter'] },
    input: [{ name: 'evaluation', type: 'Resource', min: 1, max: '1' }],
    perform: ({ case: c, definition, input, env, actor }) => {
      const given = input.resource<QuestionnaireResponse>('evaluation')!;
      const questionnaire = definition.evaluation;
      if (!questionnaire || given.resourceType !== 'QuestionnaireResponse') throw unprocessable('wrong-input', 'Parameter evaluation must be a QuestionnaireResponse.', { details: { at: "Parameters.parameter.where(name='evaluation')" } });
      checkAnswers(questionnaire, given);
      const missing = missingAnswers(questionnaire, given);
      if (missing.length > 0) throw unprocessable('answer-missing', `Question ${missing[0]} must be answered.`, { details: { at: `QuestionnaireResponse.item.where(linkId='${missing[0]}')`, missing } });
      const evaluation: QuestionnaireResponse & { id: string } = {
        resourceType: 'QuestionnaireResponse', id: env.newId(), status: 'completed', questionnaire: `${questionnaire.url}|${questionnaire.version}`,
        basedOn: [ref('ServiceRequest', c.request.id!)], subject: ref('Patient', c.patient.id), authored: env.now.toISOString(),
        ...(actor.profile ? { author: { reference: actor.profile } as never } : {}), item: given.item ?? [],
      };
      return {
        states: { evaluation: 'given' }, create: [evaluation],
        links: [{ side: 'output', code: 'evaluation', reference: `QuestionnaireResponse/${evaluation.id}` }],
        notices: [{ code: 'evaluate', to: [c.task.owner?.reference ?? ''].filter(Boolean) }],
      };
    },
  },
  {
    code: 'plan-follow-up', by: ['inviter', 'invitee'], when: { request: ['accepted', 'closed'], report: ['published'] },
    input: [{ name: 'task', type: 'part', min: 1, max: '*', maxLength: 1_000 }],
    perform: ({ case: c, input, env }) => {
      const asked = input.parts('task');
      if (asked.length > 20 || c.followUps.length + asked.length > 100) throw conflict('too-many-follow-ups', 'A plan has at most 20 new tasks, a case 100.');
      const plan: CarePlan & { id: string } = {
        ...c.carePlan, resourceType: 'CarePlan', id: c.carePlan?.id ?? env.newId(), status: 'active', intent: 'plan',
        subject: ref('Patient', c.patient.id), created: c.carePlan?.created ?? env.now.toISOString(), title: `${c.task.groupIdentifier?.value ?? ''}`,
        supportingInfo: [ref('Task', c.id)],
      };
      const tasks = asked.map((a): Task & { id: string } => {
        const due = a['due'] ?? '';
        if (!/^\d{4}-\d\d-\d\d$/.test(due) || Number.isNaN(Date.parse(due))) throw unprocessable('wrong-input', 'Each follow-up needs a due date, YYYY-MM-DD.', { details: { at: "Parameters.parameter.where(name='task').part.where(name='due')" } });
        if (!a['description']?.trim()) throw unprocessable('wrong-input', 'Each follow-up needs a description.', { details: { at: "Parameters.parameter.where(name='task').part.where(name='description')" } });
        return {
          resourceType: 'Task', id: env.newId(), status: 'requested', intent: 'plan', code: concept(systems.task, 'follow-up'), description: a['description'],
          basedOn: [ref('CarePlan', plan.id)], partOf: [ref('Task', c.id)], for: ref('Patient', c.patient.id), owner: { reference: inviterRef(c) } as never,
          authoredOn: env.now.toISOString(), restriction: { period: { end: due } },
        };
      });
      return {
        states: { 'follow-up': 'planned' },
        create: c.carePlan ? tasks : [plan, ...tasks], update: c.carePlan ? [plan] : [],
        links: [{ side: 'output', code: 'care-plan', reference: `CarePlan/${plan.id}` }],
        jobs: tasks.map((t) => ({ name: 'follow-up-reminder', key: t.id, at: new Date(Math.max(Date.parse(t.restriction!.period!.end!) + 8 * 3_600_000, env.now.getTime())), data: { caseId: c.id, task: t.id } })),
        notices: [{ code: 'plan-follow-up', to: [...meeting(c), `Patient/${c.patient.id}`] }],
      };
    },
  },
  {
    code: 'complete-follow-up', by: ['inviter', 'invitee'], when: { 'follow-up': ['planned'] }, needs: [followUpOpen],
    input: [{ name: 'task', type: 'Reference', min: 1, max: '1' }, { name: 'result', type: 'string', min: 1, max: '1', maxLength: 4_000 }],
    perform: ({ case: c, input, env }) => {
      const task = c.followUps.find((t) => `Task/${t.id}` === input.reference('task') && t.status === 'requested');
      if (!task) throw conflict('follow-up-done', 'This follow-up is done already.');
      const last = c.followUps.filter((t) => t.status === 'requested').length === 1;
      return {
        ...(last ? { states: { 'follow-up': 'done' } } : {}),
        update: [{ ...task, status: 'completed', lastModified: env.now.toISOString(), note: [{ text: input.string('result')!, time: env.now.toISOString() }] }, ...(last && c.carePlan ? [{ ...c.carePlan, status: 'completed' as const }] : [])],
        cancelJobs: [{ name: 'follow-up-reminder', key: task.id! }],
        reason: input.string('result')!,
      };
    },
  },
  {
    code: 'close', by: ['inviter', 'coordinator'], when: { request: ['accepted'], report: ['published'] },
    primary: { by: ['inviter'], when: { evaluation: ['given'] } },
    perform: ({ case: c }) => ({
      states: { request: 'closed' },
      notices: [{ code: 'close', to: meeting(c) }],
    }),
  },
];
