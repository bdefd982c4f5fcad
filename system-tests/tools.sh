#!/usr/bin/env bash
# Fetches the programs that the tests drive Auspex with, without root and without installing anything: packages of
# this Debian's (or Ubuntu's) own archive are downloaded and unpacked below ~/.cache/auspex/tools. What is on the PATH
# already is used as it is.
#   tools.sh         chromium, prometheus (with promtool), prometheus-node-exporter
#   tools.sh peers   prometheus and victoria-metrics as new as Debian has them, for benchmarks; below tools/peers
set -euo pipefail

tools=${AUSPEX_TOOLS:-$HOME/.cache/auspex/tools}
apt=$tools/apt
mkdir -p "$tools/bin"

need_apt() {
  command -v apt-get >/dev/null && command -v dpkg >/dev/null || {
    echo "tools: $1 is not installed and there is no apt-get to fetch it with; install it and run again" >&2
    exit 69
  }
}

apt_options=(-o "Dir::State=$apt/state" -o "Dir::State::status=/var/lib/dpkg/status" -o "Dir::Cache=$apt/cache"
  -o "Debug::NoLocking=true" -o "APT::Sandbox::User=" -o "Acquire::Languages=none" -o "Acquire::Retries=3")

update() { # with further options
  mkdir -p "$apt/state/lists/partial" "$apt/cache/archives/partial"
  # a broken third-party list must not stop us: the packages come from the distribution's own
  apt-get "${apt_options[@]}" "$@" -qq update >"$apt/update.log" 2>&1 || sed 's/^/tools: /' "$apt/update.log" >&2
}

unpack() { # unpack <directory> <package>...: the packages and what of their dependencies this machine lacks
  local into=$1 archives
  shift
  archives=$(mktemp -d "$apt/archives.XXXXXX")
  (
    cd "$archives"
    apt-get "${apt_options[@]}" -qq --print-uris install --no-install-recommends "$@" |
      sed -n "s/^'[^']*' \([^_]*\)_.*/\1/p" | sort -u >names
    [ -s names ] || { echo "tools: the archive does not have $*; see $apt/update.log" >&2; exit 69; }
    xargs apt-get "${apt_options[@]}" -qq download <names
  )
  mkdir -p "$into"
  for package in "$archives"/*.deb; do dpkg -x "$package" "$into"; done
  rm -rf "$archives"
}

wrap() { # wrap <name> <program> [<line>]: a script that runs the program with its own libraries
  local libraries
  libraries=$(find "$tools/root/usr/lib" "$tools/root/lib" -maxdepth 2 -name '*.so*' -printf '%h\n' 2>/dev/null | sort -u | paste -sd: || true)
  cat >"$tools/bin/$1" <<WRAPPER
#!/bin/sh
export LD_LIBRARY_PATH="$libraries\${LD_LIBRARY_PATH:+:\$LD_LIBRARY_PATH}"
${3:-}
exec "$2" "\$@"
WRAPPER
  chmod +x "$tools/bin/$1"
}

fetch_missing() {
  local missing=() program
  for program in chromium prometheus promtool prometheus-node-exporter; do
    command -v "$program" >/dev/null || [ -x "$tools/bin/$program" ] || missing+=("$program")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  need_apt "${missing[0]}"
  echo "Fetching ${missing[*]} for the tests (once, into $tools)"
  local packages=()
  for program in "${missing[@]}"; do
    case $program in
      promtool) packages+=(prometheus) ;;
      chromium) packages+=(chromium fonts-dejavu-core fontconfig-config) ;;
      *) packages+=("$program") ;;
    esac
  done
  update
  unpack "$tools/root" "${packages[@]}"
  for program in "${missing[@]}"; do
    case $program in
      chromium) wrap_chromium ;;
      *) wrap "$program" "$tools/root/usr/bin/$program" ;;
    esac
    echo "  $program $("$tools/bin/$program" --version 2>&1 | head -1)"
  done
}

wrap_chromium() {
  # the fonts and their configuration lie in our tree, not in /usr
  cat >"$tools/fonts.conf" <<FONTS
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>$tools/root/usr/share/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>$tools/fontconfig</cachedir>
</fontconfig>
FONTS
  wrap chromium "$tools/root/usr/lib/chromium/chromium" \
    "[ -n \"\${FONTCONFIG_FILE:-}\" ] || export FONTCONFIG_FILE=\"$tools/fonts.conf\"
# what the distribution's own start script sets
export CHROME_WRAPPER=\"$tools/bin/chromium\" CHROME_VERSION_EXTRA=auspex-tools"
}

peers() {
  need_apt "peers"
  [ ! -x "$tools/peers/usr/bin/victoria-metrics" ] || { ls "$tools"/peers/usr/bin; return; }
  echo "Fetching prometheus and victoria-metrics of Debian sid (into $tools/peers)"
  apt=$tools/apt-sid
  mkdir -p "$apt"
  local mirror
  mirror=$(sed -n 's/^URIs: *//p; s/^deb [^ ]*\(http[^ ]*debian\)[^ ]* .*/\1/p' /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null | grep -v security | head -1 || true)
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${mirror:-http://deb.debian.org/debian} sid main" >"$apt/sid.list"
  apt_options=(-o "Dir::State=$apt/state" -o "Dir::State::status=/var/lib/dpkg/status" -o "Dir::Cache=$apt/cache" -o "Debug::NoLocking=true"
    -o "APT::Sandbox::User=" -o "Acquire::Languages=none" -o "Dir::Etc::sourcelist=$apt/sid.list" -o "Dir::Etc::sourceparts=/dev/null")
  update
  # no dependencies: both are static programs, and sid's libraries do not belong on this system
  (mkdir -p "$tools/peers" && cd "$apt" && apt-get "${apt_options[@]}" -qq download prometheus victoria-metrics &&
    for package in ./*.deb; do dpkg -x "$package" "$tools/peers"; done && rm -f ./*.deb)
  "$tools/peers/usr/bin/prometheus" --version 2>&1 | head -1
  "$tools/peers/usr/bin/victoria-metrics" --version 2>&1 | head -1
}

case "${1:-}" in
  '') fetch_missing ;;
  peers) peers ;;
  *) echo "tools.sh [peers]" >&2; exit 64 ;;
esac
