/** How hosts lie in blocks, and how many there can be. */

/** Hosts of one block: a plane of their bits is 512 bytes. */
export const BLOCK: u32 = 4096;
export const BLOCK_SHIFT: u32 = 12;
/** Bytes of a block of a column, and of a block of a plane. */
export const COLUMN_BYTES: u32 = BLOCK << 2;
export const PLANE_BYTES: u32 = BLOCK >>> 3;
/** Hosts, and features that differ in name, of one fleet. */
export const MAX_HOSTS: u32 = 1 << 20;
export const MAX_COLUMNS: u32 = 65_536;
/** Changes of a column that are remembered: whoever has missed more begins anew. */
export const LOG: u32 = 1024;

/** Bytes of a block's two planes, lower and upper. */
export const PAIR_BYTES: u32 = PLANE_BYTES << 1;
/** Cells of predicates that lie together (cache.ts), and how far it is from a block of a cell to its next. */
export const CELLS: u32 = 64;
export const CELL_STRIDE: u32 = CELLS * PAIR_BYTES;
