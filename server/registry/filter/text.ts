import { Budget, type Expression, limits, quoted, refuse } from './expression.ts';
import { place, type Token, tokens } from './tokens.ts';
import { readGeometry } from './wkt.ts';

const comparisons = new Set(['=', '<>', '<', '<=', '>', '>=']);
const geometryNames = /^(POINT|LINESTRING|POLYGON|MULTIPOINT|MULTILINESTRING|MULTIPOLYGON|GEOMETRYCOLLECTION)$/i;

/**
 * Reads CQL2 text (OGC 21-065r2, Annex A) into an expression, the whole of it or not at all; throws `bad_filter`.
 * A hand-written descent: every loop below moves forward by a token, every recursion is counted.
 */
export function readText(source: string, most = limits): Expression {
  if (source.length > most.text)
    throw refuse(place(limits.text), `A filter may have ${limits.text} characters, this one has ${source.length}`);
  const reader = new TextReader(tokens(source), most);
  const result = reader.disjunction(0);
  reader.finish();
  return result;
}

/** The tokens of a filter and how far they are read. */
export class TextReader {
  readonly budget: Budget;
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(list: readonly Token[], most: typeof limits) {
    this.#tokens = list;
    this.budget = new Budget(most);
  }

  /** a OR b OR … */
  disjunction(depth: number): Expression {
    return this.#chain('or', () => this.#chain('and', () => this.#negation(depth)));
  }

  /** Nothing may be left: `a = 1; drop table x` is not `a = 1`. */
  finish(): void {
    if (this.peek().kind !== 'end') throw this.unexpected('the end, AND or OR');
  }

  peek(ahead = 0): Token {
    return this.#tokens[this.#next + ahead] ?? this.#tokens.at(-1)!;
  }

  take(): Token {
    const token = this.peek();
    this.#next++;
    return token;
  }

  /** Takes the next token when it is this symbol or keyword. */
  accept(text: string): boolean {
    const token = this.peek();
    if (token.kind !== 'symbol' && token.kind !== 'word') return false;
    if (token.text.toUpperCase() !== text) return false;
    this.#next++;
    return true;
  }

  expect(text: string): void {
    if (!this.accept(text)) throw this.unexpected(`'${text}'`);
  }

  unexpected(expected: string): Error {
    const { kind, text, start } = this.peek();
    return refuse(place(start), `Expected ${expected}, found ${kind === 'end' ? 'the end' : quoted(text)}`);
  }

  /** A number with its sign; throws when there is none or it is beyond what a double holds. */
  number(): number {
    const negative = this.accept('-');
    if (!negative) this.accept('+');
    const token = this.peek();
    if (token.kind !== 'number') throw this.unexpected('a number');
    const value = Number(token.text);
    if (!Number.isFinite(value)) throw refuse(place(token.start), `The number ${quoted(token.text)} is too large`);
    this.#next++;
    return negative ? -value : value;
  }

