/** What everybody may do at the FHIR door, as data. Columns as in `who.ts`: abcd doctors, AB coordinators, administrator, network, patients pq, system, guest, nobody. */

/** Actions of a teleconsultation by who they are for; a new action that is not here fails the test. @see docs/adr/0003-process-engine.md */
export const actionsBy = {
  inviter: ['save-form', 'invite', 'uninvite', 'add-material', 'classify-material', 'replace-material', 'remove-material', 'send-materials', 'submit', 'withdraw', 'supply-information', 'evaluate'],
  invitee: ['acknowledge-materials', 'write-report', 'sign-report', 'publish-report', 'correct-report'],
  'invitee coordinator': ['request-information', 'accept', 'refuse'],
  'inviter invitee': ['plan-follow-up', 'complete-follow-up'],
  'inviter coordinator': ['invite-patient', 'close'],
  'inviter invitee coordinator': ['propose-time', 'agree-time', 'cancel', 'open-session', 'end-session', 'send-message'],
  'inviter invitee coordinator patient': ['join-session'],
  'patient inviter': ['record-consent'],
} as const;

/** On a case that is closed whoever has the right is told that it is too late, or that the input is wrong (`e`). */
export const actionRows: Readonly<Record<keyof typeof actionsBy, string>> = {
  //                                     abcdABanpqsgN
  'inviter':                            'e-00--00-0---',
  'invitee':                            '-e00--00-0---',
  'invitee coordinator':                '-e00ee00-0---',
  'inviter invitee':                    'ee00--00-0---',
  'inviter coordinator':                'e-00ee00-0---',
  'inviter invitee coordinator':        'ee00ee00-0---',
  'inviter invitee coordinator patient': 'ee00ee00e0---',
  'patient inviter':                    'e-00--00e0---',
};

/** The other operations, each asked about the closed case or as its name says. */
export const operationRows: Readonly<Record<string, string>> = {
  //                                     abcdABanpqsgN
  'Task/{id}/$actions':                 '++00++00+0+--',
  'Task/{id}/$case':                    '++00++00+0+--',
  'Task/$open-case':                    '+-00---------',
  'Measure/{id}/$evaluate-measure':     '++++++++--+--',
  'Subscription/{id}/$get-ws-binding-token': '00000000000--',
  // About an account of the university hospital, and about a house that is not there.
  '$accounts':                          '------++--+--',
  '$suspend-account':                   '-------+--+--',
  '$lift-account':                      '-------+--+--',
  '$suspend-institution':               '-------+--+--',
  '$lift-institution':                  '-------+--+--',
};

/** Interactions with types by their class, on a server that has nothing of the sort: search, create of a wrong resource, update and delete of none. */
export const typeRows: Readonly<Record<'directory' | 'ownTimes' | 'administrative' | 'personal' | 'audit' | 'clinical', Readonly<Record<'search' | 'history' | 'read' | 'create' | 'update' | 'delete', string>>>> = {
  //                           abcdABanpqsgN
  directory: {
    search:                   '+++++++++++--', history: '+++++++++++--', read: '00000000000--',
    create:                   '------ee--e--', update: '------ee--e--', delete: '------00--0--',
  },
  ownTimes: {
    search:                   '+++++++++++--', history: '+++++++++++--', read: '00000000000--',
    create:                   'eeeeeeee--e--', update: 'eeeeeeee--e--', delete: '00000000--0--',
  },
  administrative: {
    search:                   '+++++++++++--', history: '+++++++++++--', read: '00000000000--',
    create:                   'eeeeeee---e--', update: 'eeeeeee---e--', delete: '0000000---0--',
  },
  personal: {
    search:                   '+++++++++++--', history: '+++++++++++--', read: '00000000000--',
    create:                   'eeeeeeeeeee--', update: 'eeeeeeeeeee--', delete: '00000000000--',
  },
  audit: {
    search:                   '+++++++++++--', history: '+++++++++++--', read: '00000000000--',
    create:                   '----------e--', update: '----------e--', delete: '----------0--',
  },
  clinical: {
    search:                   '+++++++++++--', history: '+++++++++++--', read: '00000000000--',
    create:                   'eeee------e--', update: 'eeee------e--', delete: '0000------0--',
  },
};
