/**
 * The two models that peers are compared on, and what a peer gives back.
 *
 * M/M/1: exponential arrivals of mean 1000, exponential service of mean 800, one server, first come
 * first served. Ping-pong: 100 nodes in pairs; each message is answered after 10 plus an
 * exponential of mean 1000.
 */

export const ARRIVAL_MEAN = 1000
export const SERVICE_MEAN = 800
export const NODES = 100

/** Seconds of processor time. */
export type Measured = Promise<number>
