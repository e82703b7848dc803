#!/bin/sh
# Fills the corpora with the files of the sample handbooks and of the tests. Then: cargo fuzz run front_matter
set -eu
cd "$(dirname "$0")"
mkdir -p corpus/front_matter corpus/markdown corpus/book corpus/door
find ../content ../tests/handbooks -name '*.md' | while read -r file; do
    name=$(echo "${file#../}" | tr '/ ' '__')
    cp "$file" "corpus/front_matter/$name"
    sed '1,/^---$/d' "$file" | sed '1,/^---$/d' > "corpus/markdown/$name"
done
find .. -name book.toml -not -path '../target/*' | while read -r file; do cp "$file" "corpus/book/$(echo "${file#../}" | tr '/' '_')"; done
cp ../tests/reading/cases/*.txt corpus/front_matter/
cp ../tests/reading/markdown.txt corpus/markdown/
printf 'GET /a%%20b.html?q#x HTTP/1.1\r\nHost: localhost:4000\r\nRange: bytes=0-9\r\n\r\n' > corpus/door/get
printf 'HEAD http://localhost:4000/ HTTP/1.0\r\nHost: x\r\nConnection: close\r\n\r\nGET / HTTP/1.1\r\n' > corpus/door/head
printf 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\nbody' > corpus/door/body
