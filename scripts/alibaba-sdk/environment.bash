# SPDX-License-Identifier: Apache-2.0
# Sourced by scripts/interop-* and scripts/bench: virtual environments with pinned packages, and a clean environment.

# Keeps the checkout free of bytecode.
export PYTHONDONTWRITEBYTECODE=1
readonly sdk_folder=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)

# Creates the virtual environment if it does not exist, and installs the packages that are missing or have another version.
install_packages() { # VENV NAME==VERSION…
    local venv=$1
    shift
    [[ -x $venv/bin/python ]] || python3 -m venv "$venv" >&2 || return
    if ! "$venv/bin/python" "$sdk_folder/installed.py" "$@"; then
        "$venv/bin/pip" install --quiet --disable-pip-version-check "$@" >&2
    fi
}

# Removes proxies, because all requests stay on loopback, and credentials that the SDK would find in the environment.
clear_environment() {
    unset HTTP_PROXY HTTPS_PROXY http_proxy https_proxy ALL_PROXY all_proxy "${!ALIBABA_CLOUD_@}"
}
