import type { MiddlewareHandler } from 'hono';
import { type DescribeRouteOptions, describeRoute } from 'hono-openapi';
import { z } from 'zod';

interface More {
  /** What a body must be. */
  readonly body?: z.ZodType;
  /** What may follow the `?`, by name: texts, and what each means. */
  readonly query?: Readonly<Record<string, string>>;
  /** 200 unless said otherwise. */
  readonly status?: 201 | 204;
  /** Media type of the answer, JSON unless said otherwise. */
  readonly type?: string;
}

/** Says of a route what the description of the interface (OpenAPI) tells: what it does and what it answers when all is well. */
export function described(summary: string, answer: string, more: More = {}): MiddlewareHandler {
  const { body, query = {}, status = 200, type = 'application/json' } = more;
  return describeRoute({
    summary,
    parameters: Object.entries(query).map(([name, description]) => ({
      ...{ name, in: 'query', schema: { type: 'string' }, description },
    })),
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body) } } } }),
    responses: { [status]: { description: answer, ...(status !== 204 && { content: { [type]: {} } }) } },
  });
}

/** How every route tells what went wrong. */
export const problemAnswer: DescribeRouteOptions = {
  responses: {
    default: {
      description: 'What is wrong, in words (RFC 9457)',
      content: {
        'application/problem+json': {
          schema: {
            type: 'object',
            required: ['type', 'title', 'status', 'detail'],
            properties: {
              ...{ type: { type: 'string' }, title: { type: 'string' } },
              ...{ status: { type: 'integer' }, detail: { type: 'string' } },
            },
          },
        },
      },
    },
  },
};

type JsonBody = Extract<NonNullable<DescribeRouteOptions['requestBody']>, { content: object }>['content'][string];

/** What zod checks beyond JSON Schema is left out of it. */
function schemaOf(form: z.ZodType): NonNullable<JsonBody['schema']> {
  const { $schema: _, ...schema } = z.toJSONSchema(form, { io: 'input', unrepresentable: 'any' });
  return schema as NonNullable<JsonBody['schema']>; // both are JSON Schema 2020-12, as OpenAPI 3.1 has it
}
