// What a first visit does without, and pictures and sentences have as soon as somebody does anything: one file of its own.

export { ailment, clockWords, conditions } from './ailments.ts';
export { asked } from './asking.ts';
export { stillFits } from './authored.ts';
export { lightOf } from './guilt.ts';
export { default as css } from './style/more.css?inline';
export { because } from './views/because.ts';
export { gestures as ladderGestures } from './views/ladder-gestures.ts';
export { drawBlame, pickedArrows } from './views/ladder-picked.ts';
export * as plights from './views/ladder-plights.ts';
export * as scroll from './views/logs-scroll.ts';
export { snapshotBlock } from './views/logs-snapshot.ts';
export { overlay } from './views/overlays.ts';
export { badges } from './views/ring-badges.ts';
export * as hands from './views/ring-gestures.ts';
export { guiltMarks } from './views/ring-guilt.ts';
export { drawGesture, heal, parted } from './views/ring-parted.ts';
export * from './words.ts';
