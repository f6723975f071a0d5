import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Config } from '../../config.ts';
import { problemOf } from '../../problems.ts';
import { Problem } from '../../registry/problem.ts';
import { importFolder } from '../import/gdal.ts';
import type { OpenedFile } from '../import/import_file.ts';
import type { ImportReport } from '../import/report.ts';
import { extensionOf, plainName } from './file_name.ts';
import { takeBody } from './take_body.ts';

/** How long an upload is kept that nobody does anything with. */
const keptMs = 60 * 60_000;
/** What a crashed process left lies there so long that no other can be at it. */
const leftMs = 24 * 60 * 60_000;
const tidyMs = 60_000;
const uploadFolder = 'pendopo-upload-';
const mostOfOne = 3;
const mostOfAll = 20;
/** What is known of an opened file's values may be as large as the file: few are remembered. */
const mostOpen = 3;

/** What is done with an upload: reading it through, trying the import, doing it. */
export type Step = 'survey' | 'try' | 'commit';
type ProblemBody = ReturnType<Problem['toJSON']>;
export type Job =
  | { readonly state: 'idle' }
  | { readonly state: 'running'; readonly step: Step; readonly done: number; readonly total: number }
  | { readonly state: 'done'; readonly step: Step; readonly result: object }
  | { readonly state: 'failed'; readonly step: Step; readonly problem: ProblemBody };

/** A file that somebody sent, and how far it has come. */
export interface Upload {
  readonly id: string;
  /** The account it belongs to: to everybody else it does not exist. */
  readonly owner: string;
  readonly folder: string;
  /** Below `folder`, under a name of our own. */
  readonly path: string;
  /** What its owner calls it: text, never a path. */
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
  usedAt: number;
  job: Job;
  stop?: AbortController;
  /** Read through already, with the options of `key`. */
  opened?: { readonly key: string; readonly file: OpenedFile };
  /** What the last try or import said: its faults can be fetched with their rows. */
  report?: Pick<ImportReport, 'faults'>;
}

/** The files that were sent to this process, each in a folder of its own, and the one job that is done with one of them. */
export class Uploads {
  readonly #all = new Map<string, Upload>();
  readonly #log: Logger;
  readonly #mostBytes: number;
  readonly #jobMs: number;
  /** Those that are remembered, the latest last. */
  #open: Upload[] = [];
  readonly #timer: NodeJS.Timeout;
  #coming = 0;
  #running: Promise<void> | undefined;

  constructor(config: Pick<Config, 'IMPORT_MAX_MIB' | 'IMPORT_MINUTES'>, log: Logger) {
    this.#log = log;
    this.#mostBytes = config.IMPORT_MAX_MIB * 2 ** 20;
    this.#jobMs = config.IMPORT_MINUTES * 60_000;
    this.#timer = setInterval(() => void this.tidy(), tidyMs).unref();
    void this.tidy();
  }

