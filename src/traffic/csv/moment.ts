/** How a time column is written: a number of a unit, or a date with a time of day. */
export const clocks = ["s", "ms", "us", "ns", "datetime"] as const;
export type Clock = (typeof clocks)[number];

/** Decimal places between a clock's unit and the second. */
const places = { s: 0, ms: 3, us: 6, ns: 9 } as const;

/** Times from here on, about the year 5100, are of a smaller unit than they were taken for. */
export const latestSeconds = 1e11;

const zero = 0x30;
const point = 0x2e;
const tenTo = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];
const daysBefore = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

/**
 * A moment read from the bytes of a cell, exactly: whole seconds, and nanoseconds after them; further digits are cut off.
 * Dates and times without a zone are UTC.
 */
export class Moment {
  seconds = 0;
  nanoseconds = 0;

  /** False, with the fields in any state, when the bytes from `start` to `end` are not a time of that clock. */
  read(clock: Clock, bytes: Uint8Array, start: number, end: number): boolean {
    return clock === "datetime" ? this.readDatetime(bytes, start, end) : this.readNumber(places[clock], bytes, start, end);
  }

  private readNumber(shift: number, bytes: Uint8Array, start: number, end: number): boolean {
    let whole = start;
    while (whole < end && isDigit(bytes[whole])) whole++;
    // Only digits after the unit's decimal point, moved by the shift, are part of a second.
    const split = whole - shift;
    let seconds = 0;
    for (let at = start; at < split; at++) seconds = seconds * 10 + (bytes[at] - zero);
    let nanoseconds = 0;
    let left = 9 - Math.max(0, start - split);
    for (let at = Math.max(start, split); at < end; at++) {
      const byte = bytes[at];
      if (at === whole && byte === point) continue;
      if (!isDigit(byte)) return (byte | 0x20) === 0x65 && this.readExponent(shift, bytes, start, end);
      if (left === 0) continue;
      nanoseconds = nanoseconds * 10 + (byte - zero);
      left--;
    }
    this.seconds = seconds;
    this.nanoseconds = nanoseconds * tenTo[left];
    return seconds < latestSeconds && (whole > start || end - whole > 1);
  }

  /** Numbers such as `1.5e-05`, as some programs write small ones. */
  private readExponent(shift: number, bytes: Uint8Array, start: number, end: number): boolean {
    const text = String.fromCharCode(...bytes.subarray(start, end));
    if (!/^(\d+\.?\d*|\.\d+)[eE][+-]?\d+$/.test(text)) return false;
    const value = Number(text) / Number(`1e${shift}`);
    this.seconds = Math.floor(value);
    this.nanoseconds = Math.floor((value - this.seconds) * 1e9 + 0.5);
    return value < latestSeconds;
  }

  /** `2023-11-16 18:17:03.9799600`, with a space or a T, any number of decimal places, and no zone, Z, or an offset such as +02:00. */
  private readDatetime(bytes: Uint8Array, start: number, end: number): boolean {
    const day = dayOf(bytes, start, end);
    const clock = start + 11;
    const hours = twoDigits(bytes, clock);
    const minutes = twoDigits(bytes, clock + 3);
    const seconds = twoDigits(bytes, clock + 6);
    const separators = (bytes[clock - 1] === 0x20 || bytes[clock - 1] === 0x54) && bytes[clock + 2] === 0x3a && bytes[clock + 5] === 0x3a;
    if (end < clock + 8 || !separators || !(hours < 24 && minutes < 60 && seconds < 60)) return false;

    let at = clock + 8;
    let nanoseconds = 0;
    let left = 9;
    if (at < end && bytes[at] === point) {
      const from = ++at;
      for (; at < end && isDigit(bytes[at]); at++) {
        if (left === 0) continue;
        nanoseconds = nanoseconds * 10 + (bytes[at] - zero);
        left--;
      }
      if (at === from) return false;
    }
    this.seconds = day * 86_400 + hours * 3600 + minutes * 60 + seconds - zoneOffset(bytes, at, end);
    this.nanoseconds = nanoseconds * tenTo[left];
    return !Number.isNaN(this.seconds);
  }
}

/** Days from 1970 to the date that starts here; NaN when it is none. */
function dayOf(bytes: Uint8Array, start: number, end: number): number {
  if (end < start + 10 || bytes[start + 4] !== 0x2d || bytes[start + 7] !== 0x2d) return NaN;
  const year = twoDigits(bytes, start) * 100 + twoDigits(bytes, start + 2);
  const month = twoDigits(bytes, start + 5);
  const day = twoDigits(bytes, start + 8);
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month))) return NaN;
  const past = year - 1;
  const leapDays = Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400);
  const leapDay = month > 2 && isLeap(year) ? 1 : 0;
  // 719162 days lie between 1 January of year 1 and of 1970.
  return past * 365 + leapDays + daysBefore[month - 1] + leapDay + day - 1 - 719_162;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Seconds by which the zone at the end of a time is ahead of UTC; NaN when what stands there is no zone. */
function zoneOffset(bytes: Uint8Array, at: number, end: number): number {
  if (at === end) return 0;
  const sign = bytes[at];
  if (sign === 0x5a && end === at + 1) return 0;
  if (sign !== 0x2b && sign !== 0x2d) return NaN;
  const hours = twoDigits(bytes, at + 1);
  const colon = bytes[at + 3] === 0x3a ? 1 : 0;
  const minutes = end === at + 3 ? 0 : twoDigits(bytes, at + 3 + colon);
  if ((end !== at + 3 && end !== at + 5 + colon) || !(hours < 24 && minutes < 60)) return NaN;
  return (sign === 0x2b ? 1 : -1) * (hours * 3600 + minutes * 60);
}

/** The number that two digits make; NaN when they are not digits or lie past the end. */
function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = bytes[at];
  const ones = bytes[at + 1];
  return isDigit(tens) && isDigit(ones) ? (tens - zero) * 10 + (ones - zero) : NaN;
}

function isDigit(byte: number): boolean {
  return byte >= zero && byte <= 0x39;
}
