/**
 * truth: what must hold inside the system whatever clients see, property by property.
 *
 * The judging is done while the run goes on, by `scenarios/truth`; breaches with an excuse (an
 * unclean election, a lost disk) never get here.
 */

import type { TruthBreach } from '../result.ts'
import type { Check } from './check.ts'
import { type Finding, kept, Tally, vacuous } from './finding.ts'
import type { Judgement } from './judgement.ts'
import { counted, seconds } from './words.ts'

const statements: Readonly<Record<TruthBreach['property'], string>> = {
  TypeOk: 'Offsets, epochs and high watermarks of every replica were well formed',
  LeaderInIsr: 'Every leader was a member of its durable ISR',
  WeakIsr: 'Every member of a leader’s own ISR held what that leader had committed',
  StrongIsr: 'Every member of the durable ISR held what was committed',
  MinIsr: 'What was acknowledged with acks=all stood on min.insync.replicas replicas',
  LogMatching: 'Replicas agreed below their high watermarks',
  LeaderCompleteness: 'Every leader held what was committed before it',
  OneLeaderPerEpoch: 'No leader epoch had two leaders',
  EnsembleVotes: 'ZooKeeper’s servers voted for no older history, and a quorum elected whoever led',
  EnsembleEpochs: 'No epoch of the ensemble had two leaders, and no server took back its promise',
  EnsembleAgreement:
    'ZooKeeper’s servers applied one history, and whoever led had a quorum and what was committed',
}

export const truth: Check = {
  name: 'truth',
  statement:
    'The replicas keep to TypeOk, LeaderInIsr, WeakIsr, StrongIsr, MinIsr, LogMatching, ' +
    'LeaderCompleteness and OneLeaderPerEpoch, the ensemble to EnsembleVotes, ' +
    'EnsembleEpochs and EnsembleAgreement.',
  promise: 'By Kafka 3.9 with every guard on; what an unclean election or a disk took is excused.',
  scopes: () => Object.keys(statements),
  judge: judgeProperty,
}

function judgeProperty(judgement: Judgement, property: string): Finding {
  const statement = statements[property as TruthBreach['property']]
  const breaches = new Tally()
  for (const breach of judgement.result.truth) {
    if (breach.property !== property) continue
    breaches.add(property, 1, null, () => ({
      sentence: `${breach.sentence.replace(/\.$/, '')}, at ${seconds(breach.atUs)}`,
      atUs: breach.atUs,
      partition: breach.partition < 0 ? null : judgement.partitionText(breach.partition),
      offset: null,
      records: [],
    }))
  }
  if (breaches.count > 0) {
    return breaches.broken(`${property} broke ${counted(breaches.count, 'time')}`)
  }
  if (judgement.result.leaders.length === 0) return vacuous(true, `Nobody told truth anything`)
  return kept(true, statement)
}
