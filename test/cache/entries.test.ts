import fc from "fast-check";
import { expect, it } from "vitest";
import { Entries } from "../../src/cache/entries.ts";

const keys = 6;
const measurement = { warmup: 0, horizon: 1000, window: 1000 };
const key = fc.integer({ min: 1, max: keys });
const step = fc.record({ gap: fc.constantFrom(0, 1, 2, 5), act: fc.constantFrom("use", "use", "store", "store", "clear"), key });

/** The same as a plain list, the least recently used first. */
class PlainEntries {
  evictions = 0;
  expired = 0;
  area = 0;
  private list: { readonly key: number; readonly until: number }[] = [];
  private now = 0;
  private readonly capacity: number;
  private readonly ttl: number;

  constructor(capacity: number, ttl: number) {
    this.capacity = capacity;
    this.ttl = ttl;
  }

  /** Time goes on in whole seconds. */
  advance(to: number): void {
    for (; this.now < to; this.now++) {
      this.area += this.list.length;
      const left = this.list.filter(({ until }) => until > this.now + 1);
      this.expired += this.list.length - left.length;
      this.list = left;
    }
  }

  use(one: number): boolean {
    const found = this.list.find((entry) => entry.key === one);
    if (found === undefined) return false;
    this.list = [...this.list.filter((entry) => entry !== found), found];
    return true;
  }

  store(one: number): void {
    this.list = this.list.filter((entry) => entry.key !== one);
    if (this.list.length === this.capacity) {
      this.list = this.list.slice(1);
      this.evictions++;
    }
    this.list = [...this.list, { key: one, until: this.now + this.ttl }];
  }

  clear(): void {
    this.list = [];
  }
}

it("keeps, drops and counts what a plain list does", () => {
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 60 }),
      fc.constantFrom(1, 2, 4, Infinity),
      fc.constantFrom(1, 3, 8, Infinity),
      (steps, capacity, ttl) => {
        const [entries, plain] = [new Entries(keys, capacity, ttl, measurement), new PlainEntries(capacity, ttl)];
        let now = 0;
        for (const { gap, act, key: one } of steps) {
          now += gap;
          plain.advance(now);
          if (act === "use") expect(entries.use(one, now)).toBe(plain.use(one));
          else if (act === "store") {
            entries.store(one, now);
            plain.store(one);
          } else {
            entries.clear(now);
            plain.clear();
          }
        }
        plain.advance(now + 20);
        entries.expire(now + 20);
        const { evictions, expired, level } = entries;
        expect([evictions, expired, level.area(now + 20)]).toEqual([plain.evictions, plain.expired, plain.area]);
      },
    ),
  );
});
