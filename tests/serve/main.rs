//! The preview over real sockets, with real files: what it answers, what becomes of a save, and what it withstands.
mod answers;
mod door;
mod equal;
mod saves;
mod support;
