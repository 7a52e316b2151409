/** Room for one answer, and for where its values stand. */
export interface PageMemory {
  bytes: Buffer;
  starts: Int32Array<ArrayBuffer>;
  ends: Int32Array<ArrayBuffer>;
}

/**
 * Memory of pages that is used again. Fresh memory of that size for each page costs more than reading and writing it: it stands outside
 * the heap of JavaScript and is only given back by full garbage collections. What is not given back is left to those.
 */
export interface PageMemories {
  take(): PageMemory;
  give(memory: PageMemory): void;
}

const mostKept = 4;
/** A page of a very long order is an exception, and its memory is not kept. */
const mostKeptBytes = 8 * 1024 * 1024;

export function openPageMemories(): PageMemories {
  const free: PageMemory[] = [];
  return {
    take: () => free.pop() ?? { bytes: Buffer.alloc(0), starts: new Int32Array(0), ends: new Int32Array(0) },
    give: (memory) => {
      if (free.length < mostKept && memory.bytes.length <= mostKeptBytes) free.push(memory);
    },
  };
}

/** Room for at least `bytes`, with the first `used` kept. */
export function grow(memory: PageMemory, bytes: number, used: number): void {
  if (memory.bytes.length >= bytes) return;
  const larger = Buffer.allocUnsafeSlow(Math.max(bytes, memory.bytes.length * 2, 64 * 1024));
  memory.bytes.copy(larger, 0, 0, used);
  memory.bytes = larger;
}
