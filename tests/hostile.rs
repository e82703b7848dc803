//! A handbook written by an enemy: every field of every type, bodies, names of files and settings, and the machine itself. Folders go
//! in, a real process or a `Site` in memory draws them, and what comes out is read again by an HTML parser.
#![allow(clippy::disallowed_methods)] // Tests may touch files, clock and processes.

#[path = "cli/folder.rs"]
mod folder;
#[path = "cli/support.rs"]
#[allow(dead_code)]
mod support;

#[path = "hostile/audience.rs"]
mod audience;
#[path = "hostile/machine.rs"]
mod machine;
#[path = "hostile/pages.rs"]
mod pages;
#[path = "hostile/theme.rs"]
mod theme;
