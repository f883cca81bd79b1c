#!/usr/bin/env bash
# Install Debian packages that tests run against, where they are absent and this user may: packages.sh NAME...
# Never fails: tests that need what could not be had are skipped and say so.
set -u

missing=()
for name in "$@"; do
	# By command first: it may be here without dpkg knowing of it (Homebrew, a build of one's own).
	PATH="$PATH:/usr/sbin:/usr/local/sbin" command -v "$name" >/dev/null && continue
	[ "$(dpkg-query --show --showformat '${db:Status-Status}' "$name" 2>/dev/null)" = installed ] && continue
	missing+=("$name")
done
[ ${#missing[@]} -eq 0 ] && exit 0

without() {
	echo "note: without ${missing[*]} some tests are skipped: $1" >&2
	exit 0
}

command -v apt-get >/dev/null || without "no apt-get here; install them by hand to run all"
as_root=()
if [ "$(id -u)" -ne 0 ]; then
	sudo -n true 2>/dev/null || without "to run all, sudo apt-get install ${missing[*]}"
	as_root=(sudo -n)
fi
install() {
	# RUNLEVEL: a web server must not start on port 80 because somebody runs tests.
	${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
		apt-get install --yes --quiet --no-install-recommends "${missing[@]}" </dev/null >/dev/null 2>&1
}
echo "Installing ${missing[*]} with apt-get" >&2
install && exit 0
# Most often the lists of packages are missing or old.
${as_root[@]+"${as_root[@]}"} apt-get update --quiet </dev/null >/dev/null 2>&1
install || without "apt-get could not install them; try it by hand to see why"
