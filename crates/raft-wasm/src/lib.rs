//! The door to the browser: what a page may ask of the engine, in JavaScript's words. Times are whole microseconds, as numbers. What the
//! objects hold is described by `raft_lab::frame` and, for TypeScript, by `www/generated/engine.ts`.

mod json;

use raft_lab::frame::{LinkFrame, ParseErrorFrame};
use raft_lab::{CommandError, Index, NodeId, OpId, Seq, WorldTime};
use serde::Serialize;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = "import type { BesideFrame, BranchFrame, Frame, GuiltFrame, Lanes, Operation, ReadTable, TraceEvent } from '../generated/engine.ts';";

#[wasm_bindgen]
extern "C" {
    /// The clock of a page, a worker and Node alike, in ms.
    #[wasm_bindgen(js_namespace = performance)]
    fn now() -> f64;

    #[wasm_bindgen(js_namespace = JSON, js_name = parse)]
    fn parse_json(text: &str) -> JsValue;

    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues, catch)]
    fn fill_with_randomness(bytes: &mut [u8]) -> Result<(), JsValue>;
}

#[wasm_bindgen(raw_module = "../rest.js")]
extern "C" {
    fn rest();
}

/// How many moments pass between two looks at the clock: well below a millisecond's worth.
const SLICE: u32 = 200;

/// If the engine panics, the console shall say where.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
}

/// The version of the engine behind the page.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").into()
}

/// Fetches the functions that a first visit does without, and waits for them. They come by themselves when one of them is called.
#[wasm_bindgen(js_name = fetchRest)]
pub fn fetch_rest() {
    rest();
}

/// A seed that nobody had before, as text: it may be larger than a number can hold exactly. Throws if the machine has no randomness.
#[wasm_bindgen(js_name = freshSeed)]
pub fn fresh_seed() -> Result<String, JsValue> {
    let mut bytes = [0; 8];
    fill_with_randomness(&mut bytes)?;
    Ok(u64::from_le_bytes(bytes).to_string())
}

/// What a link says; `null` of what is none. Throws a `ParseErrorFrame`.
#[wasm_bindgen(js_name = readLink, unchecked_return_type = "LinkFrame | null")]
pub fn read_link(link: &str) -> Result<JsValue, JsValue> {
    let read = raft_lab::Permalink::read(link).map_err(|e| thrown(&ParseErrorFrame::from(&e)))?;
    let frame = read.map(|raft_lab::Permalink { text, notes }| LinkFrame { text, notes });
    Ok(object(&frame))
}

/// A scenario as it stands behind the `#` of a link. Throws a `ParseErrorFrame`.
#[wasm_bindgen(js_name = linkOf)]
pub fn link_of(text: &str) -> Result<String, JsValue> {
    let scenario = raft_lab::Scenario::parse(text).map_err(|e| thrown(&ParseErrorFrame::from(&e)))?;
    Ok(scenario.fragment())
}

/// One run with its branches, its history and a playhead.
#[wasm_bindgen]
pub struct Session(raft_lab::Session);

#[wasm_bindgen]
impl Session {
    /// Reads a scenario and puts the playhead at its beginning. Throws a `ParseErrorFrame`.
    pub fn open(text: &str) -> Result<Session, JsValue> {
        let session = raft_lab::Session::parse(text);
        session
            .map(Session)
            .map_err(|error| thrown(&ParseErrorFrame::from(&error)))
    }

    /// Plays on to a time, making history as needed, for about `budgetMs` of real time, but no further than the first event from
    /// `news` on that breaks a promise. Returns where it got.
    #[wasm_bindgen(js_name = playTo)]
    pub fn play_to(&mut self, at_us: f64, budget_ms: f64, news: Option<u32>) -> f64 {
        let (at, deadline) = (time(at_us), now() + budget_ms);
        let news = Seq(news.unwrap_or(u32::MAX));
        while self.0.play_to_fall(at, news, SLICE) && now() < deadline {}
        self.0.at().0 as f64
    }

    /// Whether it got no further because a promise was broken.
    pub fn fell(&self) -> bool {
        self.0.fell()
    }

    /// Puts the playhead anywhere; past the end of what is known it makes history.
    pub fn seek(&mut self, at_us: f64) {
        self.0.seek(time(at_us));
    }

    /// To just after the next moment. False if there is none.
    #[wasm_bindgen(js_name = stepForward)]
    pub fn step_forward(&mut self) -> bool {
        self.0.step_forward()
    }

    /// To just before the last moment. False at the beginning.
    #[wasm_bindgen(js_name = stepBack)]
    pub fn step_back(&mut self) -> bool {
        self.0.step_back()
    }

