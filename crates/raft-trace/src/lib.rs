//! The closed list of things that can happen in a run, and folds over it: cluster state, properties, client history.
