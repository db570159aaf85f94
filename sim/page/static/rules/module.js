// The rules as a WebAssembly module: its memory, arrays and numbers in it, and calls of rules by their names. Where
// anything lies is said by the layout, which is written with the module (sim/model/wasm_layout.py).
// @ts-check

/** @import { FrameLayout } from '../common/types.js' */

/**
 * @typedef {{at: number, type: string, places: number, of?: (string | number)[], default?: number, low?: number, high?: number}} Field
 * @typedef {{axes: number, size: number, columns?: Record<string, [number, string, number]>, type?: string}} Table
 * @typedef {{fingerprint: string, made_by: Record<string, string>, frame: number, constants: any, told: Table, pools: string[], tables: Record<string, Table>,
 *   watch: Record<string, Table>, frames: FrameLayout,
 *   numbers: Record<string, {size: number, fields: Record<string, Field>}>,
 *   doors: Record<string, {takes: Record<string, string>, gives: string}>}} Layout
 * @typedef {{place: number, shape: number[], table: Table, held: number}} Rows
 * @typedef {Record<string, Record<string, number>>} Theory
 */

/** @type {Record<string, string>} */
const NAMES = {
  ...{ f8: 'Float64', f4: 'Float32', i8: 'BigInt64', u8: 'BigUint64', i4: 'Int32', u4: 'Uint32' },
  ...{ i2: 'Int16', u2: 'Uint16', i1: 'Int8', u1: 'Uint8' },
};
const WORD = 2 ** 32;
/** @type {Record<string, (view: DataView, place: number) => number>} */
const READ = {
  f8: (view, place) => view.getFloat64(place, true),
  f4: (view, place) => view.getFloat32(place, true),
  i8: (view, place) => view.getInt32(place + 4, true) * WORD + view.getUint32(place, true), // a BigInt takes longer
  u8: (view, place) => view.getUint32(place + 4, true) * WORD + view.getUint32(place, true),
  i4: (view, place) => view.getInt32(place, true),
  u4: (view, place) => view.getUint32(place, true),
  i2: (view, place) => view.getInt16(place, true),
  u2: (view, place) => view.getUint16(place, true),
  i1: (view, place) => view.getInt8(place),
  u1: (view, place) => view.getUint8(place),
};
const PAGE = 65536; // bytes by which a module's memory grows
const FINE = new Set([0, -2]); // what a rule answers when all is well: with something given back, and with nothing

export class Rules {
  /** @type {WeakMap<Rows, bigint[]>} */
  #laid = new WeakMap(); // arrays that were given to rules before

  /**
   * A module's own copy: one firm lives in it.
   * @param {WebAssembly.Module} module
   * @param {Layout} layout
   */
  constructor(module, layout) {
    this.module = module;
    this.layout = layout;
    this.line = layout.constants.line;
    this.exports = /** @type {any} */ (new WebAssembly.Instance(module, {}).exports);
    this.end = this.#whole(this.exports.__heap_base.value);
    /** @type {{place: number, held: number}[]} */
    this.spare = [];
    this.view = new DataView(this.exports.memory.buffer);
    this.frame = this.room(layout.frame).place; // where a rule puts what it gives back, and finds what it takes
    /** @type {Record<string, number>} */
    this.records = {};
    for (const [group, { size }] of Object.entries(layout.numbers)) this.records[group] = this.room(size).place;
  }

