/**
 * The header fields that the model needs of a request and of a response.
 */

export interface Request {
  readonly correlationId: number
  readonly clientId: string
  readonly apiVersion: number
}

export interface Response {
  readonly correlationId: number
}
