/** Units: ms. How long one text may take, the start of its thread included. */
export const JOB_MS_MAX = 10_000;

/** Units: ms. A thread that has had nothing to do for so long ends, and with it the library's memory. */
export const IDLE_MS = 1_000;

/** Units: ms. How long somebody waits for a thread that was told to end. */
export const REST_MS_MAX = 500;

/** Texts that wait for their turn. */
export const JOBS_WAITING_MAX = 64;

/** Threads that were told to end and have not: with so many, a job waits for one of them. */
export const THREADS_ENDING_MAX = 2;

/** Units: MB of the thread's own heap. A file of the largest size that we read needs a third of it. */
export const THREAD_HEAP_MB_MAX = 192;