    /// To the beginning.
    #[wasm_bindgen(js_name = toStart)]
    pub fn to_start(&mut self) {
        self.0.to_start();
    }

    /// To the end of what is known.
    #[wasm_bindgen(js_name = toEnd)]
    pub fn to_end(&mut self) {
        self.0.to_end();
    }

    /// Carries out a command at the playhead, written as in a scenario but without its time. In the past it begins a new branch. Throws
    /// a `ParseErrorFrame`, or an `Error` if it cannot be carried out now.
    pub fn command(&mut self, line: &str) -> Result<(), JsValue> {
        self.0.command(line).map_err(|error| match error {
            CommandError::Parse(error) => thrown(&ParseErrorFrame::from(&error)),
            CommandError::Refused(sentence) => JsError::new(&sentence).into(),
        })
    }

    /// Takes back the last command given by hand. False if there is none. Throws an `Error` if it cannot be taken back now.
    pub fn undo(&mut self) -> Result<bool, JsValue> {
        self.0
            .undo()
            .map_err(|error| JsError::new(&error.to_string()).into())
    }

    /// The command that `undo` takes back next.
    pub fn undoable(&self) -> Option<String> {
        self.0.undoable()
    }

    /// Everything at the playhead; of each log at most `logCount` entries from index `logFrom` on; from 0 on are the last `logCount - 2`
    /// of the longest log. `inMotion` leaves out the messages in flight.
    #[wasm_bindgen(unchecked_return_type = "Frame")]
    pub fn frame(
        &self,
        log_from: u32,
        log_count: u32,
        #[wasm_bindgen(js_name = inMotion)] in_motion: Option<bool>,
    ) -> JsValue {
        let log_from = Index(log_from.into());
        object(&if in_motion == Some(true) {
            self.0.frame_in_motion(log_from, log_count)
        } else {
            self.0.frame(log_from, log_count)
        })
    }

    /// The fingerprint of the trace up to the playhead: 16 hex digits.
    pub fn fingerprint(&self) -> String {
        self.0.fingerprint().to_string()
    }

    /// The event by which a server, from 1, first knew this entry to be committed; `undefined` if it does not at the playhead.
    pub fn committed(&self, server: u32, index: u32) -> Option<u32> {
        let seq = self.0.committed(NodeId(server), Index(index.into()))?;
        Some(seq.0)
    }

    /// At most `count` events of the current branch, from `fromSeq` on.
    #[wasm_bindgen(unchecked_return_type = "TraceEvent[]")]
    pub fn events(&self, from_seq: u32, count: u32) -> JsValue {
        object(&self.0.events(Seq(from_seq), count))
    }

    /// How many events of the current branch are known.
    #[wasm_bindgen(js_name = eventCount)]
    pub fn event_count(&self) -> u32 {
        self.0.trace().len()
    }

    /// The messages on their way at some time between these two, in rows of ten numbers: the event that sent it, its number, from lane,
    /// to lane (servers from 0, then clients), kind (as in `MessageKind`, from 0; 100 more for an answer that refuses), term or 0, sent
    /// and ended (µs), fate (0 in flight, 1 delivered, 2 lost half way, 3 lost on arrival), number of entries.
    pub fn arrows(&self, from_us: f64, to_us: f64) -> Vec<f64> {
        self.0.arrows(time(from_us), time(to_us))
    }

    /// The messages in flight, in the same rows; but instead of their fate, since when they are held (µs), or -1.
    pub fn flights(&self) -> Vec<f64> {
        self.0.flights()
    }

    /// What servers, clients and author did between these two times.
    #[wasm_bindgen(unchecked_return_type = "Lanes")]
    pub fn lanes(&self, from_us: f64, to_us: f64) -> JsValue {
        object(&self.0.lanes(time(from_us), time(to_us)))
    }

    /// Of the whole known history what servers were, and marks; nothing else.
    #[wasm_bindgen(unchecked_return_type = "Lanes")]
    pub fn outline(&self) -> JsValue {
        object(&self.0.outline())
    }

    /// What a client asked for; `null` if there is no such operation.
    #[wasm_bindgen(unchecked_return_type = "Operation | null")]
    pub fn operation(&self, op: u32) -> JsValue {
        object(&self.0.operation(OpId(op)))
    }

    /// What the promises that this event breaks are about.
    #[wasm_bindgen(unchecked_return_type = "GuiltFrame")]
    pub fn guilt(&self, seq: u32) -> JsValue {
        object(&self.0.guilt(Seq(seq)))
    }

