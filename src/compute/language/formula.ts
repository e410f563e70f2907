import * as functions from "./functions.ts";
import { type Graph, KernelError } from "./graph.ts";
import type { Input } from "./kernel.ts";
import { curl, divergence, gradient, laplacian } from "./stencils.ts";
import { Bool, Complex, Int, Matrix, named, Real, Symmetric, select, type Value, Vector } from "./values.ts";

/**
 * Formulas close to how they are printed.  One `name = expression` a line, each name usable from there on; what is
 * returned is the record of all names.  A text without `=` is one expression, and its value is returned.
 *
 *     H    = 2 * A / (mu0 * Ms) * laplacian(m) + 2 * K / (mu0 * Ms) * (m · u) * u + B / mu0
 *     dmdt = -gamma0 / (1 + alpha²) * (m × H + alpha * m × (m × H))
 *
 * Operators, weakest first: `? :` · `or`, `and`, `not` · `< <= > >= == !=` · `+ -` · `* / × ·` from left to right ·
 * sign · `^ ² ³`.  `×` and `·` are the products of vectors, `*` scales, multiplies complex numbers and applies tensors.
 * Components: `m.x`.  Other cells of an input: `m.at(1, 0, -1)`.  Functions: sqrt exp log sin cos tan asin acos atan atan2 tanh pow abs floor ceil min max dot
 * cross norm select laplacian gradient divergence curl, and pi.  `${…}` inserts a value or a number.  `#` begins a comment.
 */
export interface Formula {
  /** Checked where its value is used; say `formula<Vector>` to go on computing with the result. */
  <T = never>(text: TemplateStringsArray, ...inserted: (Value | number)[]): T;
  /** The same with more names in scope. */
  with(names: Readonly<Record<string, Value | number>>): Formula;
}

type Term = Value | number;

