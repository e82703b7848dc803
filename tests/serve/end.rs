//! A preview whose files are followed no longer ends: it must not go on showing what was.
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::channel;

use journeybook::base::Date;
use journeybook::handbook::Scope;
use journeybook::serve::{News, Noticing, Options, Server, Wanted};
use journeybook::tree::Disk;

use crate::support::{STUCK, TODAY, handbook};

#[test]
fn a_stumble_while_files_are_read_ends_the_preview() {
    let folder = handbook(&[]);
    let options = Options {
        disk: Disk::new(folder.path()).unwrap(),
        wanted: Wanted { scope: Scope::default(), today: Box::new(|| Date::parse(TODAY).unwrap()), compare: None },
        host: None,
        noticing: Noticing::Polling,
    };
    let server = Server::open(([127, 0, 0, 1], 0).into()).unwrap();
    let stumble = |news: News<'_>| assert!(!matches!(news, News::Begun(..)), "a stumble, for the test");
    let (ended, end) = channel();
    std::thread::spawn(move || ended.send(server.run(options, Arc::new(AtomicBool::new(false)), Arc::new(stumble))));
    let why = end.recv_timeout(STUCK).expect("the preview ends").unwrap_err();
    assert!(why.to_string().contains("stumbled"), "{why}");
}
