/** What can go wrong for a caller, as a closed set: code → HTTP status and title (RFC 9457 `type` is the code). */
const problems = {
  bad_request: { status: 400, title: 'Bad request' },
  bad_filter: { status: 400, title: 'Filter not understood' },
  unauthorized: { status: 401, title: 'Who is asking?' },
  forbidden: { status: 403, title: 'Not allowed' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'Not with this method' },
  conflict: { status: 409, title: 'Conflict' },
  changed_meanwhile: { status: 412, title: 'Changed by somebody else' },
  too_large: { status: 413, title: 'Too large' },
  unsupported_media_type: { status: 415, title: 'Media type not supported' },
  range_not_satisfiable: { status: 416, title: 'Range not satisfiable' },
  invalid_input: { status: 422, title: 'Input not valid' },
  version_missing: { status: 428, title: 'Which version?' },
  too_many: { status: 429, title: 'Too many requests' },
  not_ready: { status: 503, title: 'Not ready yet' },
  timed_out: { status: 503, title: 'Took too long' },
} as const;

export type ProblemCode = keyof typeof problems;

/** A failure the caller can understand and repair: thrown where it is found, turned into RFC 9457 once, in `problems.ts`. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly status: (typeof problems)[ProblemCode]['status'];
  /** Errors per input field, by its path: `{ 'bbox': 'needs four numbers' }`. */
  readonly fields: Readonly<Record<string, string>> | undefined;
  /** Further members of the answer (RFC 9457 §3.2), for a program to read. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(
    code: ProblemCode,
    detail: string,
    fields?: Readonly<Record<string, string>>,
    members: Readonly<Record<string, unknown>> = {},
  ) {
    super(detail);
    this.name = 'Problem';
    this.code = code;
    this.status = problems[code].status;
    this.fields = fields;
    this.members = members;
  }

  /** The body of the answer, media type `application/problem+json` (RFC 9457). */
  toJSON(): { type: string; title: string; status: number; detail: string; fields?: Readonly<Record<string, string>> } {
    return {
      ...this.members,
      type: `urn:pendopo:problem:${this.code}`,
      title: problems[this.code].title,
      status: this.status,
      detail: this.message,
      ...(this.fields && { fields: this.fields }),
    };
  }
}
