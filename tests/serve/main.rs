//! The preview over real sockets, with real files: what it answers, what becomes of a save, and what it withstands.
mod answers;
mod compare;
mod door;
mod end;
mod equal;
#[path = "../cli/folder.rs"]
mod folder;
mod midnight;
mod saves;
mod support;
