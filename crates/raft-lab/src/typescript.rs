//! The page's TypeScript types, made from the Rust ones.

use crate::compare::ReadTable;
use crate::frame::{BesideFrame, BranchFrame, Frame, GuiltFrame, Lanes, LinkFrame, ParseErrorFrame};
use raft_core::Entry;
use raft_trace::TraceEvent;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use ts_rs::{Config, TS, TypeVisitor};

/// A change of the types is made by running this test and committing the file it wrote.
#[test]
fn the_committed_types_are_these() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../www/generated/engine.ts");
    let (committed, types) = (fs::read_to_string(&file).unwrap_or_default(), typescript());
    if committed != types {
        fs::write(&file, types).expect("the folder of the generated types is there");
        panic!("www/generated/engine.ts was not up to date. It is now: look at the change and commit it.");
    }
}

fn typescript() -> String {
    let mut types = Declarations::new();
    types.visit::<Frame>();
    types.visit::<Lanes>();
    types.visit::<GuiltFrame>();
    types.visit::<BranchFrame>();
    types.visit::<BesideFrame>();
    types.visit::<LinkFrame>();
    types.visit::<ParseErrorFrame>();
    types.visit::<ReadTable>();
    types.visit::<TraceEvent>();
    types.visit::<Entry>(); // named only in overrides, where the generator does not look
    let mut text =
        String::from("// Made from the Rust types by `cargo test -p raft-lab`. Changes belong there.\n");
    for declaration in types.by_name.values() {
        text.push('\n');
        text.push_str(declaration);
        text.push('\n');
    }
    // The generator spends three lines on a comment of one.
    text.replace("/**\n *", "/**")
        .replace("\n */\n", " */\n")
        .replace(", \n", ",\n")
        .replace("{ \n", "{\n")
}

/// Declarations of the types visited and of all they are made of.
struct Declarations {
    config: Config,
    by_name: BTreeMap<String, String>,
}

impl Declarations {
    fn new() -> Declarations {
        // All our large integers are µs and counters, far below 2^53; the seed crosses as text.
        let config = Config::new().with_large_int("number");
        Declarations {
            config,
            by_name: BTreeMap::new(),
        }
    }
}

impl TypeVisitor for Declarations {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if T::output_path().is_some() {
            let name = T::ident(&self.config);
            if self.by_name.contains_key(&name) {
                return;
            }
            let docs = T::docs().unwrap_or_default();
            let declaration = format!("{docs}export {}", T::decl(&self.config));
            self.by_name.insert(name, declaration);
        }
        T::visit_dependencies(self);
    }
}