  /** @param {number} size */
  #whole(size) {
    return Math.ceil(size / this.line) * this.line;
  }

  /**
   * Room for so many bytes, all zero, from the beginning of a line of memory.
   * @param {number} size
   */
  room(size) {
    const held = this.#whole(Math.max(size, 1));
    const fitting = this.spare.filter((each) => each.held >= held && each.held <= 2 * held);
    if (fitting.length) {
      const found = fitting.reduce((least, each) => (each.held < least.held ? each : least));
      this.spare.splice(this.spare.indexOf(found), 1);
      this.bytes(found.place, found.held).fill(0);
      return found;
    }
    const place = this.end,
      memory = this.exports.memory;
    this.end += held;
    if (this.end > memory.buffer.byteLength) memory.grow(Math.ceil((this.end - memory.buffer.byteLength) / PAGE));
    this.view = new DataView(memory.buffer);
    return { place, held };
  }

  /**
   * Bytes of the memory as they are; good until there is more of it.
   * @param {number} place
   * @param {number} size
   */
  bytes(place, size) {
    return new Uint8Array(this.exports.memory.buffer, place, size);
  }

  /**
   * An array of zeros: rows of a table, or of numbers (`i8`).
   * @param {Table | string} table
   * @param {...number} shape
   * @returns {Rows}
   */
  rows(table, ...shape) {
    const kind = typeof table === 'string' ? { axes: shape.length, size: Number(table[1]), type: table } : table;
    const size = shape.reduce((product, n) => product * n, kind.size);
    return { ...this.room(size), shape, table: kind };
  }

  /**
   * The memory of an array that nobody needs any more is used again.
   * @param {Rows} rows
   */
  release(rows) {
    this.spare.push({ place: rows.place, held: rows.held });
  }

  /**
   * A longer copy of an array, filled with zeros; the old one is released.
   * @param {Rows} rows
   * @param {number} n
   */
  widened(rows, n) {
    const wide = this.rows(rows.table, n, ...rows.shape.slice(1));
    const size = bytesIn(rows);
    this.bytes(wide.place, size).set(this.bytes(rows.place, size));
    this.release(rows);
    return wide;
  }

  /**
   * The value in a row's column, or of a row that has none.
   * @param {Rows} rows
   * @param {number} row
   * @param {string} [column]
   * @param {number} [place]
   * @returns {number}
   */
  get(rows, row, column = '', place = 0) {
    const [offset, type] = column ? rows.table.columns[column] : [0, rows.table.type];
    return READ[type](this.view, rows.place + row * rows.table.size + offset + place * Number(type[1]));
  }

  /**
   * The values of the first n rows in a column.
   * @param {Rows} rows
   * @param {string} column
   * @param {number} n
   */
  column({ place, table }, column, n) {
    const { view } = this,
      [offset, type] = table.columns[column],
      read = READ[type],
      found = new Float64Array(n);
    for (let row = 0, at = place + offset; row < n; row++, at += table.size) found[row] = read(view, at);
    return found;
  }

  /**
   * Write a value into a row's column.
   * @param {Rows} rows
   * @param {number} row
   * @param {string} column
   * @param {number} value
   */
  set(rows, row, column, value) {
    const [offset, type] = rows.table.columns[column];
    this.#put(rows.place + row * rows.table.size + offset, type, value);
  }

  /** @param {number} place @param {string} type @param {number | bigint} value */
  #put(place, type, value) {
    const whole = type === 'i8' || type === 'u8';
    /** @type {any} */ (this.view)[`set${NAMES[type]}`](place, whole ? BigInt(value) : Number(value), true);
  }

  /**
   * Write whole numbers into an array of one axis.
   * @param {Rows} rows
   * @param {number[]} values
   */
  fill(rows, values) {
    values.forEach((value, k) => this.#put(rows.place + k * rows.table.size, rows.table.type, value));
    return rows;
  }

  /**
   * Put a theory in force.
   * @param {Theory} theory
   */
  enforce(theory) {
    for (const [group, { fields }] of Object.entries(this.layout.numbers)) {
      for (const [name, field] of Object.entries(fields)) {
        const values = field.of ?? [name];
        values.forEach((value, place) => {
          const number = typeof value === 'string' ? theory[group][value] : value;
          this.#put(this.records[group] + field.at + place * Number(field.type[1]), field.type, number);
        });
      }
    }
  }

  /**
   * Call a rule.
   * @param {string} name
   * @param {...any} values a firm or an array by itself, 'theory' as null, numbers as they are
   * @returns {number} what it gives back, if anything
   */
  call(name, ...values) {
    const { takes, gives } = this.layout.doors[name];
    /** @type {(number | bigint)[]} */
    const flat = [];
    Object.values(takes).forEach((kind, k) => this.#lay(flat, kind, values[k]));
    flat.forEach((value, k) => {
      const place = this.frame + 8 * (k + 1);
      if (typeof value === 'bigint') this.view.setBigInt64(place, value, true);
      else this.view.setFloat64(place, value, true);
    });
    const answer = this.exports[name](this.frame);
    if (!FINE.has(answer)) throw new Error(`the rule ${name} failed`);
    return gives === 'none' ? 0 : READ.i8(this.view, this.frame);
  }

  /**
   * Lay an argument out as rules take it: of an array nothing about its owner, its size, its place, axes and strides.
   * What is whole is a bigint here, and what is not a number.
   * @param {(number | bigint)[]} flat
   * @param {string} kind
   * @param {any} value
   */
  #lay(flat, kind, value) {
    const many = { firm: this.layout.tables, watch: this.layout.watch }[kind];
    if (many) for (const name of Object.keys(many)) this.#lay(flat, 'array', value[name]);
    else if (kind === 'theory') flat.push(...Object.values(this.records).map(BigInt));
    else if (kind === 'dice') flat.push(BigInt.asIntN(64, value.seed), BigInt(value.day));
    else if (kind.startsWith('array')) {
      if (!this.#laid.has(value)) this.#laid.set(value, described(value));
      flat.push(...this.#laid.get(value));
    } else flat.push(kind === 'float' ? Number(value) : BigInt.asIntN(64, BigInt(value)));
  }
}

/**
 * An array as rules take it.
 * @param {Rows} rows
 */
function described({ place, shape, table }) {
  const strides = shape.map((_, k) => shape.slice(k + 1).reduce((product, n) => product * n, table.size));
  const items = shape.reduce((product, n) => product * n, 1);
  return [0, 0, items, table.size, place, ...shape, ...strides].map(BigInt);
}

/** @param {Rows} rows */
export function bytesIn(rows) {
  return rows.shape.reduce((product, n) => product * n, rows.table.size);
}
