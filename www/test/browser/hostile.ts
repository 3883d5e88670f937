// What hostile tests are made of.

/** Numbers that look random and are the same every time. */
export function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** What would run, break out or confuse if anybody took it for more than text; `window.ran` tells. */
export const MARKUP = [
  '<img src=x onerror="window.ran=1">',
  '<script>window.ran=1</script>',
  '"><svg onload="window.ran=1">',
  'javascript:window.ran=1',
  '$\u007bwindow.ran=1}',
  '{{constructor.constructor("window.ran=1")()}}',
  '\u0000\u0007\u001b[31m\u202e\ufeff',
  '😀'.repeat(300),
  '('.repeat(3000),
  '%00%ff%3Cscript%3E',
];
