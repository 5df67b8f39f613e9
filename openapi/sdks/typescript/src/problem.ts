import type { Fault, Problem } from './generated/types.gen.js';
import { retryAfterMs } from './retry.js';

/** Characters shown of a refusal that is no problem of the service's own. */
const MAX_DETAIL_CHARS = 200;

/** A refusal: a problem as RFC 9457 has it. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  /**
   * Tells every case apart: one of `ProblemTypes`, one that a later version knows, or `about:blank` for a refusal that is not
   * the service's own.
   */
  readonly type: string;
  /** The case in words, the same for every occurrence. */
  readonly title: string;
  /** The HTTP status code. */
  readonly status: number;
  /** What happened this time. */
  readonly detail: string;
  /** All that is wrong with the request. */
  readonly errors: readonly Fault[];
  /** Names the request in the service's logs. */
  readonly requestId: string | undefined;
  /** The payment it is about, if it is about one. */
  readonly paymentId: string | undefined;
  /** Why the gateway declined a charge. */
  readonly declineCode: string | undefined;
  /** For how many seconds the service asks to be left alone. */
  readonly retryAfter: number | undefined;

  constructor(problem: Omit<Problem, 'type'> & { type: string }, retryAfter?: number) {
    super(textOf(problem));
    this.type = problem.type;
    this.title = problem.title;
    this.status = problem.status;
    this.detail = problem.detail;
    this.errors = problem.errors;
    this.requestId = problem.requestId;
    this.paymentId = problem.paymentId;
    this.declineCode = problem.declineCode;
    this.retryAfter = retryAfter;
  }

  /** What is wrong with this field, query parameter or header, for people. */
  errorsOf(field: string): string[] {
    return this.errors.filter((fault) => fault.field === field).map((fault) => fault.message);
  }

  /** A refusal from an answer that is no success, whatever its body is. */
  static async of(response: Response): Promise<ProblemError> {
    const text = await response.text().catch(() => '');
    const askedMs = retryAfterMs(response.headers);
    const retryAfter = askedMs === undefined ? undefined : askedMs / 1_000;
    if (response.headers.get('content-type')?.startsWith('application/problem+json')) {
      try {
        const problem = JSON.parse(text) as Problem;
        if (problem.type && problem.title && Array.isArray(problem.errors)) {
          return new ProblemError({ ...problem, status: response.status }, retryAfter);
        }
      } catch {
        // Not what it says it is.
      }
    }
    const title = response.statusText || 'Refused';
    const detail = text.trim().slice(0, MAX_DETAIL_CHARS) || title;
    return new ProblemError({ type: 'about:blank', title, status: response.status, detail, errors: [] }, retryAfter);
  }
}

/** All that a problem says, each thing once: the detail often has the faults already, or is the title again. */
function textOf({ status, title, detail, errors }: Omit<Problem, 'type'>): string {
  const faults = errors.filter(({ field }) => field).map(({ field, message }) => `${field} ${message}`);
  const texts = [...(detail === title ? [] : [detail]), ...faults.filter((fault) => !detail.includes(fault))];
  return `${status} ${title}${texts.length > 0 ? `: ${texts.join('; ')}` : ''}`;
}

/** There was no answer, from none of the base URLs. Whether anything happened is not known. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';

  constructor(cause: unknown) {
    super(`no answer: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