  /** Takes a file that is sent. Of one's own only the latest are kept. @throws Problem as `takeBody`; `too_many`. */
  async take(owner: string, fileName: string, request: Request): Promise<Upload> {
    const extension = extensionOf(fileName);
    if (this.#all.size + this.#coming >= mostOfAll)
      throw new Problem('too_many', 'Too many files are being imported. Try again in some minutes.');
    this.#coming++;
    const folder = await mkdtemp(join(tmpdir(), uploadFolder));
    const path = join(folder, `upload${extension}`);
    try {
      const taken = await takeBody(request, path, this.#mostBytes);
      const upload: Upload = {
        ...{ id: randomBytes(16).toString('base64url'), owner, folder, path, name: plainName(fileName), ...taken },
        ...{ usedAt: Date.now(), job: { state: 'idle' } },
      };
      this.#all.set(upload.id, upload);
      const own = [...this.#all.values()].filter((each) => each.owner === owner && each.job.state !== 'running');
      for (const old of own.slice(0, -mostOfOne)) await this.remove(old);
      return upload;
    } catch (error) {
      await removeFolder(folder);
      throw error;
    } finally {
      this.#coming--;
    }
  }

  /** The upload of an account. @throws Problem `not_found` for one that is none, has expired or is somebody else's. */
  of(owner: string, id: string): Upload {
    const upload = this.#all.get(id);
    if (!upload || upload.owner !== owner)
      throw new Problem('not_found', 'There is no such upload: it has expired or was removed.');
    upload.usedAt = Date.now();
    return upload;
  }

  /**
   * Begins a step; what becomes of it stands in `job`. One at a time: an import takes all that a core can do.
   * @throws Problem `too_many` while another is under way.
   */
  begin(
    upload: Upload,
    step: Step,
    work: (signal: AbortSignal, progress: (done: number, total: number) => void) => Promise<object>,
  ): void {
    if (this.#running) throw new Problem('too_many', 'Another import is under way. Try again in a moment.');
    const stop = new AbortController();
    const limit = setTimeout(() => stop.abort(tookTooLong()), this.#jobMs);
    upload.stop = stop;
    upload.job = { state: 'running', step, done: 0, total: 0 };
    const progress = (done: number, total: number) => {
      if (!stop.signal.aborted) upload.job = { state: 'running', step, done, total };
    };
    this.#running = work(stop.signal, progress)
      .then(
        (result) => {
          upload.job = { state: 'done', step, result };
        },
        (error: unknown) => {
          upload.job = { state: 'failed', step, problem: this.#problem(error).toJSON() };
        },
      )
      .finally(() => {
        clearTimeout(limit);
        delete upload.stop;
        upload.usedAt = Date.now();
        this.#running = undefined;
      });
  }

  /** Remembers what was read of a file, in place of what was read of it before, and of the files that were read longest ago. */
  async keepOpen(upload: Upload, opened: NonNullable<Upload['opened']>): Promise<void> {
    await forgetRead(upload);
    upload.opened = opened;
    this.#open = [...this.#open.filter((each) => each !== upload), upload];
    for (const old of this.#open.slice(0, -mostOpen)) await forgetRead(old);
    this.#open = this.#open.slice(-mostOpen);
  }

  #problem(error: unknown): Problem {
    const known = error instanceof Error ? problemOf(error) : undefined;
    if (known) return known;
    this.#log.error({ err: error }, 'an import failed');
    return new Problem('not_ready', 'This is a fault of the server; it is in its log.');
  }

  /** Ends what is done with an upload and removes it. */
  async remove(upload: Upload): Promise<void> {
    this.#all.delete(upload.id);
    if (upload.stop) {
      upload.stop.abort(new Problem('conflict', 'The import was cancelled.'));
      await this.#running;
    }
    this.#open = this.#open.filter((each) => each !== upload);
    await removeFolder(upload.folder);
  }

  /** Removes what has expired by `now`, and what processes that ended in the middle left behind. */
  async tidy(now = Date.now()): Promise<void> {
    for (const upload of this.#all.values())
      if (upload.job.state !== 'running' && now - upload.usedAt > keptMs) await this.remove(upload);
    // So that another process sees that somebody is at it.
    for (const { folder } of this.#all.values()) await utimes(folder, new Date(), new Date()).catch(() => {});
    const names = await readdir(tmpdir()).catch(() => []);
    for (const name of names.filter((each) => each.startsWith(uploadFolder) || each.startsWith(importFolder))) {
      const folder = join(tmpdir(), name);
      const found = await stat(folder).catch(() => undefined);
      if (found?.isDirectory() && found.uid === process.getuid?.() && now - found.mtimeMs > leftMs)
        await removeFolder(folder);
    }
  }

  /** Ends all of it and removes every file. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all([...this.#all.values()].map((upload) => this.remove(upload)));
  }
}

async function forgetRead(upload: Upload): Promise<void> {
  const { opened } = upload;
  delete upload.opened;
  await opened?.file.source.close();
}

function tookTooLong(): Problem {
  return new Problem(
    'timed_out',
    'The import took too long (IMPORT_MINUTES). Nothing was changed: use the command line for it.',
  );
}

async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}
