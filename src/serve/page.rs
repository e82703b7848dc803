//! What a page is sent with besides what `build` would write: the script that keeps it fresh.
use std::sync::Arc;

use memchr::memmem;

/// Where everything lies that is the preview's own and no part of the site.
pub const OWN: &str = "/__journeybook/";

/// A page with the script that keeps it fresh, told which version it is. It comes before all others, so that it sees the page as it
/// was sent.
pub fn with_script(page: &[u8], version: &str) -> Arc<[u8]> {
    let plain = version.trim_matches('"');
    let script =
        format!("<link rel=\"stylesheet\" href=\"{OWN}bar.css\"><script src=\"{OWN}reload.js\" data-version=\"{plain}\" defer></script>");
    let head = memmem::find(page, b"</head>").unwrap_or(page.len());
    let place = memmem::find(&page[..head], b"<script").unwrap_or(head);
    [&page[..place], script.as_bytes(), &page[place..]].concat().into()
}

/// The kind of a file, by its name.
pub fn kind_of(extension: &str) -> &'static str {
    match extension {
        "html" | "htm" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" | "map" => "application/json",
        "xml" => "application/xml",
        "txt" | "md" => "text/plain; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "bmp" => "image/bmp",
        "ico" => "image/vnd.microsoft.icon",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        "ttf" => "font/ttf",
        "otf" => "font/otf",
        "mp4" | "m4v" => "video/mp4",
        "webm" => "video/webm",
        "ogv" => "video/ogg",
        "mp3" => "audio/mpeg",
        "m4a" => "audio/mp4",
        "ogg" | "oga" | "opus" => "audio/ogg",
        "wav" => "audio/wav",
        "pdf" => "application/pdf",
        "zip" => "application/zip",
        "wasm" => "application/wasm",
        _ => "application/octet-stream",
    }
}
