import { expect, test } from 'vitest';
import { PROMISED } from '../../views/header.ts';
import { promisesOf } from '../../views/promises.ts';

test('as many properties are promised as there are sentences for', () => {
  for (const protocol of ['raft', 'twoPhaseCommit'] as const)
    expect(promisesOf(protocol), protocol).toHaveLength(PROMISED[protocol]);
});
