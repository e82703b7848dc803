//! Any bytes as what a client sends to the preview.
#![no_main]
use journeybook::serve::{LONGEST_HEAD, Parsed, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| match parse(bytes) {
    Parsed::Whole(request, used) => {
        assert!(0 < used && used <= bytes.len().min(LONGEST_HEAD));
        assert!(request.path.starts_with('/') && !request.path.contains(char::is_control));
        // What follows a request is no part of it, and less than it is none.
        assert_eq!(parse(&bytes[..used]), Parsed::Whole(request, used));
        assert!(!matches!(parse(&bytes[..used - 1]), Parsed::Whole(..)));
    }
    Parsed::Partial => assert!(bytes.len() < LONGEST_HEAD),
    Parsed::Refused(refusal) => assert!((400..600).contains(&refusal.status)),
});
