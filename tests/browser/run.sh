#!/usr/bin/env bash
# The browser tests: installs what they need, builds both handbooks, and looks at them in Chromium. Arguments are those of run.mjs.
set -euo pipefail
cd "$(dirname "$0")"

# Debian's packages: a browser, node, Java for the HTML validator, pdfinfo.
missing=()
command -v chromium >/dev/null || missing+=(chromium)
command -v node >/dev/null || missing+=(nodejs npm)
command -v java >/dev/null || missing+=(default-jre-headless)
command -v pdfinfo >/dev/null || missing+=(poppler-utils)
if [ ${#missing[@]} -gt 0 ]; then
  if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  else
    echo "The browser tests need: ${missing[*]}. Please install them." >&2
    exit 2
  fi
fi
[ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --ignore-scripts --silent

(cd ../.. && cargo build --locked --quiet)
exec node run.mjs "$@"