    /// All branches, by number.
    #[wasm_bindgen(unchecked_return_type = "BranchFrame[]")]
    pub fn branches(&self) -> JsValue {
        object(&self.0.branches())
    }

    /// Looks at another branch, at the same time if it is known that far.
    #[wasm_bindgen(js_name = switchBranch)]
    pub fn switch_branch(&mut self, id: u32) {
        self.0.switch(id);
    }

    /// Forgets a branch; what left it stays. Throws an `Error` for the first.
    #[wasm_bindgen(js_name = removeBranch)]
    pub fn remove_branch(&mut self, id: u32) -> Result<(), JsValue> {
        self.0
            .remove(id)
            .map_err(|error| JsError::new(&error.to_string()).into())
    }

    /// Another branch at the playhead's time, or as far as it comes at one go; logs as in `frame`. `null` for none, or too large a one.
    #[wasm_bindgen(unchecked_return_type = "BesideFrame | null")]
    pub fn beside(&mut self, id: u32, log_from: u32, log_count: u32) -> JsValue {
        object(&self.0.beside(id, Index(log_from.into()), log_count, 10 * SLICE))
    }

    /// The current branch as a scenario, in canonical form.
    pub fn text(&self) -> String {
        self.0.scenario().to_string()
    }
}

/// A run from beginning to end, for tests and measurements: judged as it goes, its history kept or not.
#[wasm_bindgen]
pub struct Run(raft_lab::Run);

#[wasm_bindgen]
impl Run {
    /// Reads a scenario. Throws a `ParseErrorFrame`.
    pub fn open(text: &str, keep_trace: bool) -> Result<Run, JsValue> {
        let scenario = raft_lab::Scenario::parse(text).map_err(|e| thrown(&ParseErrorFrame::from(&e)))?;
        Ok(Run(if keep_trace {
            raft_lab::Run::keeping(&scenario)
        } else {
            raft_lab::Run::new(&scenario)
        }))
    }

    /// Runs on until this time has passed.
    pub fn until(&mut self, at_us: f64) {
        self.0.until(time(at_us));
    }

    /// How many things happened.
    pub fn events(&self) -> f64 {
        self.0.events() as f64
    }

    /// The fingerprint of everything so far.
    pub fn fingerprint(&self) -> String {
        self.0.fingerprint().to_string()
    }
}

/// The same scenario once for each way to read, side by side.
#[wasm_bindgen]
pub struct ReadModes(raft_lab::Comparison);

#[wasm_bindgen]
impl ReadModes {
    /// Reads a scenario. Throws a `ParseErrorFrame`.
    pub fn open(text: &str) -> Result<ReadModes, JsValue> {
        let scenario = raft_lab::Scenario::parse(text).map_err(|e| thrown(&ParseErrorFrame::from(&e)))?;
        Ok(ReadModes(raft_lab::Comparison::new(&scenario)))
    }

    /// Runs on to the scenario's end, for about `budgetMs` of real time. Returns whether there is more to do.
    #[wasm_bindgen(js_name = runSome)]
    pub fn run_some(&mut self, budget_ms: f64) -> bool {
        let deadline = now() + budget_ms;
        loop {
            let more = self.0.run_some(SLICE / 5);
            if !more || now() >= deadline {
                return more;
            }
        }
    }

    /// What came of it so far.
    #[wasm_bindgen(unchecked_return_type = "ReadTable")]
    pub fn table(&self) -> JsValue {
        object(&self.0.table())
    }

    /// The scenario of one row, to look at that run: `lease`, `log`, … `undefined` for no way to read.
    pub fn text(&self, mode: &str) -> Option<String> {
        self.0.scenario_of(mode).map(|scenario| scenario.to_string())
    }
}

/// 10,000 operations on one key, for measurements.
#[wasm_bindgen]
pub struct LongHistory(Vec<std::sync::Arc<raft_lab::linearizability::Record>>);

#[wasm_bindgen]
impl LongHistory {
    /// It is always the same.
    #[wasm_bindgen(constructor)]
    #[allow(clippy::new_without_default)] // no such thing in JavaScript
    pub fn new() -> LongHistory {
        LongHistory(raft_lab::long_history())
    }

    /// Judges it, each time anew.
    #[wasm_bindgen(js_name = isLinearizable)]
    pub fn is_linearizable(&self) -> bool {
        raft_lab::is_linearizable(&self.0)
    }
}

/// What is before the beginning, or no number, is the beginning.
fn time(us: f64) -> WorldTime {
    WorldTime(us as u64)
}

fn object(value: &impl Serialize) -> JsValue {
    parse_json(&json::text(value))
}

fn thrown(error: &ParseErrorFrame) -> JsValue {
    object(error)
}