  #chain(op: 'and' | 'or', operand: () => Expression): Expression {
    const at = place(this.peek().start);
    const args = [operand()];
    while (this.accept(op.toUpperCase())) args.push(operand());
    return args.length === 1 ? args[0]! : { type: 'call', op, args, at };
  }

  #negation(depth: number): Expression {
    const at = place(this.peek().start);
    this.budget.depth(at, depth);
    if (this.accept('NOT')) return { type: 'call', op: 'not', args: [this.#negation(depth + 1)], at };
    if (!this.accept('(')) return this.#predicate(depth);
    const inner = this.disjunction(depth + 1);
    this.expect(')');
    return inner;
  }

  #predicate(depth: number): Expression {
    const at = place(this.peek().start);
    const left = this.#operand(depth);
    const operator = this.peek();
    if (operator.kind === 'symbol' && comparisons.has(operator.text)) {
      this.#next++;
      return { type: 'call', op: operator.text, args: [left, this.#operand(depth)], at };
    }
    if (operator.kind === 'symbol' && (operator.text === '!=' || operator.text === '=='))
      throw refuse(
        place(operator.start),
        `CQL2 writes ${operator.text === '==' ? "'='" : "'<>'"}, not '${operator.text}'`,
      );
    if (operator.kind === 'symbol' && /^(\+|-|\*|\/|%|\^|\|\|)$/.test(operator.text))
      throw refuse(place(operator.start), `Arithmetic ('${operator.text}') is not supported`);
    if (this.accept('IS')) {
      const negated = this.accept('NOT');
      this.expect('NULL');
      return negate(negated, { type: 'call', op: 'isNull', args: [left], at });
    }
    const negated = this.accept('NOT');
    if (this.accept('LIKE'))
      return negate(negated, { type: 'call', op: 'like', args: [left, this.#operand(depth)], at });
    if (this.accept('BETWEEN')) {
      const low = this.#operand(depth);
      this.expect('AND');
      return negate(negated, { type: 'call', op: 'between', args: [left, low, this.#operand(depth)], at });
    }
    if (this.accept('IN')) {
      const listAt = place(this.peek().start);
      this.expect('(');
      const items = this.#list(depth);
      return negate(negated, { type: 'call', op: 'in', args: [left, { type: 'list', items, at: listAt }], at });
    }
    if (negated) throw this.unexpected('LIKE, BETWEEN or IN');
    if (left.type === 'call' || (left.type === 'literal' && typeof left.value === 'boolean')) return left;
    throw this.unexpected('a comparison (=, <>, <, <=, >, >=, IN, BETWEEN, LIKE, IS NULL)');
  }

  /** Operands up to and with the closing parenthesis; the opening one is taken. */
  #list(depth: number): Expression[] {
    const items = [this.#operand(depth)];
    while (this.accept(',')) items.push(this.#operand(depth));
    if (!this.accept(')')) throw this.unexpected("',' or ')'");
    return items;
  }

  #operand(depth: number): Expression {
    const token = this.peek();
    const at = place(token.start);
    this.budget.depth(at, depth);
    if (token.kind === 'number' || (token.kind === 'symbol' && /^[+-]$/.test(token.text))) {
      this.budget.literal(at);
      return { type: 'literal', value: this.number(), at };
    }
    if (token.kind === 'string') {
      this.budget.literal(at);
      this.#next++;
      return { type: 'literal', value: token.text, at };
    }
    if (token.kind === 'quoted_name') {
      this.#next++;
      return { type: 'property', name: token.text, at };
    }
    if (token.kind !== 'word') throw this.unexpected('a property or a value');
    const upper = token.text.toUpperCase();
    if (geometryNames.test(upper) && /^(\(|Z|M|ZM|EMPTY)$/i.test(this.peek(1).text))
      return { type: 'geometry', geometry: readGeometry(this), at };
    this.#next++;
    if (this.accept('(')) return this.#call(upper, at, depth + 1);
    if (upper === 'TRUE' || upper === 'FALSE') {
      this.budget.literal(at);
      return { type: 'literal', value: upper === 'TRUE', at };
    }
    if (upper === 'NULL') return { type: 'literal', value: null, at };
    if (/^(AND|OR|NOT|IN|LIKE|BETWEEN|IS)$/.test(upper))
      throw refuse(at, `Expected a property or a value, found ${quoted(token.text)}`);
    return { type: 'property', name: token.text, at };
  }

  #call(upper: string, at: string, depth: number): Expression {
    if (upper === 'DATE' || upper === 'TIMESTAMP') {
      this.budget.literal(at);
      const value = this.#string();
      this.expect(')');
      return { type: upper === 'DATE' ? 'date' : 'timestamp', value, at };
    }
    if (upper === 'BBOX') {
      const numbers = [this.number()];
      while (this.accept(',')) numbers.push(this.number());
      this.expect(')');
      return { type: 'bbox', numbers, at };
    }
    const args = this.accept(')') ? [] : this.#list(depth);
    if (upper !== 'INTERVAL') return { type: 'call', op: upper.toLowerCase(), args, at };
    const [start, end] = args;
    if (!start || !end || args.length > 2) throw refuse(at, 'INTERVAL needs a start and an end');
    return { type: 'interval', start, end, at };
  }

  #string(): string {
    if (this.peek().kind !== 'string') throw this.unexpected("a text in '…'");
    return this.take().text;
  }
}

function negate(negated: boolean, expression: Expression): Expression {
  return negated ? { type: 'call', op: 'not', args: [expression], at: expression.at } : expression;
}
