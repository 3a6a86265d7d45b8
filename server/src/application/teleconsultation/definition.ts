import { applicationActions, closingActions, materialActions, messageActions, reportActions, responseActions, sessionActions, timeActions } from '../process/blocks/index.ts';
import { defineApplication, missingAnswers, type ReportTemplate } from '../process/index.ts';
import { readTeleconsultationForm, teleconsultationEvaluation, teleconsultationForm } from './form.ts';

const report: ReportTemplate = {
  code: 'teleconsultation-report', version: '1',
  sections: [
    { code: 'findings', required: true, audience: 'clinician' },
    { code: 'opinion', required: true, audience: 'clinician' },
    { code: 'recommendations', required: true, audience: 'clinician' },
    { code: 'plain-language', required: true, audience: 'patient' },
  ],
};
const scheduling = { defaultMinutes: 30, remindersMinutesBefore: [24 * 60, 60, 10], joinMinutesBefore: 30 };

/** Teleconsultation, clause 8.1.2. */
export const teleconsultation = defineApplication({
  code: 'teleconsultation', version: '1', clause: '8.1.2', numberPrefix: 'TC',
  form: teleconsultationForm, evaluation: teleconsultationEvaluation, report, scheduling,
  initial: { request: 'draft', time: 'none', session: 'none', report: 'none', evaluation: 'none', 'follow-up': 'none' },
  session: { audiovisual: true, whiteboard: true, patientMayJoin: true },
  limits: { invitees: 10, materials: 500 },
  readForm: readTeleconsultationForm,
  actions: [
    ...applicationActions({ code: 'form-incomplete', met: (c) => missingAnswers(teleconsultationForm, c.form).length === 0 }),
    ...materialActions,
    ...responseActions,
    ...timeActions,
    ...sessionActions(scheduling.joinMinutesBefore),
    ...reportActions(report),
    ...closingActions,
    ...messageActions,
  ],
});
