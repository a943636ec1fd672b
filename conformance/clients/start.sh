# shellcheck shell=bash
# Run by run-page.sh like a page: docs/clients/start.md, which makes an appliance of its own, so that it is no client
# with a cost in requests.
set -euo pipefail

unset MODULE SIGNET_CONFIG PIN
page=$(dirname "$(command -v make-pdf.py)")/../docs/clients/start.md
awk '/^```sh$/ { shown = 1; next } /^```$/ { shown = 0 } shown' "$page" >start-commands.sh
[[ -s start-commands.sh ]]
bash -euxo pipefail start-commands.sh
