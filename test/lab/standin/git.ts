import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Runs a program to its end. Rejects with what it said where it fails. */
export const git = promisify(execFile);
