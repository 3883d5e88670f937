// Gives a frame the height that it would like to have. Only the frame itself may say it, and only a height.

const frame = document.querySelector('#frame');
window.addEventListener('message', ({ source, origin, data }) => {
  if (source !== frame.contentWindow || origin !== new URL(frame.src).origin) return;
  if (data?.type !== 'raft-playground' || !Number.isFinite(data.height)) return;
  frame.height = String(Math.min(Math.max(data.height, 200), 1200));
});
