#!/usr/bin/env bash
# Every check there is: format, lints, tests, documentation. The same here, on your machine and in CI.
set -euo pipefail
cd "$(dirname "$0")/.."

# Tests make real repositories; what they need besides Rust is git.
if ! command -v git >/dev/null; then
  if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    apt-get update -qq && apt-get install -y -qq git
  else
    echo "The tests need git: please install it." >&2
    exit 2
  fi
fi

step() { printf '\n== %s\n' "$1"; }

# The licences of the crates for other systems are looked at too.
step "dependencies"
cargo fetch --locked --quiet
step "format"
cargo fmt --check
step "lints"
cargo clippy --locked --lib --bins -- -D warnings
# Tests may touch files, clock and processes.
cargo clippy --locked --all-targets -- -D warnings -A clippy::disallowed-methods
step "tests"
cargo test --locked --all-targets
cargo test --locked --doc
step "documentation"
RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --quiet
step "the sample handbooks"
cargo run --locked --quiet -- check --strict --format short >/dev/null
cargo run --locked --quiet -- check --strict --format short --root tests/handbooks/de-linde >/dev/null
step "in a browser"
tests/browser/run.sh
echo "everything holds"
