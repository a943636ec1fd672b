# shellcheck shell=bash
# For the `install` scripts of the clients: source it. They run with their own folder as the working folder and
# $CLIENT, a folder outside the source tree that is kept between runs, for what they install.
set -euo pipefail

: "${CLIENT:?the folder to install to}"

# installed FILE...: true when this client was installed from exactly these files (pins and lock files; the install
# script itself is always one of them). Otherwise the folder is emptied for a fresh installation.
installed() {
  local wanted
  wanted=$(sha256sum install "$@")
  [[ ! -e $CLIENT/installed ]] || [[ $(<"$CLIENT/installed") != "$wanted" ]] || return 0
  rm -rf "${CLIENT:?}"
  mkdir -p "$CLIENT"
  return 1
}

# To be called last, with the same files.
mark_installed() { sha256sum install "$@" >"$CLIENT/installed"; }

# debian PROGRAM PACKAGE: the packages come from scripts/install-dependencies.sh; this says so when one is missing.
debian() {
  command -v "$1" >/dev/null || {
    echo "$1 is missing: scripts/install-dependencies.sh clients installs the package $2" >&2
    exit 1
  }
}

# python_packages REQUIREMENTS: a virtual environment $CLIENT/venv with exactly these packages.
python_packages() {
  /usr/bin/python3 -m venv "$CLIENT/venv"
  "$CLIENT/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps -r "$1"
  "$CLIENT/venv/bin/pip" check
}

# maven_packages POM: the dependencies of a pom.xml, with theirs, as $CLIENT/jars.
maven_packages() {
  debian mvn maven
  mvn --batch-mode --quiet --file "$1" org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies \
    -DoutputDirectory="$CLIENT/jars" -DincludeScope=runtime
}
