# What scripts that use a browser need: Chromium, Node.js, and the packages of tests/browser.

# Names the browser in BOXOFFICE_BROWSER_CHROMIUM. Ends the script with 77, and a word why, where there is none to be had.
browser_found() {
    local tool
    for tool in node npm; do
        command -v "$tool" >/dev/null || browser_missing "$tool is missing"
    done
    node --eval 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' || browser_missing "Node.js is older than 20"
    if ! command -v chromium >/dev/null; then
        [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || browser_missing "chromium is missing (apt-get install chromium)"
        echo "installing Debian's Chromium" >&2
        { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends chromium; } >&2 ||
            browser_missing "chromium could not be installed"
    fi
    BOXOFFICE_BROWSER_CHROMIUM=$(command -v chromium)
    export BOXOFFICE_BROWSER_CHROMIUM
}

# Copies tests/browser to the directory $1, with what it needs, and names the browser. Ends the script with 77 where there is no
# browser or no package to be had.
browser_ready() {
    local place=$1
    browser_found
    mkdir -p "$place"
    # What was taken away here is not run from there.
    rm -rf "$place"/*.mjs "$place/support"
    cp -R tests/browser/*.mjs tests/browser/support "$place/"
    if ! cmp -s tests/browser/package-lock.json "$place/package-lock.json" || [ ! -e "$place/node_modules/.package-lock.json" ]; then
        cp tests/browser/package.json tests/browser/package-lock.json tests/browser/.npmrc "$place/"
        (cd "$place" && npm ci --ignore-scripts --no-audit --no-fund --silent >&2) || {
            rm -f "$place/package-lock.json"
            browser_missing "the packages of tests/browser could not be installed"
        }
    fi
}

browser_missing() {
    echo "no tests in a browser: $1" >&2
    exit 77
}
