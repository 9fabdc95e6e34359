/** Versions of the requests that a consumer of 3.9 sends. */
export const ApiVersion = {
  fetch: 17,
  listOffsets: 9,
  offsetForLeaderEpoch: 4,
  findCoordinator: 6,
  joinGroup: 9,
  syncGroup: 5,
  heartbeat: 4,
  leaveGroup: 5,
  offsetCommit: 9,
  offsetFetch: 9,
} as const
