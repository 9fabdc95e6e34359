/**
 * What an inspector can ask about, and the inspections of each subject.
 */

import { adminInspections } from './admin-inspections.ts'
import { blockInspections } from './block-inspections.ts'
import { controlInspections } from './control-inspections.ts'
import { dataInspections } from './data-inspections.ts'
import { endInspections } from './end-inspections.ts'
import { groupInspections } from './group-inspections.ts'
import { groupLoadInspections } from './group-load-inspections.ts'
import { groupPairInspections } from './group-pair-inspections.ts'
import { sessionInspections } from './session-inspections.ts'
import { takeoverInspections } from './takeover-inspections.ts'
import type { Inspection } from './script.ts'
import { type InspectionSubject, inspectionSubjects } from './subject-names.ts'

const subjects: Readonly<Record<InspectionSubject, readonly Inspection[]>> = {
  data: dataInspections,
  control: [...controlInspections, ...blockInspections],
  admin: adminInspections,
  sessions: sessionInspections,
  groups: groupInspections,
  pairs: groupPairInspections,
  ends: endInspections,
  loads: groupLoadInspections,
  takeovers: takeoverInspections,
}

/** But for takeovers, which disturb the cluster and are asked for by name. */
export const allSubjects: readonly InspectionSubject[] = inspectionSubjects.filter(
  (subject) => subject !== 'takeovers',
)

export const inspections: readonly Inspection[] = inspectionsAbout(allSubjects)

export function inspectionsAbout(about: readonly InspectionSubject[]): readonly Inspection[] {
  return about.flatMap((subject) => subjects[subject])
}