const TOKEN =
  /\s*(?:(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|([\p{L}_][\p{L}\p{Nd}₀-₉_]*)|(<=|>=|==|!=|[-+*/^²³×·<>?:(),.=]))/uy;

export function formulaIn(graph: Graph, scope: Readonly<Record<string, unknown>>): Formula {
  const formula = (text: TemplateStringsArray, ...inserted: Term[]) => {
    // Inserted values become names, so that the text can be cut into lines.
    const whole = text.reduce((before, part, i) => `${before} _inserted${i - 1} ${part}`);
    const names: Record<string, unknown> = { ...scope };
    inserted.forEach((value, i) => {
      names[`_inserted${i}`] = value;
    });
    const made: Record<string, Term> = {};
    const lines = statements(whole);
    for (const line of lines) {
      const { name, value } = new Parser(graph, line, { ...names, ...made }).statement();
      if (name === undefined) {
        if (lines.length > 1) graph.fail(`in a formula of several lines each has a name: "${line.trim()}"`);
        return value;
      }
      made[name] = value;
    }
    if (lines.length === 0) graph.fail("an empty formula");
    return made;
  };
  return Object.assign(formula, {
    with: (names: Readonly<Record<string, Term>>) => formulaIn(graph, { ...scope, ...names }),
  }) as Formula;
}

/** Lines, without comments; a line that is indented below an open parenthesis or begins with an operator goes on. */
function statements(text: string): string[] {
  const lines: string[] = [];
  let open = 0;
  // A comment ends with its line, not at a semicolon.
  for (const line of text.replace(/#.*/g, "").split(/[\n;]/)) {
    if (line.trim() === "") continue;
    const goesOn = /(?:[-+*/^×·?:=(,]|\b(?:and|or|not))\s*$/.test(lines.at(-1) ?? "");
    if (lines.length > 0 && (open > 0 || goesOn || /^\s*[-+*/^×·?:=)]/.test(line)))
      lines[lines.length - 1] += ` ${line}`;
    else lines.push(line);
    for (const character of line) open += character === "(" ? 1 : character === ")" ? -1 : 0;
  }
  return lines;
}

const COMPARISONS = { "<": "lt", "<=": "le", ">": "gt", ">=": "ge", "==": "eq", "!=": "ne" } as const;

class Parser {
  private readonly graph: Graph;
  private readonly text: string;
  private readonly scope: Readonly<Record<string, unknown>>;
  private position = 0;
  private token: string | undefined;
  private isNumber = false;
  private isName = false;

  constructor(graph: Graph, text: string, scope: Readonly<Record<string, unknown>>) {
    this.graph = graph;
    this.text = text;
    this.scope = scope;
    this.advance();
  }

  private fail(message: string): never {
    return this.graph.fail(`${message}, in "${this.text.trim()}"`);
  }

  private advance(): void {
    TOKEN.lastIndex = this.position;
    const found = TOKEN.exec(this.text);
    if (!found) {
      const rest = this.text.slice(this.position).trim();
      if (rest) this.fail(`cannot read "${rest}"${/^[&|!]/.test(rest) ? " (write and, or, not)" : ""}`);
      this.token = undefined;
    } else {
      this.position = TOKEN.lastIndex;
      this.token = found[1] ?? found[2] ?? found[3];
      this.isNumber = found[1] !== undefined;
      this.isName = found[2] !== undefined;
    }
  }

  private take(token: string): boolean {
    if (this.token !== token || this.isNumber) return false;
    this.advance();
    return true;
  }

  private expect(token: string): void {
    if (!this.take(token)) this.fail(`"${token}" is missing before "${this.token ?? "the end"}"`);
  }

  statement(): { name?: string; value: Term } {
    const assigned = /^\s*([\p{L}_][\p{L}\p{Nd}₀-₉_]*)\s*=(?!=)/u.exec(this.text);
    if (assigned) {
      this.advance();
      this.expect("=");
    }
    const value = this.choice();
    if (this.token !== undefined) this.fail(`"${this.token}" is left over`);
    return { name: assigned?.[1], value };
  }

  private choice(): Term {
    const condition = this.either();
    if (!this.take("?")) return condition;
    const then = this.choice();
    this.expect(":");
    return this.selected(condition, then, this.choice());
  }

  private selected(condition: Term, then: Term, otherwise: Term): Term {
    return this.attempt(() => select(this.bool(condition), then as Real, otherwise as Real));
  }

  private either(): Term {
    let left = this.both();
    while (this.take("or")) left = this.bool(left).or(this.bool(this.both()));
    return left;
  }

  private both(): Term {
    let left = this.negated();
    while (this.take("and")) left = this.bool(left).and(this.bool(this.negated()));
    return left;
  }

  private negated(): Term {
    return this.take("not") ? this.bool(this.negated()).not() : this.comparison();
  }

  private comparison(): Term {
    const left = this.sum();
    const sign = this.token;
    if (sign === undefined || !Object.hasOwn(COMPARISONS, sign)) return left;
    this.advance();
    const right = this.sum();
    const [a, b] = this.alike(left, right, sign);
    if (!(a instanceof Real || a instanceof Int))
      this.fail(`"${sign}" does not compare ${named(left)} and ${named(right)}`);
    return (a as Real)[COMPARISONS[sign as "<"]](b as Real);
  }

  private sum(): Term {
    let left = this.product();
    for (;;) {
      const sign = this.token;
      if (sign !== "+" && sign !== "-") return left;
      this.advance();
      const right = this.product();
      if (typeof left === "number" && typeof right === "number") left = sign === "+" ? left + right : left - right;
      else {
        const [a, b] = this.alike(left, right, sign);
        left = sign === "+" ? (a as Real).add(b as Real) : (a as Real).sub(b as Real);
      }
    }
  }

  private product(): Term {
    let left = this.signed();
    for (;;) {
      const sign = this.token;
      if (sign === "*" || sign === "/" || sign === "×" || sign === "·") {
        this.advance();
        left = this.multiplied(left, sign, this.signed());
      } else return left;
    }
  }

  private multiplied(left: Term, sign: "*" | "/" | "×" | "·", right: Term): Term {
    if (sign === "×" || sign === "·") {
      if (!(left instanceof Vector && right instanceof Vector))
        this.fail(`"${sign}" needs two vectors, not ${named(left)} and ${named(right)}`);
      return sign === "×" ? left.cross(right) : left.dot(right);
    }
    if (typeof left === "number" && typeof right === "number") return sign === "*" ? left * right : left / right;
    if (sign === "*") {
      if (left instanceof Matrix && right instanceof Matrix) return left.compose(right);
      if ((left instanceof Matrix || left instanceof Symmetric) && right instanceof Vector) return left.times(right);
      if (left instanceof Complex && right instanceof Complex) return left.mul(right);
      if (isRealLike(left) && scalable(right)) return right.scale(left);
      if (scalable(left) && isRealLike(right)) return left.scale(right);
    } else {
      if (left instanceof Complex && right instanceof Complex) return left.div(right);
      if (left instanceof Vector && isRealLike(right)) return left.div(right);
      if (scalable(left) && isRealLike(right)) return left.scale(this.real(1).div(right));
    }
    if (left instanceof Int || right instanceof Int) {
      const [a, b] = this.alike(left, right, sign);
      if (a instanceof Int) return sign === "*" ? a.mul(b as Int) : a.div(b as Int);
    }
    if (isRealLike(left) && isRealLike(right)) {
      const a = this.real(left);
      return sign === "*" ? a.mul(right) : a.div(right);
    }
    this.fail(`"${sign}" does not join ${named(left)} and ${named(right)}`);
  }

  private signed(): Term {
    if (this.take("-")) {
      const value = this.signed();
      if (typeof value === "number") return -value;
      if (value instanceof Bool) this.fail(`a truth value has no sign: ${named(value)}`);
      return value.neg();
    }
    return this.take("+") ? this.signed() : this.power();
  }

  private power(): Term {
    const base = this.postfix();
    const exponent = this.take("²") ? 2 : this.take("³") ? 3 : this.take("^") ? this.signed() : undefined;
    if (exponent === undefined) return base;
    if (typeof base === "number" && typeof exponent === "number") return base ** exponent;
    if (base instanceof Vector && exponent === 2) return base.squared();
    if (!isRealLike(base) || !isRealLike(exponent)) this.fail(`no power ${named(exponent)} of ${named(base)}`);
    return functions.pow(typeof exponent === "number" ? base : this.real(base), exponent);
  }

  private postfix(): Term {
    let value = this.primary();
    while (this.take(".")) {
      const part = this.token!;
      if (part === "at" && isInput(value)) {
        this.advance();
        value = this.elsewhere(value as Input<Real>);
        continue;
      }
      const inner = typeof value === "object" && Object.hasOwn(value, part) ? (value as never)[part] : undefined;
      if (!((inner as unknown) instanceof Real)) this.fail(`${named(value)} has no component "${part}"`);
      this.advance();
      value = inner as unknown as Real;
    }
    return value;
  }

  /** The value so many cells away. */
  private elsewhere(input: Input<Real>): Term {
    const offsets: number[] = [];
    this.expect("(");
    do {
      const offset = this.choice();
      if (typeof offset !== "number") this.fail(`cells away are counted in numbers, not ${named(offset)}`);
      offsets.push(offset);
    } while (this.take(","));
    this.expect(")");
    const [dx, dy, dz] = offsets;
    return this.attempt(() => input.at(dx, dy, dz));
  }

  private primary(): Term {
    if (this.take("(")) {
      const value = this.choice();
      this.expect(")");
      return value;
    }
    const token = this.token;
    if (token === undefined) this.fail("the formula ends too early");
    if (this.isNumber) {
      this.advance();
      return Number(token);
    }
    if (!this.isName)
      this.fail(`a value is missing before "${token}"${token === "*" ? " (a power is written with ^)" : ""}`);
    this.advance();
    if (this.token === "(") return this.called(token);
    const found = Object.hasOwn(this.scope, token) ? this.scope[token] : undefined;
    if (found === undefined && (token === "pi" || token === "π")) return Math.PI;
    if (typeof found === "object" && found !== null && "set" in found)
      this.fail(`"${token}" changes while the kernel runs; insert \${${token}.get()}`);
    if (found === undefined)
      this.fail(
        `"${token}" is not known; known are ${Object.keys(this.scope)
          .filter((n) => !n.startsWith("_inserted"))
          .join(", ")}`,
      );
    return found as Term;
  }

  private called(name: string): Term {
    this.expect("(");
    const given: Term[] = [];
    if (!this.take(")")) {
      do given.push(this.choice());
      while (this.take(","));
      this.expect(")");
    }
    if (name === "select") {
      if (given.length !== 3) this.fail("select takes a condition and two values");
      return this.selected(given[0], given[1], given[2]);
    }
    if (name === "vector") {
      if (given.length !== 3) this.fail("vector takes three reals");
      const [x, y, z] = given.map((part) => this.real(part));
      return new Vector(x, y, z);
    }
    const entry = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
    if (!entry) this.fail(`no function "${name}"; there are ${Object.keys(FUNCTIONS).join(", ")}, select`);
    if (given.length !== entry.takes.length || given.some((value, i) => !ACCEPTS[entry.takes[i]](value)))
      this.fail(`${name} takes (${entry.takes.map((t) => ACCEPTED[t])}), not (${given.map(named).join(", ")})`);
    if (given.every((value) => typeof value === "number"))
      return FOLDED[name]?.(...given) ?? this.fail(`no value in ${name}`);
    return this.attempt(() => entry.call(...(given as never[])));
  }

  /** Two operands of one type; numbers become what they stand beside. */
  private alike(left: Term, right: Term, sign: string): [Term, Term] {
    const like = (value: Term, model: Term): Term =>
      typeof value !== "number"
        ? value
        : model instanceof Int && Number.isInteger(value)
          ? new Int(this.graph.constant(value, "int"))
          : this.real(value);
    const [p, q] = [like(left, right), like(right, left)];
    // A real beside a complex number is one on the real axis.
    const widen = (value: Term, model: Term): Term =>
      value instanceof Real && model instanceof Complex ? new Complex(value, this.real(0)) : value;
    const [a, b] = [widen(p, q), widen(q, p)];
    const kinds = [Real, Int, Vector, Complex, Matrix, Symmetric];
    if (!kinds.some((type) => a instanceof type && b instanceof type))
      this.fail(`"${sign}" does not join ${named(left)} and ${named(right)}`);
    return [a, b];
  }

  private real(value: Term): Real {
    if (typeof value === "number") return new Real(this.graph.constant(value));
    if (!(value instanceof Real)) this.fail(`a real is needed, not ${named(value)}`);
    return value;
  }

  private bool(value: Term): Bool {
    if (!(value instanceof Bool)) this.fail(`a truth value is needed, not ${named(value)}`);
    return value;
  }

  /** Errors from within get the text of the formula. */
  private attempt<T>(make: () => T): T {
    try {
      return make();
    } catch (error) {
      if (error instanceof KernelError) throw new KernelError(`${error.message}, in "${this.text.trim()}"`);
      throw error;
    }
  }
}

type Scalable = Vector | Complex | Matrix | Symmetric;
const scalable = (value: Term): value is Scalable =>
  value instanceof Vector || value instanceof Complex || value instanceof Matrix || value instanceof Symmetric;
const isRealLike = (value: Term): value is Real | number => typeof value === "number" || value instanceof Real;
const isInput = (value: Term): boolean => typeof value === "object" && "at" in value;

const ACCEPTS = {
  r: isRealLike,
  c: (value: Term) => isRealLike(value) || value instanceof Complex,
  v: (value: Term) => value instanceof Vector,
  i: (value: Term) => value instanceof Int,
  z: (value: Term) => value instanceof Complex,
  m: (value: Term) => value instanceof Matrix,
  t: (value: Term) => value instanceof Matrix || value instanceof Symmetric,
  s: (value: Term) => isInput(value) && value instanceof Real,
  w: (value: Term) => isInput(value) && value instanceof Vector,
  f: (value: Term) => isInput(value) && (value instanceof Real || value instanceof Vector),
};
const ACCEPTED = {
  r: "real",
  c: "real or complex",
  v: "vector",
  i: "int",
  z: "complex",
  m: "matrix",
  t: "tensor",
  s: "an input that is real",
  w: "an input that is a vector",
  f: "an input",
};

const FUNCTIONS: Record<string, { takes: readonly (keyof typeof ACCEPTS)[]; call: (...given: never[]) => Term }> = {
  sqrt: { takes: ["r"], call: functions.sqrt },
  exp: { takes: ["c"], call: functions.exp as (x: Real) => Real },
  log: { takes: ["r"], call: functions.log },
  sin: { takes: ["r"], call: functions.sin },
  cos: { takes: ["r"], call: functions.cos },
  tan: { takes: ["r"], call: functions.tan },
  asin: { takes: ["r"], call: functions.asin },
  acos: { takes: ["r"], call: functions.acos },
  atan: { takes: ["r"], call: functions.atan },
  tanh: { takes: ["r"], call: functions.tanh },
  abs: { takes: ["r"], call: functions.abs },
  floor: { takes: ["r"], call: functions.floor },
  ceil: { takes: ["r"], call: functions.ceil },
  atan2: { takes: ["r", "r"], call: functions.atan2 },
  pow: { takes: ["r", "r"], call: functions.pow },
  min: { takes: ["r", "r"], call: functions.min },
  max: { takes: ["r", "r"], call: functions.max },
  dot: { takes: ["v", "v"], call: functions.dot },
  cross: { takes: ["v", "v"], call: functions.cross },
  norm: { takes: ["v"], call: functions.norm },
  laplacian: { takes: ["f"], call: laplacian as (f: Input<Real>) => Real },
  gradient: { takes: ["s"], call: gradient },
  divergence: { takes: ["w"], call: divergence },
  curl: { takes: ["w"], call: curl },
  real: { takes: ["i"], call: (value: Int) => value.toReal() },
  conj: { takes: ["z"], call: (value: Complex) => value.conjugate() },
  transpose: { takes: ["m"], call: (value: Matrix) => value.transpose() },
  trace: { takes: ["t"], call: (value: Matrix | Symmetric) => value.trace() },
};

const FOLDED = Math as unknown as Record<string, (...given: number[]) => number>;
