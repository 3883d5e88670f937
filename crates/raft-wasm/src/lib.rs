//! The door to the browser.
