// Where the scenarios are that are no part of a first visit, each in a file of its own.

/** By path, each to be fetched. */
export const FILES = import.meta.glob<string>(['../scenarios/*.raft', '!../scenarios/first-value.raft'], {
  query: '?raw',
  import: 'default',
});
