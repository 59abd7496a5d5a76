#!/usr/bin/env bash
set -euo pipefail
semgrep scan --error | tee report.txt
