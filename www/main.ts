import init, { version } from './pkg/raft_wasm.js';
import module from './pkg/raft_wasm_bg.wasm?url';

await init({ module_or_path: module });
document.body.append(`Engine ${version()}`);
