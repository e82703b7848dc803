//! A preview that is open over midnight.
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use journeybook::base::Date;

use crate::support::{Preview, TODAY, handbook};

#[test]
fn what_follows_from_the_day_follows_the_day() {
    let page = "---\ntitle: Desk\nreviewed: 2026-10-26\nreview_every: 30 days\n---\n";
    let folder = handbook(&[("content/pages/desk.md", page)]);
    let tomorrow = Arc::new(AtomicBool::new(false));
    let clock = tomorrow.clone();
    let day = move || Date::parse(if clock.load(Ordering::SeqCst) { "2026-11-26" } else { TODAY }).unwrap();
    let preview = Preview::on_days(folder.path(), day);
    let held = "which held until 25 November 2026";
    let today = preview.get("/pages/desk.html");
    assert!(today.status == 200 && !today.has(held), "{}", today.text());
    tomorrow.store(true, Ordering::SeqCst);
    preview.until("/pages/desk.html", |answer| answer.has(held));
}
