/**
 * What an inspector can be told to ask about: the one list for scenario files and the inspector.
 *
 * Apart from `subjects.ts`, because whoever reads scenario files needs no inspections.
 */

export const inspectionSubjects = [
  'data',
  'control',
  'admin',
  'sessions',
  'groups',
  'pairs',
  'ends',
  'loads',
  'takeovers',
] as const

export type InspectionSubject = (typeof inspectionSubjects)[number]
